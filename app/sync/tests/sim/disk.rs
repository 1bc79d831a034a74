//! A disk that keeps transactions whole, fills up, and loses power.

use std::collections::BTreeMap;
use sync::device::Stored;
use sync::store::{Store, Tx, Write};

/// Part of every name, so that it can be looked for in bytes.
pub const CANARY: &[u8] = b"anary";

/// What goes wrong at a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    Nothing,
    Full,
    CrashBefore,
    CrashAfter,
}

#[derive(Clone, Default, PartialEq)]
pub struct Disk {
    pub entries: BTreeMap<(Store, String), Vec<u8>>,
}

impl Disk {
    /// All or nothing.
    pub fn write(&mut self, tx: &Tx) {
        for write in &tx.writes {
            match write {
                Write::Put(store, key, bytes) => {
                    assert!(
                        !has_canary(bytes) && !has_canary(key.as_bytes()),
                        "a name lies on the disk"
                    );
                    self.entries.insert((*store, key.clone()), bytes.clone());
                }
                Write::Delete(store, key) => {
                    self.entries.remove(&(*store, key.clone()));
                }
                Write::ClearPrefix(store, prefix) => self
                    .entries
                    .retain(|(in_store, key), _| in_store != store || !key.starts_with(prefix)),
                Write::Clear(store) => self.entries.retain(|(in_store, _), _| in_store != store),
            }
        }
    }

    pub fn all(&self, store: Store) -> Vec<(String, Vec<u8>)> {
        let of_store = self
            .entries
            .iter()
            .filter(|((in_store, _), _)| *in_store == store);
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

/// Whether bytes show a name in the open.
pub fn has_canary(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .enumerate()
        .any(|(at, byte)| *byte == CANARY[0] && bytes.get(at..at + CANARY.len()) == Some(CANARY))
}
