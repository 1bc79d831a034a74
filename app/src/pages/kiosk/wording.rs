//! What each step is called, its hint, and why it is asked.

use super::forms::nth;
use super::intake::Intake;
use super::machine::Step;
use super::texts::*;
use domain::intake::FilledBy;
use domain::text::{Text, Wording};
use leptos::prelude::*;

fn both(text: Text) -> Wording {
    Wording::new(text.en, text.es)
}

fn filled_in(text: Text, form: &Wording) -> Wording {
    Wording::new(
        text.en.replace("{form}", &form.en),
        text.es.replace("{form}", form.get(domain::text::Lang::Es)),
    )
}

/// The question. Follows the answers that it depends on.
pub fn title(step: Step, intake: Intake) -> Wording {
    let own = intake
        .answers
        .with(|answers| answers.filled_by() == FilledBy::Patient);
    let by = |mine: Text, theirs: Text| both(if own { mine } else { theirs });
    let form = |index: u8| {
        intake.settings.with_value(|s| {
            s.consents
                .get(usize::from(index))
                .map(|form| form.title.clone())
                .unwrap_or_default()
        })
    };
    match step {
        Step::Language => both(Q_LANGUAGE),
        Step::Who => both(Q_WHO),
        Step::Birth => by(Q_BIRTH, Q_BIRTH_OTHER),
        Step::Name => by(Q_NAME, Q_NAME_OTHER),
        Step::Phone => by(Q_PHONE, Q_PHONE_OTHER),
        Step::Before => by(Q_BEFORE, Q_BEFORE_OTHER),
        Step::Changed => both(Q_CHANGED),
        Step::Sex => both(Q_SEX),
        Step::Gender => by(Q_GENDER, Q_GENDER_OTHER),
        Step::Race => both(Q_RACE),
        Step::Ethnicity => by(Q_ETHNICITY, Q_ETHNICITY_OTHER),
        Step::Address => by(Q_ADDRESS, Q_ADDRESS_OTHER),
        Step::Email => both(Q_EMAIL),
        Step::Insurance if asks_same(intake) => both(Q_SAME),
        Step::Insurance => by(Q_INSURANCE, Q_INSURANCE_OTHER),
        Step::Card(0) => both(Q_CARD),
        Step::Card(_) => both(Q_CARD_2),
        Step::Coverage(0) => both(Q_COVERAGE),
        Step::Coverage(_) => both(Q_COVERAGE_2),
        Step::Holder(_) => both(Q_HOLDER),
        Step::Subscriber(_) => both(Q_SUBSCRIBER),
        Step::Second => both(Q_SECOND),
        Step::Emergency => both(Q_EMERGENCY),
        Step::Guarantor => both(Q_GUARANTOR),
        Step::Reason => by(Q_REASON, Q_REASON_OTHER),
        Step::Question(index) => intake.settings.with_value(|s| {
            let found = nth(s.forms(), index);
            found.map(|(_, page)| page.question.clone()).unwrap_or_default()
        }),
        Step::SignForm(index) => intake.settings.with_value(|s| {
            let form = s.forms().get(usize::from(index));
            filled_in(Q_SIGN, &form.map(|form| form.title.clone()).unwrap_or_default())
        }),
        Step::Consent(index) => form(index),
        Step::Decide(index) => filled_in(Q_DECIDE, &form(index)),
        Step::Sign(index) => filled_in(Q_SIGN, &form(index)),
        Step::Review => both(Q_REVIEW),
    }
}

/// Whether "the same as last time" is a possible answer.
pub fn asks_same(intake: Intake) -> bool {
    intake.answers.with(|answers| !answers.asks("insurance"))
}

/// The line under the question.
pub fn hint(step: Step) -> Option<Text> {
    Some(match step {
        Step::Language => H_LANGUAGE,
        Step::Birth => H_BIRTH,
        Step::Name => H_NAME,
        Step::Changed => H_CHANGED,
        Step::Gender => H_GENDER,
        Step::Race => H_RACE,
        Step::Ethnicity => H_OPTIONAL,
        Step::Email => H_EMAIL,
        Step::Card(_) => H_CARD,
        Step::Sign(_) | Step::SignForm(_) => H_SIGN,
        _ => return None,
    })
}

/// Why we ask, beside the fields, where there is room.
pub fn why(step: Step, intake: Intake) -> Option<Wording> {
    Some(both(match step {
        Step::Who => W_WHO,
        Step::Birth => W_BIRTH,
        Step::Phone => W_PHONE,
        Step::Before => W_BEFORE,
        Step::Sex => W_SEX,
        Step::Email => W_EMAIL,
        Step::Insurance => W_INSURANCE,
        Step::Coverage(_) => W_COVERAGE,
        Step::Holder(_) => W_HOLDER,
        Step::Second => W_SECOND,
        Step::Reason => W_REASON,
        Step::Question(index) => {
            return intake
                .settings
                .with_value(|s| nth(s.forms(), index).and_then(|(_, page)| page.why.clone()));
        }
        _ => return None,
    }))
}
