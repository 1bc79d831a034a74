//! Which kinds of rows a reading looked at, so that it is done again only when one of them changed.

use super::engine::Engine;
use domain::row::{Entity, Key, Rows};
use leptos::prelude::*;
use std::cell::RefCell;

const _: () = assert!(Entity::ALL.len() < 64, "a set of kinds is the bits of one number");

/// A set of kinds of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(u64);

impl Kinds {
    /// Every kind, and what is no row: the outbox, who is at work.
    pub const ALL: Kinds = Kinds(u64::MAX);

    /// These.
    pub fn of(entities: impl IntoIterator<Item = Entity>) -> Kinds {
        let all = entities.into_iter();
        all.fold(Kinds::default(), |set, one| set.and(Kinds(1 << one as u32)))
    }

    /// Of which there are rows.
    pub fn among(rows: &Rows) -> Kinds {
        let there = |entity: &Entity| rows.all(*entity).next().is_some();
        Kinds::of(Entity::ALL.iter().copied().filter(there))
    }

    /// Both.
    pub fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    fn each(self) -> impl Iterator<Item = usize> {
        (0..Entity::ALL.len()).filter(move |at| self.0 >> at & 1 == 1)
    }
}

/// How often rows of each kind changed, and what the readings that go on now have looked at.
pub(super) struct Followed {
    versions: Vec<RwSignal<u64>>,
    looked: RefCell<Vec<Kinds>>,
}

impl Followed {
    pub fn new() -> Self {
        Followed {
            versions: Entity::ALL.iter().map(|_| RwSignal::new(0)).collect(),
            looked: RefCell::default(),
        }
    }

    /// Rows of these kinds may be others now.
    pub fn changed(&self, kinds: Kinds) {
        for version in kinds.each().filter_map(|at| self.versions.get(at)) {
            version.update(|version| *version += 1);
        }
    }

    /// Whoever reads now looked at these.
    pub fn look(&self, kinds: Kinds) {
        if let Some(innermost) = self.looked.borrow_mut().last_mut() {
            *innermost = innermost.and(kinds);
        }
    }
}

/// The kind of row that is found under a key.
pub(super) fn under(key: &Key) -> Entity {
    match key {
        Key::Row(entity, _) | Key::OfPatient(entity, _) | Key::Of(entity, _) => *entity,
        Key::Agenda(..) => Entity::Busy,
    }
}

impl Engine {
    /// Reads something inside a memo or an effect, which then follows the kinds of rows that were looked at; everything,
    /// when it looked at more than rows, or at nothing that is known here.
    pub fn follow<T>(&self, read: impl FnOnce(&Engine) -> T) -> T {
        self.followed.looked.borrow_mut().push(Kinds::default());
        let out = read(self);
        let looked = self.followed.looked.borrow_mut().pop().unwrap_or(Kinds::ALL);
        if looked == Kinds::ALL || looked == Kinds::default() {
            self.version.track();
        } else {
            for version in looked.each().filter_map(|at| self.followed.versions.get(at)) {
                version.track();
            }
        }
        out
    }
}
