//! On real samples, and on what they do not have.

use super::{Unmapped, patient_left_out, patient_of};
use chrono::{DateTime, NaiveDate};
use domain::id::PatientId;
use domain::patients::{Patient, Sex, TelecomSystem};
use domain::validate::{STATES, Validate};
use fhir::Resource;
use uuid::Uuid;

fn read(text: &str) -> Vec<fhir::Patient> {
    let mut document = fhir::Document::new();
    for (line, number) in text.lines().zip(1..) {
        fhir::read_ndjson_line(line, number, &mut document);
    }
    let patients = document
        .entries
        .into_iter()
        .filter_map(|entry| match entry.resource {
            Resource::Patient(patient) => Some(*patient),
            _ => None,
        });
    patients.collect()
}

fn map(from: &fhir::Patient) -> Result<Patient, String> {
    patient_of(from, PatientId(Uuid::from_u128(1)), DateTime::UNIX_EPOCH).map_err(|fault| fault.field)
}

fn one(rest: &str) -> fhir::Patient {
    let text = format!(r#"{{"resourceType":"Patient","id":"1","birthDate":"1980-02-03",{rest}}}"#);
    read(&text).remove(0)
}

const NAMED: &str = r#""name":[{"family":"Roe"}]"#;

#[test]
fn every_sample_is_a_sound_patient() {
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let all: Vec<Patient> = read(include_str!("../../seed/patients.ndjson"))
        .iter()
        .map(|p| map(p).unwrap())
        .collect();
    assert_eq!(all.len(), 40);
    for patient in &all {
        assert!(patient.faults(today).0.is_empty());
        assert!(
            patient
                .addresses
                .iter()
                .all(|address| STATES.contains(&address.state.as_str()))
        );
        assert!(
            patient
                .identifiers
                .iter()
                .any(|id| id.kind.as_deref() == Some("SS"))
        );
        assert_ne!(patient.sex, Sex::Unknown);
    }
    assert!(all.iter().any(|patient| !patient.previous_names.is_empty()));
    assert!(all.iter().any(|patient| patient.multiple_birth));
    assert!(all.iter().any(|patient| patient.deceased_on.is_some()));
    assert!(all.iter().any(|patient| {
        patient
            .telecom(TelecomSystem::Phone, domain::patients::TelecomUse::Home)
            .is_some()
    }));
}

#[test]
fn the_official_name_comes_first_and_others_are_kept() {
    let names = r#""name":[{"use":"maiden","family":"Alt","given":["Ann"]},{"use":"nickname","given":["Annie"]},
        {"use":"official","family":"Roe","given":["Ann","Bea","Cleo"],"suffix":["Jr."]}]"#;
    let patient = map(&one(&names.replace('\n', ""))).unwrap();
    assert_eq!(
        (patient.family_name.as_str(), patient.given_name.as_str()),
        ("Roe", "Ann")
    );
    assert_eq!(patient.middle_name.as_deref(), Some("Bea Cleo"));
    assert_eq!(patient.suffix.as_deref(), Some("Jr."));
    assert_eq!(patient.preferred_name.as_deref(), Some("Annie"));
    assert_eq!(patient.previous_names, ["Ann Alt"]);
    assert_eq!(
        map(&one(r#""name":[{"text":"Ann Roe"}]"#)).err().as_deref(),
        Some("Patient.name")
    );
}

#[test]
fn a_death_without_a_day_is_not_forgotten() {
    let dead = |how: &str| map(&one(&format!("{NAMED},{how}"))).map(|patient| patient.deceased_on);
    assert_eq!(
        dead(r#""deceasedBoolean":true"#).err().as_deref(),
        Some("Patient.deceased[x]")
    );
    assert_eq!(
        dead(r#""deceasedDateTime":"2019-05""#).err().as_deref(),
        Some("Patient.deceased[x]")
    );
    assert_eq!(dead(r#""deceasedBoolean":false"#), Ok(None));
    let day = NaiveDate::from_ymd_opt(2019, 5, 2);
    assert_eq!(dead(r#""deceasedDateTime":"2019-05-02T10:00:00Z""#), Ok(day));
}

#[test]
fn telecoms_and_addresses_are_one_of_each_use_and_the_rest_is_told() {
    let sent = one(concat!(
        r#""name":[{"family":"Roe"}],"telecom":[{"system":"fax","value":"617 555 0100"},"#,
        r#"{"system":"phone","use":"home","value":"617 555 0101","rank":2},{"system":"phone","use":"home","value":"617 555 0102","rank":1},"#,
        r#"{"system":"phone","use":"mobile","value":"12"},{"system":"email","value":"a@b.example"}],"#,
        r#""address":[{"line":["1 A St","Apt 2"],"city":"Salem","state":"Massachusetts","postalCode":"00000"},{"use":"old","city":"X"}]"#
    ));
    let patient = map(&sent).unwrap();
    let values: Vec<&str> = patient
        .telecoms
        .iter()
        .map(|point| point.value.as_str())
        .collect();
    assert_eq!(values, ["617 555 0102", "a@b.example"]);
    assert!(
        patient.telecoms.iter().all(|point| !point.may_text),
        "consent to texts is never imported"
    );
    let address = &patient.addresses[0];
    assert_eq!(
        (
            patient.addresses.len(),
            address.state.as_str(),
            address.postal_code.as_str()
        ),
        (1, "MA", "00000")
    );
    assert_eq!(address.line2.as_deref(), Some("Apt 2"));
    let told: Vec<String> = patient_left_out(&sent)
        .into_iter()
        .map(|fault| fault.field)
        .collect();
    assert_eq!(told, ["Patient.telecom", "Patient.address"]);
}

#[test]
fn codes_that_are_none_are_left_out() {
    let race = r#""extension":[{"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-race","extension":
        [{"url":"ombCategory","valueCoding":{"code":"2135-2"}},{"url":"ombCategory","valueCoding":{"code":"2106-3"}}]},
        {"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex","valueCode":"F"}],"gender":"male""#;
    let patient = map(&one(&format!("{NAMED},{}", race.replace('\n', "")))).unwrap();
    assert_eq!(patient.race_codes, ["2106-3"]);
    assert_eq!(patient.sex, Sex::Female);
    assert_eq!(patient.language, "en");
}

#[test]
fn history_keeps_code_words_and_days() {
    let text = r#"{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/1"},"onsetDateTime":"2001-02-03T10:00:00Z","abatementDateTime":"2001","code":{"coding":[{"system":"x","code":"1"},{"system":"http://snomed.info/sct","code":"2","display":"Cough"}]}}"#;
    let mut document = fhir::Document::new();
    fhir::read_ndjson_line(text, 1, &mut document);
    let Resource::Condition(mut from) = document.entries.remove(0).resource else {
        panic!("not a condition")
    };
    let id = domain::id::HistoryItemId(Uuid::from_u128(2));
    let row = super::condition_of(&from, id, PatientId(Uuid::from_u128(1))).unwrap();
    assert_eq!((row.code.as_deref(), row.display.as_str()), (Some("2"), "Cough"));
    assert_eq!(
        (row.onset_on, row.ended_on),
        (NaiveDate::from_ymd_opt(2001, 2, 3), None)
    );
    from.verification_status = Some("entered-in-error".to_owned());
    let skipped = super::condition_of(&from, id, PatientId(Uuid::from_u128(1))).err();
    assert_eq!(skipped, Some(Unmapped::Skipped("entered in error")));
}
