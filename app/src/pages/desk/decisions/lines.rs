//! The texts of an entry, to read or to change.

use domain::tray::leaves::{Leaf, leaves, with_leaf};
use leptos::prelude::*;
use serde_json::Value;
use ui::Field;

/// Most lines that are read; the rest is counted.
const MOST: usize = 12;

/// What was entered, in plain words.
#[component]
pub fn Lines(value: Value) -> impl IntoView {
    let all = leaves(&value);
    let more = all.len().saturating_sub(MOST);
    let rows = all.into_iter().take(MOST).map(|leaf| {
        view! { <div><dt>{leaf.label}</dt><dd>{leaf.text}</dd></div> }
    });
    view! {
        <dl class="entered">{rows.collect_view()}</dl>
        {(more > 0).then(|| view! { <p class="small soft">{format!("and {more} more")}</p> })}
    }
}

/// The same lines as fields. `done` gets the value as it is then.
#[component]
pub fn EditLines(value: Value, prefix: String, done: Callback<Value>, close: Callback<()>) -> impl IntoView {
    let fields: Vec<(Leaf, RwSignal<String>)> = leaves(&value)
        .into_iter()
        .map(|leaf| {
            let text = RwSignal::new(leaf.text.clone());
            (leaf, text)
        })
        .collect();
    let shown = fields.iter().enumerate().map(|(at, (leaf, text))| {
        view! { <Field id=format!("{prefix}-{at}") label=Signal::stored(leaf.label.clone()) value=*text autofocus={at == 0} /> }
    });
    let shown = shown.collect_view();
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let changed = fields.iter().fold(value.clone(), |value, (leaf, text)| {
            with_leaf(value, &leaf.pointer, text.get_untracked().trim())
        });
        done.run(changed);
    };
    view! {
        <form class="edit-lines" novalidate=true on:submit=save>
            {shown}
            <div class="row">
                <button type="submit" class="btn primary" data-edit="save">"Put this in the record"</button>
                <button type="button" class="btn" on:click=move |_| close.run(())>"Back"</button>
            </div>
        </form>
    }
}
