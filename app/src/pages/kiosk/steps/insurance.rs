//! How the visit is paid, and what the cards say.

use super::person::SEXES;
use super::{YES_NO, choices, date_fault, date_words};
use crate::pages::kiosk::answers::{Answers, Card};
use crate::pages::kiosk::intake::use_intake;
use crate::pages::kiosk::{texts, wording};
use domain::text::Text;
use leptos::prelude::*;
use ui::{ChoiceField, ChoiceLayout, DateFields, Field};

const AGAIN: &[(&str, Text)] = &[
    ("same", texts::INS_SAME),
    ("cards", texts::INS_NEW_CARDS),
    ("none", texts::INS_NONE_NOW),
];
const NEW: &[(&str, Text)] = &[("cards", texts::INS_YES), ("none", texts::INS_NO)];

/// Two taps for whoever has the same as last time.
#[component]
pub fn Insurance() -> impl IntoView {
    let intake = use_intake();
    let same = untrack(|| wording::asks_same(intake));
    let (legend, rows) = if same {
        (texts::Q_SAME, AGAIN)
    } else {
        (texts::Q_INSURANCE, NEW)
    };
    view! {
        <ChoiceField
            id="insurance"
            legend=intake.say(legend)
            legend_hidden=true
            value=intake.bind(|a| &mut a.insurance)
            options=choices(intake, rows)
            fault=intake.fault("insurance")
        />
    }
}

/// A card; there are two, and a number beyond means the second.
fn card_of(answers: &mut Answers, card: u8) -> &mut Card {
    let [first, second] = &mut answers.cards;
    if card == 0 { first } else { second }
}

/// Insurer and numbers, as on the card.
#[component]
pub fn OnCard(card: u8) -> impl IntoView {
    let intake = use_intake();
    view! {
        <Field
            id="payer"
            label=intake.say(texts::PAYER)
            value=intake.bind(move |a| &mut card_of(a, card).payer)
            fault=intake.fault("payer")
            autocapitalize="words"
        />
        <div class="k-row">
            <Field
                id="member-id"
                label=intake.say(texts::MEMBER_ID)
                value=intake.bind(move |a| &mut card_of(a, card).member)
                fault=intake.fault("member-id")
                autocapitalize="characters"
            />
            <Field
                id="group"
                label=intake.say(texts::GROUP)
                value=intake.bind(move |a| &mut card_of(a, card).group)
                fault=intake.fault("group")
                autocapitalize="characters"
            />
        </div>
    }
}

pub const HOLDERS: &[(&str, Text)] = &[
    ("self", texts::HOLDER_SELF),
    ("spouse", texts::HOLDER_SPOUSE),
    ("child", texts::HOLDER_CHILD),
    ("other", texts::HOLDER_OTHER),
];

/// Whose insurance.
#[component]
pub fn Holder(card: u8) -> impl IntoView {
    let intake = use_intake();
    view! {
        <div class="tight">
            <ChoiceField
                id="holder"
                legend=intake.say(texts::Q_HOLDER)
                legend_hidden=true
                value=intake.bind(move |a| &mut card_of(a, card).holder)
                options=choices(intake, HOLDERS)
                fault=intake.fault("holder")
            />
        </div>
    }
}

/// The holder, when it is not the patient.
#[component]
pub fn Subscriber(card: u8) -> impl IntoView {
    let intake = use_intake();
    let (fault, fault_at) = date_fault(intake, "sub-dob");
    view! {
        <div class="k-fields two">
            <Field
                id="sub-given"
                label=intake.say(texts::GIVEN)
                value=intake.bind(move |a| &mut card_of(a, card).given)
                fault=intake.fault("sub-given")
                autocapitalize="words"
            />
            <Field
                id="sub-family"
                label=intake.say(texts::FAMILY)
                value=intake.bind(move |a| &mut card_of(a, card).family)
                fault=intake.fault("sub-family")
                autocapitalize="words"
            />
            <DateFields
                id="sub-dob"
                legend=intake.say(texts::HOLDER_BIRTH)
                words=date_words(intake)
                month=intake.bind(move |a| &mut card_of(a, card).birth.month)
                day=intake.bind(move |a| &mut card_of(a, card).birth.day)
                year=intake.bind(move |a| &mut card_of(a, card).birth.year)
                fault
                fault_at
            />
            <HolderSex card />
        </div>
    }
}

#[component]
fn HolderSex(card: u8) -> impl IntoView {
    let intake = use_intake();
    let options = Signal::derive(move || {
        let lang = intake.lang();
        SEXES
            .iter()
            .map(|(value, text)| ((*value).to_owned(), text.get(lang).to_owned()))
            .collect::<Vec<_>>()
    });
    view! {
        <ui::SelectField
            id="sub-sex"
            label=intake.say(texts::HOLDER_SEX)
            value=intake.bind(move |a| &mut card_of(a, card).sex)
            options
            choose=intake.say(texts::CHOOSE)
            fault=intake.fault("sub-sex")
        />
    }
}

/// Another card?
#[component]
pub fn Second() -> impl IntoView {
    let intake = use_intake();
    view! {
        <ChoiceField
            id="second"
            legend=intake.say(texts::Q_SECOND)
            legend_hidden=true
            value=intake.bind(|a| &mut a.second)
            options=choices(intake, YES_NO)
            fault=intake.fault("second")
            layout=ChoiceLayout::Pair
        />
    }
}
