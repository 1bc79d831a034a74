//! How long a device may go on without hearing from the server. A device that was lost closes by itself, step by step;
//! what it has to send outlives every step.

use chrono::{DateTime, Duration, Utc};

/// What the device still opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lease {
    /// Everything.
    Open,
    /// No longer what is known of patients' health.
    NoClinical,
    /// Nothing: unlocking is refused until the server was heard.
    Closed,
    /// What can be read is to be erased. Sealed entries stay.
    Erase,
}

/// Contact within so many hours opens everything.
pub const CLINICAL_HOURS: i64 = 24;
/// Contact within so many days lets people unlock.
pub const UNLOCK_DAYS: i64 = 7;
/// Without contact for so many days, what can be read is erased.
pub const KEEP_DAYS: i64 = 180;

/// Where a device stands. `heard_at` is the newest time that the server told ([`crate::device::Meta::heard_at`]), `now`
/// the device's own clock. A clock that runs behind never closes anything: it may be wrong, and the work is real. One
/// that never heard has nothing to close.
pub fn lease(heard_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Lease {
    let silence = heard_at.map_or(Duration::zero(), |heard| now - heard);
    if silence > Duration::days(KEEP_DAYS) {
        Lease::Erase
    } else if silence > Duration::days(UNLOCK_DAYS) {
        Lease::Closed
    } else if silence > Duration::hours(CLINICAL_HOURS) {
        Lease::NoClinical
    } else {
        Lease::Open
    }
}
