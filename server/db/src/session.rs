//! Who is signed in. Only a hash of the token is kept: a copy of this table opens nothing.

use crate::Db;
use crate::error::Result;
use chrono::{DateTime, Utc};
use domain::access::Role;
use domain::id::{DeviceId, PracticeId, WorkforceMemberId};
use uuid::Uuid;

/// A session to be.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Hash of the token.
    pub token_hash: Vec<u8>,
    /// Where.
    pub practice: PracticeId,
    /// Who; nobody on a kiosk.
    pub member: Option<WorkforceMemberId>,
    /// On what.
    pub device: DeviceId,
    /// As what.
    pub role: Role,
    /// Until when, whatever happens.
    pub expires_at: DateTime<Utc>,
}

/// A session.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Where.
    pub practice: PracticeId,
    /// Who; nobody on a kiosk.
    pub member: Option<WorkforceMemberId>,
    /// On what.
    pub device: DeviceId,
    /// As what.
    pub role: Role,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// Its columns, in this order.
type Columns = (
    Uuid,
    Option<Uuid>,
    Uuid,
    String,
    DateTime<Utc>,
    DateTime<Utc>,
    DateTime<Utc>,
);

impl Db {
    /// Signs someone in.
    pub async fn create_session(&self, session: &NewSession) -> Result<()> {
        sqlx::query(
            "INSERT INTO directory.session (token_hash, practice_id, member_id, device_id, role, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&session.token_hash)
        .bind(session.practice.0)
        .bind(session.member.map(|member| member.0))
        .bind(session.device.0)
        .bind(session.role.name())
        .bind(session.expires_at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The session of a token, unless it is over. Notes that it was used, at most once a minute, so that a busy screen
    /// does not write at every request. `last_seen_at` is the use before this one: what an idle limit is counted from.
    pub async fn find_session(&self, token_hash: &[u8]) -> Result<Option<Session>> {
        let found: Option<Columns> = sqlx::query_as(
            "SELECT practice_id, member_id, device_id, role, created_at, last_seen_at, expires_at
             FROM directory.session WHERE token_hash = $1 AND expires_at > now()",
        )
        .bind(token_hash)
        .fetch_optional(&self.pool)
        .await?;
        let Some((practice, member, device, role, created_at, last_seen_at, expires_at)) = found else {
            return Ok(None);
        };
        // A role that this program does not know may do nothing.
        let Some(role) = Role::from_name(&role) else {
            return Ok(None);
        };
        sqlx::query(
            "UPDATE directory.session SET last_seen_at = now()
             WHERE token_hash = $1 AND last_seen_at < now() - interval '1 minute'",
        )
        .bind(token_hash)
        .execute(&self.pool)
        .await?;
        Ok(Some(Session {
            practice: PracticeId(practice),
            member: member.map(WorkforceMemberId),
            device: DeviceId(device),
            role,
            created_at,
            last_seen_at,
            expires_at,
        }))
    }

    /// Signs one session out.
    pub async fn delete_session(&self, token_hash: &[u8]) -> Result<()> {
        sqlx::query("DELETE FROM directory.session WHERE token_hash = $1")
            .bind(token_hash)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Signs a member out everywhere: the password changed, or they left.
    pub async fn delete_sessions_of(&self, practice: PracticeId, member: WorkforceMemberId) -> Result<u64> {
        let done = sqlx::query("DELETE FROM directory.session WHERE practice_id = $1 AND member_id = $2")
            .bind(practice.0)
            .bind(member.0)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected())
    }

    /// Forgets sessions and enrolment codes that are over.
    pub async fn sweep(&self) -> Result<u64> {
        let sessions = sqlx::query("DELETE FROM directory.session WHERE expires_at < now()")
            .execute(&self.pool)
            .await?;
        let codes =
            sqlx::query("DELETE FROM directory.enrolment_code WHERE expires_at < now() - interval '30 days'")
                .execute(&self.pool)
                .await?;
        Ok(sessions.rows_affected() + codes.rows_affected())
    }
}
