//! Every pair of records that may be one person, to be joined or told apart.

use super::join::{JoinForm, tell_apart};
use crate::pages::desk::new_patient::reasons;
use crate::pages::desk::page::{NotYours, Page};
use crate::pages::desk::words::{birth_words, mrn_words};
use crate::shell::staff::context::use_desk;
use domain::command::CommandName;
use domain::patients::Patient;
use domain::patients::worklist::Pair;
use domain::row::{Entity, Row};
use leptos::prelude::*;
use ui::{Dialog, EmptyState};

/// The page.
#[component]
pub fn DuplicatesPage() -> impl IntoView {
    let desk = use_desk();
    if !desk.may(CommandName::MergePatients) {
        return view! { <NotYours /> }.into_any();
    }
    // Looking for pairs is worth it only when somebody was decided about, or is new.
    let decided = desk.live(|engine| {
        let count = |entity| engine.pick(entity, |_: &Row| Some(())).len();
        let undone = engine.pick(Entity::PatientAlias, |row| match row {
            Row::PatientAlias(alias) if alias.undone_at.is_some() => Some(()),
            _ => None,
        });
        (
            count(Entity::Patient),
            count(Entity::PatientLink),
            count(Entity::PatientAlias),
            undone.len(),
        )
    });
    let found = Memo::new(move |_| {
        decided.track();
        let engine = desk.engine();
        let pair = |pair: Pair| {
            let (one, other) = (
                engine.patient(pair.patient_id)?,
                engine.patient(pair.candidate.id)?,
            );
            Some((one, other, reasons(&pair.candidate)))
        };
        engine.pairs().into_iter().filter_map(pair).collect::<Vec<_>>()
    });
    let open = RwSignal::new(false);
    let compared = RwSignal::new(None::<(Patient, Patient)>);
    let row = move |(one, other, why): (Patient, Patient, String)| {
        let today = desk.today();
        let (a, b) = (one.id, other.id);
        let said = |one: &Patient| {
            let facts = format!("{} · {}", birth_words(one, today), mrn_words(&one.mrn));
            view! { <b>{one.display_name()}</b><small>{facts}</small> }
        };
        let (first, second) = (said(&one), said(&other));
        let compare = move |_| {
            compared.set(Some((one.clone(), other.clone())));
            open.set(true);
        };
        view! {
            <tr data-pair=format!("{a} {b}")>
                <td>{first}</td><td>{second}</td><td class="small">{why}</td>
                <td class="num"><span class="row">
                    <button type="button" class="btn s" on:click=compare>"Compare"</button>
                    <button type="button" class="btn s" on:click=move |_| tell_apart(desk, a, b)>"Two people"</button>
                </span></td>
            </tr>
        }
    };
    view! {
        <Page title="Duplicates">
            <div class="page-head">
                <div><h1>"Possible duplicates"</h1><p class="sub" role="status">{move || format!("{} pairs", found.with(Vec::len))}</p></div>
            </div>
            <div class="scroll" tabindex="0" role="region" aria-label="Possible duplicates">
                <table class="table">
                    <thead><tr>
                        <th scope="col">"One record"</th><th scope="col">"The other"</th><th scope="col">"The same"</th>
                        <th scope="col"><span class="vh">"Do"</span></th>
                    </tr></thead>
                    <tbody>{move || found.get().into_iter().map(row).collect_view()}</tbody>
                </table>
                <Show when=move || found.with(Vec::is_empty)>
                    <EmptyState icon="merge" title="No two records look alike" text="Pairs with the same birth date, name, phone or street would be listed here." />
                </Show>
            </div>
            <Dialog open title="Are these the same person?" close="Close" large=true>
                {move || compared.get().map(|(one, other)| view! { <JoinForm one other open /> })}
            </Dialog>
        </Page>
    }
    .into_any()
}
