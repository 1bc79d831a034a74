//! Sending: in order, again and again, until there is a receipt.

use super::{Device, EntryState, Meta, Pending, Sent};
use crate::store::{Store, Tx};
use crate::wire::{MAX_PUSH, MAX_PUSH_BYTES, PROTO, PushRequest, PushResponse, ReceiptStatus, SCHEMA};

/// What follows from an answer to a push.
pub struct Pushed {
    meta: Meta,
    receipts: Vec<(u64, crate::wire::Receipt)>,
    done: Vec<u64>,
    again: Vec<u64>,
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
        Some(PushRequest {
            proto: PROTO,
            schema: SCHEMA,
            practice: self.identity.practice,
            device: self.identity.device,
            epoch: self.meta.cursor.map(|cursor| cursor.epoch),
            commands,
        })
    }

    /// What an answer means. Commit the transaction, then call [`Device::pushed`].
    pub fn on_push(&self, response: &PushResponse) -> (Pushed, Tx) {
        let mut tx = Tx { strict: true, ..Tx::default() };
        let mut meta = self.meta.clone();
        meta.heard_at = Some(response.server_time);
        let mut pushed = Pushed {
            meta: meta.clone(),
            receipts: Vec::new(),
            done: Vec::new(),
            again: self.lost_by_server(response.last_seq, &mut tx),
            durable_rev: response.durable_rev,
        };
        for receipt in &response.results {
            let Some(entry) = self.pending.get(&receipt.seq).filter(|entry| entry.sealed.id == receipt.id) else {
                continue;
            };
            let entry = Pending { receipt: Some(receipt.clone()), ..entry.clone() };
            // A kiosk never pulls: its entry is done when the server has it. Others wait for their own row, so that
            // nothing flickers.
            let seen = self.kiosk || self.meta.cursor.is_some_and(|cursor| cursor.rev >= receipt.rev);
            if receipt.status != ReceiptStatus::Rejected && seen {
                self.finish(&mut tx, &entry, receipt.rev);
                pushed.done.push(receipt.seq);
            } else {
                tx.put(Store::Outbox, Self::outbox_key(receipt.seq), Self::json(&entry));
            }
            pushed.receipts.push((receipt.seq, receipt.clone()));
        }
        self.forget_durable(&mut tx, response.durable_rev);
        tx.put(Store::Meta, "meta", Self::json(&meta));
        (pushed, tx)
    }

    /// Takes note of an answer that is saved.
    pub fn pushed(&mut self, pushed: Pushed) {
        self.meta = Meta { next_seq: self.meta.next_seq, cursor: self.meta.cursor, ..pushed.meta };
        for (seq, receipt) in pushed.receipts {
            if let Some(entry) = self.pending.get_mut(&seq) {
                entry.receipt = Some(receipt);
            }
        }
        self.take_done(&pushed.done);
        self.take_again(&pushed.again);
        self.sent.retain(|_, sent| sent.rev > pushed.durable_rev);
        self.replay();
    }

    /// Commands that this device was told are kept, and the server no longer has: it was restored from a backup.
    /// They go back into the outbox as they were.
    pub(super) fn lost_by_server(&self, last_seq: u64, tx: &mut Tx) -> Vec<u64> {
        let mut again = Vec::new();
        for (seq, sent) in self.sent.range(last_seq + 1..) {
            let entry = Pending { receipt: None, ..sent.pending.clone() };
            tx.put(Store::Outbox, Self::outbox_key(*seq), Self::json(&entry));
            tx.delete(Store::Sent, Self::outbox_key(*seq));
            again.push(*seq);
        }
        again
    }

    pub(super) fn take_again(&mut self, again: &[u64]) {
        for seq in again {
            if let Some(sent) = self.sent.remove(seq) {
                self.pending.insert(*seq, Pending { receipt: None, ..sent.pending });
            }
        }
    }

    /// Moves an entry from the outbox to what is kept until a verified backup covers it.
    pub(super) fn finish(&self, tx: &mut Tx, entry: &Pending, rev: u64) {
        let key = Self::outbox_key(entry.sealed.seq);
        tx.delete(Store::Outbox, key.clone());
        tx.put(Store::Sent, key, Self::json(&Sent { pending: entry.clone(), rev }));
    }

    pub(super) fn take_done(&mut self, done: &[u64]) {
        for seq in done {
            if let Some(pending) = self.pending.remove(seq) {
                let rev = pending.receipt.as_ref().map_or(0, |r| r.rev);
                self.sent.insert(*seq, Sent { pending, rev });
            }
        }
    }

    pub(super) fn forget_durable(&self, tx: &mut Tx, durable_rev: u64) {
        for (seq, sent) in &self.sent {
            if sent.rev <= durable_rev {
                tx.delete(Store::Sent, Self::outbox_key(*seq));
            }
        }
    }

    /// A person has seen that an entry was refused. It is kept among what was sent.
    pub fn dismiss(&self, seq: u64) -> Option<Tx> {
        let entry = self.pending.get(&seq).filter(|entry| entry.state() == EntryState::NeedsDecision)?;
        let mut tx = Tx { strict: true, ..Tx::default() };
        self.finish(&mut tx, entry, entry.receipt.as_ref().map_or(0, |r| r.rev));
        Some(tx)
    }

    /// Takes note of a dismissal that is saved.
    pub fn dismissed(&mut self, seq: u64) {
        self.take_done(&[seq]);
        self.replay();
    }

    /// A photo that the server has.
    pub fn photo_sent(&self, hash: &str) -> Tx {
        let mut tx = Tx::default();
        tx.delete(Store::Blobs, format!("out/{hash}"));
        tx
    }
}
