//! Who is let in, and who is not.

use super::stand::*;
use crate::services::notices::tests::stand::*;
use axum::http::StatusCode;
use domain::id::*;
use domain::row::Entity;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn whom_nobody_knows_is_answered_the_same_and_sent_nothing() {
    let (stand, app) = open_clinic().await;
    let mut phone = Phone::new(&app);
    let known = phone.ask_code("Elena%40Example.org").await;
    code(&stand, 1).await;
    let unknown = phone.ask_code("somebody%40example.org").await;
    let shape = |to: &str| to.replace(|c: char| c.is_ascii_hexdigit(), "x");
    assert_eq!(shape(&known), shape(&unknown));
    let (a, b) = (phone.get(&known).await, phone.get(&unknown).await);
    assert_eq!((a.status, a.text), (b.status, b.text));
    // Nobody waits for a code to be made, whether it is or not.
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let (a, b) = (
        phone.post(&known, "code=000000").await,
        phone.post(&unknown, "code=000000").await,
    );
    assert_eq!((a.status, a.text), (b.status, b.text));
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(stand.smtp.mails().len(), 1);
    let inside = phone.get(&format!("/p/{PRACTICE}/visits")).await;
    assert_eq!(inside.to, format!("/p/{PRACTICE}?over=1"));
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_may_be_guessed_at_five_times_and_five_go_to_one_place_in_an_hour() {
    let (stand, app) = open_clinic().await;
    let mut phone = Phone::new(&app);
    let page = phone.ask_code("elena%40example.org").await;
    let right = code(&stand, 1).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for left in [4, 3, 2, 1] {
        let answer = phone.post(&page, &format!("lang=en&code={wrong}")).await;
        assert!(
            answer.text.contains(&format!("Tries left: {left}")),
            "{}",
            answer.text
        );
    }
    phone.post(&page, &format!("code={wrong}")).await;
    let over = phone.post(&page, &format!("code={right}")).await;
    assert_eq!(
        over.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the right one comes too late"
    );
    assert_eq!(phone.cookie, None);
    for _ in 0..6 {
        phone.ask_code("elena%40example.org").await;
    }
    code(&stand, 5).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(stand.smtp.mails().len(), 5);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_is_registered_when_the_code_came_back_and_not_before() {
    let (stand, app) = open_clinic().await;
    let mut phone = Phone::new(&app);
    let form = "lang=es&given_name=Rosa&family_name=Ibarra&month=2&day=30&year=1990&sex=female&contact=rosa%40example.org";
    let wrong = phone.post(&format!("/p/{PRACTICE}/new"), form).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.text.contains("value=\"Rosa\""),
        "nothing that was typed is lost"
    );
    let form = form.replace("day=30", "day=3");
    let to = phone.post(&format!("/p/{PRACTICE}/new"), &form).await.to;
    let mail = {
        for _ in 0..200 {
            if !stand.smtp.mails().is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        stand.smtp.mails().remove(0).plain()
    };
    let count = async || stand.db.all_rows(PRACTICE, Entity::Patient).await.unwrap().len();
    assert_eq!(count().await, 1);
    let at = mail.find("digo es ").expect("a code in Spanish") + 8;
    let code = mail[at..at + 6].to_owned();
    let answer = phone.post(&to, &format!("code={code}")).await;
    assert_eq!(answer.to, format!("/p/{PRACTICE}/visits"), "{}", answer.text);
    assert_eq!(count().await, 2);
    let page = phone.get(&answer.to).await;
    assert!(page.text.contains("No tiene citas pendientes"), "{}", page.text);
    // A second time, they are known: no second record.
    let to = phone.post(&format!("/p/{PRACTICE}/new"), &form).await.to;
    for _ in 0..200 {
        if stand.smtp.mails().len() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let mail = stand.smtp.mails().remove(1).plain();
    let at = mail.find("digo es ").unwrap() + 8;
    phone.post(&to, &format!("code={}", &mail[at..at + 6])).await;
    assert_eq!(count().await, 2);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_a_reminder_leads_in_by_a_code_to_where_it_went() {
    let (stand, app) = open_clinic().await;
    let server = stand.server().await;
    stand.minute(&server, stand.now).await;
    let stop = stand.smtp.mails().remove(0).header("List-Unsubscribe").unwrap();
    let path = stop.strip_prefix("<https://visits.example").unwrap();
    let path = path.strip_suffix('>').unwrap();
    let mut phone = Phone::new(&app);
    let page = phone.post(path, "press=open").await;
    assert!(
        page.to.starts_with(&format!("/p/{PRACTICE}/code/")),
        "{}",
        page.text
    );
    let answer = phone
        .post(&page.to, &format!("code={}", code(&stand, 2).await))
        .await;
    assert!(answer.to.ends_with("/visits"));
    assert!(
        phone
            .get(&answer.to)
            .await
            .text
            .contains(&AppointmentId(Uuid::from_u128(0x310)).to_string())
    );
    stand.end().await;
}
