//! The card that every part of a record lies in.

use leptos::prelude::*;

/// One part of a record; its button stands in the head.
#[component]
pub fn Card(
    id: &'static str,
    title: &'static str,
    /// The button in the head.
    #[prop(optional, into)]
    act: Option<ViewFn>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card" id=id aria-label=title>
            <header><h2>{title}</h2>{act.map(|act| move || act.run())}</header>
            {children()}
        </section>
    }
}
