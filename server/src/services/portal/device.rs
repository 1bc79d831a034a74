//! Devices of their own on which patients stay signed in: after a code, for thirty days, and only if they say so. It ends
//! when they sign out there or everywhere, and by itself when they are not reached any more by what the code went to:
//! somebody else has the number now, they died, or asked to be reached elsewhere.

use super::Portal;
use super::codes::SESSION_MINUTES;
use super::log::Noted;
use crate::access::cookies::{new_token, token_hash};
use crate::error::Result;
use chrono::{DateTime, Duration, Utc};
use db::{PortalDevice, PortalSession};
use domain::id::{PatientId, PracticeId};
use domain::notices::Contact;
use domain::row::{Entity, Row};
use domain::text::Lang;

/// How long a device stays signed in.
pub const DEVICE_DAYS: i64 = 30;

impl Portal {
    /// Lets somebody in. Their token.
    pub(super) async fn open(
        &self,
        practice: PracticeId,
        (patients, language): (Vec<PatientId>, Lang),
        noted: Noted,
        now: DateTime<Utc>,
    ) -> Result<String> {
        let session = PortalSession {
            patients,
            language,
            expires_at: now + Duration::minutes(SESSION_MINUTES),
        };
        let token = new_token();
        self.db
            .create_portal_session(practice, &token_hash(&token), &session, now)
            .await?;
        self.note(practice, &session.patients, noted).await?;
        Ok(token)
    }

    /// Keeps a device that a code came back from. Its token.
    pub(super) async fn keep(
        &self,
        practice: PracticeId,
        (patients, language): (Vec<PatientId>, Lang),
        contact: Contact,
        now: DateTime<Utc>,
    ) -> Result<String> {
        let device = PortalDevice {
            patients,
            contact,
            language,
            expires_at: now + Duration::days(DEVICE_DAYS),
        };
        let token = new_token();
        self.db
            .create_portal_device(practice, &token_hash(&token), &device, now)
            .await?;
        self.note(practice, &device.patients, Noted::done("portal.keep_device"))
            .await?;
        Ok(token)
    }

    /// Lets somebody in again on a device that was kept, for those who still are reached by what the code went to.
    pub async fn return_with(
        &self,
        practice: PracticeId,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<String>> {
        let Some(who) = self.kept_for(practice, token, now).await? else {
            return Ok(None);
        };
        let noted = Noted::done("portal.sign_in").with(serde_json::json!({"kept_device": true}));
        self.open(practice, who, noted, now).await.map(Some)
    }

    /// For whom a device is kept; for nobody any more whom its code's message would not reach today.
    async fn kept_for(
        &self,
        practice: PracticeId,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<(Vec<PatientId>, Lang)>> {
        let hash = token_hash(token);
        let Some(device) = self.db.portal_device(practice, &hash, now).await? else {
            return Ok(None);
        };
        let reached = device.patients.into_iter();
        let patients = match self.is_wrong(practice, &device.contact).await? {
            true => Vec::new(),
            false => self.still_reached(practice, reached, &device.contact).await?,
        };
        if patients.is_empty() {
            self.db.end_portal_device(practice, &hash).await?;
            return Ok(None);
        }
        Ok(Some((patients, device.language)))
    }

    /// Whether somebody said that the number or address is another person's.
    async fn is_wrong(&self, practice: PracticeId, contact: &Contact) -> Result<bool> {
        let said = self
            .db
            .row(practice, Entity::ContactOptOut, contact.row_id().0)
            .await?;
        Ok(matches!(said, Some(Row::ContactOptOut(said)) if said.is_wrong()))
    }

    /// Forgets a device.
    pub async fn forget(&self, practice: PracticeId, token: &str) -> Result<()> {
        Ok(self.db.end_portal_device(practice, &token_hash(token)).await?)
    }

    /// They go, here and everywhere: known by a session, or by the device that is kept when the session is over. Whether
    /// it is known who they are.
    pub async fn leave_everywhere(
        &self,
        practice: PracticeId,
        (session, device): (Option<&str>, Option<&str>),
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut who = None;
        if let Some(token) = session {
            who = self
                .visitor(practice, token, now)
                .await?
                .map(|visitor| visitor.patients);
        }
        if let (None, Some(token)) = (&who, device) {
            who = self
                .kept_for(practice, token, now)
                .await?
                .map(|(patients, _)| patients);
        }
        let Some(patients) = who else {
            return Ok(false);
        };
        let noted = Noted::done("portal.sign_out").with(serde_json::json!({"everywhere": true}));
        self.note(practice, &patients, noted).await?;
        self.db.end_portal_everywhere(practice, &patients).await?;
        Ok(true)
    }
}
