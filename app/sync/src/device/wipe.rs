//! Erasing a device that was shut out, or heard nothing for half a year. What can be read goes; what was entered stays,
//! sealed, until the server has it.

use super::{Device, Meta, Pending, Sent};
use crate::keyring::Keys;
use crate::store::{Store, Tx, Write};
use crate::wire::Directive;
use domain::row::Rows;

/// Whether an answer demands that the device be wiped.
pub fn demands_wipe(directives: &[Directive]) -> bool {
    directives.iter().any(|directive| match directive {
        Directive::Wipe => true,
        Directive::Unknown => false,
    })
}

impl Device {
    /// Erases keys, rows, photos that were looked at, drafts and the log of reads, in one transaction. The sealed
    /// outbox stays, and so do photos that wait. Commit it, then call [`Device::wiped`].
    pub fn wipe_tx(&self) -> Tx {
        let mut tx = Tx {
            strict: true,
            ..Tx::default()
        };
        tx.writes
            .push(Write::ClearPrefix(Store::Meta, "ring/".to_owned()));
        for store in [Store::Rows, Store::Drafts, Store::Reads] {
            tx.writes.push(Write::Clear(store));
        }
        tx.writes
            .push(Write::ClearPrefix(Store::Blobs, "seen/".to_owned()));
        tx.put(Store::Meta, "meta", Self::json(&self.wiped_meta()));
        for (seq, entry) in &self.pending {
            let bare = Pending {
                local: None,
                dismissed: entry.dismissed || entry.receipt.is_some(),
                ..entry.clone()
            };
            if bare.receipt.is_some() {
                // Nobody will see its row or its refusal here any more.
                self.finish(&mut tx, &bare, 0);
            } else {
                tx.put(Store::Outbox, Self::outbox_key(*seq), Self::json(&bare));
            }
        }
        for (seq, sent) in &self.sent {
            let bare = Sent {
                pending: Pending {
                    local: None,
                    ..sent.pending.clone()
                },
                rev: sent.rev,
            };
            tx.put(Store::Sent, Self::outbox_key(*seq), Self::json(&bare));
        }
        tx
    }

    fn wiped_meta(&self) -> Meta {
        Meta {
            cursor: None,
            covers: Default::default(),
            whole: false,
            snapshot: None,
            wiped: true,
            ..self.meta.clone()
        }
    }

    /// Takes note of a wipe that is saved: nobody works here any more, and what is sealed goes on being sent.
    pub fn wiped(&mut self) {
        self.meta = self.wiped_meta();
        self.take_keys(Keys::new());
        self.actor = None;
        self.confirmed = Rows::default();
        self.overlay = Rows::default();
        let told = self
            .pending
            .iter_mut()
            .filter(|(_, entry)| entry.receipt.is_some());
        let told: Vec<u64> = told
            .map(|(seq, entry)| {
                entry.dismissed = true;
                *seq
            })
            .collect();
        self.take_done(&told);
        let sent = self.sent.values_mut().map(|sent| &mut sent.pending);
        for entry in self.pending.values_mut().chain(sent) {
            entry.local = None;
            entry.envelope = None;
        }
    }
}
