//! What is promised offline: a booking within a lease is final, and nobody else gets the time.

use crate::common::*;
use crate::stand::*;
use domain::access::Role;
use domain::command::Command;
use domain::decide::{Numbers, RefusalCode, decide};
use domain::id::*;
use domain::row::{Entity, Row, Rows};
use domain::schedule::*;

fn lease(n: u128, device: u128, from: &str, until: &str) -> Command {
    Command::LeaseSlots(LeaseSlots {
        lease: SlotLease {
            id: SlotLeaseId(id(n)),
            holder_id: OKAFOR.0,
            device_id: DeviceId(id(device)),
            from_at: wall(from),
            until_at: wall(until),
            granted: true,
            released: false,
        },
    })
}

/// Dr. Okafor's morning belongs to device 1.
fn morning() -> (World, PatientId) {
    let (mut world, elena) = clinic();
    world.give(lease(0x40, 1, "2026-03-11 09:00", "2026-03-11 12:00"));
    (world, elena)
}

#[test]
fn a_lease_is_not_written_over_by_its_id_whosever_time_is_asked_for() {
    let (mut world, _) = morning();
    let Command::LeaseSlots(mut args) = lease(0x40, 2, "2026-03-12 09:00", "2026-03-12 12:00") else {
        unreachable!()
    };
    args.lease.holder_id = id(0x7777);
    let refusal = world.refused(Command::LeaseSlots(args));
    assert_eq!(refusal.code, RefusalCode::AlreadyExists);
}

/// As a device decides while it is offline.
fn offline(world: &World, asked: BookAppointment) -> AppointmentState {
    let mut ctx = world.ctx();
    ctx.numbers = Numbers::Provisional;
    let decision = decide(&world.rows, &Command::BookAppointment(asked.clone()), &mut ctx).unwrap();
    let mut shown = Rows::default();
    decision.facts.into_iter().for_each(|row| shown.put(row));
    match shown.row(Entity::Appointment, asked.appointment_id.0) {
        Some(Row::Appointment(made)) => made.state,
        _ => panic!("it is shown"),
    }
}

#[test]
fn within_its_lease_a_device_books_for_good_and_elsewhere_it_asks() {
    let (world, elena) = morning();
    assert_eq!(
        offline(&world, book(900, elena, "2026-03-11 09:00")),
        AppointmentState::Booked
    );
    assert_eq!(
        offline(&world, book(900, elena, "2026-03-11 11:30")),
        AppointmentState::Booked
    );
    assert_eq!(
        offline(&world, book(900, elena, "2026-03-11 12:00")),
        AppointmentState::Requested
    );
    let mut with_room = book(900, elena, "2026-03-11 09:00");
    with_room.place.resource_ids = vec![ROOM];
    let state = offline(&world, with_room);
    assert_eq!(
        state,
        AppointmentState::Requested,
        "someone else may take the room"
    );
    let mut over_the_edge = book(900, elena, "2026-03-11 11:30");
    over_the_edge.place.minutes = 45;
    assert_eq!(offline(&world, over_the_edge), AppointmentState::Requested);
}

#[test]
fn a_lease_that_a_device_only_asked_for_is_worth_nothing() {
    let (mut world, elena) = clinic();
    let mut ctx = world.ctx();
    ctx.numbers = Numbers::Provisional;
    let asked = lease(0x40, 1, "2026-03-11 09:00", "2026-03-11 12:00");
    let facts = decide(&world.rows, &asked, &mut ctx).unwrap().facts;
    facts.into_iter().for_each(|row| world.rows.put(row));
    assert_eq!(
        offline(&world, book(900, elena, "2026-03-11 09:00")),
        AppointmentState::Requested
    );
}

#[test]
fn nobody_else_books_there_however_good_the_reason() {
    let (mut world, elena) = morning();
    world.device = DeviceId(id(2));
    let mut asked = book(900, elena, "2026-03-11 11:45");
    asked.overbook_reason = Some("Urgent".into());
    let refusal = world.refused(Command::BookAppointment(asked));
    assert_eq!(
        (refusal.code, why(&refusal)),
        (RefusalCode::CannotBook, "LeasedElsewhere")
    );
    world.give(Command::BookAppointment(book(901, elena, "2026-03-11 12:00")));
    let twice = world.refused(lease(0x41, 2, "2026-03-11 11:00", "2026-03-11 13:00"));
    assert_eq!(why(&twice), "LeasedElsewhere");
    world.give(lease(0x41, 2, "2026-03-11 12:00", "2026-03-11 13:00"));
}

#[test]
fn what_came_up_meanwhile_does_not_take_a_promise_back() {
    let (mut world, elena) = morning();
    world.give(Command::SetClosure(Closure {
        id: ClosureId(id(0x90)),
        site_id: NORTH,
        from_on: day("2026-03-11"),
        until_on: day("2026-03-11"),
        from_minute: 0,
        until_minute: 1440,
        name: "Snow".into(),
        withdrawn: false,
    }));
    world.give(Command::BookAppointment(book(900, elena, "2026-03-11 09:00")));
    let made = appointment(&world, 900);
    assert_eq!(made.state, AppointmentState::Booked);
    assert_eq!(made.warnings, [Finding::Closed], "whoever looks at it sees why");
    let taken = world.refused(Command::BookAppointment(book(901, elena, "2026-03-11 09:15")));
    assert_eq!(
        why(&taken),
        "PractitionerTaken",
        "its own bookings are in its way as ever"
    );
}

#[test]
fn its_device_gives_it_back_or_the_owner_takes_it() {
    let (mut world, elena) = morning();
    let release = Command::ReleaseLease(ReleaseLease {
        lease_id: SlotLeaseId(id(0x40)),
    });
    world.device = DeviceId(id(2));
    assert_eq!(world.refused(release.clone()).code, RefusalCode::NotAllowed);
    world.acting(Role::Owner, "Olive", |world| world.give(release));
    world.give(Command::BookAppointment(book(900, elena, "2026-03-11 09:00")));
}

#[test]
fn a_lease_is_not_for_ever() {
    let (mut world, _) = clinic();
    let long = world.refused(lease(0x40, 1, "2026-03-11 09:00", "2026-03-19 09:00"));
    assert_eq!(long.code, RefusalCode::Invalid);
    let back = world.refused(lease(0x40, 1, "2026-03-11 09:00", "2026-03-11 09:00"));
    assert_eq!(back.code, RefusalCode::Invalid);
    let nobody = world.refused(lease(0x40, 77, "2026-03-11 09:00", "2026-03-11 10:00"));
    assert_eq!(nobody.code, RefusalCode::NotFound);
}

#[test]
fn a_time_that_was_given_back_on_a_device_is_promised_to_nobody_until_the_server_said_so() {
    let (mut world, elena) = morning();
    world.give(Command::BookAppointment(book(900, elena, "2026-03-11 09:00")));
    world.give(Command::BookAppointment(book(901, elena, "2026-03-11 10:00")));
    let cancel = Command::CancelAppointment(CancelAppointment {
        appointment_id: AppointmentId(id(900)),
        patient_id: elena,
        reason: "No ride".into(),
        by: CancelledBy::Patient,
    });
    let later = Command::MoveAppointment(MoveAppointment {
        appointment_id: AppointmentId(id(901)),
        patient_id: elena,
        visit_type_id: VISIT,
        from_at: wall("2026-03-11 10:00"),
        place: place("2026-03-11 11:00"),
        overbook_reason: None,
    });
    let server = world.rows.clone();
    for command in [cancel, later] {
        let mut ctx = world.ctx();
        ctx.numbers = Numbers::Provisional;
        let facts = decide(&world.rows, &command, &mut ctx).unwrap().facts;
        facts.into_iter().for_each(|row| world.rows.put(row));
    }
    // The server may know of something that keeps both where they were.
    for given_back in ["2026-03-11 09:00", "2026-03-11 10:00"] {
        assert_eq!(
            offline(&world, book(902, elena, given_back)),
            AppointmentState::Requested
        );
    }
    assert_eq!(
        offline(&world, book(902, elena, "2026-03-11 09:30")),
        AppointmentState::Booked
    );
    // Booked again at another time, under its identity: its first time is still not given back for sure.
    let mut ctx = world.ctx();
    ctx.numbers = Numbers::Provisional;
    let again = Command::BookAppointment(book(900, elena, "2026-03-11 11:30"));
    let facts = decide(&world.rows, &again, &mut ctx).unwrap().facts;
    facts.into_iter().for_each(|row| world.rows.put(row));
    assert_eq!(
        offline(&world, book(902, elena, "2026-03-11 09:00")),
        AppointmentState::Requested
    );
    world.rows = server;
    world.give(Command::CancelAppointment(CancelAppointment {
        appointment_id: AppointmentId(id(900)),
        patient_id: elena,
        reason: "No ride".into(),
        by: CancelledBy::Patient,
    }));
    assert_eq!(
        offline(&world, book(902, elena, "2026-03-11 09:00")),
        AppointmentState::Booked
    );
}
