//! The appointment book: the rows that booking looks at, by what is asked of them.

use super::busy::{Busy, BusyStatus, lane};
use super::clock::SiteClock;
use super::findings::Finding;
use super::lease::SlotLease;
use super::place::{Resource, SiteTravel};
use super::template::{Closure, Hours, Schedule, ScheduleOverride, hours_on, is_away};
use super::terms::PractitionerTerms;
use super::visit_type::VisitType;
use crate::id::*;
use crate::practice::Practitioner;
use crate::row::Row;
use chrono::{DateTime, Duration, NaiveDate, Timelike, Utc};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Rows, sorted for asking.
#[derive(Default)]
pub struct Book<'a> {
    pub(super) visit_types: BTreeMap<VisitTypeId, &'a VisitType>,
    pub(super) practitioners: BTreeMap<PractitionerId, &'a Practitioner>,
    pub(super) clocks: BTreeMap<SiteId, &'a SiteClock>,
    pub(super) resources: BTreeMap<SiteId, Vec<&'a Resource>>,
    pub(super) terms: BTreeMap<PractitionerId, &'a PractitionerTerms>,
    travel: BTreeMap<SiteId, &'a SiteTravel>,
    schedules: BTreeMap<PractitionerId, Vec<&'a Schedule>>,
    overrides: BTreeMap<PractitionerId, Vec<&'a ScheduleOverride>>,
    closures: BTreeMap<SiteId, Vec<&'a Closure>>,
    leases: BTreeMap<Uuid, Vec<&'a SlotLease>>,
    agendas: BTreeMap<Uuid, Agenda<'a>>,
}

/// What counts now of one holder.
#[derive(Default)]
struct Agenda<'a> {
    /// The earliest first.
    busy: Vec<&'a Busy>,
    /// What does not count, and is not free for sure.
    returning: Vec<&'a Busy>,
    /// How long the longest takes: nothing that began earlier reaches into a span.
    longest: Duration,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// What its own time is not in the way of.
    pub appointment_id: Option<AppointmentId>,
    /// For what.
    pub visit_type: &'a VisitType,
    /// Where.
    pub site_id: SiteId,
    /// When it begins.
    pub start_at: DateTime<Utc>,
    /// When it ends.
    pub end_at: DateTime<Utc>,
    /// Whether the practitioner may be anywhere.
    pub video: bool,
    /// Who asks: what is leased to others is not to be had.
    pub device_id: Option<DeviceId>,
}

/// One practitioner's day at one site.
pub struct Day<'a> {
    hours: Vec<Hours<'a>>,
    /// Away, or the site is closed for a part of it.
    closed: bool,
    /// When somebody is there of those who must be; nothing when nobody must.
    supervised: Option<Vec<Hours<'a>>>,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

impl Ask<'_> {
    /// With what is kept free before and after.
    pub fn span(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let before = Duration::minutes(i64::from(self.visit_type.before_minutes));
        let after = Duration::minutes(i64::from(self.visit_type.after_minutes));
        (self.start_at - before, self.end_at + after)
    }
}

impl<'a> Book<'a> {
    /// From rows of any kind; those that booking does not look at are passed over. `now` says which holds ran out.
    pub fn of(rows: impl IntoIterator<Item = &'a Row>, now: DateTime<Utc>) -> Book<'a> {
        let mut book = Book::default();
        for row in rows {
            match row {
                Row::VisitType(row) => drop(book.visit_types.insert(row.id, row)),
                Row::Practitioner(row) => drop(book.practitioners.insert(row.id, row)),
                Row::SiteClock(row) => drop(book.clocks.insert(row.id, row)),
                Row::PractitionerTerms(row) => drop(book.terms.insert(row.id, row)),
                Row::SiteTravel(row) => drop(book.travel.insert(row.id, row)),
                Row::Resource(row) => book.resources.entry(row.site_id).or_default().push(row),
                Row::Schedule(row) => book.schedules.entry(row.practitioner_id).or_default().push(row),
                Row::ScheduleOverride(row) => {
                    book.overrides.entry(row.practitioner_id).or_default().push(row);
                }
                Row::Closure(row) => book.closures.entry(row.site_id).or_default().push(row),
                Row::SlotLease(row) => book.leases.entry(row.holder_id).or_default().push(row),
                Row::Busy(row) if row.status == BusyStatus::Returning => {
                    let agenda = book.agendas.entry(row.holder_id).or_default();
                    agenda.returning.push(row);
                }
                Row::Busy(row) if row.counts(now) => {
                    let agenda = book.agendas.entry(row.holder_id).or_default();
                    agenda.longest = agenda.longest.max(row.until_at - row.from_at);
                    agenda.busy.push(row);
                }
                _ => {}
            }
        }
        for agenda in book.agendas.values_mut() {
            agenda.busy.sort_unstable_by_key(|busy| (busy.from_at, busy.id));
        }
        for rooms in book.resources.values_mut() {
            rooms.sort_unstable_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
        }
        book
    }

    /// A practitioner's day at a site; nothing when the site's clock is not known.
    pub fn day(&self, practitioner: PractitionerId, site: SiteId, day: NaiveDate) -> Option<Day<'a>> {
        let clock = self.clocks.get(&site)?;
        let overrides = self.overrides.get(&practitioner).map_or(&[][..], Vec::as_slice);
        let closures = self.closures.get(&site).map_or(&[][..], Vec::as_slice);
        let closed = is_away(overrides.iter().copied(), site, day)
            || closures.iter().any(|closure| closure.on(clock, day).is_some());
        Some(Day {
            hours: self.hours(practitioner, clock, day),
            closed,
            supervised: self.supervised(practitioner, clock, day),
            starts_at: clock.at_minute(day, 0),
            ends_at: clock.at_minute(day, super::clock::DAY_MINUTES),
        })
    }

    /// When someone works at a clock's site on a day, the earliest first.
    fn hours(&self, practitioner: PractitionerId, clock: &SiteClock, day: NaiveDate) -> Vec<Hours<'a>> {
        let schedules = self.schedules.get(&practitioner).map_or(&[][..], Vec::as_slice);
        let overrides = self.overrides.get(&practitioner).map_or(&[][..], Vec::as_slice);
        let closures = self.closures.get(&clock.id).map_or(&[][..], Vec::as_slice);
        hours_on(schedules, overrides, closures, clock, clock.id, day)
    }

    /// When one of those works there who must be there beside someone; nothing when nobody must.
    fn supervised(
        &self,
        practitioner: PractitionerId,
        clock: &SiteClock,
        day: NaiveDate,
    ) -> Option<Vec<Hours<'a>>> {
        let beside = &self.terms.get(&practitioner)?.supervised_by;
        let works = |one: &&PractitionerId| self.practitioners.get(*one).is_some_and(|row| row.active);
        let mut hours: Vec<Hours<'a>> = (beside.iter().filter(works))
            .flat_map(|one| self.hours(*one, clock, day))
            .collect();
        hours.sort_by_key(|open| (open.from_at, open.until_at));
        (!beside.is_empty()).then_some(hours)
    }

    /// What is taken of a holder in a span, but for one appointment.
    pub fn taken(
        &self,
        holder: Uuid,
        (from, until): (DateTime<Utc>, DateTime<Utc>),
        but: Option<AppointmentId>,
    ) -> impl Iterator<Item = &'a Busy> + Clone {
        let agenda = self.agendas.get(&holder);
        let all = agenda.map_or(&[][..], |agenda| agenda.busy.as_slice());
        let longest = agenda.map_or(Duration::zero(), |agenda| agenda.longest);
        let first = all.partition_point(|busy| busy.from_at <= from - longest);
        let last = all.partition_point(|busy| busy.from_at < until);
        // Both are within, and `first` is not after `last` for a span that is not turned around.
        let near = all.get(first..last).unwrap_or_default();
        near.iter()
            .copied()
            .filter(move |busy| Some(busy.appointment_id) != but && busy.overlaps(from, until))
    }

    /// Whether a span of a holder is leased to someone else.
    pub fn leased_elsewhere(
        &self,
        holder: Uuid,
        (from, until): (DateTime<Utc>, DateTime<Utc>),
        device: Option<DeviceId>,
    ) -> bool {
        self.leases.get(&holder).is_some_and(|leases| {
            leases
                .iter()
                .any(|lease| Some(lease.device_id) != device && lease.keeps(from, until))
        })
    }

    /// Whether a device may promise a span of a holder: it is leased to it as a whole, and nothing of it was given back
    /// there by something that the server may still refuse.
    pub fn may_promise(
        &self,
        holder: Uuid,
        (from, until): (DateTime<Utc>, DateTime<Utc>),
        device: DeviceId,
    ) -> bool {
        let leases = self.leases.get(&holder).map_or(&[][..], Vec::as_slice);
        let returning = self
            .agendas
            .get(&holder)
            .map_or(&[][..], |agenda| agenda.returning.as_slice());
        leases
            .iter()
            .any(|lease| lease.device_id == device && lease.covers(from, until))
            && !returning.iter().any(|busy| busy.overlaps(from, until))
    }

    /// Everything that speaks against one practitioner, on the day that was asked for. Their capacity then, and the
    /// lane, when there is one.
    pub fn practitioner(
        &self,
        practitioner: PractitionerId,
        day: &Day<'_>,
        ask: &Ask<'_>,
        mut found: impl FnMut(Finding),
    ) -> (u16, Option<Option<u16>>) {
        let span = ask.span();
        let kind = ask.visit_type;
        if self.leased_elsewhere(practitioner.0, span, ask.device_id) {
            found(Finding::LeasedElsewhere);
        }
        let mut capacity = kind.capacity;
        if !covered(day.hours.iter(), ask) {
            found(if day.closed {
                Finding::Closed
            } else {
                Finding::OutsideHours
            });
        } else {
            let takes = |hours: &&Hours<'_>| hours.block.takes(kind.id);
            if !covered(day.hours.iter().filter(takes), ask) {
                found(Finding::OtherVisitsThen);
            }
            let over = |hours: &&Hours<'_>| hours.from_at < ask.end_at && ask.start_at < hours.until_at;
            for hours in day.hours.iter().filter(over).filter(takes) {
                capacity = capacity.min(hours.block.capacity.unwrap_or(u16::MAX));
                let minutes = u16::try_from((ask.end_at - ask.start_at).num_minutes()).unwrap_or(u16::MAX);
                if let Some(most) = hours.block.hourly(minutes)
                    && self.begin_that_hour(practitioner, ask) >= most as usize
                {
                    found(Finding::HourFull);
                }
            }
        }
        if (day.supervised.as_ref()).is_some_and(|hours| !covered(hours.iter(), ask)) {
            found(Finding::SupervisorAway);
        }
        let overlapping = self.taken(practitioner.0, span, ask.appointment_id);
        let lane = lane(overlapping, capacity, span.0);
        if lane.is_none() {
            found(Finding::PractitionerTaken);
        }
        if !self.can_travel(practitioner, ask) {
            found(Finding::NoTimeToTravel);
        }
        if let Some(most) = kind.daily_cap {
            let that_day = self.taken(practitioner.0, (day.starts_at, day.ends_at), ask.appointment_id);
            let begins = |busy: &&Busy| (day.starts_at..day.ends_at).contains(&busy.start_at);
            let same = |busy: &&Busy| busy.visit_type_id == kind.id;
            if that_day.filter(begins).filter(same).count() >= usize::from(most) {
                found(Finding::DayFull);
            }
        }
        (capacity, lane)
    }

    /// How many visits begin within the hour, by the clock on the wall, in which this one would.
    fn begin_that_hour(&self, practitioner: PractitionerId, ask: &Ask<'_>) -> usize {
        let Some(clock) = self.clocks.get(&ask.site_id) else {
            return 0;
        };
        let local = clock.local(ask.start_at);
        let into = Duration::seconds(i64::from(local.num_seconds_from_midnight() % 3600));
        let (from, until) = (ask.start_at - into, ask.start_at - into + Duration::hours(1));
        self.taken(practitioner.0, (from, until), ask.appointment_id)
            .filter(|busy| (from..until).contains(&busy.start_at))
            .count()
    }

    /// Whether the practitioner can be there in time, and get to the next site in time. What is leased at another
    /// moment of the day is not known to be booked, and so not in the way.
    fn can_travel(&self, practitioner: PractitionerId, ask: &Ask<'_>) -> bool {
        let Some(travel) = self.travel.get(&ask.site_id).filter(|_| !ask.video) else {
            return true;
        };
        let far = travel.minutes.iter().map(|way| way.minutes).max().unwrap_or(0);
        let far = Duration::minutes(i64::from(far));
        self.taken(
            practitioner.0,
            (ask.start_at - far, ask.end_at + far),
            ask.appointment_id,
        )
        .filter(|busy| !busy.video && busy.site_id != ask.site_id)
        .all(|busy| {
            let way = Duration::minutes(i64::from(travel.to(busy.site_id)));
            // An overlap is a finding of its own.
            let apart = busy.end_at <= ask.start_at || ask.end_at <= busy.start_at;
            !apart || busy.end_at + way <= ask.start_at || ask.end_at + way <= busy.start_at
        })
    }
}

/// Whether hours cover a visit from its beginning to its end, one after the other.
fn covered<'a>(hours: impl Iterator<Item = &'a Hours<'a>>, ask: &Ask<'_>) -> bool {
    // Sorted by their beginning.
    let mut until = ask.start_at;
    for hours in hours {
        if hours.from_at <= until && until < hours.until_at {
            until = hours.until_at;
        }
    }
    until >= ask.end_at
}

impl<'a> Day<'a> {
    /// Its hours, the earliest first.
    pub fn hours(&self) -> &[Hours<'a>] {
        &self.hours
    }
}
