//! Why they came, and the practice's own questions about health.

use super::YES_NO;
use super::fields::{choices, date};
use crate::pages::kiosk::answers::{DateAnswer, NO, YES};
use crate::pages::kiosk::forms::nth;
use crate::pages::kiosk::intake::{Intake, use_intake};
use crate::pages::kiosk::texts;
use domain::intake::{Answer, AnswerKind, Page, questionnaire};
use domain::text::Wording;
use leptos::prelude::*;
use ui::{AreaField, Choice, ChoiceField, ChoiceLayout, ChoicesField, Field};

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
    let asked = intake.settings.with_value(|s| {
        let found = nth(s.forms(), index);
        found.map(|(form, page)| (form.slug.clone(), page.clone()))
    });
    let Some((slug, page)) = asked else {
        return ().into_any();
    };
    let known = intake.with_answers(|answers| answers.forms.get(&slug)?.get(&page.link_id).cloned());
    let asked = Asked { intake, slug, page };
    match asked.page.answer.clone() {
        AnswerKind::YesNo => yes_no(&asked, known).into_any(),
        AnswerKind::Choice { options } => one_of(&asked, options, known).into_any(),
        AnswerKind::Choices { options } => any_of(&asked, options, known).into_any(),
        AnswerKind::Text => words(&asked, known).into_any(),
        AnswerKind::Number { unit, .. } => number(&asked, unit, known).into_any(),
        AnswerKind::Date => day(&asked, known).into_any(),
        AnswerKind::Scale { from, to, low, high } => scale(&asked, (from, to), (low, high), known).into_any(),
    }
}

/// A question of a form, on its screen.
struct Asked {
    intake: Intake,
    slug: String,
    page: Page,
}

/// Takes an answer over, or forgets it when it is empty.
fn keep(asked: &Asked, answer: impl Fn() -> Option<Answer> + 'static) {
    let (slug, link_id) = (asked.slug.clone(), asked.page.link_id.clone());
    asked.intake.on_flush(move |answers| {
        let form = answers.forms.entry(slug.clone()).or_default();
        match answer() {
            Some(answer) => drop(form.insert(link_id.clone(), answer)),
            None => drop(form.remove(&link_id)),
        }
    });
}

fn legend(asked: &Asked) -> Signal<String> {
    let (intake, question) = (asked.intake, asked.page.question.clone());
    Signal::derive(move || question.get(intake.lang()).to_owned())
}

fn yes_no(asked: &Asked, known: Option<Answer>) -> impl IntoView + use<> {
    let intake = asked.intake;
    let value = RwSignal::new(match known {
        Some(Answer::YesNo(true)) => YES.to_owned(),
        Some(Answer::YesNo(false)) => NO.to_owned(),
        _ => String::new(),
    });
    keep(asked, move || {
        let value = value.try_get_untracked()?;
        (!value.is_empty()).then(|| Answer::YesNo(value == YES))
    });
    view! {
        <ChoiceField
            id=ANSWER
            legend=legend(asked)
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

/// One code, kept as an answer once something is chosen.
fn chosen(asked: &Asked, known: Option<Answer>) -> RwSignal<String> {
    let value = RwSignal::new(match known {
        Some(Answer::One(code)) => code,
        _ => String::new(),
    });
    keep(asked, move || {
        value
            .try_get_untracked()
            .filter(|code| !code.is_empty())
            .map(Answer::One)
    });
    value
}

fn one_of(
    asked: &Asked,
    options: Vec<questionnaire::Choice>,
    known: Option<Answer>,
) -> impl IntoView + use<> {
    let intake = asked.intake;
    let value = chosen(asked, known);
    let (options, layout) = rows(intake, options);
    view! {
        <div class="k-wide tight">
            <ChoiceField
                id=ANSWER
                legend=legend(asked)
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
    asked: &Asked,
    options: Vec<questionnaire::Choice>,
    known: Option<Answer>,
) -> impl IntoView + use<> {
    let intake = asked.intake;
    let value = RwSignal::new(match known {
        Some(Answer::Many(codes)) => codes,
        _ => Vec::new(),
    });
    keep(asked, move || {
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
                legend=legend(asked)
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

fn words(asked: &Asked, known: Option<Answer>) -> impl IntoView + use<> {
    let intake = asked.intake;
    let value = RwSignal::new(match known {
        Some(Answer::One(words)) => words,
        _ => String::new(),
    });
    keep(asked, move || {
        value
            .try_get_untracked()
            .filter(|words| !words.trim().is_empty())
            .map(Answer::One)
    });
    let label = if asked.page.required {
        texts::YOUR_ANSWER
    } else {
        texts::ANSWER_OPTIONAL
    };
    view! { <AreaField id=ANSWER label=intake.say(label) value fault=intake.fault(ANSWER) rows=3 /> }
}

/// What a tablet's keys for numbers give, with a comma or a point.
fn number(asked: &Asked, unit: Option<Wording>, known: Option<Answer>) -> impl IntoView + use<> {
    let intake = asked.intake;
    let value = RwSignal::new(match known {
        Some(Answer::One(number)) => number,
        _ => String::new(),
    });
    keep(asked, move || {
        let text = value.try_get_untracked()?;
        let text = text.trim().replace(',', ".");
        (!text.is_empty()).then_some(Answer::One(text))
    });
    let label = if asked.page.required {
        texts::NUMBER_ANSWER
    } else {
        texts::NUMBER_OPTIONAL
    };
    let hint = Signal::derive(move || unit.as_ref().map(|unit| unit.get(intake.lang()).to_owned()));
    view! {
        <Field id=ANSWER label=intake.say(label) value hint fault=intake.fault(ANSWER) inputmode="decimal" maxlength=24 />
    }
}

fn day(asked: &Asked, known: Option<Answer>) -> impl IntoView + use<> {
    let known = match known {
        Some(Answer::One(text)) => DateAnswer::from_iso(&text),
        _ => DateAnswer::default(),
    };
    let parts = [known.month, known.day, known.year].map(RwSignal::new);
    keep(asked, move || {
        let [month, day, year] = parts.map(|part| part.try_get_untracked().unwrap_or_default());
        let on = DateAnswer { month, day, year };
        (!on.is_empty()).then(|| Answer::One(on.to_iso()))
    });
    date(asked.intake, ANSWER, None, parts)
}

/// Every place is a button of its own; what the ends mean stands above.
fn scale(
    asked: &Asked,
    (from, to): (i32, i32),
    (low, high): (Wording, Wording),
    known: Option<Answer>,
) -> impl IntoView + use<> {
    let intake = asked.intake;
    let value = chosen(asked, known);
    let places: Vec<Choice> = (from..=to)
        .map(|place| Choice::new(place.to_string(), place.to_string()))
        .collect();
    let ends = Signal::derive(move || {
        let lang = intake.lang();
        Some(format!("{from} = {} · {to} = {}", low.get(lang), high.get(lang)))
    });
    view! {
        <div class="k-wide tight">
            <ChoiceField
                id=ANSWER
                legend=legend(asked)
                legend_hidden=true
                value
                options=Signal::stored(places)
                hint=ends
                fault=intake.fault(ANSWER)
                layout=ChoiceLayout::Scale
            />
        </div>
    }
}
