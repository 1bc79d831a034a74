//! The page behind a link, and a practitioner's calendar: no session, no names, and nothing done by looking.

use super::stand::*;
use crate::access::cookies::token_hash;
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use chrono::Duration;
use db::CalendarFeed;
use domain::notices::*;
use domain::schedule::AppointmentState;
use tower::ServiceExt;

async fn ask(app: &Router, method: Method, path: &str, form: &'static str) -> (StatusCode, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

/// Sends Elena's reminder; the path of the link in it.
async fn link(stand: &Stand) -> String {
    let server = stand.server().await;
    stand.minute(&server, stand.now).await;
    let stop = stand.smtp.mails().remove(0).header("List-Unsubscribe").unwrap();
    let path = stop.strip_prefix("<https://visits.example").unwrap();
    path.strip_suffix('>').unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_changes_nothing_and_pressing_does() {
    let stand = Stand::new(Channel::Email).await;
    let (app, _) = stand.http(Default::default()).await;
    let path = link(&stand).await;
    // As a scanner of mails follows every link.
    for _ in 0..3 {
        let (status, page) = ask(&app, Method::GET, &path, "").await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            page.contains("Lakeside") && page.contains("Harbor Point"),
            "{page}"
        );
        for secret in ["Elena", "Delgado", "Oncology", "Chemotherapy", "Okafor", "elena@"] {
            assert!(!page.contains(secret), "{secret}");
        }
    }
    assert_eq!(stand.notice().await.answer, None);
    assert_eq!(stand.appointment(0x310).await.state, AppointmentState::Booked);
    let (_, page) = ask(&app, Method::POST, &path, "press=confirm").await;
    assert!(page.contains("see you then"), "{page}");
    assert_eq!(stand.notice().await.answer, Some(Answer::Confirmed));
    assert_eq!(stand.appointment(0x310).await.state, AppointmentState::Confirmed);
    let (_, page) = ask(&app, Method::POST, &path, "press=ask_cancel").await;
    assert!(page.contains("Yes, cancel it"), "{page}");
    assert_eq!(
        stand.appointment(0x310).await.state,
        AppointmentState::Confirmed,
        "asked, not done"
    );
    let (_, page) = ask(&app, Method::POST, &path, "press=cancel").await;
    assert!(page.contains("is cancelled"), "{page}");
    assert_eq!(stand.appointment(0x310).await.state, AppointmentState::Cancelled);
    let (_, page) = ask(&app, Method::POST, &path, "press=confirm").await;
    assert!(page.contains("was changed"), "{page}");
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_what_comes_to_that_address() {
    let stand = Stand::new(Channel::Email).await;
    let (app, _) = stand.http(Default::default()).await;
    let path = link(&stand).await;
    ask(&app, Method::POST, &path, "press=stop").await;
    stand
        .book(0x311, patient(0x11, "Ana"), stand.now + Duration::hours(46))
        .await;
    let server = stand.server().await;
    stand.minute(&server, stand.now).await;
    let all = stand.notices().await;
    assert!(
        all.iter()
            .any(|notice| notice.state == NoticeState::Void(VoidReason::OptedOut))
    );
    assert_eq!(stand.smtp.mails().len(), 1, "her daughter has the same address");
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_finds_nothing_and_must_wait() {
    let stand = Stand::new(Channel::Email).await;
    let (app, _) = stand.http(Default::default()).await;
    for n in 0..10 {
        let (status, _) = ask(&app, Method::GET, &format!("/n/guess{n}"), "").await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{n}");
    }
    let (status, _) = ask(&app, Method::GET, "/n/guess", "").await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_over_when_its_time_is() {
    let stand = Stand::new(Channel::Email).await;
    let path = link(&stand).await;
    let token = path.strip_prefix("/n/").unwrap();
    assert!(token.len() >= 43, "256 bits");
    let hash = token_hash(token);
    let start = stand.appointment(0x310).await.start_at;
    assert!(stand.db.notice_link(&hash, start).await.unwrap().is_some());
    assert!(
        stand
            .db
            .notice_link(&hash, start + Duration::days(1))
            .await
            .unwrap()
            .is_none()
    );
    stand
        .db
        .sweep_notice_links(start + Duration::days(1))
        .await
        .unwrap();
    assert!(
        stand.db.notice_link(&hash, start).await.unwrap().is_none(),
        "forgotten"
    );
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_practitioners_calendar_names_no_patient_and_a_new_address_ends_the_old() {
    let stand = Stand::new(Channel::Email).await;
    let (app, _) = stand.http(Default::default()).await;
    let feed = CalendarFeed {
        practice: PRACTICE,
        practitioner: DOCTOR,
    };
    stand
        .db
        .create_calendar_feed(&token_hash("first"), feed)
        .await
        .unwrap();
    let (status, text) = ask(&app, Method::GET, "/feeds/first.ics", "").await;
    assert_eq!(status, StatusCode::OK);
    let start = stand.appointment(0x310).await.start_at;
    assert!(
        text.contains(&format!("DTSTART:{}", start.format("%Y%m%dT%H%M%SZ"))),
        "{text}"
    );
    assert!(text.contains("LOCATION:Harbor Point"));
    for secret in ["Elena", "Delgado", "Oncology", "Chemotherapy"] {
        assert!(!text.contains(secret), "{secret}");
    }
    stand
        .db
        .create_calendar_feed(&token_hash("second"), feed)
        .await
        .unwrap();
    assert_eq!(
        ask(&app, Method::GET, "/feeds/first.ics", "").await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        ask(&app, Method::GET, "/feeds/second.ics", "").await.0,
        StatusCode::OK
    );
    stand.end().await;
}
