//! Appointments as iCalendar (RFC 5545): for a patient's mail, and for a practitioner's own calendar.
//!
//! The UID of an appointment is the same in every file, and SEQUENCE counts its moves: a program that has an older copy
//! replaces it.

use chrono::{DateTime, Utc};
use domain::id::{AppointmentId, PracticeId};
use domain::notices::Notice;
use domain::row::{Entity, Key, Row, Rows, View};
use domain::schedule::{Appointment, AppointmentState};
use domain::text::{Lang, Text};
use icalendar::{Calendar, Class, Component, Event, EventLike, EventStatus, Property};

fn uid(practice: PracticeId, appointment: AppointmentId) -> String {
    format!("{appointment}@{practice}.anteroom")
}

fn event(practice: PracticeId, appointment: &Appointment, stamp: DateTime<Utc>) -> Event {
    let moves = appointment
        .steps
        .iter()
        .filter(|step| step.moved_from_at.is_some())
        .count();
    let off = matches!(
        appointment.state,
        AppointmentState::Cancelled | AppointmentState::EnteredInError
    );
    let mut event = Event::new();
    event
        .uid(&uid(practice, appointment.id))
        .timestamp(stamp)
        .starts(appointment.start_at)
        .ends(appointment.end_at)
        // A cancellation is newer than the last move.
        .sequence(u32::try_from(moves + usize::from(off)).unwrap_or(u32::MAX))
        .class(Class::Private)
        .status(if off {
            EventStatus::Cancelled
        } else {
            EventStatus::Confirmed
        });
    event
}

/// The appointments that a mail speaks of, for the patient's calendar. It says where and when, as the mail does.
pub fn for_patient(practice: PracticeId, name: &str, rows: &Rows, ours: &[Notice], lang: Lang) -> String {
    const TITLE: Text = Text {
        en: "Appointment",
        es: "Cita",
    };
    let mut calendar = Calendar::new();
    calendar.append_property(Property::new("METHOD", "PUBLISH"));
    for notice in ours {
        let Some(Row::Appointment(appointment)) =
            rows.one(&Key::Row(Entity::Appointment, notice.appointment_id.0))
        else {
            continue;
        };
        let mut event = event(practice, &appointment, stamp(&appointment));
        event.summary(&format!("{}: {name}", TITLE.get(lang)));
        if let Some(Row::Site(site)) = rows.one(&Key::Row(Entity::Site, notice.site_id.0)) {
            event.location(&format!("{}, {}", site.name, site.address));
        }
        calendar.push(event.done());
    }
    calendar.done().to_string()
}

/// A practitioner's appointments. They lie with whatever program has the address of the feed: so they name no patient
/// and no reason, and say only that a time is taken, and where.
pub fn for_practitioner(practice: PracticeId, rows: &Rows, appointments: &[Appointment]) -> String {
    let mut calendar = Calendar::new();
    calendar.name("Anteroom");
    for appointment in appointments {
        let site = match rows.one(&Key::Row(Entity::Site, appointment.site_id.0)) {
            Some(Row::Site(site)) => site.name,
            _ => String::new(),
        };
        let mut event = event(practice, appointment, stamp(appointment));
        event.summary("Appointment").location(&site);
        calendar.push(event.done());
    }
    calendar.done().to_string()
}

/// When it was last changed.
fn stamp(appointment: &Appointment) -> DateTime<Utc> {
    appointment
        .steps
        .iter()
        .map(|step| step.recorded_at)
        .max()
        .unwrap_or(appointment.start_at)
}
