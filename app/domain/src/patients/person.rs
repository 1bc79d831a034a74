//! The small parts that people are described with.

use crate::validate::Today;
use serde::{Deserialize, Serialize};

/// A number that people read out: assigned by the server without gaps, or provisional on a device.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum HumanNumber {
    /// The practice's own, final.
    Assigned(u64),
    /// Made offline; replaced by the server's. Shown as "new-3F9A".
    Provisional(String),
}
crate::redacted_debug!(HumanNumber, Identifier, ContactPoint, Address);

impl std::fmt::Display for HumanNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            HumanNumber::Assigned(number) => write!(f, "{number}"),
            HumanNumber::Provisional(tag) => write!(f, "new-{tag}"),
        }
    }
}

impl From<HumanNumber> for String {
    fn from(number: HumanNumber) -> String {
        number.to_string()
    }
}

impl TryFrom<String> for HumanNumber {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.strip_prefix("new-") {
            Some(tag) => Ok(HumanNumber::Provisional(tag.to_owned())),
            None => text
                .parse()
                .map(HumanNumber::Assigned)
                .map_err(|_| "not a record number"),
        }
    }
}

/// Sex as the insurance record has it (X12 DMG03).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// F
    Female,
    /// M
    Male,
    /// U
    #[default]
    Unknown,
}

/// Whether staff have seen who this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityStatus {
    /// As someone typed at a kiosk.
    Unverified,
    /// Seen by staff.
    StaffVerified,
    /// Came from another system.
    Imported,
}

/// A number by which someone else knows the patient.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    /// Who issued it: a FHIR system URI.
    pub issuer: String,
    /// HL7 table 0203 code: MR, SS, DL, PPN.
    pub kind: Option<String>,
    /// The number.
    pub value: String,
}

/// Phone or mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TelecomSystem {
    /// Telephone
    Phone,
    /// Email
    Email,
}

/// What a contact point is for (FHIR ContactPoint.use).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TelecomUse {
    /// Mobile
    Mobile,
    /// Home
    Home,
    /// Work
    Work,
}

/// A phone number or an email address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
pub struct ContactPoint {
    /// Phone or email.
    pub system: TelecomSystem,
    /// What it is for. (`use` is a Rust word.)
    pub usage: TelecomUse,
    /// As typed.
    #[garde(custom(crate::validate::contact_value(self.system)))]
    pub value: String,
    /// May be texted (47 CFR 64.1200: consent is per number).
    pub may_text: bool,
}

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressUse {
    /// Lives there.
    Home,
    /// Mail goes there.
    Mailing,
    /// Overrides every notice: confidential communications (45 CFR 164.522(b)).
    Confidential,
}

/// A postal address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
pub struct Address {
    /// What it is for.
    pub usage: AddressUse,
    /// Street.
    #[garde(custom(crate::validate::line))]
    pub line1: String,
    /// Anything that helps: apartment, urbanization (Puerto Rico).
    #[garde(custom(crate::validate::optional_line))]
    pub line2: Option<String>,
    /// City.
    #[garde(custom(crate::validate::line))]
    pub city: String,
    /// Two letters.
    #[garde(custom(crate::validate::line))]
    pub state: String,
    /// ZIP or ZIP+4.
    #[garde(custom(crate::validate::line))]
    pub postal_code: String,
    /// Mail came back.
    pub bad: bool,
}

impl Address {
    /// "402 Mill Street", "Apt 3", "Brookfield, WI 53005": as on an envelope.
    pub fn lines(&self) -> Vec<String> {
        let line2 = self.line2.clone().filter(|line| !line.is_empty());
        let city = format!("{}, {} {}", self.city, self.state, self.postal_code);
        [Some(self.line1.clone()), line2, Some(city)]
            .into_iter()
            .flatten()
            .collect()
    }

    /// "402 Mill Street, Apt 3, Brookfield, WI 53005"
    pub fn one_line(&self) -> String {
        self.lines().join(", ")
    }
}

/// What someone around a patient is to the practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelatedRole {
    /// Pays.
    Guarantor,
    /// Consents and sees.
    PersonalRepresentative,
    /// May bring the child.
    Escort,
    /// Is called in an emergency.
    EmergencyContact,
}
