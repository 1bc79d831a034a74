//! One patient on a phone: who, what not to give, why they came, what they answered.

use super::PhonePage;
use super::answers::Answers;
use crate::pages::desk::aside::{Here, WhenHere, here};
use crate::pages::desk::recalls::card::RecallsCard;
use crate::pages::desk::record::history::{Allergies, is_over, items};
use crate::pages::desk::record::visits::VisitsCard;
use crate::pages::desk::when::{day, moment};
use crate::pages::desk::words::{any_phone, language_words, mrn_words, order_words, sex_words, span_words};
use crate::routes::path;
use crate::shell::staff::context::use_desk;
use domain::coverage::{Coverage, in_force_on};
use domain::encounters::HistoryKind;
use domain::id::PatientId;
use domain::intake::{Intake, IntakeStatus};
use domain::patients::{Patient, PatientField};
use domain::row::{Entity, Key, Row};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use ui::{Chip, EmptyState, Icon, KeyValue, Tone};

/// The page, by the id in the path.
#[component]
pub fn PatientPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params
            .with(|params| params.get("id"))
            .and_then(|id| id.parse::<PatientId>().ok())
    });
    move || match id.get() {
        Some(id) => view! { <Record id /> }.into_any(),
        None => view! { <crate::pages::desk::page::Lost /> }.into_any(),
    }
}

#[component]
fn Record(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let patient = desk.live(move |engine| engine.patient(id));
    let engine = desk.engine();
    leptos::task::spawn_local(async move { engine.note_read(Some(id), "record").await });
    let name = Signal::derive(move || {
        patient.with(|one| one.as_ref().map(Patient::display_name).unwrap_or_default())
    });
    let facts = move || {
        patient.with(|one| {
            one.as_ref().map(|one| {
                let age = one.age_on(desk.today());
                format!(
                    "{} ({age} y), {}, {}",
                    day(one.birth_on),
                    sex_words(one.sex),
                    mrn_words(&one.mrn)
                )
            })
        })
    };
    let clinical = desk.holds(Entity::HistoryItem);
    let here = here(desk, id);
    let head = move || {
        view! {
            <div class="p-who">
                <a class="btn only" href=path::TODAY aria-label="Back to today"><Icon name="left" /></a>
                <div><h1 id="patient-name">{name}</h1><p>{facts}</p></div>
            </div>
            {move || (clinical && here.get() == Here::Whole).then(|| view! { <Allergies id /> })}
        }
    };
    let missing = Memo::new(move |_| patient.with(Option::is_none));
    let contact = Signal::derive(move || {
        patient.with(|one| {
            let Some(one) = one else { return Vec::new() };
            let address = PatientField::HomeAddress;
            let interpreter = if one.interpreter_needed {
                ", interpreter needed"
            } else {
                ""
            };
            vec![
                ("Phone".to_owned(), any_phone(one).unwrap_or_default()),
                ("Address".to_owned(), address.show(&address.read(one))),
                (
                    "Language".to_owned(),
                    format!("{}{interpreter}", language_words(&one.language)),
                ),
            ]
        })
    });
    view! {
        // A title lands in the browser's history, in the clear: it never names anyone.
        <PhonePage title="Patient record" head=ViewFn::from(head)>
            <Show when=move || missing.get()>
                <EmptyState icon="patients" title="This record is not on this device" text="It may still be on its way." />
            </Show>
            <WhenHere id>
                {desk.holds(Entity::Intake).then(|| view! { <Visit id /> })}
                {desk.holds(Entity::Appointment).then(|| view! { <VisitsCard id /> })}
                {desk.holds(Entity::Recall).then(|| view! { <RecallsCard id /> })}
                {desk.holds(Entity::QuestionnaireResponse).then(|| view! { <Answers id /> })}
                {clinical.then(|| view! {
                    <Items id title="Medications" kind=HistoryKind::Medication none="No medications recorded" />
                    <Items id title="Conditions" kind=HistoryKind::Condition none="No conditions recorded" />
                })}
                {desk.holds(Entity::Coverage).then(|| view! { <Coverages id /> })}
            </WhenHere>
            <section aria-labelledby="contact">
                <div class="sec"><h2 id="contact">"Contact"</h2></div>
                <KeyValue rows=contact none="not given" start=true />
            </section>
        </PhonePage>
    }
}

/// Why they came last.
#[component]
fn Visit(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let latest = desk.live(move |engine| {
        let intakes = engine.get(Key::OfPatient(Entity::Intake, id)).into_iter();
        intakes
            .filter_map(|row| match row {
                Row::Intake(intake) if intake.status == IntakeStatus::Accepted => Some(intake),
                _ => None,
            })
            .max_by_key(|intake| intake.reviewed_at)
    });
    let card = move |intake: Intake| {
        let at = intake
            .reviewed_at
            .map(|at| moment(&desk.engine(), at))
            .unwrap_or_default();
        let is_new = (!intake.content.returning).then(|| {
            view! {
                <p class="chips"><span class="flag"><Icon name="new" />"New patient"</span></p>
            }
        });
        view! {
            <section class="today-card" aria-labelledby="visit">
                <h2 id="visit">{intake.content.reason.clone()}</h2>
                <p class="soft">{format!("Taken in {at}")}</p>
                {is_new}
            </section>
        }
    };
    move || latest.get().map(card)
}

/// One kind of history.
#[component]
fn Items(id: PatientId, title: &'static str, kind: HistoryKind, none: &'static str) -> impl IntoView {
    let desk = use_desk();
    let all = items(desk, id);
    let mine = Memo::new(move |_| {
        all.get()
            .into_iter()
            .filter(|item| item.kind == kind)
            .collect::<Vec<_>>()
    });
    view! {
        <section aria-label=title>
            <div class="sec"><h2>{title}</h2></div>
            <Show when=move || mine.with(Vec::is_empty)><p class="soft small">{none}</p></Show>
            <ul class="rows">
                {move || mine.get().into_iter().map(|item| {
                    let over = is_over(&item).then(|| view! { <Chip kind=Tone::Plain label="Over" /> });
                    let since = item.onset_on.map(|on| format!("since {}", day(on))).unwrap_or_default();
                    view! { <li class="answer"><p>{item.display.clone()}" "{over}</p><p class="soft small">{since}</p></li> }
                }).collect_view()}
            </ul>
        </section>
    }
}

/// Who pays now.
#[component]
fn Coverages(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let now = desk.live(move |engine| {
        let rows = engine.get(Key::OfPatient(Entity::Coverage, id)).into_iter();
        let all: Vec<Coverage> = rows
            .filter_map(|row| match row {
                Row::Coverage(coverage) => Some(coverage),
                _ => None,
            })
            .collect();
        let mut now: Vec<Coverage> = in_force_on(&all, desk.today()).into_iter().cloned().collect();
        now.sort_by_key(|one| one.payer_order);
        now
    });
    let one = |coverage: Coverage| {
        view! {
            <div class="cover" data-coverage=coverage.id.to_string()>
                <h3>{coverage.payer_name.clone()}</h3>
                <Chip kind=Tone::Wait icon="clock" label="Not checked" />
                <p class="small soft">{format!("{}, ID {}", order_words(coverage.payer_order), coverage.member_id)}</p>
                <p class="age">{span_words(&coverage)}</p>
            </div>
        }
    };
    view! {
        <section aria-labelledby="coverage">
            <div class="sec"><h2 id="coverage">"Coverage"</h2></div>
            <Show when=move || now.with(Vec::is_empty)><p class="soft small">"No insurance recorded"</p></Show>
            <div class="p-panel">{move || now.get().into_iter().map(one).collect_view()}</div>
        </section>
    }
}
