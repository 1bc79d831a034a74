//! Visits that name a referral, moved by the patient.

use super::stand::*;
use crate::services::notices::tests::stand::*;
use chrono::Duration;
use domain::command::Command;
use domain::id::*;
use domain::referrals::*;
use domain::schedule::*;
use uuid::Uuid;

const VISIT_ON_IT: AppointmentId = AppointmentId(Uuid::from_u128(0x311));
const REFERRAL: ReferralId = ReferralId(Uuid::from_u128(0x330));

fn booked_on(number: &str, own: &Appointment) -> Command {
    Command::BookAppointment(BookAppointment {
        appointment_id: VISIT_ON_IT,
        patient_id: own.patient_id,
        visit_type_id: own.visit_type_id,
        place: place(own.start_at + Duration::hours(24)),
        scenario: Scenario::SelfPay,
        reason: None,
        referral: Some(number.into()),
        overbook_reason: Some("a test at any hour".into()),
        hold_minutes: None,
        series_id: None,
    })
}

fn recorded(number: &str, patient_id: PatientId) -> Command {
    let referral = Referral {
        id: REFERRAL,
        patient_id,
        number: number.into(),
        former_numbers: Vec::new(),
        kind: ReferralKind::PriorAuthorization,
        referrer_name: None,
        referrer_npi: None,
        coverage_id: None,
        visits_allowed: Some(1),
        valid_from: "2020-01-01".parse().unwrap(),
        valid_until: None,
        visit_type_ids: Vec::new(),
        note: None,
        state: ReferralState::Active,
        recorded_at: chrono::DateTime::UNIX_EPOCH,
        recorded_by: String::new(),
        ended_at: None,
        ended_by: None,
    };
    Command::RecordReferral(RecordReferral { referral, base: None })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_is_moved_by_its_patient_while_its_referral_counts() {
    let (stand, app) = open_clinic().await;
    let mut phone = Phone::sign_in(&stand, &app).await;
    let own = stand.appointment(0x310).await;
    let none = "Nothing is open in these days.";
    let book = format!("/p/{PRACTICE}/book?move={VISIT_ON_IT}");
    stand.give(vec![booked_on("PA 7", &own)]).await;
    assert!(
        !phone.get(&book).await.text.contains(none),
        "a number that nobody recorded"
    );
    stand.give(vec![recorded("pa-7", own.patient_id)]).await;
    let text = phone.get(&book).await.text;
    assert!(
        !text.contains(none),
        "the one visit does not count against itself"
    );
    let at = first_time(&text, own.end_at + Duration::hours(24));
    let end = EndReferral {
        referral_id: REFERRAL,
        patient_id: own.patient_id,
    };
    stand.give(vec![Command::EndReferral(end)]).await;
    assert!(phone.get(&book).await.text.contains(none));
    let form = format!("move={VISIT_ON_IT}&at={at}");
    let taken = phone.post(&format!("/p/{PRACTICE}/take"), &form).await;
    assert!(taken.to.contains("gone=1"), "{} {}", taken.to, taken.text);
    stand.end().await;
}
