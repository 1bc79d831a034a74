//! The body of each question: its fields, bound to the answers.

mod address;
mod cards;
mod consent;
mod insurance;
mod people;
mod person;
mod question;
mod review;
mod start;

pub use insurance::HOLDERS;
pub use person::{ETHNICITIES, RACES, SEXES};
pub use start::CHANGES;

use super::intake::{Intake, use_intake};
use super::machine::Step;
use super::texts;
use domain::text::Text;
use leptos::prelude::*;
use ui::{Choice, DatePart, DateWords};

/// The fields of one step.
#[component]
pub fn Body(step: Step, why: Memo<Option<String>>) -> impl IntoView {
    let fields = match step {
        Step::Language => view! { <start::Language /> }.into_any(),
        Step::Who => view! { <start::Who /> }.into_any(),
        Step::Birth => view! { <person::Birth /> }.into_any(),
        Step::Name => return view! { <person::Name /> }.into_any(),
        Step::Phone => view! { <person::Phone /> }.into_any(),
        Step::Before => view! { <start::Before /> }.into_any(),
        Step::Changed => view! { <start::Changed /> }.into_any(),
        Step::Sex => view! { <person::SexOnRecord /> }.into_any(),
        Step::Gender => return view! { <person::Gender /> }.into_any(),
        Step::Race => return view! { <person::Race /> }.into_any(),
        Step::Ethnicity => view! { <person::Ethnicity /> }.into_any(),
        Step::Address => return view! { <address::Address /> }.into_any(),
        Step::Email => view! { <address::Email /> }.into_any(),
        Step::Insurance => view! { <insurance::Insurance /> }.into_any(),
        Step::Card(card) => return view! { <cards::Photos card /> }.into_any(),
        Step::Coverage(card) => view! { <insurance::OnCard card /> }.into_any(),
        Step::Holder(card) => view! { <insurance::Holder card /> }.into_any(),
        Step::Subscriber(card) => return view! { <insurance::Subscriber card /> }.into_any(),
        Step::Second => view! { <insurance::Second /> }.into_any(),
        Step::Emergency => return view! { <people::Emergency /> }.into_any(),
        Step::Guarantor => return view! { <people::Guarantor /> }.into_any(),
        Step::Reason => view! { <question::Reason /> }.into_any(),
        Step::Question(index) => view! { <question::Question index /> }.into_any(),
        Step::Consent(index) => return view! { <consent::Reading index /> }.into_any(),
        Step::Decide(index) => return view! { <consent::Decide index /> }.into_any(),
        Step::Sign(index) => return view! { <consent::Sign index /> }.into_any(),
        Step::Review => return view! { <review::Review /> }.into_any(),
    };
    let intake = use_intake();
    view! {
        <div class="k-split">
            <div class="k-fields">{fields}</div>
            {move || why.get().map(|text| view! {
                <div class="k-why"><h2>{intake.say(texts::WHY)}</h2><p>{text}</p></div>
            })}
        </div>
    }
    .into_any()
}

/// Rows to choose from, in the language of the screen.
fn choices(intake: Intake, rows: &'static [(&'static str, Text)]) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        rows.iter()
            .map(|(value, text)| Choice::new(*value, text.get(intake.lang())))
            .collect()
    })
}

/// Yes and no.
const YES_NO: &[(&str, Text)] = &[
    (super::answers::YES, texts::YES_WORD),
    (super::answers::NO, texts::NO_WORD),
];

/// The words of a date.
fn date_words(intake: Intake) -> Signal<DateWords> {
    Signal::derive(move || {
        let lang = intake.lang();
        DateWords {
            month: texts::MONTH.get(lang).to_owned(),
            day: texts::DAY.get(lang).to_owned(),
            year: texts::YEAR.get(lang).to_owned(),
            choose: texts::CHOOSE.get(lang).to_owned(),
            months: texts::MONTHS
                .iter()
                .map(|month| month.get(lang).to_owned())
                .collect(),
        }
    })
}

/// What is wrong with a date, and which part.
fn date_fault(intake: Intake, id: &'static str) -> (Signal<Option<String>>, Signal<Option<DatePart>>) {
    let parts = [
        ("month", DatePart::Month),
        ("day", DatePart::Day),
        ("year", DatePart::Year),
    ];
    let faults = parts.map(|(name, part)| (intake.fault(format!("{id}-{name}")), part));
    let fault = Signal::derive(move || faults.iter().find_map(|(fault, _)| fault.get()));
    let part = Signal::derive(move || {
        faults
            .iter()
            .find(|(fault, _)| fault.get().is_some())
            .map(|(_, part)| *part)
    });
    (fault, part)
}
