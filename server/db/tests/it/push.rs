//! Each command once, whatever the network does.

use crate::stand::people::*;
use crate::stand::*;
use domain::access::Role;
use domain::command::Command;
use domain::decide::{Refusal, RefusalCode};
use domain::id::*;
use domain::patients::*;
use domain::practice::WorkforceMember;
use domain::row::{Entity, Row};
use futures::future::join_all;
use serde_json::Value;
use sync::hub::Opened;
use sync::wire::{Receipt, ReceiptStatus};

fn code(receipt: &Receipt) -> Option<RefusalCode> {
    receipt.refusal.as_ref().map(|refusal| refusal.code)
}

fn member(n: u128, login: &str) -> Command {
    Command::RecordWorkforceMember(WorkforceMember {
        id: WorkforceMemberId(id(n)),
        login: login.into(),
        display_name: "Someone".into(),
        role: Role::Nurse,
        site_ids: vec![],
        practitioner_id: None,
        active: true,
    })
}

#[tokio::test]
async fn the_same_batch_twice_counts_once() {
    let stand = Stand::new().await;
    let mut pen = desk(1);
    let batch: Vec<Opened> = (10..15).map(|n| pen.write(register(n))).collect();
    let first = stand
        .db
        .accept_batch(practice(), pen.device, batch.clone())
        .await
        .unwrap();
    assert_eq!((first.last_seq, first.head, first.changed), (5, 5, true));
    let again = stand
        .db
        .accept_batch(practice(), pen.device, batch.clone())
        .await
        .unwrap();
    assert_eq!((again.last_seq, again.head, again.changed), (5, 5, false));
    for (first, again) in first.results.iter().zip(&again.results) {
        assert_eq!(
            Receipt {
                duplicate: true,
                ..first.clone()
            },
            *again
        );
    }
    // Half old, half new, and one of them twice.
    let mut mixed = batch[3..].to_vec();
    mixed.push(pen.write(register(15)));
    mixed.push(mixed[2].clone());
    let outcome = stand
        .db
        .accept_batch(practice(), pen.device, mixed)
        .await
        .unwrap();
    let duplicates: Vec<bool> = outcome.results.iter().map(|receipt| receipt.duplicate).collect();
    assert_eq!(duplicates, [true, true, false, true]);
    assert_eq!(mrns(&stand.rows().await), [1, 2, 3, 4, 5, 6]);
    assert_eq!(
        stand
            .count("SELECT count(*) FROM app.audit_event WHERE action = 'RegisterPatient'")
            .await,
        6
    );
    stand.end().await;
}

#[tokio::test]
async fn eight_at_once_with_the_same_batch_count_once() {
    let stand = Stand::new().await;
    let mut pen = desk(1);
    let batch: Vec<Opened> = (10..30).map(|n| pen.write(register(n))).collect();
    let outcomes = join_all((0..8).map(|_| {
        let (db, batch, device) = (stand.db.clone(), batch.clone(), pen.device);
        tokio::spawn(async move { db.accept_batch(practice(), device, batch).await.unwrap() })
    }))
    .await;
    let outcomes: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.changed).count(), 1);
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome.results.len() == 20 && outcome.last_seq == 20)
    );
    assert_eq!(mrns(&stand.rows().await), (1..=20).collect::<Vec<_>>());
    assert_eq!(stand.count("SELECT count(*) FROM app.receipt").await, 20);
    stand.end().await;
}

#[tokio::test]
async fn many_devices_at_once_leave_no_gap_in_numbers_or_revisions() {
    let stand = Stand::new().await;
    join_all((0..8u128).map(|device| {
        let db = stand.db.clone();
        tokio::spawn(async move {
            let mut pen = desk(100 + device);
            for round in 0..6 {
                // Every other record is everybody's: they meet on the same rows, in different orders.
                let mut batch = vec![pen.write(register(1000 + device * 100 + round))];
                for n in 0..4 {
                    let shared = 2000 + (n * (device + 1) + round) % 5;
                    batch.push(pen.write(register(shared)));
                    batch.push(pen.write(correct(
                        shared,
                        vec![change(PatientField::Suffix, Value::Null, "Jr.")],
                    )));
                }
                let outcome = db.accept_batch(practice(), pen.device, batch).await.unwrap();
                assert!(code(&outcome.results[0]).is_none(), "{:?}", outcome.results[0]);
                for receipt in &outcome.results {
                    assert_ne!(code(receipt), Some(RefusalCode::Constraint), "{receipt:?}");
                }
            }
        })
    }))
    .await
    .into_iter()
    .for_each(|outcome| outcome.unwrap());
    let numbers = mrns(&stand.rows().await);
    assert_eq!(numbers.len(), 48 + 5);
    assert_eq!(numbers, (1..=53).collect::<Vec<_>>());
    let head = stand.db.head(practice()).await.unwrap().rev;
    assert_eq!(head, 8 * 6 * 9);
    assert_eq!(
        stand.count("SELECT count(DISTINCT rev) FROM app.receipt").await,
        head as i64
    );
    assert_eq!(
        stand
            .count("SELECT count(DISTINCT rev) FROM app.audit_event WHERE rev > 0")
            .await,
        head as i64
    );
    stand.end().await;
}

#[tokio::test]
async fn a_number_with_other_content_is_refused_kept_and_seen() {
    let stand = Stand::new().await;
    let mut pen = desk(1);
    let first = pen.write(register(10));
    stand
        .db
        .accept_batch(practice(), pen.device, vec![first.clone()])
        .await
        .unwrap();
    let other = pen.write_as(first.sealed.id, 1, register(11));
    // The first time it is brought to a person; again is no news.
    for news in [true, false] {
        let outcome = stand
            .db
            .accept_batch(practice(), pen.device, vec![other.clone()])
            .await
            .unwrap();
        assert_eq!(code(&outcome.results[0]), Some(RefusalCode::DifferentContent));
        assert_eq!((outcome.last_seq, outcome.changed), (1, news));
    }
    let waiting = "SELECT count(*) FROM app.tray_item WHERE kind = 'disputed' AND state = 'open'";
    assert_eq!(stand.count(waiting).await, 1);
    // A device that lies about the hash of its own bytes gains nothing.
    let mut liar = other.clone();
    liar.sealed.args_hash = first.sealed.args_hash.clone();
    let outcome = stand
        .db
        .accept_batch(practice(), pen.device, vec![liar])
        .await
        .unwrap();
    assert_eq!(code(&outcome.results[0]), Some(RefusalCode::DifferentContent));
    assert_eq!(stand.count("SELECT count(*) FROM app.disputed_command").await, 1);
    assert_eq!(
        stand
            .count("SELECT count(*) FROM app.audit_event WHERE action = 'different_content'")
            .await,
        1
    );
    assert_eq!(stand.rows().await.all(Entity::Patient).count(), 1);
    stand.end().await;
}

#[tokio::test]
async fn an_id_used_by_another_device_is_refused_and_the_queue_moves_on() {
    let stand = Stand::new().await;
    let (mut maria, mut jo) = (desk(1), desk(2));
    let first = maria.write(register(10));
    stand
        .db
        .accept_batch(practice(), maria.device, vec![first.clone()])
        .await
        .unwrap();
    jo.seq = 1;
    let batch = vec![
        jo.write_as(first.sealed.id, 1, register(11)),
        jo.write(register(12)),
    ];
    let outcome = stand
        .db
        .accept_batch(practice(), jo.device, batch.clone())
        .await
        .unwrap();
    assert_eq!(code(&outcome.results[0]), Some(RefusalCode::DifferentContent));
    assert_eq!(outcome.results[1].status, ReceiptStatus::Applied);
    assert_eq!(outcome.last_seq, 2);
    let again = stand.db.accept_batch(practice(), jo.device, batch).await.unwrap();
    assert_eq!(code(&again.results[0]), Some(RefusalCode::DifferentContent));
    assert!(again.results.iter().all(|receipt| receipt.duplicate) && !again.changed);
    assert_eq!(
        stand
            .count("SELECT count(*) FROM app.receipt WHERE disputed AND sealed IS NOT NULL")
            .await,
        1
    );
    stand.end().await;
}

#[tokio::test]
async fn a_gap_stops_the_batch_and_says_where_to_send_from() {
    let stand = Stand::new().await;
    let mut pen = desk(1);
    let batch: Vec<Opened> = (10..14).map(|n| pen.write(register(n))).collect();
    let holed = vec![batch[0].clone(), batch[2].clone(), batch[3].clone()];
    let outcome = stand
        .db
        .accept_batch(practice(), pen.device, holed)
        .await
        .unwrap();
    assert_eq!((outcome.results.len(), outcome.last_seq), (1, 1));
    let outcome = stand
        .db
        .accept_batch(practice(), pen.device, batch[3..].to_vec())
        .await
        .unwrap();
    assert_eq!((outcome.results.len(), outcome.last_seq), (0, 1));
    let outcome = stand
        .db
        .accept_batch(practice(), pen.device, batch)
        .await
        .unwrap();
    assert_eq!((outcome.results.len(), outcome.last_seq), (4, 4));
    assert_eq!(mrns(&stand.rows().await), [1, 2, 3, 4]);
    stand.end().await;
}

#[tokio::test]
async fn one_that_the_schema_forbids_is_refused_alone() {
    let stand = Stand::new().await;
    let mut pen = service(1);
    let mut nul = named(12, "Nul", "Character", "1990-01-01");
    nul.previous_names = vec!["a\0b".into()];
    let batch = vec![
        pen.write(register(10)),
        pen.write(member(20, "maria")),
        pen.write(member(21, "maria")),
        pen.write(Command::RegisterPatient(RegisterPatient {
            patient: nul,
            site_id: None,
        })),
        pen.write(register(11)),
        pen.write(correct(
            10,
            vec![change(PatientField::Suffix, Value::Null, "Jr.")],
        )),
    ];
    let outcome = stand
        .db
        .accept_batch(practice(), pen.device, batch.clone())
        .await
        .unwrap();
    let codes: Vec<_> = outcome.results.iter().map(code).collect();
    let constraint = Some(RefusalCode::Constraint);
    assert_eq!(codes, [None, None, constraint, constraint, None, None]);
    assert_eq!(
        outcome
            .results
            .iter()
            .map(|receipt| receipt.rev)
            .collect::<Vec<_>>(),
        [1, 2, 3, 4, 5, 6]
    );
    let refusal = outcome.results[2].refusal.as_ref().unwrap();
    assert_eq!(
        refusal.params["constraint"],
        "workforce_member_practice_id_login_key"
    );
    assert_eq!(outcome.head, 6);
    // The numbers that the refused ones would have had are not lost.
    assert_eq!(mrns(&stand.rows().await), [1, 2]);
    // What was refused wrote nothing but where it waits for a person.
    assert_eq!(
        stand
            .count("SELECT count(*) FROM app.change WHERE rev IN (3, 4) AND entity <> 'tray_item'")
            .await,
        0
    );
    let open = "SELECT count(*) FROM app.tray_item WHERE state = 'open' AND kind = 'refused'";
    assert_eq!(stand.count(open).await, 2);
    assert_eq!(
        stand
            .count("SELECT count(*) FROM app.receipt WHERE sealed IS NOT NULL")
            .await,
        2
    );
    let again = stand
        .db
        .accept_batch(practice(), pen.device, batch)
        .await
        .unwrap();
    assert_eq!(again.results.iter().map(code).collect::<Vec<_>>(), codes);
    stand.end().await;
}

#[tokio::test]
async fn what_cannot_be_read_gets_its_receipt_too() {
    let stand = Stand::new().await;
    let mut pen = desk(1);
    let mut unread = pen.write(register(10));
    unread.content = Err(Refusal::new(RefusalCode::UnknownVersion).with("command", "Tele\0port"));
    let batch = vec![unread, pen.write(register(11))];
    let outcome = stand
        .db
        .accept_batch(practice(), pen.device, batch)
        .await
        .unwrap();
    assert_eq!(code(&outcome.results[0]), Some(RefusalCode::UnknownVersion));
    assert_eq!(outcome.results[1].status, ReceiptStatus::Applied);
    assert_eq!(outcome.last_seq, 2);
    stand.end().await;
}

#[tokio::test]
async fn an_unknown_practice_is_said_and_leaves_nothing() {
    let stand = Stand::new().await;
    let mut pen = desk(1);
    let nowhere = PracticeId(id(77));
    let refused = stand
        .db
        .accept_batch(nowhere, pen.device, vec![pen.write(register(10))])
        .await;
    assert_eq!(refused, Err(db::DbError::NoSuchPractice(nowhere)));
    assert_eq!(stand.count("SELECT count(*) FROM app.device_cursor").await, 0);
    stand.end().await;
}

#[tokio::test]
async fn a_service_says_the_same_twice_and_it_counts_once() {
    let stand = Stand::new().await;
    let seed = |extra: u128| -> Vec<db::ServiceCommand> {
        (0..250u128)
            .chain([extra])
            .map(|n| {
                let own = CommandId(id(0x8000 + n));
                db::ServiceCommand::new(own, register(3000 + n), at("2026-03-01T08:00:00Z"))
            })
            .collect()
    };
    let first = stand
        .db
        .commit_as_service(practice(), seed(250), "Seed")
        .await
        .unwrap();
    assert_eq!((first.results.len(), first.head, first.changed), (251, 251, true));
    let again = stand
        .db
        .commit_as_service(practice(), seed(251), "Seed")
        .await
        .unwrap();
    assert_eq!(
        again.results.iter().filter(|receipt| !receipt.duplicate).count(),
        1
    );
    assert!(
        again
            .results
            .iter()
            .all(|receipt| receipt.status == ReceiptStatus::Applied)
    );
    assert_eq!((again.head, again.last_seq), (252, 252));
    let other = db::ServiceCommand::new(CommandId(id(0x8000)), register(9999), at("2026-03-01T08:00:00Z"));
    let other = stand
        .db
        .commit_as_service(practice(), vec![other], "Seed")
        .await
        .unwrap();
    assert_eq!(code(&other.results[0]), Some(RefusalCode::DifferentContent));
    let names: Vec<Row> = stand.db.all_rows(practice(), Entity::Patient).await.unwrap();
    assert_eq!(names.len(), 252);
    assert_eq!(
        stand
            .count("SELECT count(*) FROM app.audit_event WHERE actor_kind = 'service'")
            .await,
        253
    );
    stand.end().await;
}
