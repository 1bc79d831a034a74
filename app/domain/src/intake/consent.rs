//! Five kinds of consent, each signed for itself: one closing signature never stands for all.

use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::id::*;
use crate::row::{Entity, Key, Row, View};
use crate::text::{Lang, Wording};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What is agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentKind {
    /// To be treated.
    Treatment,
    /// Having been given the notice of privacy practices. Not a consent: refusing never blocks care
    /// (45 CFR 164.520(c)(2)(ii)).
    PrivacyNotice,
    /// That the insurer pays the practice, and may be told what that takes.
    AssignmentOfBenefits,
    /// How the practice is paid.
    FinancialPolicy,
    /// Being texted (47 CFR 64.1200).
    Texting,
}

impl ConsentKind {
    /// All five.
    pub const ALL: [ConsentKind; 5] = [
        ConsentKind::Treatment,
        ConsentKind::PrivacyNotice,
        ConsentKind::AssignmentOfBenefits,
        ConsentKind::FinancialPolicy,
        ConsentKind::Texting,
    ];

    /// As in tables.
    pub fn name(self) -> &'static str {
        match self {
            ConsentKind::Treatment => "treatment",
            ConsentKind::PrivacyNotice => "privacy_notice",
            ConsentKind::AssignmentOfBenefits => "assignment_of_benefits",
            ConsentKind::FinancialPolicy => "financial_policy",
            ConsentKind::Texting => "texting",
        }
    }
}

/// One version of a consent's text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConsentForm {
    /// Identity of this version.
    pub id: ConsentFormId,
    /// Of what.
    pub kind: ConsentKind,
    /// Counts up.
    pub version: u32,
    /// Heading.
    pub title: Wording,
    /// The whole text; a blank line begins a paragraph.
    pub body: Wording,
    /// When it began to be used.
    pub published_at: DateTime<Utc>,
}

impl ConsentForm {
    /// SHA-256, in hex, of title and text as shown: what exactly was signed.
    pub fn text_hash(&self, lang: Lang) -> String {
        let mut hash = Sha256::new();
        hash.update(self.title.get(lang).as_bytes());
        hash.update(b"\n\n");
        hash.update(self.body.get(lang).as_bytes());
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What the patient decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentDecision {
    /// Agreed, or for the privacy notice: acknowledged.
    Agreed,
    /// Declined.
    Declined,
}

/// Who signed, to the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum SignerRelationship {
    /// The patient.
    #[default]
    Patient,
    /// A parent.
    Parent,
    /// Another personal representative (45 CFR 164.502(g)).
    Representative,
}

/// A signature: what was drawn, the name typed under it, and who that is. Drawing is not required of people
/// who cannot; the typed name is.
#[derive(Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Signature {
    /// Strokes of points, in a box 1000 wide and 300 high.
    pub strokes: Vec<Vec<(i16, i16)>>,
    /// Full name, as typed.
    pub typed_name: String,
    /// Who that is.
    pub relationship: SignerRelationship,
}

/// One consent, signed or declined (FHIR Consent).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Consent {
    /// Identity.
    pub id: ConsentId,
    /// Whose.
    pub patient_id: PatientId,
    /// Of what.
    pub kind: ConsentKind,
    /// Which text.
    pub form_id: ConsentFormId,
    /// Language it was read in, BCP 47.
    pub language: String,
    /// SHA-256 of the text as shown.
    pub text_hash: String,
    /// Agreed or declined.
    pub decision: ConsentDecision,
    /// The signature, unless declined.
    pub signature: Option<Signature>,
    /// On which device.
    pub device_id: DeviceId,
    /// When, by that device's clock.
    pub signed_at: DateTime<Utc>,
    /// Until when.
    pub revoked_at: Option<DateTime<Utc>>,
}
crate::redacted_debug!(Signature, Consent);

/// The consent of a kind that counts, of all that were ever given: the newest agreement, unless something was taken
/// back or declined since. Taking back wins over giving at the same moment, and the order in which they are looked at
/// does not matter.
pub fn in_force<'a>(
    consents: impl IntoIterator<Item = &'a Consent>,
    kind: ConsentKind,
) -> Option<&'a Consent> {
    let mut given: Option<&Consent> = None;
    let mut taken: Option<DateTime<Utc>> = None;
    for consent in consents.into_iter().filter(|consent| consent.kind == kind) {
        let ended = match consent.decision {
            ConsentDecision::Declined => Some(consent.signed_at),
            ConsentDecision::Agreed => consent.revoked_at,
        };
        taken = taken.max(ended);
        let newer = given.is_none_or(|known| (known.signed_at, known.id) < (consent.signed_at, consent.id));
        if consent.decision == ConsentDecision::Agreed && consent.revoked_at.is_none() && newer {
            given = Some(consent);
        }
    }
    given.filter(|consent| taken.is_none_or(|taken| taken < consent.signed_at))
}

/// Takes back what was agreed to. What was done under it until then stays right (45 CFR 164.508(b)(5)).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RevokeConsent {
    /// Which.
    pub consent_id: ConsentId,
    /// Whose.
    pub patient_id: PatientId,
}
crate::redacted_debug!(RevokeConsent);

/// From the moment when it was said, by the clock of the device it was said at; of two such moments, the first counts.
/// What was declined cannot be taken back.
pub fn revoke_consent(view: &impl View, ctx: &Ctx, args: &RevokeConsent) -> Result<Decision, Refusal> {
    let consent = match view.one(&Key::Row(Entity::Consent, args.consent_id.0)) {
        Some(Row::Consent(consent)) if consent.patient_id == args.patient_id => consent,
        _ => return Err(Refusal::new(RefusalCode::NotFound).with("what", "consent")),
    };
    if consent.decision == ConsentDecision::Declined {
        return Err(Refusal::new(RefusalCode::Invalid).with("field", "consent"));
    }
    // A clock that is behind must not end a consent before it was given.
    let said = ctx.device_time.max(consent.signed_at);
    let revoked_at = consent.revoked_at.map_or(said, |known| known.min(said));
    Ok(Decision::put(Row::Consent(Consent {
        revoked_at: Some(revoked_at),
        ..consent
    })))
}
