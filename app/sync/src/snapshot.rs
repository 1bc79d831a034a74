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

/// Whether rows of a kind have to be known before the first part is cut. The others are the larger half, all of it "the
/// rest": they can be cut while they are being read.
pub fn comes_first(entity: Entity) -> bool {
    entity.distribution() != Distribution::Patient
}

/// Cuts the rows that a scope and a role may hold into parts: settings and people, where patients belong, open work
/// and whom it is about, other patients, and the rest.
pub fn plan(rows: &[Row], scope: &Scope, holds: impl Fn(Entity) -> bool, max_bytes: usize) -> Vec<Chunk> {
    let (first, mut rest): (Vec<Row>, Vec<Row>) =
        rows.iter().cloned().partition(|row| comes_first(row.entity()));
    rest.sort_by_key(|row| (row.entity(), row.id()));
    let (mut plan, mut chunks) = Plan::begin(first, scope.clone(), holds, max_bytes);
    chunks.extend(rest.iter().filter_map(|row| plan.add(row)));
    chunks.extend(plan.end());
    chunks
}

/// A plan that is being made.
pub struct Plan<H> {
    scope: Scope,
    holds: H,
    memberships: BTreeMap<PatientId, Membership>,
    max_bytes: usize,
    body: Vec<u8>,
    count: u32,
    cut: bool,
}

impl<H: Fn(Entity) -> bool> Plan<H> {
    /// With every row of the kinds that [come first](comes_first), of which these are the first parts.
    pub fn begin(first: Vec<Row>, scope: Scope, holds: H, max_bytes: usize) -> (Self, Vec<Chunk>) {
        let mut kept = held(&first, &scope, &holds);
        let waiting: BTreeSet<PatientId> = kept
            .iter()
            .filter(|row| open_at(row).is_some())
            .filter_map(|row| row.patient_id())
            .collect();
        kept.sort_by_cached_key(|row| (rank(row, &waiting), row.entity(), row.id()));
        let memberships = first.iter().filter_map(|row| match row {
            Row::Membership(membership) => Some((membership.patient_id, membership.clone())),
            _ => None,
        });
        let mut plan = Plan {
            memberships: memberships.collect(),
            scope,
            holds,
            max_bytes,
            body: Vec::new(),
            count: 0,
            cut: false,
        };
        let chunks = kept.into_iter().filter_map(|row| plan.put(row)).collect();
        (plan, chunks)
    }

    /// Adds a row of another kind; the kinds in their order, and the rows in that of their ids. Gives a part that is full.
    pub fn add(&mut self, row: &Row) -> Option<Chunk> {
        let patient = row.patient_id();
        let membership = patient.and_then(|patient| self.memberships.get(&patient));
        if (self.holds)(row.entity()) && in_scope(&self.scope, row, membership) {
            self.put(row)
        } else {
            None
        }
    }

    /// The last part. Even nothing is a part: its last one is what moves the cursor.
    pub fn end(mut self) -> Option<Chunk> {
        (self.count > 0 || !self.cut).then(|| self.take())
    }

    fn put(&mut self, row: &Row) -> Option<Chunk> {
        let before = self.body.len();
        if serde_json::to_writer(&mut self.body, row).is_err() {
            self.body.truncate(before);
            return None;
        }
        self.body.push(b'\n');
        let full = self.count > 0 && self.body.len() > self.max_bytes;
        let chunk = full.then(|| {
            let next = self.body.split_off(before);
            let chunk = self.take();
            self.body = next;
            chunk
        });
        self.count += 1;
        chunk
    }

    fn take(&mut self) -> Chunk {
        self.cut = true;
        let body = std::mem::replace(&mut self.body, Vec::with_capacity(self.max_bytes));
        Chunk {
            info: ChunkInfo {
                rows: std::mem::take(&mut self.count),
                bytes: body.len() as u64,
                sha256: sha256_hex(&body),
            },
            body,
        }
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
