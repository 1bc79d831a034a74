//! The rooms that a booking takes.

use super::open::with_book;
use crate::state::Engine;
use chrono::Duration;
use domain::id::AppointmentId;
use domain::schedule::book::Ask;
use domain::schedule::slots::rooms_for;
use domain::schedule::{Mode, Place, VisitType};

/// Free rooms for a place; those that it has before others.
pub fn with_rooms(engine: &Engine, kind: &VisitType, mut place: Place, id: Option<AppointmentId>) -> Place {
    let ask = Ask {
        appointment_id: id,
        visit_type: kind,
        site_id: place.site_id,
        start_at: place.start_at,
        end_at: place.end_at(),
        video: place.mode == Mode::Video,
        device_id: engine.device_id(),
    };
    let day = Duration::hours(24);
    let span = (place.start_at - day, place.end_at() + day);
    place.resource_ids = with_book(engine, span, |book| rooms_for(book, &ask, &place.resource_ids));
    place
}
