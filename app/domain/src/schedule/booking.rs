//! Rules for booking a time and moving it.

use super::appointment::{Appointment, Place, Scenario, Step};
use super::busy::BusyStatus;
use super::state::AppointmentState;
use super::take::{reads, take};
use crate::access::Role;
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::id::*;
use crate::patients::{IdentityStatus, belongs};
use crate::row::{Entity, Key, Row, View};
use crate::validate::MAX_WORDS;
use chrono::{DateTime, Duration, SubsecRound, Utc};
use serde::{Deserialize, Serialize};

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

/// A patient books one time of a kind ahead, and leaves holds, series and reasons to the desk. Whom nobody here has seen
/// yet books one time in all: names are quickly made up, and times are not.
fn plain_and_only_one(view: &impl View, ctx: &Ctx, args: &BookAppointment) -> Result<(), Refusal> {
    let left = [
        ("hold_minutes", args.hold_minutes.is_some()),
        ("series_id", args.series_id.is_some()),
        ("overbook_reason", args.overbook_reason.is_some()),
    ];
    if let Some((field, _)) = left.iter().find(|(_, given)| *given) {
        return Err(Refusal::new(RefusalCode::Invalid).with("field", *field));
    }
    let theirs = view.get(&Key::OfPatient(Entity::Appointment, args.patient_id));
    let came = |row: &Row| matches!(row, Row::Appointment(one) if one.state.has_come());
    let unseen = matches!(
        view.one(&Key::Row(Entity::Patient, args.patient_id.0)),
        Some(Row::Patient(patient)) if patient.identity == IdentityStatus::Unverified
    ) && !theirs.iter().any(came);
    let another = |row: &Row| {
        matches!(row, Row::Appointment(other) if other.id != args.appointment_id
            && (unseen || other.visit_type_id == args.visit_type_id)
            && other.state.may_cancel()
            && other.start_at > ctx.now)
    };
    match theirs.iter().any(another) {
        true => Err(Refusal::new(RefusalCode::AlreadyExists).with("what", "appointment")),
        false => Ok(()),
    }
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
    if ctx.role == Role::Patient {
        plain_and_only_one(view, ctx, args)?;
    }
    let taken = take(
        view,
        ctx,
        (args.appointment_id, args.patient_id, args.visit_type_id),
        &args.place,
        (args.scenario, args.referral.as_deref()),
        args.overbook_reason.as_deref(),
    )?;
    let hold = args.hold_minutes.map(|minutes| minutes.min(LONGEST_HOLD));
    let expires_at = hold.map(|minutes| ctx.now + Duration::minutes(i64::from(minutes)));
    let (state, status) = if hold.is_some() {
        (AppointmentState::Held, BusyStatus::Held)
    } else {
        taken.outcome(ctx)
    };
    let mut facts = taken.busy(view, ctx, args.appointment_id, &args.place, (status, expires_at));
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
    // Whoever moves their own does so before it began; who did not come talks to the desk.
    let their_own = ctx.role != Role::Patient || (known.state.may_cancel() && known.start_at > ctx.now);
    if !known.state.may_move() || !their_own {
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
        (known.scenario, known.referral.as_deref()),
        args.overbook_reason.as_deref(),
    )?;
    // Whoever said that they come to one time did not say so of another.
    let (state, status) = taken.outcome(ctx);
    let mut facts = taken.busy(view, ctx, known.id, &args.place, (status, None));
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
