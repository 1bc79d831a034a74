//! States as word, icon and colour together: the colour never speaks alone.

use leptos::prelude::*;

use crate::Icon;

/// What a state means to the person who looks at it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Done, allowed, paid.
    Ok,
    /// Needs patience or a look.
    Wait,
    /// Refused, denied, in conflict.
    Stop,
    /// Good to know.
    Note,
    /// Happening now.
    Act,
    /// Over, or not yet begun.
    #[default]
    Plain,
}

impl Tone {
    /// The class that the style sheets know.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Wait => "wait",
            Self::Stop => "stop",
            Self::Note => "note",
            Self::Act => "act",
            Self::Plain => "plain",
        }
    }

    /// The icon shown when the caller names none.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Ok => "check",
            Self::Wait => "clock",
            Self::Stop => "stop",
            Self::Note => "flag",
            Self::Act => "go",
            Self::Plain => "circle",
        }
    }
}

fn icon_for(kind: Signal<Tone>, named: Option<&'static str>) -> Signal<&'static str> {
    Signal::derive(move || named.unwrap_or_else(|| kind.get().icon()))
}

/// A state in a row or a head: at most one per row.
#[component]
pub fn Chip(
    #[prop(into)] kind: Signal<Tone>,
    #[prop(into)] label: Signal<String>,
    /// Replaces the kind's own icon.
    #[prop(optional)]
    icon: Option<&'static str>,
    /// Asked for, not yet agreed to.
    #[prop(optional)]
    dashed: bool,
) -> impl IntoView {
    view! {
        <span class=move || format!("chip {}", kind.get().class()) class:dashed=dashed>
            <Icon name=icon_for(kind, icon) />
            {label}
        </span>
    }
}

/// A sentence above what it is about, with its buttons as children: offline, new version, possible duplicate.
#[component]
pub fn Banner(
    #[prop(into)] kind: Signal<Tone>,
    /// The part in bold, a whole sentence.
    #[prop(into)]
    lead: Signal<String>,
    #[prop(optional, into)] text: MaybeProp<String>,
    #[prop(optional)] icon: Option<&'static str>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class=move || format!("banner {}", kind.get().class()) role="status">
            <Icon name=icon_for(kind, icon) />
            <p><b>{lead}</b> " " {move || text.get()}</p>
            <span class="push"></span>
            {children.map(|children| children())}
        </div>
    }
}
