//! The browser's own modal dialog: it traps the focus, closes on Esc and gives the focus back.

use leptos::prelude::*;

use crate::Icon;

/// Opens and closes with `open`. The content is built when it opens, so it starts fresh each time.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    /// The name of the button with the cross.
    #[prop(into)]
    close: Signal<String>,
    #[prop(optional)] large: bool,
    /// Told when it closes, whatever closed it.
    #[prop(optional, into)]
    on_close: Option<Callback<()>>,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            // It fails only for a dialog that has left the page, which then shows nothing either.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let closed = move |_| {
        open.set(false);
        if let Some(told) = on_close {
            told.run(());
        }
    };
    view! {
        <dialog class="dialog" class:large=large node_ref=node aria-label=title on:close=closed>
            <Show when=move || open.get()>
                <header>
                    <h2>{title}</h2>
                    <button type="button" class="btn s quiet only" aria-label=close on:click=move |_| open.set(false)>
                        <Icon name="x" />
                    </button>
                </header>
                <div class="body">{children()}</div>
            </Show>
        </dialog>
    }
}
