//! What crosses the network. A type that has shipped may gain optional fields and lose none.

use crate::b64::Bytes;
use chrono::{DateTime, Utc};
use domain::decide::Refusal;
use domain::id::{CommandId, DeviceId, PatientId, PracticeId, TrayItemId, WorkforceMemberId};
use domain::row::{Entity, Row};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Version of these messages.
pub const PROTO: u32 = 1;
/// Version of the rows inside.
pub const SCHEMA: u32 = 1;

/// Oldest shape of rows that the server still gives out. What an older device sends is taken in, whatever it is.
pub const MIN_SCHEMA: u32 = 1;

/// Whether a device of this build is too old for what the server asks.
pub fn is_outdated(min_schema: Option<u32>) -> bool {
    min_schema.is_some_and(|least| least > SCHEMA)
}
/// Most commands in one push.
pub const MAX_PUSH: usize = 200;
/// Most bytes of sealed commands in one push, unless a single one is larger.
pub const MAX_PUSH_BYTES: usize = 256 * 1024;
/// Most changes in one pull.
pub const MAX_PULL: u32 = 2000;

/// A command as it travels: sealed once, never changed, sent again as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedCommand {
    /// Made on the device (UUIDv7).
    pub id: CommandId,
    /// Dense per device, from 1.
    pub seq: u64,
    /// The sealed envelope; see [`crate::seal`].
    pub sealed: Bytes,
    /// SHA-256 of `sealed`, where it is kept. It need not travel: whoever receives `sealed` computes it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub args_hash: String,
}

/// Commands on their way to the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PushRequest {
    /// [`PROTO`]
    pub proto: u32,
    /// [`SCHEMA`]
    pub schema: u32,
    /// Whose.
    pub practice: PracticeId,
    /// From where.
    pub device: DeviceId,
    /// The epoch the device last saw.
    pub epoch: Option<Uuid>,
    /// In order of `seq`, without gaps.
    pub commands: Vec<SealedCommand>,
}

/// What became of a command. Final: it never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptStatus {
    /// As entered.
    Applied,
    /// Applied, but some fields wait for a person.
    Conflict,
    /// Not applied; a person must look.
    Rejected,
    /// Not applied yet; someone with the right to do so decides. The device is told.
    Parked,
}

impl ReceiptStatus {
    /// Whether it went into the record.
    pub fn is_applied(self) -> bool {
        match self {
            ReceiptStatus::Applied | ReceiptStatus::Conflict => true,
            ReceiptStatus::Rejected | ReceiptStatus::Parked => false,
        }
    }
}

/// The server's word on one command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// Which.
    pub id: CommandId,
    /// Its number.
    pub seq: u64,
    /// What became of it.
    pub status: ReceiptStatus,
    /// The revision it made; for a rejection, the one it was judged at.
    pub rev: u64,
    /// Why not.
    pub refusal: Option<Refusal>,
    /// How many fields wait for a person.
    #[serde(default)]
    pub conflicts: u32,
    /// It had been there before.
    #[serde(default)]
    pub duplicate: bool,
    /// Where a person decides about it, when it was not applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tray_id: Option<TrayItemId>,
}

/// What the server demands of a device, beside answering it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", from = "Written")]
pub enum Directive {
    /// The device was shut out: erase what can be read, keep what was not received.
    Wipe,
    /// Of a newer server.
    Unknown,
}

/// As it is written; a newer server may write more.
#[derive(Deserialize)]
struct Written {
    kind: String,
}

impl From<Written> for Directive {
    fn from(written: Written) -> Directive {
        match written.kind.as_str() {
            "wipe" => Directive::Wipe,
            _ => Directive::Unknown,
        }
    }
}

/// Answer to a push.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PushResponse {
    /// [`PROTO`]
    pub proto: u32,
    /// One for each command that was judged.
    pub results: Vec<Receipt>,
    /// The last number the server has from this device: send from the next.
    pub last_seq: u64,
    /// The server's epoch: a new one means it was restored from a backup.
    pub epoch: Uuid,
    /// The practice's newest revision.
    pub head: u64,
    /// Covered by a verified backup.
    pub durable_rev: u64,
    /// The server's clock.
    pub server_time: DateTime<Utc>,
    /// What the device must do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub directives: Vec<Directive>,
    /// Builds below this schema are to be updated before they enter more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_schema: Option<u32>,
}

/// How far a device has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// In which history.
    pub epoch: Uuid,
    /// Up to which revision.
    pub rev: u64,
    /// Of which scope ([`domain::scope::Scope::key`]); empty on a disk of an older build.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scope: String,
}

/// Asks for what changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PullRequest {
    /// [`PROTO`]
    pub proto: u32,
    /// [`SCHEMA`]
    pub schema: u32,
    /// Whose.
    pub practice: PracticeId,
    /// To where.
    pub device: DeviceId,
    /// From where on; nothing for the beginning.
    pub cursor: Option<Cursor>,
    /// At most so many.
    pub max_changes: u32,
    /// Whether this build reads snapshots.
    #[serde(default, skip_serializing_if = "is_false")]
    pub snapshots: bool,
    /// For whom: what is given is theirs to hold. Older builds do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<WorkforceMemberId>,
    /// How many entries wait on the device, for whoever looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsent: Option<u32>,
    /// Which edition of the kinds of rows this build reads ([`domain::row::EDITION`]). Those of the first do not say.
    #[serde(default = "first_edition", skip_serializing_if = "is_first_edition")]
    pub edition: u32,
}

fn first_edition() -> u32 {
    1
}

fn is_first_edition(edition: &u32) -> bool {
    *edition == 1
}

fn is_false(value: &bool) -> bool {
    !value
}

/// One row as one revision left it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Revision.
    pub rev: u64,
    /// Order within it.
    pub ord: u32,
    /// By which command.
    pub command_id: CommandId,
    /// The row.
    pub row: Row,
}

/// Answer to a pull.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PullResponse {
    /// [`PROTO`]
    pub proto: u32,
    /// The history.
    pub epoch: Uuid,
    /// Drop every row first: the device's history is not the server's.
    pub reset: bool,
    /// After which revision these changes begin.
    pub from: u64,
    /// Up to which revision the device now is.
    pub to: u64,
    /// The practice's newest revision.
    pub head: u64,
    /// In order.
    pub changes: Vec<Change>,
    /// Whether there is more at once.
    pub more: bool,
    /// Last number the server has from this device.
    pub last_seq: u64,
    /// Covered by a verified backup.
    pub durable_rev: u64,
    /// The server's clock.
    pub server_time: DateTime<Utc>,
    /// Patients who left the device's scope: drop every row about them that is not on every device.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evict: Vec<PatientId>,
    /// Single rows that left the device's scope.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evict_rows: Vec<(Entity, Uuid)>,
    /// Rows of patients who came into scope, as they are at `to`. They count after everything else in the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gained: Vec<Row>,
    /// The scope that the answer is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scope: String,
    /// Fetch this first, instead of changes from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Manifest>,
    /// What the device must do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub directives: Vec<Directive>,
    /// Builds below this schema are to be updated before they enter more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_schema: Option<u32>,
}

/// Everything of a scope at a revision, in parts that are fetched one by one. It never changes, and is shared by all
/// devices of the scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Which.
    pub id: Uuid,
    /// In which history.
    pub epoch: Uuid,
    /// As of which revision.
    pub rev: u64,
    /// Of which scope.
    pub scope: String,
    /// Its parts, in the order in which they are of use.
    pub chunks: Vec<ChunkInfo>,
}

/// One part of a snapshot: rows as JSON, one a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkInfo {
    /// How many rows.
    pub rows: u32,
    /// How many bytes, not compressed.
    pub bytes: u64,
    /// SHA-256 of the bytes, not compressed.
    pub sha256: String,
}

/// Asks for one part of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkRequest {
    /// Whose.
    pub practice: PracticeId,
    /// To where.
    pub device: DeviceId,
    /// Which snapshot.
    pub snapshot: Uuid,
    /// Which part, from 0.
    pub index: u32,
}
