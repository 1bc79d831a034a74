//! Where patients belong: now, and what became of it since a revision.

use crate::error::{DbError, Result};
use crate::table::{self, Text};
use crate::tx::PracticeTx;
use domain::id::PatientId;
use domain::patients::Membership;
use domain::row::{Entity, Key, Row};
use std::collections::{BTreeMap, BTreeSet};
use sync::visible::Moved;
use uuid::Uuid;

/// Whose membership changed after a revision: as it was there, and each as it was changed.
pub(crate) async fn moved_since(tx: &mut PracticeTx, from: u64) -> Result<Vec<Moved>> {
    let practice = tx.practice();
    let since: Vec<(i64, Uuid, Text, bool)> = sqlx::query_as(
        "SELECT c.rev, c.patient_id, c.body, EXISTS (
            SELECT 1 FROM app.change p WHERE p.practice_id = c.practice_id AND p.rev = c.rev
                AND p.entity = 'patient' AND p.entity_id = c.patient_id)
         FROM app.change c
         WHERE c.practice_id = $1 AND c.rev > $2 AND c.entity = 'membership' ORDER BY c.rev, c.ord",
    )
    .bind(practice.0)
    .bind(from as i64)
    .fetch_all(tx.connection())
    .await?;
    if since.is_empty() {
        return Ok(Vec::new());
    }
    let patients: BTreeSet<Uuid> = since.iter().map(|(_, patient, ..)| *patient).collect();
    let before: Vec<(Uuid, Text)> = sqlx::query_as(
        "SELECT DISTINCT ON (patient_id) patient_id, body FROM app.change
         WHERE practice_id = $1 AND rev <= $2 AND entity = 'membership' AND patient_id = ANY($3)
         ORDER BY patient_id, rev DESC, ord DESC",
    )
    .bind(practice.0)
    .bind(from as i64)
    .bind(patients.into_iter().collect::<Vec<_>>())
    .fetch_all(tx.connection())
    .await?;
    let mut moved: BTreeMap<Uuid, Moved> = BTreeMap::new();
    for (patient, body) in before {
        let entry = moved.entry(patient).or_insert_with(|| still(patient));
        entry.before = Some(read_membership(&body)?);
    }
    for (_, patient, body, with_record) in since {
        let entry = moved.entry(patient).or_insert_with(|| still(patient));
        entry.registered |= with_record && entry.before.is_none() && entry.since.is_empty();
        entry.since.push(read_membership(&body)?);
    }
    Ok(moved.into_values().collect())
}

fn still(patient: Uuid) -> Moved {
    Moved {
        patient: PatientId(patient),
        before: None,
        since: Vec::new(),
        registered: false,
    }
}

fn read_membership(body: &Text) -> Result<Membership> {
    match table::read_row(Entity::Membership, body)? {
        Row::Membership(membership) => Ok(membership),
        other => Err(DbError::Unreadable(other.entity())),
    }
}

/// Where some patients belong now.
pub(crate) async fn memberships(
    tx: &mut PracticeTx,
    patients: &BTreeSet<PatientId>,
) -> Result<BTreeMap<PatientId, Membership>> {
    let keys = patients
        .iter()
        .map(|patient| Key::Row(Entity::Membership, patient.0));
    let practice = tx.practice();
    let rows = table::load(tx.connection(), practice, &keys.collect(), table::Lock::No).await?;
    let found = rows.all(Entity::Membership).filter_map(|row| match row {
        Row::Membership(membership) => Some((membership.patient_id, membership.clone())),
        _ => None,
    });
    Ok(found.collect())
}
