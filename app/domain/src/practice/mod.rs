//! Who we are: the practice, who bills, where, who works here, and on which devices.

mod decide;
mod npi;
pub use decide::*;
pub use npi::npi_check_digit_ok;

use crate::id::*;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use crate::access::Role;

/// The tenant. One row, whose id is the practice's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Practice {
    /// Same as the tenant.
    pub id: PracticeId,
    /// As patients know it.
    pub name: String,
    /// Whether everything here is made up.
    pub demo: bool,
}

/// Who bills and is paid (837P loop 2010AA): between practice and site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BillingEntity {
    /// Identity.
    pub id: BillingEntityId,
    /// Legal name, as the payers have it.
    pub legal_name: String,
    /// Employer identification number, nine digits.
    pub tin: String,
    /// Group NPI (45 CFR 162.406).
    pub npi: String,
    /// NUCC taxonomy code.
    pub taxonomy_code: String,
    /// Where payments go; absent means the sites' address.
    pub pay_to_address: Option<String>,
}

/// A place of care (FHIR Location).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// Identity.
    pub id: SiteId,
    /// Who bills for what is done here.
    pub billing_entity_id: BillingEntityId,
    /// As patients know it.
    pub name: String,
    /// IANA zone, for example `America/Chicago`. "Today" is this zone's day.
    pub time_zone: String,
    /// One line.
    pub address: String,
    /// CMS place-of-service code, two digits.
    pub place_of_service: String,
}

/// Who renders care.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Practitioner {
    /// Identity.
    pub id: PractitionerId,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// "MD", "NP".
    pub credentials: Option<String>,
    /// National provider identifier.
    pub npi: Option<String>,
    /// NUCC taxonomy code.
    pub taxonomy_code: Option<String>,
    /// Sites worked at.
    pub site_ids: Vec<SiteId>,
    /// Whether patients are seen now.
    pub active: bool,
}

impl Practitioner {
    /// "Dr. Amara Okafor" for who is a doctor, else with the letters behind.
    pub fn titled(&self) -> String {
        let name = format!("{} {}", self.given_name, self.family_name);
        match self.credentials.as_deref() {
            Some("MD" | "DO") => format!("Dr. {name}"),
            Some(letters) => format!("{name}, {letters}"),
            None => name,
        }
    }
}

/// Who works here and may sign in (45 CFR 160.103 "workforce"). Secrets live elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkforceMember {
    /// Identity.
    pub id: WorkforceMemberId,
    /// Sign-in name, unique over all practices.
    pub login: String,
    /// Shown to colleagues.
    pub display_name: String,
    /// What they may do.
    pub role: Role,
    /// Sites worked at.
    pub site_ids: Vec<SiteId>,
    /// Their practitioner record, for who renders care.
    pub practitioner_id: Option<PractitionerId>,
    /// Whether they may sign in.
    pub active: bool,
}

/// What a device is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// A patients' tablet: it can write and send, never read.
    Kiosk,
    /// A staff member's computer or phone.
    Staff,
}

/// A tablet, phone or computer with an outbox of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// Identity.
    pub id: DeviceId,
    /// What it is for.
    pub kind: DeviceKind,
    /// As the desk calls it: "Kiosk 2".
    pub label: String,
    /// Where it stands.
    pub site_id: Option<SiteId>,
    /// When it was let in.
    pub enrolled_at: DateTime<Utc>,
    /// When it was shut out.
    pub revoked_at: Option<DateTime<Utc>>,
}
