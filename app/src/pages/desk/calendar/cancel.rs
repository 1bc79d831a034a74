//! Calling an appointment off: why, who wants it so, and how much of a series.

use super::ask::{Scope, scope};
use super::moving::series;
use super::side::as_it_was;
use super::state::use_calendar;
use crate::pages::desk::form::Problems;
use domain::command::Command;
use domain::schedule::{
    Appointment, AppointmentState, CancelAppointment, CancelledBy, ChangeSeries, ConfirmAppointment,
    SeriesScope,
};
use leptos::prelude::*;
use ui::{Field, Problem, ProblemSummary, Segmented, SelectField};

/// The usual reasons.
const REASONS: [&str; 7] = [
    "Cannot come then",
    "Feels better",
    "Too ill to come",
    "No way to get here",
    "Practitioner is away",
    "Site is closed",
    "Went elsewhere",
];

/// The form.
#[component]
pub fn CancelForm(appointment: Appointment, name: String, open: RwSignal<bool>) -> impl IntoView {
    let calendar = use_calendar();
    let desk = calendar.desk;
    let problems = Problems::new();
    let (chosen, other) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let by = RwSignal::new("patient".to_owned());
    let which = RwSignal::new("this".to_owned());
    let of_series = series(&desk.engine(), &appointment, SeriesScope::All).len() > 1;
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = other.with_untracked(|other| other.trim().to_owned());
        let reason = if typed.is_empty() {
            chosen.get_untracked()
        } else {
            typed
        };
        let mut wrong = Vec::new();
        if reason.is_empty() {
            wrong.push(Problem::new("cancel-reason", "Choose or enter why"));
        }
        if !problems.show(wrong) {
            return;
        }
        let by = match by.with_untracked(|by| by == "practice") {
            true => CancelledBy::Practice,
            false => CancelledBy::Patient,
        };
        let all = series(
            &desk.engine(),
            &appointment,
            which.with_untracked(|which| scope(which)),
        );
        let patient_id = appointment.patient_id;
        let cancels: Vec<CancelAppointment> = all
            .iter()
            .map(|one| CancelAppointment {
                appointment_id: one.id,
                patient_id,
                reason: reason.clone(),
                by,
            })
            .collect();
        let n = cancels.len();
        let command = match (appointment.series_id.filter(|_| n > 1), cancels.first()) {
            (Some(series_id), _) => Command::ChangeSeries(ChangeSeries {
                series_id,
                patient_id,
                moves: Vec::new(),
                cancels,
            }),
            (None, Some(one)) => Command::CancelAppointment(one.clone()),
            (None, None) => return,
        };
        let text = match n {
            1 => format!("{name}: cancelled"),
            n => format!("{name}: {n} times cancelled"),
        };
        open.set(false);
        desk.submit(text.clone(), command, move |done| match done {
            Ok(_) => calendar.done(text, move || {
                for one in &all {
                    let again = Command::BookAppointment(as_it_was(one));
                    // Whoever had said that they come had said so.
                    let confirm = (one.state == AppointmentState::Confirmed).then_some(ConfirmAppointment {
                        appointment_id: one.id,
                        patient_id: one.patient_id,
                    });
                    desk.submit("Booked again", again, move |done| match (done, confirm) {
                        (Ok(_), Some(confirm)) => {
                            desk.enter("Confirmed again", Command::ConfirmAppointment(confirm));
                        }
                        (Ok(_), None) => {}
                        (Err(why), _) => desk.say(why),
                    });
                }
            }),
            Err(why) => desk.say(why),
        });
    };
    let reasons: Vec<(String, String)> = REASONS
        .iter()
        .map(|reason| ((*reason).to_owned(), (*reason).to_owned()))
        .collect();
    let whose: Vec<(String, String)> = [("patient", "The patient"), ("practice", "The practice")]
        .map(|(key, word)| (key.to_owned(), word.to_owned()))
        .into();
    view! {
        <form class="form" novalidate on:submit=save>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <SelectField id="cancel-reason" label="Why" value=chosen choose="Choose" options=Signal::stored(reasons) fault=problems.at("cancel-reason") />
            <Field id="cancel-other" label="In other words (optional)" value=other />
            <Segmented name="cancel-by" legend="Who wants it so" value=by options=Signal::stored(whose) />
            {of_series.then(|| view! { <Scope name="cancel-scope" value=which /> })}
            <div class="ends">
                <button type="submit" class="btn primary" id="cancel-save">"Cancel the appointment"</button>
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Keep it"</button>
            </div>
        </form>
    }
}
