//! Rules for what happens to an appointment: it is confirmed, kept, missed, called off; and for what belongs to many.

use super::appointment::{Appointment, AppointmentSeries, CancelledBy};
use super::booking::{self, BookAppointment, MoveAppointment, step};
use super::recurrence::{MOST, Recurrence};
use super::state::AppointmentState;
use super::take::{free, squeeze_in};
use super::waitlist::{WaitlistEntry, WaitlistState};
use crate::access::Role;
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::id::*;
use crate::patients::membership_key;
use crate::row::{Entity, Key, Over, Row, Rows, View};
use chrono::Duration;
use serde::{Deserialize, Serialize};

/// Says where an appointment stands.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SetAppointmentState {
    /// Which.
    pub appointment_id: AppointmentId,
    /// Whose.
    pub patient_id: PatientId,
    /// From now on.
    pub state: AppointmentState,
    /// Where it stood when this was entered. When it stands elsewhere by then, someone else said so first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<AppointmentState>,
    /// What is to be known about it.
    pub note: Option<String>,
}

/// Says that the patient will come.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ConfirmAppointment {
    /// Which.
    pub appointment_id: AppointmentId,
    /// Whose.
    pub patient_id: PatientId,
}

/// Calls an appointment off, and gives its time back.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CancelAppointment {
    /// Which.
    pub appointment_id: AppointmentId,
    /// Whose.
    pub patient_id: PatientId,
    /// Why.
    pub reason: String,
    /// Who wants it so.
    pub by: CancelledBy,
}

/// Books several times together: all of them, or none.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct BookSeries {
    /// Identity.
    pub series_id: SeriesId,
    /// Whose.
    pub patient_id: PatientId,
    /// RFC 5545 RRULE, as it was chosen. Days that were left out are exceptions.
    pub rule: String,
    /// Each time.
    pub appointments: Vec<BookAppointment>,
}

/// Moves or calls off several of a series together: all of them, or none.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeSeries {
    /// Which.
    pub series_id: SeriesId,
    /// Whose.
    pub patient_id: PatientId,
    /// Those that move.
    pub moves: Vec<MoveAppointment>,
    /// Those that are called off.
    pub cancels: Vec<CancelAppointment>,
}

/// Puts someone on the list of those who wait for a time.
pub type AddToWaitlist = WaitlistEntry;

/// Says that someone waits no longer.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CloseWaitlistEntry {
    /// Which.
    pub entry_id: WaitlistEntryId,
    /// Whose.
    pub patient_id: PatientId,
    /// Whether they have a time now.
    pub booked: bool,
}
crate::redacted_debug!(
    SetAppointmentState,
    ConfirmAppointment,
    CancelAppointment,
    BookSeries,
    ChangeSeries,
    CloseWaitlistEntry
);

/// Called off later than this before, and the practice may have a rule about it.
const LATE: Duration = Duration::hours(24);

fn not_found(what: &str) -> Refusal {
    Refusal::new(RefusalCode::NotFound).with("what", what)
}

/// The appointment, when it is this patient's.
pub(super) fn appointment(
    view: &impl View,
    id: AppointmentId,
    patient: PatientId,
) -> Result<Appointment, Refusal> {
    match view.one(&Key::Row(Entity::Appointment, id.0)) {
        Some(Row::Appointment(known)) if known.patient_id == patient => Ok(known),
        _ => Err(not_found("appointment")),
    }
}

/// A step that is none.
pub(super) fn illegal(from: AppointmentState, to: AppointmentState) -> Refusal {
    Refusal::new(RefusalCode::IllegalStep)
        .with("from", from.name())
        .with("to", to.name())
}

/// Moves an appointment through its states. Saying again what is so already changes nothing.
pub fn set_state(view: &impl View, ctx: &Ctx, args: &SetAppointmentState) -> Result<Decision, Refusal> {
    if ctx.role == Role::Patient {
        let known = appointment(view, args.appointment_id, args.patient_id)?;
        if args.state != AppointmentState::Arrived || !known.may_check_in(ctx.now) {
            return Err(illegal(known.state, args.state));
        }
    }
    go_on(view, ctx, args)
}

fn go_on(view: &impl View, ctx: &Ctx, args: &SetAppointmentState) -> Result<Decision, Refusal> {
    let known = appointment(view, args.appointment_id, args.patient_id)?;
    if known.state == args.state {
        return Ok(Decision::facts(Vec::new()));
    }
    // What was only asked for on a device is booked by the time that the server hears the next step.
    let confirmed = |from| from == AppointmentState::Requested && known.state == AppointmentState::Booked;
    let seen = args
        .from
        .is_none_or(|from| from == known.state || confirmed(from));
    if !seen || !known.state.may_become(args.state) {
        return Err(illegal(known.state, args.state));
    }
    let mut facts = match (known.state.takes_time(), args.state.takes_time()) {
        (true, false) => free(view, ctx, known.id),
        (false, true) => squeeze_in(view, &known),
        _ => Vec::new(),
    };
    let mut steps = known.steps.clone();
    steps.push(step(ctx, args.state, args.note.as_deref()));
    facts.push(Row::Appointment(Appointment {
        state: args.state,
        steps,
        ..known
    }));
    Ok(Decision::facts(facts))
}

/// The patient said that they will come. Someone who is in the house has said so with their feet, and of what has begun
/// nobody says by themselves that they will.
pub fn confirm(view: &impl View, ctx: &Ctx, args: &ConfirmAppointment) -> Result<Decision, Refusal> {
    let known = appointment(view, args.appointment_id, args.patient_id)?;
    if ctx.role == Role::Patient && known.start_at <= ctx.now {
        return Err(illegal(known.state, AppointmentState::Confirmed));
    }
    let set = SetAppointmentState {
        appointment_id: args.appointment_id,
        patient_id: args.patient_id,
        state: AppointmentState::Confirmed,
        note: None,
        from: None,
    };
    go_on(view, ctx, &set)
}

/// Calls an appointment off, once.
pub fn cancel(view: &impl View, ctx: &Ctx, args: &CancelAppointment) -> Result<Decision, Refusal> {
    let known = appointment(view, args.appointment_id, args.patient_id)?;
    // Whoever calls it off for themselves does so before it began, and says of nobody else that they did.
    let their_own =
        ctx.role != Role::Patient || (known.start_at > ctx.now && args.by == CancelledBy::Patient);
    if !known.state.may_cancel() || !their_own {
        return Err(illegal(known.state, AppointmentState::Cancelled));
    }
    crate::validate::reason(&args.reason, &ctx.today)
        .map_err(|_| Refusal::new(RefusalCode::Invalid).with("field", "reason"))?;
    let mut facts = free(view, ctx, known.id);
    let mut steps = known.steps.clone();
    steps.push(step(ctx, AppointmentState::Cancelled, Some(&args.reason)));
    facts.push(Row::Appointment(Appointment {
        state: AppointmentState::Cancelled,
        cancel_reason: Some(args.reason.clone()),
        cancelled_by: Some(args.by),
        // By the device's clock: when they called, not when the tablet found a network.
        cancelled_late: known.start_at - ctx.device_time < LATE,
        steps,
        ..known
    }));
    Ok(Decision::facts(facts))
}

impl BookSeries {
    /// What booking all of them looks at.
    pub fn reads(&self) -> Vec<Key> {
        [Key::Row(Entity::AppointmentSeries, self.series_id.0)]
            .into_iter()
            .chain(self.appointments.iter().flat_map(BookAppointment::reads))
            .collect()
    }
}

impl ChangeSeries {
    /// What changing all of them looks at.
    pub fn reads(&self) -> Vec<Key> {
        let cancels = self.cancels.iter().flat_map(|cancel| cancel.reads());
        [Key::Row(Entity::AppointmentSeries, self.series_id.0)]
            .into_iter()
            .chain(self.moves.iter().flat_map(MoveAppointment::reads))
            .chain(cancels)
            .collect()
    }
}

impl CancelAppointment {
    /// What calling off looks at.
    pub fn reads(&self) -> Vec<Key> {
        flow_reads(self.appointment_id)
    }
}

/// What a step looks at.
pub(super) fn flow_reads(appointment: AppointmentId) -> Vec<Key> {
    vec![
        Key::Row(Entity::Appointment, appointment.0),
        Key::Of(Entity::Busy, appointment.0),
    ]
}

/// Decides one after the other, each over what the ones before it left.
fn all_of<'a, V: View, T: 'a>(
    view: &V,
    items: impl Iterator<Item = &'a T>,
    decide: impl Fn(&Over<'_, V>, &T) -> Result<Decision, Refusal>,
    rows: &mut Rows,
) -> Result<(), Refusal> {
    for item in items {
        let over = Over {
            base: view,
            top: &*rows,
        };
        let decision = decide(&over, item)?;
        decision.facts.into_iter().for_each(|row| rows.put(row));
    }
    Ok(())
}

/// Books a series.
pub fn book_series(view: &impl View, ctx: &Ctx, args: &BookSeries) -> Result<Decision, Refusal> {
    if view
        .one(&Key::Row(Entity::AppointmentSeries, args.series_id.0))
        .is_some()
    {
        return Err(Refusal::new(RefusalCode::AlreadyExists).with("what", "series"));
    }
    let own = |one: &BookAppointment| {
        one.patient_id == args.patient_id
            && one.series_id == Some(args.series_id)
            && one.hold_minutes.is_none()
    };
    if !args.appointments.iter().all(own) || !(1..=MOST).contains(&args.appointments.len()) {
        return Err(Refusal::new(RefusalCode::Invalid).with("field", "appointments"));
    }
    if args.rule.parse::<Recurrence>().is_err() {
        return Err(Refusal::new(RefusalCode::Invalid).with("field", "rule"));
    }
    let mut rows = Rows::default();
    let book = |over: &Over<'_, _>, one: &BookAppointment| booking::book_appointment(over, ctx, one);
    all_of(view, args.appointments.iter(), book, &mut rows)?;
    let series = Row::AppointmentSeries(AppointmentSeries {
        id: args.series_id,
        patient_id: args.patient_id,
        rule: args.rule.clone(),
        booked_at: ctx.now,
    });
    Ok(Decision::facts(
        [series].into_iter().chain(rows.iter().cloned()).collect(),
    ))
}

/// Moves and calls off. Times are given back first, so that one may move where another was.
pub fn change_series(view: &impl View, ctx: &Ctx, args: &ChangeSeries) -> Result<Decision, Refusal> {
    let series = Key::Row(Entity::AppointmentSeries, args.series_id.0);
    if view.one(&series).and_then(|row| row.patient_id()) != Some(args.patient_id) {
        return Err(not_found("series"));
    }
    let ids = (args.moves.iter().map(|one| one.appointment_id))
        .chain(args.cancels.iter().map(|one| one.appointment_id));
    let patients =
        (args.moves.iter().map(|one| one.patient_id)).chain(args.cancels.iter().map(|one| one.patient_id));
    let in_series = |id: AppointmentId| {
        appointment(view, id, args.patient_id).is_ok_and(|known| known.series_id == Some(args.series_id))
    };
    let sound =
        patients.into_iter().all(|patient| patient == args.patient_id) && ids.into_iter().all(in_series);
    if !sound || args.moves.len() + args.cancels.len() > MOST {
        return Err(not_found("appointment"));
    }
    let mut rows = Rows::default();
    all_of(
        view,
        args.cancels.iter(),
        |over, one| cancel(over, ctx, one),
        &mut rows,
    )?;
    // The last goes first when they all move later, and the first when they move earlier: none is in another's way.
    let mut moves: Vec<&MoveAppointment> = args.moves.iter().collect();
    moves.sort_by_key(|one| one.from_at);
    if moves.first().is_some_and(|one| one.place.start_at > one.from_at) {
        moves.reverse();
    }
    let move_one = |over: &Over<'_, _>, one: &MoveAppointment| booking::move_appointment(over, ctx, one);
    all_of(view, moves.into_iter(), move_one, &mut rows)?;
    Ok(Decision::facts(rows.iter().cloned().collect()))
}

/// What waiting looks at.
pub(super) fn waitlist_reads(entry: &WaitlistEntry) -> Vec<Key> {
    vec![
        Key::Row(Entity::WaitlistEntry, entry.id.0),
        Key::Row(Entity::Patient, entry.patient_id.0),
        Key::Row(Entity::VisitType, entry.visit_type_id.0),
        membership_key(entry.patient_id),
    ]
}

/// Someone known waits for something that there is.
pub fn add_to_waitlist(view: &impl View, ctx: &Ctx, entry: &WaitlistEntry) -> Result<Decision, Refusal> {
    if view.one(&Key::Row(Entity::WaitlistEntry, entry.id.0)).is_some() {
        return Err(Refusal::new(RefusalCode::AlreadyExists).with("what", "entry"));
    }
    if view.one(&Key::Row(Entity::Patient, entry.patient_id.0)).is_none() {
        return Err(not_found("patient"));
    }
    if view
        .one(&Key::Row(Entity::VisitType, entry.visit_type_id.0))
        .is_none()
    {
        return Err(not_found("visit type"));
    }
    if entry.until_on < entry.from_on || entry.until_minute <= entry.from_minute {
        return Err(Refusal::new(RefusalCode::Invalid).with("field", "until_on"));
    }
    Ok(Decision::put(Row::WaitlistEntry(WaitlistEntry {
        state: WaitlistState::Waiting,
        added_at: ctx.now,
        added_by: ctx.actor_name.clone(),
        closed_by: None,
        closed_at: None,
        ..entry.clone()
    })))
}

/// Once, by whoever found a time for them, or was told that none is wanted.
pub fn close_waitlist_entry(
    view: &impl View,
    ctx: &Ctx,
    args: &CloseWaitlistEntry,
) -> Result<Decision, Refusal> {
    let Some(Row::WaitlistEntry(entry)) = view.one(&Key::Row(Entity::WaitlistEntry, args.entry_id.0)) else {
        return Err(not_found("entry"));
    };
    if entry.patient_id != args.patient_id {
        return Err(not_found("entry"));
    }
    if entry.state != WaitlistState::Waiting {
        return Err(Refusal::new(RefusalCode::AlreadyReviewed)
            .with("by", entry.closed_by.as_deref().unwrap_or_default()));
    }
    Ok(Decision::put(Row::WaitlistEntry(WaitlistEntry {
        state: if args.booked {
            WaitlistState::Booked
        } else {
            WaitlistState::Withdrawn
        },
        closed_by: Some(ctx.actor_name.clone()),
        closed_at: Some(ctx.now),
        ..entry
    })))
}
