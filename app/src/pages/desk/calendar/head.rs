//! The head of what is open beside the calendar.

use super::grid::close_panel;
use super::state::{Calendar, use_calendar};
use leptos::prelude::*;
use ui::Icon;

/// Its name, and the button that closes it.
#[component]
pub fn SideHead(
    #[prop(into)] title: Signal<String>,
    /// What it is good for.
    #[prop(optional, into)]
    about: MaybeProp<String>,
) -> impl IntoView {
    let calendar = use_calendar();
    view! {
        <header>
            <div class="row">
                <h2 class="name">{title}</h2>
                <span class="push"></span>
                <button type="button" class="btn s quiet only" aria-label="Close" on:click=move |_| close_panel(calendar)><Icon name="x" /></button>
            </div>
            {move || about.get().map(|about| view! { <p class="small soft">{about}</p> })}
        </header>
    }
}

/// Esc closes a list that is open beside the calendar.
pub fn close_by_key(calendar: Calendar) {
    calendar.desk.on_keys(move |key| {
        let closes = key == "Escape";
        if closes {
            close_panel(calendar);
        }
        closes
    });
}
