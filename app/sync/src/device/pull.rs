//! Fetching: rows, cursor and the end of waiting, in one transaction.

use super::{Device, Meta};
use crate::store::{Store, Tx, Write};
use crate::wire::{Cursor, MAX_PULL, PROTO, PullRequest, PullResponse, ReceiptStatus, SCHEMA};
use domain::row::{Row, Rows};

/// What follows from an answer to a pull.
pub struct Pulled {
    meta: Meta,
    reset: bool,
    rows: Vec<Row>,
    done: Vec<u64>,
    again: Vec<u64>,
    durable_rev: u64,
}

/// An answer that does not continue where this device is. Nothing was changed; ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server's answer does not continue this device's history (device at {at}, answer from {from})")]
pub struct Hole {
    /// Where the device is.
    pub at: u64,
    /// Where the answer begins.
    pub from: u64,
}

impl Device {
    /// Asks for what changed since the cursor.
    pub fn next_pull(&self) -> PullRequest {
        PullRequest {
            proto: PROTO,
            schema: SCHEMA,
            practice: self.identity.practice,
            device: self.identity.device,
            cursor: self.meta.cursor,
            max_changes: MAX_PULL,
        }
    }

    /// What an answer means. Commit the transaction, then call [`Device::pulled`].
    pub fn on_pull(&self, response: &PullResponse) -> Result<(Pulled, Tx), Hole> {
        let at = self.meta.cursor.filter(|_| !response.reset).map_or(0, |cursor| cursor.rev);
        if response.from != at {
            return Err(Hole { at, from: response.from });
        }
        let mut tx = Tx { strict: true, ..Tx::default() };
        if response.reset {
            tx.writes.push(Write::Clear(Store::Rows));
        }
        let rows: Vec<Row> = response.changes.iter().map(|change| change.row.clone()).collect();
        for row in &rows {
            self.write_row(&mut tx, row);
        }
        let meta = Meta {
            cursor: Some(Cursor { epoch: response.epoch, rev: response.to }),
            heard_at: Some(response.server_time),
            ..self.meta.clone()
        };
        tx.put(Store::Meta, "meta", Self::json(&meta));
        let again = self.lost_by_server(response.last_seq, &mut tx);
        let mut done = Vec::new();
        for (seq, entry) in &self.pending {
            let Some(receipt) = &entry.receipt else { continue };
            if receipt.status != ReceiptStatus::Rejected && receipt.rev <= response.to {
                self.finish(&mut tx, entry, receipt.rev);
                done.push(*seq);
            }
        }
        self.forget_durable(&mut tx, response.durable_rev);
        let durable_rev = response.durable_rev;
        Ok((Pulled { meta, reset: response.reset, rows, done, again, durable_rev }, tx))
    }

    /// Takes note of an answer that is saved.
    pub fn pulled(&mut self, pulled: Pulled) {
        self.meta = Meta { next_seq: self.meta.next_seq, ..pulled.meta };
        if pulled.reset {
            self.confirmed = Rows::default();
        }
        for row in pulled.rows {
            self.confirmed.put(row);
        }
        self.take_done(&pulled.done);
        self.take_again(&pulled.again);
        self.sent.retain(|_, sent| sent.rev > pulled.durable_rev);
        self.replay();
    }
}
