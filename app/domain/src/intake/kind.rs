//! How a question is answered: yes or no, from a list, a number, a day, a place on a scale, or in words.

use crate::text::Wording;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

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
    /// A number, with decimals or without.
    Number {
        /// Smallest that is taken.
        min: Option<Decimal>,
        /// Largest that is taken.
        max: Option<Decimal>,
        /// What is counted, as it is shown behind the number: "kg".
        unit: Option<Wording>,
    },
    /// A day of the calendar.
    Date,
    /// A whole number between two ends that have names: 0, no pain, to 10, the worst pain. It is its own score.
    Scale {
        /// The lower end.
        from: i32,
        /// The upper end.
        to: i32,
        /// What the lower end means.
        low: Wording,
        /// What the upper end means.
        high: Wording,
    },
}

/// One thing that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Stays the same when the wording changes.
    pub code: String,
    /// What it says.
    pub label: Wording,
    /// What choosing it adds to the sum, where the form counts one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<i32>,
    /// Whether a practitioner should look at it whatever the sum: thoughts of self-harm, blood in the urine.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub attention: bool,
}

/// As it is written, whatever the kind: read without holding the whole of it first to look for the kind.
#[derive(Deserialize)]
struct Written {
    kind: KindName,
    #[serde(default)]
    options: Option<Vec<Choice>>,
    #[serde(default)]
    min: Option<Decimal>,
    #[serde(default)]
    max: Option<Decimal>,
    #[serde(default)]
    unit: Option<Wording>,
    #[serde(default)]
    from: Option<i32>,
    #[serde(default)]
    to: Option<i32>,
    #[serde(default)]
    low: Wording,
    #[serde(default)]
    high: Wording,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum KindName {
    YesNo,
    Choice,
    Choices,
    Text,
    Number,
    Date,
    Scale,
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
            KindName::Number => AnswerKind::Number {
                min: written.min,
                max: written.max,
                unit: written.unit,
            },
            KindName::Date => AnswerKind::Date,
            KindName::Scale => AnswerKind::Scale {
                from: written.from.ok_or("missing field `from`")?,
                to: written.to.ok_or("missing field `to`")?,
                low: written.low,
                high: written.high,
            },
        })
    }
}

impl AnswerKind {
    /// What can be chosen; nothing where it is not a list.
    pub fn options(&self) -> &[Choice] {
        match self {
            AnswerKind::Choice { options } | AnswerKind::Choices { options } => options,
            _ => &[],
        }
    }

    /// Whether pages of the first edition can ask it.
    pub(super) fn is_old(&self) -> bool {
        use AnswerKind::*;
        matches!(self, YesNo | Choice { .. } | Choices { .. } | Text)
    }

    /// Whether an answer can add to a sum.
    pub fn counts(&self) -> bool {
        matches!(self, AnswerKind::Scale { .. }) || self.options().iter().any(|option| option.score.is_some())
    }
}
