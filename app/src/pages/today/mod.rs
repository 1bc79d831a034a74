//! The doctor's phone.

mod answers;
pub mod day;
pub mod patient;
pub mod patients;
mod visits;

use crate::pages::desk::page::titled;
use crate::shell::staff::context::use_desk;
use leptos::prelude::*;

/// A page of the phone: a head that stays, and what scrolls. On a computer it is the same column in the middle.
#[component]
pub fn PhonePage(
    #[prop(into)] title: Signal<String>,
    /// What stays above.
    head: ViewFn,
    children: Children,
) -> impl IntoView {
    let desk = use_desk();
    titled(desk, title, Signal::derive(|| false));
    let children = children();
    let inside = view! {
        <header class="p-head">{head.run()}</header>
        <main class="p-main" id="main" tabindex="-1">{children}</main>
    };
    if desk.narrow.get_untracked() {
        inside.into_any()
    } else {
        view! { <div class="main"><div class="scroll"><div class="phone">{inside}</div></div></div> }
            .into_any()
    }
}
