//! Questions the practice writes, in versions, with pages that depend on earlier answers.

pub use super::answer::{Answer, Answers, QuestionnaireResponse, Score};
pub use super::kind::{AnswerKind, Choice};
pub use super::show_if::{ShowIf, Wanted};
use crate::id::*;
use crate::text::Wording;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One version of a questionnaire. A new version is a new row: answers always point at what was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Questionnaire {
    /// Identity of this version.
    pub id: QuestionnaireId,
    /// Same for all versions: "health-history".
    pub slug: String,
    /// Counts up, from 1.
    pub version: u32,
    /// The version before it; nothing for the first.
    #[serde(default)]
    pub replaces_id: Option<QuestionnaireId>,
    /// Heading.
    pub title: Wording,
    /// One question each, in order.
    pub pages: Vec<Page>,
    /// How the answers are summed up, where they are.
    #[serde(default)]
    pub scoring: Option<Scoring>,
    /// Whoever answers signs for it.
    #[serde(default)]
    pub signature_required: bool,
    /// Who is asked.
    #[serde(default)]
    pub audience: Audience,
    /// For how many days an answer stands, so that the next visit need not ask again; nothing to ask at every visit.
    #[serde(default)]
    pub valid_days: Option<u16>,
    /// Withdrawn: nobody is asked any more. What was answered stays.
    #[serde(default)]
    pub retired: bool,
    /// When it began to be used.
    pub published_at: DateTime<Utc>,
}

/// Who is asked a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everyone who checks in.
    #[default]
    Everyone,
    /// Who comes for a kind of visit that asks it, and whoever is asked by hand.
    Visit,
}

/// How answers are summed up: what was chosen counts what its choice says, a place on a scale counts itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Scoring {
    /// What sums mean, in rising order.
    pub bands: Vec<Band>,
}

/// What some sums mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Band {
    /// The lowest sum.
    pub from: i32,
    /// The highest sum, included.
    pub to: i32,
    /// As it is said: "moderate".
    pub label: Wording,
    /// Whether a practitioner should look at it.
    #[serde(default)]
    pub attention: bool,
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

impl Questionnaire {
    /// The id of a version: two devices that publish the same version of a form meet, and the second is told.
    pub fn id_of(slug: &str, version: u32) -> QuestionnaireId {
        let name = format!("questionnaire:{slug}:{version}");
        QuestionnaireId(uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, name.as_bytes()))
    }

    /// The pages to ask, given what was answered so far. A page that depends on a hidden page is hidden too.
    pub fn visible<'a>(&'a self, answers: &Answers) -> Vec<&'a Page> {
        let mut shown: Vec<&Page> = Vec::new();
        for page in &self.pages {
            let show = page.show_if.as_ref().is_none_or(|condition| {
                shown.iter().any(|earlier| earlier.link_id == condition.link_id)
                    && answers
                        .get(&condition.link_id)
                        .is_some_and(|answer| condition.is.met_by(answer))
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

    /// One of its pages.
    pub fn page(&self, link_id: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.link_id == link_id)
    }

    /// Whether pages of the first edition can read it, and kiosks of that time ask it.
    pub fn is_old(&self) -> bool {
        self.pages.iter().all(|page| {
            let plain = page
                .show_if
                .as_ref()
                .is_none_or(|show| matches!(show.is, Wanted::One(_)));
            page.answer.is_old() && plain
        })
    }
}

/// The newest version of every form, in the order of their names, those that were withdrawn among them.
pub fn newest<'a>(forms: impl IntoIterator<Item = &'a Questionnaire>) -> Vec<&'a Questionnaire> {
    let mut found: std::collections::BTreeMap<&str, &Questionnaire> = std::collections::BTreeMap::new();
    for form in forms {
        let known = found.entry(form.slug.as_str()).or_insert(form);
        if known.version < form.version {
            *known = form;
        }
    }
    found.into_values().collect()
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
            replaces_id: None,
            title: Wording::default(),
            pages: vec![
                page("smoke", None),
                page("daily", Some(("smoke", "yes"))),
                page("pack", Some(("daily", "yes"))),
            ],
            scoring: None,
            signature_required: false,
            audience: Audience::Everyone,
            valid_days: None,
            retired: false,
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
