//! The area's commands, as the rest of the crate asks about them: what each looks at, whom it is about, what follows.

use super::*;
use super::{booking, flow, rooms, settings};
use crate::command::{Command, SERVER};
use crate::decide::{Ctx, Decision, Refusal};
use crate::id::PatientId;
use crate::row::{Entity, Key, Row, View};

/// What a command of this area looks at; nothing for one of another.
pub(crate) fn reads(command: &Command) -> Option<Vec<Key>> {
    Some(match command {
        Command::DefineVisitType(row) => vec![Key::Row(Entity::VisitType, row.id.0)],
        Command::DefineResource(row) => vec![
            Key::Row(Entity::Site, row.site_id.0),
            Key::Row(Entity::Resource, row.id.0),
        ],
        Command::SetSchedule(row) => vec![
            Key::Row(Entity::Practitioner, row.practitioner_id.0),
            Key::Row(Entity::Site, row.site_id.0),
            Key::Row(Entity::Schedule, row.id.0),
        ],
        Command::SetOverride(row) => [
            Key::Row(Entity::Practitioner, row.practitioner_id.0),
            Key::Row(Entity::ScheduleOverride, row.id.0),
        ]
        .into_iter()
        .chain(row.site_id.map(|site| Key::Row(Entity::Site, site.0)))
        .collect(),
        Command::SetClosure(row) => vec![
            Key::Row(Entity::Site, row.site_id.0),
            Key::Row(Entity::Closure, row.id.0),
        ],
        Command::SetTravel(args) => [args.a.0, args.b.0]
            .into_iter()
            .flat_map(|site| [Key::Row(Entity::Site, site), Key::Row(Entity::SiteTravel, site)])
            .collect(),
        Command::SetPractitionerTerms(row) => terms::reads(row),
        Command::SetSiteClock(row) => vec![
            Key::Row(Entity::Site, row.id.0),
            Key::Row(Entity::SiteClock, row.id.0),
        ],
        Command::LeaseSlots(args) => vec![
            Key::Row(Entity::Device, args.lease.device_id.0),
            Key::Row(Entity::SlotLease, args.lease.id.0),
            Key::Of(Entity::SlotLease, args.lease.holder_id),
        ],
        Command::ReleaseLease(args) => vec![Key::Row(Entity::SlotLease, args.lease_id.0)],
        Command::SetLeaseRule(rule) => standing::reads(rule),
        Command::BookAppointment(args) => args.reads(),
        Command::MoveAppointment(args) => args.reads(),
        Command::ConfirmAppointment(args) => flow::flow_reads(args.appointment_id),
        Command::CancelAppointment(args) => args.reads(),
        Command::SetAppointmentState(args) => flow::flow_reads(args.appointment_id),
        Command::PutInRoom(args) => args.reads(),
        Command::BookSeries(args) => args.reads(),
        Command::ChangeSeries(args) => args.reads(),
        Command::AddToWaitlist(entry) => flow::waitlist_reads(entry),
        Command::CloseWaitlistEntry(args) => vec![Key::Row(Entity::WaitlistEntry, args.entry_id.0)],
        _ => return None,
    })
}

/// What a command of this area looks at besides, once what it [`reads`] is there: terms name who must be there too.
pub(crate) fn reads_further(view: &impl View, command: &Command) -> Vec<Key> {
    let places: Vec<&Place> = match command {
        Command::BookAppointment(args) => vec![&args.place],
        Command::MoveAppointment(args) => vec![&args.place],
        Command::BookSeries(args) => args.appointments.iter().map(|one| &one.place).collect(),
        Command::ChangeSeries(args) => args.moves.iter().map(|one| &one.place).collect(),
        _ => Vec::new(),
    };
    let practitioners = places.into_iter().flat_map(|place| &place.practitioner_ids);
    practitioners
        .flat_map(|practitioner| terms::beside_keys(view, *practitioner))
        .collect()
}

/// Whom a command of this area is about.
pub(crate) fn patient_of(command: &Command) -> Option<PatientId> {
    match command {
        Command::BookAppointment(args) => Some(args.patient_id),
        Command::MoveAppointment(args) => Some(args.patient_id),
        Command::ConfirmAppointment(args) => Some(args.patient_id),
        Command::CancelAppointment(args) => Some(args.patient_id),
        Command::SetAppointmentState(args) => Some(args.patient_id),
        Command::PutInRoom(args) => Some(args.patient_id),
        Command::BookSeries(args) => Some(args.patient_id),
        Command::ChangeSeries(args) => Some(args.patient_id),
        Command::AddToWaitlist(entry) => Some(entry.patient_id),
        Command::CloseWaitlistEntry(args) => Some(args.patient_id),
        _ => None,
    }
}

/// What follows from a command of this area; nothing for one of another.
pub(crate) fn decide(
    view: &impl View,
    ctx: &mut Ctx,
    command: &Command,
) -> Option<Result<Decision, Refusal>> {
    Some(match command {
        Command::DefineVisitType(row) => settings::define_visit_type(ctx, row),
        Command::DefineResource(row) => settings::define_resource(view, ctx, row),
        Command::SetSchedule(row) => settings::set_schedule(view, row),
        Command::SetOverride(row) => settings::set_override(view, row),
        Command::SetClosure(row) => settings::set_closure(view, row),
        Command::SetTravel(args) => settings::set_travel(view, args),
        Command::SetPractitionerTerms(row) => terms::set(view, ctx, row),
        Command::SetSiteClock(row) if SERVER => settings::set_site_clock(view, row),
        Command::LeaseSlots(args) => settings::lease_slots(view, ctx, args),
        Command::ReleaseLease(args) => settings::release_lease(view, ctx, args),
        Command::SetLeaseRule(rule) => standing::set(view, ctx, rule),
        Command::BookAppointment(args) => booking::book_appointment(view, ctx, args),
        Command::MoveAppointment(args) => booking::move_appointment(view, ctx, args),
        Command::ConfirmAppointment(args) => flow::confirm(view, ctx, args),
        Command::CancelAppointment(args) => flow::cancel(view, ctx, args),
        Command::SetAppointmentState(args) => flow::set_state(view, ctx, args),
        Command::PutInRoom(args) => rooms::put_in_room(view, ctx, args),
        Command::BookSeries(args) => flow::book_series(view, ctx, args),
        Command::ChangeSeries(args) => flow::change_series(view, ctx, args),
        Command::AddToWaitlist(entry) => flow::add_to_waitlist(view, ctx, entry),
        Command::CloseWaitlistEntry(args) => flow::close_waitlist_entry(view, ctx, args),
        _ => return None,
    })
}

/// Under which keys a row of this area is found, beside its own id and its patient.
pub(crate) fn keys_of(row: &Row) -> Vec<Key> {
    match row {
        Row::Schedule(row) => vec![Key::Of(Entity::Schedule, row.practitioner_id.0)],
        Row::ScheduleOverride(row) => vec![Key::Of(Entity::ScheduleOverride, row.practitioner_id.0)],
        Row::Closure(row) => vec![Key::Of(Entity::Closure, row.site_id.0)],
        Row::SlotLease(row) => vec![Key::Of(Entity::SlotLease, row.holder_id)],
        Row::Busy(row) => {
            let mut keys = vec![Key::Of(Entity::Busy, row.appointment_id.0)];
            if row.status != BusyStatus::Free {
                keys.extend(row.days().map(|day| Key::Agenda(row.holder_id, day)));
            }
            keys
        }
        _ => Vec::new(),
    }
}
