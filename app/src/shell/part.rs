//! Parts of an app that are downloaded beside it, so that its first screen does not wait for the others.
//!
//! The page's build cuts each part into a file of its own (`.make/page.sh`); on a server there is nothing to cut.
//! The service worker keeps every part, so one opens offline too. A part that cannot be had says so and can be asked
//! for again; nothing else of the app stops.

use domain::text::{Lang, Text};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use leptos::prelude::*;
// For the entries, which declare parts by the macro below.
pub use leptos::prelude::{AnyView, IntoAny};
pub use wasm_split_helpers::{self, SplitLoaderError, wasm_split};

const FAILED: Text = Text {
    en: "This page could not be loaded. Nothing is lost. Check the network, then try again.",
    es: "Esta página no se pudo cargar. No se perdió nada. Revise la red y vuelva a intentarlo.",
};
const AGAIN: Text = Text {
    en: "Try again",
    es: "Intentar de nuevo",
};

type Opening<T> = LocalBoxFuture<'static, Result<T, SplitLoaderError>>;

/// One screen of a part: how its file is fetched, and how it is shown once it is here.
#[derive(Clone, Copy)]
pub struct Part {
    /// Fetches the file; ready at once when it is here. A failure is not kept: the next call tries again.
    pub load: fn() -> Opening<()>,
    /// Shows the screen; ready at once when the file is here.
    pub view: fn() -> Opening<AnyView>,
}

/// One screen as a part: `part!(file, Page)`. Only an entry says this, of its own pages: what it names is kept in every
/// module that is linked with it.
#[macro_export]
macro_rules! part {
    ($file:ident, $page:path) => {{
        #[$crate::shell::part::wasm_split($file, fallible, preload(load), wasm_split_path = $crate::shell::part::wasm_split_helpers)]
        fn show() -> Result<$crate::shell::part::AnyView, $crate::shell::part::SplitLoaderError> {
            Ok($crate::shell::part::IntoAny::into_any($page()))
        }
        $crate::shell::part::Part {
            load: || Box::pin(load()),
            view: || Box::pin(show()),
        }
    }};
}

/// Fetches parts one after the other, so that they are here before somebody asks. What fails is asked for again
/// when it is opened.
pub fn fetch_ahead<const N: usize>(parts: [Part; N]) {
    leptos::task::spawn_local(async move {
        for part in parts {
            let _later = (part.load)().await;
        }
    });
}

/// Shows a part: at once if it is here, else as soon as it is.
#[component]
pub fn Apart(
    part: Part,
    #[prop(into, default = Signal::stored(Lang::En))] lang: Signal<Lang>,
) -> impl IntoView {
    let here = RwSignal::new(None::<bool>);
    let fetch = move || {
        let mut loading = (part.load)();
        match loading.as_mut().now_or_never() {
            Some(done) => here.set(Some(done.is_ok())),
            None => leptos::task::spawn_local(async move {
                let done = loading.await;
                let _left = here.try_set(Some(done.is_ok()));
            }),
        }
    };
    fetch();
    let again = move |_| {
        here.set(None);
        fetch();
    };
    let failed = move || {
        view! {
            <main id="main" class="apart">
                <p role="alert">{move || FAILED.get(lang.get())}</p>
                <button type="button" class="btn primary" on:click=again>{move || AGAIN.get(lang.get())}</button>
            </main>
        }
        .into_any()
    };
    move || match here.get() {
        None => ().into_any(),
        Some(true) => match (part.view)().now_or_never() {
            Some(Ok(view)) => view,
            _ => failed(),
        },
        Some(false) => failed(),
    }
}
