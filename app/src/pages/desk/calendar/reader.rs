//! Reads each column: whose it is, when they work, and what is booked there.

use super::columns::{Column, DAY, Holder, Item, Shut, minute};
use crate::pages::desk::board::visits::said;
use crate::pages::desk::booking;
use crate::state::Engine;
use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{AppointmentId, PractitionerId, SiteId};
use domain::practice::Practitioner;
use domain::row::{Entity, Row};
use domain::schedule::book::Book;
use domain::schedule::grid::side_by_side;
use domain::schedule::{Appointment, SiteClock};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the columns of one grid are read from.
pub(super) struct Looker<'a> {
    pub(super) engine: &'a Engine,
    pub(super) book: &'a Book<'a>,
    pub(super) clock: &'a SiteClock,
    pub(super) site: SiteId,
    pub(super) kinds: BTreeMap<uuid::Uuid, (String, &'static str)>,
    pub(super) found: &'a [Appointment],
    pub(super) rework: Vec<AppointmentId>,
}

impl Looker<'_> {
    fn items(&self, on: NaiveDate, holds: impl Fn(&Appointment) -> bool) -> Vec<Arc<Item>> {
        let mut here: Vec<&Appointment> = (self.found.iter())
            .filter(|one| one.wall.date() == on && holds(one))
            .collect();
        here.sort_by_key(|one| (one.wall, one.id));
        let spans: Vec<_> = here
            .iter()
            .map(|one| (one.wall, one.wall + (one.end_at - one.start_at)))
            .collect();
        let places = side_by_side(&spans);
        (here.into_iter().zip(places))
            .map(|(one, beside)| {
                let (code, color) = (self.kinds.get(&one.visit_type_id.0))
                    .cloned()
                    .unwrap_or_default();
                Arc::new(Item {
                    code,
                    color,
                    from: minute(one.wall),
                    minutes: u16::try_from((one.end_at - one.start_at).num_minutes()).unwrap_or(15),
                    beside,
                    rework: self.rework.contains(&one.id),
                    visit: said(self.engine, one.clone()),
                })
            })
            .collect()
    }

    /// A minute of a day; midnight after it is its end.
    fn minute_of(&self, on: NaiveDate, at: DateTime<Utc>) -> u16 {
        let wall = self.clock.local(at);
        if wall.date() > on { DAY } else { minute(wall) }
    }

    /// Someone's hours on a day, the earliest first.
    fn open(&self, on: NaiveDate, practitioner: PractitionerId) -> Vec<(u16, u16)> {
        let day = self.book.day(practitioner, self.site, on);
        let mut open: Vec<(u16, u16)> = (day.iter())
            .flat_map(|day| day.hours())
            .map(|hours| {
                (
                    self.minute_of(on, hours.from_at),
                    self.minute_of(on, hours.until_at),
                )
            })
            .collect();
        open.sort_unstable();
        open
    }

    /// Everything of a day that is not hours, and what is taken at other sites.
    fn shut(&self, on: NaiveDate, practitioner: PractitionerId, open: &[(u16, u16)]) -> Vec<Shut> {
        let why = self.why_shut(on, practitioner);
        let minute_of = |at| self.minute_of(on, at);
        let mut shut = Vec::new();
        let mut at = 0;
        for (from, until) in open.iter().copied() {
            if at < from {
                shut.push(Shut {
                    from: at,
                    until: from,
                    words: why.clone(),
                });
            }
            at = at.max(until);
        }
        if at < DAY {
            shut.push(Shut {
                from: at,
                until: DAY,
                words: why,
            });
        }
        let day = (self.clock.at_minute(on, 0), self.clock.at_minute(on, DAY));
        let elsewhere = self.book.taken(practitioner.0, day, None);
        for busy in elsewhere.filter(|busy| busy.site_id != self.site) {
            shut.push(Shut {
                from: minute_of(busy.from_at.max(day.0)),
                until: minute_of(busy.until_at),
                words: "At another site".to_owned(),
            });
        }
        shut.extend(
            self.kept_elsewhere(practitioner.0, day)
                .map(|(from, until)| Shut {
                    from: minute_of(from.max(day.0)),
                    until: minute_of(until),
                    words: "Kept for another computer".to_owned(),
                }),
        );
        shut
    }

    /// What other devices may book while they are offline, and nobody else.
    fn kept_elsewhere(
        &self,
        holder: uuid::Uuid,
        (from, until): (DateTime<Utc>, DateTime<Utc>),
    ) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
        let own = self.engine.device_id();
        let kept = self.engine.pick(Entity::SlotLease, |row| match row {
            Row::SlotLease(lease)
                if lease.holder_id == holder && Some(lease.device_id) != own && lease.keeps(from, until) =>
            {
                Some((lease.from_at, lease.until_at))
            }
            _ => None,
        });
        kept.into_iter()
    }

    /// Why a day is shorter than others, in the words of who said so.
    fn why_shut(&self, on: NaiveDate, practitioner: PractitionerId) -> String {
        let closed = self.engine.pick(Entity::Closure, |row| match row {
            Row::Closure(row) if row.site_id == self.site => row.on(self.clock, on).map(|_| row.name.clone()),
            _ => None,
        });
        let away = self.engine.pick(Entity::ScheduleOverride, |row| match row {
            Row::ScheduleOverride(row)
                if row.practitioner_id == practitioner
                    && !row.withdrawn
                    && (row.from_on..=row.until_on).contains(&on)
                    && row.site_id.is_none_or(|site| site == self.site) =>
            {
                Some(row.reason.clone())
            }
            _ => None,
        });
        closed.into_iter().chain(away).next().unwrap_or_default()
    }

    pub(super) fn practitioners(&self, on: NaiveDate) -> Vec<Column> {
        let mut all: Vec<Practitioner> = self.engine.pick(Entity::Practitioner, |row| match row {
            Row::Practitioner(row) => Some(row.clone()),
            _ => None,
        });
        all.sort_by(|a, b| (&a.family_name, &a.given_name, a.id).cmp(&(&b.family_name, &b.given_name, b.id)));
        all.into_iter()
            .filter_map(|row| {
                let at = self.site;
                let items = self.items(on, |one| {
                    one.site_id == at && one.practitioner_ids.contains(&row.id)
                });
                let belongs = row.active && row.site_ids.contains(&at);
                let open = self.open(on, row.id);
                (belongs || !items.is_empty()).then(|| Column {
                    key: row.id.0.to_string(),
                    title: row.titled(),
                    sub: booked_words(&items),
                    site: at,
                    holder: Holder::Practitioner(row.id),
                    on,
                    shut: self.shut(on, row.id, &open),
                    open,
                    items,
                })
            })
            .collect()
    }

    pub(super) fn rooms(&self, on: NaiveDate) -> Vec<Column> {
        let mut all = self.engine.pick(Entity::Resource, |row| match row {
            Row::Resource(row) if row.site_id == self.site && row.active => Some(row.clone()),
            _ => None,
        });
        all.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        all.into_iter()
            .map(|row| {
                let items = self.items(on, |one| one.resource_ids.contains(&row.id));
                Column {
                    key: row.id.0.to_string(),
                    title: row.name,
                    sub: booked_words(&items),
                    site: self.site,
                    holder: Holder::Room(row.id),
                    on,
                    open: Vec::new(),
                    shut: Vec::new(),
                    items,
                }
            })
            .collect()
    }

    pub(super) fn sites(&self, on: NaiveDate) -> Vec<Column> {
        booking::sites(self.engine)
            .into_iter()
            .filter_map(|(id, title)| {
                let site = SiteId(id.parse().ok()?);
                let items = self.items(on, |one| one.site_id == site);
                Some(Column {
                    key: id,
                    title,
                    sub: booked_words(&items),
                    site,
                    holder: Holder::Site,
                    on,
                    open: Vec::new(),
                    shut: Vec::new(),
                    items,
                })
            })
            .collect()
    }

    pub(super) fn day(&self, on: NaiveDate, with: PractitionerId) -> Column {
        let items = self.items(on, |one| {
            one.site_id == self.site && one.practitioner_ids.contains(&with)
        });
        let open = self.open(on, with);
        Column {
            key: on.to_string(),
            title: on.format("%a %b %-d").to_string(),
            sub: booked_words(&items),
            site: self.site,
            holder: Holder::Practitioner(with),
            on,
            shut: self.shut(on, with, &open),
            open,
            items,
        }
    }
}

fn booked_words(items: &[Arc<Item>]) -> String {
    let n = items
        .iter()
        .filter(|item| item.visit.appointment.state.takes_time())
        .count();
    format!("{n} booked")
}
