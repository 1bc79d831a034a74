//! What was answered to one version of a form.

use super::Signature;
use crate::id::*;
use crate::text::{Lang, Wording};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was answered.
#[derive(Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// Yes or no.
    YesNo(bool),
    /// A code, or words; a number as it is written in English ("37.5"), a day as in ISO 8601 ("2026-03-10"). Every
    /// build can read it, also one that cannot ask it.
    One(String),
    /// Codes.
    Many(Vec<String>),
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Answer, D::Error> {
        struct AnswerVisitor;
        impl<'de> serde::de::Visitor<'de> for AnswerVisitor {
            type Value = Answer;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an answer")
            }

            fn visit_bool<E>(self, yes: bool) -> Result<Answer, E> {
                Ok(Answer::YesNo(yes))
            }

            fn visit_str<E>(self, text: &str) -> Result<Answer, E> {
                Ok(Answer::One(text.to_owned()))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut codes: A) -> Result<Answer, A::Error> {
                let mut many = Vec::new();
                while let Some(code) = codes.next_element()? {
                    many.push(code);
                }
                Ok(Answer::Many(many))
            }
        }
        deserializer.deserialize_any(AnswerVisitor)
    }
}

impl Answer {
    /// Whether it is, or holds, a code; of yes and no, "yes" and "no".
    pub fn holds(&self, code: &str) -> bool {
        match self {
            Answer::YesNo(yes) => code == if *yes { "yes" } else { "no" },
            Answer::One(one) => one == code,
            Answer::Many(many) => many.iter().any(|one| one == code),
        }
    }
}

/// Answers by question.
pub type Answers = BTreeMap<String, Answer>;

/// What answers add up to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// The sum.
    pub total: i32,
    /// What the form says of such a sum.
    pub band: Option<Wording>,
}

/// Answers to one version (FHIR QuestionnaireResponse).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct QuestionnaireResponse {
    /// Identity.
    pub id: QuestionnaireResponseId,
    /// Whose; nobody's until the submission was accepted.
    pub patient_id: Option<PatientId>,
    /// Which submission it came with; nothing when it was asked by itself.
    pub intake_id: Option<IntakeId>,
    /// What was asked.
    pub questionnaire_id: QuestionnaireId,
    /// What was answered.
    pub answers: Answers,
    /// When, by the device's clock.
    pub authored_at: DateTime<Utc>,
    /// For which visit.
    #[serde(default)]
    pub appointment_id: Option<AppointmentId>,
    /// What it adds up to, where the form counts.
    #[serde(default)]
    pub score: Option<Score>,
    /// Whether a practitioner should look at it: by its sum, or by one of its answers.
    #[serde(default)]
    pub attention: bool,
    /// Who wrote it down; nothing for a patient at a kiosk.
    #[serde(default)]
    pub authored_by: Option<String>,
    /// In which language it was asked; nothing where that was not said.
    #[serde(default)]
    pub language: Option<Lang>,
    /// Where the form asks for one.
    #[serde(default)]
    pub signature: Option<Signature>,
}
crate::redacted_debug!(Answer, QuestionnaireResponse);
