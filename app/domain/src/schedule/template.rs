//! When people work: weekly templates, what replaces them on some days, and days when a site is closed.
//!
//! Everything here is in the site's own wall time and is turned into instants by its clock.

use super::clock::{DAY_MINUTES, SiteClock};
use crate::id::*;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The weekly template of one practitioner at one site, between two days (FHIR Schedule).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Identity.
    pub id: ScheduleId,
    /// Whose.
    pub practitioner_id: PractitionerId,
    /// Where.
    pub site_id: SiteId,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub until_on: Option<NaiveDate>,
    /// The week.
    pub blocks: Vec<Block>,
    /// Whether it counts.
    pub active: bool,
}

/// Some hours of one weekday.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// ISO 8601: 1 is Monday, 7 is Sunday.
    pub weekday: u8,
    /// First minute of the day on the wall.
    pub from_minute: u16,
    /// The minute after the last; 1440 is midnight.
    pub until_minute: u16,
    /// What is seen then; empty for everything.
    pub visit_type_ids: Vec<VisitTypeId>,
    /// At most so many at once, where that is stricter than the visit type.
    pub capacity: Option<u16>,
    /// How much of a practitioner is there, in hundredths; 150 is one and a half. It limits how many visits begin
    /// within an hour.
    pub providers_percent: Option<u16>,
}

/// On some days, other hours than the template's, or none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScheduleOverride {
    /// Identity.
    pub id: ScheduleOverrideId,
    /// Whose.
    pub practitioner_id: PractitionerId,
    /// Where; nothing for everywhere.
    pub site_id: Option<SiteId>,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub until_on: NaiveDate,
    /// The hours instead, by weekday; a day without any is a day away.
    pub blocks: Vec<Block>,
    /// Why, for colleagues.
    pub reason: String,
    /// Whether it was taken back.
    pub withdrawn: bool,
}

/// A site is closed: a holiday, a flood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Closure {
    /// Identity.
    pub id: ClosureId,
    /// Which.
    pub site_id: SiteId,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub until_on: NaiveDate,
    /// From this minute of each day; 0 for the whole day.
    pub from_minute: u16,
    /// Until this minute of each day; 1440 for the whole day.
    pub until_minute: u16,
    /// Why, for staff and patients.
    pub name: String,
    /// Whether it was taken back.
    pub withdrawn: bool,
}

/// Hours in which someone can be booked, as instants.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours<'a> {
    /// From.
    pub from_at: DateTime<Utc>,
    /// To.
    pub until_at: DateTime<Utc>,
    /// What is seen, and how many.
    pub block: &'a Block,
}

impl Block {
    /// Whether it lies within a day and is not empty.
    pub fn is_sound(&self) -> bool {
        (1..=7).contains(&self.weekday)
            && self.from_minute < self.until_minute
            && self.until_minute <= DAY_MINUTES
            && self.capacity.is_none_or(|most| most >= 1)
            && self.providers_percent.is_none_or(|share| share >= 1)
    }

    /// Whether a kind of visit is seen then.
    pub fn takes(&self, visit_type: VisitTypeId) -> bool {
        self.visit_type_ids.is_empty() || self.visit_type_ids.contains(&visit_type)
    }

    /// How many visits of a length may begin within an hour: the whole ones that the providers there can see.
    pub fn hourly(&self, minutes: u16) -> Option<u32> {
        let share = u32::from(self.providers_percent?);
        Some(share * 60 / (100 * u32::from(minutes.max(1))))
    }
}

/// ISO 8601: Monday is 1.
pub(super) fn weekday(day: NaiveDate) -> u8 {
    // 1..=7
    day.weekday().number_from_monday() as u8
}

impl Schedule {
    fn counts_on(&self, site: SiteId, day: NaiveDate) -> bool {
        self.active
            && self.site_id == site
            && self.from_on <= day
            && self.until_on.is_none_or(|last| day <= last)
    }
}

impl ScheduleOverride {
    fn counts_on(&self, site: SiteId, day: NaiveDate) -> bool {
        !self.withdrawn
            && self.site_id.is_none_or(|own| own == site)
            && self.from_on <= day
            && day <= self.until_on
    }
}

impl Closure {
    /// From when to when the site is closed on a day; nothing when it is open.
    pub fn on(&self, clock: &SiteClock, day: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let closed = !self.withdrawn && self.from_on <= day && day <= self.until_on;
        closed.then(|| {
            (
                clock.at_minute(day, self.from_minute),
                clock.at_minute(day, self.until_minute),
            )
        })
    }
}

/// Whether an override takes someone away from a site for a whole day.
pub fn is_away<'a>(
    overrides: impl Iterator<Item = &'a ScheduleOverride>,
    site: SiteId,
    day: NaiveDate,
) -> bool {
    let weekday = weekday(day);
    overrides
        .filter(|other| other.counts_on(site, day))
        .any(|other| other.blocks.iter().all(|block| block.weekday != weekday))
}

/// When someone works at a site on a day. What replaces the template replaces it whole; a day away wins over other
/// hours; then closures are cut out.
pub fn hours_on<'a>(
    schedules: &[&'a Schedule],
    overrides: &[&'a ScheduleOverride],
    closures: &[&Closure],
    clock: &SiteClock,
    site: SiteId,
    day: NaiveDate,
) -> Vec<Hours<'a>> {
    if is_away(overrides.iter().copied(), site, day) {
        return Vec::new();
    }
    let weekday = weekday(day);
    let mut blocks: Vec<&'a Block> = overrides
        .iter()
        .filter(|other| other.counts_on(site, day))
        .flat_map(|other| &other.blocks)
        .filter(|block| block.weekday == weekday)
        .collect();
    if blocks.is_empty() {
        blocks = schedules
            .iter()
            .filter(|schedule| schedule.counts_on(site, day))
            .flat_map(|schedule| &schedule.blocks)
            .filter(|block| block.weekday == weekday)
            .collect();
    }
    let mut hours: Vec<Hours<'a>> = blocks
        .into_iter()
        .map(|block| Hours {
            from_at: clock.at_minute(day, block.from_minute),
            until_at: clock.at_minute(day, block.until_minute),
            block,
        })
        .collect();
    let cuts = closures.iter().filter_map(|closure| closure.on(clock, day));
    // A closure that was skipped on the wall closes nothing.
    for (from, until) in cuts.filter(|(from, until)| from < until) {
        hours = hours
            .into_iter()
            .flat_map(|open| without(open, from, until))
            .collect();
    }
    hours.retain(|open| open.from_at < open.until_at);
    hours.sort_by_key(|open| (open.from_at, open.until_at));
    hours
}

/// What is left of some hours when others are cut out.
fn without<'a>(open: Hours<'a>, from: DateTime<Utc>, until: DateTime<Utc>) -> [Hours<'a>; 2] {
    let before = Hours {
        until_at: open.until_at.min(from),
        ..open.clone()
    };
    let after = Hours {
        from_at: open.from_at.max(until),
        ..open
    };
    // A closure that does not touch leaves the hours whole on one side, and turned around on the other.
    [before, after]
}
