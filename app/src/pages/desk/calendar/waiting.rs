//! Who waits for a time, the first open time for each, and one more.

use super::form::Draft;
use super::head::{SideHead, close_by_key};
use super::openings::{Opening, Wanted, openings};
use super::state::{Panel, use_calendar};
use crate::pages::desk::booking::{PatientPick, Picked, kinds, practitioners};
use crate::pages::desk::counter::called;
use crate::pages::desk::form::Problems;
use chrono::NaiveDate;
use domain::command::{Command, CommandName};
use domain::id::{PractitionerId, WaitlistEntryId};
use domain::row::{Entity, Row};
use domain::schedule::clock::DAY_MINUTES;
use domain::schedule::{CloseWaitlistEntry, WaitlistEntry, WaitlistState};
use leptos::prelude::*;
use ui::{CheckField, Dialog, EmptyState, Field, Icon, Problem, ProblemSummary, SelectField};

/// The list.
#[component]
pub fn WaitingSide() -> impl IntoView {
    let calendar = use_calendar();
    let desk = calendar.desk;
    let adding = RwSignal::new(false);
    let all = desk.live(move |engine| {
        let site = calendar.site_id.get();
        let mut all = engine.pick(Entity::WaitlistEntry, |row| match row {
            Row::WaitlistEntry(row) if row.state == WaitlistState::Waiting && Some(row.site_id) == site => {
                Some(row.clone())
            }
            _ => None,
        });
        all.sort_by_key(|entry| (!entry.urgent, entry.added_at, entry.id));
        all
    });
    close_by_key(calendar);
    view! {
        <SideHead title="Waiting list" />
        <div class="scroll side-form" tabindex="0" role="region" aria-label="Waiting list">
            <ol class="expected all">
                <For each=move || all.get() key=|entry| entry.id let(entry)><Waits entry /></For>
            </ol>
            <Show when=move || all.with(Vec::is_empty)>
                <EmptyState icon="clock" title="Nobody waits" text="Put patients here who would come sooner; freed times are offered to them." />
            </Show>
        </div>
        <footer>
            {desk.may(CommandName::AddToWaitlist).then(|| view! {
                <button type="button" class="btn primary wide" id="wait-add" on:click=move |_| adding.set(true)><Icon name="plus" small=true />"Put someone on the list"</button>
            })}
        </footer>
        <Dialog open=adding title="Waiting list" close="Close"><WaitForm open=adding /></Dialog>
    }
}

/// Closes an entry.
pub fn close_entry(desk: crate::shell::staff::context::Desk, entry: &WaitlistEntry) {
    let close = CloseWaitlistEntry {
        entry_id: entry.id,
        patient_id: entry.patient_id,
        booked: false,
    };
    desk.enter("Waits no longer", Command::CloseWaitlistEntry(close));
}

#[component]
fn Waits(entry: WaitlistEntry) -> impl IntoView {
    let calendar = use_calendar();
    let desk = calendar.desk;
    let engine = desk.engine();
    let patient = engine.patient(entry.patient_id);
    let name = move || match &patient {
        Some(patient) => called(patient, desk.counter.get()),
        None => "A patient".to_owned(),
    };
    let kind = kinds(desk);
    let kind_id = entry.visit_type_id;
    let kind_name = move || {
        let find = |all: &Vec<domain::schedule::VisitType>| {
            all.iter()
                .find(|one| one.id == kind_id)
                .map(|one| one.name.clone())
        };
        kind.with(find).unwrap_or_default()
    };
    let asked = entry.clone();
    // The first open time that is what they wait for.
    let first = desk.live(move |engine| -> Option<Opening> {
        let today = desk.today();
        let wanted = Wanted {
            kind: asked.visit_type_id,
            with: asked
                .practitioner_ids
                .first()
                .copied()
                .filter(|_| asked.practitioner_ids.len() == 1),
            site: asked
                .site_ids
                .first()
                .copied()
                .filter(|_| asked.site_ids.len() == 1),
            from: asked.from_on.max(today),
            video: false,
        };
        let all = openings(engine, &wanted);
        all.into_iter().find(|one| {
            let clock = crate::pages::desk::booking::clock(engine, one.slot.site_id);
            clock.is_some_and(|clock| asked.wants(&one.slot, asked.visit_type_id, &clock))
        })
    });
    let span = format!(
        "{} to {}",
        entry.from_on.format("%b %-d"),
        entry.until_on.format("%b %-d")
    );
    let offered = entry.clone();
    let offer = move |one: Opening| {
        let entry = offered.clone();
        let words = format!("Book {}, {}", one.when, one.who);
        let take = move |_| {
            calendar.on.set(one.on);
            calendar.panel.set(Panel::Book(Draft {
                patient: Some(entry.patient_id),
                kind: Some(entry.visit_type_id),
                site: Some(one.slot.site_id),
                with: Some(one.slot.practitioner_id),
                room: None,
                on: Some(one.on),
                minute: Some(one.minute),
                waiting: Some((entry.id, entry.patient_id)),
            }));
        };
        view! { <button type="button" class="btn s" on:click=take>{words}</button> }
    };
    let closed = entry.clone();
    view! {
        <li class="waits" data-waits=entry.id.to_string()>
            <p class="row"><b>{name}</b>{entry.urgent.then(|| view! { <span class="say wait"><Icon name="flag" small=true />"Urgent"</span> })}</p>
            <p class="small soft">{kind_name}" · "{span}</p>
            {entry.note.clone().map(|note| view! { <p class="small soft">{note}</p> })}
            <div class="acts">
                {move || first.get().map(offer.clone())}
                <button type="button" class="btn s quiet" on:click=move |_| close_entry(desk, &closed)>"Waits no longer"</button>
            </div>
        </li>
    }
}

#[component]
fn WaitForm(open: RwSignal<bool>) -> impl IntoView {
    let calendar = use_calendar();
    let desk = calendar.desk;
    let picked = Picked::new(None);
    let problems = Problems::new();
    let text = |known: String| RwSignal::new(known);
    let (kind, with, note) = (text(String::new()), text(String::new()), text(String::new()));
    let today = calendar.today();
    let later = today.checked_add_days(chrono::Days::new(28)).unwrap_or(today);
    let (from, until) = (text(today.to_string()), text(later.to_string()));
    let urgent = RwSignal::new(false);
    let all_kinds = kinds(desk);
    let people = practitioners(desk, calendar.site_id.into());
    let options = move || {
        let words = |kind: &domain::schedule::VisitType| (kind.id.0.to_string(), kind.name.clone());
        all_kinds.with(|all| all.iter().map(words).collect::<Vec<_>>())
    };
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let day = |text: RwSignal<String>| text.with_untracked(|text| text.parse::<NaiveDate>().ok());
        let chosen = all_kinds.with_untracked(|all| {
            kind.with_untracked(|id| {
                all.iter()
                    .find(|one| one.id.0.to_string() == *id)
                    .map(|one| one.id)
            })
        });
        let (who, first, last) = (picked.patient.get_untracked(), day(from), day(until));
        let (Some(patient_id), Some(visit_type_id), Some(from_on), Some(until_on), Some(site_id)) =
            (who, chosen, first, last, calendar.site_id.get_untracked())
        else {
            let checks = [
                (who.is_none(), "wait-patient", "Choose the patient"),
                (chosen.is_none(), "wait-kind", "Choose for what"),
                (first.is_none(), "wait-from", "Enter the first day"),
                (last.is_none(), "wait-until", "Enter the last day"),
            ];
            let wrong = checks.into_iter().filter(|(wrong, ..)| *wrong);
            problems.show(wrong.map(|(_, id, words)| Problem::new(id, words)).collect());
            return;
        };
        if until_on < from_on {
            problems.show(vec![Problem::new(
                "wait-until",
                "The last day is before the first one",
            )]);
            return;
        }
        let entry = WaitlistEntry {
            id: WaitlistEntryId(desk.engine().new_id()),
            patient_id,
            site_id,
            visit_type_id,
            practitioner_ids: with
                .with_untracked(|id| id.parse().ok().map(PractitionerId))
                .into_iter()
                .collect(),
            site_ids: vec![site_id],
            from_on,
            until_on,
            from_minute: 0,
            until_minute: DAY_MINUTES,
            urgent: urgent.get_untracked(),
            note: note.with_untracked(|note| Some(note.trim().to_owned()).filter(|note| !note.is_empty())),
            appointment_id: None,
            state: WaitlistState::Waiting,
            added_at: desk.engine().ports.clock.now(),
            added_by: String::new(),
            closed_by: None,
            closed_at: None,
        };
        desk.submit(
            "On the waiting list",
            Command::AddToWaitlist(entry),
            move |done| match done {
                Ok(_) => open.set(false),
                Err(why) => desk.say(why),
            },
        );
    };
    view! {
        <form class="form" novalidate on:submit=save>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <PatientPick id="wait-patient" label="Who waits" picked problems />
            <SelectField id="wait-kind" label="For what" value=kind choose="Choose" options=Signal::derive(options) fault=problems.at("wait-kind") />
            <SelectField id="wait-with" label="With whom" value=with choose="Anyone" options=people />
            <div class="cols">
                <Field id="wait-from" label="From" kind="date" value=from fault=problems.at("wait-from") />
                <Field id="wait-until" label="Until" kind="date" value=until fault=problems.at("wait-until") />
            </div>
            <CheckField id="wait-urgent" label="Urgent" value=urgent />
            <Field id="wait-note" label="Note (optional)" value=note />
            <div class="ends"><button type="submit" class="btn primary" id="wait-save">"Put on the list"</button></div>
        </form>
    }
}
