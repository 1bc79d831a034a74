//! By which way a patient wants to be told, said on their own page.

use super::stand::*;
use crate::services::notices::tests::stand::*;
use chrono::{Datelike, Duration};
use db::AuditOutcome;
use domain::command::Command;
use domain::id::PatientId;
use domain::notices::{Channel, ContactKind, SetOptOut, Via};
use domain::patients::{Patient, RegisterPatient};
use domain::row::{Entity, Row};
use uuid::Uuid;

const ELENA: PatientId = PatientId(Uuid::from_u128(0x10));

async fn known(stand: &Stand, whose: PatientId) -> Patient {
    match stand.db.row(PRACTICE, Entity::Patient, whose.0).await.unwrap() {
        Some(Row::Patient(patient)) => patient,
        _ => panic!("no such patient"),
    }
}

fn page() -> String {
    format!("/p/{PRACTICE}/reach")
}

fn says(whose: PatientId, way: &str) -> String {
    format!("patient={whose}&way={way}")
}

fn offers(answer: &Answer, way: Channel) -> bool {
    answer.text.contains(&format!("value=\"{}\"", way.name()))
}

async fn noted(stand: &Stand, outcome: AuditOutcome) -> usize {
    let lines = stand.db.audit_lines(PRACTICE, Some(ELENA), 50).await.unwrap();
    lines
        .iter()
        .filter(|line| line.event.action == "portal.reach" && line.event.outcome == outcome)
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_says_by_which_of_their_ways_they_want_to_be_told() {
    let (stand, app) = open_clinic().await;
    let mut phone = Phone::sign_in(&stand, &app).await;
    let visits = phone.get(&format!("/p/{PRACTICE}/visits")).await;
    assert!(visits.text.contains(&page()), "{}", visits.text);
    let asked = phone.get(&page()).await;
    for way in [Channel::Email, Channel::Sms, Channel::Voice] {
        assert!(offers(&asked, way), "{way:?} {}", asked.text);
    }
    assert!(!offers(&asked, Channel::Letter), "no address is in the record");
    assert!(!asked.text.contains("555"), "nor are their numbers on the page");
    let done = phone.post(&page(), &says(ELENA, "voice")).await;
    assert!(done.to.ends_with("said=reach"), "{}", done.to);
    assert_eq!(known(&stand, ELENA).await.preferred_channel, Some(Channel::Voice));
    assert_eq!(noted(&stand, AuditOutcome::Ok).await, 1);
    let again = phone.get(&page()).await;
    assert!(again.text.contains("value=\"voice\" checked"), "{}", again.text);
    // Told to stop, a number is no way any more, whatever is sent along.
    stand
        .give(vec![Command::SetOptOut(SetOptOut {
            kind: ContactKind::Phone,
            address: "414 555 0134".into(),
            stop: true,
            via: Via::Voice,
        })])
        .await;
    let asked = phone.get(&page()).await;
    assert!(offers(&asked, Channel::Email) && !offers(&asked, Channel::Sms));
    for way in ["sms", "letter", "pigeon"] {
        let done = phone.post(&page(), &says(ELENA, way)).await;
        assert!(done.to.ends_with("said=not_now"), "{way}");
    }
    assert_eq!(known(&stand, ELENA).await.preferred_channel, Some(Channel::Voice));
    assert_eq!(noted(&stand, AuditOutcome::Refused).await, 2);
    phone.post(&page(), &says(ELENA, "")).await;
    assert_eq!(known(&stand, ELENA).await.preferred_channel, None);
    let conflicts = stand.db.all_rows(PRACTICE, Entity::Conflict).await.unwrap();
    assert!(conflicts.is_empty());
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_says_it_for_others_and_an_adolescent_says_it_at_the_desk() {
    let (stand, app) = open_clinic().await;
    let mut other = patient(0x11, "Bruno");
    other.telecoms.clear();
    stand.book(0x311, other, stand.now + Duration::hours(30)).await;
    let mut ana = patient(0x13, "Ana");
    let year = stand.now.year() - 15;
    ana.birth_on = format!("{year}-01-02").parse().unwrap();
    stand
        .give(vec![Command::RegisterPatient(RegisterPatient {
            patient: ana,
            site_id: None,
        })])
        .await;
    let mut phone = Phone::sign_in(&stand, &app).await;
    let bruno = PatientId(Uuid::from_u128(0x11));
    let done = phone.post(&page(), &says(bruno, "")).await;
    assert!(done.to.ends_with("said=not_now"));
    assert_eq!(noted(&stand, AuditOutcome::Refused).await, 1);

    let mut phone = Phone::new(&app);
    let form = format!("lang=en&month=1&day=2&year={year}&contact=elena%40example.org");
    let to = phone.post(&format!("/p/{PRACTICE}"), &form).await.to;
    phone.post(&to, &format!("code={}", code(&stand, 2).await)).await;
    let asked = phone.get(&page()).await;
    assert!(asked.text.contains("call us") && !offers(&asked, Channel::Email));
    let ana = PatientId(Uuid::from_u128(0x13));
    let done = phone.post(&page(), &says(ana, "email")).await;
    assert!(done.to.ends_with("said=not_now"));
    assert_eq!(known(&stand, ana).await.preferred_channel, None);
    stand.end().await;
}
