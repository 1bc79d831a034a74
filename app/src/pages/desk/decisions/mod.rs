//! What needs a person: two values for one field, and entries that were not applied.

mod conflict;
mod lines;
mod refused;
mod waiting;

use super::page::Page;
use crate::shell::staff::context::use_desk;
use conflict::Case;
use domain::command::CommandName;
use domain::text::Lang;
use domain::tray::TrayItem;
use leptos::prelude::*;
use refused::Refused;
use std::collections::BTreeSet;
use sync::device::EntryState;
use ui::EmptyState;
use waiting::Waiting;

/// The page.
#[component]
pub fn Decisions() -> impl IntoView {
    let desk = use_desk();
    let conflicts = desk.live(|engine| {
        let mut all = engine.conflicts();
        all.sort_by_key(|conflict| (conflict.entered_at, conflict.id));
        all.into_iter()
            .map(|one| (engine.patient(one.patient_id), one))
            .collect::<Vec<_>>()
    });
    let waiting = desk.live(|engine| {
        let named = |item: &TrayItem| item.patient_id.and_then(|patient| engine.patient(patient));
        engine
            .tray()
            .into_iter()
            .map(|item| (named(&item), item))
            .collect::<Vec<_>>()
    });
    // What has come back as a row of the tray is shown there, with what was entered.
    let refused = desk.live(|engine| {
        let known: BTreeSet<_> = engine.tray().into_iter().map(|item| item.id).collect();
        let mut all = engine.outbox(Lang::En);
        all.retain(|item| item.state == EntryState::NeedsDecision);
        all.retain(|item| item.tray_id.is_none_or(|id| !known.contains(&id)));
        all
    });
    let count =
        Memo::new(move |_| conflicts.with(Vec::len) + waiting.with(Vec::len) + refused.with(Vec::len));
    let resolves = desk.may(CommandName::ResolveConflict);
    let facts = move || match count.get() {
        0 => "Nothing waits".to_owned(),
        n => format!("{n} waiting · nothing has been lost: every version below is kept"),
    };
    view! {
        <Page title="Needs your decision">
            <div class="page-head"><div><h1>"Needs your decision"</h1><p class="sub">{facts}</p></div></div>
            <div class="scroll pad" tabindex="0" role="region" aria-label="Decisions">
                <Show when=move || count.get() == 0>
                    <EmptyState
                        icon="okc"
                        title="Nothing needs a decision"
                        text="When two people change the same field without seeing each other, both values wait here. \
                            Entries that the clinic could not take come here too."
                    />
                </Show>
                <div class="tray">
                    {move || conflicts.get().into_iter().map(|(patient, one)| {
                        view! { <Case conflict=one patient resolves /> }
                    }).collect_view()}
                    {move || waiting.get().into_iter().map(|(patient, item)| {
                        view! { <Waiting item patient /> }
                    }).collect_view()}
                    {move || refused.get().into_iter().map(|item| view! { <Refused item /> }).collect_view()}
                </div>
            </div>
        </Page>
    }
}
