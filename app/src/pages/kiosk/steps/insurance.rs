//! How the visit is paid, and what the cards say.

use super::YES_NO;
use super::fields::{Typed, date, line, one_of};
use super::person::SEXES;
use crate::pages::kiosk::answers::{Answers, Card};
use crate::pages::kiosk::intake::Intake;
use crate::pages::kiosk::{texts, wording};
use domain::text::Text;
use leptos::prelude::*;
use ui::SelectField;

const AGAIN: &[(&str, Text)] = &[
    ("same", texts::INS_SAME),
    ("cards", texts::INS_NEW_CARDS),
    ("none", texts::INS_NONE_NOW),
];
const NEW: &[(&str, Text)] = &[("cards", texts::INS_YES), ("none", texts::INS_NO)];

/// Two taps for whoever has the same as last time.
pub fn insurance(intake: Intake) -> AnyView {
    let same = untrack(|| wording::asks_same(intake));
    let (legend, rows) = if same {
        (texts::Q_SAME, AGAIN)
    } else {
        (texts::Q_INSURANCE, NEW)
    };
    one_of(
        intake,
        "insurance",
        legend,
        intake.bind(|a| &mut a.insurance),
        rows,
    )
}

/// A card; there are two, and a number beyond means the second.
fn card_of(answers: &mut Answers, card: u8) -> &mut Card {
    let [first, second] = &mut answers.cards;
    if card == 0 { first } else { second }
}

/// Insurer and numbers, as on the card.
pub fn on_card(intake: Intake, card: u8) -> AnyView {
    let payer = intake.bind(move |a| &mut card_of(a, card).payer);
    let member = intake.bind(move |a| &mut card_of(a, card).member);
    let group = intake.bind(move |a| &mut card_of(a, card).group);
    view! {
        {line(intake, "payer", texts::PAYER, payer, Typed::Name)}
        <div class="k-row">
            {line(intake, "member-id", texts::MEMBER_ID, member, Typed::Capitals)}
            {line(intake, "group", texts::GROUP, group, Typed::Capitals)}
        </div>
    }
    .into_any()
}

pub const HOLDERS: &[(&str, Text)] = &[
    ("self", texts::HOLDER_SELF),
    ("spouse", texts::HOLDER_SPOUSE),
    ("child", texts::HOLDER_CHILD),
    ("other", texts::HOLDER_OTHER),
];

/// Whose insurance.
pub fn holder(intake: Intake, card: u8) -> AnyView {
    let value = intake.bind(move |a| &mut card_of(a, card).holder);
    view! { <div class="tight">{one_of(intake, "holder", texts::Q_HOLDER, value, HOLDERS)}</div> }.into_any()
}

/// The holder, when it is not the patient.
pub fn subscriber(intake: Intake, card: u8) -> AnyView {
    let given = intake.bind(move |a| &mut card_of(a, card).given);
    let family = intake.bind(move |a| &mut card_of(a, card).family);
    let birth = [
        intake.bind(move |a| &mut card_of(a, card).birth.month),
        intake.bind(move |a| &mut card_of(a, card).birth.day),
        intake.bind(move |a| &mut card_of(a, card).birth.year),
    ];
    let sexes = Signal::derive(move || {
        let lang = intake.lang();
        SEXES
            .iter()
            .map(|(value, text)| ((*value).to_owned(), text.get(lang).to_owned()))
            .collect::<Vec<_>>()
    });
    view! {
        <div class="k-fields two">
            {line(intake, "sub-given", texts::GIVEN, given, Typed::Name)}
            {line(intake, "sub-family", texts::FAMILY, family, Typed::Name)}
            {date(intake, "sub-dob", Some(texts::HOLDER_BIRTH), birth)}
            <SelectField
                id="sub-sex"
                label=intake.say(texts::HOLDER_SEX)
                value=intake.bind(move |a| &mut card_of(a, card).sex)
                options=sexes
                choose=intake.say(texts::CHOOSE)
                fault=intake.fault("sub-sex")
            />
        </div>
    }
    .into_any()
}

/// Another card?
pub fn second(intake: Intake) -> AnyView {
    one_of(
        intake,
        "second",
        texts::Q_SECOND,
        intake.bind(|a| &mut a.second),
        YES_NO,
    )
}
