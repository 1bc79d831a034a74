//! A coverage is dated, replaced and never overwritten.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use domain::command::Command;
use domain::coverage::*;
use domain::decide::RefusalCode;
use domain::id::*;
use domain::row::Entity;

fn record(coverage: Coverage, replaces_from: Option<&str>) -> Command {
    Command::RecordCoverage(RecordCoverage {
        coverage,
        replaces_from: replaces_from.map(day),
    })
}

fn replacing(n: u128, old: u128, patient: PatientId, member_id: &str) -> Coverage {
    let effective_on = None;
    Coverage {
        replaces_id: Some(CoverageId(id(old))),
        effective_on,
        ..coverage(n, patient, member_id)
    }
}

fn known(world: &World, patient: PatientId) -> Vec<Coverage> {
    crate::rows_of!(world.of_patient(Entity::Coverage, patient), Coverage)
}

fn member_ids_on(world: &World, patient: PatientId, on: &str) -> Vec<String> {
    known(world, patient)
        .into_iter()
        .filter(|c| c.active_on(day(on)))
        .map(|c| c.member_id)
        .collect()
}

#[test]
fn a_replacement_ends_the_old_version_the_day_before_and_old_service_dates_keep_the_old_member_id() {
    let mut world = World::new();
    let elena = world.patient();
    world.give(record(coverage(50, elena, "OLD-1"), None));
    world.give(record(replacing(51, 50, elena, "NEW-2"), Some("2026-03-01")));
    assert_eq!(known(&world, elena)[0].term_on, Some(day("2026-02-28")));
    for (on, member_id) in [
        ("2025-06-01", "OLD-1"),
        ("2026-02-28", "OLD-1"),
        ("2026-03-01", "NEW-2"),
        ("2027-01-01", "NEW-2"),
    ] {
        assert_eq!(member_ids_on(&world, elena, on), [member_id], "{on}");
    }
    assert!(member_ids_on(&world, elena, "2024-12-31").is_empty());
}

#[test]
fn a_replacement_changes_nothing_of_the_old_version_but_its_end() {
    let mut world = World::new();
    let elena = world.patient();
    world.give(record(coverage(50, elena, "OLD-1"), None));
    let before = known(&world, elena)[0].clone();
    world.give(record(replacing(51, 50, elena, "NEW-2"), Some("2026-03-01")));
    assert!(
        known(&world, elena)[0]
            == Coverage {
                term_on: Some(day("2026-02-28")),
                ..before
            }
    );
}

#[test]
fn a_replacement_without_a_day_counts_from_today_and_never_reaches_back() {
    let mut world = World::new();
    let elena = world.patient();
    world.give(record(coverage(50, elena, "OLD-1"), None));
    world.give(record(replacing(51, 50, elena, "NEW-2"), None));
    assert_eq!(member_ids_on(&world, elena, "2026-03-09"), ["OLD-1"]);
    assert_eq!(member_ids_on(&world, elena, "2026-03-10"), ["NEW-2"]);
}

#[test]
fn an_end_that_is_earlier_already_stays() {
    let mut world = World::new();
    let elena = world.patient();
    let ended = Coverage {
        term_on: Some(day("2025-12-31")),
        ..coverage(50, elena, "OLD-1")
    };
    world.give(record(ended, None));
    world.give(record(replacing(51, 50, elena, "NEW-2"), Some("2026-03-01")));
    assert_eq!(known(&world, elena)[0].term_on, Some(day("2025-12-31")));
}

#[test]
fn a_replacement_from_the_old_versions_first_day_is_the_one_in_force() {
    let mut world = World::new();
    let elena = world.patient();
    world.give(record(coverage(50, elena, "TYPO"), None));
    world.give(record(replacing(51, 50, elena, "RIGHT"), Some("2025-01-01")));
    let rows = known(&world, elena);
    assert_eq!(
        rows[0].term_on,
        Some(day("2025-01-01")),
        "an end is never before its beginning"
    );
    let in_force: Vec<&str> = in_force_on(&rows, day("2025-01-01"))
        .into_iter()
        .map(|c| c.member_id.as_str())
        .collect();
    assert_eq!(in_force, ["RIGHT"]);
}

#[test]
fn a_coverage_is_never_overwritten() {
    let mut world = World::new();
    let elena = world.patient();
    world.give(record(coverage(50, elena, "OLD-1"), None));
    assert_eq!(
        world.refused(record(coverage(50, elena, "NEW-2"), None)).code,
        RefusalCode::AlreadyExists
    );
    let itself = replacing(50, 50, elena, "NEW-2");
    assert_eq!(
        world.refused(record(itself, None)).code,
        RefusalCode::AlreadyExists
    );
}

#[test]
fn only_the_same_patients_coverage_can_be_replaced() {
    let mut world = World::new();
    let (elena, jonas) = (
        world.patient(),
        world.register(named(11, "Jonas", "Weber", "1990-12-01")),
    );
    world.give(record(coverage(50, elena, "OLD-1"), None));
    let foreign = replacing(51, 50, jonas, "NEW-2");
    assert_eq!(
        world.refused(record(foreign, Some("2026-03-01"))).code,
        RefusalCode::NotFound
    );
    let nobodys = coverage(52, PatientId(id(99)), "X");
    assert_eq!(world.refused(record(nobodys, None)).code, RefusalCode::NotFound);
}

#[test]
fn a_secondary_beside_a_primary_closes_nothing() {
    let mut world = World::new();
    let elena = world.patient();
    world.give(record(coverage(50, elena, "FIRST"), None));
    let second = Coverage {
        payer_order: PayerOrder::Secondary,
        ..coverage(51, elena, "SECOND")
    };
    world.give(record(second, None));
    assert_eq!(in_force_on(&known(&world, elena), world.today).len(), 2);
}

#[test]
fn a_new_version_was_not_checked_with_the_payer_and_carries_the_servers_time() {
    let mut world = World::new();
    let elena = world.patient();
    world.give(record(coverage(50, elena, "OLD-1"), None));
    let row = known(&world, elena)[0].clone();
    assert_eq!(
        (row.eligibility, row.recorded_at),
        (Eligibility::NotChecked, world.now)
    );
}

#[test]
fn what_is_on_the_card_is_checked() {
    let mut world = World::new();
    let elena = world.patient();
    let good = || coverage(50, elena, "OLD-1");
    let bad = [
        (
            Coverage {
                member_id: "".into(),
                ..good()
            },
            "MemberIdMissing",
        ),
        (
            Coverage {
                member_id: "A/B".into(),
                ..good()
            },
            "MemberIdWrong",
        ),
        (
            Coverage {
                member_id: "9".repeat(81),
                ..good()
            },
            "MemberIdWrong",
        ),
        (
            Coverage {
                payer_name: " ".into(),
                ..good()
            },
            "PayerMissing",
        ),
        (
            Coverage {
                subscriber_relationship: SubscriberRelationship::Child,
                ..good()
            },
            "SubscriberMissing",
        ),
        (
            Coverage {
                term_on: Some(day("2024-12-31")),
                ..good()
            },
            "DatesReversed",
        ),
        (
            Coverage {
                card_front: Some("photo.jpg".into()),
                ..good()
            },
            "PhotoUnreadable",
        ),
    ];
    for (coverage, fault) in bad {
        assert_eq!(world.refused(record(coverage, None)).params["fault"], fault);
    }
}

#[test]
fn an_end_before_the_day_it_counts_from_is_refused() {
    let mut world = World::new();
    let elena = world.patient();
    let over = Coverage {
        term_on: Some(day("2026-01-31")),
        ..coverage(50, elena, "OLD-1")
    };
    assert_eq!(
        world.refused(record(over, Some("2026-03-01"))).params["fault"],
        "DatesReversed"
    );
}
