//! What the kiosk sends: one part per screen, each checked by the same rules on the tablet and on the server.

use super::consent::{ConsentDecision, ConsentKind, Signature};
use super::questionnaire::{Answers, QuestionnaireResponse};
use crate::coverage::{PayerOrder, Subscriber, SubscriberRelationship};
use crate::id::*;
use crate::patients::Sex;
use crate::text::Lang;
use crate::validate::Today;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Everything that was said, but for the answers about health. A section that a returning patient left
/// unchanged is absent.
#[derive(Clone, PartialEq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
pub struct Submission {
    /// Language it was filled in.
    pub language: Lang,
    /// Who held the tablet.
    pub filled_by: FilledBy,
    /// Whether they say they have been here before.
    pub returning: bool,
    /// Who it is about.
    #[garde(dive)]
    pub identity: Identity,
    /// About the person.
    #[garde(dive)]
    pub details: Option<Details>,
    /// How to reach them.
    #[garde(dive)]
    pub contact: Option<Contact>,
    /// How the visit is paid.
    #[garde(dive)]
    pub insurance: InsuranceAnswer,
    /// Whom to call.
    #[garde(dive)]
    pub emergency_contact: Option<Person>,
    /// Who pays, when it is not the patient.
    #[garde(dive, custom(crate::validate::guarantor_for(self.identity.birth_on, self.returning)))]
    pub guarantor: Option<Person>,
    /// Why they came.
    #[garde(custom(crate::validate::reason))]
    pub reason: String,
    /// One for each consent that was shown.
    #[garde(dive)]
    pub consents: Vec<SubmittedConsent>,
}

/// Who held the tablet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum FilledBy {
    /// The patient.
    #[default]
    Patient,
    /// A parent.
    Parent,
    /// Someone who helps.
    Helper,
}

/// Date of birth, name, and one thing more. Matched on the server and at the desk, never at the kiosk.
#[derive(Clone, PartialEq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
pub struct Identity {
    /// Given name.
    #[garde(custom(crate::validate::either_name(&self.family_name)))]
    pub given_name: String,
    /// Middle name.
    #[garde(custom(crate::validate::optional_line))]
    pub middle_name: Option<String>,
    /// Family name.
    #[garde(custom(crate::validate::either_name(&self.given_name)))]
    pub family_name: String,
    /// Suffix.
    #[garde(custom(crate::validate::optional_line))]
    pub suffix: Option<String>,
    /// What to call them.
    #[garde(custom(crate::validate::optional_line))]
    pub preferred_name: Option<String>,
    /// Date of birth.
    #[garde(custom(crate::validate::birth))]
    pub birth_on: NaiveDate,
    /// Mobile phone.
    #[garde(custom(crate::validate::phone))]
    pub phone: String,
}

/// About the person.
#[derive(Clone, PartialEq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
pub struct Details {
    /// Sex on the insurance record.
    pub sex: Sex,
    /// In their words.
    #[garde(custom(crate::validate::optional_line))]
    pub gender_identity: Option<String>,
    /// In their words.
    #[garde(custom(crate::validate::optional_line))]
    pub pronouns: Option<String>,
    /// Whether they want an interpreter.
    pub interpreter_needed: bool,
    /// OMB codes.
    #[garde(custom(crate::validate::lines))]
    pub race_codes: Vec<String>,
    /// OMB code.
    #[garde(custom(crate::validate::optional_line))]
    pub ethnicity_code: Option<String>,
}

/// How to reach them.
#[derive(Clone, PartialEq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
pub struct Contact {
    /// Whether the phone may be texted.
    pub may_text: bool,
    /// Email.
    #[garde(custom(crate::validate::optional_email))]
    pub email: Option<String>,
    /// Street; absent with no fixed address.
    #[garde(dive)]
    pub address: Option<SubmittedAddress>,
}

/// A postal address, as typed.
#[derive(Clone, PartialEq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
pub struct SubmittedAddress {
    /// Street.
    #[garde(custom(crate::validate::street))]
    pub line1: String,
    /// Anything that helps.
    #[garde(custom(crate::validate::optional_line))]
    pub line2: Option<String>,
    /// City.
    #[garde(custom(crate::validate::city))]
    pub city: String,
    /// Two letters.
    #[garde(custom(crate::validate::state))]
    pub state: String,
    /// ZIP.
    #[garde(custom(crate::validate::zip))]
    pub postal_code: String,
}

/// How the visit is paid.
#[derive(Clone, PartialEq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
#[serde(rename_all = "snake_case", tag = "kind", try_from = "WrittenInsurance")]
pub enum InsuranceAnswer {
    /// As last time.
    Same,
    /// Without insurance.
    SelfPay,
    /// With these.
    Coverages {
        /// In the order in which they pay.
        #[garde(dive)]
        coverages: Vec<SubmittedCoverage>,
    },
}

/// As it is written, whatever the kind: read without holding the whole of it first to look for the kind.
#[derive(Deserialize)]
struct WrittenInsurance {
    kind: InsuranceKind,
    #[serde(default)]
    coverages: Option<Vec<SubmittedCoverage>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum InsuranceKind {
    Same,
    SelfPay,
    Coverages,
}

impl TryFrom<WrittenInsurance> for InsuranceAnswer {
    type Error = &'static str;

    fn try_from(written: WrittenInsurance) -> Result<InsuranceAnswer, &'static str> {
        Ok(match written.kind {
            InsuranceKind::Same => InsuranceAnswer::Same,
            InsuranceKind::SelfPay => InsuranceAnswer::SelfPay,
            InsuranceKind::Coverages => InsuranceAnswer::Coverages {
                coverages: written.coverages.ok_or("missing field `coverages`")?,
            },
        })
    }
}

/// A coverage, as typed and photographed.
#[derive(Clone, PartialEq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
pub struct SubmittedCoverage {
    /// Who pays first.
    pub payer_order: PayerOrder,
    /// Insurer's name.
    #[garde(custom(crate::validate::payer))]
    pub payer_name: String,
    /// Member id.
    #[garde(custom(crate::validate::member_id))]
    pub member_id: String,
    /// Group number.
    #[garde(custom(crate::validate::optional_line))]
    pub group_number: Option<String>,
    /// What the patient is to the subscriber.
    pub subscriber_relationship: SubscriberRelationship,
    /// Who holds it, when not the patient.
    #[garde(dive, custom(crate::validate::subscriber_of(self.subscriber_relationship)))]
    pub subscriber: Option<Subscriber>,
    /// SHA-256 of the photo of the front.
    #[garde(custom(crate::validate::optional_hash))]
    pub card_front: Option<String>,
    /// SHA-256 of the photo of the back.
    #[garde(custom(crate::validate::optional_hash))]
    pub card_back: Option<String>,
}

/// Someone around the patient, as typed.
#[derive(Clone, PartialEq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
pub struct Person {
    /// Given name.
    #[garde(custom(crate::validate::either_name(&self.family_name)))]
    pub given_name: String,
    /// Family name.
    #[garde(custom(crate::validate::either_name(&self.given_name)))]
    pub family_name: String,
    /// "mother"
    #[garde(custom(crate::validate::relationship))]
    pub relationship: String,
    /// Phone.
    #[garde(custom(crate::validate::phone))]
    pub phone: String,
    /// Date of birth, for a guarantor.
    #[garde(custom(crate::validate::optional_birth))]
    pub birth_on: Option<NaiveDate>,
}

/// What was decided about one consent.
#[derive(Clone, PartialEq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
pub struct SubmittedConsent {
    /// Which text.
    pub form_id: ConsentFormId,
    /// Of what.
    pub kind: ConsentKind,
    /// SHA-256 of the text as shown.
    pub text_hash: String,
    /// Agreed or declined.
    pub decision: ConsentDecision,
    /// The signature, unless declined.
    #[garde(custom(crate::validate::signed(self.decision)))]
    pub signature: Option<Signature>,
    /// When, by the device's clock.
    pub signed_at: DateTime<Utc>,
}

/// Answers about health, which travel with a submission and are stored apart from it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryAnswers {
    /// What was asked.
    pub questionnaire_id: QuestionnaireId,
    /// What was answered.
    pub answers: Answers,
    /// Where the form asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
}

impl HistoryAnswers {
    /// The row that keeps them as they were said, before anything was checked: nobody's, and not summed up.
    pub(crate) fn kept(
        &self,
        id: QuestionnaireResponseId,
        intake_id: Option<IntakeId>,
        authored_at: DateTime<Utc>,
    ) -> QuestionnaireResponse {
        QuestionnaireResponse {
            id,
            patient_id: None,
            intake_id,
            questionnaire_id: self.questionnaire_id,
            answers: self.answers.clone(),
            authored_at,
            appointment_id: None,
            score: None,
            attention: false,
            authored_by: None,
            language: None,
            signature: self.signature.clone(),
        }
    }
}
crate::redacted_debug!(
    Submission,
    Identity,
    Details,
    Contact,
    SubmittedAddress,
    InsuranceAnswer,
    SubmittedCoverage,
    Person,
    SubmittedConsent,
    HistoryAnswers,
);

impl Submission {
    /// Hashes of every photo that the submission points at.
    pub fn photos(&self) -> Vec<String> {
        match &self.insurance {
            InsuranceAnswer::Coverages { coverages } => coverages
                .iter()
                .flat_map(|c| [c.card_front.clone(), c.card_back.clone()])
                .flatten()
                .collect(),
            _ => Vec::new(),
        }
    }
}
