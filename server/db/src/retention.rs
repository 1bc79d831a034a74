//! What is forgotten: changes that every device has, or that are so old that whoever lacks them begins anew.

use crate::error::Result;
use chrono::{DateTime, Utc};
use domain::id::PracticeId;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

/// A device that was not here for so long is not waited for: it begins anew, and sends what it has all the same.
const AWAY_DAYS: i32 = 180;

/// What was compacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compacted {
    /// Whose.
    pub practice: PracticeId,
    /// Up to where the log is compacted now.
    pub horizon: u64,
    /// How many changes were forgotten.
    pub changes: u64,
}

/// Forgets changes made before a time that every live device has fetched, in every practice. Of each patient's
/// membership the newest is kept: it says who moved. Receipts, rows and the audit stay. Runs as the owner's login.
pub async fn compact(admin_url: &str, before: DateTime<Utc>) -> Result<Vec<Compacted>> {
    let mut connection = PgConnection::connect_with(&crate::schema::options(admin_url)?).await?;
    let practices: Vec<Uuid> = sqlx::query_scalar("SELECT practice_id FROM directory.practice_head")
        .fetch_all(&mut connection)
        .await?;
    let mut all = Vec::with_capacity(practices.len());
    for practice in practices {
        let mut tx = connection.begin().await?;
        sqlx::query("SET LOCAL ROLE app_maint").execute(&mut *tx).await?;
        sqlx::query("SELECT set_config('app.practice', $1, true)")
            .bind(practice.to_string())
            .execute(&mut *tx)
            .await?;
        // Nobody is told of a change that is being forgotten.
        let known: i64 = sqlx::query_scalar(
            "SELECT horizon FROM directory.practice_head WHERE practice_id = $1 FOR UPDATE",
        )
        .bind(practice)
        .fetch_one(&mut *tx)
        .await?;
        let horizon: i64 = sqlx::query_scalar(
            "SELECT greatest($2, least(
                coalesce((SELECT max(rev) FROM app.audit_event
                    WHERE practice_id = $1 AND rev IS NOT NULL AND at < $3), 0),
                coalesce((SELECT min(pulled_rev) FROM app.device_cursor
                    WHERE practice_id = $1 AND pulled_rev IS NOT NULL
                        AND pulled_at > now() - make_interval(days => $4)),
                    (SELECT rev FROM directory.practice_head WHERE practice_id = $1))))",
        )
        .bind(practice)
        .bind(known)
        .bind(before)
        .bind(AWAY_DAYS)
        .fetch_one(&mut *tx)
        .await?;
        let changes = sqlx::query(
            "DELETE FROM app.change c WHERE c.practice_id = $1 AND c.rev <= $2
                AND NOT (c.entity = 'membership' AND NOT EXISTS (
                    SELECT 1 FROM app.change n WHERE n.practice_id = c.practice_id AND n.entity = 'membership'
                        AND n.patient_id = c.patient_id AND n.rev > c.rev AND n.rev <= $2))",
        )
        .bind(practice)
        .bind(horizon)
        .execute(&mut *tx)
        .await?
        .rows_affected();
        sqlx::query("UPDATE directory.practice_head SET horizon = $2 WHERE practice_id = $1")
            .bind(practice)
            .bind(horizon)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        all.push(Compacted {
            practice: PracticeId(practice),
            horizon: horizon.unsigned_abs(),
            changes,
        });
    }
    Ok(all)
}
