//! The bar: whose desk this is, search from anywhere, where the work is, and who is at work.

use super::context::use_desk;
use super::gate::Face;
use super::sync::Sync;
use crate::pages::desk::results::{Finder, Results};
use crate::pages::desk::words::role_words;
use crate::routes::path;
use domain::row::{Entity, Row};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use leptos_router::hooks::use_location;
use ui::Icon;

/// The bar above every page of a computer.
#[component]
pub fn Bar() -> impl IntoView {
    let desk = use_desk();
    let practice = desk.status(|s| s.practice_name.clone());
    let site = desk.live(|engine| {
        let sites = engine.pick(Entity::Site, |row| match row {
            Row::Site(site) => Some(site.name.clone()),
            _ => None,
        });
        match sites.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        }
    });
    view! {
        <header class="bar">
            <p class="site">
                <Icon name="pin" />
                <span>
                    <b>{move || site.get().unwrap_or_else(|| practice.get())}</b>
                    {move || site.get().map(|_| view! { <span class="micro">{move || practice.get()}</span> })}
                </span>
            </p>
            {desk.holds(Entity::Patient).then(|| view! { <Search /> })}
            <Sync />
            <Person />
        </header>
    }
}

/// Closes something when a press lands outside of it, or another page opens.
fn closes(open: RwSignal<bool>, id: &'static str) {
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

#[component]
fn Search() -> impl IntoView {
    let desk = use_desk();
    let finder = Finder::new(desk, 8);
    let open = RwSignal::new(false);
    closes(open, "finder");
    let shown = Memo::new(move |_| open.get() && finder.typed.with(|typed| !typed.trim().is_empty()));
    let key = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "Escape" => open.set(false),
        "Enter" => {
            if let Some(id) = finder.chosen() {
                event.prevent_default();
                finder.typed.set(String::new());
                desk.go(&path::patient(id));
            }
        }
        other => {
            if finder.moved(other, true) {
                event.prevent_default();
            }
        }
    };
    view! {
        <div id="finder" class="row">
            <label class="search">
                <Icon name="search" />
                <span class="vh">"Search patients"</span>
                <input
                    type="search"
                    id="search"
                    placeholder="Name, date of birth, phone, record number"
                    autocomplete="off"
                    spellcheck="false"
                    role="combobox"
                    aria-controls="found"
                    aria-expanded=move || shown.get().to_string()
                    prop:value=move || finder.typed.get()
                    on:focus=move |_| open.set(true)
                    on:input=move |event| {
                        open.set(true);
                        finder.typed.set(event_target_value(&event));
                    }
                    on:keydown=key
                />
                <kbd aria-hidden="true">"/"</kbd>
            </label>
            <Show when=move || shown.get()>
                <div class="finder-pop" id="found">
                    <Results finder href=path::patient />
                </div>
            </Show>
        </div>
    }
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
