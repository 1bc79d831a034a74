//! Changes out: what a device has not seen, in whole revisions, and only what its role and its scope let it hold. The
//! rule is in [`sync::visible`]; here is what it has to know.

use crate::Db;
use crate::audit::{Actor, AuditEvent};
use crate::error::Result;
use crate::membership::{memberships, moved_since};
use crate::practice::{self, Head};
use crate::snapshot;
use crate::table::{self, Text};
use crate::tx::PracticeTx;
use chrono::{DateTime, Utc};
use domain::id::{CommandId, DeviceId, PatientId, PracticeId};
use domain::patients::alias::alias_key;
use domain::row::{Entity, Key, Row};
use domain::scope::Scope;
use serde_json::json;
use std::collections::BTreeSet;
use sync::visible::{self, Stand};
use sync::wire::{Change, Cursor, MAX_PULL, MIN_SCHEMA, PROTO, PullRequest, PullResponse};
use uuid::Uuid;

/// A change as stored.
#[derive(sqlx::FromRow)]
struct Stored {
    rev: i64,
    ord: i32,
    entity: String,
    body: Text,
    command_id: Uuid,
}

/// A part of the history.
struct Window {
    changes: Vec<Stored>,
    to: u64,
    more: bool,
}

/// Who asks for what changed.
pub struct Puller<'a> {
    /// As whom; their role says what they may hold.
    pub actor: &'a Actor,
    /// From where.
    pub device: DeviceId,
    /// What is sent to them on that device.
    pub scope: &'a Scope,
    /// Which edition of the kinds of rows their build reads.
    pub edition: u32,
}

impl Puller<'_> {
    pub(crate) fn holds(&self, entity: Entity) -> bool {
        entity.edition() <= self.edition && self.actor.role.is_some_and(|role| role.may_hold(entity))
    }

    /// What their cursor stands for.
    pub(crate) fn scope_key(&self) -> String {
        self.scope.key_in(self.edition)
    }

    /// Leaves out what a kind that they know was given later.
    pub(crate) fn reads(&self, row: &Row) -> bool {
        row.edition() <= self.edition
    }

    pub(crate) fn held(&self) -> Vec<Entity> {
        let all = Entity::ALL.iter().copied();
        all.filter(|entity| self.holds(*entity)).collect()
    }
}

impl Db {
    /// What changed after a cursor, for someone on a device, at most `max_changes` but never a part of a revision. Who
    /// begins is offered a snapshot, if their build reads one. `now` is the server's clock, which the device is told.
    pub async fn pull(
        &self,
        practice: PracticeId,
        who: &Puller<'_>,
        request: &PullRequest,
        now: DateTime<Utc>,
    ) -> Result<PullResponse> {
        let cursor = request.cursor.as_ref();
        if let Some(cursor) = cursor
            && let Some(response) = self.pull_beside(practice, who, cursor, request, now).await?
        {
            return Ok(response);
        }
        let mut tx = self.at_one_moment(practice).await?;
        let mut head = practice::head(tx.connection(), practice).await?;
        if let Some(cursor) = cursor
            && cursor.epoch == head.epoch
            && cursor.rev > head.rev
        {
            // A device knows more of this history than the database does: it was restored by hand.
            tx.rollback().await?;
            head = self.notice_restore(practice, who.actor, cursor).await?;
            tx = self.at_one_moment(practice).await?;
            head = Head {
                rev: practice::head(tx.connection(), practice).await?.rev,
                ..head
            };
        }
        let scope = who.scope_key();
        let last_seq = last_seq(&mut tx, who.device).await?;
        let mut response = nothing_new(&head, &scope, last_seq, now);
        match visible::stand(cursor, head.epoch, &scope, head.horizon) {
            Stand::After(from) => {
                response.from = from;
                self.after(&mut tx, who, from, request.max_changes, &mut response)
                    .await?;
                tx.commit().await?;
            }
            Stand::Beginning { reset } => {
                response.reset = reset;
                // A snapshot of before what this device has seen would be a step back.
                let seen = cursor.filter(|cursor| cursor.epoch == head.epoch);
                let at_least = seen.map_or(head.horizon, |cursor| cursor.rev.max(head.horizon));
                if request.snapshots {
                    tx.commit().await?;
                    let manifest = self.offer_snapshot(practice, who, at_least).await?;
                    response.to = manifest.rev;
                    response.head = response.head.max(manifest.rev);
                    response.more = true;
                    response.snapshot = Some(manifest);
                } else {
                    let rows = snapshot::rows_of(&mut tx, who).await?;
                    response.changes = snapshot::as_changes(rows, who, head.rev);
                    tx.commit().await?;
                }
            }
        }
        self.note_pull(practice, who, &response, request.unsent).await?;
        Ok(response)
    }

    /// What changed after a revision, who came and who went.
    pub(crate) async fn after(
        &self,
        tx: &mut PracticeTx,
        who: &Puller<'_>,
        from: u64,
        max: u32,
        response: &mut PullResponse,
    ) -> Result<()> {
        let moved = moved_since(tx, from).await?;
        let moves = visible::moves(who.scope, &moved);
        let most = if moves.is_empty() {
            max.clamp(1, MAX_PULL)
        } else {
            u32::MAX
        };
        let window = window(tx, &who.held(), from, response.head, most).await?;
        let page = window
            .changes
            .into_iter()
            .map(read_change)
            .collect::<Result<Vec<Change>>>()?;
        let about: BTreeSet<PatientId> = page
            .iter()
            .filter_map(|change| change.row.patient_id())
            .chain(moves.gained.iter().chain(&moves.evict).copied())
            .collect();
        let memberships = memberships(tx, &about).await?;
        let of = |patient: PatientId| memberships.get(&patient).cloned();
        let aliases: BTreeSet<Key> = about
            .iter()
            .flat_map(|patient| {
                [
                    alias_key(*patient),
                    Key::OfPatient(Entity::PatientAlias, *patient),
                ]
            })
            .collect();
        let practice = tx.practice();
        let aliases = table::load(tx.connection(), practice, &aliases, table::Lock::No).await?;
        let joined = |patient: PatientId| {
            aliases.row(Entity::PatientAlias, patient.0).is_some()
                || aliases.of_patient(Entity::PatientAlias, patient).next().is_some()
        };
        let sifted = visible::sift(who.scope, |entity| who.holds(entity), of, joined, page);
        let going = moves.gained.iter().chain(&moves.evict);
        let keys: BTreeSet<Key> = going
            .flat_map(|patient| {
                let held = who.held().into_iter();
                held.map(|entity| Key::OfPatient(entity, *patient))
            })
            .collect();
        let practice = tx.practice();
        let rows = table::load(tx.connection(), practice, &keys, table::Lock::No).await?;
        for patient in moves.gained.iter().chain(&moves.evict) {
            let own = rows.iter().filter(|row| row.patient_id() == Some(*patient));
            let membership = memberships.get(patient);
            response.gained.extend(visible::come_in(
                who.scope,
                |entity| who.holds(entity),
                membership,
                own,
            ));
        }
        response.gained.retain(|row| who.reads(row));
        response.evict = moves.evict;
        response.changes = sifted.changes;
        response.changes.retain(|change| who.reads(&change.row));
        response.evict_rows = sifted.evict_rows;
        response.to = window.to;
        response.more = window.more;
        Ok(())
    }

    /// In the audit, and how far the device is.
    async fn note_pull(
        &self,
        practice: PracticeId,
        who: &Puller<'_>,
        response: &PullResponse,
        unsent: Option<u32>,
    ) -> Result<()> {
        let mut tx = self.in_practice(practice).await?;
        tx.audit(audit_of(who.actor, response).as_slice()).await?;
        // What a snapshot brings is only there once it was fetched.
        let there = if response.snapshot.is_some() {
            0
        } else {
            response.from
        };
        sqlx::query(
            "UPDATE app.device_cursor SET pulled_rev = $3, pulled_at = now(), last_seen_at = now(), scope = $4,
                unsent = coalesce($5, unsent)
             WHERE practice_id = $1 AND device_id = $2",
        )
        .bind(practice.0)
        .bind(who.device.0)
        .bind(there as i64)
        .bind(who.scope.key())
        .bind(unsent.map(|count| i32::try_from(count).unwrap_or(i32::MAX)))
        .execute(tx.connection())
        .await?;
        tx.commit().await
    }

    /// Looks again under the lock: of all devices that come with a cursor from the future, one begins the new history.
    async fn notice_restore(&self, practice: PracticeId, actor: &Actor, cursor: &Cursor) -> Result<Head> {
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

/// An answer that says nothing yet.
pub(crate) fn nothing_new(head: &Head, scope: &str, last_seq: u64, now: DateTime<Utc>) -> PullResponse {
    PullResponse {
        proto: PROTO,
        epoch: head.epoch,
        reset: false,
        from: 0,
        to: head.rev,
        head: head.rev,
        changes: Vec::new(),
        more: false,
        last_seq,
        durable_rev: head.durable_rev,
        server_time: now,
        evict: Vec::new(),
        evict_rows: Vec::new(),
        gained: Vec::new(),
        scope: scope.to_owned(),
        snapshot: None,
        directives: Vec::new(),
        min_schema: Some(MIN_SCHEMA),
    }
}

/// The audit's line about an answer, when it says anything of patients.
pub(crate) fn audit_of(actor: &Actor, response: &PullResponse) -> Option<AuditEvent> {
    let sent = response.changes.iter().map(|change| &change.row);
    let patients = sent
        .chain(&response.gained)
        .filter(|row| row.patient_id().is_some())
        .count();
    if patients == 0 && response.snapshot.is_none() {
        return None;
    }
    let mut detail = json!({ "from": response.from, "to": response.to, "rows": patients });
    if let Some(manifest) = &response.snapshot {
        detail["snapshot"] = json!(manifest.id);
    }
    Some(AuditEvent::new(actor, "pull").with(detail))
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
        "SELECT rev, ord, entity, body, command_id FROM app.change
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
        row: table::read_row(entity, &stored.body)?,
    })
}
