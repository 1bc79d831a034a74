//! Entering what was booked, and taking it back.

use super::state::{Calendar, Panel};
use domain::command::Command;
use domain::id::{AppointmentId, PatientId, SeriesId, WaitlistEntryId};
use domain::schedule::{
    AppointmentState, BookAppointment, BookSeries, CancelAppointment, CancelledBy, ChangeSeries,
    CloseWaitlistEntry, SetAppointmentState,
};
use leptos::prelude::*;

/// One or several times of one patient.
pub struct Entry {
    /// By which rule, when it is a series.
    pub rule: Option<String>,
    /// Each of them, without an identity.
    pub bookings: Vec<BookAppointment>,
    /// Only kept for so many minutes.
    pub hold: Option<u16>,
    /// Whose waiting ends with it.
    pub waiting: Option<(WaitlistEntryId, PatientId)>,
}

/// Enters it; `after` is told in any case.
pub fn save(calendar: Calendar, entry: Entry, after: Callback<()>) {
    let desk = calendar.desk;
    let engine = desk.engine();
    let mut bookings = entry.bookings;
    for one in &mut bookings {
        one.appointment_id = AppointmentId(engine.new_id());
        one.hold_minutes = entry.hold;
    }
    if entry.hold.is_some() {
        // A time is held while somebody decides, and that is one.
        bookings.truncate(1);
    }
    let Some(first) = bookings.first().cloned() else {
        desk.say("Nothing is left to book.");
        after.run(());
        return;
    };
    let name = engine
        .patient(first.patient_id)
        .map_or_else(|| "A patient".to_owned(), |patient| patient.counter_name());
    let at = crate::pages::desk::board::visits::moment(&engine, first.place.site_id, first.place.start_at);
    let done = match (entry.hold, bookings.len()) {
        (Some(_), _) => "held",
        _ => "booked",
    };
    let text = match bookings.len() {
        1 => format!("{name}: {done} {at}"),
        n => format!("{name}: {n} times {done}, from {at}"),
    };
    let (patient_id, ids): (PatientId, Vec<AppointmentId>) = (
        first.patient_id,
        bookings.iter().map(|one| one.appointment_id).collect(),
    );
    let (command, series_id) = match entry.rule.filter(|_| bookings.len() > 1 && entry.hold.is_none()) {
        Some(rule) => {
            let series_id = SeriesId(engine.new_id());
            for one in &mut bookings {
                one.series_id = Some(series_id);
            }
            let series = BookSeries {
                series_id,
                patient_id,
                rule,
                appointments: bookings,
            };
            (Command::BookSeries(series), Some(series_id))
        }
        None => (Command::BookAppointment(first), None),
    };
    // Their waiting ends with their own time, and not with one that is only held.
    let waiting = entry
        .waiting
        .filter(|(_, patient)| entry.hold.is_none() && *patient == patient_id);
    desk.submit(text.clone(), command, move |saved| {
        after.run(());
        match saved {
            Ok(_) => {
                if let Some(id) = ids.first() {
                    calendar.panel.set(Panel::Visit(*id));
                    calendar.focus_soon("calendar".to_owned());
                }
                if let Some((entry_id, patient_id)) = waiting {
                    let close = CloseWaitlistEntry {
                        entry_id,
                        patient_id,
                        booked: true,
                    };
                    desk.enter("Waits no longer", Command::CloseWaitlistEntry(close));
                }
                calendar.done(text, move || {
                    unbook(calendar, series_id, patient_id, ids.clone(), name.clone())
                });
            }
            Err(why) => desk.say(why),
        }
    });
}

/// What was booked a moment ago was never meant.
fn unbook(
    calendar: Calendar,
    series: Option<SeriesId>,
    patient_id: PatientId,
    ids: Vec<AppointmentId>,
    name: String,
) {
    let desk = calendar.desk;
    let command = match (series, ids.first()) {
        (Some(series_id), _) => Command::ChangeSeries(ChangeSeries {
            series_id,
            patient_id,
            moves: Vec::new(),
            cancels: (ids.into_iter())
                .map(|appointment_id| CancelAppointment {
                    appointment_id,
                    patient_id,
                    reason: "Taken back at once".to_owned(),
                    by: CancelledBy::Practice,
                })
                .collect(),
        }),
        (None, Some(id)) => Command::SetAppointmentState(SetAppointmentState {
            appointment_id: *id,
            patient_id,
            state: AppointmentState::EnteredInError,
            from: None,
            note: Some("Taken back at once".to_owned()),
        }),
        (None, None) => return,
    };
    desk.submit(format!("{name}: not booked"), command, move |done| match done {
        Ok(_) => calendar.panel.set(Panel::Closed),
        Err(why) => desk.say(why),
    });
}
