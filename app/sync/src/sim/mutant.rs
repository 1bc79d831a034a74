//! Deliberate faults. The simulation is worth something only as long as it catches each of them.

macro_rules! mutants {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// One deliberate fault, of the server or of a device.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Mutant { $($(#[$doc])* $name,)* }

        impl Mutant {
            /// All of them.
            pub const ALL: &'static [Mutant] = &[$(Mutant::$name,)*];
        }
    };
}

mutants! {
    /// Revisions are numbered when they begin, and seen when they are committed: a pull passes over late ones.
    BigserialCursor,
    /// The server leaves changes out of a pull.
    PullSkipsRows,
    /// A page ends in the middle of a revision.
    PageSplitsRevision,
    /// The server judges a command again when its reply was lost.
    DuplicateJudgedAgain,
    /// The server keeps no receipts.
    ReceiptsForgotten,
    /// The server was restored, and tells neither a new epoch nor a lower number.
    RestoreUnnoticed,
    /// The server was restored, goes on in the same epoch, and shows its lower numbers.
    EpochKept,
    /// What is durable is told before a backup was verified.
    DurableTooEarly,
    /// The server judges a command although numbers before it are missing.
    GapAccepted,
    /// The server stops at the first command that it does not apply.
    PoisonBlocksQueue,
    /// What a command did is committed, and its number is not.
    NumberNotCommitted,
    /// The two servers do not lock: one decides over rows that the other has changed.
    DecidesOverStaleRows,
    /// Patients who left are not evicted.
    EvictDropped,
    /// Single rows that left are not evicted.
    EvictRowsDropped,
    /// Rows of patients who came are not sent.
    GainedDropped,
    /// A pull sends the whole practice.
    ScopeIgnored,
    /// A pull sends every compartment.
    RoleIgnored,
    /// A device that moved keeps its cursor.
    ScopeChangeUnnoticed,
    /// What was made outside of the author's scope is applied.
    ParkedApplied,
    /// What a device that was shut out sends is applied.
    RevokedApplied,
    /// What is parked is told as applied.
    ParkedNotTold,
    /// What is not applied reaches no person.
    NoTrayItem,
    /// A decided item stays open.
    DecisionForgotten,
    /// A part of a snapshot is missing.
    SnapshotPartMissing,
    /// A snapshot claims a newer revision than it has.
    SnapshotClaimsMore,
    /// The log is compacted, and cursors from before go on being served.
    HorizonForgotten,
    /// A device writes its cursor before the rows.
    CursorFirst,
    /// A device says "saved" before the disk has it.
    AckBeforeCommit,
    /// A device takes a write that failed for one that succeeded.
    StorageErrorSwallowed,
    /// A device gives two commands one id.
    IdReused,
    /// A device gives two commands one number.
    NumberReused,
    /// A device seals a command anew when it sends it again.
    RetryNotFrozen,
    /// Entries are not waited for until they are on the disk.
    OutboxRelaxed,
    /// What was sent is not kept until a backup has it.
    SentForgotten,
    /// A photo that was sent is not kept until a backup has it.
    PhotoForgotten,
    /// Wiping takes the outbox along.
    WipeTakesOutbox,
    /// Wiping leaves rows.
    WipeLeavesRows,
    /// A device that was shut out is not told.
    WipeNotTold,
    /// Evicting forgets rows in memory and leaves them on the disk.
    EvictInMemoryOnly,
    /// Evicting leaves what lies in a block with others.
    EvictLeavesBlock,
    /// Folding drops single rows that no block has yet.
    FoldForgets,
    /// Evicting leaves what is closed to whoever works here.
    EvictLeavesClosed,
    /// A snapshot moves the cursor with its first part.
    SnapshotCursorEarly,
    /// A device passes over one part of a snapshot.
    SnapshotPartSkipped,
    /// A device of an older build opens and writes what a newer one wrote.
    DowngradeWrites,
    /// A kiosk fetches rows.
    KioskReads,
    /// A device forgets an entry at its receipt, before its row has come.
    ForgottenAtReceipt,
    /// A page that lost its lead goes on writing.
    OldLeaderWrites,
    /// The server grants leases, and lets everyone book there.
    LeaseForgotten,
    /// A device takes the lease that it asked for, for one that it has.
    LeaseSelfGranted,
}

impl Mutant {
    /// Whether it only shows where appointments are booked.
    pub fn is_of_bookings(self) -> bool {
        matches!(self, Mutant::LeaseForgotten | Mutant::LeaseSelfGranted)
    }
}
