//! "Are you still there?": an opaque sheet over the answers, with a count to zero.

use super::frame::Help;
use super::station::{ANSWER_SECONDS, use_station};
use super::texts;
use domain::text::Text;
use leptos::prelude::*;

/// Circumference of the ring, in tenths of a unit.
const RING: u32 = 4147;

/// Shown while the station asks.
#[component]
pub fn Still() -> impl IntoView {
    let station = use_station();
    let node = NodeRef::<leptos::html::Dialog>::new();
    let shown = Memo::new(move |_| station.asking.get().is_some());
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        match (shown.get(), dialog.open()) {
            (true, false) => {
                drop(dialog.show_modal());
                station.engine().ports.page.focus("more-time");
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let left = move || station.asking.get().unwrap_or_default();
    let count = move |text: Text| {
        Signal::derive(move || text.get(station.lang.get()).replace("{n}", &left().to_string()))
    };
    let tenths = |length: u32| format!("{}.{}", length / 10, length % 10);
    let ring = move || format!("{} {}", tenths(RING * left() / ANSWER_SECONDS), tenths(RING));
    let erase = move |_| leptos::task::spawn_local(station.erase());
    let cancel = move |event: leptos::ev::Event| {
        event.prevent_default();
        station.more_time();
    };
    view! {
        <dialog
            class="still"
            id="still"
            role="alertdialog"
            aria-labelledby="still-title"
            aria-describedby="still-text"
            node_ref=node
            on:cancel=cancel
        >
            <Show when=move || shown.get()>
                <div class="still-card">
                    <div class="ring">
                        <svg viewBox="0 0 144 144" aria-hidden="true">
                            <circle class="all" cx="72" cy="72" r="66" />
                            <circle class="left" cx="72" cy="72" r="66" stroke-dasharray=ring />
                        </svg>
                        <strong role="timer" aria-label=count(texts::STILL_LEFT)>{left}</strong>
                    </div>
                    <h1 id="still-title">{station.say(texts::STILL_TITLE)}</h1>
                    <p id="still-text">{count(texts::STILL_TEXT)}</p>
                    <button type="button" class="btn primary" id="more-time" on:click=move |_| station.more_time()>
                        {station.say(texts::MORE_TIME)}
                    </button>
                    <button type="button" class="btn quiet" id="erase" on:click=erase>
                        {station.say(texts::ERASE)}
                    </button>
                </div>
                <footer class="k-actions"><Help /></footer>
            </Show>
        </dialog>
    }
}
