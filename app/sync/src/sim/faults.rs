//! What a device does that may deliberately go wrong in more than one way.

use super::Mutant;
use super::disk::Mishap;
use super::node::{Done, Node};
use crate::device::{EntryState, SnapshotProgress, is_block};
use crate::store::{Store, Tx, Write};
use crate::wire::Cursor;
use uuid::Uuid;

impl Node {
    pub(super) fn forget_told(&mut self) {
        let told = self.device.pending.values();
        let told = told.filter(|entry| entry.state() == EntryState::Sent);
        for seq in told.map(|entry| entry.sealed.seq).collect::<Vec<_>>() {
            self.device.pending.remove(&seq);
            self.disk.entries.remove(&(Store::Outbox, format!("{seq:020}")));
        }
    }

    pub(super) fn forget_last_number(&mut self) {
        let key = (Store::Meta, "meta".to_owned());
        let newest = self.disk.all(Store::Sent).pop().map(|(key, _)| key);
        if let (Some(newest), Some(bytes)) = (newest, self.disk.entries.get(&key))
            && self.disk.all(Store::Outbox).is_empty()
            && let Ok(mut meta) = serde_json::from_slice::<serde_json::Value>(bytes)
        {
            meta["next_seq"] = newest.parse::<u64>().unwrap_or(1).into();
            let bytes = serde_json::to_vec(&meta).unwrap_or_default();
            self.disk.entries.insert(key, bytes);
            self.disk.entries.remove(&(Store::Sent, newest));
        }
    }

    /// Takes a part of a snapshot.
    pub fn take_chunk(&mut self, id: Uuid, index: u32, body: &[u8], mishap: Mishap) -> Done {
        let skipped = self.is(Mutant::SnapshotPartSkipped) && index == 1;
        let Ok((chunk, tx)) = self.device.on_chunk(id, index, body) else {
            return Done::Nothing;
        };
        let before = self.device.meta.snapshot.clone();
        let done = self.commit(&tx, mishap);
        if done == Done::Yes {
            self.device.chunked(chunk);
        }
        if let (
            Some(SnapshotProgress {
                manifest,
                next,
                covers,
            }),
            Done::Yes,
        ) = (before, &done)
        {
            let meta = &mut self.device.meta;
            if self.mutant == Some(Mutant::SnapshotCursorEarly) {
                meta.cursor = Some(Cursor {
                    epoch: manifest.epoch,
                    rev: manifest.rev,
                    scope: manifest.scope.clone(),
                });
                (meta.covers, meta.snapshot) = (covers, None);
            } else if skipped && next as usize + 2 < manifest.chunks.len() {
                meta.snapshot = Some(SnapshotProgress {
                    manifest,
                    next: next + 2,
                    covers,
                });
            } else {
                return done;
            }
            let bytes = serde_json::to_vec(&self.device.meta).unwrap_or_default();
            self.disk.entries.insert((Store::Meta, "meta".to_owned()), bytes);
        }
        done
    }

    /// Folds a few single rows into a block.
    pub fn fold(&mut self, mishap: Mishap) -> Done {
        let Some((folded, mut tx)) = self.device.fold(1 + self.rng.below(4)) else {
            return Done::Nothing;
        };
        if self.is(Mutant::FoldForgets) {
            tx.writes.retain(|write| matches!(write, Write::Delete(..)));
        }
        let done = self.commit(&tx, mishap);
        if done == Done::Yes {
            self.device.folded(folded);
        }
        done
    }

    /// Erases what can be read.
    pub fn wipe(&mut self, mishap: Mishap) -> Done {
        let mut tx = self.device.wipe_tx();
        if self.is(Mutant::WipeTakesOutbox) {
            tx.writes.push(Write::Clear(Store::Outbox));
        }
        if self.is(Mutant::WipeLeavesRows) {
            tx.writes.retain(|write| *write != Write::Clear(Store::Rows));
        }
        let done = self.commit(&tx, mishap);
        self.wiped_once |= done == Done::CrashedAfter;
        if done == Done::Yes {
            self.device.wiped();
            self.wiped_once = true;
            self.at_work = None;
            let rows = self.disk.all(Store::Rows).len();
            assert_eq!(rows, 0, "leaked: rows are left on a device that was wiped");
        }
        done
    }

    /// Deliberate faults of what is written.
    pub(super) fn bend(&self, tx: &mut Tx) {
        match self.mutant {
            Some(Mutant::SentForgotten) => {
                tx.writes
                    .retain(|write| !matches!(write, Write::Put(Store::Sent, ..)));
            }
            Some(Mutant::EvictInMemoryOnly) => {
                tx.writes
                    .retain(|write| !matches!(write, Write::Delete(Store::Rows, _)));
            }
            Some(Mutant::EvictLeavesBlock) => {
                let known = |key: &String| self.disk.entries.contains_key(&(Store::Rows, key.clone()));
                tx.writes.retain(|write| match write {
                    Write::Put(Store::Rows, key, _) | Write::Delete(Store::Rows, key) => {
                        !is_block(key) || !known(key)
                    }
                    _ => true,
                });
            }
            Some(Mutant::EvictLeavesClosed) => {
                tx.writes
                    .retain(|write| !matches!(write, Write::ClearPrefix(Store::Rows, _)));
            }
            _ => {}
        }
    }
}
