//! Photos, by the hash of what the device sent. They come before or after the command that names them.

use crate::Db;
use crate::audit::{Actor, AuditEvent};
use crate::error::{DbError, Result};
use domain::id::{PatientId, PracticeId};
use serde_json::json;

/// A photo.
#[derive(Clone, PartialEq, sqlx::FromRow)]
pub struct Attachment {
    /// SHA-256 of `bytes`, in hex.
    pub hash: String,
    /// As found by looking at the bytes, not as claimed.
    pub media_type: String,
    /// As received, for the hash.
    pub bytes: Vec<u8>,
    /// Encoded anew: what is shown.
    pub derivative: Option<Vec<u8>>,
}

impl std::fmt::Debug for Attachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Attachment({}, {} bytes)", self.hash, self.bytes.len())
    }
}

impl Db {
    /// Keeps a photo; one that is there already stays as it is. True when it was new.
    pub async fn put_attachment(
        &self,
        practice: PracticeId,
        actor: &Actor,
        attachment: &Attachment,
    ) -> Result<bool> {
        if sync::sha256_hex(&attachment.bytes) != attachment.hash {
            return Err(DbError::Unfit("the bytes of an attachment do not have its hash"));
        }
        let mut tx = self.in_practice(practice).await?;
        let new = sqlx::query(
            "INSERT INTO app.attachment (practice_id, hash, media_type, bytes, derivative, size, device_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        )
        .bind(practice.0)
        .bind(&attachment.hash)
        .bind(&attachment.media_type)
        .bind(&attachment.bytes)
        .bind(&attachment.derivative)
        .bind(attachment.bytes.len() as i64)
        .bind(actor.device.map(|device| device.0))
        .execute(tx.connection())
        .await?
        .rows_affected()
            > 0;
        if new {
            let detail = json!({ "hash": attachment.hash, "size": attachment.bytes.len() });
            tx.audit(&[AuditEvent::new(actor, "put_attachment").with(detail)])
                .await?;
        }
        tx.commit().await?;
        Ok(new)
    }

    /// A photo, for someone to see, about a patient when the caller knows whom; the audit says that they did. Nothing
    /// when it has not come yet.
    pub async fn get_attachment(
        &self,
        practice: PracticeId,
        actor: &Actor,
        hash: &str,
        patient: Option<PatientId>,
    ) -> Result<Option<Attachment>> {
        let mut tx = self.in_practice(practice).await?;
        let found: Option<Attachment> = sqlx::query_as(
            "SELECT hash, media_type, bytes, derivative FROM app.attachment WHERE practice_id = $1 AND hash = $2",
        )
        .bind(practice.0)
        .bind(hash)
        .fetch_optional(tx.connection())
        .await?;
        if found.is_some() {
            let event = AuditEvent::new(actor, "get_attachment")
                .about(patient)
                .with(json!({ "hash": hash }));
            tx.audit(&[event]).await?;
        }
        tx.commit().await?;
        Ok(found)
    }
}
