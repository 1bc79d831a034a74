//! About the patient.

use super::{YES_NO, choices, date_fault, date_words};
use crate::pages::kiosk::answers::UNSAID;
use crate::pages::kiosk::intake::use_intake;
use crate::pages::kiosk::texts;
use domain::text::Text;
use leptos::prelude::*;
use ui::{CheckField, ChoiceField, ChoiceLayout, ChoicesField, DateFields, Field};

/// Date of birth, typed.
#[component]
pub fn Birth() -> impl IntoView {
    let intake = use_intake();
    let (fault, fault_at) = date_fault(intake, "dob");
    view! {
        <DateFields
            id="dob"
            words=date_words(intake)
            month=intake.bind(|a| &mut a.birth.month)
            day=intake.bind(|a| &mut a.birth.day)
            year=intake.bind(|a| &mut a.birth.year)
            fault
            fault_at
        />
    }
}

/// The parts of a name.
#[component]
pub fn Name() -> impl IntoView {
    let intake = use_intake();
    view! {
        <div class="k-fields three">
            <Field
                id="given-name"
                label=intake.say(texts::GIVEN)
                value=intake.bind(|a| &mut a.given)
                fault=intake.fault("given-name")
                autocapitalize="words"
            />
            <Field
                id="family-name"
                label=intake.say(texts::FAMILY)
                value=intake.bind(|a| &mut a.family)
                fault=intake.fault("family-name")
                autocapitalize="words"
            />
            <Field
                id="middle-name"
                label=intake.say(texts::MIDDLE)
                value=intake.bind(|a| &mut a.middle)
                fault=intake.fault("middle-name")
                autocapitalize="words"
            />
            <Field
                id="suffix"
                label=intake.say(texts::SUFFIX)
                value=intake.bind(|a| &mut a.suffix)
                fault=intake.fault("suffix")
            />
            <div class="span2">
                <Field
                    id="preferred-name"
                    label=intake.say(texts::PREFERRED)
                    value=intake.bind(|a| &mut a.preferred)
                    fault=intake.fault("preferred-name")
                    autocapitalize="words"
                />
            </div>
        </div>
    }
}

/// Phone, and whether to text.
#[component]
pub fn Phone() -> impl IntoView {
    let intake = use_intake();
    view! {
        <Field
            id="phone"
            label=intake.say(texts::PHONE)
            value=intake.bind(|a| &mut a.phone)
            fault=intake.fault("phone")
            kind="tel"
            inputmode="tel"
        />
        <ChoiceField
            id="may-text"
            legend=intake.say(texts::MAY_TEXT)
            value=intake.bind(|a| &mut a.may_text)
            options=choices(intake, YES_NO)
            fault=intake.fault("may-text")
            layout=ChoiceLayout::Pair
        />
    }
}

pub const SEXES: &[(&str, Text)] = &[
    ("female", texts::FEMALE),
    ("male", texts::MALE),
    ("unknown", texts::SEX_UNKNOWN),
];

/// As the insurer has it.
#[component]
pub fn SexOnRecord() -> impl IntoView {
    let intake = use_intake();
    view! {
        <ChoiceField
            id="sex"
            legend=intake.say(texts::Q_SEX)
            legend_hidden=true
            value=intake.bind(|a| &mut a.sex)
            options=choices(intake, SEXES)
            fault=intake.fault("sex")
        />
    }
}

/// In their words.
#[component]
pub fn Gender() -> impl IntoView {
    let intake = use_intake();
    view! {
        <div class="k-fields two">
            <Field
                id="gender"
                label=intake.say(texts::GENDER)
                value=intake.bind(|a| &mut a.gender)
                fault=intake.fault("gender")
            />
            <Field
                id="pronouns"
                label=intake.say(texts::PRONOUNS)
                value=intake.bind(|a| &mut a.pronouns)
                fault=intake.fault("pronouns")
            />
            <div class="span2">
                <CheckField
                    id="interpreter"
                    label=intake.say(texts::INTERPRETER)
                    value=intake.bind(|a| &mut a.interpreter)
                />
            </div>
        </div>
    }
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
#[component]
pub fn Race() -> impl IntoView {
    let intake = use_intake();
    view! {
        <div class="k-choices tight">
            <ChoicesField
                id="race"
                legend=intake.say(texts::Q_RACE)
                legend_hidden=true
                value=intake.bind(|a| &mut a.race)
                options=choices(intake, RACES)
                none_value=UNSAID
                layout=ChoiceLayout::Grid
            />
        </div>
    }
}

pub const ETHNICITIES: &[(&str, Text)] = &[
    ("2135-2", texts::HISPANIC),
    ("2186-5", texts::NOT_HISPANIC),
    (UNSAID, texts::UNSAID_WORD),
];

/// One of them, or none.
#[component]
pub fn Ethnicity() -> impl IntoView {
    let intake = use_intake();
    view! {
        <ChoiceField
            id="ethnicity"
            legend=intake.say(texts::Q_ETHNICITY)
            legend_hidden=true
            value=intake.bind(|a| &mut a.ethnicity)
            options=choices(intake, ETHNICITIES)
        />
    }
}
