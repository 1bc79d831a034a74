//! What the app says by itself: where the work is, what just happened, and how to take it back.

use leptos::prelude::*;

use crate::Icon;

/// Words for screen readers only, spoken when they change.
#[component]
pub fn StatusRegion(#[prop(into)] text: Signal<String>) -> impl IntoView {
    view! { <p class="vh" role="status">{text}</p> }
}

/// A short message at the foot of the screen, with at most one thing to do about it.
#[derive(Clone)]
pub struct Toast {
    pub id: u64,
    pub text: String,
    /// The button's word, for instance "Undo", and what it does.
    pub action: Option<(String, Callback<()>)>,
}

/// Shows the caller's list. How long a message stays is the caller's business: one with an action stays ten seconds.
#[component]
pub fn Toasts(
    list: RwSignal<Vec<Toast>>,
    /// The name of the button that takes a message away.
    #[prop(into)]
    dismiss: Signal<String>,
) -> impl IntoView {
    let drop_one = move |id: u64| list.update(|all| all.retain(|toast| toast.id != id));
    view! {
        <div class="toasts" role="status">
            <For each=move || list.get() key=|toast| toast.id let(toast)>
                <div class="toast">
                    <span>{toast.text}</span>
                    {toast.action.map(|(word, act)| {
                        let press = move |_| {
                            act.run(());
                            drop_one(toast.id);
                        };
                        view! { <button type="button" class="btn s" on:click=press>{word}</button> }
                    })}
                    <button type="button" class="btn s only" aria-label=dismiss on:click=move |_| drop_one(toast.id)>
                        <Icon name="x" />
                    </button>
                </div>
            </For>
        </div>
    }
}

/// Where this device's work is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SyncState {
    /// Everything has reached the clinic.
    #[default]
    Sent,
    /// Saved on this device, on its way.
    Saved,
    /// Saved on this device, no network.
    Offline,
    /// Someone has to decide.
    Decision,
}

impl SyncState {
    const fn class(self) -> &'static str {
        match self {
            Self::Sent => "sync",
            Self::Saved => "sync note",
            Self::Offline => "sync wait",
            Self::Decision => "sync stop",
        }
    }

    const fn icon(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Saved => "disk",
            Self::Offline => "off",
            Self::Decision => "decisions",
        }
    }
}

/// The badge in the bar: it says the state in words and opens the outbox.
#[component]
pub fn SyncBadge(
    #[prop(into)] state: Signal<SyncState>,
    /// "All sent", "Offline since 10:36".
    #[prop(into)]
    label: Signal<String>,
    /// "2 s ago", "7 saved here".
    #[prop(optional, into)]
    detail: MaybeProp<String>,
    /// A word at the end that says what a press does; on a phone, "Sync".
    #[prop(optional, into)]
    action: MaybeProp<String>,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    let icon = Signal::derive(move || state.get().icon());
    view! {
        <span role="status">
            <button type="button" class=move || state.get().class() on:click=move |_| on_press.run(())>
                <Icon name=icon />
                <span><b>{label}</b> {move || detail.get().map(|detail| format!(" · {detail}"))}</span>
                {move || action.get().map(|action| view! { <span class="do">{action}</span> })}
            </button>
        </span>
    }
}
