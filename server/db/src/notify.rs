//! Telling other servers, outside of any transaction: NOTIFY inside one takes a lock that every commit waits for.

use crate::Db;
use crate::error::Result;
use domain::id::{DeviceId, PracticeId, WorkforceMemberId};

impl Db {
    /// Wakes every server that listens on a channel. It says nothing of what happened, or to whom.
    pub async fn notify(&self, channel: &str) -> Result<()> {
        sqlx::query("SELECT pg_notify($1, '')")
            .bind(channel)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Whether someone has ever signed in on a device: only then can an entry from it be theirs.
    pub async fn has_signed_in(
        &self,
        practice: PracticeId,
        member: WorkforceMemberId,
        device: DeviceId,
    ) -> Result<bool> {
        let mut tx = self.at_one_moment(practice).await?;
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM app.audit_event WHERE practice_id = $1 AND device_id = $2
               AND actor_id = $3 AND action = 'sign_in' AND outcome = 'ok')",
        )
        .bind(practice.0)
        .bind(device.0)
        .bind(member.0)
        .fetch_one(tx.connection())
        .await?)
    }
}
