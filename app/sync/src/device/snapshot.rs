//! The first fetch: a snapshot in parts, each written with how far it has come, so that a page that is closed at any
//! moment goes on where it was. Entries may be made meanwhile.

use super::blocks::{BLOCK_ROWS, Laid, RowId, id_of};
use super::{Device, Meta, Pending};
use crate::hex;
use crate::store::{Store, Tx};
use crate::wire::{ChunkRequest, Cursor, Manifest};
use domain::id::PatientId;
use domain::row::{Compartment, Entity, Row};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Rows that are read or noted in one go: some milliseconds of a slow phone.
const SOME_ROWS: usize = 64;

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

/// A part that is being read, a little at a time.
pub struct Arriving {
    index: u32,
    at: usize,
    digest: Sha256,
    rows: Vec<Row>,
    /// What is not a whole block yet.
    open: Vec<(Compartment, Vec<u8>, Vec<RowId>)>,
    blocks: u32,
    laid: Laid,
    tx: Tx,
}

/// What follows from a part.
pub struct Chunk {
    meta: Meta,
    laid: Laid,
    rows: std::vec::IntoIter<Row>,
    done: Vec<u64>,
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
        let mut arriving = self.begin_chunk(id, index)?;
        while self.read_chunk(&mut arriving, body)? {}
        self.end_chunk(arriving, body)
    }

    /// The same, so that a page can do something else in between: call [`Device::read_chunk`] while it says that there
    /// is more, then [`Device::end_chunk`]. Nothing else may change the device meanwhile.
    pub fn begin_chunk(&self, id: Uuid, index: u32) -> Result<Arriving, BadChunk> {
        let due = self.meta.snapshot.as_ref();
        let due = due.filter(|progress| progress.manifest.id == id && progress.next == index);
        if self.keys.is_empty() || due.is_none_or(|due| due.manifest.chunks.get(index as usize).is_none()) {
            return Err(BadChunk::NotDue);
        }
        Ok(Arriving {
            index,
            at: 0,
            digest: Sha256::new(),
            rows: Vec::new(),
            open: Vec::new(),
            blocks: 0,
            laid: Laid::default(),
            tx: Tx {
                strict: true,
                ..Tx::default()
            },
        })
    }

    /// Reads some rows of a part; whether there are more.
    pub fn read_chunk(&self, arriving: &mut Arriving, body: &[u8]) -> Result<bool, BadChunk> {
        let rest = body.get(arriving.at..).unwrap_or_default();
        let mut read = 0;
        for line in rest.split_inclusive(|byte| *byte == b'\n').take(SOME_ROWS) {
            read += line.len();
            self.read_line(arriving, line)?;
        }
        arriving.digest.update(&rest[..read]);
        arriving.at += read;
        Ok(arriving.at < body.len())
    }

    fn read_line(&self, arriving: &mut Arriving, line: &[u8]) -> Result<(), BadChunk> {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        if text.is_empty() {
            return Ok(());
        }
        let row: Row = domain::json::read(text).map_err(|_| BadChunk::Damaged)?;
        let compartment = row.entity().compartment();
        if self.keys.contains_key(&compartment) {
            let at = arriving.open.iter().position(|(of, ..)| *of == compartment);
            let at = at.unwrap_or_else(|| {
                arriving.open.push((compartment, Vec::new(), Vec::new()));
                arriving.open.len() - 1
            });
            let (_, lines, ids) = &mut arriving.open[at];
            // As the server wrote them.
            lines.extend_from_slice(text);
            lines.push(b'\n');
            ids.push(id_of(&row));
            if ids.len() >= BLOCK_ROWS {
                self.close_block(arriving, at);
            }
        }
        arriving.rows.push(row);
        Ok(())
    }

    fn close_block(&self, arriving: &mut Arriving, at: usize) {
        let (compartment, lines, ids) = arriving.open.swap_remove(at);
        let Some(progress) = self.meta.snapshot.as_ref() else {
            return;
        };
        // The same part again replaces what it wrote before.
        let (snapshot, index, number) = (progress.manifest.id.simple(), arriving.index, arriving.blocks);
        let key = format!("{}/-{snapshot}-{index}-{number}", compartment.name());
        arriving.blocks += 1;
        if let Some(hidden) = self.hide_block(compartment, &key, &lines) {
            arriving.tx.put(Store::Rows, key.clone(), hidden);
            arriving.laid.block(key, ids);
        }
    }

    /// What a part means that was read to its end. Commit the transaction, then call [`Device::chunked`].
    pub fn end_chunk(&self, mut arriving: Arriving, body: &[u8]) -> Result<(Chunk, Tx), BadChunk> {
        let progress = self.meta.snapshot.as_ref().ok_or(BadChunk::NotDue)?;
        let manifest = &progress.manifest;
        let index = arriving.index as usize;
        let due = manifest.chunks.get(index).ok_or(BadChunk::NotDue)?;
        if arriving.at < body.len() || hex(&arriving.digest.clone().finalize()) != due.sha256 {
            return Err(BadChunk::Damaged);
        }
        while !arriving.open.is_empty() {
            self.close_block(&mut arriving, 0);
        }
        let Arriving {
            rows, laid, mut tx, ..
        } = arriving;
        let covers: BTreeSet<Compartment> = progress.covers.intersection(&self.held()).copied().collect();
        // A build before blocks may have begun with this snapshot.
        let mut meta = Meta {
            schema: self.disk(),
            ..self.meta.clone()
        };
        let mut done = Vec::new();
        if index + 1 == manifest.chunks.len() {
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
                next: progress.next + 1,
                covers,
            });
        }
        tx.put(Store::Meta, "meta", Self::json(&meta));
        for entry in done.iter().filter_map(|seq| self.pending.get(seq)) {
            self.finish(&mut tx, entry, 0);
        }
        let rows = rows.into_iter();
        Ok((
            Chunk {
                meta,
                laid,
                rows,
                done,
            },
            tx,
        ))
    }

    /// Takes note of some rows of a part that is saved, and says which patients they are; nothing is left when it gives
    /// nothing. The device is as of before the part until [`Device::chunked`].
    pub fn chunked_some(&mut self, chunk: &mut Chunk) -> Option<Vec<PatientId>> {
        if chunk.rows.len() == 0 {
            return None;
        }
        let mut patients = Vec::new();
        for row in chunk.rows.by_ref().take(SOME_ROWS) {
            if row.entity() == Entity::Patient {
                patients.extend(row.patient_id());
            }
            if self.keys.contains_key(&row.entity().compartment()) {
                self.confirmed.put(row);
            }
        }
        Some(patients)
    }

    /// Takes note of a part that is saved.
    pub fn chunked(&mut self, mut chunk: Chunk) {
        while self.chunked_some(&mut chunk).is_some() {}
        self.meta = Meta {
            next_seq: self.meta.next_seq.max(chunk.meta.next_seq),
            ..chunk.meta
        };
        self.layout.note(chunk.laid);
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
