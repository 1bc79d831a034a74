//! Which question comes next. Pure: from the answers and the practice's forms to an ordered list of steps.

use super::answers::Answers;
use super::forms::numbered;
use domain::intake::Questionnaire;
use domain::validate::Today;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One screen. A number tells the first card from the second, and one question or consent from the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[allow(missing_docs)]
pub enum Step {
    #[default]
    Language,
    Who,
    Birth,
    Name,
    Phone,
    Before,
    Changed,
    Sex,
    Gender,
    Race,
    Ethnicity,
    Address,
    Email,
    Insurance,
    Card(u8),
    Coverage(u8),
    Holder(u8),
    Subscriber(u8),
    Second,
    Emergency,
    Guarantor,
    Reason,
    Question(u8),
    SignForm(u8),
    Consent(u8),
    Decide(u8),
    Sign(u8),
    Review,
}

impl Step {
    /// Stable name, for tests and links.
    pub fn name(self) -> &'static str {
        match self {
            Step::Language => "language",
            Step::Who => "who",
            Step::Birth => "birth",
            Step::Name => "name",
            Step::Phone => "phone",
            Step::Before => "before",
            Step::Changed => "changed",
            Step::Sex => "sex",
            Step::Gender => "gender",
            Step::Race => "race",
            Step::Ethnicity => "ethnicity",
            Step::Address => "address",
            Step::Email => "email",
            Step::Insurance => "insurance",
            Step::Card(_) => "card",
            Step::Coverage(_) => "coverage",
            Step::Holder(_) => "holder",
            Step::Subscriber(_) => "subscriber",
            Step::Second => "second",
            Step::Emergency => "emergency",
            Step::Guarantor => "guarantor",
            Step::Reason => "reason",
            Step::Question(_) => "question",
            Step::SignForm(_) => "sign-form",
            Step::Consent(_) => "consent",
            Step::Decide(_) => "decide",
            Step::Sign(_) => "sign",
            Step::Review => "review",
        }
    }

    /// Screens of one subject count as one step, so that the number stays small.
    fn section(self) -> u8 {
        match self {
            Step::Language => 0,
            Step::Who => 1,
            Step::Birth => 2,
            Step::Name => 3,
            Step::Phone => 4,
            Step::Before | Step::Changed => 5,
            Step::Sex | Step::Gender | Step::Race | Step::Ethnicity => 6,
            Step::Address | Step::Email => 7,
            Step::Insurance
            | Step::Card(_)
            | Step::Coverage(_)
            | Step::Holder(_)
            | Step::Subscriber(_)
            | Step::Second => 8,
            Step::Emergency => 9,
            Step::Guarantor => 10,
            Step::Reason => 11,
            Step::Question(_) | Step::SignForm(_) => 12,
            Step::Consent(_) | Step::Decide(_) | Step::Sign(_) => 13,
            Step::Review => 14,
        }
    }
}

/// What the order depends on beside the answers.
#[derive(Clone, Copy)]
pub struct Forms<'a> {
    /// The practice's own questions.
    pub forms: &'a [Questionnaire],
    /// Keys of the consents, in order.
    pub consents: &'a [String],
    /// The day.
    pub today: Today,
}

/// All steps, in order.
pub fn steps(answers: &Answers, forms: Forms) -> Vec<Step> {
    use Step::*;
    let mut list = match answers.checks_in {
        true => vec![Birth, Name, Phone],
        false => vec![Language, Who, Birth, Name, Phone, Before],
    };
    if answers.returning() {
        list.push(Changed);
    }
    if answers.asks("details") {
        list.extend([Sex, Gender, Race, Ethnicity]);
    }
    if answers.asks("address") {
        list.extend([Address, Email]);
    }
    if !answers.checks_in || answers.asks("insurance") {
        list.push(Insurance);
    }
    for (index, card) in (0u8..).zip(answers.cards.iter().take(answers.cards_shown())) {
        list.extend([Card(index), Coverage(index), Holder(index)]);
        if !card.holder.is_empty() && card.holder != "self" {
            list.push(Subscriber(index));
        }
        if index == 0 {
            list.push(Second);
        }
    }
    if answers.asks("emergency") {
        list.push(Emergency);
    }
    if answers.minor(forms.today) && answers.asks("insurance") {
        list.push(Guarantor);
    }
    if answers.checks_in {
        list.push(Review);
        return list;
    }
    list.push(Reason);
    let nothing = BTreeMap::new();
    for (index, form, page) in numbered(forms.forms) {
        let shown = form.visible(answers.forms.get(&form.slug).unwrap_or(&nothing));
        if shown.iter().any(|one| one.link_id == page.link_id) {
            list.push(Question(index));
        }
    }
    let signed = (0u8..)
        .zip(forms.forms)
        .filter(|(_, form)| form.signature_required);
    list.extend(signed.map(|(index, _)| SignForm(index)));
    for (index, key) in (0u8..).zip(forms.consents) {
        list.extend([Consent(index), Decide(index)]);
        if answers
            .consents
            .get(key)
            .is_some_and(|one| one.decision == "agreed")
        {
            list.push(Sign(index));
        }
    }
    list.push(Review);
    list
}

/// "Step n of m".
pub fn progress(step: Step, list: &[Step]) -> (usize, usize) {
    let mut sections: Vec<u8> = list.iter().map(|one| one.section()).collect();
    sections.dedup();
    let done = sections.iter().filter(|one| **one <= step.section()).count();
    (done.max(1), sections.len())
}

/// The step after one; one that is no longer asked leads to the next that is.
pub fn next(step: Step, list: &[Step]) -> Step {
    match list.iter().position(|one| *one == step) {
        Some(at) => list.get(at + 1).copied().unwrap_or(Step::Review),
        None => list
            .iter()
            .copied()
            .find(|one| *one > step)
            .unwrap_or(Step::Review),
    }
}

/// The step before one, if there is any.
pub fn back(step: Step, list: &[Step]) -> Option<Step> {
    match list.iter().position(|one| *one == step) {
        Some(at) => at.checked_sub(1).and_then(|at| list.get(at).copied()),
        None => list.iter().rev().copied().find(|one| *one < step),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::kiosk::answers::YES;
    use chrono::NaiveDate;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 2).unwrap_or_default()
    }

    fn forms(consents: &[String]) -> Forms<'_> {
        Forms {
            forms: &[],
            consents,
            today: today(),
        }
    }

    #[test]
    fn who_checks_in_says_who_they_are_and_what_has_changed_and_no_more() {
        use Step::*;
        let consents = ["a".to_owned(), "b".to_owned()];
        let mut answers = Answers {
            checks_in: true,
            changed: vec!["nothing".into()],
            ..Answers::default()
        };
        assert_eq!(
            steps(&answers, forms(&consents)),
            [Birth, Name, Phone, Changed, Review]
        );
        answers.changed = vec!["address".into(), "insurance".into()];
        assert_eq!(
            steps(&answers, forms(&consents)),
            [Birth, Name, Phone, Changed, Address, Email, Insurance, Review]
        );
    }

    #[test]
    fn a_returning_patient_skips_what_has_not_changed() {
        let mut answers = Answers {
            before: "no".into(),
            ..Answers::default()
        };
        let new = steps(&answers, forms(&[]));
        assert!(new.contains(&Step::Address) && new.contains(&Step::Emergency));
        answers.before = "yes".into();
        let list = steps(&answers, forms(&[]));
        assert!(list.contains(&Step::Changed) && list.contains(&Step::Insurance));
        assert!(!list.contains(&Step::Address) && !list.contains(&Step::Emergency));
        assert!(progress(Step::Review, &list).1 < progress(Step::Review, &new).1);
        answers.changed = vec!["address".into()];
        assert!(steps(&answers, forms(&[])).contains(&Step::Address));
    }

    #[test]
    fn cards_bring_their_own_steps_and_a_child_needs_someone_who_pays() {
        let mut answers = Answers {
            insurance: "cards".into(),
            second: YES.into(),
            ..Answers::default()
        };
        answers.cards[1].holder = "child".into();
        let list = steps(&answers, forms(&[]));
        assert!(list.contains(&Step::Card(1)) && list.contains(&Step::Subscriber(1)));
        assert!(!list.contains(&Step::Subscriber(0)) && !list.contains(&Step::Guarantor));
        answers.birth.month = "11".into();
        answers.birth.day = "3".into();
        answers.birth.year = "2008".into();
        assert!(steps(&answers, forms(&[])).contains(&Step::Guarantor));
        answers.birth.day = "2".into();
        assert!(!steps(&answers, forms(&[])).contains(&Step::Guarantor));
    }

    #[test]
    fn there_is_always_a_way_on_and_a_way_back() {
        let consents = ["a".to_owned()];
        let list = steps(&Answers::default(), forms(&consents));
        for pair in list.windows(2) {
            assert_eq!(next(pair[0], &list), pair[1]);
            assert_eq!(back(pair[1], &list), Some(pair[0]));
        }
        assert_eq!(back(Step::Language, &list), None);
        assert_eq!(next(Step::Sign(0), &list), Step::Review);
        let (step, of) = progress(Step::Review, &list);
        assert_eq!(step, of);
    }
}
