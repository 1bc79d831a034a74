//! Whose time is taken, and by which appointment: all that others must know to book around it.
//!
//! A row here names no patient. So every desk of the practice may hold all of them, and refuse an overlap with a site
//! whose appointments it is not sent.

use crate::id::*;
use chrono::{DateTime, Datelike, Duration, Utc};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use uuid::Uuid;

/// Time of one practitioner or resource that an appointment takes (FHIR Slot, as far as it is not free).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Busy {
    /// Follows from the appointment and the holder.
    pub id: BusyId,
    /// For which appointment.
    pub appointment_id: AppointmentId,
    /// What kind of holder.
    pub holder: HolderKind,
    /// The practitioner's or the resource's id.
    pub holder_id: Uuid,
    /// Where.
    pub site_id: SiteId,
    /// For what.
    pub visit_type_id: VisitTypeId,
    /// When the visit begins.
    pub start_at: DateTime<Utc>,
    /// When it ends.
    pub end_at: DateTime<Utc>,
    /// Taken from here, with what is kept free before.
    pub from_at: DateTime<Utc>,
    /// Taken to here, with what is kept free after.
    pub until_at: DateTime<Utc>,
    /// How many the holder could see at once when it was booked. A later setting does not change what was promised.
    pub capacity: u16,
    /// Which of several places it takes; nothing for the whole holder.
    pub lane: Option<u16>,
    /// Whether the practitioner may be anywhere.
    pub video: bool,
    /// Whether it counts.
    pub status: BusyStatus,
    /// A hold ends here by itself.
    pub expires_at: Option<DateTime<Utc>>,
}

impl Busy {
    /// The days in UTC of which it takes something, counted from the year 1. What ends at midnight takes nothing of the
    /// day after.
    pub fn days(&self) -> RangeInclusive<i32> {
        let day = |at: DateTime<Utc>| at.date_naive().num_days_from_ce();
        day(self.from_at)..=day(self.until_at - Duration::nanoseconds(1))
    }
}

/// Who or what is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolderKind {
    /// FHIR Practitioner
    Practitioner,
    /// A room or a device.
    Resource,
}

/// Whether the time is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BusyStatus {
    /// Taken for good; the database lets no two of these overlap in one lane.
    Busy,
    /// Taken beside others, for a reason.
    Overbooked,
    /// Kept for someone who is still deciding.
    Held,
    /// Asked for on a device that cannot know whether it is still free.
    Requested,
    /// Given back on a device, before the server said so: to be had, and not to be promised to anyone.
    Returning,
    /// Given back.
    Free,
}

impl Busy {
    /// The id of what one appointment takes of one holder.
    pub fn id_of(appointment: AppointmentId, holder_id: Uuid) -> BusyId {
        BusyId(Uuid::new_v5(&appointment.0, holder_id.as_bytes()))
    }

    /// Whether the time is taken at an instant of asking: a hold that ran out is not.
    pub fn counts(&self, now: DateTime<Utc>) -> bool {
        match self.status {
            BusyStatus::Busy | BusyStatus::Overbooked | BusyStatus::Requested => true,
            BusyStatus::Held => self.expires_at.is_some_and(|until| now < until),
            BusyStatus::Returning | BusyStatus::Free => false,
        }
    }

    /// Whether it overlaps a span. What only touches does not.
    pub fn overlaps(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> bool {
        self.from_at < until && from < self.until_at
    }
}

/// Which lane a new booking gets, over what overlaps it; nothing when there is none.
///
/// The strictest capacity of all that overlap is the limit, whichever was first: what was booked under a larger one
/// stays. `Some(None)` takes the whole holder.
pub fn lane<'a>(
    overlapping: impl Iterator<Item = &'a Busy> + Clone,
    capacity: u16,
    from: DateTime<Utc>,
) -> Option<Option<u16>> {
    let limit = overlapping
        .clone()
        .map(|busy| busy.capacity)
        .fold(capacity, u16::min);
    if limit <= 1 {
        return overlapping.clone().next().is_none().then_some(None);
    }
    // The number at once is highest where one of them begins, or where the new one does.
    let at_once = |at: DateTime<Utc>| {
        let there = overlapping.clone();
        there
            .filter(|busy| busy.from_at <= at && at < busy.until_at)
            .count()
    };
    let most = overlapping
        .clone()
        .map(|busy| at_once(busy.from_at.max(from)))
        .max()
        .unwrap_or(0);
    if most >= usize::from(limit) {
        return None;
    }
    let taken = |lane: u16| {
        overlapping
            .clone()
            // Whoever was squeezed in has no lane of their own.
            .filter(|busy| busy.status != BusyStatus::Overbooked)
            .any(|busy| busy.lane.is_none_or(|own| own == lane))
    };
    (1..=limit).find(|lane| !taken(*lane)).map(Some)
}
