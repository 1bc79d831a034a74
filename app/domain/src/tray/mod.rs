//! What was entered and not applied, until a person has decided about it. Nothing that someone was told is saved can
//! end anywhere else than in the record or here.

mod decide;
pub mod leaves;

pub use decide::*;

use crate::decide::Refusal;
use crate::id::*;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One command that was not applied.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct TrayItem {
    /// Identity; follows from the command.
    pub id: TrayItemId,
    /// Which command.
    pub command_id: CommandId,
    /// Where it was entered.
    pub device_id: DeviceId,
    /// Where that device stands.
    pub site_id: Option<SiteId>,
    /// Whom it is about.
    pub patient_id: Option<PatientId>,
    /// Why it is here.
    pub kind: TrayKind,
    /// The command's name, when it could be read.
    pub command: Option<String>,
    /// Its version.
    pub version: Option<u32>,
    /// What was entered. Answers about health are not in it (45 CFR 164.502(b)): they are kept as a row of their own.
    pub args: Option<Value>,
    /// What was said to the device.
    pub refusal: Option<Refusal>,
    /// Who entered it.
    pub entered_by: String,
    /// Their record; nothing for a kiosk.
    pub member_id: Option<WorkforceMemberId>,
    /// When, by that device's clock.
    pub entered_at: DateTime<Utc>,
    /// When the server had it.
    pub received_at: DateTime<Utc>,
    /// Whether it still needs a person.
    pub state: TrayState,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
}
crate::redacted_debug!(TrayItem, ResolveTrayItem, TrayChoice);

/// Why something is in the tray.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrayKind {
    /// It may be right, and someone with the right to do so must say so: made outside of the author's scope, or on a
    /// device that was shut out.
    Parked,
    /// A rule refused it.
    Refused,
    /// It cannot be read here.
    Unreadable,
    /// Its number or its id was used for something else.
    Disputed,
}

/// Where an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrayState {
    /// Needs a person.
    Open,
    /// Went into the record, as entered or changed.
    Applied,
    /// Did not.
    Dropped,
}
