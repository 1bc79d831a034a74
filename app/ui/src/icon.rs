//! Icons come from one sprite, so that the page needs no inline drawing and the sprite is cached once.

use leptos::prelude::*;

/// One symbol of `/icons.svg`, named without its `i-`. It is decoration: the word beside it, or the button's
/// `aria-label`, says what it means.
#[component]
pub fn Icon(
    #[prop(into)] name: Signal<&'static str>,
    /// The smaller size, for dense rows.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    view! {
        <svg class="icon" class:s=small aria-hidden="true" focusable="false">
            <use href=move || format!("/icons.svg#i-{}", name.get())></use>
        </svg>
    }
}
