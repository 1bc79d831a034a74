//! What a patient says at a kiosk, and how it becomes part of the record.

mod answer;
mod ask;
pub mod check;
pub mod check_in;
pub mod consent;
mod decide;
pub mod diff;
mod due;
mod faults;
mod kind;
mod publish;
pub mod questionnaire;
mod show_if;
pub mod submission;
mod submit;

pub use ask::{AnswerQuestionnaire, answer_questionnaire};
pub use consent::{
    Consent, ConsentDecision, ConsentForm, ConsentKind, RevokeConsent, Signature, SignerRelationship,
    revoke_consent,
};
pub use decide::*;
pub use due::forms_due;
pub use faults::{FormFault, FormPlace, FormProblem};
pub use publish::{
    PublishConsentForm, PublishQuestionnaire, publish_consent_form, publish_questionnaire, publish_reads,
};
pub use questionnaire::{
    Answer, AnswerKind, Band, Page, Questionnaire, QuestionnaireResponse, Score, Scoring, ShowIf, Wanted,
};
pub use submission::*;
pub use submit::*;

use crate::id::*;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One submission (FHIR: a QuestionnaireResponse and its Consents before anyone reviewed them). It moves once,
/// from pending to accepted or rejected, and is kept either way.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Intake {
    /// Identity.
    pub id: IntakeId,
    /// Which device sent it.
    pub device_id: DeviceId,
    /// Where that device stands.
    pub site_id: Option<SiteId>,
    /// When, by the server's clock; on a device, by its own until the server has it.
    pub received_at: DateTime<Utc>,
    /// When, by the device's clock. Never used to order anything.
    pub submitted_at: DateTime<Utc>,
    /// Where it stands.
    pub status: IntakeStatus,
    /// Whose record it went into.
    pub patient_id: Option<PatientId>,
    /// Who reviewed it.
    pub reviewed_by: Option<String>,
    /// When.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// Why it was rejected.
    pub rejection_reason: Option<String>,
    /// The answers about health, kept apart so that the front desk need not hold them (45 CFR 164.502(b)).
    pub history_response_id: Option<QuestionnaireResponseId>,
    /// Everything else that was said, as it was said.
    pub content: Submission,
}
crate::redacted_debug!(Intake);

/// Where a submission stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntakeStatus {
    /// Waits for review.
    Pending,
    /// Went into a record.
    Accepted,
    /// Did not.
    Rejected,
}
