//! Changes out: what a device has not seen, in whole revisions, and only what its role may hold.

use crate::Db;
use crate::audit::{Actor, AuditEvent};
use crate::error::Result;
use crate::practice::{self, Head};
use crate::table;
use crate::tx::PracticeTx;
use chrono::{DateTime, Utc};
use domain::access::Role;
use domain::id::{CommandId, DeviceId, PracticeId};
use domain::row::Entity;
use serde_json::{Value, json};
use sync::wire::{Change, Cursor, MAX_PULL, PROTO, PullResponse};
use uuid::Uuid;

/// A change as stored.
#[derive(sqlx::FromRow)]
struct Stored {
    rev: i64,
    ord: i32,
    entity: String,
    body: Value,
    command_id: Uuid,
    about_patient: bool,
}

/// A part of the history.
struct Window {
    changes: Vec<Stored>,
    to: u64,
    more: bool,
}

impl Db {
    /// What changed after a cursor, for someone in a role on a device, at most `max` changes but never a part of a
    /// revision. `now` is the server's clock, which the device is told.
    pub async fn pull(
        &self,
        practice: PracticeId,
        actor: &Actor,
        device: DeviceId,
        cursor: Option<Cursor>,
        max: u32,
        now: DateTime<Utc>,
    ) -> Result<PullResponse> {
        let role = actor.role.unwrap_or(Role::Kiosk);
        let held: Vec<Entity> = Entity::ALL
            .iter()
            .copied()
            .filter(|entity| role.may_hold(*entity))
            .collect();
        let mut tx = self.at_one_moment(practice).await?;
        let mut head = practice::head(tx.connection(), practice).await?;
        if let Some(cursor) = cursor
            && cursor.epoch == head.epoch
            && cursor.rev > head.rev
        {
            // A device knows more of this history than the database does: it was restored by hand.
            tx.rollback().await?;
            head = self.notice_restore(practice, actor, cursor).await?;
            tx = self.at_one_moment(practice).await?;
            head = Head {
                rev: practice::head(tx.connection(), practice).await?.rev,
                ..head
            };
        }
        let known = cursor.filter(|cursor| cursor.epoch == head.epoch);
        let from = known.map_or(0, |cursor| cursor.rev);
        let window = window(&mut tx, &held, from, head.rev, max.clamp(1, MAX_PULL)).await?;
        let last_seq = last_seq(&mut tx, device).await?;
        tx.commit().await?;

        let patients = window
            .changes
            .iter()
            .filter(|change| change.about_patient)
            .count();
        if patients > 0 {
            let detail = json!({ "from": from, "to": window.to, "rows": patients });
            self.append_audit(practice, &[AuditEvent::new(actor, "pull").with(detail)])
                .await?;
        }
        let changes = window
            .changes
            .into_iter()
            .map(read_change)
            .collect::<Result<Vec<Change>>>()?;
        Ok(PullResponse {
            proto: PROTO,
            epoch: head.epoch,
            reset: cursor.is_some() && known.is_none(),
            from,
            to: window.to,
            head: head.rev,
            changes,
            more: window.more,
            last_seq,
            durable_rev: head.durable_rev,
            server_time: now,
        })
    }

    /// Looks again under the lock: of all devices that come with a cursor from the future, one begins the new history.
    async fn notice_restore(&self, practice: PracticeId, actor: &Actor, cursor: Cursor) -> Result<Head> {
        let mut tx = self.in_practice(practice).await?;
        let head = practice::lock_head(tx.connection(), practice).await?;
        if head.epoch != cursor.epoch || cursor.rev <= head.rev {
            tx.rollback().await?;
            return Ok(head);
        }
        practice::replace_epoch(&mut tx, actor, "a device knows of a later revision").await?;
        let head = practice::head(tx.connection(), practice).await?;
        tx.commit().await?;
        Ok(head)
    }
}

async fn window(tx: &mut PracticeTx, held: &[Entity], from: u64, head: u64, max: u32) -> Result<Window> {
    if held.is_empty() {
        return Ok(Window {
            changes: Vec::new(),
            to: head,
            more: false,
        });
    }
    let mut changes = read_after(tx, held, from, head, i64::from(max) + 1).await?;
    if changes.len() <= max as usize {
        return Ok(Window {
            changes,
            to: head,
            more: false,
        });
    }
    // One more than asked for came: its revision is not here as a whole.
    let cut = changes.last().map_or(0, |change| change.rev);
    changes.retain(|change| change.rev < cut);
    if changes.is_empty() {
        // A single revision is larger than what was asked for: it goes as a whole.
        changes = read_after(tx, held, from, cut.unsigned_abs(), i64::MAX).await?;
        let to = cut.unsigned_abs();
        return Ok(Window {
            changes,
            to,
            more: to < head,
        });
    }
    // Whatever lies between holds nothing for this role.
    Ok(Window {
        changes,
        to: cut.unsigned_abs() - 1,
        more: true,
    })
}

async fn read_after(
    tx: &mut PracticeTx,
    held: &[Entity],
    from: u64,
    to: u64,
    most: i64,
) -> Result<Vec<Stored>> {
    let practice = tx.practice();
    let names: Vec<&str> = held.iter().map(|entity| entity.name()).collect();
    Ok(sqlx::query_as(
        "SELECT rev, ord, entity, body, command_id, patient_id IS NOT NULL AS about_patient FROM app.change
         WHERE practice_id = $1 AND rev > $2 AND rev <= $3 AND entity = ANY($4) ORDER BY rev, ord LIMIT $5",
    )
    .bind(practice.0)
    .bind(from as i64)
    .bind(to as i64)
    .bind(names)
    .bind(most)
    .fetch_all(tx.connection())
    .await?)
}

async fn last_seq(tx: &mut PracticeTx, device: DeviceId) -> Result<u64> {
    let practice = tx.practice();
    let last: Option<i64> = sqlx::query_scalar(
        "SELECT last_seq FROM app.device_cursor WHERE practice_id = $1 AND device_id = $2",
    )
    .bind(practice.0)
    .bind(device.0)
    .fetch_optional(tx.connection())
    .await?;
    Ok(last.unwrap_or(0).unsigned_abs())
}

fn read_change(stored: Stored) -> Result<Change> {
    let entity = Entity::ALL
        .iter()
        .copied()
        .find(|entity| entity.name() == stored.entity)
        .ok_or(crate::DbError::Unfit(
            "a change is of a kind that this program does not know",
        ))?;
    Ok(Change {
        rev: stored.rev.unsigned_abs(),
        ord: stored.ord.unsigned_abs(),
        command_id: CommandId(stored.command_id),
        row: table::read_row(entity, stored.body)?,
    })
}
