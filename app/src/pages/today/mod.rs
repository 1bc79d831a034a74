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
    let on_computer = move |class: &'static str| move || if desk.narrow.get() { "" } else { class };
    view! {
        <div class=on_computer("main")>
            <div class=on_computer("scroll")>
                <div class=on_computer("phone")>
                    <header class="p-head">{head.run()}</header>
                    <main class="p-main" id="main" tabindex="-1">{children}</main>
                </div>
            </div>
        </div>
    }
}
