//! The appointment book of this device: the rows that open times are computed from, without copying them.

use crate::state::Engine;
use chrono::{DateTime, Utc};
use domain::id::SiteId;
use domain::row::{Entity, Key, Row};
use domain::schedule::SiteClock;
use domain::schedule::book::Book;

/// What a book is made of, besides whose time is taken.
const SETTINGS: [Entity; 9] = [
    Entity::VisitType,
    Entity::Practitioner,
    Entity::PractitionerTerms,
    Entity::SiteClock,
    Entity::SiteTravel,
    Entity::Resource,
    Entity::Schedule,
    Entity::ScheduleOverride,
    Entity::Closure,
];

/// A site's clock, once it is here.
pub fn clock(engine: &Engine, site: SiteId) -> Option<SiteClock> {
    match engine.get(Key::Row(Entity::SiteClock, site.0)).into_iter().next() {
        Some(Row::SiteClock(clock)) => Some(clock),
        _ => None,
    }
}

/// Asks the book about a span. What is taken outside of it is left out, so ask about days, not about minutes.
pub fn with_book<T: Default>(
    engine: &Engine,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    ask: impl FnOnce(&Book<'_>) -> T,
) -> T {
    let now = engine.ports.clock.now();
    let found = engine.with_device(|device| {
        let near = |row: &&Row| match row {
            Row::Busy(busy) => busy.overlaps(from, until),
            _ => true,
        };
        let rows = (SETTINGS.iter().copied())
            .chain([Entity::SlotLease, Entity::Busy])
            .flat_map(|entity| {
                let below = (device.confirmed.all(entity))
                    .filter(move |row| device.overlay.row(entity, row.id()).is_none());
                below.chain(device.overlay.all(entity))
            })
            .filter(near);
        ask(&Book::of(rows, now))
    });
    found.unwrap_or_default()
}
