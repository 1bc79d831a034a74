//! Rows in memory, found by their ids, by what they are about, and by the day.

use crate::id::PatientId;
use crate::row::{Entity, Key, Row, View};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use uuid::Uuid;

/// Rows in memory: the device's replica, the server's batch, and every test.
#[derive(Clone, Default, PartialEq)]
pub struct Rows {
    rows: BTreeMap<(Entity, Uuid), Row>,
    /// Ids under every key that finds several.
    by_key: BTreeMap<Key, Vec<(Entity, Uuid)>>,
    /// Ids of what is on a day, counted from the year 1.
    by_day: BTreeMap<(Entity, i32), Vec<Uuid>>,
}

impl Rows {
    /// Adds or replaces one row.
    pub fn put(&mut self, row: Row) {
        let key = (row.entity(), row.id());
        // It may have been about someone else, or nobody, before.
        self.remove(key.0, key.1);
        for found_by in row.keys() {
            let ids = self.by_key.entry(found_by).or_default();
            if let Err(at) = ids.binary_search(&key) {
                ids.insert(at, key);
            }
        }
        for day in row.days() {
            let ids = self.by_day.entry((key.0, day)).or_default();
            if let Err(at) = ids.binary_search(&key.1) {
                ids.insert(at, key.1);
            }
        }
        self.rows.insert(key, row);
    }

    /// Removes one row, when it left this device's scope.
    pub fn remove(&mut self, entity: Entity, id: Uuid) {
        let Some(row) = self.rows.remove(&(entity, id)) else {
            return;
        };
        for found_by in row.keys() {
            if let Some(ids) = self.by_key.get_mut(&found_by) {
                ids.retain(|known| *known != (entity, id));
                if ids.is_empty() {
                    self.by_key.remove(&found_by);
                }
            }
        }
        for day in row.days() {
            if let Some(ids) = self.by_day.get_mut(&(entity, day)) {
                ids.retain(|known| *known != id);
                if ids.is_empty() {
                    self.by_day.remove(&(entity, day));
                }
            }
        }
    }

    /// One row, borrowed.
    pub fn row(&self, entity: Entity, id: Uuid) -> Option<&Row> {
        self.rows.get(&(entity, id))
    }

    /// All rows of a kind, in the order of their ids.
    pub fn all(&self, entity: Entity) -> impl Iterator<Item = &Row> + use<'_> {
        self.rows
            .range((entity, Uuid::nil())..=(entity, Uuid::max()))
            .map(|(_, row)| row)
    }

    /// Rows of a kind that are on some days ([`Row::days`]), each once, the earliest first.
    pub fn on(&self, entity: Entity, days: RangeInclusive<i32>) -> impl Iterator<Item = &Row> + use<'_> {
        let first = *days.start();
        let found = (self.by_day.range((entity, first)..=(entity, *days.end())))
            .flat_map(|((_, day), ids)| ids.iter().map(move |id| (*day, *id)));
        found.filter_map(move |(day, id)| {
            let row = self.row(entity, id)?;
            // What takes several days is met on each of them.
            (day == (*row.days().start()).max(first)).then_some(row)
        })
    }

    /// All rows of a kind about one patient, borrowed.
    pub fn of_patient(&self, entity: Entity, patient: PatientId) -> impl Iterator<Item = &Row> {
        self.under(&Key::OfPatient(entity, patient))
    }

    /// All rows under a key that finds several, borrowed.
    fn under(&self, key: &Key) -> impl Iterator<Item = &Row> + use<'_> {
        let ids = self.by_key.get(key).into_iter().flatten();
        ids.filter_map(|id| self.rows.get(id))
    }

    /// Every row.
    pub fn iter(&self) -> impl Iterator<Item = &Row> {
        self.rows.values()
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl View for Rows {
    fn get(&self, key: &Key) -> Vec<Row> {
        match key {
            Key::Row(entity, id) => self.row(*entity, *id).cloned().into_iter().collect(),
            Key::OfPatient(..) | Key::Of(..) | Key::Agenda(..) => self.under(key).cloned().collect(),
        }
    }
}

/// Rows laid over other rows: pending commands over confirmed rows, or a batch's effects over the database's.
pub struct Over<'a, V> {
    /// What lies below.
    pub base: &'a V,
    /// What hides it.
    pub top: &'a Rows,
}

impl<'a> Over<'a, Rows> {
    /// One row, borrowed: the one above, if there is one.
    pub fn row(&self, entity: Entity, id: Uuid) -> Option<&'a Row> {
        self.top.row(entity, id).or_else(|| self.base.row(entity, id))
    }

    /// All rows of a kind, borrowed: those below that nothing hides, then those above.
    pub fn all(&self, entity: Entity) -> impl Iterator<Item = &'a Row> + use<'a> {
        let (base, top) = (self.base, self.top);
        let below = base
            .all(entity)
            .filter(move |row| top.row(entity, row.id()).is_none());
        below.chain(top.all(entity))
    }

    /// The same for rows that are on some days, without looking at the others ([`Rows::on`]).
    pub fn on(&self, entity: Entity, days: RangeInclusive<i32>) -> impl Iterator<Item = &'a Row> + use<'a> {
        let (base, top) = (self.base, self.top);
        let below = base.on(entity, days.clone());
        let below = below.filter(move |row| top.row(entity, row.id()).is_none());
        below.chain(top.on(entity, days))
    }
}

impl<V: View> View for Over<'_, V> {
    fn get(&self, key: &Key) -> Vec<Row> {
        let mut found: BTreeMap<Uuid, Row> = self
            .base
            .get(key)
            .into_iter()
            .map(|row| (row.id(), row))
            .collect();
        for (id, row) in found.iter_mut() {
            if let Some(newer) = self.top.row(row.entity(), *id) {
                *row = newer.clone();
            }
        }
        if !matches!(key, Key::Row(..)) {
            found.retain(|_, row| row.keys().contains(key));
        }
        for row in self.top.get(key) {
            found.insert(row.id(), row);
        }
        found.into_values().collect()
    }
}
