//! Booking and moving: what speaks against it, and what a reason lets through.

use crate::common::*;
use crate::stand::*;
use chrono::Duration;
use domain::access::Role;
use domain::command::Command;
use domain::decide::{Numbers, RefusalCode, decide};
use domain::id::*;
use domain::patients::Patient;
use domain::row::{Entity, Row, Rows};
use domain::schedule::*;

fn take(world: &mut World, asked: BookAppointment) {
    world.give(Command::BookAppointment(asked));
}

fn refused(world: &mut World, asked: BookAppointment) -> (RefusalCode, String) {
    let refusal = world.refused(Command::BookAppointment(asked));
    (refusal.code, why(&refusal).to_owned())
}

fn moved(patient_id: PatientId, n: u128, from: &str, to: Place) -> MoveAppointment {
    MoveAppointment {
        appointment_id: AppointmentId(id(n)),
        patient_id,
        visit_type_id: VISIT,
        from_at: wall(from),
        place: to,
        overbook_reason: None,
    }
}

fn define(world: &mut World, change: impl FnOnce(&mut VisitType)) {
    let mut kind = visit();
    change(&mut kind);
    world.acting(Role::Owner, "Olive", |world| {
        world.give(Command::DefineVisitType(kind))
    });
}

#[test]
fn a_booking_takes_its_time_and_says_who_made_it_where_and_when() {
    let (mut world, elena) = clinic();
    take(&mut world, book(900, elena, "2026-03-11 09:00"));
    let made = appointment(&world, 900);
    assert_eq!(made.state, AppointmentState::Booked);
    assert_eq!(made.wall, "2026-03-11T09:00:00".parse().unwrap());
    assert_eq!(made.warnings, []);
    let step = &made.steps[0];
    assert_eq!(
        (step.by.as_str(), step.device_id),
        ("Maria Lindqvist", world.device)
    );
    assert_eq!(
        (step.entered_at, step.recorded_at),
        (world.device_time, world.now)
    );
    let taken = busy(&world, 900);
    assert_eq!(taken.len(), 1);
    assert_eq!(
        (taken[0].holder_id, taken[0].status),
        (OKAFOR.0, BusyStatus::Busy)
    );
    let text = serde_json::to_string(&taken[0]).unwrap();
    assert!(
        !text.contains(&elena.0.to_string()),
        "what every desk holds names no patient"
    );
}

#[test]
fn a_practitioner_is_taken_once_wherever_and_a_reason_squeezes_in() {
    let (mut world, elena) = clinic();
    take(&mut world, book(900, elena, "2026-03-11 09:00"));
    let mut south = book(901, elena, "2026-03-11 09:15");
    south.place.site_id = SOUTH;
    let taken = (RefusalCode::NeedsReason, "PractitionerTaken".to_owned());
    assert_eq!(refused(&mut world, south.clone()), taken);
    south.overbook_reason = Some("  ".into());
    assert_eq!(refused(&mut world, south.clone()), taken, "a blank is no reason");
    south.overbook_reason = Some("Chest pain".into());
    take(&mut world, south);
    assert_eq!(busy(&world, 901)[0].status, BusyStatus::Overbooked);
    let warned = appointment(&world, 901).warnings;
    assert!(warned.contains(&Finding::PractitionerTaken) && warned.contains(&Finding::PatientTaken));
}

#[test]
fn it_takes_time_to_get_from_one_site_to_the_other_but_not_on_a_screen() {
    let (mut world, elena) = clinic();
    world.acting(Role::Owner, "Olive", |world| {
        world.give(Command::SetTravel(SetTravel {
            a: SOUTH,
            b: NORTH,
            minutes: 25,
        }))
    });
    take(&mut world, book(900, elena, "2026-03-11 09:00"));
    let south = |n, start: &str| {
        let mut asked = book(n, elena, start);
        asked.place.site_id = SOUTH;
        asked
    };
    let no_time = (RefusalCode::NeedsReason, "NoTimeToTravel".to_owned());
    assert_eq!(refused(&mut world, south(901, "2026-03-11 09:45")), no_time);
    let mut on_screen = south(902, "2026-03-11 09:30");
    on_screen.place.mode = Mode::Video;
    take(&mut world, on_screen);
    take(&mut world, south(903, "2026-03-11 10:00"));
    assert_eq!(
        refused(&mut world, book(904, elena, "2026-03-11 10:45")),
        no_time,
        "and back again"
    );
    take(&mut world, book(905, elena, "2026-03-11 11:00"));
}

#[test]
fn a_room_is_never_shared_whatever_the_reason() {
    let (mut world, elena) = clinic();
    let in_room = |n, who| {
        let mut asked = book(n, elena, "2026-03-11 09:00");
        (asked.place.practitioner_ids, asked.place.resource_ids) = (vec![who], vec![ROOM]);
        asked.overbook_reason = Some("Urgent".into());
        asked
    };
    take(&mut world, in_room(900, OKAFOR));
    let refusal = refused(&mut world, in_room(901, FERRER));
    assert_eq!(refusal, (RefusalCode::CannotBook, "ResourceTaken".into()));
}

#[test]
fn age_death_and_what_is_not_offered_are_refused() {
    let (mut world, elena) = clinic();
    let nine = "2026-03-11 09:00";
    let refuses = |finding: &str| (RefusalCode::CannotBook, finding.to_owned());
    define(&mut world, |kind| kind.max_age = Some(17));
    assert_eq!(refused(&mut world, book(900, elena, nine)), refuses("WrongAge"));
    // Elena turns 42 on the ninth of March; the limit is counted on the day of the visit.
    define(&mut world, |kind| kind.min_age = Some(43));
    assert_eq!(refused(&mut world, book(900, elena, nine)), refuses("WrongAge"));
    let mut later = book(900, elena, "2027-03-09 09:00");
    later.place.start_at = at("2027-03-09T15:00:00Z");
    take(&mut world, later);
    define(&mut world, |kind| kind.active = false);
    assert_eq!(refused(&mut world, book(901, elena, nine)), refuses("NotOffered"));
    define(&mut world, |_| {});
    let gone = Patient {
        deceased_on: Some(day("2026-03-01")),
        ..named(11, "Old", "Man", "1930-01-01")
    };
    let gone = world.register(gone);
    assert_eq!(refused(&mut world, book(902, gone, nine)), refuses("Deceased"));
    let mut elsewhere = book(903, elena, nine);
    elsewhere.place.resource_ids = vec![ResourceId(id(0x99))];
    assert_eq!(refused(&mut world, elsewhere), refuses("NotOffered"));
}

#[test]
fn hours_caps_and_missing_rooms_want_a_reason_and_other_things_are_said() {
    let (mut world, elena) = clinic();
    define(&mut world, |kind| {
        kind.daily_cap = Some(1);
        kind.referral_needed = true;
        kind.for_whom = ForWhom::Established;
        kind.lead_minutes = 6_000;
    });
    let wants = |finding: &str| (RefusalCode::NeedsReason, finding.to_owned());
    assert_eq!(
        refused(&mut world, book(900, elena, "2026-03-11 08:45")),
        wants("OutsideHours")
    );
    take(&mut world, book(900, elena, "2026-03-11 09:00"));
    assert_eq!(
        appointment(&world, 900).warnings,
        [Finding::TooSoon, Finding::ReferralMissing, Finding::SeenBefore]
    );
    assert_eq!(
        refused(&mut world, book(901, elena, "2026-03-11 12:00")),
        wants("DayFull")
    );
    take(&mut world, book(901, elena, "2026-03-12 12:00"));
    define(&mut world, |kind| kind.resource_kinds = vec!["exam_room".into()]);
    assert_eq!(
        refused(&mut world, book(902, elena, "2026-03-13 12:00")),
        wants("ResourceMissing")
    );
    let mut own = schedule(0x61, OKAFOR, NORTH);
    own.blocks[4].visit_type_ids = vec![VisitTypeId(id(0x72))];
    world.acting(Role::Owner, "Olive", |world| {
        world.give(Command::SetSchedule(own))
    });
    define(&mut world, |_| {});
    assert_eq!(
        refused(&mut world, book(902, elena, "2026-03-13 12:00")),
        wants("OtherVisitsThen")
    );
}

#[test]
fn a_move_keeps_the_identity_and_when_it_fails_everything_is_as_before() {
    let (mut world, elena) = clinic();
    take(&mut world, book(900, elena, "2026-03-11 09:00"));
    take(&mut world, book(901, elena, "2026-03-11 11:00"));
    let before = world.rows.clone();
    let into_the_other = moved(elena, 900, "2026-03-11 09:00", place("2026-03-11 11:15"));
    let refusal = world.refused(Command::MoveAppointment(into_the_other));
    assert_eq!(why(&refusal), "PractitionerTaken");
    assert!(world.rows == before);
    let mut to = place("2026-03-11 09:15");
    to.practitioner_ids = vec![FERRER];
    world.give(Command::MoveAppointment(moved(
        elena,
        900,
        "2026-03-11 09:00",
        to,
    )));
    let after = appointment(&world, 900);
    assert_eq!(after.steps.len(), 2);
    assert_eq!(after.steps[1].moved_from_at, Some(wall("2026-03-11 09:00")));
    let taken: Vec<_> = busy(&world, 900)
        .iter()
        .filter(|busy| busy.status != BusyStatus::Free)
        .map(|busy| busy.holder_id)
        .collect();
    assert_eq!(taken, [FERRER.0], "Dr. Okafor's time is given back");
    take(&mut world, book(902, elena, "2026-03-11 09:00"));
    // Its own time is not in its way.
    let mut a_little = place("2026-03-11 09:30");
    a_little.practitioner_ids = vec![FERRER];
    world.give(Command::MoveAppointment(moved(
        elena,
        900,
        "2026-03-11 09:15",
        a_little,
    )));
}

#[test]
fn of_two_who_move_one_appointment_the_second_is_told() {
    let (mut world, elena) = clinic();
    take(&mut world, book(900, elena, "2026-03-11 09:00"));
    let to = |time: &str| Command::MoveAppointment(moved(elena, 900, "2026-03-11 09:00", place(time)));
    world.give(to("2026-03-12 09:00"));
    assert_eq!(
        world.refused(to("2026-03-13 09:00")).code,
        RefusalCode::AlreadyMoved
    );
}

#[test]
fn a_hold_keeps_the_time_for_a_while_and_becomes_a_booking() {
    let (mut world, elena) = clinic();
    let mut hold = book(900, elena, "2026-03-11 09:00");
    hold.hold_minutes = Some(10);
    take(&mut world, hold.clone());
    assert_eq!(appointment(&world, 900).state, AppointmentState::Held);
    assert_eq!(
        refused(&mut world, book(901, elena, "2026-03-11 09:00")).1,
        "PractitionerTaken"
    );
    hold.hold_minutes = None;
    take(&mut world, hold.clone());
    assert_eq!(appointment(&world, 900).state, AppointmentState::Booked);
    assert_eq!(busy(&world, 900)[0].expires_at, None);
    let again = world.refused(Command::BookAppointment(hold));
    assert_eq!(again.code, RefusalCode::AlreadyExists);
    let mut other = book(902, elena, "2026-03-11 10:00");
    other.hold_minutes = Some(10);
    take(&mut world, other);
    world.now += Duration::minutes(11);
    take(&mut world, book(903, elena, "2026-03-11 10:00"));
}

#[test]
fn what_was_called_off_can_be_booked_again_when_the_time_is_still_free() {
    let (mut world, elena) = clinic();
    take(&mut world, book(900, elena, "2026-03-11 09:00"));
    world.give(Command::CancelAppointment(CancelAppointment {
        appointment_id: AppointmentId(id(900)),
        patient_id: elena,
        reason: "Mistake".into(),
        by: CancelledBy::Practice,
    }));
    take(&mut world, book(900, elena, "2026-03-11 09:00"));
    let back = appointment(&world, 900);
    assert_eq!((back.steps.len(), back.cancel_reason), (3, None));
}

#[test]
fn a_patient_who_belongs_somewhere_belongs_where_they_are_booked_too() {
    let (mut world, _) = clinic();
    let of = |world: &World, patient: PatientId| match world.rows.row(Entity::Membership, patient.0) {
        Some(Row::Membership(found)) => found.site_ids.clone(),
        _ => Vec::new(),
    };
    world.give(Command::RegisterPatient(domain::patients::RegisterPatient {
        patient: named(11, "Ana", "Ruiz", "1990-01-01"),
        site_id: Some(SOUTH),
    }));
    let ana = PatientId(id(11));
    take(&mut world, book(900, ana, "2026-03-11 09:00"));
    assert_eq!(of(&world, ana), [NORTH, SOUTH]);
    let elena = PatientId(id(10));
    take(&mut world, book(901, elena, "2026-03-11 10:00"));
    assert!(
        of(&world, elena).is_empty(),
        "whoever belongs to all sites goes on to"
    );
}

#[test]
fn a_device_only_asks_and_the_server_says() {
    let (mut world, elena) = clinic();
    let asked = Command::BookAppointment(book(900, elena, "2026-03-11 09:00"));
    let mut ctx = world.ctx();
    ctx.numbers = Numbers::Provisional;
    let mut shown = Rows::default();
    let decision = decide(&world.rows, &asked, &mut ctx).unwrap();
    decision.facts.into_iter().for_each(|row| shown.put(row));
    match shown.row(Entity::Appointment, id(900)) {
        Some(Row::Appointment(made)) => assert_eq!(made.state, AppointmentState::Requested),
        _ => panic!("it is shown"),
    }
    world.give(asked);
    assert_eq!(appointment(&world, 900).state, AppointmentState::Booked);
}
