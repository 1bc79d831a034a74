//! Referrals and authorizations: recorded, corrected by desks that do not see each other, ended, opened again.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use domain::access::Role;
use domain::command::{Command, CommandName};
use domain::coverage::RecordCoverage;
use domain::decide::{Decision, RefusalCode};
use domain::id::*;
use domain::merge::MergeRule;
use domain::patients::*;
use domain::referrals::*;
use domain::row::{EDITION, Entity, Row};
use domain::tray::leaves::leaves;
use proptest::prelude::*;
use serde_json::{Value, json};

const ONE: u128 = 60;

/// A practice with the golden kind of visit, and Elena.
fn clinic() -> (World, PatientId) {
    let mut world = World::new();
    world.acting(Role::Owner, "Olive", |world| {
        world.give(golden(CommandName::DefineVisitType))
    });
    let elena = world.patient();
    (world, elena)
}

fn referral(n: u128, patient_id: PatientId) -> Referral {
    match golden(CommandName::RecordReferral) {
        Command::RecordReferral(args) => Referral {
            id: ReferralId(id(n)),
            patient_id,
            ..args.referral
        },
        _ => panic!("it is named so"),
    }
}

fn record(referral: &Referral, base: Option<&Referral>) -> Command {
    Command::RecordReferral(RecordReferral {
        referral: referral.clone(),
        base: base.cloned(),
    })
}

fn end(n: u128, patient_id: PatientId) -> Command {
    Command::EndReferral(EndReferral {
        referral_id: ReferralId(id(n)),
        patient_id,
    })
}

fn kept(world: &World, n: u128) -> Referral {
    match world.rows.row(Entity::Referral, id(n)) {
        Some(Row::Referral(referral)) => referral.clone(),
        _ => panic!("no such referral"),
    }
}

fn with(referral: &Referral, change: impl FnOnce(&mut Referral)) -> Referral {
    let mut other = referral.clone();
    change(&mut other);
    other
}

/// Corrects what is recorded, having seen `seen`.
fn correct(world: &mut World, seen: &Referral, change: impl FnOnce(&mut Referral)) -> Decision {
    world.give(record(&with(seen, change), Some(seen)))
}

/// Elena, with one that is recorded.
fn recorded() -> (World, PatientId, Referral) {
    let (mut world, elena) = clinic();
    world.give(record(&referral(ONE, elena), None));
    let seen = kept(&world, ONE);
    (world, elena, seen)
}

fn open_conflicts(world: &World, patient: PatientId) -> Vec<Conflict> {
    let mut all = crate::rows_of!(world.of_patient(Entity::Conflict, patient), Conflict);
    all.retain(|conflict| conflict.state == ConflictState::Open);
    all
}

#[test]
fn it_begins_active_and_tidy_whatever_was_sent_with_it() {
    let (mut world, elena) = clinic();
    let kind = referral(ONE, elena).visit_type_ids[0];
    let sent = with(&referral(ONE, elena), |sent| {
        sent.number = " A-117 ".into();
        sent.note = Some(" \n".into());
        sent.visit_type_ids = vec![kind, kind];
        (sent.state, sent.ended_by) = (ReferralState::Ended, Some("Nobody".into()));
        sent.recorded_by = "Somebody else".into();
    });
    world.acting(Role::Biller, "Bea Lund", |world| world.give(record(&sent, None)));
    let known = kept(&world, ONE);
    assert_eq!((known.number.as_str(), known.note.as_deref()), ("A-117", None));
    assert_eq!(known.visit_type_ids, [kind]);
    assert_eq!(known.state, ReferralState::Active);
    assert!(known.ended_by.is_none() && known.ended_at.is_none());
    assert_eq!(
        (known.recorded_by.as_str(), known.recorded_at),
        ("Bea Lund", world.now)
    );
    assert_eq!(Row::Referral(known).edition(), EDITION);
}

#[test]
fn what_makes_no_sense_is_refused_by_its_field() {
    let (mut world, elena) = clinic();
    let mut refused = |change: fn(&mut Referral)| {
        let refusal = world.refused(record(&with(&referral(ONE, elena), change), None));
        let said = refusal.params.get("field").or(refusal.params.get("what"));
        said.cloned().unwrap_or_default()
    };
    assert_eq!(refused(|one| one.number = " -- ".into()), "number");
    assert_eq!(refused(|one| one.number = "7\n".repeat(2)), "number");
    assert_eq!(
        refused(|one| one.referrer_name = Some("  ".into())),
        "referrer_name"
    );
    assert_eq!(
        refused(|one| one.referrer_npi = Some("1234567890".into())),
        "referrer_npi"
    );
    assert_eq!(refused(|one| one.visits_allowed = Some(0)), "visits_allowed");
    assert_eq!(refused(|one| one.visits_allowed = Some(1000)), "visits_allowed");
    assert_eq!(refused(|one| one.valid_from = day("9999-01-01")), "valid_from");
    assert_eq!(
        refused(|one| one.valid_until = Some(day("2026-02-28"))),
        "valid_until"
    );
    assert_eq!(refused(|one| one.note = Some("x".repeat(2001))), "note");
    assert_eq!(
        refused(|one| one.visit_type_ids = vec![VisitTypeId(id(0xfffd))]),
        "visit type"
    );
    assert_eq!(
        refused(|one| one.coverage_id = Some(CoverageId(id(0xfffc)))),
        "coverage"
    );
    assert_eq!(refused(|one| one.patient_id = PatientId(id(0xfffb))), "patient");
    // The payer alone says yes to it; nobody referred them.
    let alone = with(&referral(ONE, elena), |one| {
        (one.kind, one.referrer_name, one.referrer_npi) = (ReferralKind::PriorAuthorization, None, None);
        (one.visits_allowed, one.valid_until) = (None, None);
    });
    world.give(record(&alone, None));
}

#[test]
fn a_coverage_is_the_patients_own() {
    let (mut world, elena) = clinic();
    let jonas = world.register(named(11, "Jonas", "Weber", "1990-12-01"));
    for (n, whose) in [(50, elena), (51, jonas)] {
        world.give(Command::RecordCoverage(RecordCoverage {
            coverage: coverage(n, whose, "LKS 1"),
            replaces_from: None,
        }));
    }
    let under = |n: u128| {
        with(&referral(ONE, elena), |one| {
            one.coverage_id = Some(CoverageId(id(n)))
        })
    };
    assert_eq!(
        world.refused(record(&under(51), None)).code,
        RefusalCode::NotFound
    );
    world.give(record(&under(50), None));
}

#[test]
fn two_that_count_do_not_have_one_number_however_it_is_written() {
    let (mut world, elena, seen) = recorded();
    let like = with(&referral(61, elena), |like| like.number = "pa 2026-0117".into());
    for again in [record(&like, None), record(&seen, None)] {
        assert_eq!(world.refused(again).code, RefusalCode::AlreadyExists);
    }
    let jonas = world.register(named(11, "Jonas", "Weber", "1990-12-01"));
    let other = with(&like, |other| {
        (other.id, other.patient_id) = (ReferralId(id(62)), jonas)
    });
    world.give(record(&other, None));
    // The one before is over, and the payer goes on with its number.
    world.give(end(ONE, elena));
    world.give(record(&like, None));
    let ended = kept(&world, ONE);
    let again = record(
        &with(&ended, |one| one.state = ReferralState::Active),
        Some(&ended),
    );
    assert_eq!(world.refused(again).code, RefusalCode::AlreadyExists);
}

#[test]
fn it_is_ended_once_and_counts_again_when_that_is_taken_back() {
    let (mut world, elena, seen) = recorded();
    world.give(end(ONE, elena));
    let again = world.refused(end(ONE, elena));
    assert_eq!(
        (again.code, again.params["by"].as_str()),
        (RefusalCode::AlreadyReviewed, "Maria Lindqvist")
    );
    let ended = kept(&world, ONE);
    assert_eq!(ended.ended_at, Some(world.now));
    // A correction by somebody who had not heard of it does not open it.
    correct(&mut world, &seen, |one| one.visits_allowed = Some(8));
    assert_eq!(kept(&world, ONE).state, ReferralState::Ended);
    correct(&mut world, &ended, |one| one.state = ReferralState::Active);
    let opened = kept(&world, ONE);
    assert_eq!(
        (opened.state, opened.visits_allowed),
        (ReferralState::Active, Some(8))
    );
    assert!(opened.ended_at.is_none() && opened.ended_by.is_none());
    // And nothing but its own command ends it.
    correct(&mut world, &opened, |one| one.state = ReferralState::Ended);
    assert_eq!(kept(&world, ONE).state, ReferralState::Active);
}

#[test]
fn it_is_found_by_its_own_patient_alone() {
    let (mut world, elena, seen) = recorded();
    let jonas = world.register(named(11, "Jonas", "Weber", "1990-12-01"));
    let theirs = with(&seen, |one| one.patient_id = jonas);
    for wrong in [
        end(ONE, jonas),
        end(61, elena),
        record(&theirs, Some(&seen)),
        record(&referral(61, elena), Some(&seen)),
    ] {
        assert_eq!(world.refused(wrong).code, RefusalCode::NotFound);
    }
    for role in [Role::Owner, Role::Practitioner, Role::Patient, Role::Kiosk] {
        let asked = record(&referral(61, elena), None);
        let refusal = world.acting(role, "Somebody", |world| world.refused(asked));
        assert_eq!(refusal.code, RefusalCode::NotAllowed, "{role:?}");
    }
}

#[test]
fn what_two_desks_change_in_different_fields_is_both_applied() {
    let (mut world, _, seen) = recorded();
    let one = correct(&mut world, &seen, |one| one.visits_allowed = Some(8));
    let other = correct(&mut world, &seen, |one| one.valid_until = Some(day("2027-06-30")));
    assert_eq!((one.conflicts, other.conflicts), (0, 0));
    let known = kept(&world, ONE);
    assert_eq!(
        (known.visits_allowed, known.valid_until),
        (Some(8), Some(day("2027-06-30")))
    );
}

#[test]
fn what_two_desks_change_in_one_field_goes_to_a_person_who_may_take_either_or_a_third() {
    for (keep_mine, value, expected) in [(false, None, 8), (true, None, 9), (false, Some(json!(10)), 10)] {
        let (mut world, elena, seen) = recorded();
        correct(&mut world, &seen, |one| one.visits_allowed = Some(8));
        let second = correct(&mut world, &seen, |one| {
            (one.visits_allowed, one.note) = (Some(9), Some("By phone".into()));
        });
        assert_eq!(second.conflicts, 1);
        let known = kept(&world, ONE);
        assert_eq!(
            (known.visits_allowed, known.note.as_deref()),
            (Some(8), Some("By phone")),
            "the first stays, and what else was said is there"
        );
        let conflict = open_conflicts(&world, elena).remove(0);
        assert_eq!(
            conflict.field,
            ConflictField::Referral(ReferralId(id(ONE)), ReferralField::VisitsAllowed)
        );
        assert_eq!((&conflict.theirs, &conflict.mine), (&json!(8), &json!(9)));
        assert_eq!(Row::Conflict(conflict.clone()).edition(), EDITION);
        let choose = |referral_id| {
            Command::ResolveConflict(ResolveConflict {
                conflict_id: conflict.id,
                patient_id: elena,
                keep_mine,
                expects: Some(conflict.theirs.clone()),
                value: value.clone(),
                related_person_id: None,
                referral_id,
            })
        };
        if keep_mine {
            let unnamed = world.refused(choose(None));
            assert_eq!(
                unnamed.code,
                RefusalCode::NotFound,
                "what is not named is not read"
            );
        }
        world.give(choose(conflict.field.referral_id()));
        assert_eq!(kept(&world, ONE).visits_allowed, Some(expected));
        assert!(open_conflicts(&world, elena).is_empty());
    }
}

#[test]
fn every_field_is_merged_three_way_but_for_where_it_stands() {
    for field in ReferralField::ALL {
        assert_eq!(
            Entity::Referral.field_rule(field.name()),
            MergeRule::ThreeWay,
            "{field:?}"
        );
        assert_ne!(field.label().en, field.label().es, "{field:?}");
        assert_eq!(serde_json::to_value(field).unwrap(), field.name());
    }
    assert_eq!(Entity::Referral.field_rule("state"), MergeRule::StateMachine);
    assert_eq!(Entity::Referral.field_rule("recorded_by"), MergeRule::Assigned);
}

#[test]
fn a_person_who_decides_about_it_reads_what_was_entered_and_not_what_was_there_before() {
    let (_, _, seen) = recorded();
    let changed = with(&seen, |one| one.number = "C 9".into());
    let args: Value = record(&changed, Some(&seen)).args().unwrap().read().unwrap();
    let said: Vec<String> = leaves(&args).into_iter().map(|leaf| leaf.text).collect();
    assert!(said.contains(&"C 9".to_owned()) && !said.contains(&seen.number));
}

#[test]
fn it_goes_with_its_patient_when_two_records_are_one_and_comes_back() {
    let (mut world, elena, _) = recorded();
    let again = world.register(named(12, "Elena", "Delgado-Ruiz", "1984-03-09"));
    world.give(Command::MergePatients(MergePatients {
        keep: again,
        other: elena,
        take: Vec::new(),
    }));
    assert_eq!(kept(&world, ONE).patient_id, again);
    // Said of the record that was joined, and meant of the other.
    world.give(end(ONE, elena));
    assert_eq!(kept(&world, ONE).state, ReferralState::Ended);
    world.give(Command::UnmergePatients(UnmergePatients {
        patient_id: again,
        other: elena,
    }));
    assert_eq!(kept(&world, ONE).patient_id, elena);
}

/// One desk's correction of one field, to one of a few values.
fn edit(one: &mut Referral, field: usize, to: u8) {
    match field {
        0 => one.number = format!("A{to}"),
        1 => one.visits_allowed = Some(u16::from(to) + 1),
        2 => one.valid_until = Some(day("2026-12-01") + chrono::Days::new(u64::from(to))),
        3 => one.note = Some(format!("note {to}")),
        _ => one.referrer_name = Some(format!("Dr. {to}")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn independent_corrections_commute(order in Just(vec![0usize, 1, 2, 3, 4]).prop_shuffle(), to in proptest::collection::vec(0u8..9, 5)) {
        let run = |order: &[usize]| {
            let (mut world, elena, seen) = recorded();
            for field in order {
                correct(&mut world, &seen, |one| edit(one, *field, to[*field]));
            }
            assert!(open_conflicts(&world, elena).is_empty());
            kept(&world, ONE)
        };
        prop_assert!(run(&order) == run(&[0, 1, 2, 3, 4]));
    }

    #[test]
    fn no_value_that_two_desks_entered_disappears(field in 0usize..5, one in 0u8..4, two in 0u8..4) {
        let (mut world, elena, seen) = recorded();
        let (first, second) = (with(&seen, |row| edit(row, field, one)), with(&seen, |row| edit(row, field, two)));
        world.give(record(&first, Some(&seen)));
        let conflicts = world.give(record(&second, Some(&seen))).conflicts;
        prop_assert_eq!(conflicts, usize::from(one != two));
        let known = kept(&world, ONE);
        for changed in ReferralField::ALL {
            prop_assert_eq!(changed.read(&known), changed.read(&first));
        }
        for conflict in open_conflicts(&world, elena) {
            let ConflictField::Referral(_, changed) = conflict.field else { panic!("of a referral") };
            prop_assert_eq!(conflict.theirs, changed.read(&first));
            prop_assert_eq!(conflict.mine, changed.read(&second));
        }
    }
}
