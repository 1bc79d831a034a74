//! The practice's head: which history, and how far it has come.

use crate::Db;
use crate::audit::{Actor, AuditEvent};
use crate::error::{DbError, Result};
use crate::tx::PracticeTx;
use domain::id::{DeviceId, PracticeId};
use domain::practice::Device;
use domain::row::{Entity, Key, Row, Rows};
use serde_json::json;
use sqlx::{FromRow, PgConnection};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A practice's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Another one means another history.
    pub epoch: Uuid,
    /// The newest revision.
    pub rev: u64,
    /// Covered by a verified backup.
    pub durable_rev: u64,
    /// Up to where the log was compacted.
    pub horizon: u64,
}

impl<'r> FromRow<'r, sqlx::postgres::PgRow> for Head {
    fn from_row(row: &'r sqlx::postgres::PgRow) -> sqlx::Result<Self> {
        use sqlx::Row as _;
        Ok(Head {
            epoch: row.try_get("epoch")?,
            rev: row.try_get::<i64, _>("rev")?.unsigned_abs(),
            durable_rev: row.try_get::<i64, _>("durable_rev")?.unsigned_abs(),
            horizon: row.try_get::<i64, _>("horizon")?.unsigned_abs(),
        })
    }
}

/// A device, and when it was last here.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceStatus {
    /// The device.
    pub device: Device,
    /// The last number judged.
    pub last_seq: u64,
    /// When it last pushed or pulled.
    pub last_seen_at: Option<chrono::DateTime<chrono::Utc>>,
    /// The build it runs.
    pub build: Option<String>,
    /// How far it said it is; nothing for a device that only sends.
    pub pulled_rev: Option<u64>,
    /// Of which scope.
    pub scope: Option<String>,
    /// How many entries it said are waiting.
    pub unsent: Option<u32>,
}

/// The head, for reading.
pub(crate) async fn head(connection: &mut PgConnection, practice: PracticeId) -> Result<Head> {
    sqlx::query_as(
        "SELECT epoch, rev, durable_rev, horizon FROM directory.practice_head WHERE practice_id = $1",
    )
    .bind(practice.0)
    .fetch_optional(connection)
    .await?
    .ok_or(DbError::NoSuchPractice(practice))
}

/// The head, kept from others until the transaction ends. Taken last, so that it is held only for the commit.
pub(crate) async fn lock_head(connection: &mut PgConnection, practice: PracticeId) -> Result<Head> {
    sqlx::query_as(
        "SELECT epoch, rev, durable_rev, horizon FROM directory.practice_head WHERE practice_id = $1 FOR UPDATE",
    )
    .bind(practice.0)
    .fetch_optional(connection)
    .await?
    .ok_or(DbError::NoSuchPractice(practice))
}

/// Moves the head, which must be locked.
pub(crate) async fn move_head(connection: &mut PgConnection, practice: PracticeId, rev: u64) -> Result<()> {
    sqlx::query("UPDATE directory.practice_head SET rev = $2 WHERE practice_id = $1")
        .bind(practice.0)
        .bind(rev as i64)
        .execute(connection)
        .await?;
    Ok(())
}

impl Db {
    /// Makes a practice with a history of its own; one that is there stays as it is. True when it was made.
    pub async fn create_practice(&self, practice: PracticeId, name: &str) -> Result<bool> {
        let mut tx = self.in_practice(practice).await?;
        let made =
            sqlx::query("INSERT INTO directory.practice (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(practice.0)
                .bind(name)
                .execute(tx.connection())
                .await?
                .rows_affected()
                > 0;
        if made {
            sqlx::query(
                "INSERT INTO directory.practice_head (practice_id, epoch) VALUES ($1, gen_random_uuid())",
            )
            .bind(practice.0)
            .execute(tx.connection())
            .await?;
            tx.audit(&[AuditEvent::new(&Actor::system(), "create_practice")])
                .await?;
        }
        tx.commit().await?;
        Ok(made)
    }

    /// All practices, by name.
    pub async fn practices(&self) -> Result<Vec<(PracticeId, String)>> {
        let rows: Vec<(Uuid, String)> =
            sqlx::query_as("SELECT id, name FROM directory.practice ORDER BY name, id")
                .fetch_all(&self.pool)
                .await?;
        Ok(rows
            .into_iter()
            .map(|(id, name)| (PracticeId(id), name))
            .collect())
    }

    /// Every practice's newest revision, in one query: what a server asks once a second.
    pub async fn heads(&self) -> Result<Vec<(PracticeId, Uuid, u64)>> {
        let rows: Vec<(Uuid, Uuid, i64)> =
            sqlx::query_as("SELECT practice_id, epoch, rev FROM directory.practice_head")
                .fetch_all(&self.pool)
                .await?;
        Ok(rows
            .into_iter()
            .map(|(id, epoch, rev)| (PracticeId(id), epoch, rev.unsigned_abs()))
            .collect())
    }

    /// One practice's head.
    pub async fn head(&self, practice: PracticeId) -> Result<Head> {
        let mut connection = self.pool.acquire().await?;
        head(&mut connection, practice).await
    }

    /// Says that a verified backup covers everything up to a revision. Never goes back.
    pub async fn set_durable_rev(&self, practice: PracticeId, rev: u64) -> Result<()> {
        sqlx::query(
            "UPDATE directory.practice_head SET durable_rev = greatest(durable_rev, least($2, rev))
             WHERE practice_id = $1",
        )
        .bind(practice.0)
        .bind(rev as i64)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Begins another history, because this one went back: every device fetches all and sends again what is missing.
    pub async fn new_epoch(&self, practice: PracticeId, actor: &Actor, why: &str) -> Result<Uuid> {
        let mut tx = self.in_practice(practice).await?;
        lock_head(tx.connection(), practice).await?;
        let epoch = replace_epoch(&mut tx, actor, why).await?;
        tx.commit().await?;
        Ok(epoch)
    }

    /// Every row of a kind.
    pub async fn all_rows(&self, practice: PracticeId, entity: Entity) -> Result<Vec<Row>> {
        let mut tx = self.at_one_moment(practice).await?;
        crate::table::all(tx.connection(), practice, entity).await
    }

    /// The rows under some keys.
    pub async fn rows(&self, practice: PracticeId, keys: &BTreeSet<Key>) -> Result<Rows> {
        let mut tx = self.at_one_moment(practice).await?;
        crate::table::load(tx.connection(), practice, keys, crate::table::Lock::No).await
    }

    /// One row.
    pub async fn row(&self, practice: PracticeId, entity: Entity, id: Uuid) -> Result<Option<Row>> {
        let rows = self
            .rows(practice, &BTreeSet::from([Key::Row(entity, id)]))
            .await?;
        Ok(rows.row(entity, id).cloned())
    }

    /// Every enrolled device, with when it was last here.
    pub async fn devices(&self, practice: PracticeId) -> Result<Vec<DeviceStatus>> {
        type Cursor = (
            Uuid,
            i64,
            chrono::DateTime<chrono::Utc>,
            Option<String>,
            Option<i64>,
            Option<String>,
            Option<i32>,
        );
        let mut tx = self.at_one_moment(practice).await?;
        let rows = crate::table::all(tx.connection(), practice, Entity::Device).await?;
        let cursors: Vec<Cursor> = sqlx::query_as(
            "SELECT device_id, last_seq, last_seen_at, build, pulled_rev, scope, unsent
             FROM app.device_cursor WHERE practice_id = $1",
        )
        .bind(practice.0)
        .fetch_all(tx.connection())
        .await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| match row {
                Row::Device(device) => Some(device),
                _ => None,
            })
            .map(|device| {
                let cursor = cursors.iter().find(|cursor| cursor.0 == device.id.0);
                DeviceStatus {
                    last_seq: cursor.map_or(0, |c| c.1.unsigned_abs()),
                    last_seen_at: cursor.map(|c| c.2),
                    build: cursor.and_then(|c| c.3.clone()),
                    pulled_rev: cursor.and_then(|c| c.4).map(i64::unsigned_abs),
                    scope: cursor.and_then(|c| c.5.clone()),
                    unsent: cursor.and_then(|c| c.6).map(i32::unsigned_abs),
                    device,
                }
            })
            .collect())
    }

    /// Notes that a device was here, and with which build.
    pub async fn saw_device(
        &self,
        practice: PracticeId,
        device: DeviceId,
        build: Option<&str>,
    ) -> Result<()> {
        let mut tx = self.in_practice(practice).await?;
        sqlx::query(
            "INSERT INTO app.device_cursor AS c (practice_id, device_id, build) VALUES ($1, $2, $3)
             ON CONFLICT (practice_id, device_id)
             DO UPDATE SET last_seen_at = now(), build = coalesce(excluded.build, c.build)",
        )
        .bind(practice.0)
        .bind(device.0)
        .bind(build)
        .execute(tx.connection())
        .await?;
        tx.commit().await
    }
}

/// Replaces the epoch under the head's lock, and says so in the audit.
pub(crate) async fn replace_epoch(tx: &mut PracticeTx, actor: &Actor, why: &str) -> Result<Uuid> {
    let practice = tx.practice();
    let epoch: Uuid = sqlx::query_scalar(
        "UPDATE directory.practice_head SET epoch = gen_random_uuid(), durable_rev = least(durable_rev, rev)
         WHERE practice_id = $1 RETURNING epoch",
    )
    .bind(practice.0)
    .fetch_one(tx.connection())
    .await?;
    tx.audit(&[AuditEvent::new(actor, "new_epoch").with(json!({ "epoch": epoch, "why": why }))])
        .await?;
    Ok(epoch)
}
