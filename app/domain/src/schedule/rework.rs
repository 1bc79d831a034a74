//! Bookings that something new has come in the way of. They are not moved: a person looks at each and calls.
//!
//! Computed, like open slots: a closure that is taken back empties the list again, and a booking that was moved leaves
//! it.

use super::appointment::Appointment;
use super::book::{Ask, Book};
use super::findings::Finding;
use super::state::AppointmentState;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// A booking that someone must look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Rework<'a> {
    /// Which.
    pub appointment: &'a Appointment,
    /// What came in its way.
    pub why: BTreeSet<Finding>,
    /// The site's clock was changed since, and now shows another time than was agreed.
    pub clock_changed: bool,
}

/// What is to be reworked among appointments that are still to come, the earliest first. What whoever booked it was
/// told then is not told again.
pub fn rework<'a>(
    book: &Book<'_>,
    appointments: impl IntoIterator<Item = &'a Appointment>,
    now: DateTime<Utc>,
) -> Vec<Rework<'a>> {
    let mut found: Vec<Rework<'a>> = appointments
        .into_iter()
        .filter(|appointment| appointment.start_at > now && appointment.state.may_cancel())
        .filter(|appointment| appointment.state != AppointmentState::Held)
        .filter_map(|appointment| {
            let why = in_the_way(book, appointment);
            let clock = book.clocks.get(&appointment.site_id);
            let clock_changed =
                clock.is_some_and(|clock| clock.local(appointment.start_at) != appointment.wall);
            (clock_changed || !why.is_empty()).then_some(Rework {
                appointment,
                why,
                clock_changed,
            })
        })
        .collect();
    found.sort_by_key(|item| (item.appointment.start_at, item.appointment.id));
    found
}

fn in_the_way(book: &Book<'_>, appointment: &Appointment) -> BTreeSet<Finding> {
    let mut why = BTreeSet::new();
    let (Some(visit_type), Some(clock)) = (
        book.visit_types.get(&appointment.visit_type_id),
        book.clocks.get(&appointment.site_id),
    ) else {
        return why;
    };
    let ask = Ask {
        appointment_id: Some(appointment.id),
        visit_type,
        site_id: appointment.site_id,
        start_at: appointment.start_at,
        end_at: appointment.end_at,
        video: appointment.mode == super::appointment::Mode::Video,
        device_id: None,
    };
    let on = clock.day(appointment.start_at);
    for practitioner in &appointment.practitioner_ids {
        if let Some(day) = book.day(*practitioner, appointment.site_id, on) {
            book.practitioner(*practitioner, &day, &ask, |finding| {
                why.insert(finding);
            });
        }
    }
    // Those limit how many come, and whoever is booked is booked; whoever was squeezed in beside them had a reason.
    let limits = [
        Finding::PractitionerTaken,
        Finding::DayFull,
        Finding::HourFull,
        Finding::LeasedElsewhere,
        Finding::OtherVisitsThen,
    ];
    why.retain(|finding| !limits.contains(finding));
    why.retain(|finding| !appointment.warnings.contains(finding));
    why
}
