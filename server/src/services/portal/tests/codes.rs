//! How often codes are sent and guessed at, and what a browser keeps of who is in.

use super::stand::*;
use crate::services::notices::tests::stand::*;
use axum::http::StatusCode;
use chrono::{DateTime, Duration, Utc};
use db::{MOST_TRIES, NewPortalCode, PortalLimits, PortalTry};
use domain::notices::Contact;
use domain::text::Lang;
use uuid::Uuid;

fn new_code(n: u128, what: u8, now: DateTime<Utc>) -> NewPortalCode {
    NewPortalCode {
        id: Uuid::from_u128(n),
        contact_hash: vec![what; 32],
        contact: Contact::email("elena@example.org").unwrap(),
        code_hash: vec![7; 32],
        patients: Vec::new(),
        newcomer: None,
        language: Lang::En,
        now,
        expires_at: now + Duration::minutes(10),
    }
}

const LIMITS: PortalLimits = PortalLimits {
    an_hour: 2,
    a_day: 3,
    newcomers_an_hour: 2,
};

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_counted_by_the_hour_and_the_day_and_those_of_newcomers_together() {
    let stand = Stand::new(domain::notices::Channel::Email).await;
    let (db, start) = (&stand.db, stand.now);
    let sent = async |code: NewPortalCode| db.create_portal_code(PRACTICE, &code, LIMITS).await.unwrap();
    let later = |hours: i64| start + Duration::hours(hours);
    assert!(sent(new_code(1, 1, start)).await && sent(new_code(2, 1, start)).await);
    assert!(!sent(new_code(3, 1, start)).await, "two an hour");
    assert!(
        sent(new_code(4, 2, start)).await,
        "another is not kept from theirs"
    );
    assert!(sent(new_code(5, 1, later(2))).await);
    // Cleaning up makes nobody free to guess more.
    db.sweep_portal(PRACTICE, later(4)).await.unwrap();
    assert!(!sent(new_code(6, 1, later(4))).await, "three a day");
    assert!(sent(new_code(7, 1, later(30))).await);
    let newcomer = |n: u128, what: u8| NewPortalCode {
        newcomer: Some(serde_json::json!({"given_name": "Rosa"})),
        ..new_code(n, what, start)
    };
    assert!(sent(newcomer(8, 8)).await && sent(newcomer(9, 9)).await);
    assert!(!sent(newcomer(10, 10)).await, "whatever number they give");
    assert!(sent(new_code(11, 11, start)).await, "who is known is let in");
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_guesses_at_once_are_no_more_guesses() {
    let stand = Stand::new(domain::notices::Channel::Email).await;
    let code = new_code(1, 1, stand.now);
    stand
        .db
        .create_portal_code(PRACTICE, &code, LIMITS)
        .await
        .unwrap();
    let tries = (0..40_u8).map(|n| {
        let (db, now) = (stand.db.clone(), stand.now);
        tokio::spawn(async move {
            db.try_portal_code(PRACTICE, Uuid::from_u128(1), &[n + 100; 32], now)
                .await
                .unwrap()
        })
    });
    let mut wrong = 0;
    for one in tries.collect::<Vec<_>>() {
        match one.await.unwrap() {
            PortalTry::Wrong(..) => wrong += 1,
            PortalTry::Over => {}
            PortalTry::Right(_) => panic!("nobody guessed it"),
        }
    }
    assert_eq!(wrong, MOST_TRIES);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_longer_while_somebody_guesses_all_over_the_practice() {
    let (stand, app) = open_clinic().await;
    for n in 1..=7 {
        let code = new_code(n, u8::try_from(n).unwrap(), stand.now);
        stand
            .db
            .create_portal_code(PRACTICE, &code, LIMITS)
            .await
            .unwrap();
        for _ in 0..MOST_TRIES {
            stand
                .db
                .try_portal_code(PRACTICE, code.id, &[0; 32], stand.now)
                .await
                .unwrap();
        }
    }
    let mut phone = Phone::new(&app);
    let page = phone.ask_code("elena%40example.org").await;
    code(&stand, 1).await;
    let words = stand.smtp.mails().remove(0).plain();
    let long = words.split("code is ").nth(1).unwrap();
    let long: String = long.chars().take_while(char::is_ascii_digit).collect();
    assert_eq!(long.len(), 8);
    let answer = phone.post(&page, &format!("code={long}")).await;
    assert!(answer.to.ends_with("/visits"), "{}", answer.text);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_know_a_birth_date_keeps_nobody_from_their_code() {
    let (stand, app) = open_clinic().await;
    let mut phone = Phone::new(&app);
    for _ in 0..6 {
        let form = "lang=en&month=3&day=10&year=1984&contact=elena%40example.org";
        phone.post(&format!("/p/{PRACTICE}"), form).await;
    }
    phone.ask_code("elena%40example.org").await;
    code(&stand, 1).await;
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_for_this_host_and_tls_alone_and_a_new_one_ends_the_old() {
    let (stand, app) = open_clinic().await;
    let mut phone = Phone::sign_in(&stand, &app).await;
    let set = phone.set.clone().unwrap();
    assert!(set.starts_with("__Host-anteroom_patient="), "{set}");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Strict", "; Secure"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Domain"));
    let first = phone.cookie.clone();
    let page = phone.ask_code("elena%40example.org").await;
    phone
        .post(&page, &format!("code={}", code(&stand, 2).await))
        .await;
    assert_ne!(phone.cookie, first);
    let visits = format!("/p/{PRACTICE}/visits");
    assert_eq!(phone.get(&visits).await.status, StatusCode::OK);
    phone.cookie = first;
    assert!(phone.get(&visits).await.to.contains("over=1"));
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_texts_go_to_strangers_abroad_and_addresses_hold_nothing_but_ids() {
    let (stand, app) = open_clinic().await;
    let mut phone = Phone::sign_in(&stand, &app).await;
    let form = "lang=en&given_name=Rosa&family_name=Ibarra&month=2&day=3&year=1990&contact=";
    let abroad = phone
        .post(
            &format!("/p/{PRACTICE}/new"),
            &format!("{form}%2B44+20+7946+0958"),
        )
        .await;
    assert_eq!(abroad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let near = phone
        .post(&format!("/p/{PRACTICE}/new"), &format!("{form}414+555+0199"))
        .await;
    assert_eq!(near.status, StatusCode::SEE_OTHER);
    let odd = phone
        .get(&format!("/p/{PRACTICE}/take?kind=x%0d%0aset-cookie:a%26b&at=x"))
        .await;
    assert!(odd.to.starts_with(&format!("/p/{PRACTICE}/book?")), "{}", odd.to);
    assert!(!odd.to.contains("cookie"), "{}", odd.to);
    let far = phone
        .get(&format!("/p/{PRACTICE}/book?kind={VISIT}&from=%2B262142-12-31"))
        .await;
    assert_eq!(far.status, StatusCode::OK, "{}", far.text);
    stand.end().await;
}
