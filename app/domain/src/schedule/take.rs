//! Taking a time: checked over everything that it looks at, and what it then takes of whom.

use super::appointment::{Appointment, Mode, Place, Scenario};
use super::book::Book;
use super::booking::BookAppointment;
use super::busy::{Busy, BusyStatus};
use super::check::{Checked, Request, check};
use super::findings::{Finding, Weight};
use super::state::AppointmentState;
use super::terms::{beside_keys, hours_keys};
use super::visit_type::VisitType;
use crate::access::Role;
use crate::decide::{Ctx, Refusal, RefusalCode};
use crate::id::*;
use crate::patients::{Patient, membership_key, membership_of};
use crate::row::{Entity, Key, Row, View};
use chrono::{DateTime, Datelike, Duration, NaiveDateTime, Utc};
use uuid::Uuid;

/// Shortest and longest visit, in minutes. With the longest times kept free around it, it takes less than a day.
const LENGTHS: std::ops::RangeInclusive<u16> = 5..=720;
/// Most practitioners, rooms and devices of one visit.
const MOST_HOLDERS: usize = 12;

/// The days around a time: a booking looks at the day itself, and at who comes from where before and after.
pub(super) fn days(at: DateTime<Utc>) -> impl Iterator<Item = i32> {
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
        Key::OfPatient(Entity::Coverage, patient),
        Key::OfPatient(Entity::Referral, patient),
        Key::Row(Entity::Patient, patient.0),
        membership_key(patient),
        Key::Row(Entity::VisitType, visit_type.0),
        Key::Row(Entity::SiteClock, place.site_id.0),
        Key::Row(Entity::SiteTravel, place.site_id.0),
        Key::Of(Entity::Closure, place.site_id.0),
    ];
    for practitioner in &place.practitioner_ids {
        keys.push(Key::Row(Entity::PractitionerTerms, practitioner.0));
        keys.extend(hours_keys(*practitioner));
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

/// A time that passed, and what it is to be called.
pub(super) struct Taken {
    checked: Checked,
    visit_type: VisitType,
    /// The beginning, on the site's wall.
    pub(super) wall: NaiveDateTime,
}

/// What would speak against a booking, were it entered now on this device. It is refused as it would be then when it is
/// no booking at all.
pub fn speaks_against(
    view: &impl View,
    by: (DateTime<Utc>, DeviceId),
    args: &BookAppointment,
) -> Result<Vec<Finding>, Refusal> {
    let who = (args.appointment_id, args.patient_id, args.visit_type_id);
    let said = (args.scenario, args.referral.as_deref());
    look(view, by, who, &args.place, said).map(|taken| taken.warnings())
}

/// Checks a time, and refuses it unless nothing speaks against it, or someone said why it may be all the same.
pub(super) fn take(
    view: &impl View,
    ctx: &Ctx,
    who: (AppointmentId, PatientId, VisitTypeId),
    place: &Place,
    said: (Scenario, Option<&str>),
    overbook_reason: Option<&str>,
) -> Result<Taken, Refusal> {
    let taken = look(view, (ctx.now, ctx.device_id), who, place, said)?;
    let checked = &taken.checked;
    if ctx.role == Role::Patient {
        by_oneself(&taken, place)?;
    }
    if let Some(why) = checked.first(Weight::Refuses) {
        return Err(Refusal::new(RefusalCode::CannotBook).with("why", why.name()));
    }
    // Within a lease, hours and rooms that changed meanwhile take no booking back; it is on the list to be reworked.
    // What is not offered any more, or not to this patient, was refused above, and goes to a person.
    let excused = overbook_reason.is_some_and(|why| !why.trim().is_empty())
        || (checked.leased && !checked.findings.contains(&Finding::PractitionerTaken));
    // Whose record the device of whoever books does not hold: it could not tell who pays and whether they were seen.
    let belongs = membership_of(view, who.1);
    let unknown = belongs.as_ref().is_some_and(|belongs| belongs.set_aside)
        || (ctx.scope.as_ref()).is_some_and(|scope| !scope.holds(belongs.as_ref()));
    let needs = |why: &Finding| why.weight() == Weight::NeedsReason && !(unknown && why.is_of_record());
    if let Some(why) = checked.findings.iter().copied().find(needs).filter(|_| !excused) {
        return Err(Refusal::new(RefusalCode::NeedsReason).with("why", why.name()));
    }
    Ok(taken)
}

/// What a patient may take without anybody at the practice looking: a visit that is offered for it, as long as it is
/// meant to be, with nothing that speaks against it. No reason excuses anything here.
fn by_oneself(taken: &Taken, place: &Place) -> Result<(), Refusal> {
    let kind = &taken.visit_type;
    let cannot = |why: Finding| Err(Refusal::new(RefusalCode::CannotBook).with("why", why.name()));
    if !kind.online || place.minutes != kind.minutes {
        return cannot(Finding::NotOffered);
    }
    match taken.checked.findings.iter().next() {
        Some(why) => cannot(*why),
        None => Ok(()),
    }
}

/// Checks a time over everything that [`reads`] names, and what is named by that.
fn look(
    view: &impl View,
    (now, device_id): (DateTime<Utc>, DeviceId),
    (appointment, patient, visit_type): (AppointmentId, PatientId, VisitTypeId),
    place: &Place,
    (scenario, referral): (Scenario, Option<&str>),
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
    let beside = place.practitioner_ids.iter();
    keys.extend(beside.flat_map(|practitioner| beside_keys(view, *practitioner)));
    keys.sort_unstable();
    keys.dedup();
    let rows: Vec<Row> = keys.iter().flat_map(|key| view.get(key)).collect();
    let book = Book::of(unique_rows(&rows), now);
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
    let (mut appointments, mut coverages, mut referrals) = (Vec::new(), Vec::new(), Vec::new());
    for row in &rows {
        match row {
            Row::Appointment(row) => appointments.push(row.clone()),
            Row::Coverage(row) => coverages.push(row.clone()),
            Row::Referral(row) => referrals.push(row.clone()),
            _ => {}
        }
    }
    let request = Request {
        appointment_id: appointment,
        patient: &patient,
        appointments: &appointments,
        visit_type,
        place,
        scenario,
        coverages: &coverages,
        referral,
        referrals: &referrals,
        device_id,
        now,
    };
    let checked = check(&book, &request);
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
    pub(super) fn busy(
        &self,
        view: &impl View,
        ctx: &Ctx,
        appointment: AppointmentId,
        place: &Place,
        (status, expires_at): (BusyStatus, Option<DateTime<Utc>>),
    ) -> Vec<Row> {
        let before = Duration::minutes(i64::from(self.visit_type.before_minutes));
        let after = Duration::minutes(i64::from(self.visit_type.after_minutes));
        let mut rows: Vec<Row> = free(view, ctx, appointment)
            .into_iter()
            .filter(|row| !matches!(row, Row::Busy(busy) if holders(place).any(|id| id == busy.holder_id)))
            .collect();
        // The same row says from now on what is taken. What it gives back on a device needs one of its own, whether it
        // is given back now or was when the booking was called off: the server may still refuse either.
        let goes_on = |busy: &Busy| {
            busy.status != BusyStatus::Free
                && busy.id == Busy::id_of(appointment, busy.holder_id)
                && holders(place).any(|id| id == busy.holder_id)
        };
        if !ctx.is_server() {
            rows.extend(taken_by(view, appointment).filter(goes_on).map(|busy| {
                Row::Busy(Busy {
                    id: BusyId(Uuid::new_v5(&busy.id.0, ctx.command_id.0.as_bytes())),
                    status: BusyStatus::Returning,
                    expires_at: None,
                    ..busy
                })
            }));
        }
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

    /// What speaks against it, and did not keep it from being taken.
    pub(super) fn warnings(&self) -> Vec<Finding> {
        self.checked.findings.iter().copied().collect()
    }

    /// Where a booking then stands. It is only asked for on a device, which cannot know what others book, but for what is
    /// leased to it; and not even that when someone else booked there in an entry that is closed to whoever asks.
    pub(super) fn outcome(&self, ctx: &Ctx) -> (AppointmentState, BusyStatus) {
        match !ctx.is_server() && (!self.checked.leased || ctx.unseen_entries) {
            true => (AppointmentState::Requested, BusyStatus::Requested),
            false => (AppointmentState::Booked, BusyStatus::Busy),
        }
    }
}

/// What an appointment takes, and took before.
pub(super) fn taken_by(view: &impl View, appointment: AppointmentId) -> impl Iterator<Item = Busy> {
    let rows = view.get(&Key::Of(Entity::Busy, appointment.0)).into_iter();
    rows.filter_map(|row| match row {
        Row::Busy(busy) => Some(busy),
        _ => None,
    })
}

/// Everything that an appointment takes, given back; on a device, as far as a device can say so.
pub(super) fn free(view: &impl View, ctx: &Ctx, appointment: AppointmentId) -> Vec<Row> {
    let status = match ctx.is_server() {
        true => BusyStatus::Free,
        false => BusyStatus::Returning,
    };
    taken_by(view, appointment)
        .filter(|busy| busy.status != status && busy.status != BusyStatus::Free)
        .map(|busy| {
            Row::Busy(Busy {
                status,
                expires_at: None,
                ..busy
            })
        })
        .collect()
}

/// The time of someone who came after all. Whoever was booked meanwhile keeps it; they are seen beside.
pub(super) fn squeeze_in(view: &impl View, appointment: &Appointment) -> Vec<Row> {
    let practitioners = appointment.practitioner_ids.iter().map(|id| id.0);
    let now: Vec<BusyId> = practitioners
        .chain(appointment.resource_ids.iter().map(|id| id.0))
        .map(|holder| Busy::id_of(appointment.id, holder))
        .collect();
    taken_by(view, appointment.id)
        .filter(|busy| now.contains(&busy.id))
        .map(|busy| {
            Row::Busy(Busy {
                status: BusyStatus::Overbooked,
                lane: None,
                ..busy
            })
        })
        .collect()
}
