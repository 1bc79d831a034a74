//! Rules for booking a time and moving it.

use super::appointment::{Appointment, Mode, Place, Scenario, Step};
use super::book::Book;
use super::busy::{Busy, BusyStatus};
use super::check::{Checked, Request, check};
use super::findings::{Finding, Weight};
use super::state::AppointmentState;
use super::visit_type::VisitType;
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::id::*;
use crate::patients::{Patient, joins, membership_key, membership_of};
use crate::row::{Entity, Key, Row, View};
use crate::validate::MAX_WORDS;
use chrono::{DateTime, Datelike, Duration, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Books a time; or books one that was only held, or called off, under the same identity.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct BookAppointment {
    /// Identity.
    pub appointment_id: AppointmentId,
    /// Whom.
    pub patient_id: PatientId,
    /// For what.
    pub visit_type_id: VisitTypeId,
    /// When, where, with whom.
    pub place: Place,
    /// Who is to pay.
    pub scenario: Scenario,
    /// Why they come.
    pub reason: Option<String>,
    /// Number of the referral or authorization.
    pub referral: Option<String>,
    /// Why it may lie beside another, or outside of the hours.
    pub overbook_reason: Option<String>,
    /// Only kept for so many minutes, while someone decides.
    pub hold_minutes: Option<u16>,
    /// One of several that are booked together.
    pub series_id: Option<SeriesId>,
}

/// Moves an appointment to another time or place. It keeps its identity, and its old time when the new one fails.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct MoveAppointment {
    /// Which.
    pub appointment_id: AppointmentId,
    /// Whose, so that they can be read beside.
    pub patient_id: PatientId,
    /// For what, likewise.
    pub visit_type_id: VisitTypeId,
    /// When it was to begin, when this was entered. When it is another time by then, someone else moved it.
    pub from_at: DateTime<Utc>,
    /// When, where, with whom from now on.
    pub place: Place,
    /// Why it may lie beside another, or outside of the hours.
    pub overbook_reason: Option<String>,
}
crate::redacted_debug!(BookAppointment, MoveAppointment);

/// Longest hold.
const LONGEST_HOLD: u16 = 60;
/// Shortest and longest visit, in minutes. With the longest times kept free around it, it takes less than a day.
const LENGTHS: std::ops::RangeInclusive<u16> = 5..=720;
/// Most practitioners, rooms and devices of one visit.
const MOST_HOLDERS: usize = 12;

/// The days around a time: a booking looks at the day itself, and at who comes from where before and after.
fn days(at: DateTime<Utc>) -> impl Iterator<Item = i32> {
    let day = at.date_naive().num_days_from_ce();
    day.saturating_sub(1)..=day.saturating_add(1)
}

/// What a time looks at.
pub(super) fn reads(
    appointment: AppointmentId,
    patient: PatientId,
    visit_type: VisitTypeId,
    place: &Place,
) -> Vec<Key> {
    let mut keys = vec![
        Key::Row(Entity::Appointment, appointment.0),
        Key::OfPatient(Entity::Appointment, patient),
        Key::Of(Entity::Busy, appointment.0),
        Key::Row(Entity::Patient, patient.0),
        membership_key(patient),
        Key::Row(Entity::VisitType, visit_type.0),
        Key::Row(Entity::SiteClock, place.site_id.0),
        Key::Row(Entity::SiteTravel, place.site_id.0),
        Key::Of(Entity::Closure, place.site_id.0),
    ];
    for practitioner in &place.practitioner_ids {
        keys.push(Key::Row(Entity::Practitioner, practitioner.0));
        keys.push(Key::Of(Entity::Schedule, practitioner.0));
        keys.push(Key::Of(Entity::ScheduleOverride, practitioner.0));
    }
    for resource in &place.resource_ids {
        keys.push(Key::Row(Entity::Resource, resource.0));
    }
    for holder in holders(place) {
        keys.push(Key::Of(Entity::SlotLease, holder));
        keys.extend(days(place.start_at).map(|day| Key::Agenda(holder, day)));
    }
    keys
}

fn holders(place: &Place) -> impl Iterator<Item = Uuid> {
    let practitioners = place.practitioner_ids.iter().map(|id| id.0);
    practitioners.chain(place.resource_ids.iter().map(|id| id.0))
}

impl BookAppointment {
    /// What booking looks at.
    pub fn reads(&self) -> Vec<Key> {
        reads(
            self.appointment_id,
            self.patient_id,
            self.visit_type_id,
            &self.place,
        )
    }
}

impl MoveAppointment {
    /// What moving looks at.
    pub fn reads(&self) -> Vec<Key> {
        reads(
            self.appointment_id,
            self.patient_id,
            self.visit_type_id,
            &self.place,
        )
    }
}

/// A time that passed, and what it is to be called.
struct Taken {
    checked: Checked,
    visit_type: VisitType,
    wall: chrono::NaiveDateTime,
}

/// Checks a time over everything that [`reads`] names.
fn take(
    view: &impl View,
    ctx: &Ctx,
    (appointment, patient, visit_type): (AppointmentId, PatientId, VisitTypeId),
    place: &Place,
    referral: Option<&str>,
    overbook_reason: Option<&str>,
) -> Result<Taken, Refusal> {
    let invalid = |field: &str| Refusal::new(RefusalCode::Invalid).with("field", field);
    let not_found = |what: &str| Refusal::new(RefusalCode::NotFound).with("what", what);
    let mut unique: Vec<Uuid> = holders(place).collect();
    unique.sort_unstable();
    unique.dedup();
    if place.practitioner_ids.is_empty() || unique.len() != holders(place).count() {
        return Err(invalid("practitioner_ids"));
    }
    if unique.len() > MOST_HOLDERS {
        return Err(invalid("resource_ids"));
    }
    if !LENGTHS.contains(&place.minutes) {
        return Err(invalid("minutes"));
    }
    let mut keys = reads(appointment, patient, visit_type, place);
    keys.sort_unstable();
    keys.dedup();
    let rows: Vec<Row> = keys.iter().flat_map(|key| view.get(key)).collect();
    let book = Book::of(unique_rows(&rows), ctx.now);
    let find_patient = |row: &Row| match row {
        Row::Patient(row) => Some(row.clone()),
        _ => None,
    };
    let patient: Patient = rows
        .iter()
        .find_map(find_patient)
        .ok_or_else(|| not_found("patient"))?;
    let visit_type = *(book.visit_types.get(&visit_type)).ok_or_else(|| not_found("visit type"))?;
    let clock = *(book.clocks.get(&place.site_id)).ok_or_else(|| not_found("site"))?;
    let appointments: Vec<Appointment> = (rows.iter())
        .filter_map(|row| match row {
            Row::Appointment(row) => Some(row.clone()),
            _ => None,
        })
        .collect();
    let request = Request {
        appointment_id: appointment,
        patient: &patient,
        appointments: &appointments,
        visit_type,
        place,
        referral,
        device_id: ctx.device_id,
        now: ctx.now,
    };
    let checked = check(&book, &request);
    if let Some(why) = checked.first(Weight::Refuses) {
        return Err(Refusal::new(RefusalCode::CannotBook).with("why", why.name()));
    }
    // Within a lease nothing that came up meanwhile takes a booking back; it is on the list to be reworked.
    let excused = overbook_reason.is_some_and(|why| !why.trim().is_empty())
        || (checked.leased && !checked.findings.contains(&Finding::PractitionerTaken));
    if let Some(why) = checked.first(Weight::NeedsReason).filter(|_| !excused) {
        return Err(Refusal::new(RefusalCode::NeedsReason).with("why", why.name()));
    }
    Ok(Taken {
        wall: clock.local(place.start_at),
        visit_type: visit_type.clone(),
        checked,
    })
}

/// Rows each once, though several keys may find the same.
fn unique_rows(rows: &[Row]) -> impl Iterator<Item = &Row> {
    let mut seen = std::collections::BTreeSet::new();
    rows.iter()
        .filter(move |row| seen.insert((row.entity(), row.id())))
}

impl Taken {
    /// What it takes of everyone, over what it took before.
    fn busy(
        &self,
        view: &impl View,
        appointment: AppointmentId,
        place: &Place,
        status: BusyStatus,
        expires_at: Option<DateTime<Utc>>,
    ) -> Vec<Row> {
        let before = Duration::minutes(i64::from(self.visit_type.before_minutes));
        let after = Duration::minutes(i64::from(self.visit_type.after_minutes));
        let mut rows = free(view, appointment);
        rows.retain(|row| !matches!(row, Row::Busy(busy) if holders(place).any(|id| id == busy.holder_id)));
        for seat in &self.checked.seats {
            let (from_at, until_at) = (place.start_at - before, place.end_at() + after);
            rows.push(Row::Busy(Busy {
                id: Busy::id_of(appointment, seat.holder_id),
                appointment_id: appointment,
                holder: seat.holder,
                holder_id: seat.holder_id,
                site_id: place.site_id,
                visit_type_id: self.visit_type.id,
                start_at: place.start_at,
                end_at: place.end_at(),
                from_at,
                until_at,
                capacity: seat.capacity,
                lane: seat.lane,
                video: place.mode == Mode::Video,
                status: match status {
                    BusyStatus::Busy if !seat.free => BusyStatus::Overbooked,
                    other => other,
                },
                expires_at,
            }));
        }
        rows
    }

    fn warnings(&self) -> Vec<Finding> {
        self.checked.findings.iter().copied().collect()
    }
}

/// Everything that an appointment takes, given back.
pub(super) fn free(view: &impl View, appointment: AppointmentId) -> Vec<Row> {
    with_status(view, appointment, BusyStatus::Free)
}

/// Everything that an appointment takes, with another status, where it has another.
pub(super) fn with_status(view: &impl View, appointment: AppointmentId, status: BusyStatus) -> Vec<Row> {
    (view.get(&Key::Of(Entity::Busy, appointment.0)).into_iter())
        .filter_map(|row| match row {
            Row::Busy(busy) if busy.status != status => Some(Row::Busy(Busy {
                status,
                expires_at: None,
                ..busy
            })),
            _ => None,
        })
        .collect()
}

/// What happened, by whom, where.
pub(super) fn step(ctx: &Ctx, state: AppointmentState, note: Option<&str>) -> Step {
    Step {
        state,
        // To the microsecond, as it is kept.
        entered_at: ctx.device_time.trunc_subsecs(6),
        recorded_at: ctx.now.trunc_subsecs(6),
        by: ctx.actor_name.clone(),
        device_id: ctx.device_id,
        moved_from_at: None,
        moved_site_id: None,
        note: note.map(str::to_owned),
    }
}

/// Whether a booking is only asked for: a device cannot know what others book, but for what is leased to it.
fn only_requested(ctx: &Ctx, checked: &Checked) -> bool {
    !ctx.is_server() && !checked.leased
}

/// The site joins those where the patient belongs, unless they belong to all.
fn belongs(view: &impl View, patient: PatientId, site: SiteId) -> Option<Row> {
    let known = membership_of(view, patient).filter(|known| !known.is_open())?;
    joins(Some(known), patient, site)
}

/// Books a time.
pub fn book_appointment(view: &impl View, ctx: &Ctx, args: &BookAppointment) -> Result<Decision, Refusal> {
    let known = match view.one(&Key::Row(Entity::Appointment, args.appointment_id.0)) {
        Some(Row::Appointment(known)) => Some(known),
        _ => None,
    };
    if let Some(known) = &known
        && (known.patient_id != args.patient_id || !known.state.may_book())
    {
        return Err(Refusal::new(RefusalCode::AlreadyExists).with("what", "appointment"));
    }
    for (field, text) in [
        ("reason", &args.reason),
        ("referral", &args.referral),
        ("overbook_reason", &args.overbook_reason),
    ] {
        if text
            .as_deref()
            .is_some_and(|text| text.chars().count() > MAX_WORDS)
        {
            return Err(Refusal::new(RefusalCode::Invalid).with("field", field));
        }
    }
    let taken = take(
        view,
        ctx,
        (args.appointment_id, args.patient_id, args.visit_type_id),
        &args.place,
        args.referral.as_deref(),
        args.overbook_reason.as_deref(),
    )?;
    let hold = args.hold_minutes.map(|minutes| minutes.min(LONGEST_HOLD));
    let expires_at = hold.map(|minutes| ctx.now + Duration::minutes(i64::from(minutes)));
    let (state, status) = if hold.is_some() {
        (AppointmentState::Held, BusyStatus::Held)
    } else if only_requested(ctx, &taken.checked) {
        (AppointmentState::Requested, BusyStatus::Requested)
    } else {
        (AppointmentState::Booked, BusyStatus::Busy)
    };
    let mut facts = taken.busy(view, args.appointment_id, &args.place, status, expires_at);
    let mut steps = known.map(|known| known.steps).unwrap_or_default();
    steps.push(step(ctx, state, args.overbook_reason.as_deref()));
    facts.push(Row::Appointment(Appointment {
        id: args.appointment_id,
        patient_id: args.patient_id,
        site_id: args.place.site_id,
        visit_type_id: args.visit_type_id,
        practitioner_ids: args.place.practitioner_ids.clone(),
        resource_ids: args.place.resource_ids.clone(),
        start_at: args.place.start_at,
        end_at: args.place.end_at(),
        wall: taken.wall,
        mode: args.place.mode,
        scenario: args.scenario,
        reason: args.reason.clone(),
        referral: args.referral.clone(),
        series_id: args.series_id,
        state,
        overbook_reason: args.overbook_reason.clone(),
        warnings: taken.warnings(),
        cancel_reason: None,
        cancelled_by: None,
        cancelled_late: false,
        steps,
    }));
    facts.extend(belongs(view, args.patient_id, args.place.site_id));
    Ok(Decision::facts(facts))
}

/// Moves an appointment.
pub fn move_appointment(view: &impl View, ctx: &Ctx, args: &MoveAppointment) -> Result<Decision, Refusal> {
    let known = super::flow::appointment(view, args.appointment_id, args.patient_id)?;
    if known.visit_type_id != args.visit_type_id {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "appointment"));
    }
    if !known.state.may_move() {
        return Err(super::flow::illegal(known.state, AppointmentState::Booked));
    }
    if known.start_at != args.from_at {
        return Err(Refusal::new(RefusalCode::AlreadyMoved));
    }
    let taken = take(
        view,
        ctx,
        (known.id, known.patient_id, known.visit_type_id),
        &args.place,
        known.referral.as_deref(),
        args.overbook_reason.as_deref(),
    )?;
    let (state, status) = if only_requested(ctx, &taken.checked) {
        (AppointmentState::Requested, BusyStatus::Requested)
    } else {
        // Whoever said that they come to one time did not say so of another.
        (AppointmentState::Booked, BusyStatus::Busy)
    };
    let mut facts = taken.busy(view, known.id, &args.place, status, None);
    let mut steps = known.steps.clone();
    steps.push(Step {
        moved_from_at: Some(known.start_at),
        moved_site_id: (known.site_id != args.place.site_id).then_some(known.site_id),
        ..step(ctx, state, args.overbook_reason.as_deref())
    });
    facts.push(Row::Appointment(Appointment {
        site_id: args.place.site_id,
        practitioner_ids: args.place.practitioner_ids.clone(),
        resource_ids: args.place.resource_ids.clone(),
        start_at: args.place.start_at,
        end_at: args.place.end_at(),
        wall: taken.wall,
        mode: args.place.mode,
        state,
        overbook_reason: args.overbook_reason.clone(),
        warnings: taken.warnings(),
        steps,
        ..known
    }));
    facts.extend(belongs(view, args.patient_id, args.place.site_id));
    Ok(Decision::facts(facts))
}
