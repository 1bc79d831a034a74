//! What was entered, as lines that a person can read and change: the texts inside a command's arguments.

use serde_json::Value;
use uuid::Uuid;

/// One text inside a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Where it stands (RFC 6901).
    pub pointer: String,
    /// What it is called: "family name"; with what it is part of, where that says more: "address city".
    pub label: String,
    /// What it says.
    pub text: String,
}

/// Every text in a value that says something to a person, in order: no ids, hashes, instants or empty lines.
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
            for (name, inside) in fields {
                path.push(name.replace('_', " "));
                let step = name.replace('~', "~0").replace('/', "~1");
                walk(inside, format!("{pointer}/{step}"), path, found);
                path.pop();
            }
        }
        Value::Array(items) => {
            for (at, inside) in items.iter().enumerate() {
                walk(inside, format!("{pointer}/{at}"), path, found);
            }
        }
        Value::String(text) if speaks(path.last(), text) => {
            let from = path.len().saturating_sub(2);
            found.push(Leaf {
                pointer,
                label: path[from..].join(" "),
                text: text.clone(),
            });
        }
        _ => {}
    }
}

/// Whether a text is for people.
fn speaks(name: Option<&String>, text: &str) -> bool {
    let machine = name.is_some_and(|name| {
        let name = name.as_str();
        name.ends_with(" at") || name.ends_with(" id") || name.ends_with("hash") || name == "id"
    });
    let hash = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    !machine && !hash && !text.trim().is_empty() && Uuid::parse_str(text).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entered() -> Value {
        json!({
            "patient": {
                "id": "01956f3a-30ad-760e-8ecc-5d15bd21b7ad", "family_name": "Delgado", "suffix": null,
                "registered_at": "2026-03-10T15:00:00Z", "middle_name": "",
                "addresses": [{ "line1": "12 Maple St", "city": "Fulton", "bad": false }]
            },
            "card_front": "a".repeat(64)
        })
    }

    #[test]
    fn what_a_person_wrote_is_listed_and_nothing_else() {
        let found: Vec<_> = leaves(&entered())
            .into_iter()
            .map(|leaf| (leaf.label, leaf.text))
            .collect();
        let expected = [
            ("addresses city", "Fulton"),
            ("addresses line1", "12 Maple St"),
            ("patient family name", "Delgado"),
        ];
        assert_eq!(
            found,
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
