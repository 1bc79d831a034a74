//! Who did what to whose record, and when. Only ever added to, in the transaction of what it tells of.

use crate::Db;
use crate::error::{DbError, Result};
use crate::tx::PracticeTx;
use chrono::{DateTime, Utc};
use domain::access::Role;
use domain::id::{DeviceId, PatientId, PracticeId, WorkforceMemberId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

/// What kind of someone did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// Someone who is signed in.
    Member,
    /// A kiosk, or another device with nobody signed in.
    Device,
    /// An importer, an interface or a job.
    Service,
    /// This program itself.
    System,
    /// A patient on a device of their own.
    Patient,
}

/// Who does something.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    /// What kind of someone.
    pub kind: ActorKind,
    /// Which member; nobody on a kiosk.
    pub member: Option<WorkforceMemberId>,
    /// As colleagues call them.
    pub name: String,
    /// As what.
    pub role: Option<Role>,
    /// Where.
    pub device: Option<DeviceId>,
}

impl Actor {
    /// This program.
    pub fn system() -> Self {
        Actor {
            kind: ActorKind::System,
            member: None,
            name: "Anteroom".into(),
            role: None,
            device: None,
        }
    }

    /// A device with nobody signed in.
    pub fn device(label: &str, device: DeviceId) -> Self {
        Actor {
            kind: ActorKind::Device,
            member: None,
            name: label.into(),
            role: None,
            device: Some(device),
        }
    }

    /// Someone in a role: a kiosk and a service are no members.
    pub fn in_role(role: Role, member: Option<WorkforceMemberId>, name: &str, device: DeviceId) -> Self {
        let kind = match role {
            Role::Kiosk => ActorKind::Device,
            Role::Service => ActorKind::Service,
            Role::Patient => ActorKind::Patient,
            _ => ActorKind::Member,
        };
        Actor {
            kind,
            member,
            name: name.to_owned(),
            role: Some(role),
            device: Some(device),
        }
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditOutcome {
    /// Done.
    Ok,
    /// Done, but a person must still choose.
    Conflict,
    /// Not done.
    Refused,
}

/// One line of the audit, before it has a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// What kind of someone.
    pub actor_kind: ActorKind,
    /// Which member.
    pub actor_id: Option<Uuid>,
    /// As colleagues call them; kept, because people leave.
    pub actor_name: String,
    /// As what.
    pub role: Option<Role>,
    /// Where.
    pub device_id: Option<DeviceId>,
    /// A command's name, or a verb: "pull", "read", "sign_in".
    pub action: String,
    /// Kind of row, when it is about one.
    pub entity: Option<String>,
    /// Whose record.
    pub patient_id: Option<PatientId>,
    /// How it ended.
    pub outcome: AuditOutcome,
    /// Ids, codes and counts. Never what a record says.
    pub detail: Option<Value>,
    /// The revision it made.
    pub rev: Option<u64>,
    /// When, by the device's clock.
    pub device_time: Option<DateTime<Utc>>,
}

impl AuditEvent {
    /// Something that was done.
    pub fn new(actor: &Actor, action: &str) -> Self {
        AuditEvent {
            actor_kind: actor.kind,
            actor_id: actor.member.map(|member| member.0),
            actor_name: actor.name.clone(),
            role: actor.role,
            device_id: actor.device,
            action: action.to_owned(),
            entity: None,
            patient_id: None,
            outcome: AuditOutcome::Ok,
            detail: None,
            rev: None,
            device_time: None,
        }
    }

    /// Adds ids, codes and counts.
    pub fn with(mut self, detail: Value) -> Self {
        self.detail = Some(detail);
        self
    }

    /// About a patient.
    pub fn about(mut self, patient: Option<PatientId>) -> Self {
        self.patient_id = patient;
        self
    }

    /// Ended otherwise.
    pub fn ended(mut self, outcome: AuditOutcome) -> Self {
        self.outcome = outcome;
        self
    }
}

/// One line of the audit, as kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Counts up.
    pub id: i64,
    /// When, by the server's clock.
    pub at: DateTime<Utc>,
    /// What.
    #[serde(flatten)]
    pub event: AuditEvent,
}

/// Adds lines, in one statement.
pub(crate) async fn append(
    connection: &mut PgConnection,
    practice: PracticeId,
    events: &[AuditEvent],
) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let mut lines =
        serde_json::to_value(events).map_err(|_| DbError::Unfit("an audit event cannot be written down"))?;
    storable(&mut lines);
    sqlx::query(
        "INSERT INTO app.audit_event (practice_id, actor_kind, actor_id, actor_name, role, device_id, action,
            entity, patient_id, outcome, detail, rev, device_time)
         SELECT $1, actor_kind, actor_id, actor_name, role, device_id, action,
            entity, patient_id, outcome, detail, rev, device_time
         FROM jsonb_populate_recordset(NULL::app.audit_event, $2)",
    )
    .bind(practice.0)
    .bind(lines)
    .execute(connection)
    .await?;
    Ok(())
}

/// Postgres stores any character but U+0000; a name that carries one must not stop the audit.
pub(crate) fn storable(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => *text = text.replace('\0', "\u{fffd}"),
        Value::Array(items) => items.iter_mut().for_each(storable),
        Value::Object(fields) => fields.values_mut().for_each(storable),
        _ => {}
    }
}

impl PracticeTx {
    /// Adds lines to the audit; they are kept if and only if this transaction is.
    pub async fn audit(&mut self, events: &[AuditEvent]) -> Result<()> {
        let practice = self.practice();
        append(self.connection(), practice, events).await
    }
}

impl Db {
    /// Adds lines to the audit by themselves: reads, sign-ins, refusals.
    pub async fn append_audit(&self, practice: PracticeId, events: &[AuditEvent]) -> Result<()> {
        let mut tx = self.in_practice(practice).await?;
        tx.audit(events).await?;
        tx.commit().await
    }

    /// The newest lines, or those about one patient, newest first.
    pub async fn audit_lines(
        &self,
        practice: PracticeId,
        patient: Option<PatientId>,
        most: u32,
    ) -> Result<Vec<AuditLine>> {
        let mut tx = self.at_one_moment(practice).await?;
        let lines: Vec<Value> = sqlx::query_scalar(
            "SELECT to_jsonb(e) FROM app.audit_event e
             WHERE practice_id = $1 AND ($2::uuid IS NULL OR patient_id = $2) ORDER BY id DESC LIMIT $3",
        )
        .bind(practice.0)
        .bind(patient.map(|patient| patient.0))
        .bind(i64::from(most))
        .fetch_all(tx.connection())
        .await?;
        lines
            .into_iter()
            .map(|line| {
                serde_json::from_value(line).map_err(|_| DbError::Unfit("an audit line cannot be read"))
            })
            .collect()
    }
}
