//! Times that one device has every week: what is due when, and that nothing is due twice.

use crate::common::*;
use crate::stand::*;
use chrono::{DateTime, Duration, Utc};
use domain::access::Role;
use domain::command::Command;
use domain::decide::{Refusal, RefusalCode};
use domain::id::*;
use domain::practice::{Device, DeviceKind, Practitioner};
use domain::row::{Entity, Row};
use domain::schedule::standing::{MOST_WEEKS, due};
use domain::schedule::*;

const RULE: u128 = 0x45;

/// What somebody asks for besides.
type Change = fn(&mut LeaseRule);

/// Dr. Okafor's mornings at North on Mondays and Thursdays, two weeks ahead, for device 1.
pub fn rule() -> LeaseRule {
    LeaseRule {
        id: LeaseRuleId(id(RULE)),
        holder_id: OKAFOR.0,
        site_id: NORTH,
        device_id: DeviceId(id(1)),
        weekdays: vec![1, 4],
        from_minute: 8 * 60,
        until_minute: 12 * 60,
        weeks_ahead: 2,
        active: true,
        again: Vec::new(),
    }
}

fn set(world: &mut World, change: impl FnOnce(&mut LeaseRule)) {
    let mut rule = rule();
    change(&mut rule);
    world.give(Command::SetLeaseRule(rule));
}

fn known(world: &World) -> LeaseRule {
    match world.rows.row(Entity::LeaseRule, id(RULE)) {
        Some(Row::LeaseRule(rule)) => rule.clone(),
        _ => panic!("it is set"),
    }
}

pub fn lease(n: u128, device: u128, from: &str, until: &str) -> SlotLease {
    SlotLease {
        id: SlotLeaseId(id(n)),
        holder_id: OKAFOR.0,
        device_id: DeviceId(id(device)),
        from_at: at(from),
        until_at: at(until),
        granted: false,
        released: false,
    }
}

fn keep(world: &mut World, lease: SlotLease) {
    world.give(Command::LeaseSlots(LeaseSlots { lease }));
}

fn give_back(world: &mut World, lease_id: SlotLeaseId) {
    world.give(Command::ReleaseLease(ReleaseLease { lease_id }));
}

/// What the server does; what it handed out.
fn hand_out(world: &mut World) -> Vec<SlotLease> {
    let all = due(&world.rows, world.now);
    for lease in &all {
        let lease = lease.clone();
        world.acting(Role::Service, "standing leases", |world| keep(world, lease));
    }
    all
}

fn is_kept_from_others(world: &mut World, patient: PatientId, start: &str) {
    let mut asked = book(900, patient, start);
    asked.overbook_reason = Some("Urgent".into());
    assert_eq!(
        why(&world.refused(Command::BookAppointment(asked))),
        "LeasedElsewhere"
    );
}

fn spans(all: &[SlotLease]) -> Vec<String> {
    let time = |at: DateTime<Utc>| at.format("%m-%d %H:%M").to_string();
    all.iter()
        .map(|lease| format!("{} {}", time(lease.from_at), lease.until_at.format("%H:%M")))
        .collect()
}

#[test]
fn the_mornings_of_so_many_weeks_are_due_by_the_wall_on_both_sides_of_a_change_of_clocks() {
    let (mut world, _) = clinic();
    set(&mut world, |rule| rule.weekdays = vec![4, 1, 4]);
    assert_eq!(known(&world).weekdays, [1, 4]);
    // A Thursday on which the morning has begun; clocks go forward on Sunday, March 8.
    assert_eq!(
        spans(&due(&world.rows, at("2026-03-05T15:00:00Z"))),
        [
            "03-05 14:00 18:00",
            "03-09 13:00 17:00",
            "03-12 13:00 17:00",
            "03-16 13:00 17:00"
        ]
    );
    // Another one, on which it is over; clocks go back on Sunday, November 1.
    assert_eq!(
        spans(&due(&world.rows, at("2026-10-29T18:00:00Z"))),
        ["11-02 14:00 18:00", "11-05 14:00 18:00", "11-09 14:00 18:00"]
    );
    // Late in the evening it is another day in Greenwich, and still today here.
    set(&mut world, |rule| {
        (rule.weekdays, rule.until_minute, rule.weeks_ahead) = (vec![4], 1440, 1);
    });
    assert_eq!(
        spans(&due(&world.rows, at("2026-03-06T04:30:00Z"))),
        ["03-05 14:00 06:00"]
    );
}

#[test]
fn what_is_skipped_as_clocks_go_forward_is_not_due_and_what_comes_twice_is_one() {
    let (mut world, _) = clinic();
    set(&mut world, |rule| {
        (rule.weekdays, rule.from_minute, rule.until_minute) = (vec![7], 120, 180);
    });
    assert_eq!(
        spans(&due(&world.rows, at("2026-03-05T15:00:00Z"))),
        ["03-15 07:00 08:00"]
    );
    set(&mut world, |rule| {
        (rule.weekdays, rule.from_minute, rule.until_minute) = (vec![7], 60, 120);
    });
    assert_eq!(
        spans(&due(&world.rows, at("2026-10-29T18:00:00Z"))),
        ["11-01 06:00 08:00", "11-08 07:00 08:00"]
    );
}

#[test]
fn what_was_handed_out_is_not_due_again_and_a_new_week_is() {
    let (mut world, _) = clinic();
    set(&mut world, |_| {});
    let first = hand_out(&mut world);
    assert_eq!(first.len(), 4);
    assert!(first.iter().all(|lease| rule().is_of(lease)));
    assert!(due(&world.rows, world.now).is_empty());
    // Whoever looked before it was there means the same rows.
    let twice = Command::LeaseSlots(LeaseSlots {
        lease: first[0].clone(),
    });
    assert_eq!(world.refused(twice).code, RefusalCode::AlreadyExists);
    world.now += Duration::days(7);
    assert_eq!(
        spans(&hand_out(&mut world)),
        ["03-26 13:00 17:00", "03-30 13:00 17:00"]
    );
    // More of the day: only what is added.
    set(&mut world, |rule| {
        (rule.until_minute, rule.weeks_ahead) = (13 * 60, 1);
    });
    assert_eq!(
        spans(&due(&world.rows, world.now)),
        ["03-19 17:00 18:00", "03-23 17:00 18:00"]
    );
}

#[test]
fn what_the_device_holds_already_or_another_has_is_left_out() {
    let (mut world, elena) = clinic();
    keep(
        &mut world,
        lease(0x40, 1, "2026-03-12T14:00:00Z", "2026-03-12T15:00:00Z"),
    );
    keep(
        &mut world,
        lease(0x41, 2, "2026-03-16T12:00:00Z", "2026-03-16T14:00:00Z"),
    );
    let mut of_room = lease(0x42, 1, "2026-03-19T13:00:00Z", "2026-03-19T17:00:00Z");
    of_room.holder_id = ROOM.0;
    keep(&mut world, of_room);
    set(&mut world, |_| {});
    assert_eq!(
        spans(&hand_out(&mut world)),
        [
            "03-12 13:00 14:00",
            "03-12 15:00 17:00",
            "03-16 14:00 17:00",
            "03-19 13:00 17:00",
            "03-23 13:00 17:00"
        ]
    );
    // The other one gives it back: now it is due.
    world.device = DeviceId(id(2));
    give_back(&mut world, SlotLeaseId(id(0x41)));
    assert_eq!(spans(&due(&world.rows, world.now)), ["03-16 13:00 14:00"]);
    is_kept_from_others(&mut world, elena, "2026-03-19 09:00");
}

#[test]
fn of_two_rules_for_the_same_time_each_minute_is_handed_out_once() {
    let (mut world, _) = clinic();
    set(&mut world, |rule| rule.weeks_ahead = 1);
    set(&mut world, |rule| {
        (rule.id, rule.device_id) = (LeaseRuleId(id(RULE + 1)), DeviceId(id(2)));
        (rule.from_minute, rule.until_minute, rule.weeks_ahead) = (11 * 60, 13 * 60, 1);
    });
    let all = hand_out(&mut world);
    assert_eq!(
        spans(&all),
        [
            "03-12 13:00 17:00",
            "03-16 13:00 17:00",
            "03-12 17:00 18:00",
            "03-16 17:00 18:00"
        ]
    );
    assert_eq!(
        all.iter().map(|lease| lease.device_id).collect::<Vec<_>>(),
        [1, 1, 2, 2].map(|n| DeviceId(id(n)))
    );
}

#[test]
fn what_was_given_back_is_not_handed_out_again_but_by_a_rule_that_was_set_since() {
    let (mut world, _) = clinic();
    // Kept by hand before, and given back before: the rule is what is wanted now.
    keep(
        &mut world,
        lease(0x40, 1, "2026-03-12T13:00:00Z", "2026-03-12T17:00:00Z"),
    );
    // Kept by hand before, and given back while the rule is there.
    keep(
        &mut world,
        lease(0x41, 1, "2026-03-16T13:00:00Z", "2026-03-16T17:00:00Z"),
    );
    give_back(&mut world, SlotLeaseId(id(0x40)));
    set(&mut world, |_| {});
    assert_eq!(known(&world).again, [SlotLeaseId(id(0x40))]);
    let all = hand_out(&mut world);
    assert_eq!(
        spans(&all),
        ["03-12 13:00 17:00", "03-19 13:00 17:00", "03-23 13:00 17:00"]
    );
    give_back(&mut world, SlotLeaseId(id(0x41)));
    give_back(&mut world, all[1].id);
    assert!(due(&world.rows, world.now).is_empty());
    // A change is no new rule.
    set(&mut world, |rule| rule.until_minute = 12 * 60 + 30);
    assert_eq!(known(&world).again, [SlotLeaseId(id(0x40))]);
    assert_eq!(
        spans(&due(&world.rows, world.now)),
        [
            "03-12 17:00 17:30",
            "03-16 17:00 17:30",
            "03-19 17:00 17:30",
            "03-23 17:00 17:30"
        ]
    );
    // Ended, and that taken back: what was given back meanwhile stays so.
    set(&mut world, |rule| rule.active = false);
    set(&mut world, |_| {});
    assert!(due(&world.rows, world.now).is_empty());
    // A new rule: everything but what is held.
    set(&mut world, |rule| rule.active = false);
    set(&mut world, |rule| rule.id = LeaseRuleId(id(RULE + 1)));
    assert_eq!(
        spans(&due(&world.rows, world.now)),
        ["03-16 13:00 17:00", "03-19 13:00 17:00"]
    );
}

#[test]
fn one_that_is_ended_hands_out_nothing_and_takes_nothing_back() {
    let (mut world, elena) = clinic();
    set(&mut world, |_| {});
    let all = hand_out(&mut world);
    // By the desk at another computer, in whatever state the rest is.
    world.device = DeviceId(id(2));
    set(&mut world, |rule| {
        rule.active = false;
        rule.weekdays.clear();
    });
    assert_eq!(
        known(&world),
        LeaseRule {
            active: false,
            ..rule()
        }
    );
    assert!(due(&world.rows, world.now + Duration::days(7)).is_empty());
    for lease in all {
        match world.rows.row(Entity::SlotLease, lease.id.0) {
            Some(Row::SlotLease(kept)) => assert!(kept.granted && !kept.released),
            _ => panic!("it stays"),
        }
    }
    is_kept_from_others(&mut world, elena, "2026-03-12 09:00");
}

#[test]
fn whoever_is_gone_is_handed_nothing_and_nothing_of_theirs() {
    let (mut world, _) = clinic();
    set(&mut world, |_| {});
    let before = world.rows.clone();
    let service = |world: &mut World, command| {
        world.acting(Role::Service, "import", |world| world.give(command));
    };
    let device = |revoked_at| Device {
        id: DeviceId(id(1)),
        kind: DeviceKind::Staff,
        label: "Desk".into(),
        site_id: None,
        enrolled_at: at("2026-03-10T15:00:00Z"),
        revoked_at,
    };
    let now = world.now;
    service(&mut world, Command::EnrolDevice(device(Some(now))));
    assert!(due(&world.rows, now).is_empty());
    let refusal = world.refused(Command::SetLeaseRule(rule()));
    assert_eq!(refusal.code, RefusalCode::Revoked);
    // It can be ended all the same.
    set(&mut world, |rule| rule.active = false);
    world.rows = before;
    let left = Practitioner {
        id: OKAFOR,
        family_name: "Okafor".into(),
        given_name: "A".into(),
        credentials: None,
        npi: None,
        taxonomy_code: None,
        site_ids: vec![SOUTH],
        active: true,
    };
    service(&mut world, Command::RecordPractitioner(left));
    assert!(due(&world.rows, now).is_empty());
    set(&mut world, |rule| rule.active = false);
}

#[test]
fn one_that_makes_no_sense_is_refused_by_its_field() {
    let (mut world, _) = clinic();
    let kiosk = Device {
        id: DeviceId(id(3)),
        kind: DeviceKind::Kiosk,
        label: "Kiosk".into(),
        site_id: None,
        enrolled_at: world.now,
        revoked_at: None,
    };
    world.acting(Role::Owner, "Olive", |world| {
        world.give(Command::EnrolDevice(kiosk))
    });
    let said = |refusal: Refusal| {
        let said = refusal.params.get("field").or(refusal.params.get("what"));
        said.cloned().unwrap_or_default()
    };
    let refused = |world: &mut World, change: fn(&mut LeaseRule)| {
        let mut rule = rule();
        change(&mut rule);
        said(world.refused(Command::SetLeaseRule(rule)))
    };
    let cases: [(Change, &str); 12] = [
        (|rule| rule.weekdays.clear(), "weekdays"),
        (|rule| rule.weekdays = vec![1, 8], "weekdays"),
        (|rule| rule.weekdays = vec![0], "weekdays"),
        (|rule| rule.until_minute = rule.from_minute, "until_minute"),
        (|rule| rule.until_minute = 1441, "until_minute"),
        (|rule| rule.weeks_ahead = 0, "weeks_ahead"),
        (|rule| rule.weeks_ahead = MOST_WEEKS + 1, "weeks_ahead"),
        (|rule| rule.site_id = SiteId(id(0x59)), "site"),
        (|rule| rule.device_id = DeviceId(id(77)), "device"),
        (|rule| rule.device_id = DeviceId(id(3)), "device_id"),
        (|rule| rule.holder_id = id(0x59), "holder_id"),
        (|rule| rule.active = false, "rule"),
    ];
    for (change, named) in cases {
        assert_eq!(refused(&mut world, change), named);
    }
    // A room of another site.
    assert_eq!(
        refused(&mut world, |rule| {
            (rule.holder_id, rule.site_id) = (ROOM.0, SOUTH);
        }),
        "holder_id"
    );
    set(&mut world, |rule| {
        (rule.id, rule.holder_id) = (LeaseRuleId(id(RULE + 1)), ROOM.0);
    });
    set(&mut world, |_| {});
    let other: [(Change, &str); 3] = [
        (|rule| rule.holder_id = FERRER.0, "holder_id"),
        (|rule| rule.site_id = SOUTH, "site_id"),
        (|rule| rule.device_id = DeviceId(id(2)), "device_id"),
    ];
    for (change, named) in other {
        assert_eq!(refused(&mut world, change), named, "another is a rule of its own");
    }
    for role in [Role::Biller, Role::Practitioner, Role::Nurse, Role::Patient] {
        let command = Command::SetLeaseRule(rule());
        let refusal = world.acting(role, "Somebody", |world| world.refused(command));
        assert_eq!(refusal.code, RefusalCode::NotAllowed);
    }
}
