//! JSON that is carried as text and read once, into the type that is wanted.
//!
//! A row inside an answer and the arguments inside an envelope are of a kind that is only known from the field beside
//! them. Kept as text, each type has one reader; as a parsed value it would have two more, and a page would carry them
//! all.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

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
        serde_json::from_slice(self.0.get().as_bytes())
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.0.get()
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
