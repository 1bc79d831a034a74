//! Which changes a device is sent. The database and the simulator hand in what they know; the rule is here, once.
//!
//! Who is in scope is asked of the memberships of today. A patient whose membership changed after the cursor is sent
//! whole, or evicted, as they are today; an answer that does so reaches to the newest revision, because a page that
//! ended earlier would be followed by rows that are older than those.

use crate::wire::{Change, Cursor};
use domain::id::PatientId;
use domain::patients::Membership;
use domain::row::{Distribution, Entity, Row};
use domain::scope::{Scope, in_scope, open_at, took_place};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Where an answer begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// After this revision.
    After(u64),
    /// At the beginning: the device has nothing, or nothing that it may keep (`reset`).
    Beginning {
        /// It has something, of another history or scope, or from before what the log still tells.
        reset: bool,
    },
}

/// Where an answer begins. `horizon` is the revision up to which the log was compacted: of each membership, and of
/// nothing else, the newest change up to there is kept. When a snapshot is offered within the cursor's own history, it
/// must not be older than the cursor.
pub fn stand(cursor: Option<&Cursor>, epoch: Uuid, scope: &str, horizon: u64) -> Stand {
    match cursor {
        None => Stand::Beginning { reset: false },
        Some(cursor) if cursor.epoch == epoch && cursor.scope == scope && cursor.rev >= horizon => {
            Stand::After(cursor.rev)
        }
        Some(_) => Stand::Beginning { reset: true },
    }
}

/// A patient whose membership changed after the revision where an answer begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// Whom.
    pub patient: PatientId,
    /// As it was there; nothing when there was none.
    pub before: Option<Membership>,
    /// Each as it was changed, up to the newest revision; never empty.
    pub since: Vec<Membership>,
    /// Whether the first of them came with the record itself: the same revision wrote the patient, too.
    pub registered: bool,
}

/// Who comes and who goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moves {
    /// Left the scope, or touched it and is outside now.
    pub evict: Vec<PatientId>,
    /// Came into the scope, or was outside for a while.
    pub gained: Vec<PatientId>,
}

impl Moves {
    /// Whether nobody does: only then may an answer end before the newest revision.
    pub fn is_empty(&self) -> bool {
        self.evict.is_empty() && self.gained.is_empty()
    }
}

/// Who comes and who goes, for a scope.
pub fn moves(scope: &Scope, moved: &[Moved]) -> Moves {
    let mut moves = Moves::default();
    for Moved {
        patient,
        before,
        since,
        registered,
    } in moved
    {
        let was_there = before.is_some() || !registered;
        let before = was_there.then(|| scope.holds(before.as_ref()));
        let mut held = before
            .into_iter()
            .chain(since.iter().map(|membership| scope.holds(Some(membership))));
        let Some(first) = held.next() else { continue };
        let (mut last, mut wavered) = (first, false);
        for now in held {
            wavered |= now != first;
            last = now;
        }
        match (wavered, last) {
            (true, true) => moves.gained.push(*patient),
            (true, false) => moves.evict.push(*patient),
            (false, _) => {}
        }
    }
    moves
}

/// The moves that a list of changes tells, for whoever has them all at hand: `before` gives the membership at the
/// revision where they begin.
pub fn moved<'a>(
    changes: impl Iterator<Item = &'a Change>,
    before: impl Fn(PatientId) -> Option<Membership>,
) -> Vec<Moved> {
    let mut found: BTreeMap<PatientId, (u64, Moved)> = BTreeMap::new();
    let mut written: Vec<(u64, PatientId)> = Vec::new();
    for change in changes {
        match &change.row {
            Row::Patient(patient) => written.push((change.rev, patient.id)),
            Row::Membership(membership) => {
                let patient = membership.patient_id;
                let (_, moved) = found.entry(patient).or_insert_with(|| {
                    let moved = Moved {
                        patient,
                        before: before(patient),
                        since: Vec::new(),
                        registered: false,
                    };
                    (change.rev, moved)
                });
                moved.since.push(membership.clone());
            }
            _ => {}
        }
    }
    let registered = |rev: u64, patient: PatientId| written.contains(&(rev, patient));
    let with = |(rev, moved): (u64, Moved)| Moved {
        registered: moved.before.is_none() && registered(rev, moved.patient),
        ..moved
    };
    found.into_values().map(with).collect()
}

/// What is left of a page of changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sifted {
    /// To be sent.
    pub changes: Vec<Change>,
    /// Rows that may be there and are in scope no more.
    pub evict_rows: Vec<(Entity, Uuid)>,
}

/// Sifts a page of changes. `holds` is the role's part of the rule, `membership` that of today; `joined` says whether a
/// patient's record was ever joined with another: what is out of scope may then have been in the other's.
pub fn sift(
    scope: &Scope,
    holds: impl Fn(Entity) -> bool,
    membership: impl Fn(PatientId) -> Option<Membership>,
    joined: impl Fn(PatientId) -> bool,
    page: impl IntoIterator<Item = Change>,
) -> Sifted {
    let mut sifted = Sifted::default();
    let mut gone: BTreeMap<(Entity, Uuid), bool> = BTreeMap::new();
    for change in page {
        let (entity, id) = (change.row.entity(), change.row.id());
        if !holds(entity) {
            continue;
        }
        let of = change.row.patient_id().and_then(&membership);
        if in_scope(scope, &change.row, of.as_ref()) {
            gone.insert((entity, id), false);
            sifted.changes.push(change);
        } else if may_have_left(scope, &change.row) || change.row.patient_id().is_some_and(&joined) {
            gone.insert((entity, id), true);
        }
    }
    // What came and left within the page is not sent at all.
    let left = |row: &Row| gone.get(&(row.entity(), row.id())) == Some(&true);
    sifted.changes.retain(|change| !left(&change.row));
    let gone = gone.into_iter().filter(|(_, gone)| *gone);
    sifted.evict_rows = gone.map(|(row, _)| row).collect();
    sifted
}

/// Whether a row that is out of scope may have been in it before this very change: work that was open where the device
/// stands, a visit there, or answers that were nobody's.
fn may_have_left(scope: &Scope, row: &Row) -> bool {
    match row.entity().distribution() {
        Distribution::Practice => false,
        Distribution::OpenWork => open_at(row).is_none(),
        Distribution::Visit => took_place(scope, row),
        Distribution::Patient => row.entity() == Entity::QuestionnaireResponse,
    }
}

/// The rows of one patient who moved that are in scope now; for one who left, work that is still open here.
pub fn come_in<'a>(
    scope: &Scope,
    holds: impl Fn(Entity) -> bool,
    membership: Option<&Membership>,
    rows: impl Iterator<Item = &'a Row>,
) -> Vec<Row> {
    rows.filter(|row| holds(row.entity()))
        .filter(|row| row.entity().distribution() != Distribution::Practice)
        .filter(|row| in_scope(scope, row, membership))
        .cloned()
        .collect()
}
