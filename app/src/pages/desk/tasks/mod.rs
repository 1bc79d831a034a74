//! Tasks: what colleagues ask of each other, on the computer and on the phone.

mod form;
mod list;

pub use form::TaskForm;

use super::page::{NotYours, Page};
use crate::shell::staff::context::use_desk;
use domain::command::CommandName;
use domain::tasks::TaskOwner;
use domain::text::Lang;
use leptos::prelude::*;
use list::{Tasks, open_tasks};
use ui::{Dialog, Icon, Segmented};

/// Everybody's, as a choice.
const ALL: &str = "all";

/// The page.
#[component]
pub fn TasksPage() -> impl IntoView {
    let desk = use_desk();
    if !desk.may(CommandName::CloseTask) {
        return view! { <NotYours /> }.into_any();
    }
    let own = desk.role().and_then(TaskOwner::of);
    let shown = RwSignal::new(own.map_or(ALL, TaskOwner::name).to_owned());
    let owner =
        Memo::new(move |_| shown.with(|shown| TaskOwner::ALL.into_iter().find(|one| one.name() == shown)));
    let all = desk.live(open_tasks);
    let ours = Memo::new(move |_| {
        let owner = owner.get();
        let mut ours = all.get();
        ours.retain(|task| owner.is_none_or(|owner| task.owner == owner));
        ours
    });
    let facts = move || match ours.with(Vec::len) {
        0 => "Nothing to do".to_owned(),
        1 => "1 to do".to_owned(),
        n => format!("{n} to do"),
    };
    let asking = RwSignal::new(false);
    desk.on_keys(move |key| {
        let asks = key == "n";
        if asks {
            asking.set(true);
        }
        asks
    });
    let tabs: Vec<(String, String)> = TaskOwner::ALL
        .into_iter()
        .map(|one| (one.name().to_owned(), one.label().get(Lang::En).to_owned()))
        .chain([(ALL.to_owned(), "All".to_owned())])
        .collect();
    view! {
        <Page title="Tasks">
            <div class="page-head">
                <div><h1>"Tasks"</h1><p class="sub" role="status">{facts}</p></div>
                <span class="push"></span>
                <Segmented name="tasks-of" legend="Whose" value=shown options=Signal::stored(tabs) />
                <button type="button" class="btn primary" id="ask" on:click=move |_| asking.set(true)>
                    <Icon name="plus" />"Ask for something "<kbd>"n"</kbd>
                </button>
            </div>
            <div class="scroll notices" tabindex="0" role="region" aria-label="To do"><Tasks ours /></div>
            <Dialog open=asking title="Ask for something" close="Close">
                <TaskForm open=asking owner=own.unwrap_or(TaskOwner::Desk) patient=None appointment=None />
            </Dialog>
        </Page>
    }
    .into_any()
}
