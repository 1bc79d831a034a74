//! Counter mode: names are short while patients can see the screen.

use crate::shell::staff::context::use_desk;
use domain::patients::Patient;
use leptos::prelude::*;

/// The switch.
#[component]
pub fn CounterMode(#[prop(optional)] small: bool) -> impl IntoView {
    let desk = use_desk();
    let toggle = move |_| {
        desk.counter.update(|on| *on = !*on);
        desk.keep("counter-mode", desk.counter.get_untracked());
    };
    view! {
        <button
            type="button" class="btn" class:s=small id="counter-mode"
            aria-pressed=move || desk.counter.get().to_string()
            title="Shows first name and initial only, for screens that patients can see"
            on:click=toggle
        >
            {move || if desk.counter.get() { "Short names" } else { "Full names" }}
        </button>
    }
}

/// What to call someone: "Elena D." while others look on.
pub fn called(patient: &Patient, counter: bool) -> String {
    match counter {
        true => patient.counter_name(),
        false => patient.display_name(),
    }
}
