//! Who is at work, on every screen, and what they can do about it.

use super::context::use_desk;
use super::gate::Face;
use crate::pages::desk::words::role_words;
use crate::routes::path;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use leptos_router::hooks::use_location;
use ui::Icon;

/// Closes something when a press lands outside of it, or another page opens.
pub fn closes(open: RwSignal<bool>, id: &'static str) {
    let page = use_location().pathname;
    Effect::new(move || {
        page.track();
        open.set(false);
    });
    let listener = window_event_listener(leptos::ev::pointerdown, move |event| {
        let inside = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|target| target.closest(&format!("#{id}")).ok().flatten())
            .is_some();
        if !inside && open.try_get_untracked() == Some(true) {
            open.set(false);
        }
    });
    on_cleanup(move || listener.remove());
}

/// Who is at work, and the two ways to stop.
#[component]
pub fn Person() -> impl IntoView {
    let desk = use_desk();
    let open = RwSignal::new(false);
    closes(open, "person-menu");
    let name = desk.status(|s| s.actor_name.clone());
    let role = desk.status(|s| s.role);
    let unsent = desk.status(|s| s.saved);
    let lock = move |_| desk.engine().lock();
    let leave = move |_| {
        let engine = desk.engine();
        leptos::task::spawn_local(async move { engine.sign_out().await });
    };
    let keys = move |_| {
        open.set(false);
        desk.help.set(true);
    };
    view! {
        <div id="person-menu" class="has-menu" on:keydown=move |event| if event.key() == "Escape" { open.set(false) }>
            <button
                type="button"
                class="user"
                id="person"
                aria-expanded=move || open.get().to_string()
                aria-controls="person-list"
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {move || view! { <Face name=name.get() /> }}
                <span class="who">
                    <b>{move || name.get()}</b>
                    <span class="micro">{move || role.get().map(role_words)}</span>
                </span>
            </button>
            <Show when=move || open.get()>
                <div class="menu" id="person-list">
                    <button type="button" class="btn quiet" id="lock" on:click=lock><Icon name="lock" />"Lock"</button>
                    <a class="btn quiet" href=path::PASSPHRASE on:click=move |_| open.set(false)><Icon name="key" />"Passphrase"</a>
                    {(!desk.narrow.get()).then(|| view! {
                        <button type="button" class="btn quiet" on:click=keys><Icon name="keyboard" />"Keys"</button>
                    })}
                    {move || match unsent.get() {
                        0 => None,
                        n => Some(view! {
                            <p class="small soft">
                                {format!("{n} not sent yet. They stay here, encrypted, and go out by themselves. ")}
                                <a href=path::OUTBOX>"See them"</a>
                            </p>
                        }),
                    }}
                    <button type="button" class="btn quiet" id="sign-out" on:click=leave>
                        <Icon name="sign-out" />"Sign out"
                    </button>
                </div>
            </Show>
        </div>
    }
}
