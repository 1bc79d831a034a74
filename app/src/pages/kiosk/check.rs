//! What is wrong with one step, by the domain's own rules, and beside which field it is said.

use super::answers::{Answers, DateAnswer};
use super::forms::{answer, nth};
use super::machine::Step;
use super::submission::{Surroundings, submission};
use domain::intake::{Answer, AnswerKind, Page, Questionnaire};
use domain::validate::{FaultCode, Validate};

/// A field's id and what is wrong there.
pub type FieldFault = (String, FaultCode);

/// Everything that is wrong on one screen.
pub fn faults(
    step: Step,
    answers: &Answers,
    forms: &[Questionnaire],
    around: Surroundings,
) -> Vec<FieldFault> {
    let mut found = own(step, answers, forms, around);
    for fault in submission(answers, around).faults(around.now.date_naive()).0 {
        // A date that is none was named above.
        if let Some((at, id)) = place(&fault.field)
            && at == step
            && !found.iter().any(|(known, _)| *known == id)
        {
            found.push((id, fault.code));
        }
    }
    found.sort_by_key(|(id, _)| ORDER.iter().position(|known| known == id).unwrap_or(ORDER.len()));
    // Of two empty names, one sentence is enough.
    found.dedup_by(|later, first| later.1 == FaultCode::NameMissing && first.1 == later.1);
    found
}

/// Fields that share a screen, as they stand there.
const ORDER: [&str; 25] = [
    "given-name",
    "family-name",
    "middle-name",
    "suffix",
    "preferred-name",
    "phone",
    "may-text",
    "street",
    "street2",
    "city",
    "state",
    "zip",
    "payer",
    "member-id",
    "group",
    "sub-given",
    "sub-family",
    "em-given",
    "em-family",
    "em-relationship",
    "em-phone",
    "gu-given",
    "gu-family",
    "gu-relationship",
    "gu-phone",
];

/// What the submission cannot say: choices not made, dates not finished, questions not answered.
fn own(step: Step, answers: &Answers, forms: &[Questionnaire], around: Surroundings) -> Vec<FieldFault> {
    let chosen = |id: &str, value: &str| match value.is_empty() {
        true => vec![(id.to_owned(), FaultCode::AnswerMissing)],
        false => Vec::new(),
    };
    let card = |index: u8| answers.cards.get(usize::from(index));
    let consent = |index: u8| {
        let form = around.consents.get(usize::from(index));
        form.and_then(|form| answers.consents.get(&form.id.to_string()))
            .cloned()
            .unwrap_or_default()
    };
    match step {
        Step::Who => chosen("who", &answers.filled_by),
        Step::Birth => date("dob", &answers.birth, around),
        // Whether to text is in the record, and asked of who checks in only with an address that has changed.
        Step::Phone if !answers.checks_in => chosen("may-text", &answers.may_text),
        Step::Email if answers.checks_in => chosen("may-text", &answers.may_text),
        Step::Before => chosen("before", &answers.before),
        Step::Changed => chosen("changed", &answers.changed.concat()),
        Step::Sex => chosen("sex", &answers.sex),
        // "The same" is no answer for someone who said that it changed.
        Step::Insurance if answers.asks("insurance") && answers.insurance == "same" => {
            chosen("insurance", "")
        }
        Step::Insurance => chosen("insurance", &answers.insurance),
        Step::Holder(index) => chosen("holder", card(index).map_or("", |card| &card.holder)),
        Step::Subscriber(index) => card(index).map_or_else(Vec::new, |card| {
            let mut found = date("sub-dob", &card.birth, around);
            found.extend(chosen("sub-sex", &card.sex));
            found
        }),
        Step::Second => chosen("second", &answers.second),
        Step::Guarantor if !answers.guarantor.birth.is_empty() => {
            date("gu-dob", &answers.guarantor.birth, around)
        }
        Step::Question(index) => nth(forms, index).map_or_else(Vec::new, |(form, page)| {
            question(page, answer(answers, form, page))
        }),
        Step::SignForm(index) => {
            let form = forms.get(usize::from(index));
            let signed = form.and_then(|form| answers.signed.get(&form.slug));
            match signed.is_none_or(|signed| signed.typed_name.trim().is_empty()) {
                true => vec![("typed-name".to_owned(), FaultCode::TypedNameMissing)],
                false => Vec::new(),
            }
        }
        Step::Decide(index) => match consent(index).decision.is_empty() {
            true => vec![("decision".to_owned(), FaultCode::ConsentUndecided)],
            false => Vec::new(),
        },
        // The same rule as the submission's, which cannot say which consent it means.
        Step::Sign(index) => match consent(index).typed_name.trim().is_empty() {
            true => vec![("typed-name".to_owned(), FaultCode::TypedNameMissing)],
            false => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn date(id: &str, date: &DateAnswer, around: Surroundings) -> Vec<FieldFault> {
    let wrong = match date.date() {
        Err(code) => code,
        Ok(day) => match domain::validate::birth(&day, &around.now.date_naive()) {
            Ok(()) => return Vec::new(),
            Err(_) if day > around.now.date_naive() => FaultCode::BirthInFuture,
            Err(_) => FaultCode::BirthTooLongAgo,
        },
    };
    let part = match wrong {
        FaultCode::DayMissing => "day",
        FaultCode::YearMissing | FaultCode::BirthInFuture | FaultCode::BirthTooLongAgo => "year",
        _ => "month",
    };
    vec![(format!("{id}-{part}"), wrong)]
}

/// By the same rule that the server holds answers against.
fn question(page: &Page, answer: Option<&Answer>) -> Vec<FieldFault> {
    let wrong = match answer {
        None if page.required => FaultCode::AnswerMissing,
        None => return Vec::new(),
        Some(answer) => match page.answer.fault(answer) {
            Some(wrong) => wrong,
            None => return Vec::new(),
        },
    };
    let field = match page.answer {
        AnswerKind::Date => "answer-month",
        _ => "answer",
    };
    vec![(field.to_owned(), wrong)]
}

/// Where the value at a path is asked: the step, and the field's id there.
fn place(path: &str) -> Option<(Step, String)> {
    let mut parts = path.split('.');
    let (head, last) = (parts.next()?, path.rsplit('.').next()?);
    let card = || {
        path.split_once('[')
            .and_then(|(_, rest)| rest.split_once(']'))
            .and_then(|(at, _)| at.parse().ok())
    };
    let (step, id) = match (head, last) {
        ("identity", "birth_on") => (Step::Birth, "dob-year"),
        ("identity", "phone") => (Step::Phone, "phone"),
        ("identity", "given_name") => (Step::Name, "given-name"),
        ("identity", "middle_name") => (Step::Name, "middle-name"),
        ("identity", "family_name") => (Step::Name, "family-name"),
        ("identity", "suffix") => (Step::Name, "suffix"),
        ("identity", "preferred_name") => (Step::Name, "preferred-name"),
        ("details", "gender_identity") => (Step::Gender, "gender"),
        ("details", "pronouns") => (Step::Gender, "pronouns"),
        ("contact", "email") => (Step::Email, "email"),
        ("contact", "line1") => (Step::Address, "street"),
        ("contact", "line2") => (Step::Address, "street2"),
        ("contact", "city") => (Step::Address, "city"),
        ("contact", "state") => (Step::Address, "state"),
        ("contact", "postal_code") => (Step::Address, "zip"),
        ("insurance", "payer_name") => (Step::Coverage(card()?), "payer"),
        ("insurance", "member_id") => (Step::Coverage(card()?), "member-id"),
        ("insurance", "group_number") => (Step::Coverage(card()?), "group"),
        ("insurance", "card_front") => (Step::Card(card()?), "card-front"),
        ("insurance", "card_back") => (Step::Card(card()?), "card-back"),
        ("insurance", "given_name") => (Step::Subscriber(card()?), "sub-given"),
        ("insurance", "family_name") => (Step::Subscriber(card()?), "sub-family"),
        ("insurance", "birth_on") => (Step::Subscriber(card()?), "sub-dob-year"),
        ("emergency_contact", field) => (Step::Emergency, person("em", field)?),
        ("guarantor", field) => (Step::Guarantor, person("gu", field)?),
        ("reason", _) => (Step::Reason, "reason"),
        _ => return None,
    };
    Some((step, id.to_owned()))
}

fn person(who: &str, field: &str) -> Option<&'static str> {
    Some(match (who, field) {
        ("em", "given_name") => "em-given",
        ("em", "family_name") => "em-family",
        ("em", "relationship") => "em-relationship",
        ("em", "phone") => "em-phone",
        (_, "given_name") => "gu-given",
        (_, "family_name") => "gu-family",
        (_, "relationship") => "gu-relationship",
        (_, "phone") => "gu-phone",
        (_, "birth_on") => "gu-dob-year",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::kiosk::answers::YES;
    use chrono::{DateTime, Utc};
    use domain::text::Lang;

    fn ids(step: Step, answers: &Answers) -> Vec<String> {
        let now = DateTime::<Utc>::from_timestamp(1_793_600_000, 0).unwrap_or_default();
        let around = Surroundings {
            consents: &[],
            lang: Lang::En,
            now,
        };
        faults(step, answers, &[], around)
            .into_iter()
            .map(|(id, _)| id)
            .collect()
    }

    #[test]
    fn each_fault_is_said_beside_its_own_field() {
        let mut answers = Answers {
            insurance: "cards".into(),
            second: YES.into(),
            ..Answers::default()
        };
        answers.cards[1].holder = "spouse".into();
        answers.birth.month = "3".into();
        assert_eq!(ids(Step::Birth, &answers), ["dob-day"]);
        assert_eq!(ids(Step::Name, &answers), ["given-name"]);
        assert_eq!(ids(Step::Phone, &answers), ["phone", "may-text"]);
        assert_eq!(ids(Step::Address, &answers), ["street", "city", "state", "zip"]);
        assert_eq!(ids(Step::Coverage(1), &answers), ["payer", "member-id"]);
        assert_eq!(ids(Step::Subscriber(1), &answers).len(), 3);
        assert_eq!(
            ids(Step::Emergency, &answers),
            ["em-given", "em-relationship", "em-phone"]
        );
        assert_eq!(ids(Step::Reason, &answers), ["reason"]);
        answers.no_address = true;
        assert!(ids(Step::Address, &answers).is_empty());
        answers.birth = DateAnswer {
            month: "3".into(),
            day: "14".into(),
            year: "2999".into(),
        };
        assert_eq!(ids(Step::Birth, &answers), ["dob-year"]);
    }
}
