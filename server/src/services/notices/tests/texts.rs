//! Texts by a provider's REST API, and what comes back from it.

use super::stand::*;
use crate::config::NoticeConfig;
use crate::services::notices::Notices;
use axum::Router;
use axum::body::Body;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::Duration;
use domain::notices::*;
use domain::row::{Entity, Row};
use domain::schedule::AppointmentState;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

type Texts = Arc<Mutex<Vec<BTreeMap<String, String>>>>;
const TOKEN: &str = "a secret of the account";

/// A provider on this machine: takes what is posted by the account, and gives each text a name.
async fn provider() -> (String, Texts) {
    let texts = Texts::default();
    let take = |State(texts): State<Texts>,
                Path(account): Path<String>,
                headers: HeaderMap,
                Form(form): Form<BTreeMap<String, String>>| async move {
        let expected = format!("Basic {}", STANDARD.encode(format!("AC1:{TOKEN}")));
        if account != "AC1"
            || headers
                .get("authorization")
                .is_none_or(|given| *given != *expected)
        {
            return (StatusCode::UNAUTHORIZED, "{\"code\": 20003}").into_response();
        }
        if form.get("To").is_some_and(|to| to.ends_with("0000")) {
            return (StatusCode::BAD_REQUEST, "{\"code\": 21211}").into_response();
        }
        let mut texts = texts.lock().unwrap();
        texts.push(form);
        let answer = format!("{{\"sid\": \"SM{}\", \"status\": \"queued\"}}", texts.len());
        (StatusCode::CREATED, answer).into_response()
    };
    let app = Router::new()
        .route("/v1/Accounts/{account}/Messages.json", post(take))
        .with_state(texts.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, texts)
}

fn config(url: &str) -> NoticeConfig {
    NoticeConfig {
        public_url: Some("https://visits.example".into()),
        sms_url: url.to_owned(),
        sms_account: Some("AC1".into()),
        sms_token: Some(TOKEN.parse().unwrap()),
        sms_from: Some("+15550100".into()),
        ..NoticeConfig::default()
    }
}

async fn server(stand: &Stand, url: &str) -> Arc<Notices> {
    let wanted = config(url);
    stand.server_with(|config| *config = wanted).await
}

/// A form as the provider posts it, signed with a secret.
fn signed(path: &str, fields: &[(&str, &str)], secret: &str) -> Request<Body> {
    let form: BTreeMap<&str, &str> = fields.iter().copied().collect();
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("https://visits.example{path}").as_bytes());
    for (name, value) in &form {
        mac.update(format!("{name}{value}").as_bytes());
    }
    let encode = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte.is_ascii_alphanumeric() {
                true => char::from(byte).to_string(),
                false => format!("%{byte:02X}"),
            })
            .collect()
    };
    let body: Vec<String> = form
        .iter()
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-twilio-signature", STANDARD.encode(mac.finalize().into_bytes()))
        .body(Body::from(body.join("&")))
        .unwrap()
}

async fn answer_of(app: &Router, request: Request<Body>) -> (StatusCode, String) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_of_three_gets_one_text() {
    let stand = Stand::new(Channel::Sms).await;
    // Half an hour and an hour later, and so due after the first: still one text, on the same day.
    let start = stand.appointment(0x310).await.start_at;
    for (n, name) in [(0x11, "Ana"), (0x12, "Ben")] {
        stand
            .book(
                0x300 + n,
                patient(n, name),
                start + Duration::minutes(30 * (n as i64 - 0x10)),
            )
            .await;
    }
    let (url, texts) = provider().await;
    let (one, other) = (server(&stand, &url).await, server(&stand, &url).await);
    tokio::join!(stand.minute(&one, stand.now), stand.minute(&other, stand.now));
    let texts = texts.lock().unwrap().clone();
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert_eq!(texts[0]["To"], "+14145550134");
    assert_eq!(texts[0]["From"], "+15550100");
    let body = &texts[0]["Body"];
    assert!(body.contains("appointment for Elena, Ana and Ben on"), "{body}");
    assert!(body.ends_with("Reply STOP to end these."), "{body}");
    assert!(!body.contains("Delgado") && !body.contains("Oncology"));
    assert_eq!(
        texts[0]["StatusCallback"],
        format!("https://visits.example/hooks/sms/{PRACTICE}/status")
    );
    let all = stand.notices().await;
    assert_eq!(all.len(), 3);
    for notice in all {
        assert_eq!(notice.state, NoticeState::Sent);
        assert_eq!(notice.network_ref.as_deref(), Some("SM1"));
    }
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_sent_by_day_waits_for_the_morning() {
    let stand = Stand::new(Channel::Sms).await;
    let (url, texts) = provider().await;
    let sending = server(&stand, &url).await;
    // Due at eleven in the morning; no server ran until ten in the evening.
    for hours in [10, 14, 19] {
        stand.minute(&sending, stand.now + Duration::hours(hours)).await;
        assert!(texts.lock().unwrap().is_empty(), "{hours}");
    }
    assert_eq!(stand.notice().await.state, NoticeState::Planned);
    stand.minute(&sending, stand.now + Duration::hours(21)).await;
    assert_eq!(texts.lock().unwrap().len(), 1, "at nine");
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_provider_refuses_for_good_fails_and_a_wrong_secret_is_tried_again() {
    let stand = Stand::new(Channel::Sms).await;
    let (url, texts) = provider().await;
    let wrong = NoticeConfig {
        sms_token: Some("not it".parse().unwrap()),
        ..config(&url)
    };
    let blocked = stand.server_with(|config| *config = wrong).await;
    stand.minute(&blocked, stand.now).await;
    assert_eq!(stand.notice().await.state, NoticeState::Planned);
    let sending = server(&stand, &url).await;
    stand.minute(&sending, stand.now + Duration::minutes(2)).await;
    assert_eq!(stand.notice().await.state, NoticeState::Sent);
    let mut nobody = patient(0x11, "Ana");
    nobody.telecoms[0].value = "414 555 0000".into();
    stand
        .book(0x311, nobody, stand.appointment(0x310).await.start_at)
        .await;
    let sending = server(&stand, &url).await;
    stand.minute(&sending, stand.now + Duration::minutes(3)).await;
    let all = stand.notices().await;
    let failed = all
        .iter()
        .find(|notice| notice.address.as_deref() == Some("+14145550000"))
        .unwrap();
    assert_eq!(failed.state, NoticeState::Failed(FailReason::Rejected));
    assert_eq!(texts.lock().unwrap().len(), 1);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_is_honoured_at_once_and_only_the_provider_is_believed() {
    let stand = Stand::new(Channel::Sms).await;
    let (url, texts) = provider().await;
    let (app, _) = stand.http(config(&url)).await;
    let path = format!("/hooks/sms/{PRACTICE}");
    let stop = [("From", "+14145550134"), ("Body", "Please quit texting me!")];
    let (status, _) = answer_of(&app, signed(&path, &stop, "a guess")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let server = server(&stand, &url).await;
    server.plan(PRACTICE, stand.now).await.unwrap();
    assert_eq!(stand.notice().await.state, NoticeState::Planned);
    let (status, reply) = answer_of(&app, signed(&path, &stop, TOKEN)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(reply.contains("<Message>You will get no more texts"), "{reply}");
    stand.minute(&server, stand.now).await;
    assert_eq!(
        stand.notice().await.state,
        NoticeState::Void(VoidReason::OptedOut)
    );
    assert!(texts.lock().unwrap().is_empty());
    let rows = stand.db.all_rows(PRACTICE, Entity::ContactOptOut).await.unwrap();
    assert!(matches!(&rows[..], [Row::ContactOptOut(said)] if said.is_stopped() && said.via == Via::Text));
    // Without a provider there is nobody to believe.
    let (bare, _) = stand.http(NoticeConfig::default()).await;
    assert_eq!(
        answer_of(&bare, signed(&path, &stop, TOKEN)).await.0,
        StatusCode::NOT_FOUND
    );
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_by_text_confirms_and_delivered_confirms_nothing() {
    let stand = Stand::new(Channel::Sms).await;
    let (url, _) = provider().await;
    let (app, _) = stand.http(config(&url)).await;
    let sending = server(&stand, &url).await;
    stand.minute(&sending, stand.now).await;
    let path = format!("/hooks/sms/{PRACTICE}");
    let status_path = format!("{path}/status");
    let delivered = [("MessageSid", "SM1"), ("MessageStatus", "delivered")];
    let (status, _) = answer_of(&app, signed(&status_path, &delivered, TOKEN)).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let notice = stand.notice().await;
    assert_eq!((notice.state, notice.answer), (NoticeState::Delivered, None));
    assert_eq!(stand.appointment(0x310).await.state, AppointmentState::Booked);
    let say = |text: &'static str| signed(&path, &[("From", "+1 414 555 0134"), ("Body", text)], TOKEN);
    let (_, reply) = answer_of(&app, say("what?")).await;
    assert!(reply.contains("did not understand"), "{reply}");
    let (_, reply) = answer_of(&app, say("Yes, thank you")).await;
    assert!(reply.contains("see you then"), "{reply}");
    assert_eq!(stand.appointment(0x310).await.state, AppointmentState::Confirmed);
    let (_, reply) = answer_of(&app, say("Wrong number")).await;
    assert!(reply.contains("will not text this number"), "{reply}");
    let rows = stand.db.all_rows(PRACTICE, Entity::ContactOptOut).await.unwrap();
    assert!(matches!(&rows[..], [Row::ContactOptOut(said)] if said.is_wrong() && !said.is_stopped()));
    stand.end().await;
}
