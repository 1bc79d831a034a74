//! Fetching: rows, cursor and the end of waiting, in one transaction.

use super::blocks::{Laid, Layout};
use super::{Device, EntryState, Meta, Pending, SnapshotProgress};
use crate::store::{Store, Tx, Write};
use crate::wire::{Cursor, PROTO, PullRequest, PullResponse, Receipt, ReceiptStatus, SCHEMA};
use chrono::{DateTime, Utc};
use domain::row::{Compartment, Distribution, EDITION, Entity, Row, Rows};
use domain::tray::{TrayKind, TrayState};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Changes that a page asks for at once: what comes is read and laid down in one go, which nobody should feel.
const PAGE_PULL: u32 = 500;

/// What follows from an answer to a pull.
pub struct Pulled {
    meta: Meta,
    laid: Laid,
    server_time: DateTime<Utc>,
    clear: bool,
    gone: Vec<(Entity, Uuid)>,
    rows: Vec<Row>,
    receipts: Vec<(u64, Receipt)>,
    done: Vec<u64>,
    again: Vec<u64>,
    photos: Vec<String>,
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
            max_changes: PAGE_PULL,
            snapshots: true,
            member: self.actor.as_ref().and_then(|actor| actor.member),
            unsent: u32::try_from(self.queue().entries).ok(),
            edition: EDITION,
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
        // What begins anew replaces everything: rows of another history or scope may lie here, of which nobody will say
        // that they are gone.
        let under_way = self.under_way(response);
        let clear = (at == 0 || other_history) && !under_way;
        if clear {
            tx.writes.push(Write::Clear(Store::Rows));
        }
        let mut meta = self.moved(response, at);
        let gone = if clear { Vec::new() } else { self.gone(response) };
        let changed = response.changes.iter().map(|change| &change.row);
        let rows: Vec<Row> = changed.chain(&response.gained).cloned().collect();
        let mut laid = Laid::default();
        let passed_on = if clear { Vec::new() } else { self.passed_on(&rows) };
        self.lift(&mut tx, &mut laid, &[gone.as_slice(), &passed_on].concat());
        self.evict(&mut tx, &mut meta, response);
        self.lay(&mut tx, &mut laid, &rows, clear);
        self.forget_photos(&mut tx, &mut meta, response.durable_rev, other_history);
        let again = if other_history {
            self.in_other_history(response.last_seq)
        } else {
            // An answer that reaches to a revision knows every number judged up to it.
            self.after(response.last_seq, |rev| rev <= response.to)
        };
        self.send_again(&mut tx, &again);
        let mut pulled = Pulled {
            meta,
            laid,
            server_time: response.server_time,
            clear,
            gone,
            rows,
            receipts: Vec::new(),
            done: Vec::new(),
            again,
            photos: self.photos_again(other_history),
            durable_rev: response.durable_rev,
        };
        self.end_waiting(&mut tx, &mut pulled, response);
        tx.put(Store::Meta, "meta", Self::json(&pulled.meta));
        self.forget_durable(&mut tx, response.durable_rev, &pulled.again);
        Ok((pulled, tx))
    }

    /// Whether the answer offers the snapshot that is being fetched already.
    fn under_way(&self, response: &PullResponse) -> bool {
        let offered = response.snapshot.as_ref().map(|manifest| manifest.id);
        let mine = self.meta.snapshot.as_ref().map(|progress| progress.manifest.id);
        offered.is_some() && offered == mine
    }

    /// Where the device is after an answer: at its end, or at the beginning of a snapshot.
    fn moved(&self, response: &PullResponse, at: u64) -> Meta {
        let held = self.held();
        let heard = self.heard(response.epoch, response.last_seq, response.server_time);
        if self.under_way(response) {
            return heard;
        }
        if let Some(manifest) = &response.snapshot {
            return Meta {
                cursor: None,
                covers: BTreeSet::new(),
                whole: false,
                snapshot: Some(SnapshotProgress {
                    manifest: manifest.clone(),
                    next: 0,
                    covers: held,
                }),
                ..heard
            };
        }
        Meta {
            cursor: Some(Cursor {
                epoch: response.epoch,
                rev: response.to,
                scope: response.scope.clone(),
            }),
            covers: if at == 0 {
                held
            } else {
                self.meta.covers.intersection(&held).copied().collect()
            },
            whole: !response.more || (at != 0 && self.meta.whole),
            snapshot: None,
            ..heard
        }
    }

    /// Rows that are here and in scope no more.
    fn gone(&self, response: &PullResponse) -> Vec<(Entity, Uuid)> {
        let single = response.evict_rows.iter().copied();
        let everywhere = |entity: &Entity| entity.distribution() == Distribution::Practice;
        let of_patients = response.evict.iter().flat_map(|patient| {
            let entities = Entity::ALL.iter().filter(move |entity| !everywhere(entity));
            entities.flat_map(move |entity| self.confirmed.of_patient(*entity, *patient))
        });
        single
            .chain(of_patients.map(|row| (row.entity(), row.id())))
            .collect()
    }

    /// Of what left the scope, rows that are closed to whoever works here cannot be told apart, so a closed
    /// compartment goes whole, and is fetched again by those who open it; so do photos that were looked at.
    fn evict(&self, tx: &mut Tx, meta: &mut Meta, response: &PullResponse) {
        if response.evict.is_empty() && response.evict_rows.is_empty() {
            return;
        }
        let held = self.held();
        for compartment in Compartment::ALL.into_iter().filter(|one| !held.contains(one)) {
            let prefix = format!("{}/", compartment.name());
            tx.writes.push(Write::ClearPrefix(Store::Rows, prefix));
            meta.covers.remove(&compartment);
        }
        tx.writes
            .push(Write::ClearPrefix(Store::Blobs, "seen/".to_owned()));
    }

    /// Own entries whose row has come, or about which a person has decided, are waited for no longer.
    fn end_waiting(&self, tx: &mut Tx, pulled: &mut Pulled, response: &PullResponse) {
        let decided = decided_items(response);
        for (seq, entry) in &self.pending {
            if pulled.again.contains(seq) {
                continue;
            }
            let Some(receipt) = entry.receipt.clone().or_else(|| receipt_of(entry, response)) else {
                continue;
            };
            let told = Pending {
                receipt: Some(receipt.clone()),
                ..entry.clone()
            };
            let over = if receipt.status.is_applied() {
                response.snapshot.is_none() && receipt.rev <= response.to
            } else {
                receipt.tray_id.is_some_and(|item| decided.contains(&item.0)) || self.is_decided(&receipt)
            };
            let told = Pending {
                dismissed: entry.dismissed || (over && told.state() == EntryState::NeedsDecision),
                ..told
            };
            if over {
                self.finish(tx, &told, response.durable_rev);
                pulled.done.push(*seq);
            } else if entry.receipt.is_none() {
                tx.put(Store::Outbox, Self::outbox_key(*seq), Self::json(&told));
            }
            if over || entry.receipt.is_none() {
                pulled.receipts.push((*seq, receipt));
            }
        }
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
        // In another scope a device begins anew, as in another history, wherever that is.
        let moved = cursor.is_some_and(|cursor| cursor.scope != response.scope);
        let elsewhere = moved && !(response.reset && self.believes(response.epoch, response.server_time));
        let backwards = response.to < at || here.is_some_and(|cursor| !moved && response.to < cursor.rev);
        let gap = response.from != at || foreign || backwards || elsewhere;
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
            self.layout = Layout::default();
        }
        self.layout.note(pulled.laid);
        for (entity, id) in pulled.gone {
            self.confirmed.remove(entity, id);
        }
        for row in pulled.rows {
            if self.keys.contains_key(&row.entity().compartment()) {
                self.confirmed.put(row);
            }
        }
        for (seq, receipt) in pulled.receipts {
            if let Some(entry) = self.pending.get_mut(&seq) {
                entry.receipt = Some(receipt);
                entry.dismissed |= entry.state() == EntryState::NeedsDecision && pulled.done.contains(&seq);
            }
        }
        self.photos.extend(pulled.photos);
        self.take_again(&pulled.again);
        self.take_done(&pulled.done);
        self.sent.retain(|_, sent| sent.rev > pulled.durable_rev);
        self.replay();
    }
}

/// Tray items that a person has decided about, by an answer: the row says so, or it is gone, because what is decided
/// and about no patient goes nowhere.
fn decided_items(response: &PullResponse) -> BTreeSet<Uuid> {
    let rows = response.changes.iter().map(|change| &change.row);
    let closed = rows.chain(&response.gained).filter_map(|row| match row {
        Row::TrayItem(item) if item.state != TrayState::Open => Some(item.id.0),
        _ => None,
    });
    let gone = response.evict_rows.iter();
    let gone = gone.filter(|(entity, _)| *entity == Entity::TrayItem);
    closed.chain(gone.map(|(_, id)| *id)).collect()
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
