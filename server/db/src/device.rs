//! How a device gets in: a code that works once, then a credential of its own.

use crate::Db;
use crate::error::Result;
use chrono::{DateTime, Utc};
use domain::id::{DeviceId, PracticeId, SiteId};
use domain::practice::DeviceKind;
use uuid::Uuid;

/// A code to be.
#[derive(Clone, Debug)]
pub struct NewEnrolmentCode {
    /// Hash of the code.
    pub code_hash: Vec<u8>,
    /// Where.
    pub practice: PracticeId,
    /// At which site.
    pub site: Option<SiteId>,
    /// What the device will be called.
    pub label: String,
    /// What it is for.
    pub kind: DeviceKind,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// What a code was good for.
#[derive(Clone, Debug, PartialEq)]
pub struct Redeemed {
    /// Where.
    pub practice: PracticeId,
    /// At which site.
    pub site: Option<SiteId>,
    /// What the device is called.
    pub label: String,
    /// What it is for.
    pub kind: DeviceKind,
}

/// Whose a device's secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceCredential {
    /// Where.
    pub practice: PracticeId,
    /// Which.
    pub device: DeviceId,
    /// When it was shut out. It may still send what it has.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Db {
    /// Makes a code.
    pub async fn create_enrolment_code(&self, code: &NewEnrolmentCode) -> Result<()> {
        let kind = match code.kind {
            DeviceKind::Kiosk => "kiosk",
            DeviceKind::Staff => "staff",
        };
        sqlx::query(
            "INSERT INTO directory.enrolment_code (code_hash, practice_id, site_id, label, kind, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&code.code_hash)
        .bind(code.practice.0)
        .bind(code.site.map(|site| site.0))
        .bind(&code.label)
        .bind(kind)
        .bind(code.expires_at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Uses a code up. Of many who try at once, one gets it; whether the others' was used, expired or never there,
    /// they are not told.
    pub async fn redeem_enrolment_code(&self, code_hash: &[u8]) -> Result<Option<Redeemed>> {
        let found: Option<(Uuid, Option<Uuid>, String, String)> = sqlx::query_as(
            "UPDATE directory.enrolment_code SET used_at = now()
             WHERE code_hash = $1 AND used_at IS NULL AND expires_at > now()
             RETURNING practice_id, site_id, label, kind",
        )
        .bind(code_hash)
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.map(|(practice, site, label, kind)| Redeemed {
            practice: PracticeId(practice),
            site: site.map(SiteId),
            label,
            kind: if kind == "kiosk" {
                DeviceKind::Kiosk
            } else {
                DeviceKind::Staff
            },
        }))
    }

    /// Gives a device its secret.
    pub async fn create_device_credential(
        &self,
        token_hash: &[u8],
        practice: PracticeId,
        device: DeviceId,
    ) -> Result<()> {
        sqlx::query("INSERT INTO directory.device_credential (token_hash, practice_id, device_id) VALUES ($1, $2, $3)")
            .bind(token_hash)
            .bind(practice.0)
            .bind(device.0)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Whose a secret is, shut out or not.
    pub async fn find_device_credential(&self, token_hash: &[u8]) -> Result<Option<DeviceCredential>> {
        let found: Option<(Uuid, Uuid, Option<DateTime<Utc>>)> = sqlx::query_as(
            "SELECT practice_id, device_id, revoked_at FROM directory.device_credential WHERE token_hash = $1",
        )
        .bind(token_hash)
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.map(|(practice, device, revoked_at)| DeviceCredential {
            practice: PracticeId(practice),
            device: DeviceId(device),
            revoked_at,
        }))
    }

    /// Shuts a device out.
    pub async fn revoke_device_credentials(&self, practice: PracticeId, device: DeviceId) -> Result<u64> {
        let done = sqlx::query(
            "UPDATE directory.device_credential SET revoked_at = now()
             WHERE practice_id = $1 AND device_id = $2 AND revoked_at IS NULL",
        )
        .bind(practice.0)
        .bind(device.0)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }
}
