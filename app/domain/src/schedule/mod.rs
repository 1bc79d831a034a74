//! When patients are seen: what can be booked, who works when and where, and every appointment with its history.
//!
//! - What a practice says: [`VisitType`], [`Schedule`], [`ScheduleOverride`], [`Closure`], [`Resource`], [`SiteTravel`],
//!   [`PractitionerTerms`].
//! - What time is: [`clock`], a site's wall in rows, so that everyone reads the same.
//! - What is open: [`slots`], computed and never stored, over a [`book::Book`] of rows.
//! - What is checked: [`check`], the same for a device and the server; what it finds is in [`findings`].
//! - What is booked: [`Appointment`], with its way through [`AppointmentState`]; what it takes of whom is [`Busy`], which
//!   names no patient and goes to every desk.
//! - Where the visits of a day stand, and for how long: [`board`]. How a calendar lays them out: [`grid`].
//! - What is promised offline: [`SlotLease`], every week by a [`LeaseRule`]. What came in the way: [`rework`]. Who waits: [`waitlist`].

pub mod appointment;
pub mod board;
pub mod book;
mod booking;
pub mod busy;
pub mod check;
pub mod clock;
pub mod findings;
mod flow;
pub mod grid;
pub mod lease;
pub mod place;
mod reads;
pub mod recurrence;
pub mod rework;
mod rooms;
mod settings;
pub mod sheet;
pub mod slots;
pub mod standing;
pub mod state;
mod take;
pub mod template;
pub mod terms;
pub mod visit_type;
pub mod waitlist;
mod words;

pub use appointment::{
    Appointment, AppointmentSeries, CancelledBy, LATEST_CHECK_IN, Mode, Place, Scenario, SeriesScope, Step,
};
pub use booking::{BookAppointment, MoveAppointment};
pub use busy::{Busy, BusyStatus, HolderKind};
pub use clock::{OffsetChange, SiteClock};
pub use findings::Finding;
pub use flow::{
    AddToWaitlist, BookSeries, CancelAppointment, ChangeSeries, CloseWaitlistEntry, ConfirmAppointment,
    SetAppointmentState,
};
pub(crate) use flow::{cancel as cancel_appointment, confirm as confirm_appointment};
pub use lease::SlotLease;
pub use place::{Resource, SiteTravel, TravelMinutes};
pub(crate) use reads::{decide, keys_of, patient_of, reads, reads_further};
pub use rooms::PutInRoom;
pub use settings::{
    DefineResource, DefineVisitType, LeaseSlots, ReleaseLease, SetClosure, SetOverride, SetSchedule,
    SetSiteClock, SetTravel,
};
pub use standing::{LeaseRule, SetLeaseRule};
pub use state::AppointmentState;
pub use take::speaks_against;
pub use template::{Block, Closure, Schedule, ScheduleOverride};
pub use terms::{Enrolment, PractitionerTerms, SetPractitionerTerms};
pub use visit_type::{ColorToken, ForWhom, VisitType, is_shown_online};
pub use waitlist::{WaitlistEntry, WaitlistState};

use crate::validate::{FaultCode, Today, line};

/// A name that is there.
fn named(text: &str, today: &Today) -> garde::Result {
    if text.trim().is_empty() {
        return Err(garde::Error::new(FaultCode::NameMissing.name()));
    }
    line(text, today)
}

/// A number between two others, both among them.
fn within(least: u16, most: u16) -> impl FnOnce(&u16, &Today) -> garde::Result {
    move |number, _| match (least..=most).contains(number) {
        true => Ok(()),
        false => Err(garde::Error::new(FaultCode::Other.name())),
    }
}
