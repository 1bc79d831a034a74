//! What a practice is made of: its sites, who sees patients there, and who bills for it.

mod billing;
mod practitioners;
mod sites;

use super::page::{NotYours, Page};
use crate::shell::staff::context::use_desk;
use domain::command::CommandName;
use leptos::prelude::*;
use ui::Segmented;

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

/// What was typed, without the space around it; nothing when nothing is left.
fn typed(text: RwSignal<String>) -> Option<String> {
    text.with_untracked(|text| Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}
