//! What surrounds the pages: rail and bar on a computer, tabs on a phone; and which page a path opens.

use super::banners::Banners;
use super::bar::Bar;
use super::context::{Desk, use_desk};
use super::keys::Help;
use super::menu::{Rail, Tabs, home};
use super::use_parts;
use crate::pages::desk as pages;
use crate::routes::path as paths;
use crate::shell::part::{Apart, fetch_ahead};
use crate::state::{DeviceWord, state_words};
use domain::text::Lang;
use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::{use_location, use_navigate};
use leptos_router::{NavigateOptions, path};
use sync::device::EntryState;
use ui::{Icon, Toasts};

/// How long the way of the last entry is shown once it has arrived.
const ARRIVED_MILLIS: u32 = 5_000;
/// The same while it has not: long enough to read, and then out of the way.
const READ_MILLIS: u32 = 15_000;

/// Everything inside, for someone who is in.
#[component]
pub fn Frame() -> impl IntoView {
    view! {
        <Router>
            <Surround />
        </Router>
    }
}

#[component]
fn Surround() -> impl IntoView {
    let desk = use_desk();
    let navigate = use_navigate();
    desk.set_goer(move |path, replace| {
        navigate(
            path,
            NavigateOptions {
                replace,
                ..NavigateOptions::default()
            },
        );
    });
    let page = use_location().pathname;
    Effect::new(move || {
        let kept = page.with(|page| paths::without_ids(page).to_owned());
        if page.with(|page| page != paths::HOME) {
            desk.engine().ports.settings.set("last-route", &kept);
        }
    });
    let narrow = Memo::new(move |_| desk.narrow.get());
    // The pages stay the same ones at every width: what was typed is kept when the window is pulled or the phone turned.
    view! {
        <a class="skip" href="#main">"Skip to the page"</a>
        <div class=move || if narrow.get() { "phone" } else { "desk" }>
            {move || (!narrow.get()).then(|| view! { <Rail /><Bar /> })}
            <div class=move || if narrow.get() { "p-body" } else { "main" }><Banners /><Pages /></div>
            {move || narrow.get().then(|| view! { <Tabs /> })}
        </div>
        <LastEntry />
        <Toasts list=desk.toasts dismiss="Dismiss" />
        <Help />
    }
}

#[component]
fn Pages() -> impl IntoView {
    let parts = use_parts();
    // One of each file, first the one that this screen opens first.
    let (records, day, calendar) = (parts.record, parts.today, parts.calendar);
    let (upkeep, settings) = (parts.decisions, parts.hours);
    fetch_ahead(if use_desk().narrow.get_untracked() {
        [day, records, upkeep, calendar, settings]
    } else {
        [records, day, calendar, upkeep, settings]
    });
    view! {
        <Routes fallback=|| view! { <pages::page::Lost /> }>
            <Route path=path!("/") view=Home />
            <Route path=path!("/desk") view=pages::patients::Patients />
            <Route path=path!("/desk/new") view=move || view! { <Apart part=parts.new_patient /> } />
            <Route path=path!("/desk/duplicates") view=move || view! { <Apart part=parts.duplicates /> } />
            <Route path=path!("/desk/patient/:id") view=move || view! { <Apart part=parts.record /> } />
            <Route path=path!("/desk/intake/:id?") view=move || view! { <Apart part=parts.intake /> } />
            <Route path=path!("/board") view=move || view! { <Apart part=parts.board /> } />
            <Route path=path!("/calendar") view=move || view! { <Apart part=parts.calendar /> } />
            <Route path=path!("/hours") view=move || view! { <Apart part=parts.hours /> } />
            <Route path=path!("/practice") view=move || view! { <Apart part=parts.practice /> } />
            <Route path=path!("/forms") view=move || view! { <Apart part=parts.forms /> } />
            <Route path=path!("/desk/sheet") view=move || view! { <Apart part=parts.sheet /> } />
            <Route path=path!("/reminders") view=move || view! { <Apart part=parts.reminders /> } />
            <Route path=path!("/tasks") view=move || view! { <Apart part=parts.tasks /> } />
            <Route path=path!("/recalls") view=move || view! { <Apart part=parts.recalls /> } />
            <Route path=path!("/decisions") view=move || view! { <Apart part=parts.decisions /> } />
            <Route path=path!("/outbox") view=move || view! { <Apart part=parts.outbox /> } />
            <Route path=path!("/devices") view=move || view! { <Apart part=parts.devices /> } />
            <Route path=path!("/passphrase") view=move || view! { <Apart part=parts.passphrase /> } />
            <Route path=path!("/today") view=move || view! { <Apart part=parts.today /> } />
            <Route path=path!("/today/patients") view=move || view! { <Apart part=parts.my_patients /> } />
            <Route path=path!("/today/patient/:id") view=move || view! { <Apart part=parts.my_patient /> } />
        </Routes>
    }
}

/// Goes on where this device's people were, or to the role's first page.
#[component]
fn Home() -> impl IntoView {
    let desk = use_desk();
    let kept = desk
        .engine()
        .ports
        .settings
        .get("last-route")
        .filter(|kept| kept.starts_with('/'));
    Effect::new(move || desk.replace(kept.as_deref().unwrap_or_else(|| home(desk))));
}

/// The way of what was entered last: saved here, sent, or waiting for a person. Shown until it has arrived or
/// has been read; the record and the badge go on saying it.
#[component]
fn LastEntry() -> impl IntoView {
    let desk = use_desk();
    let state = entry_state(desk);
    let shown = RwSignal::new(false);
    let turn = StoredValue::new(0u32);
    Effect::new(move || {
        if desk.entry.with(Option::is_none) {
            return;
        }
        let millis = if state.get() == EntryState::Sent {
            ARRIVED_MILLIS
        } else {
            READ_MILLIS
        };
        shown.set(true);
        turn.update_value(|turn| *turn += 1);
        let (mine, clock) = (turn.get_value(), desk.engine().ports.clock.clone());
        leptos::task::spawn_local(async move {
            clock.sleep(millis).await;
            if turn.try_get_value() == Some(mine) {
                let _left = shown.try_set(false);
            }
        });
    });
    view! {
        <div class="toasts entry" role="status">
            {move || desk.entry.get().filter(|_| shown.get()).map(|entry| view! {
                <div class="toast" data-entry=move || entry_name(state.get())>
                    <Icon name="outbox" />
                    <span>{entry.what.clone()}". " <b>{move || entry_words(desk, state.get())}</b></span>
                    <button
                        type="button"
                        class="btn s only"
                        aria-label="Dismiss"
                        on:click=move |_| shown.set(false)
                    >
                        <Icon name="x" />
                    </button>
                </div>
            })}
        </div>
    }
}

fn entry_state(desk: Desk) -> Memo<EntryState> {
    desk.live(move |engine| {
        desk.entry
            .get()
            .map_or(EntryState::Sent, |entry| engine.entry_state(entry.id))
    })
}

fn entry_words(desk: Desk, state: EntryState) -> &'static str {
    let device = if desk.narrow.get() {
        DeviceWord::Phone
    } else {
        DeviceWord::Computer
    };
    state_words(state, device).get(Lang::En)
}

fn entry_name(state: EntryState) -> &'static str {
    match state {
        EntryState::Saved => "saved",
        EntryState::Sent => "sent",
        EntryState::NeedsDecision => "decision",
    }
}
