//! Which commands of a batch are new, and what is said to those that are not.

use crate::audit::Actor;
use crate::error::Result;
use crate::record::{self, Stored};
use domain::decide::{Refusal, RefusalCode};
use domain::id::{CommandId, DeviceId, PracticeId};
use sqlx::PgConnection;
use std::collections::BTreeMap;
use sync::hub::{self, Admission, Known, Opened};
use sync::wire::{Receipt, ReceiptStatus};

/// What is said to one command.
pub(crate) enum Slot {
    /// What was said before.
    Answered(Receipt),
    /// What is said to the n-th fresh one.
    Fresh(usize),
    /// It came twice in one batch: what is said to the n-th fresh one, again.
    Again(usize),
}

/// A batch, sorted.
#[derive(Default)]
pub(crate) struct Admitted {
    /// One for each command, up to the first gap.
    pub slots: Vec<Slot>,
    /// To be judged; true for one whose id was used before, which is judged to be refused.
    pub fresh: Vec<(Opened, bool)>,
    /// Their number was used before for something else.
    pub disputed: Vec<Opened>,
}

/// Who sent it.
pub(crate) fn actor_of(opened: &Opened, device: DeviceId) -> Actor {
    let member = opened
        .content
        .as_ref()
        .ok()
        .and_then(|(envelope, _)| envelope.actor);
    Actor::in_role(opened.ctx.role, member, &opened.ctx.actor_name, device)
}

/// The receipts in the order of the batch.
pub(crate) fn answers(slots: Vec<Slot>, fresh: &[Receipt]) -> Vec<Receipt> {
    slots
        .into_iter()
        .filter_map(|slot| match slot {
            Slot::Answered(receipt) => Some(receipt),
            Slot::Fresh(at) => fresh.get(at).cloned(),
            Slot::Again(at) => fresh.get(at).map(|receipt| Receipt {
                duplicate: true,
                ..receipt.clone()
            }),
        })
        .collect()
}

/// A command whose id was used before keeps its number, so that the queue behind it moves, and is refused.
fn refuse_id(opened: &Opened) -> (Opened, bool) {
    let content = Err(Refusal::new(RefusalCode::DifferentContent));
    (
        Opened {
            content,
            ..opened.clone()
        },
        true,
    )
}

/// By the device's own dense numbers.
pub(crate) async fn by_device(
    connection: &mut PgConnection,
    practice: PracticeId,
    device: DeviceId,
    last_seq: u64,
    batch: &[Opened],
) -> Result<Admitted> {
    let old = batch
        .iter()
        .map(|opened| opened.sealed.seq)
        .filter(|seq| *seq <= last_seq);
    let stored = record::by_seq(connection, practice, device, old.map(|seq| seq as i64).collect()).await?;
    let stored: BTreeMap<u64, Known> = stored.iter().map(known).map(|k| (k.receipt.seq, k)).collect();
    let new = batch.iter().filter(|opened| opened.sealed.seq > last_seq);
    let ids = record::by_id(
        connection,
        practice,
        new.map(|opened| opened.sealed.id.0).collect(),
    )
    .await?;
    let mut used: Vec<CommandId> = ids.iter().map(|stored| stored.receipt().id).collect();

    let mut admitted = Admitted::default();
    let mut last = last_seq;
    for opened in batch {
        let sealed = &opened.sealed;
        // Numbered in this very batch: its receipt is still to come.
        if sealed.seq > last_seq && sealed.seq <= last {
            let at = (sealed.seq - last_seq - 1) as usize;
            let same = admitted
                .fresh
                .get(at)
                .is_some_and(|(first, _)| first.sealed == *sealed);
            if same {
                admitted.slots.push(Slot::Again(at));
            } else {
                admitted
                    .slots
                    .push(Slot::Answered(hub::different_content(sealed, 0)));
                admitted.disputed.push(opened.clone());
            }
            continue;
        }
        match hub::admit(last, sealed, stored.get(&sealed.seq)) {
            Admission::Gap => break,
            Admission::Known(receipt) => {
                // A receipt that was there says what it said; this one says that the content is another.
                if is_other_content(&receipt, stored.get(&sealed.seq)) && sealed.seq > 0 {
                    admitted.disputed.push(opened.clone());
                }
                admitted.slots.push(Slot::Answered(receipt));
            }
            Admission::Fresh => {
                last += 1;
                admitted.slots.push(Slot::Fresh(admitted.fresh.len()));
                let fresh = if used.contains(&sealed.id) {
                    refuse_id(opened)
                } else {
                    (opened.clone(), false)
                };
                used.push(sealed.id);
                admitted.fresh.push(fresh);
            }
        }
    }
    Ok(admitted)
}

fn is_other_content(receipt: &Receipt, known: Option<&Known>) -> bool {
    receipt.status == ReceiptStatus::Rejected
        && receipt
            .refusal
            .as_ref()
            .is_some_and(|refusal| refusal.code == RefusalCode::DifferentContent)
        && known.is_none_or(|known| {
            Receipt {
                duplicate: true,
                ..known.receipt.clone()
            } != *receipt
        })
}

/// By id alone, for commands that are made here: what was taken before is a success again, and the rest is numbered.
pub(crate) async fn numbered_here(
    connection: &mut PgConnection,
    practice: PracticeId,
    last_seq: u64,
    batch: &[Opened],
) -> Result<Admitted> {
    let ids = batch.iter().map(|opened| opened.sealed.id.0).collect();
    let stored = record::by_id(connection, practice, ids).await?;
    let stored: BTreeMap<CommandId, Known> = stored.iter().map(known).map(|k| (k.receipt.id, k)).collect();
    let mut admitted = Admitted::default();
    for opened in batch {
        let mut opened = opened.clone();
        let again = (admitted.fresh.iter())
            .position(|(first, refused)| !refused && first.sealed.id == opened.sealed.id);
        let known = stored.get(&opened.sealed.id);
        match (known, again) {
            (Some(known), _) if known.args_hash == opened.sealed.args_hash => {
                let receipt = Receipt {
                    duplicate: true,
                    ..known.receipt.clone()
                };
                admitted.slots.push(Slot::Answered(receipt));
                continue;
            }
            (_, Some(at)) if admitted.fresh[at].0.sealed.args_hash == opened.sealed.args_hash => {
                admitted.slots.push(Slot::Again(at));
                continue;
            }
            _ => {}
        }
        opened.sealed.seq = last_seq + 1 + admitted.fresh.len() as u64;
        admitted.slots.push(Slot::Fresh(admitted.fresh.len()));
        let other = known.is_some() || again.is_some();
        admitted.fresh.push(if other {
            refuse_id(&opened)
        } else {
            (opened, false)
        });
    }
    Ok(admitted)
}

fn known(stored: &Stored) -> Known {
    Known {
        receipt: stored.receipt(),
        args_hash: stored.args_hash.clone(),
    }
}
