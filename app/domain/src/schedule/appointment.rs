//! One appointment and everything that happened to it.

use super::findings::Finding;
use super::state::AppointmentState;
use crate::id::*;
use chrono::{DateTime, Datelike, Duration, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

/// An agreed time (FHIR Appointment). It keeps its identity when it moves.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Appointment {
    /// Identity.
    pub id: AppointmentId,
    /// Whose.
    pub patient_id: PatientId,
    /// Where.
    pub site_id: SiteId,
    /// For what.
    pub visit_type_id: VisitTypeId,
    /// With whom; the first is the one who is asked for.
    pub practitioner_ids: Vec<PractitionerId>,
    /// Rooms and devices.
    pub resource_ids: Vec<ResourceId>,
    /// When it begins.
    pub start_at: DateTime<Utc>,
    /// When it ends.
    pub end_at: DateTime<Utc>,
    /// What was agreed: the beginning on the site's wall. When the rules of the zone change, this stays and the
    /// instants are wrong until someone has looked.
    pub wall: NaiveDateTime,
    /// Where the patient is.
    pub mode: Mode,
    /// Who is to pay, and with which forms.
    pub scenario: Scenario,
    /// Why they come, in their words.
    pub reason: Option<String>,
    /// Number of the referral or authorization.
    pub referral: Option<String>,
    /// One of several that were booked together.
    pub series_id: Option<SeriesId>,
    /// Where it stands.
    pub state: AppointmentState,
    /// Why it may lie beside another, when someone said so.
    pub overbook_reason: Option<String>,
    /// What whoever booked it was warned of.
    pub warnings: Vec<Finding>,
    /// Why it was called off.
    pub cancel_reason: Option<String>,
    /// Who called it off.
    pub cancelled_by: Option<CancelledBy>,
    /// Called off within the last 24 hours before.
    pub cancelled_late: bool,
    /// Everything that happened to it, in the order in which it was recorded.
    pub steps: Vec<Step>,
}

/// Who comes later than this after the beginning talks to the desk.
pub const LATEST_CHECK_IN: Duration = Duration::hours(2);
/// Nobody is here for a visit sooner than this before, as far as they say so from a telephone that may be anywhere.
const EARLIEST_CHECK_IN: Duration = Duration::hours(1);

impl Appointment {
    /// Whether the patient may say by themselves, now, that they are here for it.
    pub fn may_check_in(&self, now: DateTime<Utc>) -> bool {
        self.state.is_expected()
            && self.mode == Mode::InPerson
            && self.start_at - EARLIEST_CHECK_IN <= now
            && now < self.start_at + LATEST_CHECK_IN
    }

    /// Whether the patient may still fill in its forms by themselves: before it, and while they wait for it.
    pub fn may_answer(&self, now: DateTime<Utc>) -> bool {
        let waits = self.state == AppointmentState::Arrived && now < self.start_at + LATEST_CHECK_IN;
        (self.state.may_cancel() && self.start_at > now) || self.may_check_in(now) || waits
    }
}

/// When, where and with whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Where; for a visit on a screen, the site whose hours and forms it has.
    pub site_id: SiteId,
    /// With whom; at least one.
    pub practitioner_ids: Vec<PractitionerId>,
    /// Rooms and devices.
    pub resource_ids: Vec<ResourceId>,
    /// When it begins.
    #[serde(deserialize_with = "in_our_time")]
    pub start_at: DateTime<Utc>,
    /// How long it takes.
    pub minutes: u16,
    /// Where the patient is.
    pub mode: Mode,
}

/// Appointments are made in years that calendars reckon with: sums near the end of all instants would not be instants.
fn in_our_time<'de, D: serde::Deserializer<'de>>(d: D) -> Result<DateTime<Utc>, D::Error> {
    let at = DateTime::<Utc>::deserialize(d)?;
    match (1900..2300).contains(&at.year()) {
        true => Ok(at),
        false => Err(serde::de::Error::custom(
            "invalid value, expected an instant of our time",
        )),
    }
}

impl Place {
    /// When it ends.
    pub fn end_at(&self) -> DateTime<Utc> {
        self.start_at + Duration::minutes(i64::from(self.minutes))
    }
}

/// One thing that happened to an appointment.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Where it stood from then on.
    pub state: AppointmentState,
    /// When, by the clock of the device where it was entered.
    pub entered_at: DateTime<Utc>,
    /// When the server had it.
    pub recorded_at: DateTime<Utc>,
    /// Who said so.
    pub by: String,
    /// Where.
    pub device_id: DeviceId,
    /// When it was to begin before; only for a move.
    pub moved_from_at: Option<DateTime<Utc>>,
    /// Where it was to be before, when that was another site.
    pub moved_site_id: Option<SiteId>,
    /// Why, where a reason was given.
    pub note: Option<String>,
}
crate::redacted_debug!(Appointment, Step);

/// Where the patient is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// At the site.
    InPerson,
    /// At home, on a screen; the practitioner may be at any site.
    Video,
}

/// Who is to pay, and so which forms, payer and price it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scenario {
    /// A health plan.
    Insurance,
    /// The patient.
    SelfPay,
    /// Workers' compensation.
    WorkInjury,
    /// Auto insurance.
    Auto,
    /// An employer, for an examination.
    Employer,
    /// A study.
    Research,
}

/// Who called an appointment off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelledBy {
    /// The patient, or someone for them.
    Patient,
    /// The practice.
    Practice,
}

/// Several appointments that were booked together by a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppointmentSeries {
    /// Identity.
    pub id: SeriesId,
    /// Whose.
    pub patient_id: PatientId,
    /// RFC 5545 RRULE, as it was chosen: "FREQ=WEEKLY;COUNT=6".
    pub rule: String,
    /// When it was booked.
    pub booked_at: DateTime<Utc>,
}

/// Which of a series something is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesScope {
    /// The one.
    This,
    /// The one and those after it.
    Future,
    /// All that are still to come.
    All,
}

/// The appointments of a series that a change is about. What has begun or is over stays as it is.
pub fn of_series<'a>(
    all: impl IntoIterator<Item = &'a Appointment>,
    this: &Appointment,
    scope: SeriesScope,
) -> Vec<&'a Appointment> {
    let wanted = |other: &Appointment| match scope {
        SeriesScope::This => other.id == this.id,
        SeriesScope::Future => other.start_at >= this.start_at,
        SeriesScope::All => true,
    };
    let same = |other: &&Appointment| {
        other.id == this.id || (this.series_id.is_some() && other.series_id == this.series_id)
    };
    let mut found: Vec<&Appointment> = all
        .into_iter()
        .filter(same)
        .filter(|other| wanted(other) && other.state.may_cancel())
        .collect();
    found.sort_by_key(|other| (other.start_at, other.id));
    found
}
