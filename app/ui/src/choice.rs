//! Answers given by touching a whole row: one of several, several of several, yes to one.

use leptos::prelude::*;

use crate::field::{Notes, described_by, invalid};

/// One row: its stored value, its words and, if need be, a line that explains it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub note: Option<String>,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            note: None,
        }
    }

    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// How the rows stand: under each other, a pair side by side (yes and no), a grid of many, or a
/// scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChoiceLayout {
    #[default]
    Column,
    Pair,
    Grid,
    /// Places on a scale, in a row.
    Scale,
}

impl ChoiceLayout {
    const fn class(self) -> &'static str {
        match self {
            Self::Column => "choices",
            Self::Pair => "choices two",
            Self::Grid => "choices many",
            Self::Scale => "choices scale",
        }
    }
}

/// The first row carries the field's own id, so that a problem's link lands on it.
fn row_id(id: &str, index: usize) -> String {
    if index == 0 {
        id.to_owned()
    } else {
        format!("{id}-{}", index + 1)
    }
}

fn words(choice: &Choice) -> impl IntoView + use<> {
    let note = choice.note.clone().map(|note| view! { <small>{note}</small> });
    view! { <span>{choice.label.clone()} {note}</span> }
}

/// Radio rows: one answer, held in `value` as the choice's value.
#[component]
pub fn ChoiceField(
    #[prop(into)] id: String,
    #[prop(into)] legend: Signal<String>,
    /// Keeps the legend for screen readers only, where a heading already asks the question.
    #[prop(optional)]
    legend_hidden: bool,
    value: RwSignal<String>,
    #[prop(into)] options: Signal<Vec<Choice>>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] fault: MaybeProp<String>,
    #[prop(optional)] layout: ChoiceLayout,
) -> impl IntoView {
    let describedby = described_by(&id, hint, fault);
    let name = id.clone();
    let rows = move || {
        let each = options.get().into_iter().enumerate().map(|(index, choice)| {
            let (shown, mine, set) = (words(&choice), choice.value.clone(), choice.value.clone());
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        id=row_id(&name, index)
                        name=name.clone()
                        value=choice.value
                        prop:checked=move || value.get() == mine
                        on:change=move |_| value.set(set.clone())
                    />
                    {shown}
                </label>
            }
        });
        each.collect_view()
    };
    view! {
        <fieldset
            class="field"
            class:has-fault=move || fault.get().is_some()
            role="radiogroup"
            aria-describedby=describedby
            aria-invalid=invalid(fault)
        >
            <legend class:vh=legend_hidden>{legend}</legend>
            <Notes id hint fault />
            <div class=layout.class()>{rows}</div>
        </fieldset>
    }
}

/// Checkbox rows: any number of answers, held in `value` in the order of the list. Choosing `none_value`
/// clears the others, and any other choice clears it.
#[component]
pub fn ChoicesField(
    #[prop(into)] id: String,
    #[prop(into)] legend: Signal<String>,
    #[prop(optional)] legend_hidden: bool,
    value: RwSignal<Vec<String>>,
    #[prop(into)] options: Signal<Vec<Choice>>,
    #[prop(optional, into)] none_value: Option<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] fault: MaybeProp<String>,
    #[prop(optional)] layout: ChoiceLayout,
) -> impl IntoView {
    let describedby = described_by(&id, hint, fault);
    let name = id.clone();
    let none = StoredValue::new(none_value);
    let toggle = move |key: &str, on: bool| {
        let is_none = none.with_value(|none| none.as_deref() == Some(key));
        let order: Vec<String> =
            options.with_untracked(|all| all.iter().map(|one| one.value.clone()).collect());
        value.update(|chosen| {
            chosen.retain(|one| one != key && !(on && is_none));
            if on {
                none.with_value(|none| chosen.retain(|one| none.as_ref() != Some(one)));
                chosen.push(key.to_owned());
            }
            chosen.sort_by_key(|one| order.iter().position(|known| known == one));
        });
    };
    let rows = move || {
        let each = options.get().into_iter().enumerate().map(|(index, choice)| {
            let (shown, mine, set) = (words(&choice), choice.value.clone(), choice.value.clone());
            let alone = none.with_value(|none| none.as_ref() == Some(&choice.value));
            view! {
                <label class="choice" class:k-none=alone>
                    <input
                        type="checkbox"
                        id=row_id(&name, index)
                        name=name.clone()
                        value=choice.value
                        prop:checked=move || value.with(|chosen| chosen.contains(&mine))
                        on:change=move |event| toggle(&set, event_target_checked(&event))
                    />
                    {shown}
                </label>
            }
        });
        each.collect_view()
    };
    view! {
        <fieldset class="field" class:has-fault=move || fault.get().is_some() aria-describedby=describedby>
            <legend class:vh=legend_hidden>{legend}</legend>
            <Notes id hint fault />
            <div class=layout.class()>{rows}</div>
        </fieldset>
    }
}

/// One statement to agree to.
#[component]
pub fn CheckField(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    value: RwSignal<bool>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] fault: MaybeProp<String>,
) -> impl IntoView {
    let describedby = described_by(&id, hint, fault);
    view! {
        <div class="field" class:has-fault=move || fault.get().is_some()>
            <Notes id=id.clone() hint fault />
            <label class="choice">
                <input
                    type="checkbox"
                    id=id.clone()
                    name=id
                    aria-invalid=invalid(fault)
                    aria-describedby=describedby
                    prop:checked=move || value.get()
                    on:change=move |event| value.set(event_target_checked(&event))
                />
                <span>{label}</span>
            </label>
        </div>
    }
}
