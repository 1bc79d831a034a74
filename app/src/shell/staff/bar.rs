//! The bar: whose desk this is, search from anywhere, where the work is, and who is at work.

use super::context::use_desk;
use super::person::{Person, closes};
use super::sync::Sync;
use crate::pages::desk::results::{Finder, Results};
use crate::routes::path;
use domain::row::{Entity, Row};
use leptos::prelude::*;
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
