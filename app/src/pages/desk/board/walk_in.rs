//! Someone who is here without an appointment: booked from now on, beside whoever is booked, and arrived.

use super::card::step;
use super::visits::{Visit, visit_of};
use crate::pages::desk::form::Problems;
use crate::pages::desk::words::birth_words;
use crate::shell::staff::context::use_desk;
use crate::state::Engine;
use chrono::{DurationRound, TimeDelta};
use domain::command::Command;
use domain::id::{AppointmentId, PatientId, PractitionerId, SiteId, VisitTypeId};
use domain::patients::Patient;
use domain::row::{Entity, Key, Row};
use domain::schedule::book::Book;
use domain::schedule::check::{Request, check};
use domain::schedule::findings::Weight;
use domain::schedule::{
    Appointment, AppointmentState, BookAppointment, Finding, Mode, Place, Scenario, VisitType,
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

/// What booking looks at, of everybody.
const BOOK: [Entity; 9] = [
    Entity::VisitType,
    Entity::Practitioner,
    Entity::SiteClock,
    Entity::SiteTravel,
    Entity::Resource,
    Entity::Schedule,
    Entity::ScheduleOverride,
    Entity::Closure,
    Entity::Busy,
];

/// What speaks against it, as far as is known here; the server looks again.
fn findings(engine: &Engine, patient: &Patient, kind: &VisitType, place: &Place) -> Vec<Finding> {
    let now = engine.ports.clock.now();
    let rows: Vec<Row> = BOOK
        .iter()
        .chain([&Entity::SlotLease])
        .flat_map(|entity| engine.rows(*entity))
        .collect();
    let appointments: Vec<Appointment> = engine
        .get(Key::OfPatient(Entity::Appointment, patient.id))
        .into_iter()
        .filter_map(|row| match row {
            Row::Appointment(row) => Some(row),
            _ => None,
        })
        .collect();
    let Some(device_id) = engine.with_device(|device| device.identity.device) else {
        return Vec::new();
    };
    let book = Book::of(&rows, now);
    let checked = check(
        &book,
        &Request {
            appointment_id: AppointmentId(engine.new_id()),
            patient,
            appointments: &appointments,
            visit_type: kind,
            place,
            referral: None,
            device_id,
            now,
        },
    );
    // That it is soon is what a walk-in is.
    checked
        .findings
        .into_iter()
        .filter(|one| *one != Finding::TooSoon)
        .collect()
}

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
    let place = move |kind: &VisitType, with: PractitionerId, site_id: SiteId| {
        let now = desk.engine().ports.clock.now();
        Place {
            site_id,
            practitioner_ids: vec![with],
            resource_ids: Vec::new(),
            start_at: now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now),
            minutes: kind.minutes,
            mode: Mode::InPerson,
        }
    };
    let against = Memo::new(move |_| {
        let kind =
            kinds.with(|all| kind.with(|id| all.iter().find(|one| one.id.0.to_string() == *id).cloned()));
        let with = with.with(|id| id.parse().ok().map(PractitionerId));
        let (Some(patient), Some(kind), Some(with), Some(site)) = (patient.get(), kind, with, site.get())
        else {
            return Vec::new();
        };
        let engine = desk.engine();
        let patient = engine.patient(patient);
        patient.map_or_else(Vec::new, |patient| {
            findings(&engine, &patient, &kind, &place(&kind, with, site))
        })
    });
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let kind = kinds.with_untracked(|all| {
            kind.with_untracked(|id| all.iter().find(|kind| kind.id.0.to_string() == *id).cloned())
        });
        let with = with.with_untracked(|id| id.parse().ok().map(PractitionerId));
        let mut wrong = Vec::new();
        for (missing, id, words) in [
            (
                patient.get_untracked().is_none(),
                "walk-in-patient",
                "Choose who is here",
            ),
            (kind.is_none(), "walk-in-kind", "Choose for what"),
            (with.is_none(), "walk-in-with", "Choose with whom"),
        ] {
            if missing {
                wrong.push(Problem::new(id, words));
            }
        }
        if !problems.show(wrong) {
            return;
        }
        let (Some(patient_id), Some(kind), Some(with), Some(site_id)) =
            (patient.get_untracked(), kind, with, site.get_untracked())
        else {
            return;
        };
        let paid = scenario.with_untracked(|at| at.parse().ok().and_then(|at: usize| SCENARIOS.get(at)));
        let book = BookAppointment {
            appointment_id: AppointmentId(desk.engine().new_id()),
            patient_id,
            visit_type_id: VisitTypeId(kind.id.0),
            place: place(&kind, with, site_id),
            scenario: paid.map_or(Scenario::Insurance, |(scenario, _)| *scenario),
            reason: reason
                .with_untracked(|reason| Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty())),
            referral: None,
            overbook_reason: Some("Walk-in".to_owned()),
            hold_minutes: None,
            series_id: None,
        };
        let id = book.appointment_id;
        busy.set(true);
        desk.submit("Walk-in", Command::BookAppointment(book), move |done| {
            let _left = busy.try_set(false);
            match done {
                Ok(_) => {
                    let booked: Option<Visit> = visit_of(&desk.engine(), id);
                    if let Some(visit) = booked {
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
        let (full, short) = (one.display_name(), one.counter_name());
        let birth = birth_words(&one, desk.today());
        let name = move || {
            if desk.counter.get() {
                short.clone()
            } else {
                full.clone()
            }
        };
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
