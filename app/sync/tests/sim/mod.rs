//! A practice in memory: devices with disks, a bad network, and one server. Everything follows from one seed.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

pub mod check;
#[path = "../../../domain/tests/common/mod.rs"]
pub mod common;
pub mod disk;
pub mod node;
pub mod rng;
pub mod server;
pub mod work;
pub mod world;

/// Deliberate faults of the harness: the simulation must catch each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// A device writes its cursor before the rows.
    CursorFirst,
    /// A device says "saved" before the disk has it.
    AckBeforeCommit,
    /// The server judges a command again when its reply was lost.
    LostReplyIsNew,
    /// A device gives two commands one id.
    ReusesIds,
    /// The server keeps no receipts.
    DropsReceipts,
    /// The server was restored, and tells neither a new epoch nor a lower number.
    ForgetsRestore,
    /// The server leaves changes out of a pull.
    PullSkipsRows,
}

impl Mutant {
    pub const ALL: [Mutant; 7] = [
        Mutant::CursorFirst,
        Mutant::AckBeforeCommit,
        Mutant::LostReplyIsNew,
        Mutant::ReusesIds,
        Mutant::DropsReceipts,
        Mutant::ForgetsRestore,
        Mutant::PullSkipsRows,
    ];
}
