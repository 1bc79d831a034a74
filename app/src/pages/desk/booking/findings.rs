//! What speaks against a time, as whoever books reads it.

use crate::state::Engine;
use domain::schedule::findings::Weight;
use domain::schedule::{BookAppointment, Finding, speaks_against};
use domain::text::Lang;
use leptos::prelude::*;

/// What would speak against a booking, were it entered now.
pub fn findings(engine: &Engine, booking: &BookAppointment) -> Vec<Finding> {
    let now = engine.ports.clock.now();
    let found =
        engine.with_device(|device| speaks_against(&device.view(), (now, device.identity.device), booking));
    found.and_then(Result::ok).unwrap_or_default()
}

/// The list of it; nothing is drawn while there is nothing to say, but the place is there for it to be spoken.
#[component]
pub fn Findings(#[prop(into)] all: Signal<Vec<Finding>>) -> impl IntoView {
    let said = |one: Finding| {
        let class = if one.weight() == Weight::Refuses {
            "stop"
        } else {
            "wait"
        };
        view! { <li class=class>{one.sentence().get(Lang::En)}</li> }
    };
    view! {
        <div role="status">
            <ul class="findings" aria-label="What speaks against it">
                {move || all.get().into_iter().map(said).collect_view()}
            </ul>
        </div>
    }
}
