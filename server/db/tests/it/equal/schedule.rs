//! What happens around appointments: a second site, a visit in the house, and what people are referred on.

use super::golden;
use crate::stand::*;
use domain::command::{Command, CommandName};
use domain::id::*;
use domain::referrals::{EndReferral, RecordReferral, Referral, ReferralState};
use domain::schedule::{AppointmentState, BookAppointment, PutInRoom, SetAppointmentState};

fn of_golden(name: CommandName) -> Option<Command> {
    golden().into_iter().find(|command| command.name() == name)
}

/// All of it.
pub fn history() -> Vec<Command> {
    let mut out = Vec::new();
    // A second site, as far away as the golden file says.
    if let (Some(Command::RecordSite(site)), Some(Command::SetTravel(way))) = (
        of_golden(CommandName::RecordSite),
        of_golden(CommandName::SetTravel),
    ) {
        out.push(Command::RecordSite(domain::practice::Site { id: way.b, ..site }));
        out.push(Command::SetTravel(way));
    }
    out.extend(referrals());
    out.extend(in_the_house());
    out
}

/// One that is recorded, corrected by two who did not see each other, ended twice and opened again; one like it; and
/// those that name what is not there, or say what cannot be.
fn referrals() -> Vec<Command> {
    let Some(Command::RecordReferral(of)) = of_golden(CommandName::RecordReferral) else {
        panic!("it is recorded")
    };
    let elena = PatientId(id(10));
    let one = Referral {
        id: ReferralId(id(60)),
        patient_id: elena,
        coverage_id: Some(CoverageId(id(31))),
        ..of.referral
    };
    let record = |referral: &Referral, base: Option<&Referral>| {
        Command::RecordReferral(RecordReferral {
            referral: referral.clone(),
            base: base.cloned(),
        })
    };
    let with = |change: fn(&mut Referral)| {
        let mut other = one.clone();
        change(&mut other);
        other
    };
    let end = Command::EndReferral(EndReferral {
        referral_id: one.id,
        patient_id: elena,
    });
    let new = |change: fn(&mut Referral)| record(&with(change), None);
    let correct = |change: fn(&mut Referral)| record(&with(change), Some(&one));
    vec![
        record(&one, None),
        record(&one, None),
        new(|like| like.id = ReferralId(id(61))),
        new(|other| (other.id, other.number) = (ReferralId(id(62)), "#".into())),
        new(|other| {
            (other.id, other.number) = (ReferralId(id(62)), "B 7".into());
            other.coverage_id = Some(CoverageId(id(96)));
        }),
        new(|other| {
            (other.id, other.number) = (ReferralId(id(62)), "B 7".into());
            (other.coverage_id, other.referrer_npi, other.visits_allowed) = (None, None, None);
            (other.valid_until, other.note) = (None, Some(" ".into()));
            other.visit_type_ids = Vec::new();
        }),
        correct(|other| other.visits_allowed = Some(8)),
        correct(|other| other.valid_until = Some(day("2027-06-30"))),
        correct(|other| other.visits_allowed = Some(9)),
        correct(|other| other.visits_allowed = Some(0)),
        end.clone(),
        end.clone(),
        record(&one, Some(&with(|seen| seen.state = ReferralState::Ended))),
        end,
    ]
}

/// The visit that was called off is booked again, they come, and are put in a room and out of it.
fn in_the_house() -> impl Iterator<Item = Command> {
    let booked = golden().into_iter().find_map(|command| match command {
        Command::BookAppointment(args) => Some(args),
        _ => None,
    });
    let booked = BookAppointment {
        overbook_reason: Some("As agreed".into()),
        hold_minutes: None,
        ..booked.unwrap()
    };
    let (appointment_id, patient_id) = (booked.appointment_id, booked.patient_id);
    let arrived = SetAppointmentState {
        appointment_id,
        patient_id,
        state: AppointmentState::Arrived,
        from: None,
        note: None,
    };
    let (start_at, rooms) = (booked.place.start_at, booked.place.resource_ids.clone());
    let put = move |resource_ids| {
        Command::PutInRoom(PutInRoom {
            appointment_id,
            patient_id,
            start_at,
            resource_ids,
        })
    };
    [
        Command::BookAppointment(booked),
        Command::SetAppointmentState(arrived),
        put(Vec::new()),
        put(rooms),
    ]
    .into_iter()
}
