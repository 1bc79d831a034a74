//! Reminders and notices: what needs somebody, by which rules patients are told, and what they were told.

pub mod data;
mod feed;
mod numbers;
mod preview;
mod rule_form;
mod rules;
mod sent;
mod worklist;

use super::counter::CounterMode;
use super::page::{NotYours, Page};
use crate::shell::staff::context::use_desk;
use data::needing;
use domain::access::{Query, may_query};
use domain::command::CommandName;
use domain::row::Entity;
use feed::Feed;
use leptos::prelude::*;
use numbers::Numbers;
use rules::Rules;
use sent::Sent;
use ui::{Dialog, Icon, Segmented};
use worklist::Worklist;

const WORKLIST: &str = "worklist";
const RULES: &str = "rules";
const SENT: &str = "sent";

/// The page. Who holds no patients' notices, as an owner, sees the rules alone.
#[component]
pub fn Reminders() -> impl IntoView {
    let desk = use_desk();
    let holds = desk.holds(Entity::Notice);
    if !holds && !desk.may(CommandName::SetNoticeRule) {
        return view! { <NotYours /> }.into_any();
    }
    let shown = RwSignal::new(if holds { WORKLIST } else { RULES }.to_owned());
    let waiting = desk.live(|engine| needing(engine).len());
    let facts = move || match (holds, waiting.get()) {
        (false, _) => "When patients are told of their appointments, and how".to_owned(),
        (true, 0) => "Nothing waits for you".to_owned(),
        (true, 1) => "1 waits for somebody".to_owned(),
        (true, n) => format!("{n} wait for somebody"),
    };
    let feeding = RwSignal::new(false);
    let feeds = desk
        .role()
        .is_some_and(|role| may_query(role, Query::CreateCalendarFeed));
    let tabs: Vec<(String, String)> = [(WORKLIST, "To do"), (RULES, "Rules"), (SENT, "Sent")]
        .into_iter()
        .filter(|(key, _)| holds || *key == RULES)
        .map(|(key, word)| (key.to_owned(), word.to_owned()))
        .collect();
    view! {
        <Page title="Reminders">
            <div class="page-head">
                <div><h1>"Reminders"</h1><p class="sub" role="status">{facts}</p></div>
                <span class="push"></span>
                {holds.then(|| view! { <Segmented name="reminders-tab" legend="Show" value=shown options=Signal::stored(tabs) /> })}
                {holds.then(|| view! { <CounterMode /> })}
                {feeds.then(|| view! {
                    <button type="button" class="btn" id="feed" on:click=move |_| feeding.set(true)><Icon name="calendar" />"Calendar address"</button>
                })}
            </div>
            {move || match shown.get().as_str() {
                RULES => view! { <Rules /> }.into_any(),
                SENT => view! { <Sent /> }.into_any(),
                _ => view! { <div class="scroll notices" tabindex="0" role="region" aria-label="To do"><Worklist /><Numbers /></div> }.into_any(),
            }}
            <Dialog open=feeding title="Calendar address" close="Close"><Feed /></Dialog>
        </Page>
    }
    .into_any()
}
