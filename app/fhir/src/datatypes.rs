//! The general-purpose datatypes (FHIR R4, "Data Types"), each cut down to what is used.
//!
//! Absent is `None` or an empty list. Unknown elements and extensions are passed over.

use serde::{Deserialize, Deserializer};

/// `Coding`: one code of one system.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Coding {
    pub system: Option<String>,
    pub code: Option<String>,
    pub display: Option<String>,
}

/// `CodeableConcept`: one meaning, in several codes or in words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Concept {
    #[serde(rename = "coding")]
    pub codings: Vec<Coding>,
    pub text: Option<String>,
}

impl Concept {
    /// The code in `system`, if there is one.
    pub fn code_in(&self, system: &str) -> Option<&str> {
        let coding = self
            .codings
            .iter()
            .find(|coding| coding.system.as_deref() == Some(system));
        coding.and_then(|coding| coding.code.as_deref())
    }

    /// The first code of any system: enough where the element is bound to one value set.
    pub fn first_code(&self) -> Option<&str> {
        self.codings.iter().find_map(|coding| coding.code.as_deref())
    }

    /// Words for a reader: the text, else the first display.
    pub fn words(&self) -> Option<&str> {
        self.text
            .as_deref()
            .or_else(|| self.codings.iter().find_map(|coding| coding.display.as_deref()))
    }

    pub(crate) fn into_first_code(self) -> Option<String> {
        self.codings.into_iter().find_map(|coding| coding.code)
    }
}

/// `Identifier`. `type_code` is the first code of its type (v2-0203: MR, SS, DL, PPN, MB …).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(from = "IdentifierWire")]
pub struct Identifier {
    pub system: Option<String>,
    pub value: Option<String>,
    pub type_code: Option<String>,
    pub usage: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct IdentifierWire {
    system: Option<String>,
    value: Option<String>,
    r#type: Concept,
    r#use: Option<String>,
}

impl From<IdentifierWire> for Identifier {
    fn from(wire: IdentifierWire) -> Self {
        Self {
            system: wire.system,
            value: wire.value,
            type_code: wire.r#type.into_first_code(),
            usage: wire.r#use,
        }
    }
}

/// `HumanName`. `usage` is usual, official, temp, nickname, anonymous, old or maiden.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct HumanName {
    #[serde(rename = "use")]
    pub usage: Option<String>,
    pub text: Option<String>,
    pub family: Option<String>,
    #[serde(deserialize_with = "texts")]
    pub given: Vec<String>,
    #[serde(deserialize_with = "texts")]
    pub prefix: Vec<String>,
    #[serde(deserialize_with = "texts")]
    pub suffix: Vec<String>,
}

/// `ContactPoint`. `system` is phone, fax, email, pager, url, sms or other.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct ContactPoint {
    pub system: Option<String>,
    pub value: Option<String>,
    #[serde(rename = "use")]
    pub usage: Option<String>,
    /// 1 is the one to try first.
    pub rank: Option<u32>,
}

/// `Address`. `usage` is home, work, temp, old or billing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Address {
    #[serde(rename = "use")]
    pub usage: Option<String>,
    #[serde(rename = "line", deserialize_with = "texts")]
    pub lines: Vec<String>,
    pub city: Option<String>,
    pub district: Option<String>,
    pub state: Option<String>,
    #[serde(rename = "postalCode")]
    pub postal_code: Option<String>,
    pub country: Option<String>,
}

/// `Age`: a number and a UCUM unit (`a` is years).
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct Age {
    pub value: Option<f64>,
    #[serde(rename = "code")]
    pub unit: Option<String>,
}

/// A list of strings. FHIR's JSON has `null` in one where only an extension is known of that place.
pub(crate) fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let read = Vec::<Option<String>>::deserialize(from)?;
    Ok(read.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_null_place_keeps_the_rest() {
        let json =
            r#"{"use":"official","family":"Ai","given":[null,"Kim"],"_given":[{"extension":[]},null]}"#;
        let name: HumanName = serde_json::from_str(json).unwrap();
        assert_eq!(
            (name.usage.as_deref(), name.given),
            (Some("official"), vec!["Kim".to_owned()])
        );
    }

    #[test]
    fn a_concept_gives_code_and_words() {
        let json = r#"{"coding":[{"system":"a"},{"system":"b","code":"2","display":"Two"}]}"#;
        let concept: Concept = serde_json::from_str(json).unwrap();
        assert_eq!(concept.code_in("b"), Some("2"));
        assert_eq!(concept.code_in("a"), None);
        assert_eq!(concept.first_code(), Some("2"));
        assert_eq!(concept.words(), Some("Two"));
    }

    #[test]
    fn an_identifier_carries_its_type_code() {
        let json = r#"{"type":{"coding":[{"code":"SS"}]},"system":"s","value":"999"}"#;
        let identifier: Identifier = serde_json::from_str(json).unwrap();
        assert_eq!(identifier.type_code.as_deref(), Some("SS"));
        assert_eq!(identifier.value.as_deref(), Some("999"));
    }
}
