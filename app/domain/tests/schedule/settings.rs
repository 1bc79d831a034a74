//! What a practice may say about its time, and that every command of the area is known to all who ask about it.

use crate::common::*;
use crate::stand::*;
use domain::access::Role;
use domain::command::{Command, CommandName};
use domain::decide::{Refusal, RefusalCode};
use domain::id::*;
use domain::row::{Entity, Key, Row, View};
use domain::schedule::*;
use domain::text::Lang;

fn refused(world: &mut World, command: Command) -> Refusal {
    world.acting(Role::Service, "import", |world| world.refused(command))
}

fn field(refusal: &Refusal) -> &str {
    refusal.params.get("field").map_or("", String::as_str)
}

#[test]
fn what_does_not_make_sense_is_refused_by_its_field() {
    let (mut world, _) = clinic();
    for (change, named) in [
        ((|kind| kind.name = " ".into()) as fn(&mut VisitType), "name"),
        (|kind| kind.minutes = 0, "minutes"),
        (|kind| kind.grid_minutes = 1, "grid_minutes"),
        (|kind| kind.capacity = 0, "capacity"),
        (
            |kind| (kind.min_age, kind.max_age) = (Some(18), Some(2)),
            "max_age",
        ),
        (|kind| kind.horizon_days = 0, "horizon_days"),
    ] {
        let mut kind = visit();
        change(&mut kind);
        assert_eq!(field(&refused(&mut world, Command::DefineVisitType(kind))), named);
    }
    for block in [
        hours(0, 0, 60),
        hours(8, 0, 60),
        hours(1, 60, 60),
        hours(1, 0, 1441),
    ] {
        let mut own = schedule(0x61, OKAFOR, NORTH);
        own.blocks = vec![block];
        assert_eq!(field(&refused(&mut world, Command::SetSchedule(own))), "blocks");
    }
    let everywhere = ScheduleOverride {
        id: ScheduleOverrideId(id(0x91)),
        practitioner_id: OKAFOR,
        site_id: None,
        from_on: day("2026-03-11"),
        until_on: day("2026-03-11"),
        blocks: week(),
        reason: String::new(),
        withdrawn: false,
    };
    let refusal = refused(&mut world, Command::SetOverride(everywhere));
    assert_eq!(field(&refusal), "site_id", "nobody works at all sites at once");
    let nowhere = SetTravel {
        a: NORTH,
        b: NORTH,
        minutes: 5,
    };
    assert_eq!(
        field(&refused(&mut world, Command::SetTravel(nowhere))),
        "minutes"
    );
    let mut clock = clock(
        NORTH,
        chrono_tz::America::Chicago,
        "2025-01-01T00:00:00Z",
        "2027-01-01T00:00:00Z",
    );
    clock.changes.reverse();
    assert_eq!(
        field(&refused(&mut world, Command::SetSiteClock(clock))),
        "changes"
    );
}

#[test]
fn the_way_is_as_long_in_both_directions_and_other_ways_stay() {
    let (mut world, _) = clinic();
    let way = |minutes| {
        Command::SetTravel(SetTravel {
            a: NORTH,
            b: SOUTH,
            minutes,
        })
    };
    world.role = Role::Owner;
    world.give(way(20));
    world.give(way(30));
    for (from, to) in [(NORTH, SOUTH), (SOUTH, NORTH)] {
        match world.rows.row(Entity::SiteTravel, from.0) {
            Some(Row::SiteTravel(travel)) => {
                assert_eq!((travel.to(to), travel.minutes.len()), (30, 1));
            }
            _ => panic!("it is kept"),
        }
    }
}

#[test]
fn every_command_is_read_for_and_decided() {
    let (mut world, _) = clinic();
    for name in CommandName::ALL {
        let command = golden(*name);
        assert!(!command.reads().is_empty(), "{name:?} looks at nothing");
        world.role = *Role::ALL
            .iter()
            .find(|role| domain::access::may_command(**role, *name))
            .unwrap();
        if let Err(refusal) = world.ask(&command) {
            assert_ne!(
                refusal.code,
                RefusalCode::UnknownVersion,
                "{name:?} is not decided"
            );
        }
    }
}

#[test]
fn every_code_has_words_in_both_languages() {
    for finding in Finding::ALL {
        let text = finding.sentence();
        assert!(
            text.get(Lang::En).ends_with('.') && text.get(Lang::Es).ends_with('.'),
            "{finding:?}"
        );
        let refusal = Refusal::new(RefusalCode::CannotBook).with("why", finding.name());
        assert!(
            refusal.sentence(Lang::En).contains(text.get(Lang::En)),
            "{finding:?}"
        );
    }
    for state in AppointmentState::ALL {
        assert_ne!(
            state.label().get(Lang::En),
            state.label().get(Lang::Es),
            "{state:?}"
        );
        assert_eq!(serde_json::to_value(state).unwrap(), state.name());
    }
}

#[test]
fn what_is_taken_is_found_by_the_days_that_it_touches_and_what_is_given_back_is_not() {
    let (mut world, elena) = clinic();
    let mut late = book(900, elena, "2026-03-11 18:45");
    late.overbook_reason = Some("Works late".into());
    world.give(Command::BookAppointment(late));
    let taken = busy(&world, 900)[0].clone();
    // A quarter to seven in Chicago is a quarter to midnight, UTC.
    let on = |world: &World, day: i32| world.rows.get(&Key::Agenda(OKAFOR.0, day)).len();
    let first = chrono::Datelike::num_days_from_ce(&taken.start_at.date_naive());
    assert_eq!([-1, 0, 1, 2].map(|more| on(&world, first + more)), [0, 1, 1, 0]);
    world.rows.put(Row::Busy(Busy {
        status: BusyStatus::Free,
        ..taken
    }));
    assert_eq!(on(&world, first), 0);
    assert_eq!(world.rows.get(&Key::Of(Entity::Busy, id(900))).len(), 1);
}
