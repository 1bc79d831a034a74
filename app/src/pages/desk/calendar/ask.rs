//! A move that somebody must look at: what speaks against it, why it may be all the same, and how much of a series.

use super::moving::Proposal;
use super::state::use_calendar;
use crate::pages::desk::booking::Findings;
use crate::pages::desk::form::Problems;
use domain::schedule::SeriesScope;
use domain::schedule::findings::Weight;
use leptos::prelude::*;
use ui::{Dialog, Field, Problem, ProblemSummary, Segmented};

/// The choice of how much of a series something is about.
#[component]
pub fn Scope(name: &'static str, value: RwSignal<String>) -> impl IntoView {
    let options = [
        ("this", "This one"),
        ("future", "This and later"),
        ("all", "All to come"),
    ];
    let options: Vec<(String, String)> = options
        .map(|(key, word)| (key.to_owned(), word.to_owned()))
        .into();
    view! { <Segmented name legend="Of the series" value options=Signal::stored(options) /> }
}

/// What was chosen.
pub fn scope(value: &str) -> SeriesScope {
    match value {
        "future" => SeriesScope::Future,
        "all" => SeriesScope::All,
        _ => SeriesScope::This,
    }
}

/// The dialog.
#[component]
pub fn AskMove() -> impl IntoView {
    let calendar = use_calendar();
    let open = RwSignal::new(false);
    Effect::new(move || open.set(calendar.asked.with(Option::is_some)));
    let closed = Callback::new(move |()| calendar.asked.set(None));
    view! {
        <Dialog open title="Move" close="Close" on_close=closed>
            {move || calendar.asked.get().map(|proposal| view! { <MoveForm proposal /> })}
        </Dialog>
    }
}

#[component]
fn MoveForm(proposal: Proposal) -> impl IntoView {
    let calendar = use_calendar();
    let problems = Problems::new();
    let why = RwSignal::new(String::new());
    let which = RwSignal::new("this".to_owned());
    let heaviest = proposal.found.iter().map(|one| one.weight()).max();
    let refused = heaviest == Some(Weight::Refuses);
    let needs_reason = heaviest == Some(Weight::NeedsReason);
    let of_series = proposal.series > 1;
    let found = proposal.found.clone();
    let words = format!("{}: to {}", proposal.name, proposal.words);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let said = why.with_untracked(|why| why.trim().to_owned());
        let mut wrong = Vec::new();
        if needs_reason && said.is_empty() {
            wrong.push(Problem::new("move-why", "Say why it may be so"));
        }
        if !problems.show(wrong) {
            return;
        }
        let chosen = which.with_untracked(|which| scope(which));
        calendar.asked.set(None);
        calendar.enter(
            proposal.clone(),
            chosen,
            Some(said).filter(|said| !said.is_empty()),
        );
    };
    view! {
        <form class="form" novalidate on:submit=save>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <p>{words}</p>
            <Findings all=Signal::stored(found) />
            {of_series.then(|| view! { <Scope name="move-scope" value=which /> })}
            {(!refused && (needs_reason || of_series)).then(|| view! {
                <Field
                    id="move-why"
                    label=if needs_reason { "Why it may be so" } else { "Why it may lie beside another (if any does)" }
                    value=why
                    autofocus=needs_reason
                    fault=problems.at("move-why")
                />
            })}
            <div class="ends">
                {(!refused).then(|| view! { <button type="submit" class="btn primary" id="move-save">"Move"</button> })}
                <button type="button" class="btn" on:click=move |_| calendar.asked.set(None)>"Leave it where it is"</button>
            </div>
        </form>
    }
}
