//! The answers as rows to read: what was asked, what was said, and where to change it.

use super::answers::{Answers, Card, DateAnswer, joined};
use super::forms::{answer, nth};
use super::intake::Intake;
use super::machine::Step;
use super::steps::{CHANGES, ETHNICITIES, HOLDERS, RACES, SEXES};
use super::texts::*;
use domain::intake::{Answer, AnswerKind, ConsentForm, ConsentKind, Page, Questionnaire};
use domain::text::{Lang, Text};
use leptos::prelude::*;

/// One row.
#[derive(Clone, PartialEq)]
pub struct Row {
    /// Id of its button.
    pub id: String,
    /// What was asked.
    pub name: String,
    /// What was said.
    pub value: String,
    /// Where.
    pub step: Step,
}

/// One row for each step that holds an answer.
pub fn rows(intake: Intake, lang: Lang) -> Vec<Row> {
    intake.answers.with(|answers| {
        intake.settings.with_value(|settings| {
            let list = intake.list(answers);
            let each = list.into_iter().filter_map(|step| {
                let (name, value) = row(step, answers, settings.forms(), &settings.consents, lang)?;
                let value = if value.trim().is_empty() {
                    R_EMPTY.get(lang).to_owned()
                } else {
                    value
                };
                Some(Row {
                    id: id(step),
                    name,
                    value,
                    step,
                })
            });
            each.collect()
        })
    })
}

fn id(step: Step) -> String {
    match step {
        Step::Card(n) | Step::Coverage(n) | Step::Holder(n) | Step::Subscriber(n) => {
            format!("change-{}-{}", step.name(), n + 1)
        }
        Step::Question(n) | Step::SignForm(n) | Step::Decide(n) => {
            format!("change-{}-{}", step.name(), n + 1)
        }
        _ => format!("change-{}", step.name()),
    }
}

fn word(rows: &[(&str, Text)], value: &str, lang: Lang) -> String {
    rows.iter()
        .find(|(known, _)| *known == value)
        .map(|(_, text)| text.get(lang).to_owned())
        .unwrap_or_default()
}

fn words(rows: &[(&str, Text)], values: &[String], lang: Lang) -> String {
    values
        .iter()
        .map(|value| word(rows, value, lang))
        .collect::<Vec<_>>()
        .join(", ")
}

fn yes_no(value: &str, lang: Lang) -> String {
    match value {
        "yes" => YES_WORD.get(lang).to_owned(),
        "no" => NO_WORD.get(lang).to_owned(),
        _ => String::new(),
    }
}

/// "March 14, 1987", "14 de marzo de 1987"
fn date(date: &DateAnswer, lang: Lang) -> String {
    let month = date
        .month
        .parse::<usize>()
        .ok()
        .and_then(|month| MONTHS.get(month.checked_sub(1)?));
    let Some(month) = month.map(|month| month.get(lang)) else {
        return String::new();
    };
    let (day, year) = (date.day.trim(), date.year.trim());
    match lang {
        Lang::En => format!("{month} {day}, {year}"),
        Lang::Es => format!("{day} de {month} de {year}"),
    }
}

fn listed(parts: &[&str]) -> String {
    parts
        .iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Only the end of a number: others may look over the shoulder.
fn masked(number: &str) -> String {
    let plain: Vec<char> = number.chars().filter(|c| c.is_alphanumeric()).collect();
    match plain.len() {
        0 => String::new(),
        long if long > 4 => format!("••• {}", plain[long - 4..].iter().collect::<String>()),
        _ => "•••".to_owned(),
    }
}

fn row(
    step: Step,
    answers: &Answers,
    forms: &[Questionnaire],
    consents: &[ConsentForm],
    lang: Lang,
) -> Option<(String, String)> {
    let card = |index: u8| answers.cards.get(usize::from(index));
    let (name, value) = match step {
        Step::Who => (R_WHO, word(WHO, &answers.filled_by, lang)),
        Step::Birth => (R_BIRTH, date(&answers.birth, lang)),
        Step::Name => {
            let given = joined(&answers.given, &answers.middle);
            let name = joined(&joined(&given, &answers.family), &answers.suffix);
            (
                R_NAME,
                if answers.preferred.trim().is_empty() {
                    name
                } else {
                    format!("{name} ({})", answers.preferred.trim())
                },
            )
        }
        Step::Phone => (R_PHONE, answers.phone.clone()),
        Step::Before => (R_BEFORE, yes_no(&answers.before, lang)),
        Step::Changed => (R_CHANGED, words(CHANGES, &answers.changed, lang)),
        Step::Sex => (R_SEX, word(SEXES, &answers.sex, lang)),
        Step::Gender => {
            let interpreter = if answers.interpreter {
                INTERPRETER.get(lang)
            } else {
                ""
            };
            (R_MORE, listed(&[&answers.gender, &answers.pronouns, interpreter]))
        }
        Step::Race => (R_RACE, words(RACES, &answers.race, lang)),
        Step::Ethnicity => (R_ETHNICITY, word(ETHNICITIES, &answers.ethnicity, lang)),
        Step::Address if answers.no_address => (R_ADDRESS, NO_ADDRESS.get(lang).to_owned()),
        Step::Address => {
            let end = joined(&answers.state, &answers.zip);
            (
                R_ADDRESS,
                listed(&[&answers.street, &answers.street2, &answers.city, &end]),
            )
        }
        Step::Email => (R_EMAIL, answers.email.clone()),
        Step::Insurance => (R_INSURANCE, insurance(answers, lang)),
        Step::Card(index) => {
            let photos =
                card(index).map_or(0, |card| [&card.front, &card.back].into_iter().flatten().count());
            (
                R_CARD,
                if photos == 0 {
                    String::new()
                } else {
                    R_PHOTOS.get(lang).replace("{n}", &photos.to_string())
                },
            )
        }
        Step::Coverage(index) => (R_COVERAGE, card(index).map(on_card).unwrap_or_default()),
        Step::Holder(index) => (
            R_HOLDER,
            word(HOLDERS, card(index).map_or("", |card| &card.holder), lang),
        ),
        Step::Subscriber(index) => {
            let holder = card(index)
                .map(|card| listed(&[&joined(&card.given, &card.family), &date(&card.birth, lang)]));
            (R_HOLDER, holder.unwrap_or_default())
        }
        Step::Second => (R_SECOND, yes_no(&answers.second, lang)),
        Step::Emergency => {
            let who = &answers.emergency;
            (
                R_EMERGENCY,
                listed(&[&joined(&who.given, &who.family), &who.relationship, &who.phone]),
            )
        }
        Step::Guarantor => {
            let who = &answers.guarantor;
            (
                R_GUARANTOR,
                listed(&[&joined(&who.given, &who.family), &who.relationship, &who.phone]),
            )
        }
        Step::Reason => (R_REASON, short(&answers.reason)),
        Step::Question(index) => {
            let (form, page) = nth(forms, index)?;
            return Some(question(page, answer(answers, form, page), lang));
        }
        Step::SignForm(index) => {
            let form = forms.get(usize::from(index))?;
            let name = answers
                .signed
                .get(&form.slug)
                .map(|signed| signed.typed_name.clone());
            return Some((short(form.title.get(lang)), name.unwrap_or_default()));
        }
        Step::Decide(index) => return consent(consents.get(usize::from(index))?, answers, lang),
        Step::Language | Step::Consent(_) | Step::Sign(_) | Step::Review => return None,
    };
    Some((name.get(lang).to_owned(), value))
}

const WHO: &[(&str, Text)] = &[
    ("patient", WHO_PATIENT),
    ("parent", WHO_PARENT),
    ("helper", WHO_HELPER),
];

fn insurance(answers: &Answers, lang: Lang) -> String {
    let text = match (answers.insurance.as_str(), answers.asks("insurance")) {
        ("same", _) => INS_SAME,
        ("cards", true) => INS_YES,
        ("cards", false) => INS_NEW_CARDS,
        ("none", true) => INS_NO,
        ("none", false) => INS_NONE_NOW,
        _ => return String::new(),
    };
    text.get(lang).to_owned()
}

fn on_card(card: &Card) -> String {
    format!("{} {}", card.payer.trim(), masked(&card.member))
}

/// Long words shortened, so that a row stays a row.
fn short(text: &str) -> String {
    const MOST: usize = 80;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.chars().count() > MOST {
        true => format!("{}…", text.chars().take(MOST).collect::<String>()),
        false => text,
    }
}

fn question(page: &Page, answer: Option<&Answer>, lang: Lang) -> (String, String) {
    let options = page.answer.options();
    let label = |code: &String| {
        let known = options.iter().find(|one| one.code == *code);
        known.map_or_else(|| code.clone(), |one| one.label.get(lang).to_owned())
    };
    let value = match answer {
        Some(Answer::One(on)) if page.answer == AnswerKind::Date => date(&DateAnswer::from_iso(on), lang),
        Some(Answer::YesNo(yes)) => yes_no(if *yes { "yes" } else { "no" }, lang),
        Some(Answer::One(one)) => short(&label(one)),
        Some(Answer::Many(many)) => short(&many.iter().map(label).collect::<Vec<_>>().join(", ")),
        None => String::new(),
    };
    let unit = match &page.answer {
        AnswerKind::Number { unit: Some(unit), .. } if !value.is_empty() => unit.get(lang),
        _ => "",
    };
    (short(page.question.get(lang)), joined(&value, unit))
}

fn consent(form: &ConsentForm, answers: &Answers, lang: Lang) -> Option<(String, String)> {
    let answer = answers.consents.get(&form.id.to_string());
    let notice = form.kind == ConsentKind::PrivacyNotice;
    let value = match (answer.map(|one| one.decision.as_str()), notice) {
        (Some("agreed"), true) => R_RECEIVED.get(lang),
        (Some("agreed"), false) => R_AGREED.get(lang),
        (Some("declined"), true) => NOT_NOW.get(lang),
        (Some("declined"), false) => R_DECLINED.get(lang),
        _ => "",
    };
    Some((form.title.get(lang).to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_numbers_read_well() {
        let day = DateAnswer {
            month: "3".into(),
            day: "14".into(),
            year: "1987".into(),
        };
        assert_eq!(date(&day, Lang::En), "March 14, 1987");
        assert_eq!(date(&day, Lang::Es), "14 de marzo de 1987");
        assert_eq!(masked("CHP 2087-4412"), "••• 4412");
        assert_eq!(masked("12"), "•••");
    }
}
