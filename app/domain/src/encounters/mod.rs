//! What happened before: encounters and clinical history that came from another system.

use crate::decide::{Decision, Refusal, RefusalCode};
use crate::id::*;
use crate::row::{Entity, Key, Row, View};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What occurred (FHIR Encounter).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Encounter {
    /// Identity.
    pub id: EncounterId,
    /// Whose.
    pub patient_id: PatientId,
    /// HL7 ActCode: AMB, EMER, IMP.
    pub class_code: String,
    /// Kind, in words.
    pub description: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// From.
    pub started_at: DateTime<Utc>,
    /// To.
    pub ended_at: Option<DateTime<Utc>>,
    /// The id in the system it came from.
    pub source_id: String,
}

/// What a history item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryKind {
    /// FHIR Condition
    Condition,
    /// FHIR MedicationRequest
    Medication,
    /// FHIR Immunization
    Immunization,
    /// FHIR AllergyIntolerance
    Allergy,
}

/// One coded item of clinical history.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryItem {
    /// Identity.
    pub id: HistoryItemId,
    /// Whose.
    pub patient_id: PatientId,
    /// What it is.
    pub kind: HistoryKind,
    /// Code system URI: SNOMED CT, RxNorm, CVX.
    pub code_system: Option<String>,
    /// Code.
    pub code: Option<String>,
    /// In words.
    pub display: String,
    /// As the source says: active, resolved, completed.
    pub status: Option<String>,
    /// From.
    pub onset_on: Option<NaiveDate>,
    /// To.
    pub ended_on: Option<NaiveDate>,
    /// high, low, unable-to-assess; allergies only.
    pub criticality: Option<String>,
    /// The id in the system it came from.
    pub source_id: String,
}
crate::redacted_debug!(Encounter, HistoryItem, RecordHistory);

/// Adds one patient's history from another system.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordHistory {
    /// Whose; every item must be theirs.
    pub patient_id: PatientId,
    /// Encounters.
    pub encounters: Vec<Encounter>,
    /// Everything else.
    pub items: Vec<HistoryItem>,
}

/// The patient must exist, and every item be theirs.
pub fn record_history(view: &impl View, args: &RecordHistory) -> Result<Decision, Refusal> {
    if view.one(&Key::Row(Entity::Patient, args.patient_id.0)).is_none() {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "patient"));
    }
    let own = args.encounters.iter().all(|e| e.patient_id == args.patient_id)
        && args.items.iter().all(|i| i.patient_id == args.patient_id);
    if !own {
        return Err(Refusal::new(RefusalCode::Invalid).with("field", "patient_id"));
    }
    let facts = (args.encounters.iter().cloned().map(Row::Encounter))
        .chain(args.items.iter().cloned().map(Row::HistoryItem));
    Ok(Decision::facts(facts.collect()))
}
