//! Arrivals from kiosks: whoever certainly has a visit today is said to be here, and what holds nothing new needs no
//! review. Everyone else waits in the inbox of the desk, as what came from a kiosk always did.

use crate::error::Result;
use chrono::{DateTime, Utc};
use db::{Db, ServiceCommand};
use domain::command::Command;
use domain::id::{CommandId, PracticeId, SiteId};
use domain::intake::check_in::{is_certainly, visit_for};
use domain::intake::{AcceptIntake, SubmitIntake};
use domain::row::{Entity, Row};
use domain::schedule::{Appointment, AppointmentState, SetAppointmentState, SiteClock};
use uuid::Uuid;

/// In whose name.
const ACTOR: &str = "Kiosk check-in";

/// One that was just taken, and when it was filled in.
pub struct Submitted {
    /// What was said.
    pub args: SubmitIntake,
    /// When, by the kiosk's clock.
    pub at: DateTime<Utc>,
}

/// Says of one who is here that they are. Whether anything changed.
pub async fn arrive(db: &Db, practice: PracticeId, one: &Submitted, now: DateTime<Utc>) -> Result<bool> {
    let (content, Some(site)) = (&one.args.content, one.args.site_id) else {
        return Ok(false);
    };
    // A tablet that was cut off tells of a morning in the evening, or of last week.
    let at = one.at.min(now);
    if !content.returning {
        return Ok(false);
    }
    let Some(clock) = clock(db, practice, site).await? else {
        return Ok(false);
    };
    let mut certain = db.born_on(practice, content.identity.birth_on).await?;
    certain.retain(|patient| is_certainly(content, patient));
    // Two records that fit are one person twice, or two people: either is for somebody to see.
    let [patient] = certain.as_slice() else {
        return Ok(false);
    };
    let theirs = db.appointments_of(practice, patient.id).await?;
    let here: Vec<Appointment> = theirs.into_iter().filter(|visit| visit.site_id == site).collect();
    let day = clock.day(at);
    let Some(visit) = visit_for(&here, at, |start| clock.day(start) == day) else {
        return Ok(false);
    };
    let mut commands = vec![Command::SetAppointmentState(SetAppointmentState {
        appointment_id: visit.id,
        patient_id: patient.id,
        state: AppointmentState::Arrived,
        from: Some(visit.state),
        note: Some("Checked in at the kiosk".to_owned()),
    })];
    if content.says_nothing_new() && one.args.histories().next().is_none() {
        commands.push(Command::AcceptIntake(AcceptIntake {
            intake_id: one.args.intake_id,
            patient_id: patient.id,
            new_patient: false,
            accepted: Vec::new(),
            coverages: Vec::new(),
            emergency_contact: false,
            guarantor: false,
        }));
    }
    // The same submission, told twice, says it once.
    let id = |name: &str| CommandId(Uuid::new_v5(&one.args.intake_id.0, name.as_bytes()));
    let commands = commands
        .into_iter()
        .map(|command| ServiceCommand::new(id(command.name().as_str()), command, at))
        .collect();
    Ok(db.commit_as_service(practice, commands, ACTOR).await?.changed)
}

async fn clock(db: &Db, practice: PracticeId, site: SiteId) -> Result<Option<SiteClock>> {
    Ok(match db.row(practice, Entity::SiteClock, site.0).await? {
        Some(Row::SiteClock(clock)) => Some(clock),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::notices::tests::stand::*;
    use domain::intake::{InsuranceAnswer, Intake, IntakeStatus};
    use domain::notices::Channel;
    use serde_json::Value;

    /// Elena, who says that nothing has changed.
    fn said(n: u128) -> SubmitIntake {
        let shipped = include_str!("../../../app/domain/tests/golden/SubmitIntake.v1.json");
        let mut golden: Value = serde_json::from_str(shipped).unwrap();
        let mut args: SubmitIntake = serde_json::from_value(golden["args"].take()).unwrap();
        args.intake_id = domain::id::IntakeId(Uuid::from_u128(n));
        (args.site_id, args.history) = (Some(SITE), None);
        let content = &mut args.content;
        (content.returning, content.insurance) = (true, InsuranceAnswer::Same);
        (content.details, content.contact, content.emergency_contact) = (None, None, None);
        (content.guarantor, content.consents) = (None, Vec::new());
        let who = &mut content.identity;
        (who.given_name, who.family_name) = ("elena".into(), "DELGADO".into());
        (who.birth_on, who.phone) = ("1984-03-09".parse().unwrap(), "(414) 555-0134".into());
        args
    }

    async fn send(stand: &Stand, args: SubmitIntake) -> bool {
        stand.give(vec![Command::SubmitIntake(args.clone())]).await;
        let one = Submitted { args, at: stand.now };
        arrive(&stand.db, PRACTICE, &one, stand.now).await.unwrap()
    }

    async fn intake(stand: &Stand, n: u128) -> Intake {
        match stand
            .db
            .row(PRACTICE, Entity::Intake, Uuid::from_u128(n))
            .await
            .unwrap()
        {
            Some(Row::Intake(intake)) => intake,
            _ => panic!("it is kept"),
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_certainly_has_a_visit_today_is_here_and_everyone_else_waits_for_the_desk() {
        let stand = Stand::new(Channel::Email).await;
        let mut today = patient(0x12, "Elena");
        today.birth_on = "1984-03-10".parse().unwrap();
        stand.book(0x312, today.clone(), stand.now).await;
        assert!(!send(&stand, said(1)).await, "her visit is in two days");
        let on_tenth = |n| {
            let mut args = said(n);
            args.content.identity.birth_on = today.birth_on;
            args
        };
        for (n, change) in [
            (
                2,
                (|args| args.content.identity.phone = "414 555 0199".into()) as fn(&mut SubmitIntake),
            ),
            (3, |args| args.content.identity.given_name = "Elisa".into()),
            (4, |args| args.content.returning = false),
        ] {
            let mut args = on_tenth(n);
            change(&mut args);
            assert!(!send(&stand, args).await, "{n}");
            assert_eq!(intake(&stand, n).await.status, IntakeStatus::Pending);
        }
        assert_eq!(stand.appointment(0x312).await.state, AppointmentState::Booked);
        let mut with_news = on_tenth(5);
        with_news.content.insurance = InsuranceAnswer::SelfPay;
        assert!(send(&stand, with_news).await);
        let visit = stand.appointment(0x312).await;
        assert_eq!(visit.state, AppointmentState::Arrived);
        assert_eq!(visit.steps.last().unwrap().by, ACTOR);
        assert_eq!(
            intake(&stand, 5).await.status,
            IntakeStatus::Pending,
            "its news are for somebody to take"
        );
        assert!(!send(&stand, on_tenth(6)).await, "they are here already");
        // Nothing new: there is nothing to review.
        stand.book(0x313, patient(0x13, "Carla"), stand.now).await;
        let mut carla = said(7);
        carla.content.identity.given_name = "Carla".into();
        assert!(send(&stand, carla.clone()).await);
        assert_eq!(intake(&stand, 7).await.status, IntakeStatus::Accepted);
        let again = Submitted {
            args: carla,
            at: stand.now,
        };
        assert!(
            !arrive(&stand.db, PRACTICE, &again, stand.now).await.unwrap(),
            "told twice, said once"
        );
        stand.end().await;
    }
}
