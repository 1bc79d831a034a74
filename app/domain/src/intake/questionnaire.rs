//! Questions the practice writes, in versions, with pages that depend on earlier answers.

use crate::id::*;
use crate::text::Wording;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One version of a questionnaire. A new version is a new row: answers always point at what was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Questionnaire {
    /// Identity of this version.
    pub id: QuestionnaireId,
    /// Same for all versions: "health-history".
    pub slug: String,
    /// Counts up.
    pub version: u32,
    /// Heading.
    pub title: Wording,
    /// One question each, in order.
    pub pages: Vec<Page>,
    /// When it began to be used.
    pub published_at: DateTime<Utc>,
}

/// One question on one screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Same in every version that asks the same thing.
    pub link_id: String,
    /// The question.
    pub question: Wording,
    /// Why we ask.
    pub why: Option<Wording>,
    /// How it is answered.
    pub answer: AnswerKind,
    /// Asked only then.
    pub show_if: Option<ShowIf>,
    /// May not be skipped.
    pub required: bool,
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum AnswerKind {
    /// Yes or no.
    YesNo,
    /// One of a list.
    Choice {
        /// The list.
        options: Vec<Choice>,
    },
    /// Any of a list.
    Choices {
        /// The list.
        options: Vec<Choice>,
    },
    /// In words.
    Text,
}

/// One thing that can be chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Stays the same when the wording changes.
    pub code: String,
    /// What it says.
    pub label: Wording,
}

/// Shows a page only when an earlier answer is, or holds, a code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShowIf {
    /// Which earlier question.
    pub link_id: String,
    /// "yes", "no", or a choice's code.
    pub is: String,
}

/// What was answered.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// Yes or no.
    YesNo(bool),
    /// A code, or words.
    One(String),
    /// Codes.
    Many(Vec<String>),
}

impl Answer {
    fn holds(&self, code: &str) -> bool {
        match self {
            Answer::YesNo(yes) => code == if *yes { "yes" } else { "no" },
            Answer::One(one) => one == code,
            Answer::Many(many) => many.iter().any(|one| one == code),
        }
    }
}

/// Answers by question.
pub type Answers = BTreeMap<String, Answer>;

/// Answers to one version (FHIR QuestionnaireResponse).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct QuestionnaireResponse {
    /// Identity.
    pub id: QuestionnaireResponseId,
    /// Whose; nobody's until the submission was accepted.
    pub patient_id: Option<PatientId>,
    /// Which submission it came with.
    pub intake_id: IntakeId,
    /// What was asked.
    pub questionnaire_id: QuestionnaireId,
    /// What was answered.
    pub answers: Answers,
    /// When, by the device's clock.
    pub authored_at: DateTime<Utc>,
}
crate::redacted_debug!(Answer, QuestionnaireResponse);

impl Questionnaire {
    /// The pages to ask, given what was answered so far. A page that depends on a hidden page is hidden too.
    pub fn visible<'a>(&'a self, answers: &Answers) -> Vec<&'a Page> {
        let mut shown: Vec<&Page> = Vec::new();
        for page in &self.pages {
            let show = page.show_if.as_ref().is_none_or(|condition| {
                shown.iter().any(|earlier| earlier.link_id == condition.link_id)
                    && answers
                        .get(&condition.link_id)
                        .is_some_and(|answer| answer.holds(&condition.is))
            });
            if show {
                shown.push(page);
            }
        }
        shown
    }

    /// Answers to pages that are shown; what was answered before a change hid its page is dropped.
    pub fn relevant(&self, answers: &Answers) -> Answers {
        self.visible(answers)
            .into_iter()
            .filter_map(|page| {
                answers
                    .get(&page.link_id)
                    .map(|a| (page.link_id.clone(), a.clone()))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(link_id: &str, show_if: Option<(&str, &str)>) -> Page {
        Page {
            link_id: link_id.into(),
            question: Wording::new("?", "¿?"),
            why: None,
            answer: AnswerKind::YesNo,
            show_if: show_if.map(|(link_id, is)| ShowIf {
                link_id: link_id.into(),
                is: is.into(),
            }),
            required: true,
        }
    }

    #[test]
    fn a_page_behind_a_hidden_page_is_hidden_and_its_answer_dropped() {
        let form = Questionnaire {
            id: QuestionnaireId(uuid::Uuid::nil()),
            slug: "history".into(),
            version: 1,
            title: Wording::default(),
            pages: vec![
                page("smoke", None),
                page("daily", Some(("smoke", "yes"))),
                page("pack", Some(("daily", "yes"))),
            ],
            published_at: DateTime::UNIX_EPOCH,
        };
        let mut answers = Answers::new();
        assert_eq!(form.visible(&answers).len(), 1);
        for id in ["smoke", "daily", "pack"] {
            answers.insert(id.into(), Answer::YesNo(true));
        }
        assert_eq!(form.visible(&answers).len(), 3);
        answers.insert("smoke".into(), Answer::YesNo(false));
        assert_eq!(form.visible(&answers).len(), 1);
        assert_eq!(form.relevant(&answers).len(), 1);
    }
}
