//! The fields that questions are made of, each in one place: what a question adds is an id, its words and its answer.

use crate::pages::kiosk::intake::Intake;
use crate::pages::kiosk::texts;
use domain::text::Text;
use leptos::prelude::*;
use ui::{
    CheckField, Choice, ChoiceField, ChoiceLayout, ChoicesField, DateFields, DatePart, DateWords, Field,
};

/// What is typed into a line, for the keys that a tablet shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// Anything.
    Words,
    /// Of a person or a place.
    Name,
    /// As printed on a card.
    Capitals,
    /// Phone.
    Phone,
    /// Email.
    Email,
    /// Five figures, or nine.
    Zip,
}

/// One line.
pub fn line(
    intake: Intake,
    id: impl Into<String>,
    label: Text,
    value: RwSignal<String>,
    typed: Typed,
) -> AnyView {
    hinted(intake, id.into(), label, value, typed, None)
}

/// One line with a hint.
pub fn hinted(
    intake: Intake,
    id: String,
    label: Text,
    value: RwSignal<String>,
    typed: Typed,
    hint: Option<Text>,
) -> AnyView {
    let kind = match typed {
        Typed::Phone => "tel",
        Typed::Email => "email",
        _ => "text",
    };
    let inputmode = match typed {
        Typed::Phone => "tel",
        Typed::Email => "email",
        Typed::Zip => "numeric",
        _ => "text",
    };
    let autocapitalize = match typed {
        Typed::Name => "words",
        Typed::Capitals => "characters",
        Typed::Email => "none",
        _ => "sentences",
    };
    let maxlength = if typed == Typed::Zip { 10 } else { 500 };
    let hint = Signal::derive(move || hint.map(|hint| hint.get(intake.lang()).to_owned()));
    let fault = intake.fault(id.clone());
    let label = intake.say(label);
    view! { <Field id label value hint fault kind inputmode autocapitalize maxlength /> }.into_any()
}

/// Rows to choose from, in the language of the screen.
pub fn choices(intake: Intake, rows: &'static [(&'static str, Text)]) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        rows.iter()
            .map(|(value, text)| Choice::new(*value, text.get(intake.lang())))
            .collect()
    })
}

/// One of several; the screen's heading is the question, and `legend` says it again to screen readers.
pub fn one_of(
    intake: Intake,
    id: &'static str,
    legend: Text,
    value: RwSignal<String>,
    rows: &'static [(&'static str, Text)],
) -> AnyView {
    let layout = if rows.len() == 2 && rows[0].0 == crate::pages::kiosk::answers::YES {
        ChoiceLayout::Pair
    } else {
        ChoiceLayout::Column
    };
    let (legend, options, fault) = (intake.say(legend), choices(intake, rows), intake.fault(id));
    view! { <ChoiceField id legend legend_hidden=true value options fault layout /> }.into_any()
}

/// Yes or no under a question of its own.
pub fn yes_no(intake: Intake, id: &'static str, legend: Text, value: RwSignal<String>) -> AnyView {
    let (legend, options, fault) = (
        intake.say(legend),
        choices(intake, super::YES_NO),
        intake.fault(id),
    );
    view! { <ChoiceField id legend value options fault layout=ChoiceLayout::Pair /> }.into_any()
}

/// Several of several, in a grid; `none` stands for none of them.
pub fn some_of(
    intake: Intake,
    id: &'static str,
    legend: Text,
    value: RwSignal<Vec<String>>,
    rows: &'static [(&'static str, Text)],
    none: &'static str,
) -> AnyView {
    let (legend, options, fault) = (intake.say(legend), choices(intake, rows), intake.fault(id));
    view! {
        <ChoicesField id legend legend_hidden=true value options none_value=none fault layout=ChoiceLayout::Grid />
    }
    .into_any()
}

/// One statement to agree to.
pub fn tick(intake: Intake, id: &'static str, label: Text, value: RwSignal<bool>) -> AnyView {
    let label = intake.say(label);
    view! { <CheckField id label value /> }.into_any()
}

/// A date, typed; without a legend the screen's heading is the question.
pub fn date(
    intake: Intake,
    id: &'static str,
    legend: Option<Text>,
    [month, day, year]: [RwSignal<String>; 3],
) -> AnyView {
    let words = Signal::derive(move || {
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
    });
    let legend = Signal::derive(move || legend.map(|legend| legend.get(intake.lang()).to_owned()));
    let parts = [
        ("month", DatePart::Month),
        ("day", DatePart::Day),
        ("year", DatePart::Year),
    ];
    let faults = parts.map(|(name, part)| (intake.fault(format!("{id}-{name}")), part));
    let fault = Signal::derive(move || faults.iter().find_map(|(fault, _)| fault.get()));
    let fault_at = Signal::derive(move || {
        faults
            .iter()
            .find(|(fault, _)| fault.get().is_some())
            .map(|(_, part)| *part)
    });
    view! { <DateFields id legend words month day year fault fault_at /> }.into_any()
}
