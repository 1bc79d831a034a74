//! What surrounds every screen: brand, progress, language above; help and buttons below.

use super::station::use_station;
use super::texts;
use domain::text::{Lang, Text};
use leptos::prelude::*;
use ui::{Dialog, Icon};

/// The top bar. `speak` is told of a change of language.
#[component]
pub fn TopBar(
    #[prop(optional, into)] progress: Option<Signal<(usize, usize)>>,
    #[prop(optional, into)] speak: Option<Callback<Lang>>,
) -> impl IntoView {
    let station = use_station();
    let status = station.engine().status;
    let practice = Memo::new(move |_| status.with(|s| s.practice_name.clone()));
    let place = move || {
        station
            .settings
            .with(|s| s.as_ref().map(|s| s.site_name.clone()).unwrap_or_default())
    };
    let change = move |lang: Lang| match speak {
        Some(speak) => speak.run(lang),
        None => station.lang.set(lang),
    };
    let button = move |lang: Lang, id: &'static str, word: &'static str| {
        let pressed = move || {
            if station.lang.get() == lang {
                "true"
            } else {
                "false"
            }
        };
        view! {
            <button type="button" id=id lang=lang.tag() aria-pressed=pressed on:click=move |_| change(lang)>
                {move || (station.lang.get() == lang).then(|| view! { <Icon name="check" /> })}
                {word}
            </button>
        }
    };
    view! {
        <header class="k-top">
            <p class="k-brand">
                <svg class="k-mark" aria-hidden="true"><use href="/icons.svg#i-brand"></use></svg>
                <span>{practice} <small>{place}</small></span>
            </p>
            <div class="k-progress">{progress.map(|progress| view! { <Progress progress /> })}</div>
            <div class="k-lang" role="group" aria-label=station.say(texts::LANGUAGES)>
                {button(Lang::En, "lang-en", "English")}
                {button(Lang::Es, "lang-es", "Español")}
            </div>
        </header>
    }
}

#[component]
fn Progress(progress: Signal<(usize, usize)>) -> impl IntoView {
    let station = use_station();
    let bars = move || {
        let (step, of) = progress.get();
        (0..of)
            .map(|at| view! { <i class:done=at < step></i> })
            .collect_view()
    };
    view! {
        <span id="progress">{move || step_words(progress.get(), station.lang.get())}</span>
        <span class="k-steps" aria-hidden="true">{bars}</span>
    }
}

/// "Step 3 of 9"
pub fn step_words((step, of): (usize, usize), lang: Lang) -> String {
    format!("{} {step} {} {of}", texts::STEP.get(lang), texts::OF.get(lang))
}

/// Always at the bottom left, always the same.
#[component]
pub fn Help() -> impl IntoView {
    let station = use_station();
    let open = RwSignal::new(false);
    view! {
        <button type="button" class="btn k-help" id="help" on:click=move |_| open.set(true)>
            <Icon name="help" />
            {station.say(texts::HELP)}
        </button>
        <Dialog open title=station.say(texts::HELP_TITLE) close=station.say(texts::CLOSE)>
            <p>{station.say(texts::HELP_TEXT)}</p>
            <p class="soft">{station.say(texts::HELP_KEEP)}</p>
            <button type="button" class="btn primary" on:click=move |_| open.set(false)>
                {station.say(texts::GO_BACK)}
            </button>
        </Dialog>
    }
}

/// A screen that only says something.
#[component]
pub fn Notice(name: &'static str, title: Text, text: Text) -> impl IntoView {
    let station = use_station();
    station.describe_as(title);
    view! {
        <div class="kiosk" data-step=name>
            <TopBar />
            <main class="k-main k-hello" role="status">
                <h1>{station.say(title)}</h1>
                <p>{station.say(text)}</p>
            </main>
        </div>
    }
}
