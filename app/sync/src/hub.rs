//! The server's half: admits each command once and decides a batch in memory.
//!
//! The database adapter loads what [`keys`] asks for, locks it, calls [`decide_batch`], and writes what comes out,
//! the practice's revision last.

use crate::wire::{PushRequest, Receipt, ReceiptStatus, SealedCommand};
use domain::access::Role;
use domain::command::{Command, Envelope};
use domain::decide::{Ctx, NumberKind, Numbers, Refusal, RefusalCode, decide};
use domain::id::{PatientId, TrayItemId};
use domain::patients::alias;
use domain::row::{Entity, Key, Over, Row, Rows, View};
use domain::tray::{self, TrayKind};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What the server already knows of one device's number.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// The receipt given then.
    pub receipt: Receipt,
    /// SHA-256 of the sealed command it was given for.
    pub args_hash: String,
}

/// What to do with one command of a push.
#[derive(Clone, Debug, PartialEq)]
pub enum Admission {
    /// Never seen: decide it.
    Fresh,
    /// Seen: this was said then.
    Known(Receipt),
    /// Some before it are missing; stop and ask for them.
    Gap,
}

/// Admits a command by its device's dense numbers. `last_seq` is the highest number already judged.
pub fn admit(last_seq: u64, command: &SealedCommand, known: Option<&Known>) -> Admission {
    if command.seq > last_seq + 1 {
        return Admission::Gap;
    }
    if command.seq == last_seq + 1 {
        return Admission::Fresh;
    }
    match known {
        Some(known) if known.receipt.id == command.id && known.args_hash == command.args_hash => {
            Admission::Known(Receipt {
                duplicate: true,
                ..known.receipt.clone()
            })
        }
        _ => Admission::Known(different_content(command, known.map_or(0, |k| k.receipt.rev))),
    }
}

/// Whether a push was made in the history that the server is in. One that was not is answered without judging
/// anything: it may have been under way since before a restore, and its device would take the answer for one it
/// already has. The device learns the new epoch from the answer and sends again.
pub fn same_history(request: &PushRequest, epoch: Uuid) -> bool {
    request.epoch.is_none_or(|known| known == epoch)
}

/// The same number or id with other content: refused, and seen.
pub fn different_content(command: &SealedCommand, rev: u64) -> Receipt {
    Receipt {
        id: command.id,
        seq: command.seq,
        status: ReceiptStatus::Rejected,
        rev,
        refusal: Some(Refusal::new(RefusalCode::DifferentContent)),
        conflicts: 0,
        duplicate: true,
        tray_id: Some(tray_id(command, TrayKind::Disputed)),
    }
}

/// The rows that bring something to a person whose number was used before for something else. They make a revision of
/// their own, once: when the item named by [`tray_id`] is there already, nothing is to be written.
pub fn dispute(view: &impl View, opened: &Opened) -> Vec<Row> {
    let command = opened.content.as_ref().ok().map(|(_, command)| command);
    let refusal = Refusal::new(RefusalCode::DifferentContent);
    let id = tray_id(&opened.sealed, TrayKind::Disputed);
    tray::keep(view, &opened.ctx, id, TrayKind::Disputed, refusal, command)
}

/// A fresh command, opened, with what is known of who sends it.
#[derive(Clone)]
pub struct Opened {
    /// As it came.
    pub sealed: SealedCommand,
    /// What was inside, or why it cannot be read.
    pub content: Result<(Envelope, Command), Refusal>,
    /// Who, where and when; its numbers are filled in by the batch.
    pub ctx: Ctx,
}

/// Checks that what is inside belongs to what is outside.
pub fn open_envelope(sealed: &SealedCommand, plain: &[u8]) -> Result<(Envelope, Command), Refusal> {
    let envelope: Envelope = domain::json::read(plain).map_err(|_| Refusal::new(RefusalCode::Unreadable))?;
    if envelope.id != sealed.id || envelope.seq != sealed.seq {
        return Err(Refusal::new(RefusalCode::Unreadable));
    }
    let command = envelope.command().map_err(|error| {
        use domain::command::UnknownCommand::*;
        match error {
            Version(name, _) => Refusal::new(RefusalCode::UnknownVersion).with("command", name.as_str()),
            Name(name) => Refusal::new(RefusalCode::UnknownVersion).with("command", name),
            Args(name, _) => Refusal::new(RefusalCode::Unreadable).with("command", name.as_str()),
        }
    })?;
    Ok((envelope, command))
}

/// Every row that a batch must see.
pub fn keys(batch: &[Opened]) -> BTreeSet<Key> {
    batch
        .iter()
        .filter_map(|o| o.content.as_ref().ok())
        .flat_map(|(_, command)| {
            let belongs = command.scoped_patient_id().map(membership);
            command.reads().into_iter().chain(belongs)
        })
        .collect()
}

fn membership(patient: PatientId) -> Key {
    Key::Row(Entity::Membership, patient.0)
}

/// What a batch must see besides: where a command speaks of a record that was joined to another, its rows are that one's;
/// and some rows name others. `rows` are those of [`keys`]. Each is still judged as it was entered, for one before it may
/// take the two apart.
pub fn further_keys(rows: &impl View, batch: &[Opened]) -> BTreeSet<Key> {
    let commands = (batch.iter()).filter_map(|opened| opened.content.as_ref().ok());
    commands
        .flat_map(|(_, command)| {
            let mut keys = command.reads_further(rows);
            if let Some(meant) = alias::followed(rows, command) {
                keys.extend(meant.reads());
                keys.extend(meant.scoped_patient_id().map(membership));
            }
            keys
        })
        .collect()
}

/// One command's outcome.
pub struct Judged {
    /// What the device is told.
    pub receipt: Receipt,
    /// What it wrote, in order.
    pub facts: Vec<Row>,
    /// For the audit.
    pub command: Option<&'static str>,
    /// For the audit.
    pub patient: Option<PatientId>,
}

/// Where a command that is not applied waits for a person. What came under an id that was used before must not hide
/// what waits under that id already.
pub fn tray_id(command: &SealedCommand, kind: TrayKind) -> TrayItemId {
    match kind {
        TrayKind::Parked | TrayKind::Refused | TrayKind::Unreadable => TrayItemId::derived(command.id, 0),
        TrayKind::Disputed => TrayItemId(Uuid::new_v5(
            &command.id.0,
            format!("{}:{}", command.seq, command.args_hash).as_bytes(),
        )),
    }
}

/// Why something that was not even decided is in the tray.
fn kind_of(refusal: &Refusal) -> TrayKind {
    match refusal.code {
        RefusalCode::DifferentContent => TrayKind::Disputed,
        RefusalCode::Unreadable | RefusalCode::UnknownVersion => TrayKind::Unreadable,
        _ => TrayKind::Refused,
    }
}

/// Why a command is not to be applied before someone has looked at it: its device was shut out, or its author is not
/// sent what is known of the patient.
fn parked(view: &impl View, ctx: &Ctx, command: &Command) -> Option<Refusal> {
    if ctx.device_revoked {
        return Some(Refusal::new(RefusalCode::Revoked));
    }
    let scope = ctx
        .scope
        .as_ref()
        .filter(|_| !matches!(ctx.role, Role::Service | Role::Kiosk | Role::Patient))?;
    let patient = command.scoped_patient_id()?;
    let belongs = match view.one(&membership(patient)) {
        Some(Row::Membership(belongs)) => Some(belongs),
        _ => None,
    };
    (!scope.reaches(belongs.as_ref())).then(|| Refusal::new(RefusalCode::OutOfScope))
}

/// A batch's outcome.
pub struct Batch {
    /// One for each command, in order.
    pub judged: Vec<Judged>,
    /// The rows as they are after the whole batch.
    pub rows: Rows,
    /// The next number of each series.
    pub numbers: BTreeMap<NumberKind, u64>,
    /// The revision after the batch.
    pub head: u64,
}

/// Decides a batch in memory, in order, each over what the ones before it left. Each gets one revision.
pub fn decide_batch(
    view: &impl View,
    batch: Vec<Opened>,
    mut numbers: BTreeMap<NumberKind, u64>,
    mut head: u64,
) -> Batch {
    let mut rows = Rows::default();
    let mut judged = Vec::with_capacity(batch.len());
    for Opened {
        sealed,
        content,
        mut ctx,
    } in batch
    {
        head += 1;
        let names = content
            .as_ref()
            .ok()
            .map(|(_, c)| (c.name().as_str(), c.patient_id()));
        ctx.numbers = Numbers::Assigned(numbers.clone());
        let over = Over {
            base: view,
            top: &rows,
        };
        let command = content.as_ref().ok().map(|(_, command)| command);
        let outcome = match &content {
            Err(refusal) => Err((kind_of(refusal), refusal.clone())),
            Ok((_, command)) => match parked(&over, &ctx, command) {
                Some(why) => Err((TrayKind::Parked, why)),
                None => decide(&over, command, &mut ctx).map_err(|refusal| (TrayKind::Refused, refusal)),
            },
        };
        let mut receipt = Receipt {
            id: sealed.id,
            seq: sealed.seq,
            status: ReceiptStatus::Applied,
            rev: head,
            refusal: None,
            conflicts: 0,
            duplicate: false,
            tray_id: None,
        };
        let facts = match outcome {
            Ok(decision) => {
                // A number is used up only by what was applied: the series stays without gaps.
                if let Numbers::Assigned(next) = ctx.numbers {
                    numbers = next;
                }
                if decision.conflicts > 0 {
                    receipt.status = ReceiptStatus::Conflict;
                    receipt.conflicts = decision.conflicts as u32;
                }
                decision.facts
            }
            Err((kind, refusal)) => {
                receipt.status = match kind {
                    TrayKind::Parked => ReceiptStatus::Parked,
                    TrayKind::Refused | TrayKind::Unreadable | TrayKind::Disputed => ReceiptStatus::Rejected,
                };
                receipt.refusal = Some(refusal.clone());
                let id = tray_id(&sealed, kind);
                receipt.tray_id = Some(id);
                tray::keep(&over, &ctx, id, kind, refusal, command)
            }
        };
        for row in &facts {
            rows.put(row.clone());
        }
        let (command, patient) = names.map_or((None, None), |(name, patient)| (Some(name), patient));
        judged.push(Judged {
            receipt,
            facts,
            command,
            patient,
        });
    }
    Batch {
        judged,
        rows,
        numbers,
        head,
    }
}
