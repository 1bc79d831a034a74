//! The first fetch: a snapshot in parts, each written with how far it has come, so that a page that is closed at any
//! moment goes on where it was. Entries may be made meanwhile.

use super::{Device, Meta, Pending};
use crate::sha256_hex;
use crate::store::{Store, Tx};
use crate::wire::{ChunkRequest, Cursor, Manifest};
use domain::row::{Compartment, Row};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// How far a snapshot has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SnapshotProgress {
    /// What is fetched.
    pub manifest: Manifest,
    /// The next part.
    pub next: u32,
    /// What was held all the while: the parts' rows of other compartments were not written.
    pub covers: BTreeSet<Compartment>,
}

/// How far a snapshot has come, for the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows that are here.
    pub rows: u64,
    /// Rows that there are.
    pub of_rows: u64,
    /// Bytes that are here.
    pub bytes: u64,
    /// Bytes that there are.
    pub of_bytes: u64,
}

/// A part that cannot be taken. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadChunk {
    /// Another part is due, or none: an answer that came late.
    #[error("this part of the snapshot is not the one that is due")]
    NotDue,
    /// It was changed on the way.
    #[error("a part of the snapshot arrived damaged; it is fetched again")]
    Damaged,
}

/// What follows from a part.
pub struct Chunk {
    meta: Meta,
    rows: Vec<Row>,
    done: Vec<u64>,
}

impl Chunk {
    /// Its rows, for whatever is kept beside them in memory.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}

impl Device {
    /// The next part to fetch, when a snapshot is under way and someone is here to open it.
    pub fn next_chunk(&self) -> Option<ChunkRequest> {
        let progress = self.meta.snapshot.as_ref()?;
        if self.keys.is_empty() {
            return None;
        }
        Some(ChunkRequest {
            practice: self.identity.practice,
            device: self.identity.device,
            snapshot: progress.manifest.id,
            index: progress.next,
        })
    }

    /// How far the snapshot has come; nothing when there is none under way.
    pub fn progress(&self) -> Option<Progress> {
        let progress = self.meta.snapshot.as_ref()?;
        let chunks = &progress.manifest.chunks;
        let here = chunks.get(..progress.next as usize).unwrap_or(chunks);
        Some(Progress {
            rows: here.iter().map(|chunk| u64::from(chunk.rows)).sum(),
            of_rows: chunks.iter().map(|chunk| u64::from(chunk.rows)).sum(),
            bytes: here.iter().map(|chunk| chunk.bytes).sum(),
            of_bytes: chunks.iter().map(|chunk| chunk.bytes).sum(),
        })
    }

    /// What a part of snapshot `id` means. Commit the transaction, then call [`Device::chunked`].
    pub fn on_chunk(&self, id: Uuid, index: u32, body: &[u8]) -> Result<(Chunk, Tx), BadChunk> {
        let progress = self
            .meta
            .snapshot
            .as_ref()
            .filter(|progress| progress.manifest.id == id && progress.next == index)
            .filter(|_| !self.keys.is_empty())
            .ok_or(BadChunk::NotDue)?;
        let manifest = &progress.manifest;
        let due = manifest.chunks.get(index as usize).ok_or(BadChunk::NotDue)?;
        if sha256_hex(body) != due.sha256 {
            return Err(BadChunk::Damaged);
        }
        let rows = body
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(domain::json::read)
            .collect::<Result<Vec<Row>, _>>()
            .map_err(|_| BadChunk::Damaged)?;
        let mut tx = Tx {
            strict: true,
            ..Tx::default()
        };
        for row in &rows {
            self.write_row(&mut tx, row);
        }
        let covers: BTreeSet<Compartment> = progress.covers.intersection(&self.held()).copied().collect();
        let mut meta = self.meta.clone();
        let mut done = Vec::new();
        if index as usize + 1 == manifest.chunks.len() {
            meta.snapshot = None;
            meta.cursor = Some(Cursor {
                epoch: manifest.epoch,
                rev: manifest.rev,
                scope: manifest.scope.clone(),
            });
            meta.covers = covers;
            done = self.reached(manifest.rev);
        } else {
            meta.snapshot = Some(SnapshotProgress {
                manifest: manifest.clone(),
                next: index + 1,
                covers,
            });
        }
        tx.put(Store::Meta, "meta", Self::json(&meta));
        for entry in done.iter().filter_map(|seq| self.pending.get(seq)) {
            self.finish(&mut tx, entry, 0);
        }
        Ok((Chunk { meta, rows, done }, tx))
    }

    /// Takes note of a part that is saved.
    pub fn chunked(&mut self, chunk: Chunk) {
        self.meta = Meta {
            next_seq: self.meta.next_seq.max(chunk.meta.next_seq),
            ..chunk.meta
        };
        for row in chunk.rows {
            if self.keys.contains_key(&row.entity().compartment()) {
                self.confirmed.put(row);
            }
        }
        self.take_done(&chunk.done);
        self.replay();
    }

    /// Own entries whose rows are there once the replica is at a revision.
    fn reached(&self, rev: u64) -> Vec<u64> {
        let there = |entry: &Pending| {
            entry
                .receipt
                .as_ref()
                .is_some_and(|receipt| receipt.status.is_applied() && receipt.rev <= rev)
        };
        let entries = self.pending.iter().filter(|(_, entry)| there(entry));
        entries.map(|(seq, _)| *seq).collect()
    }
}
