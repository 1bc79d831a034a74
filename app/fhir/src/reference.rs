//! References, in all the ways they are written.

use serde::Deserialize;

use crate::Identifier;

/// Whom or what a resource points to (FHIR R4, "References between Resources"), normalised:
///
/// | as written | `resource_type` | `id` | `identifier` |
/// |---|---|---|---|
/// | `Patient/7`, `https://host/fhir/Patient/7/_history/2` | Patient | 7 | |
/// | `urn:uuid:X` | from `Reference.type`, if there | X | |
/// | `#p1` (contained) | from `Reference.type` | #p1 | |
/// | `Practitioner?identifier=sys\|val` (conditional) | Practitioner | | sys, val |
/// | `{"identifier": …}` (logical) | from `Reference.type` | | as given |
/// | `{"display": "private"}` | | | |
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(from = "Wire")]
pub struct Reference {
    pub resource_type: Option<String>,
    pub id: Option<String>,
    pub identifier: Option<Identifier>,
    pub display: Option<String>,
}

impl Reference {
    /// Normalises the text of `Reference.reference`. Never fails: what is no known form becomes the id.
    pub fn parse(text: &str) -> Self {
        if let Some(id) = text.strip_prefix("urn:uuid:") {
            return Self::to(None, id);
        }
        if let Some((path, query)) = text.split_once('?') {
            return conditional(path, query);
        }
        if text.starts_with('#') || text.starts_with("urn:") {
            return Self::to(None, text);
        }
        let unversioned = text.split_once("/_history/").map_or(text, |(before, _)| before);
        let mut parts = unversioned.rsplit('/');
        match (parts.next(), parts.next()) {
            (Some(id), Some(kind)) if is_type_name(kind) && !id.is_empty() => Self::to(Some(kind), id),
            _ => Self::to(None, text),
        }
    }

    /// Whether anything but a display text is there to follow.
    pub fn can_be_followed(&self) -> bool {
        self.id.is_some() || self.identifier.is_some()
    }

    fn to(resource_type: Option<&str>, id: &str) -> Self {
        Self {
            resource_type: resource_type.map(str::to_owned),
            id: Some(id.to_owned()).filter(|id| !id.is_empty()),
            identifier: None,
            display: None,
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Wire {
    reference: Option<String>,
    r#type: Option<String>,
    identifier: Option<Identifier>,
    display: Option<String>,
}

impl From<Wire> for Reference {
    fn from(wire: Wire) -> Self {
        let mut read = wire.reference.as_deref().map(Self::parse).unwrap_or_default();
        read.resource_type = read.resource_type.or(wire.r#type);
        read.identifier = read.identifier.or(wire.identifier);
        read.display = wire.display;
        read
    }
}

/// `Practitioner?identifier=system|value`: how bulk exports name what stands in another file.
fn conditional(path: &str, query: &str) -> Reference {
    let kind = path.rsplit('/').next().filter(|kind| is_type_name(kind));
    let wanted = query.split('&').find_map(|pair| pair.strip_prefix("identifier="));
    let identifier = wanted.map(|wanted| {
        let wanted = percent_decoded(wanted);
        // The last bar: a system is a URL and may hold one, a value that does is unheard of.
        match wanted.rsplit_once('|') {
            Some((system, value)) => Identifier {
                system: Some(system.to_owned()).filter(|system| !system.is_empty()),
                value: Some(value.to_owned()),
                ..Identifier::default()
            },
            None => Identifier {
                value: Some(wanted),
                ..Identifier::default()
            },
        }
    });
    Reference {
        resource_type: kind.map(str::to_owned),
        id: None,
        identifier,
        display: None,
    }
}

/// Whether `name` could be the name of a FHIR resource type; a host or path segment such as `fhir` is not.
pub(crate) fn is_type_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Undoes `%7C` and its like; what is no valid escape stays as written.
fn percent_decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail
            .get(..2)
            .filter(|hex| first == b'%' && hex.iter().all(u8::is_ascii_hexdigit));
        let byte = hex
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(text: &str) -> (Option<String>, Option<String>) {
        let read = Reference::parse(text);
        (read.resource_type, read.id)
    }

    fn some(kind: &str, id: &str) -> (Option<String>, Option<String>) {
        (
            Some(kind).filter(|k| !k.is_empty()).map(str::to_owned),
            Some(id.to_owned()),
        )
    }

    #[test]
    fn every_way_to_name_the_same_resource() {
        for text in [
            "Patient/7",
            "https://a.example/fhir/Patient/7",
            "Patient/7/_history/2",
            "/Patient/7",
        ] {
            assert_eq!(pair(text), some("Patient", "7"), "{text}");
        }
        assert_eq!(pair("urn:uuid:ba18-7"), some("", "ba18-7"));
        assert_eq!(pair("urn:oid:1.2.3"), some("", "urn:oid:1.2.3"));
        assert_eq!(pair("#coverage"), some("", "#coverage"));
        assert_eq!(
            pair("https://a.example/fhir/7"),
            some("", "https://a.example/fhir/7")
        );
        assert_eq!(pair(""), (None, None));
    }

    #[test]
    fn a_conditional_reference_becomes_an_identifier() {
        for text in [
            "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999974493",
            "Practitioner?_sort=x&identifier=http%3A%2F%2Fhl7.org%2Ffhir%2Fsid%2Fus-npi%7C9999974493",
        ] {
            let read = Reference::parse(text);
            let identifier = read.identifier.unwrap();
            assert_eq!(read.resource_type.as_deref(), Some("Practitioner"));
            assert_eq!(
                identifier.system.as_deref(),
                Some("http://hl7.org/fhir/sid/us-npi")
            );
            assert_eq!(identifier.value.as_deref(), Some("9999974493"));
            assert_eq!(read.id, None);
        }
        assert_eq!(percent_decoded("50%"), "50%");
        assert_eq!(percent_decoded("a%zz%ff"), "a%zz%ff");
    }

    #[test]
    fn type_and_display_come_along_and_a_bare_word_cannot_be_followed() {
        let read: Reference =
            serde_json::from_str(r#"{"reference":"urn:uuid:1","type":"Patient","display":"A"}"#).unwrap();
        assert_eq!(
            (read.resource_type.as_deref(), read.display.as_deref()),
            (Some("Patient"), Some("A"))
        );
        assert!(read.can_be_followed());
        let word: Reference = serde_json::from_str(r#"{"display":"private"}"#).unwrap();
        assert!(!word.can_be_followed());
    }
}
