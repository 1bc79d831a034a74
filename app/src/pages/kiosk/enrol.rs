//! A new tablet: staff type a code once. A browser that may delete what is saved is no kiosk.

use super::frame::{Help, TopBar};
use super::station::{storage_words, use_station};
use super::texts;
use crate::error::AppError;
use crate::state::KioskError;
use domain::text::Text;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use ui::{Banner, Field, Icon, Problem, ProblemSummary, Tone};

const CODE: &str = "enrol-code";

/// Whether the page comes from this very computer: a demo.
fn is_loopback() -> bool {
    let host = window().location().hostname().unwrap_or_default();
    matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]")
}

fn words(error: &KioskError) -> Text {
    match error {
        KioskError::Storage(error) => storage_words(error),
        KioskError::Server(AppError::WrongCode | AppError::NotFound | AppError::BadRequest(_)) => {
            texts::ENROL_WRONG
        }
        KioskError::Server(AppError::Unreachable) => texts::ENROL_OFFLINE,
        KioskError::Server(AppError::TooMany(_)) => texts::ENROL_WAIT,
        KioskError::Server(AppError::Version) => texts::ENROL_VERSION,
        KioskError::Server(_) => texts::ENROL_FAILED,
    }
}

/// Asks for the code.
#[component]
pub fn Enrol() -> impl IntoView {
    let station = use_station();
    let code = RwSignal::new(String::new());
    let said = RwSignal::new(None::<Text>);
    let attempt = RwSignal::new(0_u32);
    let weak = RwSignal::new(false);
    let busy = RwSignal::new(false);
    Effect::new(move |_| {
        let lang = station.lang.get();
        let title = texts::ENROL_TITLE.get(lang);
        match said.get() {
            Some(_) => station.describe(&format!("{} {title}", texts::ERROR_PREFIX.get(lang))),
            None => station.describe(title),
        }
    });
    leptos::task::spawn_local(async move {
        let kept = station.engine().ports.page.persist().await;
        let _gone = weak.try_set(!kept);
    });
    let fail = move |text: Text| {
        said.set(Some(text));
        attempt.update(|count| *count += 1);
        busy.set(false);
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let typed = code.get_untracked();
        if typed.trim().is_empty() {
            return fail(texts::ENROL_EMPTY);
        }
        busy.set(true);
        said.set(None);
        let engine = station.engine();
        leptos::task::spawn_local(async move {
            // Some browsers ask the person, and only after a touch.
            let kept = engine.ports.page.persist().await;
            let _still = weak.try_set(!kept);
            if !kept && !is_loopback() {
                return fail(texts::NOT_KEPT);
            }
            match engine.enrol(&typed).await {
                Ok(settings) => {
                    station.settings.set(Some(settings));
                    station.welcome();
                }
                Err(error) => fail(words(&error)),
            }
        });
    };
    let problems = Signal::derive(move || {
        said.get()
            .map(|text| Problem::new(CODE, text.get(station.lang.get())))
            .into_iter()
            .collect::<Vec<_>>()
    });
    let fault = Signal::derive(move || said.get().map(|text| text.get(station.lang.get()).to_owned()));
    let warning = move || {
        let text = if is_loopback() {
            texts::NOT_KEPT_DEMO
        } else {
            texts::NOT_KEPT
        };
        weak.get()
            .then(|| view! { <Banner kind=Tone::Wait lead=station.say(text) /> })
    };
    view! {
        <div class="kiosk enrol" data-step="enrol">
            <TopBar />
            <main class="k-main">
                {warning}
                <form id="question" novalidate=true on:submit=submit>
                    <ProblemSummary title=station.say(texts::PROBLEM) problems attempt />
                    <h1 id="question-title" tabindex="-1">{station.say(texts::ENROL_TITLE)}</h1>
                    <ol>
                        <li><span>{station.say(texts::ENROL_1)}</span></li>
                        <li><span>{station.say(texts::ENROL_2)}</span></li>
                    </ol>
                    <div class="k-fields">
                        <Field
                            id=CODE
                            label=station.say(texts::ENROL_CODE)
                            value=code
                            fault
                            autocapitalize="characters"
                        />
                    </div>
                </form>
            </main>
            <p class="k-saved"></p>
            <footer class="k-actions">
                <Help />
                <button
                    type="submit"
                    form="question"
                    class="btn primary"
                    id="enrol-go"
                    aria-busy=move || busy.get().to_string()
                >
                    {station.say(texts::ENROL_GO)}
                    <Icon name="go" />
                </button>
            </footer>
        </div>
    }
}
