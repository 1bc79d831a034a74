//! Fetching: rows, cursor and the end of waiting, in one transaction.

use super::{Device, Meta, Pending};
use crate::store::{Store, Tx, Write};
use crate::wire::{Cursor, MAX_PULL, PROTO, PullRequest, PullResponse, Receipt, ReceiptStatus, SCHEMA};
use chrono::{DateTime, Utc};
use domain::row::{Row, Rows};
use domain::tray::TrayKind;

/// What follows from an answer to a pull.
pub struct Pulled {
    meta: Meta,
    server_time: DateTime<Utc>,
    clear: bool,
    rows: Vec<Row>,
    receipts: Vec<(u64, Receipt)>,
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
            cursor: self.meta.cursor.clone(),
            max_changes: MAX_PULL,
            snapshots: false,
        }
    }

    /// What an answer means. Commit the transaction, then call [`Device::pulled`].
    pub fn on_pull(&self, response: &PullResponse) -> Result<(Pulled, Tx), Hole> {
        let at = self.continues(response)?;
        let mut tx = Tx {
            strict: true,
            ..Tx::default()
        };
        let other_history = self.epoch().is_some_and(|epoch| epoch != response.epoch);
        let clear = response.reset || other_history;
        if clear {
            tx.writes.push(Write::Clear(Store::Rows));
        }
        let rows: Vec<Row> = response.changes.iter().map(|change| change.row.clone()).collect();
        for row in &rows {
            self.write_row(&mut tx, row);
        }
        let held = self.held();
        let covers = if at == 0 {
            held
        } else {
            self.meta.covers.intersection(&held).copied().collect()
        };
        let meta = Meta {
            cursor: Some(Cursor {
                epoch: response.epoch,
                rev: response.to,
                scope: response.scope.clone(),
            }),
            covers,
            ..self.heard(response.epoch, response.last_seq, response.server_time)
        };
        tx.put(Store::Meta, "meta", Self::json(&meta));
        let again = if other_history {
            self.in_other_history(response.last_seq)
        } else {
            // An answer that reaches to a revision knows every number judged up to it.
            self.after(response.last_seq, |rev| rev <= response.to)
        };
        self.send_again(&mut tx, &again);
        let mut pulled = Pulled {
            meta,
            server_time: response.server_time,
            clear,
            rows,
            receipts: Vec::new(),
            done: Vec::new(),
            again,
            durable_rev: response.durable_rev,
        };
        for (seq, entry) in self.pending.iter().filter(|(seq, _)| !pulled.again.contains(seq)) {
            let Some(receipt) = entry.receipt.clone().or_else(|| receipt_of(entry, response)) else {
                continue;
            };
            if !receipt.status.is_applied() || receipt.rev > response.to {
                continue;
            }
            let entry = Pending {
                receipt: Some(receipt.clone()),
                ..entry.clone()
            };
            self.finish(&mut tx, &entry, response.durable_rev);
            pulled.receipts.push((*seq, receipt));
            pulled.done.push(*seq);
        }
        self.forget_durable(&mut tx, response.durable_rev, &pulled.again);
        Ok((pulled, tx))
    }

    /// Where the device is, when an answer continues from there: not late, not of another history unless it begins
    /// anew, and never backwards.
    fn continues(&self, response: &PullResponse) -> Result<u64, Hole> {
        let cursor = self.meta.cursor.as_ref();
        let here = cursor.filter(|cursor| cursor.epoch == response.epoch);
        let at = cursor.filter(|_| !response.reset).map_or(0, |cursor| cursor.rev);
        let hole = Hole {
            at: cursor.map_or(0, |cursor| cursor.rev),
            from: response.from,
        };
        let foreign = !response.reset && cursor.is_some() && here.is_none();
        let backwards = response.to < at || here.is_some_and(|cursor| response.to < cursor.rev);
        let gap = response.from != at || foreign || backwards;
        if gap || !self.believes_history(response.epoch, response.server_time) {
            return Err(hole);
        }
        Ok(at)
    }

    /// Takes note of an answer that is saved.
    pub fn pulled(&mut self, pulled: Pulled) {
        self.note(pulled.meta, pulled.server_time);
        if pulled.clear {
            self.confirmed = Rows::default();
        }
        for row in pulled.rows {
            self.confirmed.put(row);
        }
        for (seq, receipt) in pulled.receipts {
            if let Some(entry) = self.pending.get_mut(&seq) {
                entry.receipt = Some(receipt);
            }
        }
        self.take_again(&pulled.again);
        self.take_done(&pulled.done);
        self.sent.retain(|_, sent| sent.rev > pulled.durable_rev);
        self.replay();
    }
}

/// The row came before the receipt: what the receipt will say follows from the rows.
fn receipt_of(entry: &Pending, response: &PullResponse) -> Option<Receipt> {
    let id = entry.sealed.id;
    let own = || response.changes.iter().filter(|change| change.command_id == id);
    let rev = own().next()?.rev;
    let conflicts = own()
        .filter(|change| matches!(change.row, Row::Conflict(_)))
        .count();
    let item = own().find_map(|change| match &change.row {
        Row::TrayItem(item) if item.command_id == id => Some(item),
        _ => None,
    });
    Some(Receipt {
        id,
        seq: entry.sealed.seq,
        status: match item.map(|item| item.kind) {
            Some(TrayKind::Parked) => ReceiptStatus::Parked,
            Some(TrayKind::Refused | TrayKind::Unreadable | TrayKind::Disputed) => ReceiptStatus::Rejected,
            None if conflicts > 0 => ReceiptStatus::Conflict,
            None => ReceiptStatus::Applied,
        },
        rev,
        refusal: item.and_then(|item| item.refusal.clone()),
        conflicts: u32::try_from(conflicts).unwrap_or(u32::MAX),
        duplicate: true,
        tray_id: item.map(|item| item.id),
    })
}
