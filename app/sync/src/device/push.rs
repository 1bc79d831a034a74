//! Sending: in order, again and again, until there is a receipt.

use super::{Device, EntryState, Meta, Pending, Sent};
use crate::store::{Store, Tx};
use crate::wire::{
    MAX_PUSH, MAX_PUSH_BYTES, PROTO, PushRequest, PushResponse, Receipt, SCHEMA, SealedCommand,
};
use chrono::{DateTime, Utc};
use domain::row::{Entity, Row};
use domain::tray::TrayState;

/// What follows from an answer to a push.
#[derive(Default)]
pub struct Pushed {
    /// Nothing for an answer that came too late to mean anything.
    heard: Option<(Meta, DateTime<Utc>)>,
    receipts: Vec<(u64, Receipt)>,
    done: Vec<u64>,
    again: Vec<u64>,
    photos: Vec<String>,
    durable_rev: u64,
}

impl Device {
    /// The next commands to send, unchanged and in order; nothing when all have receipts.
    pub fn next_push(&self) -> Option<PushRequest> {
        let mut bytes = 0;
        let mut commands = Vec::new();
        for entry in self.pending.values().filter(|entry| entry.receipt.is_none()) {
            bytes += entry.sealed.sealed.0.len();
            if commands.len() == MAX_PUSH || (bytes > MAX_PUSH_BYTES && !commands.is_empty()) {
                break;
            }
            commands.push(entry.sealed.clone());
        }
        if commands.is_empty() {
            return None;
        }
        Some(self.push(commands))
    }

    /// A push without commands, for a device that does not pull (a kiosk, or one that is locked): the answer tells
    /// whether the server was restored without what this device sent, and whether it was shut out. Ask now and then
    /// when [`Device::next_push`] has nothing; the answer goes through [`Device::on_push`].
    pub fn next_check(&self) -> Option<PushRequest> {
        let idle = self.pending.values().all(|entry| entry.receipt.is_some());
        let kept = !self.sent.is_empty() || !self.pending.is_empty() || !self.meta.kept.is_empty();
        // One that was erased and has nothing left asks no more.
        (idle && (kept || !self.meta.wiped)).then(|| self.push(Vec::new()))
    }

    fn push(&self, mut commands: Vec<SealedCommand>) -> PushRequest {
        commands.iter_mut().for_each(|command| command.args_hash.clear());
        PushRequest {
            proto: PROTO,
            schema: SCHEMA,
            practice: self.identity.practice,
            device: self.identity.device,
            epoch: self.epoch(),
            commands,
        }
    }

    /// What an answer means. Commit the transaction, then call [`Device::pushed`].
    pub fn on_push(&self, response: &PushResponse) -> (Pushed, Tx) {
        let mut tx = Tx {
            strict: true,
            ..Tx::default()
        };
        if !self.believes_history(response.epoch, response.server_time) {
            return (Pushed::default(), tx);
        }
        let mut meta = self.heard(response.epoch, response.last_seq, response.server_time);
        let other_history = self.epoch() != Some(response.epoch);
        self.forget_photos(&mut tx, &mut meta, response.durable_rev, other_history);
        let again = if other_history {
            self.in_other_history(response.last_seq)
        } else if self.is_gap(response) {
            self.after(response.last_seq, |_| true)
        } else {
            Vec::new()
        };
        self.send_again(&mut tx, &again);
        let mut pushed = Pushed {
            again,
            photos: self.photos_again(other_history),
            durable_rev: response.durable_rev,
            ..Pushed::default()
        };
        for receipt in &response.results {
            let Some(entry) = self
                .pending
                .get(&receipt.seq)
                .filter(|entry| entry.sealed.id == receipt.id)
            else {
                continue;
            };
            let entry = Pending {
                receipt: Some(receipt.clone()),
                ..entry.clone()
            };
            if self.is_over(&entry, receipt, response) {
                self.finish(&mut tx, &entry, response.durable_rev);
                pushed.done.push(receipt.seq);
            } else {
                tx.put(Store::Outbox, Self::outbox_key(receipt.seq), Self::json(&entry));
            }
            pushed.receipts.push((receipt.seq, receipt.clone()));
        }
        self.forget_durable(&mut tx, response.durable_rev, &pushed.again);
        tx.put(Store::Meta, "meta", Self::json(&meta));
        pushed.heard = Some((meta, response.server_time));
        (pushed, tx)
    }

    /// Whether nobody waits for an entry any more. A kiosk never pulls: its entry is done when the server has it.
    /// Others wait for their own row, so that nothing flickers. What was refused waits for a person, once.
    fn is_over(&self, entry: &Pending, receipt: &Receipt, response: &PushResponse) -> bool {
        if !receipt.status.is_applied() {
            return entry.dismissed || self.meta.wiped || self.is_decided(receipt);
        }
        let here = self
            .meta
            .cursor
            .as_ref()
            .filter(|cursor| cursor.epoch == response.epoch);
        self.kiosk || self.meta.wiped || here.is_some_and(|cursor| cursor.rev >= receipt.rev)
    }

    /// Whether a person has decided about what was not applied, as far as is known here.
    pub(super) fn is_decided(&self, receipt: &Receipt) -> bool {
        let item = receipt
            .tray_id
            .and_then(|id| self.confirmed.row(Entity::TrayItem, id.0));
        matches!(item, Some(Row::TrayItem(item)) if item.state != TrayState::Open)
    }

    /// Whether the server demands numbers that it gave receipts for: it was restored by hand, and did not notice
    /// yet. An old answer that comes late demands nothing.
    fn is_gap(&self, response: &PushResponse) -> bool {
        let mut unsent = self.pending.values().filter(|entry| entry.receipt.is_none());
        let asked = unsent
            .next()
            .is_none_or(|entry| response.last_seq + 1 < entry.sealed.seq);
        let gap = response.results.is_empty() && asked;
        if !gap {
            self.doubts.set(Default::default());
        }
        gap && self.believes(response.epoch, response.server_time)
    }

    /// Takes note of an answer that is saved.
    pub fn pushed(&mut self, pushed: Pushed) {
        let Some((meta, server_time)) = pushed.heard else {
            return;
        };
        self.note(
            Meta {
                cursor: self.meta.cursor.clone(),
                covers: self.meta.covers.clone(),
                snapshot: self.meta.snapshot.clone(),
                ..meta
            },
            server_time,
        );
        for (seq, receipt) in pushed.receipts {
            if let Some(entry) = self.pending.get_mut(&seq) {
                entry.receipt = Some(receipt);
            }
        }
        self.photos.extend(pushed.photos);
        self.take_again(&pushed.again);
        self.take_done(&pushed.done);
        self.sent.retain(|_, sent| sent.rev > pushed.durable_rev);
        self.replay();
    }

    /// Entries with a receipt that come after a number, of those whose revision is meant.
    pub(super) fn after(&self, last_seq: u64, rev: impl Fn(u64) -> bool) -> Vec<u64> {
        let told = self
            .pending
            .iter()
            .filter_map(|(seq, entry)| Some((*seq, entry.receipt.as_ref()?.rev)));
        let sent = self.sent.iter().map(|(seq, sent)| (*seq, sent.rev));
        told.chain(sent)
            .filter(|(seq, at)| *seq > last_seq && rev(*at))
            .map(|(seq, _)| seq)
            .collect()
    }

    /// What must be sent again in another history: what the server lost, and what still waits for a row, because
    /// its receipt may name a revision of the history that was left.
    pub(super) fn in_other_history(&self, last_seq: u64) -> Vec<u64> {
        let told = |entry: &Pending| entry.receipt.as_ref().is_some_and(|r| r.status.is_applied());
        let waits = self
            .pending
            .iter()
            .filter(|(seq, entry)| **seq <= last_seq && told(entry));
        waits
            .map(|(seq, _)| *seq)
            .chain(self.after(last_seq, |_| true))
            .collect()
    }

    /// Commands that this device was told are kept, and the server no longer has: it was restored from a backup.
    /// They go back into the outbox as they were, without the receipt that is no longer true.
    pub(super) fn send_again(&self, tx: &mut Tx, again: &[u64]) {
        for seq in again {
            let key = Self::outbox_key(*seq);
            let sent = self.sent.get(seq);
            if let Some(entry) = sent.map(|sent| &sent.pending).or(self.pending.get(seq)) {
                tx.put(
                    Store::Outbox,
                    key.clone(),
                    Self::json(&Pending {
                        receipt: None,
                        ..entry.clone()
                    }),
                );
            }
            if sent.is_some() {
                tx.delete(Store::Sent, key);
            }
        }
    }

    pub(super) fn take_again(&mut self, again: &[u64]) {
        for seq in again {
            if let Some(sent) = self.sent.remove(seq) {
                self.pending.insert(*seq, sent.pending);
                self.open_local(*seq);
            }
            if let Some(entry) = self.pending.get_mut(seq) {
                entry.receipt = None;
            }
        }
    }

    /// Moves an entry from the outbox to what is kept until a verified backup covers it.
    pub(super) fn finish(&self, tx: &mut Tx, entry: &Pending, durable_rev: u64) {
        let key = Self::outbox_key(entry.sealed.seq);
        let sent = self.as_sent(entry.clone());
        tx.delete(Store::Outbox, key.clone());
        if sent.rev > durable_rev {
            tx.put(Store::Sent, key, Self::json(&sent));
        }
    }

    fn as_sent(&self, pending: Pending) -> Sent {
        let rev = pending.receipt.as_ref().map_or(0, |receipt| receipt.rev);
        // A refusal may name no revision; a backup that does not reach this far would still ask for its number.
        let here = self
            .meta
            .cursor
            .as_ref()
            .filter(|_| pending.dismissed)
            .map_or(0, |cursor| cursor.rev);
        Sent {
            pending,
            rev: rev.max(here).max(1),
        }
    }

    pub(super) fn take_done(&mut self, done: &[u64]) {
        for seq in done {
            if let Some(pending) = self.pending.remove(seq) {
                let sent = self.as_sent(pending);
                self.sent.insert(*seq, sent);
            }
        }
    }

    pub(super) fn forget_durable(&self, tx: &mut Tx, durable_rev: u64, again: &[u64]) {
        for (seq, sent) in &self.sent {
            if sent.rev <= durable_rev && !again.contains(seq) {
                tx.delete(Store::Sent, Self::outbox_key(*seq));
            }
        }
    }

    /// A person has seen that an entry was refused. It is kept among what was sent.
    pub fn dismiss(&self, seq: u64) -> Option<Tx> {
        let entry = self
            .pending
            .get(&seq)
            .filter(|entry| entry.state() == EntryState::NeedsDecision)?;
        let mut tx = Tx {
            strict: true,
            ..Tx::default()
        };
        self.finish(
            &mut tx,
            &Pending {
                dismissed: true,
                ..entry.clone()
            },
            0,
        );
        Some(tx)
    }

    /// Takes note of a dismissal that is saved.
    pub fn dismissed(&mut self, seq: u64) {
        let decided = |entry: &&mut Pending| entry.state() == EntryState::NeedsDecision;
        if let Some(entry) = self.pending.get_mut(&seq).filter(decided) {
            entry.dismissed = true;
            self.take_done(&[seq]);
        }
        self.replay();
    }
}
