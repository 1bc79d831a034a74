//! What was entered, as lines that a person can read and change: the texts inside a command's arguments.

use crate::patients::{PatientField, RelatedField};
use crate::text::{Lang, Text};
use serde_json::Value;
use uuid::Uuid;

/// One text inside a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Where it stands (RFC 6901).
    pub pointer: String,
    /// What it is called: "family name"; with what it is part of, where that says more: "emergency contact phone".
    pub label: String,
    /// What it says.
    pub text: String,
}

/// Every text in a value that says something to a person, in order: no ids, hashes, instants, switches of the program
/// or empty lines.
pub fn leaves(value: &Value) -> Vec<Leaf> {
    let mut found = Vec::new();
    walk(value, String::new(), &mut Vec::new(), &mut found);
    found
}

/// The value with one of its texts changed. A place that is not there changes nothing.
pub fn with_leaf(mut value: Value, pointer: &str, text: &str) -> Value {
    if let Some(place) = value.pointer_mut(pointer)
        && place.is_string()
    {
        *place = Value::String(text.to_owned());
    }
    value
}

fn walk(value: &Value, pointer: String, path: &mut Vec<String>, found: &mut Vec<Leaf>) {
    match value {
        Value::Object(fields) => {
            if let Some(field) = fields.get("field").and_then(named) {
                // A correction: the field says what it is called, and the new value is what was entered.
                path.push(field.get(Lang::En).to_lowercase());
                walk(
                    fields.get("to").unwrap_or(&Value::Null),
                    format!("{pointer}/to"),
                    path,
                    found,
                );
                path.pop();
                return;
            }
            if let (Some(system), Some(usage)) = (text_of(fields, "system"), text_of(fields, "usage")) {
                // A phone or an email: its kind is its name.
                path.truncate(path.len().saturating_sub(1));
                path.push(if system == "email" {
                    system
                } else {
                    format!("{usage} {system}")
                });
                let text = fields.get("value").unwrap_or(&Value::Null);
                return walk(text, format!("{pointer}/value"), path, found);
            }
            for (name, inside) in fields {
                if MACHINE.contains(&name.as_str()) {
                    continue;
                }
                let step = name.replace('~', "~0").replace('/', "~1");
                let depth = path.len();
                path.push(words(name));
                walk(inside, format!("{pointer}/{step}"), path, found);
                path.truncate(depth);
            }
        }
        Value::Array(items) => {
            for (at, inside) in items.iter().enumerate() {
                let before = path.clone();
                walk(inside, format!("{pointer}/{at}"), path, found);
                *path = before;
            }
        }
        Value::String(text) if speaks(path.last(), text) => {
            let from = path.len().saturating_sub(2);
            let label: Vec<&str> = path[from..]
                .iter()
                .map(String::as_str)
                .filter(|word| !WRAPPING.contains(word))
                .collect();
            found.push(Leaf {
                pointer,
                label: label.join(" "),
                text: text.clone(),
            });
        }
        _ => {}
    }
}

/// What the program says to itself.
const MACHINE: [&str; 9] = [
    // What a correction was begun from.
    "base",
    "mrn",
    "kind",
    "source",
    "eligibility",
    "usage",
    "filled_by",
    "roles",
    "strokes",
];

/// What only holds the rest, and says nothing by its name.
const WRAPPING: [&str; 9] = [
    "patient",
    "content",
    "coverage",
    "accepted",
    "changes",
    "addresses",
    "telecoms",
    "coverages",
    "details",
];

/// What a field that is corrected is called.
fn named(name: &Value) -> Option<Text> {
    let of_patient = serde_json::from_value(name.clone()).map(PatientField::label);
    let of_related = || serde_json::from_value(name.clone()).map(RelatedField::label);
    of_patient.or_else(|_| of_related()).ok()
}

fn text_of(fields: &serde_json::Map<String, Value>, name: &str) -> Option<String> {
    fields.get(name)?.as_str().map(str::to_owned)
}

/// As people say it.
fn words(name: &str) -> String {
    match name {
        "birth_on" => "date of birth".to_owned(),
        "line1" => "street".to_owned(),
        "line2" => "street, second line".to_owned(),
        "postal_code" => "ZIP".to_owned(),
        "effective_on" => "from".to_owned(),
        "term_on" => "until".to_owned(),
        name => name.replace('_', " "),
    }
}

/// Whether a text is for people.
fn speaks(name: Option<&String>, text: &str) -> bool {
    let machine = name.is_some_and(|name| {
        let name = name.as_str();
        name.ends_with(" at") || name.ends_with(" id") || name.ends_with("hash") || name == "id"
    });
    let states = ["staff_verified", "unverified", "imported"];
    let hash = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    !machine && !hash && !states.contains(&text) && !text.trim().is_empty() && Uuid::parse_str(text).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entered() -> Value {
        json!({
            "patient": {
                "id": "01956f3a-30ad-760e-8ecc-5d15bd21b7ad", "family_name": "Delgado", "suffix": null,
                "registered_at": "2026-03-10T15:00:00Z", "middle_name": "", "mrn": "0", "identity": "staff_verified",
                "addresses": [{ "usage": "home", "line1": "12 Maple St", "city": "Fulton", "bad": false }],
                "telecoms": [{ "system": "phone", "usage": "mobile", "value": "555 013 4471", "may_text": true }]
            },
            "emergency_contact": { "phone": "555 013 9000" },
            "card_front": "a".repeat(64)
        })
    }

    fn said(value: &Value) -> Vec<(String, String)> {
        let all = leaves(value).into_iter();
        all.map(|leaf| (leaf.label, leaf.text)).collect()
    }

    #[test]
    fn what_a_person_wrote_is_listed_in_their_words_and_nothing_else() {
        let expected = [
            ("emergency contact phone", "555 013 9000"),
            ("city", "Fulton"),
            ("street", "12 Maple St"),
            ("family name", "Delgado"),
            ("mobile phone", "555 013 4471"),
        ];
        assert_eq!(
            said(&entered()),
            expected.map(|(label, text)| (label.to_owned(), text.to_owned()))
        );
    }

    #[test]
    fn a_correction_is_named_by_its_field() {
        let changes = json!({ "changes": [
            { "field": "birth_on", "from": "1984-03-09", "to": "1984-09-03" },
            { "field": "mobile_phone", "from": null, "to": { "system": "phone", "usage": "mobile", "value": "555", "may_text": null } },
            { "field": "suffix", "from": "Jr.", "to": null },
        ]});
        let expected = [("date of birth", "1984-09-03"), ("mobile phone", "555")];
        assert_eq!(
            said(&changes),
            expected.map(|(label, text)| (label.to_owned(), text.to_owned()))
        );
    }

    #[test]
    fn every_leaf_can_be_changed_and_only_it_is() {
        for leaf in leaves(&entered()) {
            let changed = with_leaf(entered(), &leaf.pointer, "new");
            assert_eq!(changed.pointer(&leaf.pointer), Some(&json!("new")));
            assert_eq!(with_leaf(changed, &leaf.pointer, &leaf.text), entered());
        }
        assert_eq!(with_leaf(entered(), "/patient/suffix", "x"), entered());
        assert_eq!(with_leaf(entered(), "/nowhere/0", "x"), entered());
    }
}
