//! Chance, all of it from one seed.

use crate::Randomness;
use std::cell::Cell;

/// SplitMix64 (Steele, Lea, Flood 2014).
pub struct Rng(Cell<u64>);

impl Rng {
    /// From a seed.
    pub fn new(seed: u64) -> Rng {
        Rng(Cell::new(seed))
    }

    /// The next number.
    pub fn next(&self) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let mut z = self.0.get();
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `n`.
    pub fn below(&self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// True so many times in a thousand.
    pub fn chance(&self, per_mille: usize) -> bool {
        self.below(1000) < per_mille
    }

    /// One of a list.
    pub fn pick<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

impl Randomness for Rng {
    fn bytes(&self) -> [u8; 32] {
        let mut out = [0; 32];
        out.chunks_mut(8)
            .for_each(|part| part.copy_from_slice(&self.next().to_le_bytes()));
        out
    }
}
