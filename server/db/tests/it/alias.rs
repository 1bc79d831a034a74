//! Two records that were joined, on Postgres: what is said of either goes where it is meant, within a push, too.

use crate::scope::{cover, give};
use crate::stand::*;
use domain::command::Command;
use domain::id::*;
use domain::patients::{MergePatients, UnmergePatients};
use domain::row::{Entity, Row};

/// Of the n-th coverage that was entered for the second record.
async fn whose(stand: &Stand, n: u128) -> Option<PatientId> {
    match stand.rows().await.row(Entity::Coverage, id(9000 + 11 * 10 + n)) {
        Some(Row::Coverage(coverage)) => Some(coverage.patient_id),
        _ => None,
    }
}

#[tokio::test]
async fn what_is_said_of_a_joined_record_is_the_survivors_until_the_same_push_takes_them_apart() {
    let stand = Stand::new().await;
    let mut pen = desk(1);
    let (keep, other) = (PatientId(id(10)), PatientId(id(11)));
    let merge = Command::MergePatients(MergePatients {
        keep,
        other,
        take: Vec::new(),
    });
    give(&stand, &mut pen, vec![register(10), register(11), cover(11, 1)]).await;
    // In the push that joins them, and in one after it.
    give(&stand, &mut pen, vec![merge, cover(11, 2)]).await;
    give(&stand, &mut pen, vec![cover(11, 3)]).await;
    for n in [1, 2, 3] {
        assert_eq!(whose(&stand, n).await, Some(keep), "coverage {n}");
    }
    // What is entered after the taking apart is the other's, though the push began while they were one.
    let apart = Command::UnmergePatients(UnmergePatients {
        patient_id: keep,
        other,
    });
    give(&stand, &mut pen, vec![cover(11, 4), apart, cover(11, 5)]).await;
    let expected = [(1, other), (2, keep), (3, keep), (4, keep), (5, other)];
    for (n, patient) in expected {
        assert_eq!(whose(&stand, n).await, Some(patient), "coverage {n}");
    }
    stand.end().await;
}
