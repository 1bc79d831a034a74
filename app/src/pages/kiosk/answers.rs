//! The answers so far, as typed: plain text until they are checked. This is also what the draft on the disk holds.

use super::machine::Step;
use chrono::{DateTime, NaiveDate, Utc};
use domain::intake::{Answer, FilledBy};
use domain::text::Lang;
use domain::validate::{FaultCode, Today, date_from_parts};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What "yes" is in a radio group.
pub const YES: &str = "yes";
/// And "no".
pub const NO: &str = "no";
/// "I prefer not to say."
pub const UNSAID: &str = "unsaid";

/// A date in three fields.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DateAnswer {
    /// "1" to "12"
    pub month: String,
    /// As typed.
    pub day: String,
    /// As typed.
    pub year: String,
}

impl DateAnswer {
    /// The day, or the first part that is wrong.
    pub fn date(&self) -> Result<NaiveDate, FaultCode> {
        date_from_parts(&self.month, &self.day, &self.year)
    }

    /// As answers to a form hold it; parts that are missing stay so, and are named when it is checked.
    pub fn to_iso(&self) -> String {
        format!(
            "{}-{:0>2}-{:0>2}",
            self.year.trim(),
            self.month.trim(),
            self.day.trim()
        )
    }

    /// From what answers to a form hold.
    pub fn from_iso(text: &str) -> DateAnswer {
        let mut parts = text.splitn(3, '-');
        let mut part = || {
            parts
                .next()
                .unwrap_or_default()
                .trim_start_matches('0')
                .to_owned()
        };
        let (year, month, day) = (part(), part(), part());
        DateAnswer { month, day, year }
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        [&self.month, &self.day, &self.year]
            .into_iter()
            .all(|part| part.trim().is_empty())
    }
}

/// One insurance card.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    /// Insurer.
    pub payer: String,
    /// Member id.
    pub member: String,
    /// Group number.
    pub group: String,
    /// "self", "spouse", "child", "other"
    pub holder: String,
    /// Holder's given name.
    pub given: String,
    /// Holder's family name.
    pub family: String,
    /// Holder's date of birth.
    pub birth: DateAnswer,
    /// Holder's sex.
    pub sex: String,
    /// SHA-256 of the photos.
    pub front: Option<String>,
    /// See `front`.
    pub back: Option<String>,
}

/// Someone around the patient.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonAnswer {
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// "mother"
    pub relationship: String,
    /// Phone.
    pub phone: String,
    /// Date of birth, optional.
    pub birth: DateAnswer,
}

/// What was decided about one consent text.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConsentAnswer {
    /// "agreed" or "declined"
    pub decision: String,
    /// Drawn, in a box 1000 wide and 300 high.
    pub strokes: Vec<Vec<(i16, i16)>>,
    /// Typed name.
    pub typed_name: String,
    /// Language in which it was decided.
    pub lang: Lang,
    /// When it was signed or declined.
    pub at: Option<DateTime<Utc>>,
}

/// All of it.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct Answers {
    /// They only say that they are here: what is in their record is asked when they say that it has changed.
    pub checks_in: bool,
    pub filled_by: String,
    pub birth: DateAnswer,
    pub given: String,
    pub middle: String,
    pub family: String,
    pub suffix: String,
    pub preferred: String,
    pub phone: String,
    pub may_text: String,
    pub before: String,
    pub changed: Vec<String>,
    pub sex: String,
    pub gender: String,
    pub pronouns: String,
    pub interpreter: bool,
    pub race: Vec<String>,
    pub ethnicity: String,
    pub street: String,
    pub street2: String,
    pub city: String,
    pub state: String,
    pub zip: String,
    pub no_address: bool,
    pub email: String,
    /// "same", "cards", "none"
    pub insurance: String,
    pub cards: [Card; 2],
    pub second: String,
    pub emergency: PersonAnswer,
    pub guarantor: PersonAnswer,
    pub i_am_guarantor: bool,
    pub reason: String,
    /// By the form's short name, which is the same in its next version.
    pub forms: BTreeMap<String, BTreeMap<String, Answer>>,
    /// Who signed a form, by its short name, too.
    pub signed: BTreeMap<String, ConsentAnswer>,
    /// By the id of the form's version.
    pub consents: BTreeMap<String, ConsentAnswer>,
}

impl Answers {
    /// Who holds the tablet.
    pub fn filled_by(&self) -> FilledBy {
        match self.filled_by.as_str() {
            "parent" => FilledBy::Parent,
            "helper" => FilledBy::Helper,
            _ => FilledBy::Patient,
        }
    }

    /// Whether they say they were here before.
    pub fn returning(&self) -> bool {
        self.before == YES || self.checks_in
    }

    /// Whether a section is asked: always for someone new, else when it has changed.
    pub fn asks(&self, section: &str) -> bool {
        !self.returning() || self.changed.iter().any(|one| one == section)
    }

    /// Under 18 on a day; unknown is not.
    pub fn minor(&self, today: Today) -> bool {
        self.birth
            .date()
            .is_ok_and(|born| today.years_since(born).is_some_and(|age| age < 18))
    }

    /// Given and family name.
    pub fn full_name(&self) -> String {
        joined(&self.given, &self.family)
    }

    /// The cards that count.
    pub fn cards_shown(&self) -> usize {
        match (self.insurance.as_str(), self.second.as_str()) {
            ("cards", YES) => 2,
            ("cards", _) => 1,
            _ => 0,
        }
    }
}

/// Two words with a space between, if both are there.
pub fn joined(one: &str, two: &str) -> String {
    format!("{} {}", one.trim(), two.trim()).trim().to_owned()
}

/// Text, or nothing for blanks.
pub fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// What lies on the disk while someone answers.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Their answers.
    pub answers: Answers,
    /// Where they are.
    pub step: Step,
    /// In which language.
    pub lang: Lang,
    /// Whether they came from the review.
    pub from_review: bool,
}

domain::redacted_debug!(DateAnswer, Card, PersonAnswer, ConsentAnswer, Answers, Draft);
