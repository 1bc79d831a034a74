//! Typed answers: a label that stays visible, a hint, the fault in the same words as the summary, and the input.

use leptos::prelude::*;

use crate::Icon;

/// Ids that `aria-describedby` may name, for the hint and the fault of one field.
pub(crate) fn described_by(
    id: &str,
    hint: MaybeProp<String>,
    fault: MaybeProp<String>,
) -> Signal<Option<String>> {
    let (hint_id, fault_id) = (format!("{id}-hint"), format!("{id}-fault"));
    Signal::derive(move || {
        let hint = hint.get().map(|_| hint_id.as_str());
        let fault = fault.get().map(|_| fault_id.as_str());
        let named: Vec<&str> = hint.into_iter().chain(fault).collect();
        (!named.is_empty()).then(|| named.join(" "))
    })
}

/// `aria-invalid`, absent while there is nothing wrong.
pub(crate) fn invalid(fault: MaybeProp<String>) -> Signal<Option<&'static str>> {
    Signal::derive(move || fault.get().map(|_| "true"))
}

/// The hint and the fault above an input. They come and go without touching the input, so typed text stays.
#[component]
pub(crate) fn Notes(id: String, hint: MaybeProp<String>, fault: MaybeProp<String>) -> impl IntoView {
    let (hint_id, fault_id) = (format!("{id}-hint"), format!("{id}-fault"));
    view! {
        {move || hint.get().map(|text| view! { <p class="hint" id=hint_id.clone()>{text}</p> })}
        {move || fault.get().map(|text| view! {
            <p class="fault" id=fault_id.clone()><Icon name="stop" /><span>{text}</span></p>
        })}
    }
}

/// One line of text, bound to the caller's signal.
#[component]
pub fn Field(
    /// Of the input; the hint and the fault get `-hint` and `-fault` behind it.
    #[prop(into)]
    id: String,
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] fault: MaybeProp<String>,
    /// `text`, `password`, `tel`, `email`, `search`, `date`.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional)] autocapitalize: Option<&'static str>,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Takes the focus when the screen opens; for the first field of a dialog or a sign-in page.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let input = NodeRef::<leptos::html::Input>::new();
    if autofocus {
        input.on_load(|input| {
            let _ = input.focus();
        });
    }
    view! {
        <div class="field" class:has-fault=move || fault.get().is_some()>
            <label for=id.clone()>{label}</label>
            <Notes id=id.clone() hint fault />
            <input
                node_ref=input
                class="input"
                id=id.clone()
                name=id.clone()
                type=kind
                autocomplete=autocomplete
                inputmode=inputmode
                autocapitalize=autocapitalize
                maxlength=maxlength.map(|most| most.to_string())
                spellcheck="false"
                aria-required=required.then_some("true")
                aria-invalid=invalid(fault)
                aria-describedby=described_by(&id, hint, fault)
                prop:disabled=disabled
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
        </div>
    }
}

/// Several lines of text, bound to the caller's signal.
#[component]
pub fn AreaField(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] fault: MaybeProp<String>,
    #[prop(default = 4)] rows: u32,
) -> impl IntoView {
    view! {
        <div class="field" class:has-fault=move || fault.get().is_some()>
            <label for=id.clone()>{label}</label>
            <Notes id=id.clone() hint fault />
            <textarea
                class="input"
                id=id.clone()
                name=id.clone()
                rows=rows.to_string()
                aria-invalid=invalid(fault)
                aria-describedby=described_by(&id, hint, fault)
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
        </div>
    }
}
