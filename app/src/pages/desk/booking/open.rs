//! The appointment book of this device: the rows that open times are computed from, without copying them.

use crate::state::Engine;
use chrono::{DateTime, Datelike, Utc};
use domain::id::SiteId;
use domain::row::{Entity, Key, Row};
use domain::schedule::SiteClock;
use domain::schedule::book::Book;

/// What a book is made of.
pub const OF: [Entity; 11] = [
    Entity::VisitType,
    Entity::Practitioner,
    Entity::PractitionerTerms,
    Entity::SiteClock,
    Entity::SiteTravel,
    Entity::Resource,
    Entity::Schedule,
    Entity::ScheduleOverride,
    Entity::Closure,
    Entity::SlotLease,
    Entity::Busy,
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
    let day = |at: DateTime<Utc>| at.date_naive().num_days_from_ce();
    let found = engine.with_rows(&OF, |device| {
        let view = device.view();
        let settings = OF.iter().filter(|entity| **entity != Entity::Busy);
        let taken = (view.on(Entity::Busy, day(from)..=day(until)))
            .filter(|row| matches!(row, Row::Busy(busy) if busy.overlaps(from, until)));
        let rows = settings.flat_map(|entity| view.all(*entity)).chain(taken);
        ask(&Book::of(rows, now))
    });
    found.unwrap_or_default()
}
