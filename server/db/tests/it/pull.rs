//! What changed: all of it, in order, and no more than the role may hold.

use crate::stand::people::*;
use crate::stand::*;
use domain::access::Role;
use domain::command::Command;
use domain::id::*;
use domain::patients::*;
use domain::row::{Compartment, Entity, Rows};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use sync::wire::{Cursor, PullResponse};

const WRITERS: usize = 8;

async fn pull(stand: &Stand, role: Role, cursor: Option<Cursor>, max: u32) -> PullResponse {
    stand.pull(role, cursor, max).await
}

fn next(response: &PullResponse) -> Option<Cursor> {
    Some(Cursor {
        epoch: response.epoch,
        rev: response.to,
        scope: response.scope.clone(),
    })
}

#[tokio::test]
async fn eight_writers_and_a_reader_who_misses_nothing() {
    let stand = Stand::new().await;
    let left = Arc::new(AtomicUsize::new(WRITERS));
    let writers: Vec<_> = (0..WRITERS as u128)
        .map(|device| {
            let (db, left) = (stand.db.clone(), left.clone());
            tokio::spawn(async move {
                let mut pen = service(100 + device);
                for round in 0..15 {
                    let mine = 1000 + device * 100 + round;
                    let batch = vec![
                        pen.write(register(mine)),
                        pen.write(Command::SubmitIntake(submit(5000 + mine, elenas_submission()))),
                        pen.write(Command::AcceptIntake(domain::intake::AcceptIntake {
                            emergency_contact: true,
                            guarantor: true,
                            ..accept(5000 + mine, PatientId(id(mine)))
                        })),
                        pen.write(correct(
                            1000,
                            vec![change(PatientField::Suffix, Value::Null, "Jr.")],
                        )),
                    ];
                    db.accept_batch(practice(), pen.device, batch).await.unwrap();
                }
                left.fetch_sub(1, Ordering::SeqCst);
            })
        })
        .collect();

    let (mut fold, mut cursor, mut pulls) = (Rows::default(), None, 0);
    let (mut rev, mut last) = (0, (0, 0));
    loop {
        let over = left.load(Ordering::SeqCst) == 0;
        let response = pull(&stand, Role::Nurse, cursor, 7).await;
        pulls += 1;
        assert!(!response.reset);
        assert_eq!(response.from, rev, "windows meet");
        assert!(response.to >= response.from && response.to <= response.head);
        for change in response.changes.clone() {
            assert!((change.rev, change.ord + 1) > last, "in order");
            assert!(change.rev > response.from && change.rev <= response.to);
            last = (change.rev, change.ord + 1);
            fold.put(change.row);
        }
        // A revision comes whole: its changes are numbered from nought to the end.
        let ends = response
            .changes
            .windows(2)
            .filter(|pair| pair[0].rev != pair[1].rev);
        assert!(ends.into_iter().all(|pair| pair[1].ord == 0));
        (rev, cursor) = (response.to, next(&response));
        assert_eq!(response.more, response.to < response.head);
        if over && !response.more {
            break;
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(rev, (WRITERS * 15 * 4) as u64);
    assert!(pulls > 50);
    assert!(fold == stand.rows().await);
    stand.end().await;
}

#[tokio::test]
async fn a_role_gets_the_rows_it_may_hold_and_the_whole_history_passes() {
    let stand = Stand::new().await;
    let mut pen = service(1);
    let batch = vec![
        pen.write(register(10)),
        pen.write(Command::SubmitIntake(submit(40, elenas_submission()))),
        pen.write(Command::RecordRelatedPerson(related(
            20,
            PatientId(id(10)),
            vec![],
        ))),
        pen.write(register(11)),
        pen.write(Command::RecordRelatedPerson(related(
            21,
            PatientId(id(10)),
            vec![],
        ))),
    ];
    stand
        .db
        .accept_batch(practice(), pen.device, batch)
        .await
        .unwrap();
    for role in Role::ALL {
        for max in [1, 2, 100] {
            let (mut cursor, mut got) = (None, Vec::new());
            loop {
                let response = pull(&stand, role, cursor, max).await;
                got.extend(response.changes.iter().map(|change| change.row.entity()));
                cursor = next(&response);
                if !response.more {
                    assert_eq!(response.to, 5);
                    break;
                }
            }
            assert!(
                got.iter().all(|entity| role.may_hold(*entity)),
                "{role:?} {got:?}"
            );
            let holds = |compartment| role.compartments().contains(&compartment);
            let expected = 2 * usize::from(holds(Compartment::Index))
                + 3 * usize::from(holds(Compartment::Administrative))
                + usize::from(holds(Compartment::Clinical));
            assert_eq!(got.len(), expected, "{role:?} at most {max}");
            assert_eq!(
                got.contains(&Entity::QuestionnaireResponse),
                holds(Compartment::Clinical)
            );
        }
    }
    let audited = stand
        .count("SELECT count(*) FROM app.audit_event WHERE action = 'pull' AND role = 'kiosk'")
        .await;
    assert_eq!(audited, 0);
    assert!(
        stand
            .count("SELECT count(*) FROM app.audit_event WHERE action = 'pull'")
            .await
            > 0
    );
    stand.end().await;
}

#[tokio::test]
async fn a_cursor_from_the_future_begins_one_new_history() {
    let stand = Stand::new().await;
    let mut pen = desk(1);
    stand
        .db
        .accept_batch(practice(), pen.device, vec![pen.write(register(10))])
        .await
        .unwrap();
    let first = pull(&stand, Role::FrontDesk, None, 100).await;
    assert!(!first.reset);

    let ahead = Some(Cursor {
        epoch: first.epoch,
        rev: first.head + 5,
        scope: first.scope.clone(),
    });
    let together =
        futures::future::join_all((0..6).map(|_| pull(&stand, Role::FrontDesk, ahead.clone(), 100))).await;
    for response in &together {
        assert!(response.reset && response.epoch != first.epoch);
        assert_eq!((response.from, response.to, response.changes.len()), (0, 1, 1));
        assert_eq!(response.epoch, together[0].epoch);
    }
    assert_eq!(
        stand
            .count("SELECT count(*) FROM app.audit_event WHERE action = 'new_epoch'")
            .await,
        1
    );

    // Whoever comes with the old history starts over; whoever has the new one goes on.
    let old = pull(&stand, Role::FrontDesk, next(&first), 100).await;
    assert!(old.reset && old.changes.len() == 1);
    let on = pull(&stand, Role::FrontDesk, next(&old), 100).await;
    assert!(!on.reset && on.changes.is_empty());
    let outcome = stand
        .db
        .accept_batch(practice(), pen.device, vec![pen.write(register(11))])
        .await
        .unwrap();
    assert_eq!((outcome.epoch, outcome.last_seq), (on.epoch, 2));
    stand.end().await;
}

#[tokio::test]
async fn the_durable_revision_only_goes_forward_and_is_told() {
    let stand = Stand::new().await;
    let mut pen = desk(1);
    let batch = vec![pen.write(register(10)), pen.write(register(11))];
    stand
        .db
        .accept_batch(practice(), pen.device, batch)
        .await
        .unwrap();
    for (said, kept) in [(1, 1), (0, 1), (99, 2)] {
        stand.db.set_durable_rev(practice(), said).await.unwrap();
        assert_eq!(pull(&stand, Role::Nurse, None, 100).await.durable_rev, kept);
    }
    assert_eq!(stand.db.heads().await.unwrap()[0].2, 2);
    stand.end().await;
}
