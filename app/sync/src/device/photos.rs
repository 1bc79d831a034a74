//! Photos: each waits until the server has it, and is kept until a verified backup has it, too.

use super::{Device, Meta};
use crate::store::{Store, Tx};

/// Where a photo lies that waits, or is kept.
pub(super) fn place(hash: &str) -> String {
    format!("out/{hash}")
}

impl Device {
    /// A photo that the server has, as of revision `head`. It is kept until a verified backup reaches further; then
    /// the backup has it. Commit the transaction, then call [`Device::photo_kept`].
    pub fn photo_sent(&self, hash: &str, head: u64) -> Tx {
        let mut meta = self.meta.clone();
        meta.kept.insert(hash.to_owned(), head);
        let mut tx = Tx {
            strict: true,
            ..Tx::default()
        };
        tx.put(Store::Meta, "meta", Self::json(&meta));
        tx
    }

    /// Takes note of a photo that is kept.
    pub fn photo_kept(&mut self, hash: &str, head: u64) {
        self.photos.remove(hash);
        self.meta.kept.insert(hash.to_owned(), head);
    }

    /// What an answer means for photos that are kept: those that a backup has are forgotten, and in another history
    /// all of them wait again.
    pub(super) fn forget_photos(&self, tx: &mut Tx, meta: &mut Meta, durable_rev: u64, other_history: bool) {
        if other_history {
            meta.kept.clear();
        }
        meta.kept.retain(|hash, head| {
            let covered = durable_rev > *head;
            if covered {
                tx.delete(Store::Blobs, place(hash));
            }
            !covered
        });
    }

    /// Photos that were kept before an answer and wait after it.
    pub(super) fn photos_again(&self, other_history: bool) -> Vec<String> {
        let kept = self.meta.kept.keys().filter(|_| other_history);
        kept.cloned().collect()
    }
}
