//! A choice between two or three short words in a row: accept or keep, mine or everyone's.

use leptos::prelude::*;

use crate::Icon;

/// Radios drawn as one strip; the chosen one carries a check mark. An empty value means that none is chosen yet.
#[component]
pub fn Segmented(
    /// Groups the radios; must be unique on the page.
    #[prop(into)]
    name: String,
    #[prop(into)] legend: Signal<String>,
    value: RwSignal<String>,
    /// Value and word.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    #[prop(optional)] small: bool,
) -> impl IntoView {
    let each = move |(key, word): (String, String), name: String| {
        let (mine, set) = (key.clone(), key.clone());
        view! {
            <label>
                <input
                    type="radio"
                    name=name
                    value=key
                    prop:checked=move || value.get() == mine
                    on:change=move |_| value.set(set.clone())
                />
                <Icon name="check" small=true />
                {word}
            </label>
        }
    };
    view! {
        <div class="seg" class:s=small role="radiogroup" aria-label=legend>
            {move || options.get().into_iter().map(|option| each(option, name.clone())).collect_view()}
        </div>
    }
}
