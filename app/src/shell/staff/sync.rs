//! The badge that says where this device's work is, at the desk and on a phone.

use super::context::{Desk, use_desk};
use super::person::Person;
use crate::pages::desk::words::age;
use crate::routes::path;
use crate::state::DeviceWord;
use domain::text::Lang;
use leptos::prelude::*;
use ui::{SyncBadge, SyncState};

/// The three states as words of this device.
fn words(desk: Desk) -> Memo<(SyncState, String, Option<String>)> {
    let status = desk.engine().status;
    Memo::new(move |_| {
        let now = desk.now.get();
        let device = if desk.narrow.get() {
            DeviceWord::Phone
        } else {
            DeviceWord::Computer
        };
        status.with(|s| {
            let heard = s.heard_at.map(|heard| age(heard, now));
            let saved = device.saved().get(Lang::En).to_lowercase();
            if s.needs_decision > 0 {
                let needs = if s.needs_decision == 1 {
                    "1 needs your decision".to_owned()
                } else {
                    format!("{} need your decision", s.needs_decision)
                };
                (
                    SyncState::Decision,
                    needs,
                    (s.saved > 0).then(|| format!("{} {saved}", s.saved)),
                )
            } else if s.saved > 0 {
                let state = if s.online == Some(false) {
                    SyncState::Offline
                } else {
                    SyncState::Saved
                };
                (
                    state,
                    format!("{} {saved}", s.saved),
                    heard.map(|heard| format!("data of {heard}")),
                )
            } else if s.online == Some(false) {
                (
                    SyncState::Offline,
                    "Offline".to_owned(),
                    heard.map(|heard| format!("data of {heard}")),
                )
            } else if let Some(percent) = s.fetching {
                (
                    SyncState::Saved,
                    "Fetching the records".to_owned(),
                    Some(format!("{percent} %")),
                )
            } else {
                (SyncState::Sent, "All sent".to_owned(), heard)
            }
        })
    })
}

fn name(state: SyncState) -> &'static str {
    match state {
        SyncState::Sent => "sent",
        SyncState::Saved => "saved",
        SyncState::Offline => "offline",
        SyncState::Decision => "decision",
    }
}

/// In the bar: a press opens the outbox, or the decisions when one waits.
#[component]
pub fn Sync() -> impl IntoView {
    let desk = use_desk();
    let said = words(desk);
    let state = Memo::new(move |_| said.with(|said| said.0));
    let open = move |()| {
        desk.go(if state.get_untracked() == SyncState::Decision {
            path::DECISIONS
        } else {
            path::OUTBOX
        });
    };
    view! {
        <span class="push" data-sync=move || name(state.get())>
            <SyncBadge
                state
                label=Signal::derive(move || said.with(|said| said.1.clone()))
                detail=Signal::derive(move || said.with(|said| said.2.clone()))
                on_press=Callback::new(open)
            />
        </span>
    }
}

/// On a phone, a whole line: a press sends and fetches now. At its end, who is at work.
#[component]
pub fn PhoneSync(
    /// What follows the age: "7 today".
    #[prop(optional, into)]
    also: MaybeProp<String>,
) -> impl IntoView {
    let desk = use_desk();
    let said = words(desk);
    let state = Memo::new(move |_| said.with(|said| said.0));
    let label = Signal::derive(move || {
        said.with(|said| match (said.0, &said.2) {
            (SyncState::Sent, Some(heard)) => format!("Synced {heard}"),
            _ => said.1.clone(),
        })
    });
    let detail = Signal::derive(move || {
        also.get()
            .or_else(|| said.with(|said| said.2.clone().filter(|_| said.0 != SyncState::Sent)))
    });
    let press = move |()| {
        desk.engine().poke();
        if state.get_untracked() == SyncState::Decision {
            desk.go(path::DECISIONS);
        }
    };
    view! {
        <div data-sync=move || name(state.get())>
            <SyncBadge state label detail action="Sync" on_press=Callback::new(press) />
        </div>
        <Person />
    }
}
