//! Things to read: a list of facts, and the words for when there is nothing to show.

use leptos::prelude::*;

use crate::Icon;

/// Names and values. An empty value says so, in the caller's word.
#[component]
pub fn KeyValue(
    #[prop(into)] rows: Signal<Vec<(String, String)>>,
    /// Stands for an empty value: "none", "not asked".
    #[prop(into)]
    none: Signal<String>,
    /// Values begin beside their names instead of ending at the edge.
    #[prop(optional)]
    start: bool,
) -> impl IntoView {
    let row = move |(name, value): (String, String)| {
        let shown = if value.is_empty() {
            view! { <dd class="none">{none}</dd> }.into_any()
        } else {
            view! { <dd>{value}</dd> }.into_any()
        };
        view! { <dt>{name}</dt> {shown} }
    };
    view! { <dl class="kv" class:start=start>{move || rows.get().into_iter().map(row).collect_view()}</dl> }
}

/// An empty list that teaches: what would be here, and the button that begins it.
#[component]
pub fn EmptyState(
    icon: &'static str,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] text: MaybeProp<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="nothing">
            <Icon name=icon />
            <h2>{title}</h2>
            {move || text.get().map(|text| view! { <p>{text}</p> })}
            {children.map(|children| children())}
        </div>
    }
}
