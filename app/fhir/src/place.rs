//! Where a parse failed: line and column in the whole text, and the FHIR path of the field.

use serde_json::error::Category;

/// A text whose byte offsets are wanted as line and column.
///
/// Remembers the last offset, so that many faults in rising order cost one scan of the text together.
pub(crate) struct Source<'a> {
    text: &'a str,
    offset: usize,
    line: u64,
    line_start: usize,
    first_line: u64,
}

impl<'a> Source<'a> {
    /// `first_line` is the number of the first line of `text`.
    pub fn new(text: &'a str, first_line: u64) -> Self {
        Self {
            text,
            offset: 0,
            line: first_line,
            line_start: 0,
            first_line,
        }
    }

    /// Line, and column in bytes from 1, of the byte at `offset`.
    pub fn line_and_column(&mut self, offset: usize) -> (u64, usize) {
        let offset = offset.min(self.text.len());
        if offset < self.offset {
            (self.offset, self.line, self.line_start) = (0, self.first_line, 0);
        }
        for (at, byte) in (self.offset..).zip(&self.text.as_bytes()[self.offset..offset]) {
            if *byte == b'\n' {
                self.line += 1;
                self.line_start = at + 1;
            }
        }
        self.offset = offset;
        (self.line, offset - self.line_start + 1)
    }

    /// The offset in this text of `part`, which must be a slice of it (else 0).
    pub fn offset_of(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }

    /// The sentence for `error`, met while parsing `part` of this text.
    pub fn describe(&mut self, part: &str, error: &serde_json::Error) -> String {
        let last = end_of(part, error).saturating_sub(1);
        let (line, column) = self.line_and_column(self.offset_of(part) + last);
        let place = format!("line {line}, column {column}");
        match error.classify() {
            Category::Eof => format!(
                "The text ends in the middle of the JSON ({place}), so it was cut short. Export it again."
            ),
            Category::Syntax | Category::Io => {
                let said = error.to_string();
                let reason = said.split(" at line ").next().unwrap_or_default();
                if reason.starts_with("recursion limit") {
                    return format!(
                        "The JSON is nested more deeply than FHIR ever is ({place}). Ask the sender to correct it."
                    );
                }
                format!(
                    "This is not well-formed JSON: {reason} ({place}). Export it again, or correct it there."
                )
            }
            Category::Data => {
                format!(
                    "{} ({place}). Ask the sender to correct the field.",
                    mismatch(&error.to_string())
                )
            }
        }
    }
}

/// The FHIR path of the field at which parsing `part` failed, e.g. `Patient.name[0].given`.
pub(crate) fn path(resource_type: &str, part: &str, error: &serde_json::Error) -> String {
    let mut path = String::from(resource_type);
    for step in steps(&part.as_bytes()[..end_of(part, error)]) {
        if path.len() > 200 {
            path.push('…');
            break;
        }
        match step {
            Step::Object { key: Some(key), .. } => {
                path.push('.');
                path.push_str(&String::from_utf8_lossy(key));
            }
            Step::Object { key: None, .. } => {}
            Step::Array(index) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}

/// How many bytes of `part` serde_json had read: its line and column count from the start of `part`.
fn end_of(part: &str, error: &serde_json::Error) -> usize {
    let line_start = match error.line().checked_sub(2) {
        None => 0,
        Some(nth) => part
            .bytes()
            .enumerate()
            .filter(|(_, b)| *b == b'\n')
            .nth(nth)
            .map_or(0, |(at, _)| at + 1),
    };
    (line_start + error.column()).min(part.len())
}

/// "invalid type: string "…", expected u32 at line 1 column 2", without the value, which may be a name.
fn mismatch(said: &str) -> String {
    if said.starts_with("duplicate field") {
        return "The same field stands here twice".to_owned();
    }
    let found = said.split_once(": ").map_or("", |(_, rest)| rest);
    let expected = said.rsplit_once(", expected ").map_or("", |(_, rest)| rest);
    let expected = expected.split(" at line ").next().unwrap_or_default();
    format!(
        "Found {} where FHIR has {}",
        found_words(found),
        expected_words(expected)
    )
}

fn found_words(found: &str) -> &'static str {
    match found.split(' ').next().unwrap_or_default() {
        "string" => "a text",
        "integer" => "a whole number out of place",
        "floating" | "number" => "a number with a fraction",
        "boolean" => "true or false",
        "map" => "an object",
        "sequence" => "a list",
        "null" => "null",
        _ => "something else",
    }
}

fn expected_words(expected: &str) -> &'static str {
    match expected {
        "a string" | "string" => "a text",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "u32" => "a whole number that is not negative",
        "i32" => "a whole number",
        "f64" => "a number",
        other if other.starts_with("struct ") => "an object",
        _ => "another kind of value",
    }
}

enum Step<'a> {
    Object { key: Option<&'a [u8]>, wants_key: bool },
    Array(usize),
}

/// The open objects and lists at the end of `read`, the first bytes of a JSON text.
fn steps(read: &[u8]) -> Vec<Step<'_>> {
    let mut open: Vec<Step<'_>> = Vec::new();
    let mut at = 0;
    while let Some(byte) = read.get(at) {
        at += 1;
        match byte {
            b'{' => open.push(Step::Object {
                key: None,
                wants_key: true,
            }),
            b'[' => open.push(Step::Array(0)),
            b'}' | b']' => drop(open.pop()),
            b',' => match open.last_mut() {
                Some(Step::Object { key, wants_key }) => (*key, *wants_key) = (None, true),
                Some(Step::Array(index)) => *index += 1,
                None => {}
            },
            b'"' => {
                let end = string_end(read, at);
                if let Some(Step::Object { key, wants_key }) = open.last_mut()
                    && *wants_key
                {
                    (*key, *wants_key) = (read.get(at..end), false);
                }
                at = end + 1;
            }
            _ => {}
        }
    }
    open
}

/// The offset of the quote that closes a string whose first byte is at `from`, or the end.
fn string_end(read: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(byte) = read.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    read.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patient::PatientWire;

    fn failed(json: &str) -> (String, String) {
        let Err(error) = serde_json::from_str::<PatientWire<'_>>(json) else {
            panic!("{json} was read")
        };
        (
            path("Patient", json, &error),
            Source::new(json, 1).describe(json, &error),
        )
    }

    #[test]
    fn the_path_leads_to_the_field() {
        let cases = [
            (r#"{"birthDate":1949}"#, "Patient.birthDate"),
            (
                r#"{"id":"a","name":[{"family":"X"},{"family":"Y","given":["A",7]}]}"#,
                "Patient.name[1].given[1]",
            ),
            (r#"{"id":"a\"},{","active":"yes"}"#, "Patient.active"),
            (r#"{"address":[{"city":{"x":1}}]}"#, "Patient.address[0].city"),
            (r#"{"text":{"div":[1,2]},"telecom":{}}"#, "Patient.telecom"),
            ("{\n \"id\": \"a\",\n \"gender\": true\n}", "Patient.gender"),
            (
                r#"{"contact":[{"name":{"family":[]}}]}"#,
                "Patient.contact[0].name.family",
            ),
            (r#"{"gender":"male","gender":"male"}"#, "Patient.gender"),
            (r#"{"maritalStatus":"M","id":"a"}"#, "Patient.maritalStatus"),
        ];
        for (json, expected) in cases {
            assert_eq!(failed(json).0, expected, "{json}");
        }
    }

    #[test]
    fn the_sentence_says_kinds_and_place_and_never_the_value() {
        let (_, said) = failed("{\n \"multipleBirthInteger\": \"Jane, expected Doe at line 9\"}");
        assert!(
            said.starts_with("Found a text where FHIR has a whole number (line 2, column "),
            "{said}"
        );
        assert!(!said.contains("Jane") && !said.contains("Doe"), "{said}");
        let (_, said) = failed(r#"{"telecom":[{"rank":-1}]}"#);
        assert!(said.contains("a whole number that is not negative"), "{said}");
        let (_, said) = failed(r#"{"gender":"male","gender":"male"}"#);
        assert!(said.starts_with("The same field stands here twice"), "{said}");
    }

    #[test]
    fn line_and_column_of_rising_and_falling_offsets() {
        let mut source = Source::new("ab\ncd\n\nef", 10);
        assert_eq!(source.line_and_column(4), (11, 2));
        assert_eq!(source.line_and_column(7), (13, 1));
        assert_eq!(source.line_and_column(1), (10, 2));
        assert_eq!(source.line_and_column(99), (13, 3));
    }
}
