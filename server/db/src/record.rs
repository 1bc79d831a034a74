//! What is written down about a judged batch: receipts, changes, audit. Each in one statement.

use crate::audit::{self, Actor, AuditEvent, AuditOutcome};
use crate::error::{DbError, Result};
use crate::table;
use domain::decide::Refusal;
use domain::id::{CommandId, DeviceId, PracticeId, TrayItemId};
use serde_json::{Value, json};
use sqlx::PgConnection;
use sync::hub::{Judged, Opened};
use sync::wire::{Receipt, ReceiptStatus, SealedCommand};
use uuid::Uuid;

/// As in the table.
pub(crate) fn status_name(status: ReceiptStatus) -> &'static str {
    match status {
        ReceiptStatus::Applied => "applied",
        ReceiptStatus::Conflict => "conflict",
        ReceiptStatus::Rejected => "rejected",
        ReceiptStatus::Parked => "parked",
    }
}

/// From the table's text.
pub(crate) fn status_from(name: &str) -> ReceiptStatus {
    match name {
        "applied" => ReceiptStatus::Applied,
        "conflict" => ReceiptStatus::Conflict,
        "parked" => ReceiptStatus::Parked,
        _ => ReceiptStatus::Rejected,
    }
}

/// A refusal as JSON that Postgres can keep, whatever a device put into it.
fn refusal_json(refusal: &Refusal) -> Result<Value> {
    let mut json =
        serde_json::to_value(refusal).map_err(|_| DbError::Unfit("a refusal cannot be written down"))?;
    audit::storable(&mut json);
    Ok(json)
}

/// The word on each command. A sealed command is kept with it when it was not applied, so that nothing is lost.
pub(crate) async fn receipts(
    connection: &mut PgConnection,
    practice: PracticeId,
    device: DeviceId,
    judged: &[(Opened, Judged, bool)],
) -> Result<()> {
    let count = judged.len();
    let (mut seqs, mut ids, mut hashes) = (Vec::with_capacity(count), Vec::new(), Vec::new());
    let (mut statuses, mut revs, mut refusals) = (Vec::new(), Vec::new(), Vec::<Option<Value>>::new());
    let (mut conflicts, mut names) = (Vec::new(), Vec::<Option<&str>>::new());
    let (mut sealed, mut disputed) = (Vec::<Option<&[u8]>>::new(), Vec::new());
    let mut trays = Vec::<Option<Uuid>>::new();
    for (opened, judged, is_disputed) in judged {
        let receipt = &judged.receipt;
        seqs.push(receipt.seq as i64);
        ids.push(receipt.id.0);
        hashes.push(opened.sealed.args_hash.as_str());
        statuses.push(status_name(receipt.status));
        revs.push(receipt.rev as i64);
        refusals.push(receipt.refusal.as_ref().map(refusal_json).transpose()?);
        conflicts.push(receipt.conflicts as i32);
        names.push(judged.command);
        let keep = !receipt.status.is_applied();
        sealed.push(keep.then_some(opened.sealed.sealed.0.as_slice()));
        trays.push(receipt.tray_id.map(|item| item.0));
        disputed.push(*is_disputed);
    }
    sqlx::query(
        "INSERT INTO app.receipt (practice_id, device_id, seq, command_id, args_hash, status, rev, refusal,
            conflicts, command_name, sealed, disputed, tray_id)
         SELECT $1, $2, r.* FROM unnest($3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::bigint[],
            $8::jsonb[], $9::integer[], $10::text[], $11::bytea[], $12::boolean[], $13::uuid[]) r",
    )
    .bind(practice.0)
    .bind(device.0)
    .bind(seqs)
    .bind(ids)
    .bind(hashes)
    .bind(statuses)
    .bind(revs)
    .bind(refusals)
    .bind(conflicts)
    .bind(names)
    .bind(sealed)
    .bind(disputed)
    .bind(trays)
    .execute(connection)
    .await?;
    Ok(())
}

/// Every row as it was left, for the devices to pull.
pub(crate) async fn changes(
    connection: &mut PgConnection,
    practice: PracticeId,
    judged: &[Judged],
) -> Result<()> {
    let (mut revs, mut ords, mut entities) = (Vec::new(), Vec::new(), Vec::new());
    let (mut ids, mut patients) = (Vec::new(), Vec::<Option<Uuid>>::new());
    let (mut bodies, mut commands) = (Vec::<Value>::new(), Vec::new());
    for judged in judged {
        for (ord, row) in (0i32..).zip(&judged.facts) {
            revs.push(judged.receipt.rev as i64);
            ords.push(ord);
            entities.push(row.entity().name());
            ids.push(row.id());
            patients.push(row.patient_id().map(|patient| patient.0));
            bodies.push(table::body(row)?);
            commands.push(judged.receipt.id.0);
        }
    }
    if revs.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO app.change (practice_id, rev, ord, entity, entity_id, patient_id, body, command_id)
         SELECT $1, c.* FROM unnest($2::bigint[], $3::integer[], $4::text[], $5::uuid[], $6::uuid[],
            $7::jsonb[], $8::uuid[]) c",
    )
    .bind(practice.0)
    .bind(revs)
    .bind(ords)
    .bind(entities)
    .bind(ids)
    .bind(patients)
    .bind(bodies)
    .bind(commands)
    .execute(connection)
    .await?;
    Ok(())
}

/// A line of the audit for each command.
pub(crate) async fn audit_lines(
    connection: &mut PgConnection,
    practice: PracticeId,
    device: DeviceId,
    judged: &[(Opened, Judged, bool)],
) -> Result<()> {
    let events: Vec<AuditEvent> = judged
        .iter()
        .map(|(opened, judged, _)| {
            let receipt = &judged.receipt;
            let member = opened
                .content
                .as_ref()
                .ok()
                .and_then(|(envelope, _)| envelope.actor);
            let actor = Actor::in_role(opened.ctx.role, member, &opened.ctx.actor_name, device);
            let outcome = match receipt.status {
                ReceiptStatus::Applied => AuditOutcome::Ok,
                ReceiptStatus::Conflict => AuditOutcome::Conflict,
                ReceiptStatus::Rejected | ReceiptStatus::Parked => AuditOutcome::Refused,
            };
            // The patient is the command's, or the one that its rows are about.
            let patient = judged
                .patient
                .or_else(|| judged.facts.iter().find_map(|row| row.patient_id()));
            let mut detail = json!({ "command_id": receipt.id, "seq": receipt.seq });
            if let Some(refusal) = &receipt.refusal {
                detail["code"] = json!(refusal.code);
            }
            AuditEvent {
                rev: Some(receipt.rev),
                device_time: Some(opened.ctx.device_time),
                ..AuditEvent::new(&actor, judged.command.unwrap_or("unreadable_command"))
                    .about(patient)
                    .ended(outcome)
                    .with(detail)
            }
        })
        .collect();
    audit::append(connection, practice, &events).await
}

/// Keeps a command whose number was used before with other content, and tells the audit once. True the first time.
pub(crate) async fn dispute(
    connection: &mut PgConnection,
    practice: PracticeId,
    device: DeviceId,
    command: &SealedCommand,
    actor: &Actor,
) -> Result<bool> {
    let new = sqlx::query(
        "INSERT INTO app.disputed_command (practice_id, device_id, seq, args_hash, command_id, sealed)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
    )
    .bind(practice.0)
    .bind(device.0)
    .bind(command.seq as i64)
    .bind(&command.args_hash)
    .bind(command.id.0)
    .bind(&command.sealed.0)
    .execute(&mut *connection)
    .await?
    .rows_affected()
        > 0;
    if new {
        let detail = json!({ "command_id": command.id, "seq": command.seq, "code": "different_content" });
        let event = AuditEvent::new(actor, "different_content")
            .ended(AuditOutcome::Refused)
            .with(detail);
        audit::append(connection, practice, &[event]).await?;
    }
    Ok(new)
}

/// A receipt as stored, and whose it is.
#[derive(sqlx::FromRow)]
pub(crate) struct Stored {
    seq: i64,
    command_id: Uuid,
    pub(crate) args_hash: String,
    status: String,
    rev: i64,
    refusal: Option<Value>,
    conflicts: i32,
    tray_id: Option<Uuid>,
}

impl Stored {
    /// As the hub knows it.
    pub(crate) fn receipt(&self) -> Receipt {
        Receipt {
            id: CommandId(self.command_id),
            seq: self.seq.unsigned_abs(),
            status: status_from(&self.status),
            rev: self.rev.unsigned_abs(),
            refusal: self
                .refusal
                .clone()
                .and_then(|refusal| serde_json::from_value(refusal).ok()),
            conflicts: self.conflicts.unsigned_abs(),
            duplicate: false,
            tray_id: self.tray_id.map(TrayItemId),
        }
    }
}

/// A device's receipts by number.
pub(crate) async fn by_seq(
    connection: &mut PgConnection,
    practice: PracticeId,
    device: DeviceId,
    seqs: Vec<i64>,
) -> Result<Vec<Stored>> {
    if seqs.is_empty() {
        return Ok(Vec::new());
    }
    Ok(sqlx::query_as(
        "SELECT seq, command_id, args_hash, status, rev, refusal, conflicts, tray_id FROM app.receipt
         WHERE practice_id = $1 AND device_id = $2 AND seq = ANY($3)",
    )
    .bind(practice.0)
    .bind(device.0)
    .bind(seqs)
    .fetch_all(connection)
    .await?)
}

/// Receipts by the command's id, from any device.
pub(crate) async fn by_id(
    connection: &mut PgConnection,
    practice: PracticeId,
    ids: Vec<Uuid>,
) -> Result<Vec<Stored>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(sqlx::query_as(
        "SELECT seq, command_id, args_hash, status, rev, refusal, conflicts, tray_id FROM app.receipt
         WHERE practice_id = $1 AND command_id = ANY($2) AND NOT disputed",
    )
    .bind(practice.0)
    .bind(ids)
    .fetch_all(connection)
    .await?)
}
