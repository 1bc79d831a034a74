//! Who is cared for: the patient, the people around them, and who is whom.

pub mod alias;
mod conflict;
mod correct;
mod decide;
pub mod field;
pub mod guarantor;
pub mod matching;
pub mod membership;
pub mod person;
mod related;
pub mod search;
pub mod sheet;
pub mod worklist;

pub use alias::{Belonged, MergePatients, Moved, PatientAlias, Took, UnmergePatients};
pub use conflict::*;
pub use correct::{Change, WrongShape};
pub(crate) use correct::{Corrected, merge_fields};
pub use decide::*;
pub use field::{FieldChange, PatientField};
pub use membership::{
    AssignPatient, BringBackPatient, Membership, SetPatientAside, ask_back, assign_patient, set_aside,
};
pub(crate) use membership::{belongs, bring_back, key as membership_key, membership_of};
pub use person::*;
pub use related::*;

use crate::id::*;
use crate::notices::Channel;
use crate::validate::Today;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// FHIR Patient, with what a United States practice needs beside it.
///
/// Required by [`crate::validate`]: a family or a given name (single names exist), a date of birth, a sex as
/// the insurance record has it.
#[derive(Clone, PartialEq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
pub struct Patient {
    /// Identity.
    pub id: PatientId,
    /// Medical record number; on a device that made the record offline, provisional until the server's arrives.
    pub mrn: HumanNumber,
    /// Family name.
    #[garde(custom(crate::validate::either_name(&self.given_name)))]
    pub family_name: String,
    /// Given name.
    #[garde(custom(crate::validate::either_name(&self.family_name)))]
    pub given_name: String,
    /// Middle name or initial.
    #[garde(custom(crate::validate::optional_line))]
    pub middle_name: Option<String>,
    /// Jr., III.
    #[garde(custom(crate::validate::optional_line))]
    pub suffix: Option<String>,
    /// The name to call them by.
    #[garde(custom(crate::validate::optional_line))]
    pub preferred_name: Option<String>,
    /// Names they had before.
    pub previous_names: Vec<String>,
    /// Name exactly as the payer has it (837 NM103–NM105), when it differs.
    #[garde(custom(crate::validate::optional_line))]
    pub payer_name: Option<String>,
    /// Date of birth.
    #[garde(custom(crate::validate::birth))]
    pub birth_on: NaiveDate,
    /// Twins share birth date, address and phone: they are never matched automatically.
    pub multiple_birth: bool,
    /// Sex on the insurance record (837 DMG03), separate from gender.
    pub sex: Sex,
    /// In the patient's words.
    #[garde(custom(crate::validate::optional_line))]
    pub gender_identity: Option<String>,
    /// In the patient's words.
    #[garde(custom(crate::validate::optional_line))]
    pub pronouns: Option<String>,
    /// Numbers that others know them by.
    pub identifiers: Vec<Identifier>,
    /// Phones and email.
    #[garde(dive)]
    pub telecoms: Vec<ContactPoint>,
    /// Where they live and where mail goes.
    #[garde(dive)]
    pub addresses: Vec<Address>,
    /// They have no fixed address.
    pub no_fixed_address: bool,
    /// BCP 47.
    pub language: String,
    /// An interpreter is to be present.
    pub interpreter_needed: bool,
    /// By which way they want to be told (FHIR ContactPoint.rank); nothing where they did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_channel: Option<Channel>,
    /// OMB race category codes, in the patient's own choice (optional).
    pub race_codes: Vec<String>,
    /// OMB ethnicity code (optional).
    pub ethnicity_code: Option<String>,
    /// HL7 v3 MaritalStatus code.
    pub marital_status: Option<String>,
    /// Stops notices.
    #[garde(custom(crate::validate::not_before(Some(self.birth_on))))]
    pub deceased_on: Option<NaiveDate>,
    /// Whether staff have seen who this is.
    pub identity: IdentityStatus,
    /// When the record was made.
    pub registered_at: DateTime<Utc>,
}
crate::redacted_debug!(Patient);

impl Patient {
    /// "Elena Delgado", by the name to call them.
    pub fn display_name(&self) -> String {
        let given = self
            .preferred_name
            .as_deref()
            .filter(|n| !n.is_empty())
            .unwrap_or(&self.given_name);
        [given, &self.family_name]
            .into_iter()
            .filter(|n| !n.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// "Elena D.", for screens that other patients can see.
    pub fn counter_name(&self) -> String {
        let given = self
            .preferred_name
            .as_deref()
            .filter(|n| !n.is_empty())
            .unwrap_or(&self.given_name);
        match self.family_name.chars().next() {
            Some(initial) if !given.is_empty() => format!("{given} {initial}."),
            _ => self.display_name(),
        }
    }

    /// What to call them in a notice: as they asked for, else by their given name, else by the only one they have.
    pub fn first_name(&self) -> &str {
        let known = [self.preferred_name.as_deref(), Some(self.given_name.as_str())];
        let mut known = known.into_iter().flatten();
        known
            .find(|name| !name.trim().is_empty())
            .unwrap_or(&self.family_name)
    }

    /// Whether they asked to be written to somewhere else, and told nothing by any other way (45 CFR 164.522(b)).
    pub fn has_confidential_address(&self) -> bool {
        let mut addresses = self.addresses.iter();
        addresses.any(|address| address.usage == AddressUse::Confidential)
    }

    /// Whole years on a day.
    pub fn age_on(&self, day: NaiveDate) -> u32 {
        day.years_since(self.birth_on).unwrap_or(0)
    }

    /// The value of the first contact point of a kind.
    pub fn telecom(&self, system: TelecomSystem, usage: TelecomUse) -> Option<&ContactPoint> {
        self.telecoms
            .iter()
            .find(|t| t.system == system && t.usage == usage)
    }
}

/// A statement about two patients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PatientLink {
    /// Identity.
    pub id: PatientLinkId,
    /// The one with the smaller id.
    pub patient_id: PatientId,
    /// The other.
    pub other_patient_id: PatientId,
    /// What was found.
    pub kind: LinkKind,
    /// Who says so.
    pub decided_by: String,
    /// When.
    pub decided_at: DateTime<Utc>,
}

/// What two patients are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// Two people, however alike.
    Distinct,
}
