//! Commands that are made on the server itself: the demo's seed, importers, interfaces, jobs. The same way in, under
//! a name, with a device of their own that nobody holds.

use crate::Db;
use crate::error::{DbError, Result};
use crate::push::{Numbering, PushOutcome};
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::Role;
use domain::command::{Command, Envelope};
use domain::decide::{Ctx, Numbers, Refusal, decide};
use domain::id::{CommandId, DeviceId, PracticeId};
use std::collections::BTreeMap;
use sync::b64::Bytes;
use sync::hub::Opened;
use sync::wire::{MAX_PUSH, SealedCommand};
use uuid::Uuid;

/// What patients' own devices are called together.
pub const PATIENTS: &str = "patients";

/// A command made on the server.
#[derive(Clone)]
pub struct ServiceCommand {
    /// The same for the same thing, so that doing it again changes nothing.
    pub id: CommandId,
    /// What.
    pub command: Command,
    /// When it counts as entered.
    pub at: DateTime<Utc>,
    /// The site's day then.
    pub today: NaiveDate,
    /// The device whose rows it makes, when that is another than the service's own.
    pub on_device: Option<DeviceId>,
}

impl ServiceCommand {
    /// Entered at an instant, by the service's own device, on that instant's day in UTC.
    pub fn new(id: CommandId, command: Command, at: DateTime<Utc>) -> Self {
        ServiceCommand {
            id,
            command,
            at,
            today: at.date_naive(),
            on_device: None,
        }
    }
}

/// The device of a service: it follows from the practice and the service's name.
pub fn service_device(practice: PracticeId, actor_name: &str) -> DeviceId {
    DeviceId(Uuid::new_v5(
        &practice.0,
        ["service:", actor_name].concat().as_bytes(),
    ))
}

impl Db {
    /// Takes commands in the name of a service. One that was taken before, with the same id and arguments, is a
    /// success again (`duplicate`); the same id with other arguments is refused. More than a push holds are taken in
    /// several transactions, and the outcome is that of all of them.
    pub async fn commit_as_service(
        &self,
        practice: PracticeId,
        commands: Vec<ServiceCommand>,
        actor_name: &str,
    ) -> Result<PushOutcome> {
        self.commit_as(practice, commands, Role::Service, actor_name)
            .await
    }

    /// The same, in the name of a patient on a device of their own. They are told there and then what speaks against it,
    /// and try something else: the desk hears only of what was refused because somebody was quicker by a moment.
    pub async fn commit_as_patient(
        &self,
        practice: PracticeId,
        command: ServiceCommand,
        name: &str,
    ) -> Result<std::result::Result<PushOutcome, Refusal>> {
        let mut tried = open(
            command.clone(),
            Role::Patient,
            name,
            service_device(practice, PATIENTS),
        )?
        .ctx;
        tried.numbers = Numbers::Assigned(BTreeMap::new());
        let keys = command.command.reads().into_iter().collect();
        let mut rows = self.rows(practice, &keys).await?;
        let besides = command.command.reads_further(&rows).into_iter().collect();
        let named = self.rows(practice, &besides).await?;
        named.iter().cloned().for_each(|row| rows.put(row));
        if let Err(refusal) = decide(&rows, &command.command, &mut tried) {
            return Ok(Err(refusal));
        }
        let outcome = self
            .commit_as(practice, vec![command], Role::Patient, name)
            .await?;
        let refusal = outcome
            .results
            .first()
            .and_then(|receipt| receipt.refusal.clone());
        Ok(refusal.map_or(Ok(outcome), Err))
    }

    async fn commit_as(
        &self,
        practice: PracticeId,
        commands: Vec<ServiceCommand>,
        role: Role,
        actor_name: &str,
    ) -> Result<PushOutcome> {
        // Patients have one device between them: who each is stands in the name.
        let device = match role {
            Role::Patient => service_device(practice, PATIENTS),
            _ => service_device(practice, actor_name),
        };
        let mut opened = Vec::with_capacity(commands.len());
        for command in commands {
            opened.push(open(command, role, actor_name, device)?);
        }
        let mut rest = opened.into_iter();
        let mut whole = self
            .accept(
                practice,
                device,
                rest.by_ref().take(MAX_PUSH).collect(),
                Numbering::Here,
            )
            .await?;
        loop {
            let next: Vec<Opened> = rest.by_ref().take(MAX_PUSH).collect();
            if next.is_empty() {
                return Ok(whole);
            }
            let part = self.accept(practice, device, next, Numbering::Here).await?;
            whole.results.extend(part.results);
            whole = PushOutcome {
                results: whole.results,
                changed: whole.changed || part.changed,
                ..part
            };
        }
    }
}

/// As if a device had sent it. Its bytes are not sealed, since nobody carried them; like a sealed command they are kept
/// only when it is refused.
fn open(service: ServiceCommand, role: Role, actor_name: &str, device: DeviceId) -> Result<Opened> {
    let name = service.command.name();
    let args = service
        .command
        .args()
        .map_err(|_| DbError::Unfit("a command cannot be written as JSON"))?;
    let envelope = Envelope {
        id: service.id,
        seq: 0,
        name: name.as_str().to_owned(),
        version: name.version(),
        args,
        base_rev: 0,
        actor: None,
        device_time: service.at,
    };
    let bytes = serde_json::to_vec(&(&envelope.name, envelope.version, &envelope.args))
        .map_err(|_| DbError::Unfit("a command cannot be written as JSON"))?;
    Ok(Opened {
        sealed: SealedCommand {
            id: service.id,
            seq: 0,
            args_hash: String::new(),
            sealed: Bytes(bytes),
        },
        ctx: Ctx {
            command_id: service.id,
            role,
            actor_name: actor_name.to_owned(),
            device_id: service.on_device.unwrap_or(device),
            now: service.at,
            device_time: service.at,
            today: service.today,
            numbers: Numbers::Provisional,
            member_id: None,
            site_id: None,
            scope: None,
            device_revoked: false,
            unseen_entries: false,
        },
        content: Ok((envelope, service.command)),
    })
}
