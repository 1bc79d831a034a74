//! What is taken of whom on some days: reading it, and keeping two from taking the same.
//!
//! A lock on rows does not keep others from adding rows. So whoever is about to book locks the agenda of each
//! practitioner and resource as a whole, and what they decide over is the last word; the table's own constraint stands
//! behind that.

use crate::error::Result;
use crate::table::{self, Text};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::id::PracticeId;
use domain::row::{Entity, Key, Rows};
use sqlx::PgConnection;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Locks every agenda that a batch looks at, in one order, until the transaction ends.
pub(crate) async fn lock(
    connection: &mut PgConnection,
    practice: PracticeId,
    keys: &BTreeSet<Key>,
) -> Result<()> {
    let holders: BTreeSet<i64> = keys
        .iter()
        .filter_map(|key| match key {
            // Whoever leases a holder's time must not miss who books there meanwhile.
            Key::Agenda(holder, _) | Key::Of(Entity::SlotLease, holder) => {
                Some(Uuid::new_v5(&practice.0, holder.as_bytes()).as_u64_pair().0 as i64)
            }
            _ => None,
        })
        .collect();
    if holders.is_empty() {
        return Ok(());
    }
    let holders: Vec<i64> = holders.into_iter().collect();
    sqlx::query("SELECT pg_advisory_xact_lock(holder) FROM unnest($1::bigint[]) holder")
        .bind(holders)
        .execute(connection)
        .await?;
    Ok(())
}

/// Adds what is taken on the days that are asked for.
pub(crate) async fn load(
    connection: &mut PgConnection,
    practice: PracticeId,
    keys: &BTreeSet<Key>,
    rows: &mut Rows,
) -> Result<()> {
    let (mut holders, mut days) = (Vec::<Uuid>::new(), Vec::<DateTime<Utc>>::new());
    for key in keys {
        if let Key::Agenda(holder, day) = key
            && let Some(day) = NaiveDate::from_num_days_from_ce_opt(*day)
        {
            holders.push(*holder);
            days.push(day.and_time(NaiveTime::MIN).and_utc());
        }
    }
    if holders.is_empty() {
        return Ok(());
    }
    let ends: Vec<DateTime<Utc>> = days.iter().map(|day| *day + TimeDelta::days(1)).collect();
    // Nothing is taken for longer than a day, so that the index on beginnings finds it.
    let found = sqlx::query_scalar::<_, Text>(
        "SELECT DISTINCT ON (t.id) to_json(t) FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[])
            AS asked(holder_id, day, next)
         JOIN app.busy t ON t.practice_id = $1 AND t.holder_id = asked.holder_id AND t.status <> 'free'
            AND t.from_at > asked.day - interval '24 hours' AND t.from_at < asked.next AND t.until_at > asked.day",
    )
    .bind(practice.0)
    .bind(holders)
    .bind(days)
    .bind(ends)
    .fetch_all(connection)
    .await?;
    for body in found {
        rows.put(table::read_row(Entity::Busy, &body)?);
    }
    Ok(())
}

/// A batch may give a time back and take it again, in whichever order its rows are written.
pub(crate) async fn defer(connection: &mut PgConnection) -> Result<()> {
    sqlx::query("SET CONSTRAINTS app.busy_taken_once, app.slot_lease_once DEFERRED")
        .execute(connection)
        .await?;
    Ok(())
}

/// Now it must be right.
pub(crate) async fn enforce(connection: &mut PgConnection) -> Result<()> {
    sqlx::query("SET CONSTRAINTS app.busy_taken_once, app.slot_lease_once IMMEDIATE")
        .execute(connection)
        .await?;
    Ok(())
}
