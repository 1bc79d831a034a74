//! One patient's record at the desk.

mod aliases;
mod answers;
mod ask;
mod belongs;
pub mod card;
mod card_photos;
mod consents;
mod coverage;
mod coverage_form;
mod duplicates;
mod edit;
mod edit_fields;
pub mod history;
mod join;
mod no_adult;
mod paper;
mod people;
mod person_form;
mod referral_form;
mod referrals;
pub mod visits;
pub mod worklist;

use super::aside::{Here, WhenHere, here};
use super::guarantor::WhoPays;
use super::page::Page;
use super::recalls::card::RecallsCard;
use super::words::{birth_words, identity_words, mrn_words, sex_words};
use crate::routes::path;
use crate::shell::staff::context::{Desk, use_desk};
use crate::state::{DeviceWord, state_words};
use domain::command::CommandName;
use domain::id::PatientId;
use domain::patients::{HumanNumber, IdentityStatus, Patient};
use domain::row::Entity;
use domain::text::Lang;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use sync::device::EntryState;
use ui::{Chip, EmptyState, Tone};

/// The page, by the id in the path.
#[component]
pub fn RecordPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params
            .with(|params| params.get("id"))
            .and_then(|id| id.parse::<PatientId>().ok())
    });
    move || match id.get() {
        Some(id) => view! { <Record id /> }.into_any(),
        None => view! { <super::page::Lost /> }.into_any(),
    }
}

#[component]
fn Record(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let patient = desk.live(move |engine| engine.patient(id));
    let known = Memo::new(move |_| patient.with(Option::is_some));
    let engine = desk.engine();
    leptos::task::spawn_local(async move { engine.note_read(Some(id), "record").await });
    // A title lands in the browser's history, in the clear: it never names anyone.
    let title = "Patient record";
    let faulty = RwSignal::new(false);
    view! {
        <Page title faulty>
            {move || if known.get() {
                // Inside, there is a patient; it is kept when the row goes while the page is left.
                let shown = Memo::new(move |before: Option<&Option<Patient>>| {
                    patient.get().or_else(|| before.cloned().flatten())
                });
                let patient = Signal::derive(move || shown.get());
                view! { <Body id patient faulty /> }.into_any()
            } else {
                view! {
                    <EmptyState
                        icon="patients"
                        title="This record is not on this device"
                        text="It may still be on its way, or it was opened from another device's address."
                    >
                        <a class="btn" href=path::PATIENTS>"Search"</a>
                    </EmptyState>
                }.into_any()
            }}
        </Page>
    }
}

#[component]
fn Body(id: PatientId, patient: Signal<Option<Patient>>, faulty: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let here = here(desk, id);
    view! {
        <Head id patient />
        <aliases::Aliases id />
        <duplicates::Duplicates id patient />
        <no_adult::NoAdult id />
        <WhenHere id>{desk.holds(Entity::HistoryItem).then(|| view! { <history::Allergies id /> })}</WhenHere>
        <div class="scroll" tabindex="0" role="region" aria-label="Record">
            <div class="record">
                <edit::PersonCard id patient faulty />
                <edit::ContactCard id patient faulty />
                <edit::LanguageCard id patient />
                <edit::BackgroundCard id patient />
                {move || (!matches!(here.get(), Here::Aside(_))).then(|| view! { <belongs::BelongsCard id /> })}
                {move || (here.get() == Here::Whole).then(|| view! {
                    {desk.holds(Entity::Appointment).then(|| view! { <visits::VisitsCard id /> })}
                    {desk.holds(Entity::Recall).then(|| view! { <RecallsCard id /> })}
                    {desk.holds(Entity::Coverage).then(|| view! { <coverage::CoverageCard id /> })}
                    {desk.holds(Entity::Referral).then(|| view! { <referrals::ReferralsCard id /> })}
                    {desk.holds(Entity::RelatedPerson).then(|| view! { <people::PeopleCard id /> })}
                    {desk.holds(Entity::Consent).then(|| view! { <consents::ConsentCard id /> })}
                    {desk.may(CommandName::AnswerQuestionnaire).then(|| view! { <ask::FormsCard id patient /> })}
                    {desk.holds(Entity::HistoryItem).then(|| view! { <history::HistoryCard id /> })}
                })}
            </div>
        </div>
    }
}

#[component]
fn Head(id: PatientId, patient: Signal<Option<Patient>>) -> impl IntoView {
    let desk = use_desk();
    let name =
        Memo::new(move |_| patient.with(|one| one.as_ref().map(Patient::display_name).unwrap_or_default()));
    let formal = move || {
        patient.with(|one| {
            one.as_ref().map(|one| {
                let formal = format!("{}, {}", one.family_name, one.given_name);
                if one.preferred_name.is_some() {
                    format!("{formal} · ")
                } else {
                    String::new()
                }
            })
        })
    };
    let facts = move || {
        patient.with(|one| {
            one.as_ref()
                .map(|one| format!("{} · {} · ", birth_words(one, desk.today()), sex_words(one.sex)))
        })
    };
    let mrn = move || {
        patient.with(|one| {
            one.as_ref().map(|one| {
                let kind = if matches!(one.mrn, HumanNumber::Assigned(_)) {
                    "assigned"
                } else {
                    "provisional"
                };
                view! { <span id="patient-mrn" data-mrn=kind>{mrn_words(&one.mrn)}</span> }
            })
        })
    };
    let identity = Memo::new(move |_| patient.with(|one| one.as_ref().map(|one| one.identity)));
    let died = move || {
        patient.with(|one| one.as_ref().and_then(|one| one.deceased_on)).map(|on| {
        view! { <Chip kind=Tone::Stop icon="circle" label=format!("Died {}", super::when::day(on)) /> }
    })
    };
    view! {
        <div class="person">
            {move || view! { <crate::shell::staff::Face name=name.get() /> }}
            <h1 id="patient-name">{move || name.get()}</h1>
            <p class="ids">{formal}{facts}{mrn}</p>
            <WhoPays id />
            <div class="row wrap">
                <LastWords id />
                <paper::Paper id patient />
                {died}
                {move || identity.get().map(|identity| {
                    let kind = if identity == IdentityStatus::Unverified { Tone::Wait } else { Tone::Ok };
                    view! { <Chip kind icon="id" label=identity_words(identity) /> }
                })}
            </div>
        </div>
    }
}

/// Where the last entry about this patient is.
#[component]
fn LastWords(id: PatientId) -> impl IntoView {
    let desk: Desk = use_desk();
    let mine = Memo::new(move |_| desk.entry.get().filter(|entry| entry.patient == Some(id)));
    let state = desk.live(move |engine| mine.get().map(|entry| engine.entry_state(entry.id)));
    view! {
        <span role="status">
            {move || state.get().map(|state| {
                let device = if desk.narrow.get() { DeviceWord::Phone } else { DeviceWord::Computer };
                let (kind, icon) = match state {
                    EntryState::Saved => (Tone::Wait, "disk"),
                    EntryState::Sent => (Tone::Ok, "sent"),
                    EntryState::NeedsDecision => (Tone::Stop, "decisions"),
                };
                view! { <Chip kind icon label=state_words(state, device).get(Lang::En) /> }
            })}
        </span>
    }
}
