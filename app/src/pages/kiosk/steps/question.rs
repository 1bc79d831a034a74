//! Why they came, and the practice's own questions about health.

use super::YES_NO;
use super::fields::choices;
use crate::pages::kiosk::answers::{NO, YES};
use crate::pages::kiosk::intake::{Intake, use_intake};
use crate::pages::kiosk::texts;
use domain::intake::{Answer, AnswerKind, Page, questionnaire};
use leptos::prelude::*;
use ui::{AreaField, Choice, ChoiceField, ChoiceLayout, ChoicesField};

/// Most rows on one screen; more go to a second page.
const ROWS: usize = 8;
/// The field of every question.
const ANSWER: &str = "answer";

/// In words.
#[component]
pub fn Reason() -> impl IntoView {
    let intake = use_intake();
    view! {
        <AreaField
            id="reason"
            label=intake.say(texts::REASON)
            value=intake.bind(|a| &mut a.reason)
            fault=intake.fault("reason")
            rows=3
        />
    }
}

/// One page of the questionnaire.
#[component]
pub fn Question(index: u8) -> impl IntoView {
    let intake = use_intake();
    let page = intake.settings.with_value(|s| {
        s.questionnaire
            .as_ref()
            .and_then(|form| form.pages.get(usize::from(index)))
            .cloned()
    });
    let Some(page) = page else { return ().into_any() };
    let known = intake.with_answers(|answers| answers.history.get(&page.link_id).cloned());
    match page.answer.clone() {
        AnswerKind::YesNo => yes_no(intake, &page, known).into_any(),
        AnswerKind::Choice { options } => one_of(intake, &page, options, known).into_any(),
        AnswerKind::Choices { options } => any_of(intake, &page, options, known).into_any(),
        AnswerKind::Text => words(intake, &page, known).into_any(),
    }
}

/// Takes an answer over, or forgets it when it is empty.
fn keep(intake: Intake, page: &Page, answer: impl Fn() -> Option<Answer> + 'static) {
    let link_id = page.link_id.clone();
    intake.on_flush(move |answers| match answer() {
        Some(answer) => drop(answers.history.insert(link_id.clone(), answer)),
        None => drop(answers.history.remove(&link_id)),
    });
}

fn legend(intake: Intake, page: &Page) -> Signal<String> {
    let question = page.question.clone();
    Signal::derive(move || question.get(intake.lang()).to_owned())
}

fn yes_no(intake: Intake, page: &Page, known: Option<Answer>) -> impl IntoView + use<> {
    let value = RwSignal::new(match known {
        Some(Answer::YesNo(true)) => YES.to_owned(),
        Some(Answer::YesNo(false)) => NO.to_owned(),
        _ => String::new(),
    });
    keep(intake, page, move || {
        let value = value.try_get_untracked()?;
        (!value.is_empty()).then(|| Answer::YesNo(value == YES))
    });
    view! {
        <ChoiceField
            id=ANSWER
            legend=legend(intake, page)
            legend_hidden=true
            value
            options=choices(intake, YES_NO)
            fault=intake.fault(ANSWER)
            layout=ChoiceLayout::Pair
        />
    }
}

/// The rows of the page that is shown.
fn rows(intake: Intake, options: Vec<questionnaire::Choice>) -> (Signal<Vec<Choice>>, ChoiceLayout) {
    let layout = if options.len() > 3 {
        ChoiceLayout::Grid
    } else {
        ChoiceLayout::Column
    };
    intake.pages.set(options.len().div_ceil(ROWS).max(1));
    let rows = Signal::derive(move || {
        let lang = intake.lang();
        let shown = options.iter().skip(intake.page.get() * ROWS).take(ROWS);
        shown
            .map(|one| Choice::new(one.code.clone(), one.label.get(lang)))
            .collect()
    });
    (rows, layout)
}

fn one_of(
    intake: Intake,
    page: &Page,
    options: Vec<questionnaire::Choice>,
    known: Option<Answer>,
) -> impl IntoView + use<> {
    let value = RwSignal::new(match known {
        Some(Answer::One(code)) => code,
        _ => String::new(),
    });
    keep(intake, page, move || {
        value
            .try_get_untracked()
            .filter(|code| !code.is_empty())
            .map(Answer::One)
    });
    let (options, layout) = rows(intake, options);
    view! {
        <div class="k-wide tight">
            <ChoiceField
                id=ANSWER
                legend=legend(intake, page)
                legend_hidden=true
                value
                options
                fault=intake.fault(ANSWER)
                layout
            />
        </div>
    }
}

fn any_of(
    intake: Intake,
    page: &Page,
    options: Vec<questionnaire::Choice>,
    known: Option<Answer>,
) -> impl IntoView + use<> {
    let value = RwSignal::new(match known {
        Some(Answer::Many(codes)) => codes,
        _ => Vec::new(),
    });
    keep(intake, page, move || {
        value
            .try_get_untracked()
            .filter(|codes| !codes.is_empty())
            .map(Answer::Many)
    });
    let (options, layout) = rows(intake, options);
    view! {
        <div class="k-wide tight">
            <ChoicesField
                id=ANSWER
                legend=legend(intake, page)
                legend_hidden=true
                value
                options
                none_value="none"
                hint=intake.say(texts::H_CHANGED)
                fault=intake.fault(ANSWER)
                layout
            />
        </div>
    }
}

fn words(intake: Intake, page: &Page, known: Option<Answer>) -> impl IntoView + use<> {
    let value = RwSignal::new(match known {
        Some(Answer::One(words)) => words,
        _ => String::new(),
    });
    keep(intake, page, move || {
        value
            .try_get_untracked()
            .filter(|words| !words.trim().is_empty())
            .map(Answer::One)
    });
    let label = if page.required {
        texts::YOUR_ANSWER
    } else {
        texts::ANSWER_OPTIONAL
    };
    view! { <AreaField id=ANSWER label=intake.say(label) value fault=intake.fault(ANSWER) rows=3 /> }
}
