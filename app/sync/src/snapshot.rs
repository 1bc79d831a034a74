//! Snapshots: everything of a scope at a revision, cut into parts in the order in which they are of use.

use crate::sha256_hex;
use crate::wire::ChunkInfo;
use domain::id::PatientId;
use domain::patients::Membership;
use domain::row::{Distribution, Entity, Row};
use domain::scope::{Scope, in_scope, open_at};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of one part, before it is compressed.
pub const CHUNK_BYTES: usize = 1024 * 1024;

/// One part: what the manifest says of it, and its body.
#[derive(Clone, PartialEq)]
pub struct Chunk {
    /// For the manifest.
    pub info: ChunkInfo,
    /// Rows as JSON, one a line.
    pub body: Vec<u8>,
}

/// Of all rows, those that a scope and a role may hold.
pub fn held<'a>(rows: &'a [Row], scope: &Scope, holds: impl Fn(Entity) -> bool) -> Vec<&'a Row> {
    let memberships: BTreeMap<PatientId, &Membership> = rows
        .iter()
        .filter_map(|row| match row {
            Row::Membership(membership) => Some((membership.patient_id, membership)),
            _ => None,
        })
        .collect();
    let belongs = |row: &Row| {
        row.patient_id()
            .and_then(|patient| memberships.get(&patient).copied())
    };
    rows.iter()
        .filter(|row| holds(row.entity()) && in_scope(scope, row, belongs(row)))
        .collect()
}

/// Cuts the rows that a scope and a role may hold into parts: settings and people, where patients belong, open work
/// and whom it is about, other patients, and the rest.
pub fn plan(rows: &[Row], scope: &Scope, holds: impl Fn(Entity) -> bool, max_bytes: usize) -> Vec<Chunk> {
    let mut kept = held(rows, scope, holds);
    let waiting: BTreeSet<PatientId> = kept
        .iter()
        .filter(|row| open_at(row).is_some())
        .filter_map(|row| row.patient_id())
        .collect();
    kept.sort_by_cached_key(|row| (rank(row, &waiting), row.entity(), row.id()));
    let mut chunks = Vec::new();
    let (mut body, mut count) = (Vec::new(), 0u32);
    for row in kept {
        let Ok(line) = serde_json::to_vec(row) else {
            continue;
        };
        if count > 0 && body.len() + line.len() >= max_bytes {
            chunks.push(chunk(std::mem::take(&mut body), std::mem::take(&mut count)));
        }
        body.extend(line);
        body.push(b'\n');
        count += 1;
    }
    // Even nothing is a part: its last one is what moves the cursor.
    if count > 0 || chunks.is_empty() {
        chunks.push(chunk(body, count));
    }
    chunks
}

fn chunk(body: Vec<u8>, rows: u32) -> Chunk {
    Chunk {
        info: ChunkInfo {
            rows,
            bytes: body.len() as u64,
            sha256: sha256_hex(&body),
        },
        body,
    }
}

fn rank(row: &Row, waiting: &BTreeSet<PatientId>) -> u8 {
    let waits = row.patient_id().is_some_and(|patient| waiting.contains(&patient));
    match (row, row.entity().distribution()) {
        (Row::Membership(_), _) => 1,
        (Row::Patient(_), _) => 3 - u8::from(waits),
        (row, _) if open_at(row).is_some() => 2,
        (Row::PatientLink(_), _) => 4,
        (_, Distribution::Practice) => 0,
        (_, Distribution::Patient | Distribution::OpenWork | Distribution::Visit) => 4,
    }
}
