//! Finding the resources of a text, and sending each to the structure of its kind.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::appointment::AppointmentWire;
use crate::claim::ClaimWire;
use crate::clinical::{AllergyIntoleranceWire, ConditionWire, ImmunizationWire, MedicationRequestWire};
use crate::coverage::CoverageWire;
use crate::encounter::EncounterWire;
use crate::notes::{Notes, Wire};
use crate::organisation::{LocationWire, OrganizationWire};
use crate::patient::PatientWire;
use crate::place::{Source, path};
use crate::practitioner::{PractitionerRoleWire, PractitionerWire};
use crate::reference::is_type_name;
use crate::{Document, Entry, Fault, Position, Reference, Resource, Severity};

const NO_TYPE: &str =
    "There is no resourceType, so this is not a FHIR resource. Check that the file is a FHIR R4 export.";

/// Reads a Bundle of any type (FHIR R4, 2.36), or a single resource.
///
/// Entries of kinds that are not kept are counted; an entry that cannot be read is a fault of its own.
///
/// # Errors
///
/// A [`Fault`] when nothing at all can be read: the text is empty, not UTF-8, not one well-formed JSON
/// value (with line and column), or not a FHIR resource.
pub fn read_bundle(json: &[u8]) -> Result<Document, Fault> {
    let whole = |problem: String| Fault::refused(Position::Document, None, problem);
    let text = std::str::from_utf8(json).map_err(|error| {
        whole(format!(
            "The file is not UTF-8 text (byte {}). Export it again as FHIR JSON.",
            error.valid_up_to()
        ))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_ascii().is_empty() {
        return Err(whole("The file is empty. Export it again.".to_owned()));
    }
    let mut source = Source::new(text, 1);
    let mut into = Document::new();
    let kind = resource_type(text).map_err(|error| whole(unreadable(&mut source, text, &error)))?;
    match kind.as_deref() {
        None => return Err(whole(NO_TYPE.to_owned())),
        Some("Bundle") => {
            let bundle: Bundle<'_> = serde_json::from_str(text).map_err(|error| {
                let fault = Fault::refused(
                    Position::Document,
                    Some("Bundle"),
                    unreadable(&mut source, text, &error),
                );
                fault.on(path("Bundle", text, &error))
            })?;
            bundle.read(&mut source, &mut into);
        }
        Some(kind) => {
            serde_json::from_str::<IgnoredAny>(text)
                .map_err(|error| whole(unreadable(&mut source, text, &error)))?;
            read_resource(kind, text, Position::Document, None, &mut source, &mut into);
        }
    }
    Ok(into)
}

/// Reads line `number` of an ndjson file (FHIR Bulk Data) into `into`. An empty line is no fault.
///
/// Whatever is wrong with the line becomes a fault of `into`; the lines before and after stand.
pub fn read_ndjson_line(line: &str, number: u64, into: &mut Document) {
    let line = line.strip_prefix('\u{feff}').unwrap_or(line).trim_ascii();
    if line.is_empty() {
        return;
    }
    read_untyped(
        line,
        Position::Line(number),
        None,
        &mut Source::new(line, number),
        into,
    );
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Bundle<'a> {
    #[serde(borrow)]
    entry: Vec<&'a RawValue>,
    #[serde(borrow)]
    link: Vec<Link<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Link<'a> {
    #[serde(borrow)]
    relation: Cow<'a, str>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct BundleEntry<'a> {
    #[serde(borrow)]
    full_url: Cow<'a, str>,
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
}

impl Bundle<'_> {
    fn read(self, source: &mut Source<'_>, into: &mut Document) {
        if self.link.iter().any(|link| link.relation == "next") {
            let problem = "This Bundle is one page of several. Import the pages that follow it too.";
            into.faults
                .push(Fault::warning(Position::Document, Some("Bundle"), problem).on("Bundle.link"));
        }
        for (index, raw) in (0..).zip(self.entry) {
            let at = Position::Entry(index);
            let entry: BundleEntry<'_> = match serde_json::from_str(raw.get()) {
                Ok(entry) => entry,
                Err(error) => {
                    let fault = Fault::refused(at, None, source.describe(raw.get(), &error));
                    into.faults
                        .push(fault.on(path("Bundle.entry", raw.get(), &error)));
                    continue;
                }
            };
            let Some(resource) = entry.resource else {
                let problem =
                    "The entry holds no resource (a deletion or a bare answer), and nothing was done for it.";
                into.faults
                    .push(Fault::refused(at, None, problem).on("Bundle.entry.resource"));
                continue;
            };
            let full_url = Reference::parse(&entry.full_url);
            read_untyped(resource.get(), at, full_url.id.as_deref(), source, into);
        }
    }
}

fn read_untyped(
    json: &str,
    at: Position,
    other_id: Option<&str>,
    source: &mut Source<'_>,
    into: &mut Document,
) {
    match resource_type(json) {
        Ok(Some(kind)) => read_resource(&kind, json, at, other_id, source, into),
        Ok(None) => into
            .faults
            .push(Fault::refused(at, None, NO_TYPE).on("resourceType")),
        Err(error) => into
            .faults
            .push(Fault::refused(at, None, unreadable(source, json, &error))),
    }
}

/// Adds the resource, or its faults, or counts it as skipped.
fn read_resource(
    kind: &str,
    json: &str,
    at: Position,
    other_id: Option<&str>,
    source: &mut Source<'_>,
    into: &mut Document,
) {
    let mut one = One {
        json,
        at,
        other_id,
        source,
        faults: Vec::new(),
    };
    let resource = match kind {
        "Patient" => one.read::<PatientWire<'_>>("Patient"),
        "Coverage" => one.read::<CoverageWire>("Coverage"),
        "Claim" => one.read::<ClaimWire>("Claim"),
        "Practitioner" => one.read::<PractitionerWire>("Practitioner"),
        "PractitionerRole" => one.read::<PractitionerRoleWire>("PractitionerRole"),
        "Organization" => one.read::<OrganizationWire>("Organization"),
        "Location" => one.read::<LocationWire>("Location"),
        "Encounter" => one.read::<EncounterWire>("Encounter"),
        "Appointment" => one.read::<AppointmentWire>("Appointment"),
        "Condition" => one.read::<ConditionWire>("Condition"),
        "MedicationRequest" => one.read::<MedicationRequestWire>("MedicationRequest"),
        "Immunization" => one.read::<ImmunizationWire>("Immunization"),
        "AllergyIntolerance" => one.read::<AllergyIntoleranceWire>("AllergyIntolerance"),
        _ => return one.pass_over(kind, into),
    };
    let faults = one.faults;
    let Some(resource) = resource else {
        // A warning says that the resource was kept; beside a refusal it would be untrue.
        into.faults.extend(
            faults
                .into_iter()
                .filter(|fault| fault.severity == Severity::Refused),
        );
        return;
    };
    let also_known_as = other_id
        .filter(|other| *other != resource.id())
        .map(str::to_owned);
    if into.add(Entry {
        at,
        also_known_as,
        resource,
    }) {
        into.faults.extend(faults);
    }
}

/// One resource on its way from text to structure.
struct One<'a, 's, 't> {
    json: &'a str,
    at: Position,
    other_id: Option<&'a str>,
    source: &'s mut Source<'t>,
    faults: Vec<Fault>,
}

impl<'a> One<'a, '_, '_> {
    fn read<W>(&mut self, kind: &'static str) -> Option<Resource>
    where
        W: Wire<'a>,
        Resource: From<W::Kept>,
    {
        match serde_json::from_str::<W>(self.json) {
            Ok(wire) => {
                let (at, other_id) = (self.at, self.other_id);
                let mut notes = Notes {
                    at,
                    resource_type: kind,
                    other_id,
                    faults: &mut self.faults,
                };
                wire.keep(&mut notes).map(Resource::from)
            }
            Err(error) => {
                let fault = Fault::refused(self.at, Some(kind), self.source.describe(self.json, &error));
                self.faults.push(fault.on(path(kind, self.json, &error)));
                None
            }
        }
    }

    /// Counts a kind that is not kept, after a look that the text is whole.
    fn pass_over(self, kind: &str, into: &mut Document) {
        let problem = match kind {
            // Patients may be inside: too much to pass over in silence.
            "Bundle" => "A Bundle inside another file is not opened. Import it by itself.".to_owned(),
            kind if !is_type_name(kind) => NO_TYPE.to_owned(),
            kind => match serde_json::from_str::<IgnoredAny>(self.json) {
                Ok(_) => {
                    match into.skipped.get_mut(kind) {
                        Some(count) => *count += 1,
                        None => drop(into.skipped.insert(kind.to_owned(), 1)),
                    }
                    return;
                }
                Err(error) => self.source.describe(self.json, &error),
            },
        };
        into.faults.push(Fault::refused(
            self.at,
            Some(kind).filter(|kind| is_type_name(kind)),
            problem,
        ));
    }
}

/// The `resourceType` of a JSON object; `None` when it has none or is no object.
///
/// Nearly every writer puts it first, and then nothing after it is looked at.
fn resource_type(json: &str) -> Result<Option<Cow<'_, str>>, serde_json::Error> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Typed<'a> {
        #[serde(borrow)]
        resource_type: Cow<'a, str>,
    }
    if let Some(kind) = first_type(json) {
        return Ok(Some(Cow::Borrowed(kind)));
    }
    if !json.trim_ascii_start().starts_with('{') {
        // serde would take a list for a struct.
        return serde_json::from_str::<IgnoredAny>(json).map(|_| None);
    }
    let typed: Typed<'_> = serde_json::from_str(json)?;
    Ok(Some(typed.resource_type).filter(|kind| !kind.is_empty()))
}

fn first_type(json: &str) -> Option<&str> {
    let rest = json.trim_ascii_start().strip_prefix('{')?.trim_ascii_start();
    let rest = rest
        .strip_prefix("\"resourceType\"")?
        .trim_ascii_start()
        .strip_prefix(':')?;
    let (kind, _) = rest.trim_ascii_start().strip_prefix('"')?.split_once('"')?;
    Some(kind).filter(|kind| is_type_name(kind))
}

/// As [`Source::describe`], with the one mistake that is made most: a file of lines given as a bundle.
fn unreadable(source: &mut Source<'_>, json: &str, error: &serde_json::Error) -> String {
    if error.is_syntax() && error.to_string().starts_with("trailing characters") {
        return "More than one JSON value stands here. If this is an ndjson file, import it line by line."
            .to_owned();
    }
    source.describe(json, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_is_found_first_last_or_escaped() {
        let cases = [
            (r#"{"resourceType":"Patient","id":"#, Some("Patient")),
            ("\n{ \"resourceType\" : \"Claim\" }", Some("Claim")),
            (r#"{"id":"a","resourceType":"Patient"}"#, Some("Patient")),
            (r#"{"resourceType":"Pa\u0074ient"}"#, Some("Patient")),
            (r#"{"resourceTypes":"Patient"}"#, None),
            (r#"{"resourceType":""}"#, None),
            (r#"["Patient"]"#, None),
            ("7", None),
        ];
        for (json, expected) in cases {
            assert_eq!(resource_type(json).unwrap().as_deref(), expected, "{json}");
        }
        assert!(resource_type(r#"{"id":"a","resourceType":"#).is_err());
    }
}
