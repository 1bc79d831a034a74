//! What comes by the thousand: parts of a snapshot, read and laid down a little at a time so that the page has its turn.

use super::engine::Engine;
use crate::error::AppError;
use leptos::prelude::*;
use std::rc::Rc;
use sync::device::{Actor, Device, Unreadable};
use sync::keyring::Keys;
use sync::store::{Store, StoreError};
use sync::wire::ChunkRequest;

/// Rows that lie by themselves before they are folded.
const FOLD_FROM: usize = 600;
/// Blocks that are made in one go, and the time between them.
const FOLDS: usize = 40;
const FOLD_MILLIS: u32 = 50;

impl Engine {
    /// Opens a device with what lies on its disk.
    pub(super) async fn open_rows(
        &self,
        device: &mut Device,
        actor: Actor,
        keys: Keys,
    ) -> Result<Result<(), Unreadable>, StoreError> {
        let rows = self.ports.store.load(Store::Rows).await?;
        let mut opening = device.begin_unlock(actor, keys);
        let mut slices = self.slices();
        for (key, hidden) in &rows {
            device.open_entry(&mut opening, key, hidden);
            slices.pause().await;
        }
        Ok(device.end_unlock(opening))
    }

    /// Makes the search index while the page is there already.
    pub(super) fn reindex_behind(self: &Rc<Self>) {
        let engine = self.clone();
        leptos::task::spawn_local(async move {
            engine.reindex().await;
            engine.changed();
        });
    }

    /// Fetches what is left of a snapshot, part by part, each on the disk before the next.
    pub(super) async fn fetch_snapshot(&self) -> Result<(), AppError> {
        while let Some(due) = self.with_device(Device::next_chunk).flatten() {
            let Some(files) = self.ports.files.clone() else {
                return Ok(());
            };
            let path = format!("/api/snapshot/{}/{}", due.snapshot, due.index);
            let body = self.patiently(async { files.get(&path).await }).await?;
            if !self.take_part(&due, &body).await? {
                return Ok(());
            }
            let progress = self.with_device(Device::progress).flatten();
            let percent = progress.and_then(|p| u8::try_from((p.bytes * 100).checked_div(p.of_bytes)?).ok());
            // After the last part comes what changed since it was made: only then is everything here.
            self.status.update(|s| s.fetching = Some(percent.unwrap_or(100)));
            self.changed_again();
        }
        Ok(())
    }

    /// Takes a part of a snapshot, a little at a time; false when there is no device any more.
    async fn take_part(&self, due: &ChunkRequest, body: &[u8]) -> Result<bool, AppError> {
        fn internal(error: impl ToString) -> AppError {
            AppError::Internal(error.to_string())
        }
        let _turn = self.turn.lock().await;
        let mut slices = self.slices();
        let Some(arriving) = self.with_device(|device| device.begin_chunk(due.snapshot, due.index)) else {
            return Ok(false);
        };
        let mut arriving = arriving.map_err(internal)?;
        while let Some(more) = self.with_device(|device| device.read_chunk(&mut arriving, body)) {
            if !more.map_err(internal)? {
                break;
            }
            slices.pause().await;
        }
        let Some(read) = self.with_device(|device| device.end_chunk(arriving, body)) else {
            return Ok(false);
        };
        let (mut chunk, tx) = read.map_err(internal)?;
        self.commit(tx).await.map_err(internal)?;
        loop {
            let came = (self.device.borrow_mut().as_mut()).and_then(|device| device.chunked_some(&mut chunk));
            let Some(came) = came else { break };
            self.index_came(&came);
            slices.pause().await;
        }
        if let Some(device) = self.device.borrow_mut().as_mut() {
            device.chunked(chunk);
        }
        self.owed.set(true);
        Ok(true)
    }

    /// Folds single rows into blocks, while nothing else is to do.
    pub(super) async fn fold(&self) {
        for _ in 0..FOLDS {
            let turn = self.turn.lock().await;
            let Some((folded, tx)) = self.with_device(|device| device.fold(FOLD_FROM)).flatten() else {
                return;
            };
            if self.commit(tx).await.is_err() {
                return;
            }
            if let Some(device) = self.device.borrow_mut().as_mut() {
                device.folded(folded);
            }
            drop(turn);
            self.ports.clock.sleep(FOLD_MILLIS).await;
        }
    }
}
