//! How a push is judged: in one transaction, by the hub's rules, with the checks that only someone who sees everything
//! can make.

use super::Mutant;
use super::server::Server;
use crate::hub::{self, Admission, Known, Opened};
use crate::seal::{self, Binding};
use crate::wire::*;
use domain::decide::{Refusal, RefusalCode};
use domain::id::*;
use domain::row::{Entity, Row};
use std::collections::BTreeSet;
use std::rc::Rc;

impl Server {
    fn open(&mut self, device: DeviceId, sealed: &SealedCommand) -> Opened {
        let hash = crate::sha256_hex(&sealed.sealed.0);
        let binding = Binding {
            practice: self.practice,
            device,
            id: sealed.id,
        };
        let plain = match self.opened.get(&hash) {
            Some(plain) => Ok(plain.clone()),
            None => seal::open(&self.private, &binding, &sealed.sealed.0),
        };
        let content = match plain {
            Ok(plain) => {
                let content = hub::open_envelope(sealed, &plain);
                self.opened.insert(hash.clone(), plain);
                content
            }
            Err(_) => Err(Refusal::new(RefusalCode::Unreadable)),
        };
        let (actor, device_time) = match &content {
            Ok((envelope, _)) => (envelope.actor, envelope.device_time),
            Err(_) => (None, self.now),
        };
        let ctx = self.ctx(sealed.id, device, actor, device_time);
        Opened {
            sealed: SealedCommand {
                args_hash: hash,
                ..sealed.clone()
            },
            content,
            ctx,
        }
    }

    /// Judges a push in one transaction.
    pub fn push(&mut self, request: &PushRequest) -> PushResponse {
        let device = request.device;
        let mut last = self.last_seq(device);
        let mut results = Vec::new();
        let mut fresh = Vec::new();
        let same = hub::same_history(request, self.live.epoch)
            || self.is(Mutant::RestoreUnnoticed)
            || self.is(Mutant::EpochKept);
        let mut used = self.live.ids.clone();
        for sealed in request.commands.iter().filter(|_| same) {
            let mut opened = self.open(device, sealed);
            let known = self.live.known.get(&(device, sealed.seq));
            match hub::admit(last, &opened.sealed, known) {
                Admission::Gap if self.is(Mutant::GapAccepted) => {
                    last = sealed.seq;
                    fresh.push(opened);
                }
                Admission::Gap => break,
                Admission::Known(_) if self.is(Mutant::DuplicateJudgedAgain) => {
                    last += 1;
                    opened.sealed.seq = last;
                    fresh.push(opened);
                }
                Admission::Known(receipt) => {
                    if receipt.refusal.as_ref().map(|refusal| refusal.code)
                        == Some(RefusalCode::DifferentContent)
                        && self.live.known.get(&(device, sealed.seq)).map(|k| &k.args_hash)
                            != Some(&opened.sealed.args_hash)
                    {
                        self.dispute(device, &opened, &receipt);
                    }
                    results.push(receipt);
                }
                Admission::Fresh => {
                    last += 1;
                    if !used.insert(sealed.id) {
                        opened.content = Err(Refusal::new(RefusalCode::DifferentContent));
                    }
                    fresh.push(opened);
                }
            }
        }
        if self.is(Mutant::PoisonBlocksQueue) {
            let sound = |opened: &Opened| opened.content.is_ok() && opened.ctx.scope.is_none();
            let until = fresh
                .iter()
                .position(|opened| !sound(opened))
                .unwrap_or(fresh.len());
            last -= (fresh.len() - until) as u64;
            fresh.truncate(until);
        }
        results.extend(self.judge(device, fresh));
        let lost = self.is(Mutant::NumberNotCommitted) && self.live.rev % 9 == 4;
        if !lost {
            self.live.last_seq.insert(device, last);
        }
        self.highest.insert(device, last);
        self.heads[self.at] = self.live.rev;
        results.sort_by_key(|receipt| receipt.seq);
        PushResponse {
            proto: PROTO,
            results,
            last_seq: last,
            epoch: self.live.epoch,
            head: self.live.rev,
            durable_rev: self.durable_rev(),
            server_time: self.now,
            directives: self.directives(device),
            min_schema: None,
        }
    }

    pub(super) fn durable_rev(&self) -> u64 {
        if self.is(Mutant::DurableTooEarly) {
            self.live.rev
        } else {
            self.live.durable_rev
        }
    }

    pub(super) fn directives(&self, device: DeviceId) -> Vec<Directive> {
        let shut_out = self.is_revoked(device) && !self.is(Mutant::WipeNotTold);
        shut_out.then_some(Directive::Wipe).into_iter().collect()
    }

    /// A used number with other content reaches a person, once.
    fn dispute(&mut self, device: DeviceId, opened: &Opened, receipt: &Receipt) {
        let Some(item) = receipt.tray_id else { return };
        if self.live.rows.row(Entity::TrayItem, item.0).is_some() {
            return;
        }
        let rows = hub::dispute(&self.live.rows, opened);
        self.live.rev += 1;
        let receipt = Receipt {
            rev: self.live.rev,
            ..receipt.clone()
        };
        self.record(opened.sealed.id, receipt.rev, rows);
        self.live.judged.push((device, receipt));
    }

    fn record(&mut self, command_id: CommandId, rev: u64, rows: Vec<Row>) {
        let live = &mut self.live;
        for (ord, row) in (0u32..).zip(rows) {
            live.rows.put(row.clone());
            live.changes.push(Rc::new(Change {
                rev,
                ord,
                command_id,
                row,
            }));
        }
    }

    /// Commands that may not be applied, found independently of the hub: only what no other command of the batch may
    /// have changed.
    fn barred(&self, device: DeviceId, batch: &[Opened]) -> BTreeSet<CommandId> {
        let mut barred = BTreeSet::new();
        for (at, opened) in batch.iter().enumerate() {
            let Ok((envelope, command)) = &opened.content else {
                continue;
            };
            let by = envelope.actor.and_then(|member| self.held_by(member, device));
            let alone = at == 0;
            let elsewhere = by.is_some_and(|(_, scope)| {
                let patient = command.scoped_patient_id();
                let row = patient.and_then(|patient| self.live.rows.row(Entity::Membership, patient.0));
                matches!(row, Some(Row::Membership(membership)) if !scope.reaches(Some(membership)))
            });
            if self.is_revoked(device) || (alone && elsewhere) {
                barred.insert(opened.sealed.id);
            }
        }
        barred
    }

    pub(super) fn judge(&mut self, device: DeviceId, fresh: Vec<Opened>) -> Vec<Receipt> {
        let barred = self.barred(device, &fresh);
        let hashes: Vec<String> = fresh
            .iter()
            .map(|opened| opened.sealed.args_hash.clone())
            .collect();
        let without_leases = self.is(Mutant::LeaseForgotten).then(|| {
            let mut rows = self.live.rows.clone();
            for lease in self.live.rows.all(Entity::SlotLease) {
                rows.remove(Entity::SlotLease, lease.id());
            }
            rows
        });
        let view = if self.is(Mutant::DecidesOverStaleRows) {
            &self.stale
        } else {
            without_leases.as_ref().unwrap_or(&self.live.rows)
        };
        let batch = hub::decide_batch(view, fresh, self.live.numbers.clone(), self.live.rev);
        let mut receipts = Vec::new();
        for (judged, args_hash) in batch.judged.into_iter().zip(hashes) {
            let mut receipt = judged.receipt;
            let mut facts = judged.facts;
            match self.mutant {
                Some(Mutant::NoTrayItem) if !receipt.status.is_applied() => facts.clear(),
                Some(Mutant::ParkedNotTold) if receipt.status == ReceiptStatus::Parked => {
                    receipt.status = ReceiptStatus::Applied;
                }
                Some(Mutant::DecisionForgotten) if judged.command == Some("ResolveTrayItem") => {
                    facts.retain(|row| receipt.tray_id.is_some() || row.entity() != Entity::TrayItem);
                }
                _ => {}
            }
            assert!(
                !barred.contains(&receipt.id) || !receipt.status.is_applied() || receipt.tray_id.is_some(),
                "leaked: {} changed the record from outside of its scope",
                receipt.id
            );
            self.record(receipt.id, receipt.rev, facts);
            let live = &mut self.live;
            live.ids.insert(receipt.id);
            live.judged.push((device, receipt.clone()));
            if self.mutant != Some(Mutant::ReceiptsForgotten) {
                let known = Known {
                    receipt: receipt.clone(),
                    args_hash,
                };
                live.known.insert((device, receipt.seq), known);
            }
            receipts.push(receipt);
        }
        (self.live.numbers, self.live.rev) = (batch.numbers, batch.head);
        if self.is(Mutant::BigserialCursor) {
            self.late = Some(self.live.rev).filter(|rev| rev % 3 == 0);
        }
        if self.is(Mutant::DecidesOverStaleRows) && self.live.rev.is_multiple_of(4) {
            self.stale = self.live.rows.clone();
        }
        receipts
    }
}
