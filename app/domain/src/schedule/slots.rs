//! Open slots: computed from templates and what is taken, never stored.

use super::book::{Ask, Book, Day};
use super::clock::SiteClock;
use super::place::Resource;
use super::visit_type::VisitType;
use crate::id::*;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What someone looks for.
#[derive(Clone, Debug)]
pub struct Search {
    /// For what.
    pub visit_type_id: VisitTypeId,
    /// With any of these.
    pub practitioner_ids: Vec<PractitionerId>,
    /// At any of these.
    pub site_ids: Vec<SiteId>,
    /// First day, by each site's own wall.
    pub from_on: NaiveDate,
    /// Last day.
    pub until_on: NaiveDate,
    /// Whether the practitioner may be anywhere, and no room is needed.
    pub video: bool,
    /// Now: nothing is offered sooner than such visits are booked, and nothing later.
    pub now: DateTime<Utc>,
    /// Who asks; what is leased to others is not offered.
    pub device_id: Option<DeviceId>,
    /// Whose own time is not in the way, when it is about to move.
    pub appointment_id: Option<AppointmentId>,
}

/// A time that can be booked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenSlot {
    /// When it begins.
    pub start_at: DateTime<Utc>,
    /// When it ends.
    pub end_at: DateTime<Utc>,
    /// With whom.
    pub practitioner_id: PractitionerId,
    /// Where.
    pub site_id: SiteId,
    /// With which rooms and devices.
    pub resource_ids: Vec<ResourceId>,
}

/// Every open slot of a search, the earliest first.
pub fn open_slots(book: &Book<'_>, search: &Search) -> Vec<OpenSlot> {
    first_available(book, search, usize::MAX)
}

/// The first open slots across practitioners and sites, the earliest first.
pub fn first_available(book: &Book<'_>, search: &Search, most: usize) -> Vec<OpenSlot> {
    let mut found = Vec::new();
    let Some(kind) = book.visit_types.get(&search.visit_type_id).filter(|t| t.active) else {
        return found;
    };
    let last = search.now + Duration::days(i64::from(kind.horizon_days));
    let mut day = search.from_on;
    // Sites in other zones begin a day at other instants: once there are enough, one more day may have an earlier one.
    let mut enough = false;
    while day <= search.until_on && !enough {
        enough = found.len() >= most;
        for site in &search.site_ids {
            let Some(clock) = book.clocks.get(site) else {
                continue;
            };
            if clock.at_minute(day, 0) > last {
                continue;
            }
            for practitioner in &search.practitioner_ids {
                of_practitioner(book, search, kind, clock, (*practitioner, *site, day), &mut found);
            }
        }
        let Some(next) = day.succ_opt() else { break };
        day = next;
    }
    found.sort_unstable();
    found.truncate(most);
    found
}

fn of_practitioner(
    book: &Book<'_>,
    search: &Search,
    kind: &VisitType,
    clock: &SiteClock,
    (practitioner, site, on): (PractitionerId, SiteId, NaiveDate),
    found: &mut Vec<OpenSlot>,
) {
    let works_here = book
        .practitioners
        .get(&practitioner)
        .is_some_and(|row| row.active && row.site_ids.contains(&site));
    let Some(day) = book.day(practitioner, site, on).filter(|_| works_here) else {
        return;
    };
    let earliest = search.now + Duration::minutes(i64::from(kind.lead_minutes));
    let latest = search.now + Duration::days(i64::from(kind.horizon_days));
    let length = Duration::minutes(i64::from(kind.minutes));
    for start_at in starts(&day, kind) {
        if start_at < earliest || latest < start_at || clock.day(start_at) != on {
            continue;
        }
        let ask = Ask {
            appointment_id: search.appointment_id,
            visit_type: kind,
            site_id: site,
            start_at,
            end_at: start_at + length,
            video: search.video,
            device_id: search.device_id,
        };
        // Most of what is not open is taken, and that is soon seen.
        if kind.capacity == 1
            && book
                .taken(practitioner.0, ask.span(), ask.appointment_id)
                .next()
                .is_some()
        {
            continue;
        }
        let mut open = true;
        book.practitioner(practitioner, &day, &ask, |_| open = false);
        if !open {
            continue;
        }
        if let Some(resource_ids) = resources(book, &ask) {
            found.push(OpenSlot {
                start_at,
                end_at: ask.end_at,
                practitioner_id: practitioner,
                site_id: site,
                resource_ids,
            });
        }
    }
}

/// Where visits may begin: on the grid of each block, counted in time that passes from its beginning.
fn starts(day: &Day<'_>, kind: &VisitType) -> BTreeSet<DateTime<Utc>> {
    let step = Duration::minutes(i64::from(kind.grid_minutes.max(1)));
    let mut starts = BTreeSet::new();
    for hours in day.hours().iter().filter(|hours| hours.block.takes(kind.id)) {
        let mut at = hours.from_at;
        while at < hours.until_at {
            starts.insert(at);
            at += step;
        }
    }
    starts
}

/// One free resource of each kind that is needed; nothing when one is missing. A screen needs no room.
pub fn resources(book: &Book<'_>, ask: &Ask<'_>) -> Option<Vec<ResourceId>> {
    if ask.video {
        return Some(Vec::new());
    }
    let chosen = rooms_for(book, ask, &[]);
    (chosen.len() == ask.visit_type.resource_kinds.len()).then_some(chosen)
}

/// A free resource of each kind that is needed, as far as there is one: those that are preferred before others.
pub fn rooms_for(book: &Book<'_>, ask: &Ask<'_>, preferred: &[ResourceId]) -> Vec<ResourceId> {
    let mut chosen: Vec<ResourceId> = Vec::new();
    if ask.video {
        return chosen;
    }
    let here = book.resources.get(&ask.site_id).map_or(&[][..], Vec::as_slice);
    for kind in &ask.visit_type.resource_kinds {
        let free = |room: &&&Resource| is_free(book, room.id.0, ask);
        let fitting = || {
            let fits = |room: &&&Resource| room.active && room.kind == *kind && !chosen.contains(&room.id);
            here.iter().filter(fits)
        };
        let wanted = fitting().filter(|room| preferred.contains(&room.id)).find(free);
        if let Some(room) = wanted.or_else(|| fitting().find(free)) {
            chosen.push(room.id);
        }
    }
    chosen
}

/// Whether nothing and nobody has a resource then.
pub(super) fn is_free(book: &Book<'_>, resource: Uuid, ask: &Ask<'_>) -> bool {
    book.taken(resource, ask.span(), ask.appointment_id)
        .next()
        .is_none()
        && !book.leased_elsewhere(resource, ask.span(), ask.device_id)
}
