//! Who pays: dated coverages that are replaced and never overwritten.

mod decide;
pub use decide::*;

use crate::id::*;
use crate::money::Money;
use crate::patients::Sex;
use crate::validate::Today;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// One version of one coverage (FHIR Coverage; X12 2000B/2010BA/2010BB).
///
/// A new member id is a new row that names the one it replaces, so that an old service date keeps its old
/// number, and an eligibility answer belongs to one version.
#[derive(Clone, PartialEq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
pub struct Coverage {
    /// Identity.
    pub id: CoverageId,
    /// Whose.
    pub patient_id: PatientId,
    /// Who pays first (X12 SBR01).
    pub payer_order: PayerOrder,
    /// Payer, as on the card.
    #[garde(custom(crate::validate::payer))]
    pub payer_name: String,
    /// Payer's electronic id, when known.
    pub payer_code: Option<String>,
    /// Plan.
    #[garde(custom(crate::validate::optional_line))]
    pub plan_name: Option<String>,
    /// Member id, as on the card.
    #[garde(custom(crate::validate::member_id))]
    pub member_id: String,
    /// Group number.
    #[garde(custom(crate::validate::optional_line))]
    pub group_number: Option<String>,
    /// What the patient is to the subscriber (X12 SBR02/PAT01).
    pub subscriber_relationship: SubscriberRelationship,
    /// Who holds the coverage, when it is not the patient.
    #[garde(dive, custom(crate::validate::subscriber_of(self.subscriber_relationship)))]
    pub subscriber: Option<Subscriber>,
    /// First day.
    pub effective_on: Option<NaiveDate>,
    /// Last day.
    #[garde(custom(crate::validate::not_before(self.effective_on)))]
    pub term_on: Option<NaiveDate>,
    /// The version that this one replaces.
    pub replaces_id: Option<CoverageId>,
    /// Office-visit copay printed on the card.
    pub copay_amount: Option<Money>,
    /// SHA-256 of the photo of the front.
    #[garde(custom(crate::validate::optional_hash))]
    pub card_front: Option<String>,
    /// SHA-256 of the photo of the back.
    #[garde(custom(crate::validate::optional_hash))]
    pub card_back: Option<String>,
    /// Whether the payer has confirmed this very version.
    pub eligibility: Eligibility,
    /// Where it came from.
    pub source: Source,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}
crate::redacted_debug!(Coverage, Subscriber);

/// Who pays first, second, third.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayerOrder {
    /// P
    Primary,
    /// S
    Secondary,
    /// T
    Tertiary,
}

/// What the patient is to the subscriber.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum SubscriberRelationship {
    /// 18
    #[default]
    #[serde(rename = "self")]
    Itself,
    /// 01
    Spouse,
    /// 19
    Child,
    /// G8
    Other,
}

/// Who holds a coverage.
#[derive(Clone, PartialEq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
pub struct Subscriber {
    /// Family name.
    #[garde(custom(crate::validate::either_name(&self.given_name)))]
    pub family_name: String,
    /// Given name.
    #[garde(custom(crate::validate::either_name(&self.family_name)))]
    pub given_name: String,
    /// Date of birth.
    #[garde(custom(crate::validate::birth))]
    pub birth_on: NaiveDate,
    /// Sex on the insurance record.
    pub sex: Sex,
}

/// Whether a payer has confirmed a coverage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Eligibility {
    /// Nobody asked yet.
    NotChecked,
}

/// Where a fact came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The patient, at a kiosk.
    Kiosk,
    /// Staff.
    Staff,
    /// Another system.
    Import,
}

impl Coverage {
    /// Whether it counts on a day.
    pub fn active_on(&self, day: NaiveDate) -> bool {
        self.effective_on.is_none_or(|from| from <= day) && self.term_on.is_none_or(|to| day <= to)
    }
}

/// The coverages that count on a day. A version replaced on its own first day cannot end before it began, so
/// both have that day; the one that replaces it counts.
pub fn in_force_on(coverages: &[Coverage], day: NaiveDate) -> Vec<&Coverage> {
    let active: Vec<&Coverage> = coverages
        .iter()
        .filter(|coverage| coverage.active_on(day))
        .collect();
    active
        .iter()
        .copied()
        .filter(|coverage| !active.iter().any(|newer| newer.replaces_id == Some(coverage.id)))
        .collect()
}

/// The coverage that pays first on a day (X12 SBR01).
pub fn first_on(coverages: &[Coverage], day: NaiveDate) -> Option<&Coverage> {
    let all = in_force_on(coverages, day);
    all.into_iter().min_by_key(|coverage| coverage.payer_order)
}
