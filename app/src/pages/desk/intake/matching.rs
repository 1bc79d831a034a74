//! Whose record? People who may be meant, with why; a search; or a new record. A person decides.

use super::review::Target;
use crate::pages::desk::new_patient::reasons;
use crate::pages::desk::results::Finder;
use crate::pages::desk::words::{any_phone, birth_words, masked, mrn_words};
use crate::shell::staff::context::use_desk;
use domain::id::PatientId;
use domain::intake::Intake;
use domain::patients::Patient;
use domain::patients::matching::{Candidate, Probe, STRONG};
use domain::row::{Entity, Row};
use leptos::prelude::*;
use ui::{Chip, Icon, Tone};

/// What a submission says of who it is about.
fn probe(intake: &Intake) -> Probe {
    let identity = &intake.content.identity;
    let contact = intake.content.contact.as_ref();
    Probe {
        given_name: identity.given_name.clone(),
        family_name: identity.family_name.clone(),
        birth_on: Some(identity.birth_on),
        phones: vec![identity.phone.clone()],
        street: contact
            .and_then(|contact| contact.address.as_ref())
            .map(|address| address.line1.clone()),
        multiple_birth: false,
    }
}

/// The section in place of the table, until somebody is chosen.
#[component]
pub fn Matching(intake: Intake, target: RwSignal<Option<Target>>) -> impl IntoView {
    let desk = use_desk();
    let returning = intake.content.returning;
    let count = desk.live(|engine| {
        engine
            .pick(Entity::Patient, |row| {
                matches!(row, Row::Patient(_)).then_some(())
            })
            .len()
    });
    let probe = probe(&intake);
    // Everybody is compared again only when somebody came or went.
    let found = Memo::new(move |_| {
        count.track();
        let engine = desk.engine();
        let all = engine.candidates(&probe).into_iter().take(5);
        all.filter_map(|one| Some((one.clone(), engine.patient(one.id)?)))
            .collect::<Vec<_>>()
    });
    let choose = move |id: PatientId| target.set(Some(Target::Known(id)));
    let create = move |_| target.set(Some(Target::New(PatientId(desk.engine().new_id()))));
    let row = move |(one, patient): (Candidate, Patient)| {
        let id = one.id;
        let strong = (one.score >= STRONG).then(|| view! { <Chip kind=Tone::Ok label="Very likely" /> });
        view! {
            <li data-candidate=id.to_string()>
                <span>
                    <b>{patient.display_name()}</b>" "
                    {format!("{} · {}", birth_words(&patient, desk.today()), mrn_words(&patient.mrn))}<br />
                    <small class="soft">{reasons(&one)}</small>
                </span>
                <span class="push"></span>
                {strong}
                <button type="button" class="btn s" data-match=id.to_string() on:click=move |_| choose(id)>
                    "Use this record"<span class="vh">{format!(" {}", patient.display_name())}</span>
                </button>
            </li>
        }
    };
    let says = if returning {
        "They say they have been here before."
    } else {
        "They say they are new here."
    };
    view! {
        <section class="match" aria-label="Whose record">
            <h2>"Whose record is this?"</h2>
            <p class="small soft">{says}</p>
            <div class="maybe" role="status">
                <Show
                    when=move || found.with(|all| !all.is_empty())
                    fallback=|| view! { <p>"Nobody here is alike enough to be offered."</p> }
                >
                    <ul>{move || found.get().into_iter().map(row).collect_view()}</ul>
                </Show>
            </div>
            <Other choose=Callback::new(choose) />
            <button type="button" class="btn" id="create-new" on:click=create><Icon name="new" />"Create new patient"</button>
        </section>
    }
}

/// Somebody else, searched for.
#[component]
fn Other(choose: Callback<PatientId>) -> impl IntoView {
    let desk = use_desk();
    let finder = Finder::new(desk, 6);
    let key = move |event: leptos::ev::KeyboardEvent| {
        let key = event.key();
        match (key.as_str(), finder.chosen()) {
            ("Enter", Some(id)) => {
                event.prevent_default();
                choose.run(id);
            }
            _ if finder.moved(&key, true) => event.prevent_default(),
            _ => {}
        }
    };
    let row = move |(index, patient): (usize, Patient)| {
        let (id, phone) = (
            patient.id,
            any_phone(&patient)
                .map(|phone| masked(&phone))
                .unwrap_or_default(),
        );
        view! {
            <li class:on=move || finder.at.get() == index>
                <span>
                    <b>{patient.display_name()}</b>" "
                    {format!("{} · {} · {phone}", birth_words(&patient, desk.today()), mrn_words(&patient.mrn))}
                </span>
                <span class="push"></span>
                <button type="button" class="btn s" data-match=id.to_string() on:click=move |_| choose.run(id)>
                    "Use"<span class="vh">{format!(" {}", patient.display_name())}</span>
                </button>
            </li>
        }
    };
    view! {
        <label class="search">
            <Icon name="search" />
            <span class="vh">"Search another record"</span>
            <input
                type="search" id="match-search" placeholder="Search another record" autocomplete="off" spellcheck="false"
                prop:value=move || finder.typed.get()
                on:input=move |event| finder.typed.set(event_target_value(&event))
                on:keydown=key
            />
        </label>
        <Show when=move || finder.typed.with(|typed| !typed.trim().is_empty())>
            <ul class="maybe">
                {move || finder.found.get().into_iter().enumerate().map(row).collect_view()}
                <Show when=move || finder.found.with(Vec::is_empty)><li>"Nobody found"</li></Show>
            </ul>
        </Show>
    }
}
