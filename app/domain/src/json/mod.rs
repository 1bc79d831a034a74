//! JSON that is carried as text and read once, into the type that is wanted.
//!
//! A row inside an answer and the arguments inside an envelope are of a kind that is only known from the field beside
//! them. Kept as text, each type has one reader; as a parsed value it would have two more, and a page would carry them
//! all.

mod lean;

use lean::Lean;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Reads a value from its bytes, a struct from an object only.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = T::deserialize(Lean(&mut reader))?;
    reader.end()?;
    Ok(value)
}

/// Any JSON value, as its text.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json(Box<RawValue>);
crate::redacted_debug!(Json);

impl Json {
    /// The text of a value.
    pub fn of(value: &impl Serialize) -> Result<Json, serde_json::Error> {
        serde_json::value::to_raw_value(value).map(Json)
    }

    /// The value that the text says.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        read(self.text().as_bytes())
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.0.get()
    }
}

impl Default for Json {
    /// `null`.
    fn default() -> Json {
        Json(RawValue::NULL.to_owned())
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Json) -> bool {
        self.text() == other.text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Kind {
        Plain,
        One(u8),
        Two(u8, Option<String>),
        Named { at: (i16, f64), rest: Value },
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Whole {
        kinds: Vec<Kind>,
        text: Option<Box<Inner>>,
        #[serde(default)]
        missing: u64,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "is", rename_all = "snake_case")]
    enum Inner {
        Tagged { inside: Vec<bool> },
    }

    #[test]
    fn everything_that_is_written_is_read_as_the_library_reads_it() {
        let whole = Whole {
            kinds: vec![
                Kind::Plain,
                Kind::One(7),
                Kind::Two(1, Some("\u{1f600}\n".into())),
                Kind::Named {
                    at: (-3, 0.5),
                    rest: json!({ "a": [null, -1, 1.5e9] }),
                },
            ],
            text: Some(Box::new(Inner::Tagged { inside: vec![true] })),
            missing: u64::MAX,
        };
        let bytes = serde_json::to_vec(&whole).unwrap();
        assert_eq!(read::<Whole>(&bytes).unwrap(), whole);
        assert_eq!(serde_json::from_slice::<Whole>(&bytes).unwrap(), whole);
    }

    #[test]
    fn a_struct_from_a_list_and_what_follows_the_value_are_refused() {
        assert!(read::<Whole>(b"[[],null,1]").is_err());
        assert!(read::<u8>(b"1 2").is_err());
        assert!(read::<u8>(b"").is_err());
    }

    #[test]
    fn what_goes_in_comes_out() {
        let value = json!({ "name": "Ünal", "list": [1, null, true] });
        let text = Json::of(&value).unwrap();
        assert_eq!(text.read::<Value>().unwrap(), value);
        let inside = serde_json::to_string(&(1, &text)).unwrap();
        let (_, again): (u8, Json) = serde_json::from_str(&inside).unwrap();
        assert!(again == text);
    }
}
