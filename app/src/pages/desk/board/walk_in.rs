//! Someone who is here without an appointment: booked from now on, beside whoever is booked, and arrived.

use super::card::step;
use super::visits::visit_of;
use crate::pages::desk::counter::called;
use crate::pages::desk::form::Problems;
use crate::pages::desk::words::birth_words;
use crate::shell::staff::context::use_desk;
use chrono::{DurationRound, TimeDelta};
use domain::command::Command;
use domain::id::{AppointmentId, PatientId, PractitionerId, SiteId};
use domain::patients::Patient;
use domain::row::{Entity, Row};
use domain::schedule::findings::Weight;
use domain::schedule::{
    AppointmentState, BookAppointment, Finding, Mode, Place, Scenario, VisitType, speaks_against,
};
use domain::text::Lang;
use leptos::prelude::*;
use ui::{Field, Problem, ProblemSummary, SelectField};

/// How many patients are offered.
const OFFERED: usize = 5;

/// Who is to pay, in the order of how often.
const SCENARIOS: [(Scenario, &str); 6] = [
    (Scenario::Insurance, "Insurance"),
    (Scenario::SelfPay, "Pays themselves"),
    (Scenario::WorkInjury, "Injury at work"),
    (Scenario::Auto, "Auto accident"),
    (Scenario::Employer, "Employer"),
    (Scenario::Research, "Study"),
];

/// The form.
#[component]
pub fn WalkIn(site: Memo<Option<SiteId>>, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let text = || RwSignal::new(String::new());
    let (typed, kind, with, reason) = (text(), text(), text(), text());
    let scenario = RwSignal::new("0".to_owned());
    let chosen = RwSignal::new(None::<PatientId>);
    let problems = Problems::new();
    let busy = RwSignal::new(false);
    let kinds = desk.live(|engine| {
        let mut all: Vec<VisitType> = engine.pick(Entity::VisitType, |row| match row {
            Row::VisitType(kind) if kind.active => Some(kind.clone()),
            _ => None,
        });
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    });
    let practitioners = desk.live(move |engine| {
        let at = site.get();
        let mut all: Vec<(String, String)> = engine.pick(Entity::Practitioner, |row| match row {
            Row::Practitioner(row) if row.active && at.is_some_and(|at| row.site_ids.contains(&at)) => {
                Some((
                    row.id.0.to_string(),
                    format!("{} {}", row.given_name, row.family_name),
                ))
            }
            _ => None,
        });
        all.sort_by(|a, b| a.1.cmp(&b.1));
        all
    });
    let found = Memo::new(move |_| match typed.with(|typed| typed.trim().to_owned()) {
        typed if typed.is_empty() => Vec::new(),
        typed => desk.engine().search(&typed, OFFERED),
    });
    let patient = Memo::new(move |_| {
        let first = || found.with(|all| all.first().map(|patient| patient.id));
        chosen.get().or_else(first)
    });
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
        let now = engine.ports.clock.now();
        let found = engine
            .with_device(|device| speaks_against(&device.view(), (now, device.identity.device), &booking));
        // That it is soon is what a walk-in is.
        let mut found = found.and_then(Result::ok).unwrap_or_default();
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
    let row = move |one: Patient| {
        let id = one.id;
        let age = format!("{} y", one.age_on(desk.today()));
        let birth = birth_words(&one, desk.today());
        let name = move || called(&one, desk.counter.get());
        let facts = move || {
            if desk.counter.get() {
                age.clone()
            } else {
                birth.clone()
            }
        };
        view! {
            <li>
                <button
                    type="button" class="pt"
                    aria-pressed=move || (patient.get() == Some(id)).to_string()
                    on:click=move |_| chosen.set(Some(id))
                >
                    <span class="top"><span class="who">{name}</span></span>
                    <span class="what">{facts}</span>
                </button>
            </li>
        }
    };
    Effect::new(move |_| {
        typed.track();
        chosen.set(None);
    });
    let kind_options = move || {
        kinds.with(|all| {
            all.iter()
                .map(|kind| (kind.id.0.to_string(), kind.name.clone()))
                .collect::<Vec<_>>()
        })
    };
    let scenario_options: Vec<(String, String)> = SCENARIOS
        .iter()
        .enumerate()
        .map(|(at, (_, words))| (at.to_string(), (*words).to_owned()))
        .collect();
    let said = |one: Finding| {
        let class = if one.weight() == Weight::Refuses {
            "stop"
        } else {
            "wait"
        };
        view! { <li class=class>{one.sentence().get(Lang::En)}</li> }
    };
    view! {
        <form class="form" novalidate on:submit=save>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <Field id="walk-in-patient" label="Who is here" value=typed autofocus=true hint="Name, date of birth or record number; the first is taken" fault=problems.at("walk-in-patient") />
            <ol class="expected" aria-label="Patients">{move || found.get().into_iter().map(row).collect_view()}</ol>
            <div class="cols">
                <SelectField id="walk-in-kind" label="For what" value=kind choose="Choose" options=Signal::derive(kind_options) fault=problems.at("walk-in-kind") />
                <SelectField id="walk-in-with" label="With whom" value=with choose="Choose" options=practitioners fault=problems.at("walk-in-with") />
            </div>
            <SelectField id="walk-in-scenario" label="Who pays" value=scenario choose="Choose" options=Signal::stored(scenario_options) />
            <ul class="findings" role="status" aria-label="What speaks against it">{move || against.get().into_iter().map(said).collect_view()}</ul>
            <Field id="walk-in-reason" label="Why they come (optional)" value=reason />
            <div class="ends">
                <button type="submit" class="btn primary" id="walk-in-save">"Book and arrive"</button>
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
            </div>
        </form>
    }
}
