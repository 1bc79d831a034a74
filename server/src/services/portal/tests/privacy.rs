//! Whose record opens to whom, what of it is shown, and what of that is noted.

use super::stand::*;
use crate::access::cookies::token_hash;
use crate::services::notices::tests::stand::*;
use crate::services::portal::Portal;
use chrono::{Datelike, Duration};
use db::{AuditOutcome, PortalSession};
use domain::command::Command;
use domain::id::*;
use domain::patients::{Address, AddressUse, IdentityStatus, MergePatients, Patient, RegisterPatient};
use domain::schedule::*;
use uuid::Uuid;

/// Time enough for a mail that must not come.
async fn a_moment() {
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
}

fn kind(n: u128, online: bool) -> VisitType {
    VisitType {
        id: VisitTypeId(Uuid::from_u128(n)),
        name: if online {
            "Office visit"
        } else {
            "Confidential visit"
        }
        .into(),
        online,
        ..visit()
    }
}

async fn book(stand: &Stand, n: u128, patient: u128, kind: u128) {
    let book = BookAppointment {
        appointment_id: AppointmentId(Uuid::from_u128(n)),
        patient_id: PatientId(Uuid::from_u128(patient)),
        visit_type_id: VisitTypeId(Uuid::from_u128(kind)),
        place: Place {
            site_id: SITE,
            practitioner_ids: vec![DOCTOR],
            resource_ids: Vec::new(),
            start_at: stand.now + Duration::hours(30 + i64::try_from(n % 16).unwrap()),
            minutes: 30,
            mode: Mode::InPerson,
        },
        scenario: Scenario::Insurance,
        reason: None,
        referral: None,
        overbook_reason: Some("a test at any hour".into()),
        hold_minutes: None,
        series_id: None,
    };
    stand.give(vec![Command::BookAppointment(book)]).await;
}

fn register(patient: Patient) -> Command {
    Command::RegisterPatient(RegisterPatient {
        patient,
        site_id: None,
    })
}

fn shows(page: &Answer, appointment: u128) -> bool {
    let id = AppointmentId(Uuid::from_u128(appointment));
    page.text.contains(&format!("data-appointment=\"{id}\""))
}

#[tokio::test(flavor = "multi_thread")]
async fn of_those_with_one_number_only_they_are_shown_who_may_be_reached_there() {
    let (stand, app) = open_clinic().await;
    // Both were born on the day on which Elena was, and have her address.
    let mut elsewhere = patient(0x11, "Bruno");
    elsewhere.addresses.push(Address {
        usage: AddressUse::Confidential,
        line1: "Box 12".into(),
        line2: None,
        city: "Brookfield".into(),
        state: "WI".into(),
        postal_code: "53005".into(),
        bad: false,
    });
    stand
        .book(0x311, elsewhere, stand.now + Duration::hours(30))
        .await;
    let mut dead = patient(0x12, "Carla");
    dead.deceased_on = Some("2026-01-01".parse().unwrap());
    stand.give(vec![register(dead)]).await;
    let mut phone = Phone::sign_in(&stand, &app).await;
    let page = phone.get(&format!("/p/{PRACTICE}/visits")).await;
    assert!(shows(&page, 0x310) && !shows(&page, 0x311), "{}", page.text);
    let book = phone.get(&format!("/p/{PRACTICE}/book")).await;
    assert!(!book.text.contains("Bruno") && !book.text.contains("Carla"));
    // Whoever says that they are new, with everything right, gets no way in either.
    let form =
        "lang=en&given_name=Bruno&family_name=Delgado&month=3&day=9&year=1984&contact=elena%40example.org";
    let to = phone.post(&format!("/p/{PRACTICE}/new"), form).await.to;
    let answer = phone.post(&to, &format!("code={}", code(&stand, 2).await)).await;
    let page = phone.get(&answer.to).await;
    assert!(!shows(&page, 0x311), "{}", page.text);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_made_up_online_opens_nothing_when_the_desk_joins_it_to_the_real_one() {
    let (stand, app) = open_clinic().await;
    let mut made_up = patient(0x12, "Elena");
    made_up.identity = IdentityStatus::Unverified;
    made_up.telecoms.remove(0);
    made_up.telecoms[0].value = "evil@example.org".into();
    let merge = MergePatients {
        keep: PatientId(Uuid::from_u128(0x10)),
        other: made_up.id,
        take: Vec::new(),
    };
    stand
        .give(vec![register(made_up), Command::MergePatients(merge)])
        .await;
    let mut phone = Phone::new(&app);
    phone.ask_code("evil%40example.org").await;
    a_moment().await;
    assert_eq!(stand.smtp.mails().len(), 0);
    // Nor does a session that began before they were joined act for the real one.
    let token = "begun before";
    let session = PortalSession {
        patients: vec![PatientId(Uuid::from_u128(0x12))],
        language: domain::text::Lang::En,
        expires_at: stand.now + Duration::minutes(30),
    };
    stand
        .db
        .create_portal_session(PRACTICE, &token_hash(token), &session, stand.now)
        .await
        .unwrap();
    let portal = Portal::new(stand.db.clone(), stand.server().await, false);
    let visitor = portal.visitor(PRACTICE, token, stand.now).await.unwrap();
    assert!(visitor.is_none());
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_lets_nobody_in_where_the_patient_is_not_any_more() {
    let (stand, _) = open_clinic().await;
    let server = stand.server().await;
    stand.minute(&server, stand.now).await;
    let portal = Portal::new(stand.db.clone(), server, false);
    let sent = stand.notice().await;
    let mut old = sent.clone();
    old.address = Some("old@example.org".into());
    let code = portal
        .code_for_message(PRACTICE, &[old], stand.now)
        .await
        .unwrap();
    assert_eq!(code, None);
    let code = portal
        .code_for_message(PRACTICE, &[sent], stand.now)
        .await
        .unwrap();
    assert!(code.is_some());
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_sees_of_an_adolescent_what_is_offered_online_and_nothing_else() {
    let (stand, app) = open_clinic().await;
    let mut ana = patient(0x13, "Ana");
    let year = stand.now.year() - 15;
    ana.birth_on = format!("{year}-01-02").parse().unwrap();
    stand
        .give(vec![
            Command::DefineVisitType(kind(0x91, true)),
            Command::DefineVisitType(kind(0x92, false)),
            register(ana),
        ])
        .await;
    book(&stand, 0x321, 0x13, 0x91).await;
    book(&stand, 0x322, 0x13, 0x92).await;
    let mut phone = Phone::new(&app);
    let form = format!("lang=en&month=1&day=2&year={year}&contact=elena%40example.org");
    let to = phone.post(&format!("/p/{PRACTICE}"), &form).await.to;
    phone.post(&to, &format!("code={}", code(&stand, 1).await)).await;
    let visits = format!("/p/{PRACTICE}/visits");
    let page = phone.get(&visits).await;
    assert!(shows(&page, 0x321) && !shows(&page, 0x322), "{}", page.text);
    assert!(!page.text.contains("Confidential"));
    let hidden = stand.appointment(0x322).await;
    for press in ["confirm", "cancel"] {
        let answer = phone
            .post(&format!("{visits}/{}", hidden.id), &format!("press={press}"))
            .await;
        assert!(answer.to.ends_with("said=not_now"));
    }
    let form = format!("{visits}/{}/forms/{}", hidden.id, Uuid::from_u128(1));
    assert!(phone.get(&form).await.to.ends_with("said=not_now"));
    assert_eq!(stand.appointment(0x322).await, hidden);
    // Grown up, or still small, all is shown: to themselves, or to who brings them.
    let mut grown = patient(0x14, "Lea");
    grown.birth_on = format!("{}-01-02", stand.now.year() - 30).parse().unwrap();
    stand.give(vec![register(grown.clone())]).await;
    book(&stand, 0x323, 0x14, 0x92).await;
    let portal = Portal::new(stand.db.clone(), stand.server().await, false);
    let own = crate::services::portal::Visitor {
        practice: PRACTICE,
        patients: vec![grown.id],
        language: domain::text::Lang::En,
    };
    let seen = portal.overview(&own, stand.now).await.unwrap();
    assert!(seen.visit(AppointmentId(Uuid::from_u128(0x323))).is_some());
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_patient_was_sent_saw_did_and_was_refused_is_in_the_audit() {
    let (stand, app) = open_clinic().await;
    let mut other = patient(0x11, "Bruno");
    other.telecoms.clear();
    stand.book(0x311, other, stand.now + Duration::hours(30)).await;
    let mut phone = Phone::sign_in(&stand, &app).await;
    let visits = format!("/p/{PRACTICE}/visits");
    phone.get(&visits).await;
    phone.get(&format!("/p/{PRACTICE}/book")).await;
    let theirs = stand.appointment(0x311).await;
    phone
        .post(&format!("{visits}/{}", theirs.id), "press=cancel")
        .await;
    phone.post(&format!("/p/{PRACTICE}/leave"), "").await;
    let lines = stand
        .db
        .audit_lines(PRACTICE, Some(PatientId(Uuid::from_u128(0x10))), 50)
        .await
        .unwrap();
    let noted = |action: &str, outcome: AuditOutcome| {
        let mut lines = lines.iter().map(|line| &line.event);
        lines.any(|event| event.action == action && event.outcome == outcome)
    };
    for action in [
        "portal.code",
        "portal.sign_in",
        "portal.visits",
        "portal.times",
        "portal.sign_out",
    ] {
        assert!(noted(action, AuditOutcome::Ok), "{action}");
    }
    assert!(noted("portal.visit", AuditOutcome::Refused));
    let text = serde_json::to_string(&lines.iter().map(|line| &line.event).collect::<Vec<_>>()).unwrap();
    for secret in ["Elena", "elena@", "1984-03-09"] {
        assert!(!text.contains(secret), "{secret}");
    }
    stand.end().await;
}
