//! Today's visits at a site, with what their cards say.

use crate::pages::desk::booking::{clock, sites};
use crate::state::Engine;
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::id::{AppointmentId, SiteId};
use domain::row::{Entity, Key, Row};
use domain::schedule::board::{Lane, Stretch, since};
use domain::schedule::{Appointment, AppointmentState};
use std::ops::RangeInclusive;

/// "Usual" is the median of so many days.
const USUAL_DAYS: u64 = 28;

/// What a card says is read from these.
const SAID: [Entity; 4] = [
    Entity::Patient,
    Entity::Practitioner,
    Entity::VisitType,
    Entity::Resource,
];

/// One appointment of today.
#[derive(Clone, PartialEq)]
pub struct Visit {
    /// As it stands.
    pub appointment: Appointment,
    /// "Elena Delgado"
    pub name: String,
    /// "Elena D."
    pub short: String,
    /// "Okafor"
    pub practitioner: String,
    /// "New patient"
    pub kind: String,
    /// "Room 3"
    pub rooms: Vec<String>,
}

impl Visit {
    /// What makes its card another one.
    pub fn key(&self) -> (uuid::Uuid, AppointmentState, usize, String, String, Vec<String>) {
        let appointment = &self.appointment;
        let (name, kind) = (self.name.clone(), self.kind.clone());
        (
            appointment.id.0,
            appointment.state,
            appointment.steps.len(),
            name,
            kind,
            self.rooms.clone(),
        )
    }

    /// What to call them where patients may look on, or not.
    pub fn called(&self, counter: bool) -> String {
        if counter {
            self.short.clone()
        } else {
            self.name.clone()
        }
    }

    /// Since when it stands so.
    pub fn since(&self) -> Option<DateTime<Utc>> {
        since(&self.appointment)
    }

    /// "10:30 AM"
    pub fn clock(&self) -> String {
        self.appointment.wall.format("%-I:%M %p").to_string()
    }

    /// Whether they are expected.
    pub fn is_to_come(&self) -> bool {
        self.appointment.state.is_expected()
    }

    /// Whether they were here.
    pub fn is_seen(&self) -> bool {
        use AppointmentState::*;
        matches!(self.appointment.state, CheckedOut | Completed | WalkedOut)
    }
}

/// The site that was looked at last, or where this device stands, or the first.
pub fn own_site(engine: &Engine) -> Option<SiteId> {
    let all = sites(engine);
    let is_known = |id: &String| all.iter().any(|(known, _)| known == id);
    let kept = engine.ports.settings.get("board-site").filter(is_known);
    let own = || {
        let device = engine.device_id()?;
        let row = engine.get(Key::Row(Entity::Device, device.0)).into_iter().next();
        match row {
            Some(Row::Device(device)) => device.site_id.map(|site| site.0.to_string()),
            _ => None,
        }
    };
    let first = || all.first().map(|(id, _)| id.clone());
    kept.or_else(own).or_else(first)?.parse().ok().map(SiteId)
}

/// The day on the site's wall.
pub fn today(engine: &Engine, site: SiteId) -> Option<NaiveDate> {
    clock(engine, site).map(|clock| clock.day(engine.ports.clock.now()))
}

fn on_days(engine: &Engine, site: SiteId, days: RangeInclusive<NaiveDate>) -> Vec<Appointment> {
    engine.pick_on(Entity::Appointment, days, |row| match row {
        Row::Appointment(row) if row.site_id == site => Some(row.clone()),
        _ => None,
    })
}

/// A moment by the site's clock: "10:31 AM", with the day when it is another.
pub fn moment(engine: &Engine, site: SiteId, at: DateTime<Utc>) -> String {
    let Some(clock) = clock(engine, site) else {
        return crate::pages::desk::when::moment(engine, at);
    };
    let then = clock.local(at);
    let today = clock.day(engine.ports.clock.now());
    let format = if then.date() == today {
        "%-I:%M %p"
    } else {
        "%b %-d, %-I:%M %p"
    };
    then.format(format).to_string()
}

/// Today's, and who is in the house since yesterday; the earliest first.
pub fn visits(engine: &Engine, site: SiteId) -> Vec<Visit> {
    let Some(today) = today(engine, site) else {
        return Vec::new();
    };
    let mut all = on_days(engine, site, today - Days::new(1)..=today);
    all.retain(|one| one.wall.date() == today || Lane::of(one.state).is_some());
    all.sort_by_key(|appointment| (appointment.start_at, appointment.id));
    all.into_iter()
        .map(|appointment| said(engine, appointment))
        .collect()
}

/// One of them.
pub fn visit_of(engine: &Engine, id: AppointmentId) -> Option<Visit> {
    match engine.get(Key::Row(Entity::Appointment, id.0)).into_iter().next() {
        Some(Row::Appointment(appointment)) => Some(said(engine, appointment)),
        _ => None,
    }
}

/// With what its card says.
pub fn said(engine: &Engine, appointment: Appointment) -> Visit {
    let mut visit = Visit {
        name: "A patient".to_owned(),
        short: "A patient".to_owned(),
        practitioner: String::new(),
        kind: String::new(),
        rooms: Vec::new(),
        appointment,
    };
    // Hundreds are read at once: what a row says is taken without copying it.
    engine.with_rows(&SAID, |device| {
        let view = device.view();
        let row = |entity, id| view.row(entity, id);
        let appointment = &visit.appointment;
        if let Some(Row::Patient(patient)) = row(Entity::Patient, appointment.patient_id.0) {
            visit.name = patient.display_name();
            visit.short = patient.counter_name();
        }
        let first = appointment.practitioner_ids.first();
        if let Some(Row::Practitioner(one)) = first.and_then(|id| row(Entity::Practitioner, id.0)) {
            visit.practitioner.clone_from(&one.family_name);
        }
        if let Some(Row::VisitType(kind)) = row(Entity::VisitType, appointment.visit_type_id.0) {
            visit.kind.clone_from(&kind.name);
        }
        let rooms = appointment.resource_ids.iter();
        let names = rooms.filter_map(|id| match row(Entity::Resource, id.0) {
            Some(Row::Resource(room)) => Some(room.name.clone()),
            _ => None,
        });
        visit.rooms = names.collect();
    });
    visit
}

/// What each stretch usually takes here: the median of the days before.
pub fn usual(engine: &Engine, site: SiteId) -> Vec<Option<i64>> {
    let Some(today) = today(engine, site) else {
        return Vec::new();
    };
    let before = on_days(engine, site, today - Days::new(USUAL_DAYS)..=today - Days::new(1));
    Stretch::ALL
        .iter()
        .map(|stretch| stretch.median(&before))
        .collect()
}
