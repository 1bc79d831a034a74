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
#[serde(rename_all = "snake_case", tag = "kind", try_from = "Written")]
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

/// As it is written, whatever the kind: read without holding the whole of it first to look for the kind.
#[derive(Deserialize)]
struct Written {
    kind: KindName,
    #[serde(default)]
    options: Option<Vec<Choice>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum KindName {
    YesNo,
    Choice,
    Choices,
    Text,
}

impl TryFrom<Written> for AnswerKind {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<AnswerKind, &'static str> {
        let options = written.options.ok_or("missing field `options`");
        Ok(match written.kind {
            KindName::YesNo => AnswerKind::YesNo,
            KindName::Text => AnswerKind::Text,
            KindName::Choice => AnswerKind::Choice { options: options? },
            KindName::Choices => AnswerKind::Choices { options: options? },
        })
    }
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
#[derive(Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// Yes or no.
    YesNo(bool),
    /// A code, or words.
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
