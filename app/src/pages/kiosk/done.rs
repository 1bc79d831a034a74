//! Thanks, with the truth about where the answers are.

use super::frame::{Help, TopBar};
use super::station::{Stage, THANKS_SECONDS, use_station};
use super::texts;
use crate::state::{DeviceWord, state_words};
use domain::id::CommandId;
use leptos::prelude::*;
use sync::device::EntryState;
use ui::{Chip, Icon, Tone};

/// After sending; goes away by itself.
#[component]
pub fn Done(id: CommandId) -> impl IntoView {
    let station = use_station();
    station.describe_as(texts::THANKS);
    let engine = station.engine();
    let (version, status) = (engine.version, engine.status);
    engine.ports.page.focus("question-title");
    leptos::task::spawn_local(async move {
        engine.ports.clock.sleep(THANKS_SECONDS * 1000).await;
        if station.stage.get_untracked() == Stage::Done(id) {
            station.welcome();
        }
    });
    let state = Memo::new(move |_| {
        version.track();
        let waits = station.engine().with_device(|device| {
            device
                .pending
                .values()
                .find(|entry| entry.sealed.id == id)
                .map(|entry| entry.state())
        });
        // What no longer waits was sent.
        waits.flatten().unwrap_or(EntryState::Sent)
    });
    let label = Signal::derive(move || {
        state_words(state.get(), DeviceWord::Tablet)
            .get(station.lang.get())
            .to_owned()
    });
    let tone = Signal::derive(move || match state.get() {
        EntryState::Sent => Tone::Ok,
        EntryState::Saved => Tone::Note,
        EntryState::NeedsDecision => Tone::Wait,
    });
    let more = move || {
        let offline = state.get() == EntryState::Saved && status.with(|s| s.online == Some(false));
        let text = if offline {
            texts::THANKS_OFFLINE
        } else {
            texts::THANKS_DESK
        };
        text.get(station.lang.get())
    };
    view! {
        <div class="kiosk" data-step="done">
            <TopBar />
            <main class="k-main k-hello">
                <Icon name="check" />
                <h1 id="question-title" tabindex="-1">{station.say(texts::THANKS)}</h1>
                <p id="state-words" role="status"><Chip kind=tone label /></p>
                <p>{more}</p>
                <p>{station.say(texts::THANKS_TEXT)}</p>
            </main>
            <p class="k-saved"></p>
            <footer class="k-actions">
                <Help />
                <button type="button" class="btn primary" id="finish" on:click=move |_| station.welcome()>
                    {station.say(texts::FINISH)}
                    <Icon name="check" />
                </button>
            </footer>
        </div>
    }
}
