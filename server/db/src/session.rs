//! Who is signed in. Only a hash of the token is kept: a copy of this table opens nothing.

use crate::Db;
use crate::error::{DbError, Result};
use crate::table;
use crate::together::Together;
use chrono::{DateTime, Utc};
use domain::access::Role;
use domain::id::{DeviceId, PracticeId, WorkforceMemberId};
use domain::practice::{Device, WorkforceMember};
use domain::row::{Entity, Key, Row};
use futures::future::try_join_all;
use std::collections::{BTreeMap, HashMap};
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

/// A session, and whom it names as they are now.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// Its member; nothing when it has none, or they are known no more.
    pub member: Option<WorkforceMember>,
    /// Its device; nothing when it is known no more.
    pub device: Option<Device>,
}

/// Tokens, by their hash.
pub(crate) type Line = Together<Vec<u8>, Result<Option<SignedIn>>>;

/// Its columns, in this order, and whether its last use is a while ago.
type Columns = (
    Vec<u8>,
    Uuid,
    Option<Uuid>,
    Uuid,
    String,
    DateTime<Utc>,
    DateTime<Utc>,
    DateTime<Utc>,
    bool,
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

    /// Whom the session of a token names, as they are now; nothing when it is over. Notes that it was used, at most once
    /// a minute, so that a busy screen does not write at every request.
    pub async fn find_signed_in(&self, token_hash: &[u8]) -> Result<Option<SignedIn>> {
        let found = |hashes: Vec<Vec<u8>>| async move {
            match self.signed_in_together(&hashes).await {
                Ok(found) => (hashes.iter()).map(|hash| Ok(found.get(hash).cloned())).collect(),
                // One that cannot be read must not shut the others out: each is looked for alone.
                Err(_) => {
                    let mut each = Vec::with_capacity(hashes.len());
                    for hash in &hashes {
                        let alone = self.signed_in_together(std::slice::from_ref(hash)).await;
                        each.push(alone.map(|found| found.get(hash).cloned()));
                    }
                    each
                }
            }
        };
        self.sessions.ask(token_hash.to_owned(), found).await
    }

    async fn signed_in_together(&self, hashes: &[Vec<u8>]) -> Result<HashMap<Vec<u8>, SignedIn>> {
        let mut practices: BTreeMap<PracticeId, Vec<(Vec<u8>, Session)>> = BTreeMap::new();
        for (hash, session) in self.sessions_of(hashes).await? {
            practices
                .entry(session.practice)
                .or_default()
                .push((hash, session));
        }
        let each = practices.into_iter().map(|(practice, sessions)| async move {
            let members = sessions.iter().filter_map(|(_, session)| session.member);
            let members = members.map(|member| Key::Row(Entity::WorkforceMember, member.0));
            let devices = sessions
                .iter()
                .map(|(_, session)| Key::Row(Entity::Device, session.device.0));
            let keys = members.chain(devices).collect();
            let mut tx = self.at_one_moment(practice).await?;
            let rows = table::load(tx.connection(), practice, &keys, table::Lock::No).await?;
            tx.commit().await?;
            let whole = sessions.into_iter().map(|(hash, session)| {
                let member = session
                    .member
                    .and_then(|member| rows.row(Entity::WorkforceMember, member.0));
                let signed = SignedIn {
                    member: match member {
                        Some(Row::WorkforceMember(member)) => Some(member.clone()),
                        _ => None,
                    },
                    device: match rows.row(Entity::Device, session.device.0) {
                        Some(Row::Device(device)) => Some(device.clone()),
                        _ => None,
                    },
                    session,
                };
                (hash, signed)
            });
            Ok::<Vec<_>, DbError>(whole.collect())
        });
        Ok(try_join_all(each).await?.into_iter().flatten().collect())
    }

    /// The session of a token, unless it is over. `last_seen_at` is the use before this one: what an idle limit is
    /// counted from.
    pub async fn find_session(&self, token_hash: &[u8]) -> Result<Option<Session>> {
        let found = self.sessions_of(&[token_hash.to_owned()]).await?;
        Ok(found.into_iter().next().map(|(_, session)| session))
    }

    async fn sessions_of(&self, hashes: &[Vec<u8>]) -> Result<Vec<(Vec<u8>, Session)>> {
        let found: Vec<Columns> = sqlx::query_as(
            "SELECT token_hash, practice_id, member_id, device_id, role, created_at, last_seen_at, expires_at,
                last_seen_at < now() - interval '1 minute'
             FROM directory.session WHERE token_hash = ANY($1) AND expires_at > now()",
        )
        .bind(hashes)
        .fetch_all(&self.pool)
        .await?;
        let (mut sessions, mut unseen) = (Vec::new(), Vec::new());
        for (hash, practice, member, device, role, created_at, last_seen_at, expires_at, long_ago) in found {
            // A role that this program does not know may do nothing.
            let Some(role) = Role::from_name(&role) else {
                continue;
            };
            if long_ago {
                unseen.push(hash.clone());
            }
            let session = Session {
                practice: PracticeId(practice),
                member: member.map(WorkforceMemberId),
                device: DeviceId(device),
                role,
                created_at,
                last_seen_at,
                expires_at,
            };
            sessions.push((hash, session));
        }
        if !unseen.is_empty() {
            sqlx::query(
                "UPDATE directory.session SET last_seen_at = now() WHERE token_hash IN (
                    SELECT token_hash FROM directory.session WHERE token_hash = ANY($1)
                        AND last_seen_at < now() - interval '1 minute' FOR UPDATE SKIP LOCKED)",
            )
            .bind(unseen)
            .execute(&self.pool)
            .await?;
        }
        Ok(sessions)
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
