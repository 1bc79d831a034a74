//! "There is a problem": the list that takes the focus after a submit that could not go through.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

use crate::Icon;

/// One sentence that says the fix, and the id of the field it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub field: String,
    pub text: String,
}

impl Problem {
    pub fn new(field: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            text: text.into(),
        }
    }
}

/// Moves the focus to an element; false where there is none with this id.
pub fn focus_on(id: &str) -> bool {
    let found = document()
        .get_element_by_id(id)
        .and_then(|found| found.dyn_into::<HtmlElement>().ok());
    found.is_some_and(|found| found.focus().is_ok())
}

/// Shows nothing while the list is empty. A new list takes the focus, each link leads to its field.
#[component]
pub fn ProblemSummary(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] problems: Signal<Vec<Problem>>,
    /// Counts the submits: each one takes the focus back here, though the problems are the same.
    #[prop(optional, into)]
    attempt: Signal<u32>,
) -> impl IntoView {
    let summary = NodeRef::<leptos::html::Div>::new();
    // A memo, so that setting an equal list again does not pull the focus from someone who types.
    let list = Memo::new(move |_| problems.get());
    Effect::new(move |_| {
        attempt.track();
        if !list.read().is_empty()
            && let Some(summary) = summary.get()
        {
            let _ = summary.focus();
        }
    });
    let link = |problem: Problem| {
        let Problem { field, text } = problem;
        let href = format!("#{field}");
        let go = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            focus_on(&field);
        };
        view! { <li><a href=href on:click=go>{text}</a></li> }
    };
    view! {
        <Show when=move || !list.read().is_empty()>
            <div class="problem" role="alert" tabindex="-1" aria-labelledby="problem-title" node_ref=summary>
                <Icon name="stop" />
                <h2 id="problem-title">{title}</h2>
                <ul>{move || list.get().into_iter().map(link).collect_view()}</ul>
            </div>
        </Show>
    }
}
