//! What a server function asks of the server. One implementation per request, which knows who is asking.

use crate::error::AppError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::access::Role;
use domain::id::{DeviceId, PatientId, PracticeId, PractitionerId, SiteId, WorkforceMemberId};
use domain::intake::{ConsentForm, Questionnaire};
use domain::row::Compartment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use sync::b64::Bytes;
use sync::wire::{PullRequest, PullResponse, PushRequest, PushResponse};

/// Who signs in, where.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignIn {
    /// Sign-in name.
    pub login: String,
    /// Passphrase.
    pub passphrase: String,
    /// The device, when it was here before.
    pub device: Option<DeviceId>,
    /// What to call it otherwise.
    pub device_label: String,
}

/// A new passphrase for whoever is signed in.
#[derive(Clone, Serialize, Deserialize)]
pub struct ChangePassphrase {
    /// The one that is right now.
    pub old: String,
    /// At least [`domain::access::SHORTEST_PASSPHRASE`] characters.
    pub new: String,
}

/// What a device needs to work for someone, also offline.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignedIn {
    /// Whose.
    pub practice: PracticeId,
    /// Its name.
    pub practice_name: String,
    /// This device.
    pub device: DeviceId,
    /// The practice's intake key, public half.
    pub intake_key: Bytes,
    /// Who.
    pub member: WorkforceMemberId,
    /// Shown.
    pub display_name: String,
    /// What they may do.
    pub role: Role,
    /// Data keys of this device, for the compartments of that role.
    pub keys: BTreeMap<Compartment, Bytes>,
    /// Made-up data.
    pub demo: bool,
    /// With which this device gets its cookie back: a browser that is cut off may lose a fresh one.
    #[serde(default)]
    pub renewal: Option<String>,
}

/// What a kiosk needs, also offline. Nothing about patients.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct KioskSettings {
    /// Whose.
    pub practice: PracticeId,
    /// Its name.
    pub practice_name: String,
    /// This kiosk.
    pub device: DeviceId,
    /// "Kiosk 2"
    pub label: String,
    /// Where it stands.
    pub site: Option<SiteId>,
    /// That site's name.
    pub site_name: String,
    /// The practice's intake key, public half.
    pub intake_key: Bytes,
    /// The first of the forms, for kiosks that were built before there could be several.
    pub questionnaire: Option<Questionnaire>,
    /// The newest version of every form that everyone is asked, in the order in which they are asked.
    #[serde(default)]
    pub forms: Vec<Questionnaire>,
    /// The newest text of each kind of consent.
    pub consents: Vec<ConsentForm>,
    /// Salt of the PIN that staff leave the kiosk with.
    pub pin_salt: Bytes,
    /// That PIN's tag; see [`sync::cipher::pin_tag`].
    pub pin_hash: Bytes,
    /// Made-up data.
    pub demo: bool,
    /// Given once, at enrolment; see [`SignedIn::renewal`].
    #[serde(default)]
    pub renewal: Option<String>,
}

impl KioskSettings {
    /// The forms to ask, in order; what an older server or an older build kept counts, too.
    pub fn forms(&self) -> &[Questionnaire] {
        if self.forms.is_empty() {
            self.questionnaire.as_slice()
        } else {
            &self.forms
        }
    }
}

/// A photo on its way.
#[derive(Clone, Serialize, Deserialize)]
pub struct PutAttachment {
    /// SHA-256 of the photo.
    pub hash: String,
    /// The photo, sealed as commands are.
    pub sealed: Bytes,
}

/// A photo to look at.
#[derive(Clone, Serialize, Deserialize)]
pub struct Attachment {
    /// Always an image that the server made anew from what came.
    pub media_type: String,
    /// SHA-256 of what came.
    pub hash: String,
    /// The image.
    pub bytes: Bytes,
}

/// A one-time code for a new kiosk.
#[derive(Clone, Serialize, Deserialize)]
pub struct NewCode {
    /// What to call the kiosk.
    pub label: String,
    /// Where it will stand.
    pub site: Option<SiteId>,
}

/// What was read on a device, from its own replica (45 CFR 164.312(b)).
#[derive(Clone, Serialize, Deserialize)]
pub struct LocalRead {
    /// Whose record.
    pub patient: Option<PatientId>,
    /// What: "record", "search", "intake".
    pub what: String,
    /// Who.
    pub member: WorkforceMemberId,
    /// When, by the device's clock.
    pub at: DateTime<Utc>,
}

/// What the owner reads out at a new kiosk.
#[derive(Clone, Serialize, Deserialize)]
pub struct EnrolmentCode {
    /// Good once, for an hour.
    pub code: String,
    /// With which staff leave every kiosk of the practice.
    pub staff_pin: String,
}

/// The server, as one request sees it.
#[async_trait]
pub trait ServerPort: Send + Sync {
    /// Takes commands in.
    async fn push(&self, request: PushRequest) -> Result<PushResponse, AppError>;
    /// Gives what changed.
    async fn pull(&self, request: PullRequest) -> Result<PullResponse, AppError>;
    /// Takes a photo in; again is no mistake. Gives the revision by which it is here.
    async fn put_attachment(&self, photo: PutAttachment) -> Result<u64, AppError>;
    /// Gives a photo, to the member who looks at it.
    async fn get_attachment(
        &self,
        hash: String,
        member: Option<WorkforceMemberId>,
    ) -> Result<Attachment, AppError>;
    /// Begins a session.
    async fn sign_in(&self, who: SignIn) -> Result<SignedIn, AppError>;
    /// Changes the passphrase of whoever is signed in, ends their other sessions, and begins a new one.
    async fn change_passphrase(&self, wanted: ChangePassphrase) -> Result<SignedIn, AppError>;
    /// Ends it.
    async fn sign_out(&self) -> Result<(), AppError>;
    /// Makes a one-time code.
    async fn create_enrolment_code(&self, wanted: NewCode) -> Result<EnrolmentCode, AppError>;
    /// Lets a kiosk in.
    async fn enrol_kiosk(&self, code: String) -> Result<KioskSettings, AppError>;
    /// Gives a device its cookie back.
    async fn renew_device(&self, renewal: String) -> Result<(), AppError>;
    /// Gives a kiosk its newest settings.
    async fn kiosk_settings(&self) -> Result<KioskSettings, AppError>;
    /// Makes a new address of a practitioner's calendar; the old one ends. The address, which is shown once.
    async fn create_calendar_feed(&self, practitioner: PractitionerId) -> Result<String, AppError>;
    /// Takes a device's own log of reads in.
    async fn push_reads(&self, reads: Vec<LocalRead>) -> Result<(), AppError>;
}

/// The server of the request that is being answered.
pub fn server() -> Result<Arc<dyn ServerPort>, AppError> {
    leptos::prelude::use_context::<Arc<dyn ServerPort>>()
        .ok_or_else(|| AppError::Internal("no server in context".to_owned()))
}

domain::redacted_debug!(
    SignIn,
    ChangePassphrase,
    SignedIn,
    PutAttachment,
    Attachment,
    NewCode,
    LocalRead,
    KioskSettings,
    EnrolmentCode
);
