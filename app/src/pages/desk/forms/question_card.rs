//! One question of a form, to be written.

use super::checking::at;
use super::draft::FormDraft;
use super::question::{KINDS, OptionDraft, QuestionDraft};
use crate::pages::desk::form::Problems;
use crate::shell::staff::context::use_desk;
use domain::intake::AnswerKind;
use leptos::prelude::*;
use ui::{AreaField, CheckField, Choice, ChoicesField, Field, Icon, SelectField};

/// Its fields, and where it stands among the others.
#[component]
pub fn QuestionCard(draft: FormDraft, one: QuestionDraft, problems: Problems) -> impl IntoView {
    let desk = use_desk();
    let place = Memo::new(move |_| {
        let at = draft
            .questions
            .with(|all| all.iter().position(|other| other.key == one.key));
        at.unwrap_or_default() + 1
    });
    let name = move || format!("Question {}", place.get());
    let fault = move |field: &str| at(problems, one.id(field));
    let focus = move |id: String| desk.engine().ports.page.focus(&id);
    let shift = move |by: isize, field: &'static str| {
        draft.shift(one.key, by);
        // The key that moved it goes on moving it, until there is no further.
        let (at, last) = (place.get_untracked(), draft.questions.with_untracked(Vec::len));
        let field = match field {
            "up" if at == 1 => "down",
            "down" if at == last => "up",
            field => field,
        };
        focus(one.id(field));
    };
    let remove = move |_| {
        let at = place.get_untracked() - 1;
        draft
            .questions
            .update(|all| all.retain(|other| other.key != one.key));
        let next = draft
            .questions
            .with_untracked(|all| all.get(at).or(all.last()).map(|other| other.id("question")));
        focus(next.unwrap_or_else(|| "question-add".to_owned()));
    };
    let kinds: Vec<(String, String)> = KINDS
        .iter()
        .map(|(key, word)| ((*key).to_owned(), (*word).to_owned()))
        .collect();
    let count = move || draft.questions.with(Vec::len);
    view! {
        <section class="card question" id=one.id("card") aria-label=name>
            <header>
                <h3>{name}</h3>
                <span class="push"></span>
                <button type="button" class="btn s" id=one.id("up") prop:disabled=move || place.get() == 1 on:click=move |_| shift(-1, "up")>
                    <Icon name="up" small=true />"Up"<span class="vh">{move || format!(" {}", name())}</span>
                </button>
                <button type="button" class="btn s" id=one.id("down") prop:disabled=move || place.get() == count() on:click=move |_| shift(1, "down")>
                    <Icon name="down" small=true />"Down"<span class="vh">{move || format!(" {}", name())}</span>
                </button>
                <button type="button" class="btn s" id=one.id("remove") on:click=remove>
                    <Icon name="x" small=true />"Remove"<span class="vh">{move || format!(" {}", name())}</span>
                </button>
            </header>
            <div class="form in">
                <div class="cols">
                    <AreaField id=one.id("question") label="Question, English" value=one.question.en fault=fault("question") rows=2 />
                    <AreaField id=one.id("question-es") label="Question, Spanish" value=one.question.es fault=fault("question-es") rows=2 />
                    <Field id=one.id("why") label="Why we ask, English (optional)" value=one.why.en fault=fault("why") />
                    <Field id=one.id("why-es") label="Why we ask, Spanish (optional)" value=one.why.es fault=fault("why-es") />
                    <SelectField id=one.id("kind") label="Answered with" value=one.kind choose="Choose" options=Signal::stored(kinds) />
                    <Field id=one.id("link_id") label="Name in the data" hint="Keep it while it asks the same" value=one.link_id fault=fault("link_id") />
                </div>
                <Kind draft one problems />
                <Condition draft one problems />
                <CheckField id=one.id("required") label="Must be answered" value=one.required />
            </div>
        </section>
    }
}

/// What the kind of answer needs beside.
#[component]
fn Kind(draft: FormDraft, one: QuestionDraft, problems: Problems) -> impl IntoView {
    let fault = move |field: &str| at(problems, one.id(field));
    move || {
        match one.kind.get().as_str() {
        "choice" | "choices" => view! { <Options draft one problems /> }.into_any(),
        "number" => view! {
            <div class="cols">
                <Field id=one.id("min") label="Smallest (optional)" inputmode="decimal" value=one.from fault=fault("min") />
                <Field id=one.id("max") label="Largest (optional)" inputmode="decimal" value=one.to fault=fault("max") />
                <Field id=one.id("unit") label="Unit, English (optional)" value=one.unit.en fault=fault("unit") />
                <Field id=one.id("unit-es") label="Unit, Spanish (optional)" value=one.unit.es fault=fault("unit-es") />
            </div>
        }
        .into_any(),
        "scale" => view! {
            <div class="cols">
                <Field id=one.id("scale") label="From" inputmode="numeric" value=one.from fault=fault("scale") />
                <Field id=one.id("max") label="To" inputmode="numeric" value=one.to fault=fault("max") />
                <Field id=one.id("low") label="The first means, English" value=one.low.en />
                <Field id=one.id("scale-es") label="The first means, Spanish" value=one.low.es fault=fault("scale-es") />
                <Field id=one.id("high") label="The last means, English" value=one.high.en />
                <Field id=one.id("high-es") label="The last means, Spanish" value=one.high.es />
            </div>
        }
        .into_any(),
        _ => ().into_any(),
    }
    }
}

/// The answers to choose from.
#[component]
fn Options(draft: FormDraft, one: QuestionDraft, problems: Problems) -> impl IntoView {
    let desk = use_desk();
    let add = move |_| {
        let key = one.add_option(draft);
        desk.engine().ports.page.focus(&format!("a{key}-label"));
    };
    let row = move |option: OptionDraft| {
        let fault = move |field: &str| at(problems, option.id(field));
        let remove = move |_| {
            one.options
                .update(|all| all.retain(|other| other.key != option.key));
            desk.engine().ports.page.focus(&one.id("options"));
        };
        view! {
            <li class="option" id=option.id("row")>
                <Field id=option.id("label") label="Answer, English" value=option.label.en fault=fault("label") />
                <Field id=option.id("label-es") label="Answer, Spanish" value=option.label.es fault=fault("label-es") />
                <Field id=option.id("code") label="Code" value=option.code fault=fault("code") />
                <Field id=option.id("score") label="Score (optional)" inputmode="numeric" value=option.score fault=fault("score") />
                <CheckField id=option.id("attention") label="A practitioner should see it" value=option.attention />
                <button type="button" class="btn s" id=option.id("remove") on:click=remove>
                    <Icon name="x" small=true />"Remove"<span class="vh">{move || format!(" {}", option.label.en.get())}</span>
                </button>
            </li>
        }
    };
    let none = at(problems, one.id("options"));
    view! {
        <ul class="options" aria-label="Answers">
            <For each=move || one.options.get() key=|option| option.key let(option)>{row(option)}</For>
        </ul>
        {move || none.get().map(|text| view! { <p class="fault"><Icon name="stop" /><span>{text}</span></p> })}
        <button type="button" class="btn s" id=one.id("options") on:click=add><Icon name="plus" small=true />"Add an answer"</button>
    }
}

/// Only after which answer it is asked.
#[component]
fn Condition(draft: FormDraft, one: QuestionDraft, problems: Problems) -> impl IntoView {
    // Those above it, as "2. Do you smoke?".
    let earlier = Signal::derive(move || {
        let all = draft.questions.get();
        let before = all.iter().take_while(|other| other.key != one.key).enumerate();
        let shown = before.map(|(n, other)| {
            let question: String = other.question.en.get().chars().take(60).collect();
            (other.link_id.get(), format!("{}. {question}", n + 1))
        });
        shown.filter(|(id, _)| !id.is_empty()).collect::<Vec<_>>()
    });
    let asked = Memo::new(move |_| {
        let after = one.after.get();
        let all = draft.questions.get();
        let found = all
            .into_iter()
            .find(|other| !after.is_empty() && other.link_id.get() == after);
        found.map(|other| other.answer(&mut Vec::new()))
    });
    let wanted = move || match asked.get() {
        None | Some(AnswerKind::Text | AnswerKind::Date) => ().into_any(),
        Some(AnswerKind::Number { .. } | AnswerKind::Scale { .. }) => view! {
            <div class="cols">
                <Field id=one.id("least") label="At least" inputmode="decimal" value=one.after_least />
                <Field id=one.id("most") label="At most" inputmode="decimal" value=one.after_most />
            </div>
        }
        .into_any(),
        Some(kind) => {
            let choices = match kind {
                AnswerKind::YesNo => vec![Choice::new("yes", "Yes"), Choice::new("no", "No")],
                kind => {
                    let options = kind.options().iter();
                    options
                        .map(|option| Choice::new(option.code.clone(), option.label.en.clone()))
                        .collect()
                }
            };
            view! { <ChoicesField id=one.id("codes") legend="… was answered with any of" value=one.after_codes options=Signal::stored(choices) /> }
                .into_any()
        }
    };
    // Another question has other answers.
    Effect::new(move |before: Option<String>| {
        let now = one.after.get();
        if before.is_some_and(|before| before != now) {
            one.after_codes.set(Vec::new());
            one.after_least.set(String::new());
            one.after_most.set(String::new());
        }
        now
    });
    view! {
        <SelectField id=one.id("show_if") label="Asked" value=one.after choose="Always" options=only_after(earlier) fault=at(problems, one.id("show_if")) />
        {wanted}
    }
}

fn only_after(earlier: Signal<Vec<(String, String)>>) -> Signal<Vec<(String, String)>> {
    Signal::derive(move || {
        let all = earlier.get().into_iter();
        all.map(|(id, question)| (id, format!("Only if {question}")))
            .collect()
    })
}
