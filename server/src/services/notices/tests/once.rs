//! Exactly one, whoever sends and however often they are stopped.

use super::stand::*;
use crate::services::notices::worker::{Desk, look, worker};
use crate::services::notices::{NotSent, Notices, Outgoing, Sender};
use async_trait::async_trait;
use chrono::Duration;
use domain::command::Command;
use domain::id::PatientId;
use domain::notices::*;
use domain::row::{Entity, Row};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_arrives_and_says_where_and_when_and_nothing_else() {
    let stand = Stand::new(Channel::Email).await;
    let server = stand.server().await;
    stand.minute(&server, stand.now).await;
    let mails = stand.smtp.mails();
    assert_eq!(mails.len(), 1);
    let (mail, notice) = (&mails[0], stand.notice().await);
    assert_eq!(notice.state, NoticeState::Sent);
    assert_eq!(mail.from, "visits@lakeside.example");
    assert_eq!(mail.to, ["elena@example.org"]);
    assert!(mail.header("Message-ID").unwrap().ends_with("@lakeside.example>"));
    assert!(
        mail.header("List-Unsubscribe")
            .unwrap()
            .starts_with("<https://visits.example/n/")
    );
    assert_eq!(mail.header("Auto-Submitted").unwrap(), "auto-generated");
    let plain = mail.plain();
    assert!(plain.contains("Lakeside: appointment for Elena on "), "{plain}");
    assert!(plain.contains("Harbor Point"));
    for secret in ["Delgado", "Oncology", "Chemotherapy", "Okafor", "1984"] {
        assert!(!plain.contains(secret) && !mail.data.contains(secret), "{secret}");
    }
    // The appointment, for the patient's calendar.
    let start = stand.appointment(0x310).await.start_at;
    assert!(
        plain.contains(&format!("DTSTART:{}", start.format("%Y%m%dT%H%M%SZ"))),
        "{plain}"
    );
    assert!(plain.contains(&format!("UID:{}@{PRACTICE}.anteroom", notice.appointment_id)));
    assert!(plain.contains("SEQUENCE:0") && plain.contains("METHOD:PUBLISH"));
    assert!(mail.data.contains("text/calendar"));
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_servers_that_race_one_sends_and_after_a_restart_none_sends_again() {
    let stand = Stand::new(Channel::Email).await;
    for round in 0..3 {
        // Two servers, begun anew each time.
        let (one, other) = (stand.server().await, stand.server().await);
        let now = stand.now + Duration::minutes(round);
        let ((), (), ()) = tokio::join!(
            stand.minute(&one, now),
            stand.minute(&other, now),
            stand.minute(&one, now)
        );
    }
    assert_eq!(stand.smtp.mails().len(), 1);
    assert_eq!(stand.notice().await.attempts, 1);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn through_the_queue_two_workers_send_one() {
    let stand = Stand::new(Channel::Email).await;
    // It is planned whenever the minute says so.
    stand.server().await.plan(PRACTICE, stand.now).await.unwrap();
    let mut workers = Vec::new();
    for _ in 0..2 {
        let pool = db::Db::job_pool(&stand.url).await.unwrap();
        let desk = Desk::new(stand.server().await, None);
        look(&desk, &pool, stand.now).await.unwrap();
        look(&desk, &pool, stand.now).await.unwrap();
        workers.push(worker(desk, pool).await.unwrap());
    }
    let (one, other) = tokio::join!(workers[0].run_once(), workers[1].run_once());
    one.unwrap();
    other.unwrap();
    assert_eq!(stand.smtp.mails().len(), 1);
    assert_eq!(stand.notice().await.state, NoticeState::Sent);
    // What lies in the queue names nobody.
    let pool = db::Db::job_pool(&stand.url).await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM jobs._private_jobs")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(left, 0, "every job is done");
    stand.end().await;
}

/// A way out on which a message is lost from sight: it is handed over, and no answer comes.
struct Silent(AtomicUsize);

#[async_trait]
impl Sender for Arc<Silent> {
    async fn send(&self, _: &Outgoing) -> Result<Option<String>, NotSent> {
        self.0.fetch_add(1, Ordering::SeqCst);
        std::future::pending().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_stopped_while_sending_leaves_no_second_one_but_a_line_on_the_worklist() {
    let stand = Stand::new(Channel::Email).await;
    let silent = Arc::new(Silent(AtomicUsize::new(0)));
    let stopped = Notices::with(stand.db.clone(), Some(Box::new(silent.clone())), None);
    let minute = stand.minute(&stopped, stand.now);
    let cut = tokio::time::timeout(std::time::Duration::from_secs(3), minute).await;
    assert!(cut.is_err(), "it was stopped in the middle");
    assert_eq!(silent.0.load(Ordering::SeqCst), 1);
    let server = stand.server().await;
    for minutes in [1, 5, 14] {
        stand
            .minute(&server, stand.now + Duration::minutes(minutes))
            .await;
        assert_eq!(stand.notice().await.state, NoticeState::Queued);
    }
    stand.minute(&server, stand.now + Duration::minutes(16)).await;
    let notice = stand.notice().await;
    assert_eq!(notice.state, NoticeState::Failed(FailReason::Interrupted));
    assert!(notice.needs_somebody());
    assert!(stand.smtp.mails().is_empty());
    // Somebody looked, and wants it sent.
    stand.give(vec![retry(&notice)]).await;
    stand.minute(&server, stand.now + Duration::minutes(17)).await;
    assert_eq!(stand.smtp.mails().len(), 1);
    stand.end().await;
}

fn retry(notice: &Notice) -> Command {
    Command::RetryNotice(RetryNotice {
        notice_id: notice.id,
        patient_id: notice.patient_id,
        rule_id: notice.rule_id,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_for_now_is_tried_again_later_and_what_is_refused_for_good_is_not() {
    let stand = Stand::new(Channel::Email).await;
    let server = stand.server().await;
    stand.smtp.answer_next("451 greylisted");
    stand.minute(&server, stand.now).await;
    let notice = stand.notice().await;
    assert_eq!(notice.state, NoticeState::Planned);
    assert_eq!(notice.due_at, stand.now + Duration::minutes(1));
    stand.minute(&server, stand.now + Duration::seconds(30)).await;
    assert!(stand.smtp.mails().is_empty(), "not before its time");
    stand.smtp.answer_next("451 greylisted");
    stand.minute(&server, stand.now + Duration::minutes(1)).await;
    let notice = stand.notice().await;
    assert_eq!(notice.due_at, stand.now + Duration::minutes(5), "a longer pause");
    stand.smtp.answer_next("550 no such user");
    stand.minute(&server, stand.now + Duration::minutes(5)).await;
    let notice = stand.notice().await;
    assert_eq!(notice.state, NoticeState::Failed(FailReason::Rejected));
    assert_eq!(notice.attempts, 3);
    stand.minute(&server, stand.now + Duration::minutes(90)).await;
    assert!(stand.smtp.mails().is_empty());
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_was_handed_over_without_an_answer_is_not_sent_again() {
    let stand = Stand::new(Channel::Email).await;
    let server = stand.server().await;
    stand.smtp.break_next();
    for minutes in [0, 2, 20] {
        stand
            .minute(&server, stand.now + Duration::minutes(minutes))
            .await;
    }
    assert_eq!(
        stand.notice().await.state,
        NoticeState::Failed(FailReason::Interrupted)
    );
    assert_eq!(stand.smtp.mails().len(), 1);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_not_there_is_waited_for() {
    let stand = Stand::new(Channel::Email).await;
    let nowhere = stand
        .server_with(|config| config.smtp_url = Some("smtp://127.0.0.1:9".parse().unwrap()))
        .await;
    stand.minute(&nowhere, stand.now).await;
    assert_eq!(stand.notice().await.state, NoticeState::Planned);
    let server = stand.server().await;
    stand.minute(&server, stand.now + Duration::minutes(1)).await;
    assert_eq!(stand.notice().await.state, NoticeState::Sent);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_tries_it_is_given_up() {
    let stand = Stand::new(Channel::Email).await;
    let server = stand.server().await;
    let mut now = stand.now;
    for _ in 0..5 {
        stand.smtp.answer_next("421 come back later");
        stand.minute(&server, now).await;
        now = stand.notice().await.due_at;
    }
    let notice = stand.notice().await;
    assert_eq!(notice.state, NoticeState::Failed(FailReason::GaveUp));
    assert_eq!(notice.attempts, 5);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_nobody_told_how_says_so() {
    let stand = Stand::new(Channel::Email).await;
    let server = stand.server_with(|config| config.smtp_url = None).await;
    stand.minute(&server, stand.now).await;
    assert_eq!(
        stand.notice().await.state,
        NoticeState::Failed(FailReason::NotSetUp)
    );
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_planned_is_void_when_the_appointment_moves_and_the_new_time_is_told() {
    let stand = Stand::new(Channel::Email).await;
    let server = stand.server().await;
    let start = stand.appointment(0x310).await.start_at;
    // Planned, and not yet due.
    let before = stand.now - Duration::hours(2);
    stand.minute(&server, before).await;
    assert_eq!(stand.notice().await.state, NoticeState::Planned);
    stand
        .move_to(0x310, 0x10, start, start + Duration::minutes(30))
        .await;
    stand.minute(&server, stand.now).await;
    let all = stand.notices().await;
    assert_eq!(all.len(), 2);
    let of = |at| all.iter().find(|notice| notice.start_at == at).unwrap().state;
    assert_eq!(of(start), NoticeState::Void(VoidReason::Moved));
    assert_eq!(of(start + Duration::minutes(30)), NoticeState::Sent);
    let mails = stand.smtp.mails();
    assert_eq!(mails.len(), 1);
    assert!(
        mails[0].plain().contains("SEQUENCE:1"),
        "the calendar replaces an older copy"
    );
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_died_or_opted_out_between_plan_and_sending_is_not_told() {
    let stand = Stand::new(Channel::Email).await;
    let server = stand.server().await;
    stand.minute(&server, stand.now - Duration::hours(2)).await;
    stand
        .give(vec![Command::SetOptOut(SetOptOut {
            kind: ContactKind::Email,
            address: "ELENA@example.org".into(),
            stop: true,
            via: Via::Voice,
        })])
        .await;
    stand.minute(&server, stand.now).await;
    assert_eq!(
        stand.notice().await.state,
        NoticeState::Void(VoidReason::OptedOut)
    );
    assert!(stand.smtp.mails().is_empty());
    let row = stand
        .db
        .row(PRACTICE, Entity::Patient, Uuid::from_u128(0x10))
        .await
        .unwrap();
    assert!(matches!(row, Some(Row::Patient(patient)) if patient.id == PatientId(Uuid::from_u128(0x10))));
    stand.end().await;
}
