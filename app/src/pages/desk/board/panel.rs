//! One visit: what is missing at check-in, what happened, and where it may go from here.

use super::call::called_as;
use super::card::step;
use super::in_room::InRoom;
use super::visits::{Visit, moment};
use crate::pages::desk::answering::missing_forms;
use crate::pages::desk::guarantor::{names, who_pays};
use crate::pages::desk::referrals::said_of;
use crate::routes::path;
use crate::shell::staff::context::use_desk;
use domain::command::CommandName;
use domain::coverage::{Coverage, Eligibility, PayerOrder, in_force_on};
use domain::id::PatientId;
use domain::patients::IdentityStatus;
use domain::patients::guarantor::Responsible;
use domain::row::{Entity, Key, Row};
use domain::schedule::board::next;
use domain::schedule::{Appointment, AppointmentState};
use domain::text::Lang;
use leptos::prelude::*;
use ui::{Icon, KeyValue};

/// What is looked at when someone checks in: a tone, its picture, what it is, and more about it.
type Check = (&'static str, &'static str, String, String);

fn checks(visit: &Visit) -> Vec<Check> {
    let desk = use_desk();
    let engine = desk.engine();
    let patient = visit.appointment.patient_id;
    let mut all: Vec<Check> = Vec::new();
    if desk.holds(Entity::Coverage) {
        let rows = engine.get(Key::OfPatient(Entity::Coverage, patient));
        let coverages: Vec<Coverage> = rows
            .into_iter()
            .filter_map(|row| match row {
                Row::Coverage(coverage) => Some(coverage),
                _ => None,
            })
            .collect();
        let day = visit.appointment.wall.date();
        let primary = in_force_on(&coverages, day)
            .into_iter()
            .find(|coverage| coverage.payer_order == PayerOrder::Primary);
        match primary {
            Some(coverage) => {
                let copay = coverage.copay_amount.map(|amount| format!("Copay ${amount}"));
                all.push(match copay {
                    Some(copay) => ("wait", "coin", copay, coverage.payer_name.clone()),
                    None => (
                        "plain",
                        "coin",
                        "Copay not known".to_owned(),
                        coverage.payer_name.clone(),
                    ),
                });
                let Eligibility::NotChecked = coverage.eligibility;
                all.push((
                    "wait",
                    "shield",
                    "Eligibility not checked".to_owned(),
                    format!("Member {}", coverage.member_id),
                ));
                let cards = coverage.card_front.is_some() && coverage.card_back.is_some();
                all.push(match cards {
                    true => (
                        "ok",
                        "card",
                        "Insurance card".to_owned(),
                        "Front and back".to_owned(),
                    ),
                    false => (
                        "wait",
                        "card",
                        "Insurance card missing".to_owned(),
                        "Take both sides at the kiosk or the desk".to_owned(),
                    ),
                });
            }
            None => all.push((
                "wait",
                "card",
                "No insurance in force".to_owned(),
                "The patient pays, or the card is still to come".to_owned(),
            )),
        }
    }
    all.extend(payer(patient));
    if let Some(patient) = engine.patient(patient) {
        all.push(match patient.identity {
            IdentityStatus::StaffVerified => ("ok", "id", "Identity seen by staff".to_owned(), String::new()),
            _ => (
                "wait",
                "id",
                "Identity not seen".to_owned(),
                "Ask for a photo ID".to_owned(),
            ),
        });
    }
    all.extend(forms(visit));
    all
}

/// Who gets the bills, when it is not the patient.
fn payer(patient: PatientId) -> Option<Check> {
    match who_pays(use_desk(), patient).get_untracked()? {
        Responsible::Patient => None,
        Responsible::Guarantors(all) => Some(("ok", "coin", "Bills go to".to_owned(), names(&all))),
        Responsible::Nobody => Some((
            "wait",
            "warn",
            "No responsible adult".to_owned(),
            "The patient is under 18: ask who pays".to_owned(),
        )),
    }
}

/// Which forms the visit still asks for, for those who may see what was answered.
fn forms(visit: &Visit) -> Option<Check> {
    let desk = use_desk();
    let engine = desk.engine();
    if !desk.holds(Entity::QuestionnaireResponse) {
        return None;
    }
    let due = missing_forms(&engine, &visit.appointment, desk.today())?;
    Some(match due.is_empty() {
        true => ("ok", "form", "Forms are complete".to_owned(), String::new()),
        false => ("wait", "form", "Forms to fill in".to_owned(), due.join(", ")),
    })
}

/// The panel.
#[component]
pub fn Panel(
    visit: Visit,
    may: bool,
    open: RwSignal<bool>,
    /// The visit after which a recall is asked for.
    recall: RwSignal<Option<Appointment>>,
    /// Beside the calendar already.
    #[prop(optional)]
    in_calendar: bool,
) -> impl IntoView {
    let desk = use_desk();
    let engine = desk.engine();
    let appointment = visit.appointment.clone();
    let state = appointment.state;
    let facts = format!(
        "{}, {} min · {} · {}",
        visit.clock(),
        (appointment.end_at - appointment.start_at).num_minutes(),
        visit.practitioner,
        visit.kind
    );
    let checks = checks(&visit).into_iter().map(|(tone, icon, what, more)| {
        view! { <li><span class=tone><Icon name=icon /></span><div><b>{what}</b><small>{more}</small></div></li> }
    });
    let history = appointment.steps.iter().map(|one| {
        let when = moment(&engine, appointment.site_id, one.entered_at);
        let moved = one
            .moved_from_at
            .map(|from| format!(", moved from {}", moment(&engine, appointment.site_id, from)));
        let note = one.note.clone().map(|note| format!(": {note}"));
        let words = format!(
            "{}{}{}",
            one.state.label().get(Lang::En),
            moved.unwrap_or_default(),
            note.unwrap_or_default()
        );
        view! { <li><b>{words}</b><small>{format!("{when}, {}", one.by)}</small></li> }
    });
    let button = |to: AppointmentState, class: &'static str| {
        let visit = visit.clone();
        let go = move |_| {
            step(desk, &visit, to, None, move || {
                let _left = open.try_set(false);
            })
        };
        view! { <button type="button" class=class data-step=to.name() on:click=go>{to.label().get(Lang::En)}</button> }
    };
    // Said when they leave: nobody books half a year ahead.
    let here = state.takes_time() && !state.is_expected();
    let recalls = (here && desk.may(CommandName::AddRecall)).then(|| {
        let visit = appointment.clone();
        let ask = move |_| recall.set(Some(visit.clone()));
        view! { <button type="button" class="btn s quiet" id="visit-recall" on:click=ask>"Recall"</button> }
    });
    let warned: Vec<&str> = appointment
        .warnings
        .iter()
        .map(|one| one.sentence().get(Lang::En))
        .collect();
    let mut said = vec![
        ("State".to_owned(), state.label().get(Lang::En).to_owned()),
        (
            "Reason".to_owned(),
            appointment.reason.clone().unwrap_or_default(),
        ),
        ("Rooms".to_owned(), visit.rooms.join(", ")),
        ("Called as".to_owned(), called_as(&visit)),
        ("Warned of".to_owned(), warned.join(" ")),
    ];
    if let Some(referral) = said_of(&engine, &appointment) {
        said.insert(2, ("Referral".to_owned(), referral));
    }
    let main = next(state).filter(|_| may);
    let others = AppointmentState::ALL
        .iter()
        .copied()
        // What was entered in error is said in the calendar, where the time is.
        .filter(|to| {
            may && state.may_become(*to) && Some(*to) != main && *to != AppointmentState::EnteredInError
        });
    view! {
        <div class="form visit-panel">
            <p class="soft small">{facts}</p>
            <div class="steps-to">
                {main.map(|to| button(to, if in_calendar { "btn s" } else { "btn primary" }))}
                {others.map(|to| button(to, "btn s")).collect_view()}
                {recalls}
                <a class="btn s quiet" href=path::patient(appointment.patient_id)>"See the record"</a>
                {(!in_calendar).then(|| view! { <a class="btn s quiet" href=path::appointment(appointment.id)>"In the calendar"</a> })}
            </div>
            {may.then(|| view! { <InRoom visit=visit.clone() /> })}
            <KeyValue rows=Signal::stored(said) none="none" start=true />
            <h3>"Check-in"</h3>
            <ul class="checks">{checks.collect_view()}</ul>
            <h3>"What happened"</h3>
            <ol class="history">{history.collect_view()}</ol>
        </div>
    }
}
