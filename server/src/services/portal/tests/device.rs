//! Devices that stay signed in, and how that ends.

use super::stand::*;
use crate::access::cookies::token_hash;
use crate::services::notices::tests::stand::*;
use crate::services::portal::Portal;
use axum::http::StatusCode;
use chrono::Duration;
use db::PortalDevice;
use domain::command::Command;
use domain::id::PatientId;
use domain::notices::{Contact, ContactKind, ReportWrongNumber, Via};
use domain::text::Lang;
use uuid::Uuid;

fn visits() -> String {
    format!("/p/{PRACTICE}/visits")
}

/// Elena, on a device that is hers, after so many mails.
async fn kept(stand: &Stand, app: &axum::Router, mails: usize) -> Phone {
    let mut phone = Phone::new(app);
    let page = phone.ask_code("elena%40example.org").await;
    let form = format!("code={}&keep=yes", code(stand, mails).await);
    assert_eq!(phone.post(&page, &form).await.to, visits());
    phone
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_stays_signed_in_if_they_say_so_and_until_they_sign_out() {
    let (stand, app) = open_clinic().await;
    let unsaid = Phone::sign_in(&stand, &app).await;
    assert_eq!(unsaid.device, None);
    let mut phone = kept(&stand, &app, 2).await;
    let device = phone.device.clone().unwrap();
    assert!(device.starts_with("__Host-anteroom_patient_device="), "{device}");
    // The half hour is over, and the browser has forgotten its session.
    phone.cookie = None;
    let over = phone.get(&visits()).await.to;
    assert!(over.contains("over=1"));
    assert_eq!(phone.get(&over).await.to, visits());
    assert!(phone.get(&visits()).await.text.contains("stays signed in"));
    phone.post(&format!("/p/{PRACTICE}/leave"), "").await;
    assert_eq!(phone.device, None);
    phone.device = Some(device);
    phone.cookie = None;
    let asks = phone.get(&format!("/p/{PRACTICE}")).await;
    assert_eq!(
        (asks.status, asks.to.as_str()),
        (StatusCode::OK, ""),
        "forgotten here, too"
    );
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_everywhere_ends_what_is_kept_elsewhere() {
    let (stand, app) = open_clinic().await;
    let mut lost = kept(&stand, &app, 1).await;
    let mut phone = kept(&stand, &app, 2).await;
    assert_eq!(lost.get(&visits()).await.status, StatusCode::OK);
    phone
        .post(&format!("/p/{PRACTICE}/leave"), "everywhere=yes")
        .await;
    assert!(lost.get(&visits()).await.to.contains("over=1"));
    assert_eq!(lost.get(&format!("/p/{PRACTICE}")).await.to, "");
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_everywhere_after_the_half_hour_is_done_by_the_kept_device_or_said_not_to_be() {
    let (stand, app) = open_clinic().await;
    let mut lost = kept(&stand, &app, 1).await;
    let mut phone = kept(&stand, &app, 2).await;
    let leave = format!("/p/{PRACTICE}/leave");
    // Neither a session nor a kept device: nobody knows whose devices are meant.
    let mut nobody = Phone::new(&app);
    assert!(
        nobody
            .post(&leave, "everywhere=yes")
            .await
            .to
            .ends_with("?over=1")
    );
    assert_eq!(lost.get(&visits()).await.status, StatusCode::OK);
    phone.cookie = None;
    let done = phone.post(&leave, "everywhere=yes").await;
    assert!(!done.to.contains("over=1"), "{}", done.to);
    assert!(lost.get(&visits()).await.to.contains("over=1"));
    assert_eq!(lost.get(&format!("/p/{PRACTICE}")).await.to, "");
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_opens_nothing_once_its_number_is_not_in_the_record_or_its_time_is_over() {
    let (stand, _) = open_clinic().await;
    let portal = Portal::new(stand.db.clone(), stand.server().await, false);
    let keep = async |token: &str, address: &str| {
        let device = PortalDevice {
            patients: vec![PatientId(Uuid::from_u128(0x10))],
            contact: Contact::email(address).unwrap(),
            language: Lang::En,
            expires_at: stand.now + Duration::days(30),
        };
        stand
            .db
            .create_portal_device(PRACTICE, &token_hash(token), &device, stand.now)
            .await
            .unwrap();
    };
    keep("hers", "elena@example.org").await;
    keep("of before", "old@example.org").await;
    let back = async |token: &str, days: i64| {
        let then = stand.now + Duration::days(days);
        portal.return_with(PRACTICE, token, then).await.unwrap().is_some()
    };
    assert!(back("hers", 29).await);
    assert!(!back("hers", 30).await);
    assert!(!back("of before", 0).await);
    assert!(!back("guessed", 0).await);
    keep("hers again", "elena@example.org").await;
    stand
        .give(vec![Command::ReportWrongNumber(ReportWrongNumber {
            kind: ContactKind::Email,
            address: "elena@example.org".into(),
            via: Via::Voice,
        })])
        .await;
    assert!(!back("hers again", 0).await, "somebody else reads it");
    stand.end().await;
}
