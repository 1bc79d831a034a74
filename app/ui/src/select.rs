//! One of a known list that is too long for buttons: months, states, payers.

use leptos::prelude::*;

use crate::Icon;
use crate::field::{Notes, described_by, invalid};

/// The bare control with its arrow. The chosen option follows the signal even when the list is drawn again,
/// for instance in another language.
#[component]
pub(crate) fn SelectInput(
    id: String,
    value: RwSignal<String>,
    options: Signal<Vec<(String, String)>>,
    choose: Signal<String>,
    autocomplete: &'static str,
    describedby: Signal<Option<String>>,
    invalid: Signal<Option<&'static str>>,
) -> impl IntoView {
    let drawn = move || {
        let none = view! { <option value="" prop:selected=move || value.get().is_empty()>{choose}</option> };
        let each = options.get().into_iter().map(|(key, label)| {
            let mine = key.clone();
            view! { <option value=key prop:selected=move || value.get() == mine>{label}</option> }
        });
        (none, each.collect_view())
    };
    view! {
        <span class="select">
            <select
                id=id.clone()
                name=id
                autocomplete=autocomplete
                aria-invalid=invalid
                aria-describedby=describedby
                on:change=move |event| value.set(event_target_value(&event))
            >
                {drawn}
            </select>
            <Icon name="down" />
        </span>
    }
}

/// A labelled list; `options` are value and label, and the empty value means "not chosen".
#[component]
pub fn SelectField(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    /// What the empty option says.
    #[prop(into)]
    choose: Signal<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] fault: MaybeProp<String>,
    #[prop(default = "off")] autocomplete: &'static str,
) -> impl IntoView {
    let describedby = described_by(&id, hint, fault);
    view! {
        <div class="field" class:has-fault=move || fault.get().is_some()>
            <label for=id.clone()>{label}</label>
            <Notes id=id.clone() hint fault />
            <SelectInput id value options choose autocomplete describedby invalid=invalid(fault) />
        </div>
    }
}
