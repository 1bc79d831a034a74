//! The frame of a question: problems, heading, the step's own body, Back and Continue.

use super::frame::{Help, TopBar, step_words};
use super::intake::Intake;
use super::machine::{Step, progress};
use super::station::use_station;
use super::steps::Body;
use super::still::Still;
use super::texts;
use super::wording;
use domain::text::Lang;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use ui::{Icon, Problem, ProblemSummary};

/// From the first question to sending.
#[component]
pub fn Flow() -> impl IntoView {
    let station = use_station();
    let Some(settings) = station.settings.get_untracked() else {
        station.welcome();
        return ().into_any();
    };
    let intake = Intake::new(station, settings);
    provide_context(intake);
    let step = intake.step;

    let place = Memo::new(move |_| {
        intake
            .answers
            .with(|answers| progress(step.get(), &intake.list(answers)))
    });
    let title = Memo::new(move |_| wording::title(step.get(), intake).get(intake.lang()).to_owned());
    let hint = Memo::new(move |_| wording::hint(step.get()).map(|text| text.get(intake.lang())));
    let why =
        Memo::new(move |_| wording::why(step.get(), intake).map(|text| text.get(intake.lang()).to_owned()));

    Effect::new(move |_| {
        let lang = intake.lang();
        let title = title.get();
        let mark = if title.ends_with(['?', '.']) { "" } else { "." };
        let wrong = intake.troubles.with(|all| !all.is_empty());
        let prefix = if wrong {
            format!("{} ", texts::ERROR_PREFIX.get(lang))
        } else {
            String::new()
        };
        station.describe(&format!(
            "{prefix}{title}{mark} {}",
            step_words(place.get(), lang)
        ));
    });
    Effect::new(move |_| {
        step.track();
        intake.page.track();
        station.engine().ports.page.focus("question-title");
    });

    let problems = Signal::derive(move || {
        let lang = intake.lang();
        intake.troubles.with(|all| {
            all.iter()
                .map(|one| Problem::new(one.id.clone(), one.text.get(lang)))
                .collect::<Vec<_>>()
        })
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        intake.go_on();
    };
    let class = move || match step.get() {
        Step::Consent(_) => "kiosk consent",
        Step::Card(_) => "kiosk card-screen",
        Step::Review => "kiosk review",
        _ => "kiosk",
    };
    let last = Memo::new(move |_| step.get() == Step::Review && intake.page.get() + 1 >= intake.pages.get());
    let go_word = Signal::derive(move || {
        let text = match (last.get(), step.get(), intake.busy.get()) {
            (true, _, true) => texts::SENDING,
            (true, _, false) => texts::SEND,
            (false, Step::Review, _) => texts::MORE_ANSWERS,
            _ => texts::CONTINUE,
        };
        text.get(intake.lang()).to_owned()
    });
    let go_icon = Signal::derive(move || if last.get() { "check" } else { "go" });
    let status = station.engine().status;
    let kept = move || {
        let offline = status.with(|s| s.online == Some(false));
        (if offline { texts::KEPT_OFFLINE } else { texts::KEPT }).get(intake.lang())
    };
    view! {
        <div class=class data-step=move || step.get().name()>
            <TopBar progress=Signal::from(place) speak=Callback::new(move |lang: Lang| intake.speak(lang)) />
            <main class="k-main">
                <form
                    id="question"
                    novalidate=true
                    autocomplete="off"
                    on:submit=submit
                    on:input=move |_| intake.typed()
                    on:change=move |_| intake.save()
                >
                    <ProblemSummary title=intake.say(texts::PROBLEM) problems attempt=intake.attempt />
                    <h1 id="question-title" tabindex="-1">{title}</h1>
                    {move || hint.get().map(|hint| view! { <p class="k-hint">{hint}</p> })}
                    {move || {
                        let step = step.get();
                        intake.clear_bound();
                        view! { <Body step why /> }
                    }}
                </form>
            </main>
            <p class="k-saved"><Icon name="tablet" /><span>{kept}</span></p>
            <footer class="k-actions">
                <Help />
                <button type="button" class="btn" id="back" on:click=move |_| intake.go_back()>
                    <Icon name="back" />
                    {intake.say(texts::BACK)}
                </button>
                <button
                    type="submit"
                    form="question"
                    class="btn primary"
                    id="continue"
                    aria-busy=move || intake.busy.get().to_string()
                >
                    {go_word}
                    <Icon name=go_icon />
                </button>
            </footer>
            <Still />
        </div>
    }
    .into_any()
}
