//! About the patient.

use super::fields::{Typed, date, line, one_of, some_of, tick, yes_no};
use crate::pages::kiosk::answers::UNSAID;
use crate::pages::kiosk::intake::Intake;
use crate::pages::kiosk::texts;
use domain::text::Text;
use leptos::prelude::*;

/// Date of birth, typed.
pub fn birth(intake: Intake) -> AnyView {
    let parts = [
        intake.bind(|a| &mut a.birth.month),
        intake.bind(|a| &mut a.birth.day),
        intake.bind(|a| &mut a.birth.year),
    ];
    date(intake, "dob", None, parts)
}

/// The parts of a name.
pub fn name(intake: Intake) -> AnyView {
    let given = intake.bind(|a| &mut a.given);
    let family = intake.bind(|a| &mut a.family);
    let middle = intake.bind(|a| &mut a.middle);
    let suffix = intake.bind(|a| &mut a.suffix);
    let preferred = intake.bind(|a| &mut a.preferred);
    view! {
        <div class="k-fields three">
            {line(intake, "given-name", texts::GIVEN, given, Typed::Name)}
            {line(intake, "family-name", texts::FAMILY, family, Typed::Name)}
            {line(intake, "middle-name", texts::MIDDLE, middle, Typed::Name)}
            {line(intake, "suffix", texts::SUFFIX, suffix, Typed::Words)}
            <div class="span2">{line(intake, "preferred-name", texts::PREFERRED, preferred, Typed::Name)}</div>
        </div>
    }
    .into_any()
}

/// Phone, and whether to text.
pub fn phone(intake: Intake) -> AnyView {
    let number = intake.bind(|a| &mut a.phone);
    let may_text = intake.bind(|a| &mut a.may_text);
    view! {
        {line(intake, "phone", texts::PHONE, number, Typed::Phone)}
        {(!intake.with_answers(|answers| answers.checks_in)).then(|| yes_no(intake, "may-text", texts::MAY_TEXT, may_text))}
    }
    .into_any()
}

pub const SEXES: &[(&str, Text)] = &[
    ("female", texts::FEMALE),
    ("male", texts::MALE),
    ("unknown", texts::SEX_UNKNOWN),
];

/// As the insurer has it.
pub fn sex_on_record(intake: Intake) -> AnyView {
    one_of(intake, "sex", texts::Q_SEX, intake.bind(|a| &mut a.sex), SEXES)
}

/// In their words.
pub fn gender(intake: Intake) -> AnyView {
    let gender = intake.bind(|a| &mut a.gender);
    let pronouns = intake.bind(|a| &mut a.pronouns);
    let interpreter = intake.bind(|a| &mut a.interpreter);
    view! {
        <div class="k-fields two">
            {line(intake, "gender", texts::GENDER, gender, Typed::Words)}
            {line(intake, "pronouns", texts::PRONOUNS, pronouns, Typed::Words)}
            <div class="span2">{tick(intake, "interpreter", texts::INTERPRETER, interpreter)}</div>
        </div>
    }
    .into_any()
}

/// OMB's categories.
pub const RACES: &[(&str, Text)] = &[
    ("2106-3", texts::RACE_WHITE),
    ("2054-5", texts::RACE_BLACK),
    ("1002-5", texts::RACE_NATIVE),
    ("2028-9", texts::RACE_ASIAN),
    ("2076-8", texts::RACE_PACIFIC),
    ("2131-1", texts::RACE_OTHER),
    (UNSAID, texts::UNSAID_WORD),
];

/// Any of them, or none.
pub fn race(intake: Intake) -> AnyView {
    let value = intake.bind(|a| &mut a.race);
    view! { <div class="k-choices tight">{some_of(intake, "race", texts::Q_RACE, value, RACES, UNSAID)}</div> }
        .into_any()
}

pub const ETHNICITIES: &[(&str, Text)] = &[
    ("2135-2", texts::HISPANIC),
    ("2186-5", texts::NOT_HISPANIC),
    (UNSAID, texts::UNSAID_WORD),
];

/// One of them, or none.
pub fn ethnicity(intake: Intake) -> AnyView {
    let value = intake.bind(|a| &mut a.ethnicity);
    one_of(intake, "ethnicity", texts::Q_ETHNICITY, value, ETHNICITIES)
}
