//! A disk that keeps transactions whole, fills up, and loses power: what nobody waited for may be gone.

use crate::device::Stored;
use crate::store::{Store, Tx, Write};
use std::collections::BTreeMap;

/// Part of every name, so that it can be looked for in bytes; long enough that chance does not write it.
pub const CANARY: &[u8] = b"anarybird";

/// What goes wrong at a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// Nothing.
    Nothing,
    /// There is no room; nothing was written.
    Full,
    /// The power goes before it was written.
    CrashBefore,
    /// The power goes after it was written.
    CrashAfter,
}

/// Entries by store and key.
pub type Entries = BTreeMap<(Store, String), Vec<u8>>;

/// One device's disk.
#[derive(Clone, Default, PartialEq)]
pub struct Disk {
    /// As they are read.
    pub entries: Entries,
    /// As they were before the first write that nobody waited for, and those writes.
    relaxed: Option<(Entries, Vec<Tx>)>,
}

impl Disk {
    /// All or nothing.
    pub fn write(&mut self, tx: &Tx) {
        if tx.strict {
            // Waiting for one is waiting for those before it.
            self.relaxed = None;
        } else {
            let (_, tail) = self
                .relaxed
                .get_or_insert_with(|| (self.entries.clone(), Vec::new()));
            tail.push(tx.clone());
        }
        apply(&mut self.entries, tx);
    }

    /// The power goes. Of the writes that nobody waited for, only the first `kept` are there.
    pub fn lose_power(&mut self, kept: usize) {
        if let Some((before, tail)) = self.relaxed.take() {
            self.entries = before;
            for tx in tail.iter().take(kept) {
                apply(&mut self.entries, tx);
            }
        }
    }

    /// How many writes nobody waited for.
    pub fn unwaited(&self) -> usize {
        self.relaxed.as_ref().map_or(0, |(_, tail)| tail.len())
    }

    /// Everything in a store.
    pub fn all(&self, store: Store) -> Vec<(String, Vec<u8>)> {
        let from = (store, String::new());
        let of_store = self
            .entries
            .range(from..)
            .take_while(|((in_store, _), _)| *in_store == store);
        of_store
            .map(|((_, key), bytes)| (key.clone(), bytes.clone()))
            .collect()
    }

    /// As a device reads it when its page loads.
    pub fn stored(&self) -> Stored {
        Stored {
            meta: self.entries.get(&(Store::Meta, "meta".to_owned())).cloned(),
            outbox: self.all(Store::Outbox),
            sent: self.all(Store::Sent),
            rows: self.all(Store::Rows),
            blob_keys: self.all(Store::Blobs).into_iter().map(|(key, _)| key).collect(),
        }
    }
}

fn apply(entries: &mut Entries, tx: &Tx) {
    for write in &tx.writes {
        match write {
            Write::Put(store, key, bytes) => {
                assert!(
                    !has_canary(bytes) && !has_canary(key.as_bytes()),
                    "leaked: a name lies on the disk"
                );
                entries.insert((*store, key.clone()), bytes.clone());
            }
            Write::Delete(store, key) => {
                entries.remove(&(*store, key.clone()));
            }
            Write::Clear(store) => entries.retain(|(in_store, _), _| in_store != store),
            Write::ClearPrefix(store, prefix) => {
                entries.retain(|(in_store, key), _| in_store != store || !key.starts_with(prefix));
            }
        }
    }
}

/// Whether bytes show a name in the open.
pub fn has_canary(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .enumerate()
        .any(|(at, byte)| *byte == CANARY[0] && bytes.get(at..at + CANARY.len()) == Some(CANARY))
}
