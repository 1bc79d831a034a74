//! FHIR resources as the domain's rows: pure functions, one resource in, one row or a reason out.
//!
//! A reason never quotes a value of the input, so it may be printed and logged.

mod appointment;
mod coverage;
mod history;
mod patient;
mod person;
mod practitioner;
mod states;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub use appointment::AGREED;
pub use appointment::{Named, booking_of, is_to_come};
pub use coverage::{coverage_of, is_own, subscriber_of};
pub use history::{allergy_of, condition_of, encounter_of, immunization_of, medication_of};
pub use patient::{patient_left_out, patient_of};
pub use practitioner::{practitioner_left_out, practitioner_of};

use chrono::NaiveDate;
use domain::text::Lang;
use domain::validate::Faults;

/// Why a resource, or a part of it, cannot be a row. Never quotes a value of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingFault {
    /// FHIR path, for example `Patient.birthDate`.
    pub field: String,
    /// A sentence.
    pub problem: String,
}

impl MappingFault {
    /// A fault of a field.
    pub fn new(field: &str, problem: &str) -> Self {
        MappingFault {
            field: field.to_owned(),
            problem: problem.to_owned(),
        }
    }
}

/// Why a resource became no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmapped {
    /// It is sound, and not for this practice's records.
    Skipped(&'static str),
    /// Something is wrong with it.
    Refused(MappingFault),
}

impl From<MappingFault> for Unmapped {
    fn from(fault: MappingFault) -> Self {
        Unmapped::Refused(fault)
    }
}

fn refused<T>(field: &str, problem: &str) -> Result<T, Unmapped> {
    Err(Unmapped::Refused(MappingFault::new(field, problem)))
}

/// Text on one line, without what no database takes; `None` when nothing is left.
fn text(raw: Option<&str>) -> Option<String> {
    let plain: String = raw?
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

/// The day of a moment, when all of it is known.
fn day(moment: Option<fhir::Moment>) -> Option<NaiveDate> {
    moment.and_then(|moment| moment.date.full())
}

/// The first domain rule that a row breaks, as a fault of the FHIR field that it came from.
pub fn broken_rule(resource_type: &str, faults: &Faults) -> Option<MappingFault> {
    let first = faults.0.first()?;
    let element = match first.field.split(['.', '[']).next().unwrap_or_default() {
        "birth_on" => "birthDate",
        "family_name" | "given_name" | "middle_name" | "suffix" | "preferred_name" => "name",
        "deceased_on" => "deceased[x]",
        "telecoms" => "telecom",
        "addresses" => "address",
        "payer_name" => "payor",
        "member_id" => "subscriberId",
        "plan_name" | "group_number" => "class",
        "effective_on" | "term_on" => "period",
        "subscriber" => "subscriber",
        _ => "(other)",
    };
    Some(MappingFault {
        field: format!("{resource_type}.{element}"),
        problem: first.code.sentence().get(Lang::En).to_owned(),
    })
}
