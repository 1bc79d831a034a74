//! What a practice is made of: its sites, who sees patients there, and who bills for it.

mod billing;
mod practitioners;
mod sites;

use super::page::{NotYours, Page};
use crate::shell::staff::context::use_desk;
use domain::command::CommandName;
use leptos::prelude::*;
use ui::{EmptyState, Icon, Segmented};

/// The page.
#[component]
pub fn PracticePage() -> impl IntoView {
    let desk = use_desk();
    if !desk.may(CommandName::RecordSite) {
        return view! { <NotYours /> }.into_any();
    }
    let part = RwSignal::new("sites".to_owned());
    let options = [
        ("sites", "Sites"),
        ("practitioners", "Practitioners"),
        ("billing", "Who bills"),
    ];
    let options: Vec<(String, String)> = options
        .into_iter()
        .map(|(key, word)| (key.to_owned(), word.to_owned()))
        .collect();
    let shown = move || match part.get().as_str() {
        "practitioners" => view! { <practitioners::Practitioners /> }.into_any(),
        "billing" => view! { <billing::Billing /> }.into_any(),
        _ => view! { <sites::Sites /> }.into_any(),
    };
    view! {
        <Page title="Practice">
            <div class="page-head hours-head">
                <div><h1>"Practice"</h1><p class="sub">"Where patients are seen, by whom, and who bills"</p></div>
                <Segmented name="practice-part" legend="Part" small=true value=part options=Signal::stored(options) />
            </div>
            {shown}
        </Page>
    }
    .into_any()
}

/// A list as these pages have it: a button that adds one, the table, or what to do while it is empty.
#[component]
fn Listed(
    label: &'static str,
    /// Id and words of the button.
    add: (&'static str, &'static str),
    /// Heads of the columns, and whether figures are in them.
    columns: &'static [(&'static str, bool)],
    /// Icon, title and text while there is none.
    none: (&'static str, &'static str, &'static str),
    is_empty: Signal<bool>,
    begin: Callback<()>,
    #[prop(into)] rows: ViewFn,
) -> impl IntoView {
    let table = move || {
        let head = columns.iter().map(|(word, figures)| {
            view! { <th scope="col" class=figures.then_some("num")>{*word}</th> }
        });
        view! {
            <table class="table">
                <thead><tr>{head.collect_view()}<th scope="col"><span class="vh">"Do"</span></th></tr></thead>
                <tbody>{rows.run()}</tbody>
            </table>
        }
        .into_any()
    };
    let empty = move || view! { <EmptyState icon=none.0 title=none.1 text=none.2 /> }.into_any();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <div class="row pad-line">
                <span class="push"></span>
                <button type="button" class="btn primary" id=add.0 on:click=move |_| begin.run(())><Icon name="plus" small=true />{add.1}</button>
            </div>
            {move || if is_empty.get() { empty() } else { table() }}
        </div>
    }
}

/// What was typed, without the space around it; nothing when nothing is left.
fn typed(text: RwSignal<String>) -> Option<String> {
    text.with_untracked(|text| Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}
