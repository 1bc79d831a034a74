//! # fhir: FHIR R4 text in, plain structures and a list of faults out
//!
//! [`read_bundle`] takes a whole Bundle (or one resource), [`read_ndjson_line`] one line of a bulk export.
//! Both fill a [`Document`]: the [`Entry`]s of the twelve kinds a practice keeps ([`Resource`]), a count of
//! the kinds passed over, and the [`Fault`]s. A resource that cannot be read is refused with a fault that
//! names its place and field, and the others go on; a doubtful value (a partial birth date, an NPI that
//! fails its check digit) is kept, or left out alone, with a fault of [`Severity::Warning`].
//!
//! No I/O, no clock: bytes come from the caller, and codes are handed on as written, to be mapped by whoever
//! imports them. A fault never quotes a value of the input, so it may be logged.
//! Speed: text is scanned once to find resources, and only the kept kinds are parsed, straight into their
//! structures.
//!
//! Forms and answers go both ways: [`write_questionnaire`], [`read_questionnaire`], [`write_response`] and
//! [`read_response`]. These alone know the practice's own types.

mod appointment;
mod claim;
mod clinical;
mod coverage;
mod datatypes;
mod date;
mod document;
mod encounter;
mod fault;
mod notes;
mod organisation;
mod patient;
mod place;
mod practitioner;
mod questionnaire;
mod read;
mod reference;
mod us_core;

pub use appointment::Appointment;
pub use claim::{Claim, ClaimInsurance};
pub use clinical::{
    AllergyIntolerance, Condition, Immunization, Medication, MedicationRequest, Reaction, When,
};
pub use coverage::{Coverage, CoverageClass};
pub use datatypes::{Address, Age, Coding, Concept, ContactPoint, HumanName, Identifier};
pub use date::{Moment, PartialDate, Period};
pub use document::{Document, Entry, Resource};
pub use encounter::Encounter;
pub use fault::{Fault, Position, Severity};
pub use organisation::{Location, Organization};
pub use patient::{Contact, Deceased, MultipleBirth, Patient, PatientLink};
pub use practitioner::{NPI_SYSTEM, NUCC_SYSTEM, Practitioner, PractitionerRole};
pub use questionnaire::{
    Imported, NotAForm, Note, read_questionnaire, read_response, write_questionnaire, write_response,
};
pub use read::{read_bundle, read_ndjson_line};
pub use reference::Reference;
pub use us_core::OmbCategories;
