//! Patient (FHIR R4, 8.1) with the US Core extensions.

use serde::Deserialize;

use crate::date::{Moment, PartialDate};
use crate::notes::{Notes, Wire};
use crate::us_core::{Extension, find};
use crate::{Address, Concept, ContactPoint, HumanName, Identifier, OmbCategories, Reference};

/// A person in care. Codes are as FHIR writes them.
#[derive(Debug, Clone, PartialEq)]
pub struct Patient {
    pub id: String,
    /// Whether the sender still uses the record; absent means yes.
    pub active: Option<bool>,
    pub identifiers: Vec<Identifier>,
    pub names: Vec<HumanName>,
    pub telecom: Vec<ContactPoint>,
    /// male, female, other or unknown; any other code is left out with a warning.
    pub gender: Option<String>,
    /// As much as was sent. A warning stands beside a date whose day is missing.
    pub birth_date: Option<PartialDate>,
    pub deceased: Option<Deceased>,
    pub addresses: Vec<Address>,
    pub marital_status: Option<Concept>,
    /// BCP 47, the preferred first.
    pub languages: Vec<String>,
    pub race: Option<OmbCategories>,
    pub ethnicity: Option<OmbCategories>,
    /// US Core birthsex: F, M, UNK, OTH.
    pub birth_sex: Option<String>,
    pub mothers_maiden_name: Option<String>,
    pub multiple_birth: Option<MultipleBirth>,
    pub contacts: Vec<Contact>,
    /// Other records of the same person, `replaced-by` above all.
    pub links: Vec<PatientLink>,
}

/// `Patient.deceased[x]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deceased {
    No,
    Yes,
    At(Moment),
}

/// `Patient.multipleBirth[x]`: whether one of several, or which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MultipleBirth {
    Is(bool),
    Order(i32),
}

/// `Patient.contact`: whom to call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Contact {
    pub relationship: Vec<Concept>,
    pub name: Option<HumanName>,
    pub telecom: Vec<ContactPoint>,
    pub address: Option<Address>,
}

/// `Patient.link`. `kind` is replaced-by, replaces, refer or seealso.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct PatientLink {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub other: Reference,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PatientWire<'a> {
    id: Option<String>,
    active: Option<bool>,
    #[serde(borrow)]
    extension: Vec<Extension<'a>>,
    identifier: Vec<Identifier>,
    name: Vec<HumanName>,
    telecom: Vec<ContactPoint>,
    gender: Option<String>,
    birth_date: Option<String>,
    deceased_boolean: Option<bool>,
    deceased_date_time: Option<String>,
    address: Vec<Address>,
    marital_status: Option<Concept>,
    multiple_birth_boolean: Option<bool>,
    multiple_birth_integer: Option<i32>,
    communication: Vec<CommunicationWire>,
    contact: Vec<Contact>,
    link: Vec<PatientLink>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct CommunicationWire {
    language: Concept,
    preferred: bool,
}

impl<'a> Wire<'a> for PatientWire<'a> {
    type Kept = Patient;

    fn keep(self, notes: &mut Notes<'_>) -> Option<Patient> {
        let id = notes.id(self.id)?;
        let found = find(self.extension);
        let multiple_order = self.multiple_birth_integer.map(MultipleBirth::Order);
        Some(Patient {
            id,
            active: self.active,
            identifiers: self.identifier,
            names: self.name,
            telecom: self.telecom,
            gender: gender(self.gender, notes),
            birth_date: birth_date(self.birth_date, notes),
            deceased: deceased(self.deceased_boolean, self.deceased_date_time, notes),
            addresses: self.address,
            marital_status: self.marital_status,
            languages: languages(self.communication),
            race: found.race,
            ethnicity: found.ethnicity,
            birth_sex: found.birth_sex,
            mothers_maiden_name: found.mothers_maiden_name,
            multiple_birth: multiple_order.or(self.multiple_birth_boolean.map(MultipleBirth::Is)),
            contacts: self.contact,
            links: self.link,
        })
    }
}

fn gender(code: Option<String>, notes: &mut Notes<'_>) -> Option<String> {
    let known = code
        .as_deref()
        .is_none_or(|code| matches!(code, "male" | "female" | "other" | "unknown"));
    if !known {
        notes.warn(
            "gender",
            "The code is not male, female, other or unknown; it was left out. Ask the patient.",
        );
    }
    code.filter(|_| known)
}

fn birth_date(text: Option<String>, notes: &mut Notes<'_>) -> Option<PartialDate> {
    let text = text?;
    if let Some(date) = PartialDate::parse(&text) {
        if date.full().is_none() {
            let missing = if date.month.is_none() {
                "The month and the day are"
            } else {
                "The day is"
            };
            let problem =
                format!("{missing} missing from the birth date; what is known was kept. Ask the patient.");
            notes.warn("birthDate", problem);
        }
        return Some(date);
    }
    // Some systems send a date-time here; its date is what was meant.
    let moment = Moment::parse(&text);
    notes.warn(
        "birthDate",
        match moment {
            Some(_) => {
                "This is a date-time where FHIR has a date; its date was kept. Check it with the patient."
            }
            None => "This is not a date of the form YYYY-MM-DD; it was left out. Ask the patient.",
        },
    );
    moment.map(|moment| moment.date)
}

fn deceased(flag: Option<bool>, at: Option<String>, notes: &mut Notes<'_>) -> Option<Deceased> {
    if at.is_some() {
        // A date that cannot be read still says that the patient has died.
        return Some(
            notes
                .moment("deceasedDateTime", at)
                .map_or(Deceased::Yes, Deceased::At),
        );
    }
    flag.map(|dead| if dead { Deceased::Yes } else { Deceased::No })
}

fn languages(mut sent: Vec<CommunicationWire>) -> Vec<String> {
    sent.sort_by_key(|communication| !communication.preferred);
    sent.into_iter()
        .filter_map(|communication| communication.language.into_first_code())
        .collect()
}
