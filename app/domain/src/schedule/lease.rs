//! Time that one device may book while it is offline: booked within it, an appointment is final at once.
//!
//! A lease ends with the time that it is about, or when its device gives it back, and never by a clock: a device that
//! comes back after weeks finds that nobody else booked there. To others the time is not to be had, however much they
//! want it; the owner may take a lease back, and what was booked in it then goes to a person.
//!
//! A device asks for one, or is handed one every week (see [`super::standing`]).

use crate::id::*;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A share of one practitioner's or resource's time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SlotLease {
    /// Identity.
    pub id: SlotLeaseId,
    /// The practitioner's or the resource's id.
    pub holder_id: Uuid,
    /// Who may book there.
    pub device_id: DeviceId,
    /// From.
    pub from_at: DateTime<Utc>,
    /// To.
    pub until_at: DateTime<Utc>,
    /// Whether the server gave it. What a device only asked for is worth nothing offline.
    pub granted: bool,
    /// Whether it was given back.
    pub released: bool,
}

impl SlotLease {
    /// Whether it keeps others from a span.
    pub fn keeps(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> bool {
        self.granted && !self.released && self.from_at < until && from < self.until_at
    }

    /// Whether a span lies within it.
    pub fn covers(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> bool {
        self.granted && !self.released && self.from_at <= from && until <= self.until_at
    }
}
