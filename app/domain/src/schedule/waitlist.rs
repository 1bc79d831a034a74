//! Who would rather come sooner, and which of them a freed time is for.

use super::clock::SiteClock;
use super::slots::OpenSlot;
use crate::id::*;
use chrono::{DateTime, NaiveDate, Timelike, Utc};
use serde::{Deserialize, Serialize};

/// Someone who waits for a time (FHIR Appointment with status "waitlist").
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct WaitlistEntry {
    /// Identity.
    pub id: WaitlistEntryId,
    /// Who waits.
    pub patient_id: PatientId,
    /// Where it was entered; the desk there works the list.
    pub site_id: SiteId,
    /// For what.
    pub visit_type_id: VisitTypeId,
    /// With any of these; empty for anyone.
    pub practitioner_ids: Vec<PractitionerId>,
    /// At any of these; empty for any.
    pub site_ids: Vec<SiteId>,
    /// First day that would do.
    pub from_on: NaiveDate,
    /// Last day that would do.
    pub until_on: NaiveDate,
    /// Not before this minute of the day, on the wall.
    pub from_minute: u16,
    /// Over by this minute of the day.
    pub until_minute: u16,
    /// Should not wait long.
    pub urgent: bool,
    /// What else there is to know.
    pub note: Option<String>,
    /// The appointment that they have meanwhile, and would give up.
    pub appointment_id: Option<AppointmentId>,
    /// Where it stands.
    pub state: WaitlistState,
    /// When they were put on the list.
    pub added_at: DateTime<Utc>,
    /// By whom.
    pub added_by: String,
    /// Who closed it.
    pub closed_by: Option<String>,
    /// When.
    pub closed_at: Option<DateTime<Utc>>,
}
crate::redacted_debug!(WaitlistEntry);

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitlistState {
    /// Waits.
    Waiting,
    /// Has a time.
    Booked,
    /// Wants none any more.
    Withdrawn,
}

impl WaitlistEntry {
    /// Whether an open slot is what they wait for. The visit type must be the one that the slot was searched for.
    pub fn wants(&self, slot: &OpenSlot, visit_type: VisitTypeId, clock: &SiteClock) -> bool {
        let (from, until) = (clock.local(slot.start_at), clock.local(slot.end_at));
        let minute = |wall: chrono::NaiveDateTime| wall.num_seconds_from_midnight() / 60;
        let same_day = from.date() == until.date();
        self.state == WaitlistState::Waiting
            && self.visit_type_id == visit_type
            && (self.practitioner_ids.is_empty() || self.practitioner_ids.contains(&slot.practitioner_id))
            && (self.site_ids.is_empty() || self.site_ids.contains(&slot.site_id))
            && (self.from_on..=self.until_on).contains(&from.date())
            && minute(from) >= u32::from(self.from_minute)
            && same_day
            && minute(until) <= u32::from(self.until_minute)
    }
}

/// Whom to call for a slot that became free: the urgent first, then in the order in which they were put on the list.
pub fn who_wants<'a>(
    entries: impl IntoIterator<Item = &'a WaitlistEntry>,
    slot: &OpenSlot,
    visit_type: VisitTypeId,
    clock: &SiteClock,
) -> Vec<&'a WaitlistEntry> {
    let mut found: Vec<&WaitlistEntry> = entries
        .into_iter()
        .filter(|entry| entry.wants(slot, visit_type, clock))
        .collect();
    found.sort_by_key(|entry| (!entry.urgent, entry.added_at, entry.id));
    found
}
