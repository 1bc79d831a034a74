//! People around a patient, corrected by desks that do not see each other; and consents that are taken back.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use domain::command::Command;
use domain::decide::{Decision, RefusalCode};
use domain::id::*;
use domain::intake::*;
use domain::merge::MergeRule;
use domain::patients::*;
use domain::row::{Entity, Row};
use proptest::prelude::*;
use serde_json::{Value, json};

const WHO: u128 = 30;

/// Elena, and her mother as recorded.
fn world(roles: Vec<RelatedRole>) -> World {
    let mut world = World::new();
    let elena = world.patient();
    world.give(Command::RecordRelatedPerson(related(WHO, elena, roles)));
    world
}

fn read(world: &World) -> RelatedPerson {
    match world.rows.row(Entity::RelatedPerson, id(WHO)) {
        Some(Row::RelatedPerson(person)) => person.clone(),
        _ => panic!("she was recorded"),
    }
}

fn change(field: RelatedField, from: Value, to: Value) -> Change<RelatedField> {
    Change { field, from, to }
}

fn correction(changes: Vec<Change<RelatedField>>) -> Command {
    Command::CorrectRelatedPerson(CorrectRelatedPerson {
        related_person_id: RelatedPersonId(id(WHO)),
        patient_id: PatientId(id(10)),
        changes,
    })
}

fn correct(world: &mut World, changes: Vec<Change<RelatedField>>) -> Decision {
    world.give(correction(changes))
}

fn phone(to: &str) -> Change<RelatedField> {
    change(RelatedField::Phone, json!("414 555 0177"), json!(to))
}

fn open_conflict(world: &World) -> Conflict {
    let all = crate::rows_of!(world.of_patient(Entity::Conflict, PatientId(id(10))), Conflict);
    let open: Vec<_> = all.iter().filter(|c| c.state == ConflictState::Open).collect();
    assert_eq!(open.len(), 1);
    (*open[0]).clone()
}

fn resolve(conflict: &Conflict, keep_mine: bool, value: Option<Value>) -> Command {
    Command::ResolveConflict(ResolveConflict {
        conflict_id: conflict.id,
        patient_id: conflict.patient_id,
        keep_mine,
        expects: Some(conflict.theirs.clone()),
        value,
        related_person_id: conflict.field.related_person_id(),
        referral_id: None,
    })
}

#[test]
fn what_two_desks_change_in_different_fields_is_both_applied() {
    let mut world = world(vec![RelatedRole::Guarantor]);
    let moved = change(RelatedField::Relationship, json!("mother"), json!("stepmother"));
    assert_eq!(correct(&mut world, vec![phone("414 555 0199")]).conflicts, 0);
    assert_eq!(correct(&mut world, vec![moved]).conflicts, 0);
    let person = read(&world);
    assert_eq!(person.phone.as_deref(), Some("414 555 0199"));
    assert_eq!(person.relationship, "stepmother");
}

#[test]
fn what_two_desks_change_in_one_field_goes_to_a_person_who_may_take_either_or_a_third() {
    for (keep_mine, value, expected) in [
        (false, None, "414 555 0111"),
        (true, None, "414 555 0122"),
        (false, Some(json!("414 555 0133")), "414 555 0133"),
    ] {
        let mut world = world(vec![]);
        correct(&mut world, vec![phone("414 555 0111")]);
        assert_eq!(correct(&mut world, vec![phone("414 555 0122")]).conflicts, 1);
        assert_eq!(
            read(&world).phone.as_deref(),
            Some("414 555 0111"),
            "the first stays"
        );
        let conflict = open_conflict(&world);
        assert_eq!(
            conflict.field,
            ConflictField::Related(RelatedPersonId(id(WHO)), RelatedField::Phone)
        );
        assert_eq!(
            (&conflict.theirs, &conflict.mine),
            (&json!("414 555 0111"), &json!("414 555 0122"))
        );
        world.give(resolve(&conflict, keep_mine, value));
        assert_eq!(read(&world).phone.as_deref(), Some(expected));
    }
}

#[test]
fn a_value_that_changed_again_is_not_overwritten_unseen() {
    let mut world = world(vec![]);
    correct(&mut world, vec![phone("414 555 0111")]);
    correct(&mut world, vec![phone("414 555 0122")]);
    let conflict = open_conflict(&world);
    let again = change(RelatedField::Phone, json!("414 555 0111"), json!("414 555 0144"));
    correct(&mut world, vec![again]);
    let decided = world.give(resolve(&conflict, true, None));
    assert_eq!(decided.conflicts, 1, "asked again");
    assert_eq!(read(&world).phone.as_deref(), Some("414 555 0144"));
}

#[test]
fn a_conflict_about_someone_who_is_not_named_is_refused_with_nothing_changed() {
    let mut world = world(vec![]);
    correct(&mut world, vec![phone("414 555 0111")]);
    correct(&mut world, vec![phone("414 555 0122")]);
    let conflict = open_conflict(&world);
    let Command::ResolveConflict(unnamed) = resolve(&conflict, true, None) else {
        unreachable!()
    };
    let unnamed = ResolveConflict {
        related_person_id: None,
        ..unnamed
    };
    let before = world.rows.clone();
    assert_eq!(
        world.refused(Command::ResolveConflict(unnamed)).code,
        RefusalCode::NotFound
    );
    assert!(world.rows == before);
}

#[test]
fn a_correction_of_nobody_or_of_another_patients_person_or_with_a_bad_value_is_refused() {
    let mut world = world(vec![]);
    let Command::CorrectRelatedPerson(args) = correction(vec![phone("414 555 0111")]) else {
        unreachable!()
    };
    let strange = CorrectRelatedPerson {
        patient_id: PatientId(id(11)),
        ..args.clone()
    };
    let nobody = CorrectRelatedPerson {
        related_person_id: RelatedPersonId(id(99)),
        ..args
    };
    for args in [strange, nobody] {
        assert_eq!(
            world.refused(Command::CorrectRelatedPerson(args)).code,
            RefusalCode::NotFound
        );
    }
    for bad in [
        phone("12"),
        change(RelatedField::Phone, json!("414 555 0177"), json!(7)),
    ] {
        let refusal = world.refused(correction(vec![bad]));
        assert_eq!(
            (refusal.code, refusal.params["field"].as_str()),
            (RefusalCode::Invalid, "phone")
        );
    }
    let nameless = ["given_name", "family_name"].map(|name| {
        let field: RelatedField = serde_json::from_value(json!(name)).unwrap();
        change(field, field.read(&read(&world)), Value::Null)
    });
    assert_eq!(
        world.refused(correction(nameless.to_vec())).code,
        RefusalCode::Invalid
    );
}

#[test]
fn every_field_is_read_and_written_by_its_name_and_has_a_label() {
    let mut world = World::new();
    let elena = world.patient();
    let full = RelatedPerson {
        authority: Some("parent".into()),
        ended_on: Some(day("2026-01-01")),
        ..related(WHO, elena, vec![RelatedRole::Escort])
    };
    let mut empty = related(31, elena, vec![]);
    for field in RelatedField::ALL {
        let value = field.read(&full);
        assert!(!value.is_null() || field == RelatedField::Address, "{field:?}");
        field.write(&mut empty, value.clone()).unwrap();
        assert_eq!(field.read(&empty), value);
        assert!(!field.label().en.is_empty() && !field.label().es.is_empty());
        let ruled = Entity::RelatedPerson.field_rule(field.name());
        assert_eq!(ruled, field.merge_rule(), "{field:?}");
        assert!(matches!(ruled, MergeRule::ThreeWay | MergeRule::AddRemoveSet));
    }
    assert_eq!(RelatedPerson { id: full.id, ..empty }, full);
}

fn roles() -> impl Strategy<Value = Vec<RelatedRole>> {
    use RelatedRole::*;
    proptest::sample::subsequence(
        vec![Guarantor, PersonalRepresentative, Escort, EmergencyContact],
        0..=4,
    )
}

proptest! {
    #[test]
    fn roles_that_two_desks_add_and_remove_come_together_in_either_order(
        start in roles(), one in roles(), two in roles(),
    ) {
        let to = |to: &[RelatedRole]| change(RelatedField::Roles, json!(start), json!(to));
        let run = |order: [&[RelatedRole]; 2]| {
            let mut world = world(start.clone());
            let conflicts = order.map(|roles| correct(&mut world, vec![to(roles)]).conflicts);
            (read(&world).roles, conflicts)
        };
        let (forward, conflicts) = run([&one, &two]);
        let (backward, _) = run([&two, &one]);
        prop_assert_eq!(conflicts, [0, 0]);
        let sorted = |mut roles: Vec<RelatedRole>| { roles.sort(); roles };
        prop_assert_eq!(sorted(forward.clone()), sorted(backward));
        for role in start.iter().chain(&one).chain(&two) {
            let kept_by_both = one.contains(role) && two.contains(role);
            let added = !start.contains(role) && (one.contains(role) || two.contains(role));
            prop_assert_eq!(forward.contains(role), kept_by_both || added);
        }
    }
}

/// A consent that Elena gave at the kiosk, with the intake accepted.
fn consented() -> (World, Consent) {
    let (mut world, elena) = World::with_submission(elenas_submission());
    world.give(Command::AcceptIntake(accept(N, elena)));
    let all = crate::rows_of!(world.of_patient(Entity::Consent, elena), Consent);
    let agreed = all
        .iter()
        .find(|c| c.decision == ConsentDecision::Agreed)
        .unwrap();
    (world, (*agreed).clone())
}

fn revoke(consent: &Consent) -> Command {
    Command::RevokeConsent(RevokeConsent {
        consent_id: consent.id,
        patient_id: consent.patient_id,
    })
}

fn revoked_at(world: &World, consent: &Consent) -> Option<chrono::DateTime<chrono::Utc>> {
    match world.rows.row(Entity::Consent, consent.id.0) {
        Some(Row::Consent(consent)) => consent.revoked_at,
        _ => None,
    }
}

#[test]
fn a_consent_that_is_taken_back_is_not_in_force_and_the_first_moment_counts_in_either_order() {
    for early_first in [true, false] {
        let (mut world, consent) = consented();
        let in_force = |world: &World| {
            let all = crate::rows_of!(world.of_patient(Entity::Consent, consent.patient_id), Consent);
            consent::in_force(&all, consent.kind).is_some()
        };
        assert!(in_force(&world));
        let hours = if early_first { [1, 2] } else { [2, 1] };
        for hour in hours {
            world.device_time = consent.signed_at + chrono::Duration::hours(hour);
            world.give(revoke(&consent));
            assert!(!in_force(&world));
        }
        let first = consent.signed_at + chrono::Duration::hours(1);
        assert_eq!(revoked_at(&world, &consent), Some(first));
    }
}

#[test]
fn a_clock_that_is_behind_ends_a_consent_when_it_was_given_and_no_sooner() {
    let (mut world, consent) = consented();
    world.device_time = consent.signed_at - chrono::Duration::days(400);
    world.give(revoke(&consent));
    assert_eq!(revoked_at(&world, &consent), Some(consent.signed_at));
}

#[test]
fn what_was_declined_or_is_anothers_or_is_not_there_cannot_be_taken_back() {
    let (mut world, consent) = consented();
    let strange = Consent {
        patient_id: PatientId(id(99)),
        ..consent.clone()
    };
    let missing = Consent {
        id: ConsentId(id(99)),
        ..consent.clone()
    };
    for wrong in [strange, missing] {
        assert_eq!(world.refused(revoke(&wrong)).code, RefusalCode::NotFound);
    }
    let declined = Consent {
        id: ConsentId(id(98)),
        decision: ConsentDecision::Declined,
        ..consent
    };
    world.rows.put(Row::Consent(declined.clone()));
    assert_eq!(world.refused(revoke(&declined)).code, RefusalCode::Invalid);
}
