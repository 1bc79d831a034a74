//! Forms as FHIR R4 Questionnaire, and answers as QuestionnaireResponse: written whole, and read back.
//!
//! Unlike the readers of records, these know the practice's own form: a form can only be drawn up as FHIR by whoever
//! knows what it says. What FHIR has no word for travels in extensions of our own ([`own`]); what a foreign
//! Questionnaire has and a form has not is named, item by item, as a [`Note`].

mod beside;
mod condition;
mod options;
mod read;
mod response;
mod text;
mod write;

pub use read::{Imported, NotAForm, Note, read_questionnaire};
pub use response::{read_response, write_response};
pub use write::write_questionnaire;

/// Extensions that HL7 defines, by their urls.
mod standard {
    /// A text in another language.
    pub const TRANSLATION: &str = "http://hl7.org/fhir/StructureDefinition/translation";
    /// What choosing an answer counts.
    pub const ORDINAL: &str = "http://hl7.org/fhir/StructureDefinition/ordinalValue";
    /// What a question looks like: "slider", "help".
    pub const CONTROL: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl";
    /// The codes of those.
    pub const CONTROLS: &str = "http://hl7.org/fhir/questionnaire-item-control";
    /// Smallest value.
    pub const MIN: &str = "http://hl7.org/fhir/StructureDefinition/minValue";
    /// Largest value.
    pub const MAX: &str = "http://hl7.org/fhir/StructureDefinition/maxValue";
    /// What is counted.
    pub const UNIT: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit";
    /// Whoever answers signs.
    pub const SIGN: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-signatureRequired";
    /// A signature under answers.
    pub const SIGNATURE: &str = "http://hl7.org/fhir/StructureDefinition/questionnaireresponse-signature";
    /// The version before.
    pub const REPLACES: &str = "http://hl7.org/fhir/StructureDefinition/replaces";
}

/// Extensions of our own, for what R4 has no word for.
mod own {
    /// How answers are summed up, with what sums mean.
    pub const SCORING: &str = "urn:anteroom:questionnaire:scoring";
    /// For how many days an answer stands.
    pub const VALID_DAYS: &str = "urn:anteroom:questionnaire:valid-days";
    /// Asked of everyone who checks in.
    pub const EVERYONE: &str = "urn:anteroom:questionnaire:everyone";
    /// An answer that a practitioner should see.
    pub const ATTENTION: &str = "urn:anteroom:questionnaire:attention";
    /// The visit that answers are for.
    pub const APPOINTMENT: &str = "urn:anteroom:response:appointment";
    /// What answers add up to.
    pub const SCORE: &str = "urn:anteroom:response:score";
}
