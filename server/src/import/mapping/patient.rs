//! A patient.

use super::{MappingFault, day, person, text};
use chrono::{DateTime, NaiveDate, Utc};
use domain::id::PatientId;
use domain::patients::{HumanNumber, IdentityStatus, Patient, Sex};
use fhir::{Deceased, MultipleBirth};

/// OMB race categories (CDC race and ethnicity code set).
const RACES: [&str; 6] = ["1002-5", "2028-9", "2054-5", "2076-8", "2106-3", "2131-1"];
/// OMB ethnicity categories.
const ETHNICITIES: [&str; 2] = ["2135-2", "2186-5"];
/// HL7 v3 MaritalStatus.
const MARITAL: [&str; 11] = ["A", "C", "D", "I", "L", "M", "P", "S", "T", "U", "W"];

/// The patient's row. What cannot be known is a fault; what is merely left out is told by [`patient_left_out`].
pub fn patient_of(from: &fhir::Patient, id: PatientId, at: DateTime<Utc>) -> Result<Patient, MappingFault> {
    let names = person::names(&from.names);
    if names.family.is_empty() && names.given.is_empty() {
        return Err(MappingFault::new(
            "Patient.name",
            "There is no family and no given name in use. Add one; one text for the whole name cannot be taken apart.",
        ));
    }
    Ok(Patient {
        id,
        mrn: HumanNumber::Provisional("0000".to_owned()),
        family_name: names.family,
        given_name: names.given,
        middle_name: names.middle,
        suffix: names.suffix,
        preferred_name: names.preferred,
        previous_names: names.previous,
        payer_name: None,
        birth_on: birth(from)?,
        multiple_birth: match from.multiple_birth {
            Some(MultipleBirth::Is(one_of_several)) => one_of_several,
            Some(MultipleBirth::Order(_)) => true,
            None => false,
        },
        sex: sex(from),
        gender_identity: None,
        pronouns: None,
        identifiers: person::identifiers(&from.identifiers),
        telecoms: person::telecoms(&from.telecom).0,
        addresses: person::addresses(&from.addresses).0,
        no_fixed_address: false,
        language: language(from).unwrap_or_else(|| "en".to_owned()),
        interpreter_needed: false,
        race_codes: races(from),
        ethnicity_code: codes(from.ethnicity.as_ref(), &ETHNICITIES).into_iter().next(),
        marital_status: marital(from),
        deceased_on: deceased(from)?,
        identity: IdentityStatus::Imported,
        preferred_channel: None,
        registered_at: at,
    })
}

fn birth(from: &fhir::Patient) -> Result<NaiveDate, MappingFault> {
    let missing = "There is no birth date. Ask the patient and add it.";
    let partial = "The birth date is not a whole date. Ask the patient and add what is missing.";
    let date = from
        .birth_date
        .ok_or_else(|| MappingFault::new("Patient.birthDate", missing))?;
    date.full()
        .ok_or_else(|| MappingFault::new("Patient.birthDate", partial))
}

/// No date is made up, and nobody who died is taken in as living: notices would go to the family.
fn deceased(from: &fhir::Patient) -> Result<Option<NaiveDate>, MappingFault> {
    let on = match from.deceased {
        None | Some(Deceased::No) => return Ok(None),
        Some(Deceased::Yes) => None,
        Some(Deceased::At(moment)) => day(Some(moment)),
    };
    let problem = "The patient has died, and the day is not given. Add the whole date.";
    on.map(Some)
        .ok_or_else(|| MappingFault::new("Patient.deceased[x]", problem))
}

/// The US Core birth sex, else the administrative gender.
fn sex(from: &fhir::Patient) -> Sex {
    match (from.birth_sex.as_deref(), from.gender.as_deref()) {
        (Some("F"), _) => Sex::Female,
        (Some("M"), _) => Sex::Male,
        (Some(_), _) => Sex::Unknown,
        (None, Some("female")) => Sex::Female,
        (None, Some("male")) => Sex::Male,
        (None, _) => Sex::Unknown,
    }
}

/// A tag of the shape that BCP 47 has.
fn language(from: &fhir::Patient) -> Option<String> {
    let tag = text(from.languages.first().map(String::as_str))?;
    let sound = tag.len() <= 35
        && tag
            .split('-')
            .all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    sound.then_some(tag)
}

fn races(from: &fhir::Patient) -> Vec<String> {
    codes(from.race.as_ref(), &RACES)
}

fn codes(sent: Option<&fhir::OmbCategories>, known: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    for code in sent
        .iter()
        .flat_map(|sent| &sent.omb)
        .filter_map(|coding| coding.code.as_deref())
    {
        if known.contains(&code) && !all.iter().any(|seen| seen == code) {
            all.push(code.to_owned());
        }
    }
    all
}

fn marital(from: &fhir::Patient) -> Option<String> {
    let code = from.marital_status.as_ref()?.first_code()?;
    MARITAL.contains(&code).then(|| code.to_owned())
}

/// What the patient's row does not hold of what was sent.
pub fn patient_left_out(from: &fhir::Patient) -> Vec<MappingFault> {
    let unknown_race = from
        .race
        .as_ref()
        .is_some_and(|sent| sent.omb.len() > races(from).len());
    let checks = [
        (
            person::telecoms(&from.telecom).1 > 0,
            "Patient.telecom",
            "A phone or email was left out: it is old, it is not a phone or email, or there is one of its use already.",
        ),
        (
            person::addresses(&from.addresses).1 > 0,
            "Patient.address",
            "An address was left out: it is old, empty or of work, or there is one of its use already.",
        ),
        (
            unknown_race,
            "Patient.extension(us-core-race)",
            "A code that is no OMB race category was left out.",
        ),
        (
            !from.contacts.is_empty(),
            "Patient.contact",
            "People around the patient are not taken in. Enter guarantor and emergency contact at the next visit.",
        ),
        (
            !from.links.is_empty(),
            "Patient.link",
            "The sender says that this record belongs with another one. The link was not taken in; check for a duplicate.",
        ),
        (
            from.active == Some(false),
            "Patient.active",
            "The sender does not use this record any more. It was taken in all the same.",
        ),
        (
            language(from).is_none() && !from.languages.is_empty(),
            "Patient.communication",
            "The language is no language tag; English was put in. Ask the patient.",
        ),
        (
            marital(from).is_none()
                && from
                    .marital_status
                    .as_ref()
                    .is_some_and(|c| c.first_code() != Some("UNK")),
            "Patient.maritalStatus",
            "The code is no HL7 marital status; it was left out.",
        ),
    ];
    checks
        .iter()
        .filter(|check| check.0)
        .map(|(_, field, problem)| MappingFault::new(field, problem))
        .collect()
}
