//! How rows lie on the disk: many in a block, packed and hidden at once, and above them single rows that came since.
//!
//! An entry by itself costs a browser as much as a hundred rows, and so does a call of the cipher; what repeats itself is
//! packed to a fraction before it is hidden. A row lies in at most one block of its compartment. When it changes it is
//! written by itself, which counts before the block; now and then single rows are folded into blocks. What leaves the
//! scope is taken out of its block in the same transaction.
//!
//! Names in [`Store::Rows`]: `COMPARTMENT/HEX` is a row, as JSON; `COMPARTMENT/-NAME` is a block, which in the order of
//! keys comes before the rows that lie above it: a version, then its
//! rows as JSON, one a line, packed (LZ4). Builds before blocks refuse such a disk by [`DISK`].

use super::Device;
use crate::cipher::{Cipher, Place};
use crate::pack::{pack_quickly, unpack_quickly};
use crate::store::{Store, Tx};
use domain::row::{Compartment, Entity, Row};
use uuid::Uuid;

/// What lies on the disk, as told in [`Meta`](super::Meta): 1 had single rows only.
pub const DISK: u32 = 2;

/// Rows of one block, at most: written anew as a whole when one of them leaves.
pub(super) const BLOCK_ROWS: usize = 256;
/// New rows of one compartment that are worth a block at once.
const WORTH: usize = 32;
/// A block's rows in the open, at most; far more than they are.
const MOST_BYTES: usize = 1 << 28;
/// How a block is written.
const FORM: u8 = 1;

/// A row, by its kind and id.
pub(super) type RowId = (Entity, Uuid);

/// Where the rows lie that whoever works here may open. Sorted lists, because a page would carry the code of trees.
#[derive(Default)]
pub(super) struct Layout {
    blocks: Vec<Block>,
    alone: Vec<RowId>,
}

/// One block: where it lies, and its rows, sorted.
#[derive(Clone)]
struct Block {
    key: String,
    rows: Vec<RowId>,
}

/// What a transaction changes about that.
#[derive(Default)]
pub(super) struct Laid {
    /// Blocks as they are from then on; one without rows is gone.
    blocks: Vec<Block>,
    alone: Vec<RowId>,
    /// Rows that lie by themselves no more; counts before `alone`.
    not_alone: Vec<RowId>,
}

impl Layout {
    pub(super) fn note(&mut self, laid: Laid) {
        for block in laid.blocks {
            self.blocks.retain(|known| known.key != block.key);
            if !block.rows.is_empty() {
                self.blocks.push(block);
            }
        }
        if !laid.not_alone.is_empty() {
            let gone = sorted(laid.not_alone);
            self.alone.retain(|id| gone.binary_search(id).is_err());
        }
        if !laid.alone.is_empty() {
            self.alone.extend(laid.alone);
            self.alone = sorted(std::mem::take(&mut self.alone));
        }
    }

    /// An entry that lies on the disk.
    pub(super) fn found(&mut self, key: &str, rows: Vec<RowId>) {
        if is_block(key) {
            let rows = sorted(rows);
            let key = key.to_owned();
            self.blocks.push(Block { key, rows });
        } else {
            self.alone.extend(rows);
        }
    }

    /// Everything was found.
    pub(super) fn settle(&mut self) {
        self.alone = sorted(std::mem::take(&mut self.alone));
    }

    fn is_alone(&self, id: &RowId) -> bool {
        self.alone.binary_search(id).is_ok()
    }

    fn block_of(&self, id: &RowId) -> Option<&Block> {
        self.blocks
            .iter()
            .find(|block| block.rows.binary_search(id).is_ok())
    }
}

impl Laid {
    pub(super) fn block(&mut self, key: String, rows: Vec<RowId>) {
        let rows = sorted(rows);
        self.blocks.push(Block { key, rows });
    }
}

fn sorted(mut rows: Vec<RowId>) -> Vec<RowId> {
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// Single rows were folded into a block.
pub struct Folded(Laid);

/// Whether an entry of [`Store::Rows`] is a block.
pub fn is_block(key: &str) -> bool {
    key.split_once('/').is_some_and(|(_, name)| name.starts_with('-'))
}

/// The rows of an entry of [`Store::Rows`]; nothing when its key does not open it.
pub fn read_entry(cipher: &impl Cipher, practice: &str, key: &str, hidden: &[u8]) -> Option<Vec<Row>> {
    let place = Place {
        practice,
        store: Store::Rows.name(),
        key,
    };
    let plain = cipher.show(&place, hidden)?;
    if !is_block(key) {
        return Some(vec![domain::json::read(&plain).ok()?]);
    }
    let (FORM, packed) = plain.split_first().map(|(form, packed)| (*form, packed))? else {
        return None;
    };
    let lines = unpack_quickly(packed, MOST_BYTES).ok()?;
    lines_of(&lines)
        .map(|line| domain::json::read(line).ok())
        .collect()
}

/// The lines of a block or of a part of a snapshot.
pub(super) fn lines_of(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
}

pub(super) fn id_of(row: &Row) -> RowId {
    (row.entity(), row.id())
}

impl Device {
    /// A block's bytes as they lie on the disk; nothing when its compartment is closed here.
    pub(super) fn hide_block(&self, compartment: Compartment, key: &str, lines: &[u8]) -> Option<Vec<u8>> {
        let plain = [&[FORM][..], &pack_quickly(lines)].concat();
        self.hide(compartment, Store::Rows.name(), key, &plain)
    }

    /// Puts rows on the disk: many new ones of a compartment in blocks, others by themselves. `fresh` says that the disk
    /// holds none.
    pub(super) fn lay(&self, tx: &mut Tx, laid: &mut Laid, rows: &[Row], fresh: bool) {
        // Of a row that changed twice the last counts, and lies there once.
        let mut newest: Vec<&Row> = rows.iter().rev().collect();
        newest.sort_by_key(|row| id_of(row));
        newest.dedup_by_key(|row| id_of(row));
        for compartment in self.held() {
            let own = newest
                .iter()
                .copied()
                .filter(|row| row.entity().compartment() == compartment);
            let (new, known): (Vec<&Row>, Vec<&Row>) =
                own.partition(|row| fresh || self.confirmed_has(row).is_none());
            for rows in new.chunks(BLOCK_ROWS) {
                if rows.len() < WORTH {
                    rows.iter().for_each(|row| self.write_alone(tx, laid, row));
                } else {
                    self.write_block(tx, laid, self.new_block(compartment), rows);
                }
            }
            known.iter().for_each(|row| self.write_alone(tx, laid, row));
        }
    }

    fn confirmed_has(&self, row: &Row) -> Option<&Row> {
        self.confirmed.row(row.entity(), row.id())
    }

    /// Takes rows off the disk that left the scope, or are about somebody else from now on: what a block still says of
    /// them would outlive them.
    pub(super) fn lift(&self, tx: &mut Tx, laid: &mut Laid, gone: &[RowId]) {
        let gone = sorted(gone.to_vec());
        for id in &gone {
            self.drop_alone(tx, laid, *id);
        }
        let is_left = |id: &RowId| gone.binary_search(id).is_err();
        for block in &self.layout.blocks {
            if !block.rows.iter().all(is_left) {
                let left: Vec<RowId> = block.rows.iter().copied().filter(is_left).collect();
                self.rewrite_block(tx, laid, &block.key, &left);
            }
        }
    }

    /// Of rows that came, those that were about somebody else.
    pub(super) fn passed_on(&self, rows: &[Row]) -> Vec<RowId> {
        let moved = |row: &&Row| {
            let before = self.confirmed_has(row);
            before.is_some_and(|before| before.patient_id() != row.patient_id())
        };
        rows.iter().filter(moved).map(id_of).collect()
    }

    /// Folds single rows into a block, when there are so many. One step; commit it, then call [`Device::folded`], and
    /// ask again.
    pub fn fold(&self, many: usize) -> Option<(Folded, Tx)> {
        // Not before the disk says that it has blocks; and not while rows that lie there are not shown.
        if self.layout.alone.len() < many || self.meta.schema != self.disk() || self.meta.cursor.is_none() {
            return None;
        }
        let (mut tx, mut laid) = (Tx::default(), Laid::default());
        let first = self.layout.alone.first()?;
        let folded: Vec<RowId> = match self.layout.block_of(first) {
            Some(block) => {
                self.rewrite_block(&mut tx, &mut laid, &block.key, &block.rows);
                block
                    .rows
                    .iter()
                    .copied()
                    .filter(|id| self.layout.is_alone(id))
                    .collect()
            }
            None => {
                let compartment = first.0.compartment();
                let like =
                    |id: &&RowId| id.0.compartment() == compartment && self.layout.block_of(id).is_none();
                let alone: Vec<RowId> = self
                    .layout
                    .alone
                    .iter()
                    .filter(like)
                    .take(BLOCK_ROWS)
                    .copied()
                    .collect();
                self.rewrite_block(&mut tx, &mut laid, &self.new_block(compartment), &alone);
                alone
            }
        };
        for id in folded {
            self.drop_alone(&mut tx, &mut laid, id);
        }
        Some((Folded(laid), tx))
    }

    /// Takes note of a fold that is saved.
    pub fn folded(&mut self, folded: Folded) {
        self.layout.note(folded.0);
    }

    fn drop_alone(&self, tx: &mut Tx, laid: &mut Laid, id: RowId) {
        if let Some(key) = self.row_key_of(id.0, id.1) {
            tx.delete(Store::Rows, key);
        }
        laid.not_alone.push(id);
    }

    fn write_alone(&self, tx: &mut Tx, laid: &mut Laid, row: &Row) {
        let Some(key) = self.row_key_of(row.entity(), row.id()) else {
            return;
        };
        let plain = Self::json(row);
        if let Some(hidden) = self.hide(row.entity().compartment(), Store::Rows.name(), &key, &plain) {
            tx.put(Store::Rows, key, hidden);
            laid.alone.push(id_of(row));
        }
    }

    /// Writes a block of rows as they are confirmed.
    fn rewrite_block(&self, tx: &mut Tx, laid: &mut Laid, key: &str, rows: &[RowId]) {
        if rows.is_empty() {
            tx.delete(Store::Rows, key);
            laid.block(key.to_owned(), Vec::new());
            return;
        }
        let rows: Vec<&Row> = rows
            .iter()
            .filter_map(|id| self.confirmed.row(id.0, id.1))
            .collect();
        self.write_block(tx, laid, key.to_owned(), &rows);
    }

    fn write_block(&self, tx: &mut Tx, laid: &mut Laid, key: String, rows: &[&Row]) {
        let Some(compartment) = rows.first().map(|row| row.entity().compartment()) else {
            return;
        };
        let mut lines = Vec::new();
        for row in rows {
            lines.extend(Self::json(row));
            lines.push(b'\n');
        }
        if let Some(hidden) = self.hide_block(compartment, &key, &lines) {
            tx.put(Store::Rows, key.clone(), hidden);
            laid.block(key, rows.iter().map(|row| id_of(row)).collect());
        }
    }

    /// A name that no block has. It says nothing of its rows.
    fn new_block(&self, compartment: Compartment) -> String {
        let random = self.randomness.bytes();
        format!("{}/-{}", compartment.name(), crate::hex(&random[..16]))
    }
}
