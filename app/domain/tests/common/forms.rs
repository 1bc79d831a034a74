//! A form with scores, and answers to it.

use super::golden;
use domain::command::{Command, CommandName};
use domain::intake::questionnaire::Answers;
use domain::intake::*;

/// The golden form: two choices that count, a scale, and two questions that are asked only then.
pub fn mood() -> Questionnaire {
    match golden(CommandName::PublishQuestionnaire) {
        Command::PublishQuestionnaire(form) => form,
        _ => unreachable!(),
    }
}

pub fn after(form: &Questionnaire) -> Questionnaire {
    Questionnaire {
        id: Questionnaire::id_of(&form.slug, form.version + 1),
        version: form.version + 1,
        replaces_id: Some(form.id),
        ..form.clone()
    }
}

pub fn one(text: &str) -> Answer {
    Answer::One(text.into())
}

pub fn said(answers: &[(&str, Answer)]) -> Answers {
    let owned = answers
        .iter()
        .map(|(id, answer)| ((*id).to_owned(), answer.clone()));
    owned.collect()
}

pub fn sound() -> Answers {
    said(&[
        ("interest", one("most_days")),
        ("harm", one("not_at_all")),
        ("pain", one("2")),
    ])
}
