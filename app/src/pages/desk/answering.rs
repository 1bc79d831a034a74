//! A form to be filled in by staff, or looked at as it will be asked: one question under the other, each only when it is
//! asked.

use crate::pages::desk::booking::visit_type;
use crate::state::Engine;
use chrono::NaiveDate;
use domain::intake::questionnaire::Answers;
use domain::intake::{Answer, AnswerKind, Page, Questionnaire, QuestionnaireResponse, forms_due};
use domain::row::{Entity, Key, Row};
use domain::schedule::Appointment;
use domain::text::Lang;
use domain::validate::Faults;
use leptos::prelude::*;
use ui::{AreaField, Choice, ChoiceField, ChoiceLayout, ChoicesField, Field, Problem};

/// Every form that this device knows, all versions.
pub fn all_forms(engine: &Engine) -> Vec<Questionnaire> {
    engine.pick(Entity::Questionnaire, |row| match row {
        Row::Questionnaire(form) => Some(form.clone()),
        _ => None,
    })
}

/// One version.
pub fn form_of(engine: &Engine, id: domain::id::QuestionnaireId) -> Option<Questionnaire> {
    let found = engine.get(Key::Row(Entity::Questionnaire, id.0)).into_iter();
    found.into_iter().find_map(|row| match row {
        Row::Questionnaire(form) => Some(form),
        _ => None,
    })
}

/// Titles of the forms that a visit asks for and that were not answered; nothing when its kind asks for none, or is not
/// known here. Only for who holds answers: to everyone else all of them seem to be missing.
pub fn missing_forms(engine: &Engine, visit: &Appointment, today: NaiveDate) -> Option<Vec<String>> {
    let kind = visit_type(engine, visit.visit_type_id).filter(|kind| !kind.questionnaire_ids.is_empty())?;
    let rows = engine.get(Key::OfPatient(Entity::QuestionnaireResponse, visit.patient_id));
    let response = |row| match row {
        Row::QuestionnaireResponse(response) => Some(response),
        _ => None,
    };
    let responses: Vec<QuestionnaireResponse> = rows.into_iter().filter_map(response).collect();
    let forms = all_forms(engine);
    let due = forms_due(visit, &kind, &forms, &responses, today);
    Some(
        due.iter()
            .map(|form| form.title.get(Lang::En).to_owned())
            .collect(),
    )
}

/// The field of a question, by its place in the form.
fn field_id(at: usize) -> String {
    format!("answer-{}", at + 1)
}

/// What is wrong with answers, each at its field.
pub fn problems(form: &Questionnaire, faults: &Faults) -> Vec<Problem> {
    let place = |link_id: &str| form.pages.iter().position(|page| page.link_id == link_id);
    let each = faults.0.iter().filter_map(|fault| {
        let at = place(&fault.field)?;
        let text = format!("Question {}: {}", at + 1, fault.code.sentence().get(Lang::En));
        Some(Problem::new(field_id(at), text))
    });
    each.collect()
}

/// The fields. What is typed is kept in `answers` as it will be sent.
#[component]
pub fn AnswerFields(
    form: Questionnaire,
    #[prop(into)] lang: Signal<Lang>,
    answers: RwSignal<Answers>,
    #[prop(into)] wrong: Signal<Vec<Problem>>,
) -> impl IntoView {
    let pages = form.pages.clone();
    let asked = Memo::new(move |_| {
        answers.with(|answers| {
            let shown = form.visible(answers).into_iter();
            shown.map(|page| page.link_id.clone()).collect::<Vec<_>>()
        })
    });
    let each = pages.into_iter().enumerate().map(move |(at, page)| {
        let link_id = page.link_id.clone();
        let shown = Memo::new(move |_| asked.with(|asked| asked.contains(&link_id)));
        view! {
            <Show when=move || shown.get()>
                {question(at, &page, lang, answers, wrong)}
            </Show>
        }
    });
    view! { <div class="form answers" lang=move || lang.get().tag()>{each.collect_view()}</div> }
}

fn question(
    at: usize,
    page: &Page,
    lang: Signal<Lang>,
    answers: RwSignal<Answers>,
    wrong: Signal<Vec<Problem>>,
) -> AnyView {
    let id = field_id(at);
    let (asked, required) = (page.question.clone(), page.required);
    let label = Signal::derive(move || {
        let lang = lang.get();
        let optional = match (required, lang) {
            (true, _) => "",
            (false, Lang::En) => " (optional)",
            (false, Lang::Es) => " (opcional)",
        };
        format!("{}. {}{optional}", at + 1, asked.get(lang))
    });
    let why = page.why.clone();
    let unit = match &page.answer {
        AnswerKind::Number { unit, .. } => unit.clone(),
        _ => None,
    };
    let ends = match &page.answer {
        AnswerKind::Scale { from, to, low, high } => Some((*from, *to, low.clone(), high.clone())),
        _ => None,
    };
    let hint = MaybeProp::derive(move || {
        let lang = lang.get();
        let ends = ends
            .as_ref()
            .map(|(from, to, low, high)| format!("{from} = {} · {to} = {}", low.get(lang), high.get(lang)));
        let parts = [
            why.as_ref().map(|why| why.get(lang).to_owned()),
            unit.as_ref().map(|unit| unit.get(lang).to_owned()),
            ends,
        ];
        let said: Vec<String> = parts.into_iter().flatten().collect();
        (!said.is_empty()).then(|| said.join(" · "))
    });
    let at_field = id.clone();
    let fault = MaybeProp::derive(move || {
        wrong.with(|all| {
            all.iter()
                .find(|one| one.field == at_field)
                .map(|one| one.text.clone())
        })
    });
    let known = answers.with_untracked(|answers| answers.get(&page.link_id).cloned());
    match page.answer.clone() {
        AnswerKind::Choices { options } => {
            let value = RwSignal::new(match known {
                Some(Answer::Many(codes)) => codes,
                _ => Vec::new(),
            });
            keep(answers, &page.link_id, move || {
                Some(value.get())
                    .filter(|codes| !codes.is_empty())
                    .map(Answer::Many)
            });
            let none = options.iter().any(|option| option.code == "none");
            let none_value = if none { "none" } else { "" };
            let options = Signal::derive(move || {
                let each = options.iter();
                each.map(|one| Choice::new(one.code.clone(), one.label.get(lang.get())))
                    .collect()
            });
            view! { <ChoicesField id legend=label value options none_value hint fault /> }.into_any()
        }
        AnswerKind::Text => {
            let value = words(answers, &page.link_id, known, str::to_owned);
            view! { <AreaField id label value hint fault rows=2 /> }.into_any()
        }
        AnswerKind::Number { .. } => {
            let value = words(answers, &page.link_id, known, |text| {
                text.trim().replace(',', ".")
            });
            view! { <Field id label value hint fault inputmode="decimal" maxlength=24 /> }.into_any()
        }
        AnswerKind::Date => {
            let value = words(answers, &page.link_id, known, str::to_owned);
            view! { <Field id label value hint fault kind="date" /> }.into_any()
        }
        kind => {
            let value = one_of(answers, &page.link_id, known, kind == AnswerKind::YesNo);
            let scale = matches!(kind, AnswerKind::Scale { .. });
            let options = Signal::derive(move || rows(&kind, lang.get()));
            let layout = if scale {
                ChoiceLayout::Scale
            } else {
                ChoiceLayout::Column
            };
            view! { <ChoiceField id legend=label value options hint fault layout /> }.into_any()
        }
    }
}

/// The rows of which one is chosen.
fn rows(kind: &AnswerKind, lang: Lang) -> Vec<Choice> {
    match kind {
        AnswerKind::YesNo => {
            let (yes, no) = match lang {
                Lang::En => ("Yes", "No"),
                Lang::Es => ("Sí", "No"),
            };
            vec![Choice::new("yes", yes), Choice::new("no", no)]
        }
        AnswerKind::Scale { from, to, .. } => {
            let places = *from..=*to;
            places
                .map(|at| Choice::new(at.to_string(), at.to_string()))
                .collect()
        }
        kind => {
            let options = kind.options().iter();
            options
                .map(|one| Choice::new(one.code.clone(), one.label.get(lang)))
                .collect()
        }
    }
}

/// Takes an answer over whenever it changes.
fn keep(
    answers: RwSignal<Answers>,
    link_id: &str,
    answer: impl Fn() -> Option<Answer> + Send + Sync + 'static,
) {
    let link_id = link_id.to_owned();
    Effect::new(move |_| {
        let now = answer();
        if answers.with_untracked(|known| known.get(&link_id) != now.as_ref()) {
            answers.update(|all| match now {
                Some(now) => drop(all.insert(link_id.clone(), now)),
                None => drop(all.remove(&link_id)),
            });
        }
    });
}

fn words(
    answers: RwSignal<Answers>,
    link_id: &str,
    known: Option<Answer>,
    tidy: fn(&str) -> String,
) -> RwSignal<String> {
    let value = RwSignal::new(match known {
        Some(Answer::One(text)) => text,
        _ => String::new(),
    });
    keep(answers, link_id, move || {
        let text = value.with(|text| tidy(text));
        (!text.trim().is_empty()).then_some(Answer::One(text))
    });
    value
}

fn one_of(
    answers: RwSignal<Answers>,
    link_id: &str,
    known: Option<Answer>,
    yes_no: bool,
) -> RwSignal<String> {
    let value = RwSignal::new(match known {
        Some(Answer::YesNo(yes)) => if yes { "yes" } else { "no" }.to_owned(),
        Some(Answer::One(code)) => code,
        _ => String::new(),
    });
    keep(answers, link_id, move || {
        let code = Some(value.get()).filter(|code| !code.is_empty())?;
        Some(match yes_no {
            true => Answer::YesNo(code == "yes"),
            false => Answer::One(code),
        })
    });
    value
}

/// One answer in words.
pub fn answer_words(page: Option<&Page>, answer: &Answer) -> String {
    let options = page.map(|page| page.answer.options()).unwrap_or_default();
    let label = |code: &String| {
        let found = options.iter().find(|option| option.code == *code);
        found.map_or_else(|| code.clone(), |option| option.label.get(Lang::En).to_owned())
    };
    match (answer, page.map(|page| &page.answer)) {
        (Answer::YesNo(true), _) => "Yes".to_owned(),
        (Answer::YesNo(false), _) => "No".to_owned(),
        (Answer::Many(many), _) => many.iter().map(label).collect::<Vec<_>>().join(", "),
        (Answer::One(text), Some(AnswerKind::Date)) => {
            domain::intake::check::day(text).map_or_else(|| text.clone(), super::when::day)
        }
        (Answer::One(number), Some(AnswerKind::Number { unit: Some(unit), .. })) => {
            format!("{number} {}", unit.get(Lang::En))
        }
        (Answer::One(place), Some(AnswerKind::Scale { to, .. })) => format!("{place} of {to}"),
        (Answer::One(one), _) => label(one),
    }
}
