//! Devices on which patients stay signed in. Only the hash of a device's token is kept.

use crate::Db;
use crate::error::Result;
use crate::portal::{contact_of, ids, language};
use chrono::{DateTime, Utc};
use domain::id::{PatientId, PracticeId};
use domain::notices::Contact;
use domain::text::Lang;
use uuid::Uuid;

/// A device of somebody's own.
#[derive(Clone)]
pub struct PortalDevice {
    /// Whose records it opens.
    pub patients: Vec<PatientId>,
    /// Where the code went.
    pub contact: Contact,
    /// In which language they read.
    pub language: Lang,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

impl Db {
    /// Keeps a device.
    pub async fn create_portal_device(
        &self,
        practice: PracticeId,
        token_hash: &[u8],
        device: &PortalDevice,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.in_practice(practice).await?;
        sqlx::query(
            "INSERT INTO app.portal_device (practice_id, token_hash, patient_ids, contact_kind, contact, language,
                created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(practice.0)
        .bind(token_hash)
        .bind(ids(&device.patients))
        .bind(device.contact.kind.name())
        .bind(&device.contact.address)
        .bind(device.language.tag())
        .bind(now)
        .bind(device.expires_at)
        .execute(tx.connection())
        .await?;
        tx.commit().await
    }

    /// The device with a token.
    pub async fn portal_device(
        &self,
        practice: PracticeId,
        token_hash: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Option<PortalDevice>> {
        type Found = (Vec<Uuid>, Option<String>, Option<String>, String, DateTime<Utc>);
        let mut tx = self.at_one_moment(practice).await?;
        let found: Option<Found> = sqlx::query_as(
            "SELECT patient_ids, contact_kind, contact, language, expires_at FROM app.portal_device
             WHERE practice_id = $1 AND token_hash = $2 AND expires_at > $3",
        )
        .bind(practice.0)
        .bind(token_hash)
        .bind(now)
        .fetch_optional(tx.connection())
        .await?;
        Ok(found.and_then(|(patients, kind, address, tag, expires_at)| {
            Some(PortalDevice {
                patients: patients.into_iter().map(PatientId).collect(),
                contact: contact_of(kind, address)?,
                language: language(&tag),
                expires_at,
            })
        }))
    }

    /// Forgets a device.
    pub async fn end_portal_device(&self, practice: PracticeId, token_hash: &[u8]) -> Result<()> {
        let statement = "DELETE FROM app.portal_device WHERE practice_id = $1 AND token_hash = $2";
        self.forget_token(practice, statement, token_hash).await
    }

    /// Lets everybody out who acts for some patients, on every device, and forgets the devices.
    pub async fn end_portal_everywhere(&self, practice: PracticeId, patients: &[PatientId]) -> Result<()> {
        let mut tx = self.in_practice(practice).await?;
        for statement in [
            "DELETE FROM app.portal_device WHERE practice_id = $1 AND patient_ids && $2",
            "DELETE FROM app.portal_session WHERE practice_id = $1 AND patient_ids && $2",
        ] {
            sqlx::query(statement)
                .bind(practice.0)
                .bind(ids(patients))
                .execute(tx.connection())
                .await?;
        }
        tx.commit().await
    }
}
