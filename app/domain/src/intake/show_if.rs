//! When a page is asked: by what was answered on an earlier one.

use super::answer::Answer;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Shows a page only when an earlier answer is as wanted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShowIf {
    /// Which earlier question.
    pub link_id: String,
    /// What must have been answered there.
    pub is: Wanted,
}

/// What must have been answered. Written as one code, as a list of them, or as an object with the bounds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Wanted {
    /// "yes", "no", or a choice's code.
    One(String),
    /// Any of several.
    Any(Vec<String>),
    /// A number or a place on a scale, both ends included.
    Between {
        /// At least so much.
        #[serde(skip_serializing_if = "Option::is_none")]
        at_least: Option<Decimal>,
        /// At most so much.
        #[serde(skip_serializing_if = "Option::is_none")]
        at_most: Option<Decimal>,
    },
}

impl<'de> Deserialize<'de> for Wanted {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Wanted, D::Error> {
        struct WantedVisitor;
        impl<'de> serde::de::Visitor<'de> for WantedVisitor {
            type Value = Wanted;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a condition")
            }

            fn visit_str<E>(self, code: &str) -> Result<Wanted, E> {
                Ok(Wanted::One(code.to_owned()))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut codes: A) -> Result<Wanted, A::Error> {
                let mut any = Vec::new();
                while let Some(code) = codes.next_element()? {
                    any.push(code);
                }
                Ok(Wanted::Any(any))
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut fields: A) -> Result<Wanted, A::Error> {
                let (mut at_least, mut at_most) = (None, None);
                while let Some(name) = fields.next_key::<String>()? {
                    match name.as_str() {
                        "at_least" => at_least = fields.next_value()?,
                        "at_most" => at_most = fields.next_value()?,
                        _ => fields.next_value::<serde::de::IgnoredAny>().map(|_| ())?,
                    }
                }
                Ok(Wanted::Between { at_least, at_most })
            }
        }
        deserializer.deserialize_any(WantedVisitor)
    }
}

impl From<&str> for Wanted {
    fn from(code: &str) -> Wanted {
        Wanted::One(code.to_owned())
    }
}

impl Wanted {
    /// The codes, any of which will do.
    pub fn codes(&self) -> &[String] {
        match self {
            Wanted::One(code) => std::slice::from_ref(code),
            Wanted::Any(codes) => codes,
            Wanted::Between { .. } => &[],
        }
    }

    /// Whether an answer is as wanted.
    pub fn met_by(&self, answer: &Answer) -> bool {
        match (self, answer) {
            (Wanted::Between { at_least, at_most }, Answer::One(text)) => {
                text.parse::<Decimal>().is_ok_and(|number| {
                    at_least.is_none_or(|least| least <= number) && at_most.is_none_or(|most| number <= most)
                })
            }
            (Wanted::Between { .. }, _) => false,
            (codes, answer) => codes.codes().iter().any(|code| answer.holds(code)),
        }
    }
}
