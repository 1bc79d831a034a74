//! Someone who is here without an appointment: booked from now on, beside whoever is booked, and arrived.

use super::card::step;
use super::visits::visit_of;
use crate::pages::desk::booking::{
    Findings, PatientPick, Picked, SCENARIOS, findings, kinds, practitioners, scenario_options,
};
use crate::pages::desk::form::Problems;
use crate::shell::staff::context::use_desk;
use chrono::{DurationRound, TimeDelta};
use domain::command::Command;
use domain::id::{AppointmentId, PractitionerId, SiteId};
use domain::schedule::{AppointmentState, BookAppointment, Finding, Mode, Place, Scenario};
use leptos::prelude::*;
use ui::{Field, Problem, ProblemSummary, SelectField};

/// The form.
#[component]
pub fn WalkIn(site: Memo<Option<SiteId>>, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let text = || RwSignal::new(String::new());
    let (kind, with, reason) = (text(), text(), text());
    let picked = Picked::new(None);
    let scenario = RwSignal::new("0".to_owned());
    let problems = Problems::new();
    let busy = RwSignal::new(false);
    let kinds = kinds(desk);
    let practitioners = practitioners(desk, site.into());
    let patient = picked.patient;
    // As it would be entered now; nothing while something is missing.
    let booking = move || {
        let kind =
            kinds.with(|all| kind.with(|id| all.iter().find(|one| one.id.0.to_string() == *id).cloned()))?;
        let now = desk.engine().ports.clock.now();
        let paid = scenario.with(|at| SCENARIOS.get(at.parse::<usize>().ok()?));
        Some(BookAppointment {
            appointment_id: AppointmentId(desk.engine().new_id()),
            patient_id: patient.get()?,
            visit_type_id: kind.id,
            place: Place {
                site_id: site.get()?,
                practitioner_ids: vec![with.with(|id| id.parse().ok().map(PractitionerId))?],
                resource_ids: Vec::new(),
                start_at: now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now),
                minutes: kind.minutes,
                mode: Mode::InPerson,
            },
            scenario: paid.map_or(Scenario::Insurance, |(scenario, _)| *scenario),
            reason: reason.with(|reason| Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty())),
            referral: None,
            overbook_reason: Some("Walk-in".to_owned()),
            hold_minutes: None,
            series_id: None,
        })
    };
    let against = desk.live(move |engine| {
        let Some(booking) = booking() else {
            return Vec::new();
        };
        let mut found = findings(engine, &booking);
        // That it is soon is what a walk-in is.
        found.retain(|one| *one != Finding::TooSoon);
        found
    });
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let mut wrong = Vec::new();
        for (missing, id, words) in [
            (
                patient.get_untracked().is_none(),
                "walk-in-patient",
                "Choose who is here",
            ),
            (
                kind.with_untracked(String::is_empty),
                "walk-in-kind",
                "Choose for what",
            ),
            (
                with.with_untracked(String::is_empty),
                "walk-in-with",
                "Choose with whom",
            ),
        ] {
            if missing {
                wrong.push(Problem::new(id, words));
            }
        }
        if !problems.show(wrong) {
            return;
        }
        let Some(book) = untrack(booking) else {
            return;
        };
        let id = book.appointment_id;
        busy.set(true);
        desk.submit("Walk-in", Command::BookAppointment(book), move |done| {
            let _left = busy.try_set(false);
            match done {
                Ok(_) => {
                    if let Some(visit) = visit_of(&desk.engine(), id) {
                        step(desk, &visit, AppointmentState::Arrived, None, move || {
                            let _left = open.try_set(false);
                        });
                    }
                }
                Err(why) => drop(problems.show(vec![Problem::new("walk-in-patient", why)])),
            }
        });
    };
    let kind_options = move || {
        kinds.with(|all| {
            all.iter()
                .map(|kind| (kind.id.0.to_string(), kind.name.clone()))
                .collect::<Vec<_>>()
        })
    };
    view! {
        <form class="form" novalidate on:submit=save>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <PatientPick id="walk-in-patient" label="Who is here" picked problems />
            <div class="cols">
                <SelectField id="walk-in-kind" label="For what" value=kind choose="Choose" options=Signal::derive(kind_options) fault=problems.at("walk-in-kind") />
                <SelectField id="walk-in-with" label="With whom" value=with choose="Choose" options=practitioners fault=problems.at("walk-in-with") />
            </div>
            <SelectField id="walk-in-scenario" label="Who pays" value=scenario choose="Choose" options=Signal::stored(scenario_options()) />
            <Findings all=against />
            <Field id="walk-in-reason" label="Why they come (optional)" value=reason />
            <div class="ends">
                <button type="submit" class="btn primary" id="walk-in-save">"Book and arrive"</button>
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
            </div>
        </form>
    }
}
