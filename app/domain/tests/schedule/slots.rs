//! What is offered is what can be booked, and the other way round.

use crate::common::*;
use crate::stand::*;
use chrono::{DateTime, Duration, Utc};
use domain::command::Command;
use domain::decide::RefusalCode;
use domain::id::*;
use domain::row::Row;
use domain::schedule::book::Book;
use domain::schedule::slots::{OpenSlot, Search, first_available, open_slots};
use domain::schedule::*;
use proptest::prelude::*;

fn search(world: &World) -> Search {
    Search {
        visit_type_id: VISIT,
        practitioner_ids: vec![OKAFOR],
        site_ids: vec![NORTH],
        from_on: day("2026-03-11"),
        until_on: day("2026-03-11"),
        video: false,
        now: world.now,
        device_id: Some(world.device),
        appointment_id: None,
    }
}

fn found(world: &World, search: &Search) -> Vec<OpenSlot> {
    open_slots(&Book::of(world.rows.iter(), world.now), search)
}

fn starts(slots: &[OpenSlot]) -> Vec<DateTime<Utc>> {
    slots.iter().map(|slot| slot.start_at).collect()
}

fn define(world: &mut World, change: impl FnOnce(&mut VisitType)) {
    let mut kind = visit();
    change(&mut kind);
    world.acting(domain::access::Role::Owner, "Olive", |world| {
        world.give(Command::DefineVisitType(kind))
    });
}

fn owner(world: &mut World, command: Command) {
    world.acting(domain::access::Role::Owner, "Olive", |world| world.give(command));
}

#[test]
fn a_free_day_has_a_slot_every_quarter_of_an_hour_that_still_fits() {
    let (world, _) = clinic();
    let slots = found(&world, &search(&world));
    assert_eq!(slots.len(), 31, "nine to half past four");
    assert_eq!(slots[0].start_at, wall("2026-03-11 09:00"));
    assert_eq!(slots[30].start_at, wall("2026-03-11 16:30"));
}

#[test]
fn what_is_taken_with_what_is_kept_free_around_it_is_not_offered() {
    let (mut world, elena) = clinic();
    define(&mut world, |kind| {
        (kind.before_minutes, kind.after_minutes) = (0, 15)
    });
    world.give(Command::BookAppointment(book(900, elena, "2026-03-11 10:00")));
    let starts = starts(&found(&world, &search(&world)));
    for (time, free) in [
        ("09:00", true),
        ("09:15", true),
        ("09:30", false),
        ("10:00", false),
        ("10:30", false),
        ("10:45", true),
    ] {
        assert_eq!(
            starts.contains(&wall(&format!("2026-03-11 {time}"))),
            free,
            "{time}"
        );
    }
    world.give(Command::CancelAppointment(CancelAppointment {
        appointment_id: AppointmentId(id(900)),
        patient_id: elena,
        reason: "No ride".into(),
        by: CancelledBy::Patient,
    }));
    let again = found(&world, &search(&world));
    assert!(again.iter().any(|slot| slot.start_at == wall("2026-03-11 10:00")));
}

#[test]
fn lead_time_and_horizon_bound_what_is_offered() {
    let (mut world, _) = clinic();
    define(&mut world, |kind| {
        (kind.lead_minutes, kind.horizon_days) = (26 * 60, 2)
    });
    let mut wide = search(&world);
    wide.until_on = day("2026-03-20");
    let slots = found(&world, &wide);
    // It is ten in the morning of the tenth.
    assert_eq!(slots.first().unwrap().start_at, wall("2026-03-11 12:00"));
    assert_eq!(slots.last().unwrap().start_at, wall("2026-03-12 10:00"));
}

#[test]
fn closures_overrides_and_days_away_are_cut_out() {
    let (mut world, _) = clinic();
    owner(
        &mut world,
        Command::SetClosure(Closure {
            id: ClosureId(id(0x90)),
            site_id: NORTH,
            from_on: day("2026-03-11"),
            until_on: day("2026-03-11"),
            from_minute: 12 * 60,
            until_minute: 13 * 60,
            name: "Fire drill".into(),
            withdrawn: false,
        }),
    );
    let slots = starts(&found(&world, &search(&world)));
    assert!(slots.contains(&wall("2026-03-11 11:30")) && slots.contains(&wall("2026-03-11 13:00")));
    assert!(!slots.contains(&wall("2026-03-11 11:45")) && !slots.contains(&wall("2026-03-11 12:30")));
    let mut away = ScheduleOverride {
        id: ScheduleOverrideId(id(0x91)),
        practitioner_id: OKAFOR,
        site_id: Some(NORTH),
        from_on: day("2026-03-11"),
        until_on: day("2026-03-11"),
        blocks: vec![hours(3, 8 * 60, 9 * 60)],
        reason: "Early".into(),
        withdrawn: false,
    };
    owner(&mut world, Command::SetOverride(away.clone()));
    let early = starts(&found(&world, &search(&world)));
    assert_eq!(early.first(), Some(&wall("2026-03-11 08:00")));
    assert_eq!(early.len(), 3);
    away.id = ScheduleOverrideId(id(0x92));
    (away.site_id, away.blocks) = (None, Vec::new());
    owner(&mut world, Command::SetOverride(away.clone()));
    assert!(found(&world, &search(&world)).is_empty(), "a day away wins");
    away.withdrawn = true;
    owner(&mut world, Command::SetOverride(away));
    assert_eq!(found(&world, &search(&world)).len(), 3);
}

#[test]
fn the_strictest_capacity_that_overlaps_wins_and_what_was_booked_stays() {
    let (mut world, elena) = clinic();
    define(&mut world, |kind| kind.capacity = 3);
    let ten = "2026-03-11 10:00";
    for n in [900, 901] {
        world.give(Command::BookAppointment(book(n, elena, ten)));
    }
    let lanes: Vec<_> = [900, 901].iter().map(|n| busy(&world, *n)[0].lane).collect();
    assert_eq!(lanes, [Some(1), Some(2)]);
    assert!(
        starts(&found(&world, &search(&world))).contains(&wall(ten)),
        "a third fits"
    );
    define(&mut world, |kind| kind.capacity = 2);
    assert!(!starts(&found(&world, &search(&world))).contains(&wall(ten)));
    assert_eq!(busy(&world, 900)[0].capacity, 3, "what was promised is kept");
    define(&mut world, |kind| kind.capacity = 5);
    world.give(Command::BookAppointment(book(902, elena, ten)));
    let refused = world.refused(Command::BookAppointment(book(903, elena, ten)));
    assert_eq!(
        why(&refused),
        "PractitionerTaken",
        "they were promised three at once"
    );
}

#[test]
fn a_part_of_a_practitioner_sees_a_part_of_the_patients() {
    let (mut world, elena) = clinic();
    let mut own = schedule(0x61, OKAFOR, NORTH);
    own.blocks = vec![Block {
        providers_percent: Some(150),
        ..hours(3, 9 * 60, 17 * 60)
    }];
    define(&mut world, |kind| kind.capacity = 9);
    owner(&mut world, Command::SetSchedule(own));
    // One and a half practitioners see three visits of half an hour within an hour.
    for (n, start) in [(900, "10:00"), (901, "10:15"), (902, "10:30")] {
        world.give(Command::BookAppointment(book(
            n,
            elena,
            &format!("2026-03-11 {start}"),
        )));
    }
    let fourth = world.refused(Command::BookAppointment(book(903, elena, "2026-03-11 10:45")));
    assert_eq!(
        (fourth.code, why(&fourth)),
        (RefusalCode::NeedsReason, "HourFull")
    );
    world.give(Command::BookAppointment(book(904, elena, "2026-03-11 11:00")));
}

#[test]
fn a_room_is_chosen_and_without_one_nothing_is_offered() {
    let (mut world, elena) = clinic();
    define(&mut world, |kind| kind.resource_kinds = vec!["exam_room".into()]);
    let slots = found(&world, &search(&world));
    assert_eq!(slots[0].resource_ids, [ROOM]);
    let mut with_ferrer = book(900, elena, "2026-03-11 09:00");
    (with_ferrer.place.practitioner_ids, with_ferrer.place.resource_ids) = (vec![FERRER], vec![ROOM]);
    world.give(Command::BookAppointment(with_ferrer));
    let starts = starts(&found(&world, &search(&world)));
    assert!(!starts.contains(&wall("2026-03-11 09:00")) && starts.contains(&wall("2026-03-11 09:30")));
    let mut on_screen = search(&world);
    on_screen.video = true;
    assert!(
        found(&world, &on_screen)[0].resource_ids.is_empty(),
        "a screen needs no room"
    );
    define(&mut world, |kind| {
        kind.resource_kinds = vec!["exam_room".into(), "ultrasound".into()]
    });
    assert!(found(&world, &search(&world)).is_empty());
}

#[test]
fn the_first_available_is_found_across_practitioners_and_sites() {
    let (mut world, elena) = clinic();
    let mut long = book(900, elena, "2026-03-11 09:00");
    long.place.minutes = 480;
    world.give(Command::BookAppointment(long));
    let mut wide = search(&world);
    wide.practitioner_ids = vec![OKAFOR, FERRER];
    wide.site_ids = vec![NORTH, SOUTH];
    wide.until_on = day("2026-03-12");
    let book = Book::of(world.rows.iter(), world.now);
    let first = first_available(&book, &wide, 2);
    assert_eq!(first[0].practitioner_id, FERRER);
    assert_eq!(first[1].start_at, wall("2026-03-11 09:15"));
    let all = open_slots(&book, &wide);
    assert_eq!(first_available(&book, &wide, 40), all[..40]);
}

/// What may be different from one clinic to the next.
#[derive(Clone, Debug)]
struct Odd {
    minutes: u16,
    before: u16,
    after: u16,
    capacity: u16,
    daily_cap: Option<u16>,
    travel: u16,
    booked: Vec<(bool, u16, bool)>,
    from_minute: u16,
}

fn odd() -> impl Strategy<Value = Odd> {
    (
        prop_oneof![Just(15u16), Just(30), Just(45), Just(60)],
        prop_oneof![Just(0u16), Just(10)],
        prop_oneof![Just(0u16), Just(15)],
        1u16..4,
        proptest::option::of(1u16..6),
        prop_oneof![Just(0u16), Just(40)],
        proptest::collection::vec((any::<bool>(), 32u16..68, any::<bool>()), 0..9),
        prop_oneof![Just(540u16), Just(555)],
    )
        .prop_map(
            |(minutes, before, after, capacity, daily_cap, travel, booked, from_minute)| Odd {
                minutes,
                before,
                after,
                capacity,
                daily_cap,
                travel,
                booked,
                from_minute,
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_offered_can_be_booked_and_nothing_else_on_the_grid_can(odd in odd()) {
        let (mut world, elena) = clinic();
        define(&mut world, |kind| {
            kind.minutes = odd.minutes;
            (kind.before_minutes, kind.after_minutes) = (odd.before, odd.after);
            (kind.capacity, kind.daily_cap) = (odd.capacity, odd.daily_cap);
        });
        let mut own = schedule(0x61, OKAFOR, NORTH);
        own.blocks = vec![hours(3, odd.from_minute, 12 * 60), hours(3, 12 * 60, 16 * 60)];
        owner(&mut world, Command::SetSchedule(own));
        owner(&mut world, Command::SetTravel(SetTravel { a: NORTH, b: SOUTH, minutes: odd.travel }));
        let midnight = wall("2026-03-11 00:00");
        for (n, (south, quarter, video)) in (900..).zip(&odd.booked) {
            let mut asked = book(n, elena, "2026-03-11 09:00");
            asked.place.start_at = midnight + Duration::minutes(i64::from(*quarter) * 15);
            asked.place.minutes = odd.minutes;
            asked.place.mode = if *video { Mode::Video } else { Mode::InPerson };
            if *south {
                asked.place.site_id = SOUTH;
            }
            // Some of them are in each other's way.
            if let Ok(decision) = world.ask(&Command::BookAppointment(asked)) {
                decision.facts.into_iter().for_each(|row| world.rows.put(row));
            }
        }
        let offered = starts(&found(&world, &search(&world)));
        let from = midnight + Duration::minutes(i64::from(odd.from_minute));
        for step in 0..28 {
            let start = from + Duration::minutes(15 * step);
            let mut asked = book(990, elena, "2026-03-11 09:00");
            (asked.place.start_at, asked.place.minutes) = (start, odd.minutes);
            let booked = world.ask(&Command::BookAppointment(asked));
            prop_assert_eq!(booked.is_ok(), offered.contains(&start), "{}: {:?}", start, booked.err());
        }
    }

    #[test]
    fn no_lane_of_anyone_is_ever_taken_twice(
        asked in proptest::collection::vec((0u8..8, 32u16..68, 1u16..5, 1u16..4), 1..40),
    ) {
        let (mut world, elena) = clinic();
        for (n, (whom, quarter, long, capacity)) in (900..).zip(&asked) {
            define(&mut world, |kind| kind.capacity = *capacity);
            let mut one = book(n, elena, "2026-03-11 00:00");
            one.place.start_at += Duration::minutes(i64::from(*quarter) * 15);
            one.place.minutes = long * 15;
            if whom & 1 == 1 {
                one.place.practitioner_ids = vec![FERRER];
            }
            if whom & 6 == 6 {
                one.place.resource_ids = vec![ROOM];
            }
            let decided = world.ask(&Command::BookAppointment(one));
            decided.into_iter().flat_map(|d| d.facts).for_each(|row| world.rows.put(row));
        }
        let all: Vec<Row> = world.rows.iter().cloned().collect();
        let all = crate::rows_of!(all, Busy);
        for (at, one) in all.iter().enumerate() {
            let with = all[..at].iter().filter(|other| other.holder_id == one.holder_id);
            for other in with.filter(|other| other.overlaps(one.from_at, one.until_at)) {
                prop_assert!(one.lane.is_some() && other.lane.is_some() && one.lane != other.lane);
            }
            let at_once = all
                .iter()
                .filter(|other| other.holder_id == one.holder_id && other.overlaps(one.from_at, one.from_at + Duration::seconds(1)))
                .count();
            prop_assert!(at_once <= usize::from(one.capacity), "{at_once} at once");
        }
    }
}
