//! Search on a phone.

use super::PhonePage;
use crate::pages::desk::page::NotYours;
use crate::pages::desk::results::{Finder, Results};
use crate::routes::path;
use crate::shell::staff::PhoneSync;
use crate::shell::staff::context::use_desk;
use domain::command::CommandName;
use domain::row::Entity;
use leptos::prelude::*;
use ui::{EmptyState, Icon};

/// The page.
#[component]
pub fn Patients() -> impl IntoView {
    let desk = use_desk();
    if !desk.holds(Entity::Patient) {
        return view! { <NotYours /> }.into_any();
    }
    let finder = Finder::new(desk, 30);
    let typing = move |event: leptos::ev::KeyboardEvent| {
        let key = event.key();
        match finder.chosen() {
            Some(id) if key == "Enter" => {
                event.prevent_default();
                desk.go(&path::today_patient(id));
            }
            _ if finder.moved(&key, true) => event.prevent_default(),
            _ => {}
        }
    };
    // On a computer the bar has its own search, and with it the name.
    let field = move || {
        if desk.narrow.get() {
            "search"
        } else {
            "phone-search"
        }
    };
    let head = move || {
        view! {
            <div class="today-head">
                <h1>"Patients"</h1>
                <PhoneSync />
            </div>
            <div class="p-search">
                <label class="search">
                    <Icon name="search" />
                    <span class="vh">"Search patients"</span>
                    <input
                        type="search" id=field placeholder="Name, birth date, phone" autocomplete="off" spellcheck="false"
                        prop:value=move || finder.typed.get()
                        on:input=move |event| finder.typed.set(event_target_value(&event))
                        on:keydown=typing
                    />
                </label>
            </div>
        }
    };
    let add = desk
        .may(CommandName::RegisterPatient)
        .then(|| view! { <a class="btn wide" href=path::NEW_PATIENT><Icon name="plus" />"New patient"</a> });
    let leave = move || desk.narrow.get().then(|| view! { <Leave /> });
    view! {
        <PhonePage title="Patients" head=ViewFn::from(head)>
            <Show
                when=move || finder.typed.with(|typed| !typed.trim().is_empty())
                fallback=|| view! {
                    <EmptyState
                        icon="search"
                        title="Type to find somebody"
                        text="Works without a network, over everybody this phone holds."
                    />
                }
            >
                <Results finder href=path::today_patient />
            </Show>
            {add}
            {leave}
        </PhonePage>
    }
    .into_any()
}

/// On a phone there is no bar: what else it holds stands here.
#[component]
fn Leave() -> impl IntoView {
    let desk = use_desk();
    let lock = move |_| desk.engine().lock();
    let out = move |_| {
        let engine = desk.engine();
        leptos::task::spawn_local(async move { engine.sign_out().await });
    };
    view! {
        <div class="row wrap">
            <a class="btn quiet" href=path::OUTBOX><Icon name="outbox" />"Outbox"</a>
            <button type="button" class="btn quiet" id="lock" on:click=lock><Icon name="lock" />"Lock"</button>
            <button type="button" class="btn quiet" id="sign-out" on:click=out><Icon name="sign-out" />"Sign out"</button>
        </div>
    }
}
