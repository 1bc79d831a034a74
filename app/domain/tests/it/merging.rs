//! The merge laws: `decide` does what the table says, for every input and in every order.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use domain::access::Role;
use domain::command::Command;
use domain::coverage::RecordCoverage;
use domain::decide::RefusalCode;
use domain::id::*;
use domain::intake::consent::in_force;
use domain::intake::*;
use domain::merge::MergeRule;
use domain::patients::*;
use domain::practice::{BillingEntity, Site};
use domain::row::{Entity, Row};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

const WORDS: [PatientField; 5] = [
    PatientField::PreferredName,
    PatientField::MiddleName,
    PatientField::Pronouns,
    PatientField::GenderIdentity,
    PatientField::Suffix,
];

/// One desk's correction of one field, typed while the field held `from`.
fn edit(field: usize, from: Option<u8>, to: u8) -> FieldChange {
    let value = |n: u8| Value::String(format!("v{n}"));
    FieldChange {
        field: WORDS[field % WORDS.len()],
        from: from.map_or(Value::Null, value),
        to: value(to),
    }
}

fn corrected(edits: &[&FieldChange]) -> (World, usize) {
    let mut world = World::new();
    let elena = world.patient();
    let mut conflicts = 0;
    for edit in edits {
        conflicts += world.correct(elena, vec![(*edit).clone()]).conflicts;
    }
    (world, conflicts)
}

fn assign_with(ops: &[(bool, bool, u8)]) -> AssignPatient {
    let mut args = AssignPatient {
        patient_id: PatientId(id(10)),
        add_sites: Vec::new(),
        remove_sites: Vec::new(),
        add_practitioners: Vec::new(),
        remove_practitioners: Vec::new(),
    };
    for (add, of_site, n) in ops {
        let n = u128::from(*n);
        match (add, of_site) {
            (true, true) => args.add_sites.push(SiteId(id(n))),
            (false, true) => args.remove_sites.push(SiteId(id(n))),
            (true, false) => args.add_practitioners.push(PractitionerId(id(n))),
            (false, false) => args.remove_practitioners.push(PractitionerId(id(n))),
        }
    }
    args
}

fn membership(world: &World) -> Option<Membership> {
    match world.rows.row(Entity::Membership, id(10)) {
        Some(Row::Membership(membership)) => Some(membership.clone()),
        _ => None,
    }
}

fn assigned<'a>(ops: impl Iterator<Item = &'a AssignPatient>) -> Option<Membership> {
    let mut world = World::new();
    world.patient();
    ops.for_each(|args| drop(world.give(Command::AssignPatient(args.clone()))));
    membership(&world)
}

fn consents(moments: &[(u8, u8)]) -> Vec<Consent> {
    let start = at("2026-03-10T15:00:00Z");
    let minute = |n: u8| start + chrono::Duration::minutes(i64::from(n));
    (0u128..)
        .zip(moments)
        .map(|(n, (signed, what))| Consent {
            id: ConsentId(id(n)),
            patient_id: PatientId(id(10)),
            kind: ConsentKind::Texting,
            form_id: ConsentFormId(id(500)),
            language: "en".into(),
            text_hash: String::new(),
            decision: if what % 3 == 0 {
                ConsentDecision::Declined
            } else {
                ConsentDecision::Agreed
            },
            signature: None,
            device_id: DeviceId(id(1)),
            signed_at: minute(*signed),
            revoked_at: (what % 3 == 1).then(|| minute(signed.saturating_add(*what))),
        })
        .collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn independent_edits_commute(order in Just(vec![0usize, 1, 2, 3, 4]).prop_shuffle(), to in vec(0u8..9, 5)) {
        let edits: Vec<FieldChange> = (0..5).map(|field| edit(field, None, to[field])).collect();
        let ordered: Vec<&FieldChange> = order.iter().map(|at| &edits[*at]).collect();
        let (one, conflicts) = corrected(&ordered);
        let (other, _) = corrected(&edits.iter().collect::<Vec<_>>());
        prop_assert_eq!(conflicts, 0);
        prop_assert!(one.rows == other.rows);
    }

    #[test]
    fn the_same_edit_twice_is_the_same_edit_once(field in 0usize..5, to in 0u8..9, times in 1usize..4) {
        let edit = edit(field, None, to);
        let (once, _) = corrected(&[&edit]);
        let (again, conflicts) = corrected(&vec![&edit; times]);
        prop_assert_eq!(conflicts, 0);
        prop_assert!(once.rows == again.rows);
    }

    #[test]
    fn a_conflict_keeps_what_is_recorded_and_keeps_both(field in 0usize..5, one in 0u8..9, two in 0u8..9) {
        let (first, second) = (edit(field, None, one), edit(field, None, two));
        let (world, conflicts) = corrected(&[&first, &second]);
        let recorded = first.field.read(&world.read_patient(PatientId(id(10))));
        prop_assert_eq!(&recorded, &first.to);
        prop_assert_eq!(conflicts, usize::from(one != two));
        for conflict in crate::rows_of!(world.of_patient(Entity::Conflict, PatientId(id(10))), Conflict) {
            prop_assert_eq!((&conflict.theirs, &conflict.mine), (&first.to, &second.to));
        }
    }

    #[test]
    fn no_value_that_was_entered_disappears(edits in vec((0usize..2, proptest::option::of(0u8..3), 0u8..3), 1..6)) {
        let edits: Vec<FieldChange> = edits.into_iter().map(|(f, from, to)| edit(f, from, to)).collect();
        let (world, _) = corrected(&edits.iter().collect::<Vec<_>>());
        let patient = world.read_patient(PatientId(id(10)));
        let waiting = crate::rows_of!(world.of_patient(Entity::Conflict, patient.id), Conflict);
        for (at, edit) in edits.iter().enumerate() {
            // Recorded; waiting; or overwritten by someone who had seen it.
            let seen = edits[at + 1..].iter().any(|later| later.field == edit.field && later.from == edit.to);
            let waits = waiting.iter().any(|c| c.field == ConflictField::Patient(edit.field) && c.mine == edit.to);
            prop_assert!(edit.field.read(&patient) == edit.to || waits || seen);
        }
    }

    #[test]
    fn sets_converge_in_any_order_when_each_member_is_spoken_of_once(
        ops in proptest::collection::btree_map((any::<bool>(), 0u8..6), any::<bool>(), 1..8),
        pieces in 1usize..4,
        seed in any::<proptest::sample::Index>(),
    ) {
        let ops: Vec<(bool, bool, u8)> = ops.into_iter().map(|((of_site, n), add)| (add, of_site, n)).collect();
        let pieces: Vec<AssignPatient> = ops.chunks(pieces).map(assign_with).collect();
        let from = seed.index(pieces.len());
        let turned = pieces[from..].iter().chain(&pieces[..from]);
        let (one, other) = (assigned(pieces.iter()), assigned(turned.rev()));
        prop_assert_eq!(one.clone().filter(|m| !m.is_open()), other.filter(|m| !m.is_open()));
        prop_assert_eq!(one, assigned(pieces.iter().flat_map(|piece| [piece, piece])));
    }

    #[test]
    fn a_membership_is_sorted_and_names_each_once(ops in vec((any::<bool>(), any::<bool>(), 0u8..6), 0..20)) {
        if let Some(found) = assigned(ops.chunks(3).map(assign_with).collect::<Vec<_>>().iter()) {
            let unique: BTreeSet<_> = found.site_ids.iter().collect();
            prop_assert!(found.site_ids.is_sorted() && unique.len() == found.site_ids.len());
            prop_assert!(found.practitioner_ids.is_sorted());
        }
    }

    #[test]
    fn postings_that_replace_nothing_commute(order in Just((0u128..5).collect::<Vec<_>>()).prop_shuffle()) {
        let run = |order: &[u128]| {
            let mut world = World::new();
            let elena = world.patient();
            for n in order {
                let coverage = coverage(50 + n, elena, &format!("M{n}"));
                world.give(Command::RecordCoverage(RecordCoverage { coverage, replaces_from: None }));
            }
            world.rows
        };
        prop_assert!(run(&order) == run(&[0, 1, 2, 3, 4]));
    }

    #[test]
    fn taking_back_wins_in_whichever_order(moments in vec((0u8..4, 0u8..9), 0..7)) {
        let all = consents(&moments);
        let forward = in_force(&all, ConsentKind::Texting).map(|consent| consent.id);
        let backward = in_force(all.iter().rev(), ConsentKind::Texting).map(|consent| consent.id);
        prop_assert_eq!(forward, backward);
        if let Some(found) = in_force(&all, ConsentKind::Texting) {
            prop_assert!(found.decision == ConsentDecision::Agreed && found.revoked_at.is_none());
            for other in &all {
                let taken = other.revoked_at.or((other.decision == ConsentDecision::Declined).then_some(other.signed_at));
                prop_assert!(taken.is_none_or(|taken| taken < found.signed_at));
            }
        }
    }
}

/// What each rule promises, tried on every kind of row that declares it.
#[test]
fn every_kind_of_row_behaves_as_its_rule_says() {
    for entity in Entity::ALL {
        match entity.merge_rule() {
            MergeRule::ThreeWay => match entity {
                Entity::Patient => {}       // Tried field by field above.
                Entity::RelatedPerson => {} // Tried in `related.rs`.
                Entity::Referral => {}      // Tried in `referrals.rs`.
                other => panic!("{other:?} is corrected, and nothing tries it"),
            },
            MergeRule::AddRemoveSet => assert_eq!(*entity, Entity::Membership, "tried above"),
            // Consents are tried above, what is said about numbers in `notices/steps.rs`.
            MergeRule::RevocationWins => {
                assert!(
                    [Entity::Consent, Entity::ContactOptOut].contains(entity),
                    "{entity:?}"
                )
            }
            MergeRule::StateMachine => moves_once(*entity),
            MergeRule::Setting => last_wins(*entity),
            MergeRule::AppendOnly => is_never_changed(*entity),
            // Of two who want one time, the second is told: tried in `schedule/booking.rs` and `schedule/leases.rs`.
            MergeRule::ExclusiveSlot => {
                assert!([Entity::Busy, Entity::SlotLease].contains(entity), "{entity:?}")
            }
            // Tried in `alias.rs`.
            MergeRule::Alias => assert_eq!(*entity, Entity::PatientAlias),
            MergeRule::VersionedNote | MergeRule::Assigned => {
                panic!("{entity:?} has a rule that nothing here tries")
            }
        }
    }
}

#[test]
fn every_field_that_is_corrected_is_merged_three_way() {
    for field in PatientField::ALL {
        assert_eq!(field.merge_rule(), MergeRule::ThreeWay, "{field:?}");
    }
    assert_eq!(Entity::Patient.field_rule("mrn"), MergeRule::Assigned);
    assert_eq!(
        Entity::Coverage.field_rule("replaces_id"),
        MergeRule::ExclusiveSlot
    );
    assert_eq!(Entity::Coverage.field_rule("member_id"), MergeRule::AppendOnly);
}

fn moves_once(entity: Entity) {
    let refused = match entity {
        Entity::Intake => {
            let (mut world, elena) = World::with_submission(elenas_submission());
            world.give(Command::AcceptIntake(accept(N, elena)));
            world.refused(Command::AcceptIntake(accept(N, elena)))
        }
        Entity::Conflict => {
            let (world, _) = corrected(&[&edit(0, None, 1), &edit(0, None, 2)]);
            let patient_id = PatientId(id(10));
            let conflict =
                crate::rows_of!(world.of_patient(Entity::Conflict, patient_id), Conflict)[0].clone();
            let choose = || {
                Command::ResolveConflict(ResolveConflict {
                    conflict_id: conflict.id,
                    patient_id,
                    keep_mine: true,
                    expects: None,
                    value: None,
                    related_person_id: None,
                    referral_id: None,
                })
            };
            let mut world = world;
            world.give(choose());
            world.refused(choose())
        }
        // Tried in `tray.rs`, `tasks.rs`, `recalls.rs`, `schedule/flow.rs` and `notices/steps.rs`.
        Entity::TrayItem
        | Entity::Appointment
        | Entity::WaitlistEntry
        | Entity::Notice
        | Entity::Task
        | Entity::Recall => return,
        other => panic!("{other:?} moves through states that nothing here tries"),
    };
    assert_eq!(refused.code, RefusalCode::AlreadyReviewed, "{entity:?}");
}

fn last_wins(entity: Entity) {
    let mut world = World::new();
    world.role = Role::Service;
    match entity {
        Entity::Site => {
            let billing = golden(domain::command::CommandName::RecordBillingEntity);
            world.give(billing);
            let billing_entity_id = match world.rows.all(Entity::BillingEntity).next() {
                Some(Row::BillingEntity(BillingEntity { id, .. })) => *id,
                _ => panic!("it was recorded"),
            };
            let site = |name: &str| Site {
                id: SiteId(id(20)),
                billing_entity_id,
                name: name.into(),
                time_zone: "America/Chicago".into(),
                address: String::new(),
                place_of_service: "11".into(),
            };
            world.give(Command::RecordSite(site("North")));
            world.give(Command::RecordSite(site("South")));
            assert!(world.rows.row(Entity::Site, id(20)) == Some(&Row::Site(site("South"))));
        }
        // Put as they are given, like a site; a device's rule is tried in `permissions.rs`.
        Entity::Practice
        | Entity::BillingEntity
        | Entity::Practitioner
        | Entity::WorkforceMember
        | Entity::Device
        | Entity::VisitType
        | Entity::SiteClock
        | Entity::PractitionerTerms
        | Entity::Resource
        | Entity::Schedule
        | Entity::ScheduleOverride
        | Entity::Closure
        | Entity::NoticeRule => {}
        // Its device and whose time it is stay: tried in `schedule/standing.rs`.
        Entity::LeaseRule => {}
        // Each way is set by itself: tried in `schedule/settings.rs`.
        Entity::SiteTravel => {}
        other => panic!("{other:?} is a setting that nothing here tries"),
    }
}

fn is_never_changed(entity: Entity) {
    let mut world = World::new();
    world.role = Role::Service;
    let elena = world.patient();
    match entity {
        Entity::Coverage => {
            let record = |n: u128, replaces: Option<u128>| {
                let mut coverage = coverage(n, elena, "M1");
                coverage.replaces_id = replaces.map(|n| CoverageId(id(n)));
                Command::RecordCoverage(RecordCoverage {
                    coverage,
                    replaces_from: None,
                })
            };
            world.give(record(50, None));
            assert_eq!(world.refused(record(50, None)).code, RefusalCode::AlreadyExists);
            world.give(record(51, Some(50)));
            let second = world.refused(record(52, Some(50)));
            assert_eq!(
                second.code,
                RefusalCode::AlreadyReplaced,
                "two desks replaced one card"
            );
            world.give(record(52, Some(51)));
        }
        // Tried where they are told: a version is published once, a link said twice is said once, answers and history
        // come with ids of their own.
        Entity::Questionnaire
        | Entity::ConsentForm
        | Entity::PatientLink
        | Entity::QuestionnaireResponse
        | Entity::Encounter
        | Entity::HistoryItem
        | Entity::AppointmentSeries => {}
        other => panic!("{other:?} is only added to, and nothing here tries it"),
    }
}
