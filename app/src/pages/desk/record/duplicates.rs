//! Records that may be the same person: compared side by side, joined or told apart by a person.

use super::join::{JoinForm, tell_apart};
use crate::pages::desk::new_patient::reasons;
use crate::pages::desk::words::mrn_words;
use crate::shell::staff::context::use_desk;
use domain::command::CommandName;
use domain::id::PatientId;
use domain::patients::Patient;
use domain::patients::matching::Candidate;
use domain::row::{Entity, Row};
use leptos::prelude::*;
use ui::{Banner, Dialog, Tone};

/// A strip for each.
#[component]
pub fn Duplicates(id: PatientId, patient: Signal<Option<Patient>>) -> impl IntoView {
    let desk = use_desk();
    // Comparing with everybody is worth it only when this record or what was decided about others has changed.
    let told_apart = desk.live(|engine| {
        let count = |entity| engine.pick(entity, |_: &Row| Some(())).len();
        count(Entity::PatientLink) + count(Entity::PatientAlias)
    });
    let known = Memo::new(move |_| patient.get());
    let found = Memo::new(move |_| {
        told_apart.track();
        let engine = desk.engine();
        let all = known.with(|one| one.as_ref().map(|one| engine.duplicates(one)).unwrap_or_default());
        all.into_iter()
            .take(3)
            .filter_map(|one| Some((one.clone(), engine.patient(one.id)?)))
            .collect::<Vec<_>>()
    });
    let compared = RwSignal::new(None::<Patient>);
    let open = RwSignal::new(false);
    let may = desk.may(CommandName::MarkDistinct);
    let strip = move |(one, other): (Candidate, Patient)| {
        let lead = format!(
            "May be the same person as {}, {}.",
            other.display_name(),
            mrn_words(&other.mrn)
        );
        let why = reasons(&one);
        let beside = other.clone();
        let compare = move |_| {
            compared.set(Some(beside.clone()));
            open.set(true);
        };
        view! {
            <div data-duplicate=one.id.to_string()>
                <Banner kind=Tone::Wait icon="merge" lead text=format!("They have the {why}.")>
                    <button type="button" class="btn s" on:click=compare>"Compare"</button>
                    {may.then(|| view! {
                        <button type="button" class="btn s" on:click=move |_| tell_apart(desk, id, one.id)>"Not the same"</button>
                    })}
                </Banner>
            </div>
        }
    };
    view! {
        {move || found.get().into_iter().map(strip).collect_view()}
        <Dialog open title="Are these the same person?" close="Close" large=true>
            {move || match (known.get(), compared.get()) {
                (Some(one), Some(other)) => {
                    view! { <JoinForm one other open /> }.into_any()
                }
                _ => ().into_any(),
            }}
        </Dialog>
    }
}
