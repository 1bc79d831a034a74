//! Two records of one person: joined without losing anything, followed by what is said later, and taken apart.

use crate::common::*;
use domain::access::Role;
use domain::command::Command;
use domain::coverage::RecordCoverage;
use domain::decide::RefusalCode;
use domain::id::*;
use domain::patients::*;
use domain::row::{Entity, Row, Rows};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Elena twice: as 10, and as 11 with another phone, a coverage and a guarantor.
fn twice() -> (World, PatientId, PatientId) {
    let mut world = World::new();
    let elena = world.register(named(10, "Elena", "Delgado", "1984-03-09"));
    let again = world.register(Patient {
        telecoms: vec![mobile("414 555 0000")],
        ..named(11, "Elena", "Delgado-Ruiz", "1984-03-09")
    });
    world.give(Command::RecordCoverage(RecordCoverage {
        coverage: coverage(50, again, "M1"),
        replaces_from: None,
    }));
    world.give(Command::RecordRelatedPerson(related(
        20,
        again,
        vec![RelatedRole::Guarantor],
    )));
    (world, elena, again)
}

fn merge(keep: PatientId, other: PatientId, take: &[PatientField]) -> Command {
    Command::MergePatients(MergePatients {
        keep,
        other,
        take: take.to_vec(),
    })
}

fn unmerge(patient_id: PatientId, other: PatientId) -> Command {
    Command::UnmergePatients(UnmergePatients { patient_id, other })
}

/// Everything but the alias itself.
fn without_alias(rows: &Rows) -> Rows {
    let mut kept = Rows::default();
    let others = rows
        .iter()
        .filter(|row| row.entity() != Entity::PatientAlias && row.entity() != Entity::Membership);
    others.cloned().for_each(|row| kept.put(row));
    kept
}

#[test]
fn joining_moves_everything_takes_what_was_chosen_and_taking_apart_restores_it() {
    let (mut world, elena, again) = twice();
    let before = world.rows.clone();
    world.give(merge(elena, again, &[PatientField::MobilePhone]));
    for entity in [Entity::Coverage, Entity::RelatedPerson] {
        assert_eq!(world.of_patient(entity, elena).len(), 1, "{entity:?}");
        assert_eq!(world.of_patient(entity, again).len(), 0, "{entity:?}");
    }
    let joined = world.read_patient(elena);
    assert_eq!(joined.telecoms, [mobile("414 555 0000")]);
    assert_eq!(joined.family_name, "Delgado", "nobody chose the other name");
    world.give(unmerge(elena, again));
    assert!(without_alias(&world.rows) == without_alias(&before));
    let nothing = world.refused(unmerge(elena, again));
    assert_eq!(nothing.code, RefusalCode::NotFound);
    // They may be joined again, the other way round.
    world.give(merge(again, elena, &[]));
    assert_eq!(world.of_patient(Entity::Coverage, again).len(), 1);
}

#[test]
fn whatever_is_said_of_the_joined_record_is_said_of_the_survivor() {
    let (mut world, elena, again) = twice();
    world.give(merge(elena, again, &[]));
    // By devices that had not heard of it.
    world.give(Command::RecordCoverage(RecordCoverage {
        coverage: coverage(51, again, "M2"),
        replaces_from: None,
    }));
    world.correct(again, vec![change(PatientField::MiddleName, Value::Null, "Q")]);
    let revoke = revoke_of(&mut world, again);
    world.give(Command::RevokeConsent(revoke));
    assert_eq!(world.of_patient(Entity::Coverage, elena).len(), 2);
    assert_eq!(world.read_patient(elena).middle_name.as_deref(), Some("Q"));
    assert_eq!(world.read_patient(again).middle_name, None);
    // What came since stays where it was entered; what was moved goes back.
    world.give(unmerge(elena, again));
    assert_eq!(world.of_patient(Entity::Coverage, elena).len(), 1);
    assert_eq!(world.of_patient(Entity::Coverage, again).len(), 1);
}

/// A consent of the joined record, which was signed before, and its revocation.
fn revoke_of(world: &mut World, again: PatientId) -> domain::intake::RevokeConsent {
    let form = ConsentFormId(id(60));
    let row = domain::intake::Consent {
        id: ConsentId(id(61)),
        patient_id: domain::patients::alias::survivor(&world.rows, again),
        kind: domain::intake::ConsentKind::Treatment,
        form_id: form,
        language: "en".into(),
        text_hash: String::new(),
        decision: domain::intake::ConsentDecision::Agreed,
        signature: None,
        device_id: world.device,
        signed_at: world.now,
        revoked_at: None,
    };
    world.rows.put(Row::Consent(row));
    domain::intake::RevokeConsent {
        patient_id: again,
        consent_id: ConsentId(id(61)),
    }
}

#[test]
fn a_value_that_was_corrected_since_is_not_given_back() {
    let (mut world, elena, again) = twice();
    world.give(merge(
        elena,
        again,
        &[PatientField::MobilePhone, PatientField::FamilyName],
    ));
    world.correct(
        elena,
        vec![change(
            PatientField::MobilePhone,
            json!(mobile("414 555 0000")),
            json!(mobile("414 555 9999")),
        )],
    );
    world.give(unmerge(elena, again));
    let after = world.read_patient(elena);
    assert_eq!(after.telecoms, [mobile("414 555 9999")]);
    assert_eq!(after.family_name, "Delgado");
}

#[test]
fn two_desks_that_join_the_same_say_it_once_and_those_that_do_not_agree_are_told() {
    let (mut world, elena, again) = twice();
    let third = world.register(named(12, "Elena", "Delgado", "1984-03-09"));
    world.give(merge(elena, again, &[]));
    assert!(world.give(merge(elena, again, &[])).facts.is_empty());
    for other_way in [merge(again, elena, &[]), merge(third, again, &[])] {
        assert_eq!(world.refused(other_way).code, RefusalCode::AlreadyReviewed);
    }
    assert_eq!(world.refused(merge(elena, elena, &[])).code, RefusalCode::Invalid);
    // Joined on: what was joined before goes along, and back.
    world.give(merge(third, elena, &[]));
    assert_eq!(domain::patients::alias::survivor(&world.rows, again), third);
    assert_eq!(world.of_patient(Entity::Coverage, third).len(), 1);
    world.give(unmerge(third, elena));
    assert_eq!(domain::patients::alias::survivor(&world.rows, again), elena);
    assert_eq!(world.of_patient(Entity::Coverage, elena).len(), 1);
}

#[test]
fn what_was_told_apart_is_not_joined_and_a_practitioner_joins_nothing() {
    let (mut world, elena, again) = twice();
    world.acting(Role::Practitioner, "Dr. Okafor", |world| {
        assert_eq!(
            world.refused(merge(elena, again, &[])).code,
            RefusalCode::NotAllowed
        );
    });
    world.give(Command::MarkDistinct(MarkDistinct { a: elena, b: again }));
    assert_eq!(
        world.refused(merge(elena, again, &[])).code,
        RefusalCode::AlreadyReviewed
    );
}

#[test]
fn the_survivor_belongs_wherever_either_did() {
    let (mut world, elena, again) = twice();
    let site = |n: u128| SiteId(id(n));
    let assign = |patient_id, n| AssignPatient {
        add_sites: vec![site(n)],
        ..AssignPatient::nothing(patient_id)
    };
    world.give(Command::AssignPatient(assign(elena, 70)));
    world.give(Command::AssignPatient(assign(again, 71)));
    world.give(merge(elena, again, &[]));
    let membership = |world: &World, patient| match world.rows.row(Entity::Membership, patient) {
        Some(Row::Membership(row)) => row.site_ids.clone(),
        _ => Vec::new(),
    };
    assert_eq!(membership(&world, elena.0), [site(70), site(71)]);
    world.give(unmerge(elena, again));
    assert_eq!(membership(&world, elena.0), [site(70)], "as before");
    // Whoever belonged to the whole practice goes on to.
    let (mut world, elena, again) = twice();
    world.give(Command::AssignPatient(assign(elena, 70)));
    world.give(merge(elena, again, &[]));
    assert!(membership(&world, elena.0).is_empty());
    world.give(unmerge(elena, again));
    assert_eq!(membership(&world, elena.0), [site(70)], "as before");
    // What was said of it since stays.
    world.give(merge(elena, again, &[]));
    world.give(Command::AssignPatient(assign(elena, 72)));
    world.give(unmerge(elena, again));
    assert_eq!(membership(&world, elena.0), [site(72)]);
}

proptest! {
    /// Whatever was recorded of either, before and in whichever order: nothing is lost by joining, and taking apart
    /// restores all of it.
    #[test]
    fn joining_and_taking_apart_is_nothing(of in proptest::collection::vec((0u8..3, any::<bool>()), 0..12), take in proptest::sample::subsequence(PatientField::ALL, 0..PatientField::ALL.len())) {
        let (mut world, elena, again) = twice();
        for (n, (kind, first)) in (200u128..).zip(of) {
            let patient = if first { elena } else { again };
            world.give(match kind {
                0 => Command::RecordCoverage(RecordCoverage { coverage: coverage(n, patient, "M"), replaces_from: None }),
                1 => Command::RecordRelatedPerson(related(n, patient, vec![RelatedRole::EmergencyContact])),
                _ => {
                    let known = PatientField::PreferredName.read(&world.read_patient(patient));
                    Command::CorrectPatient(CorrectPatient { patient_id: patient, changes: vec![change(PatientField::PreferredName, known, format!("E{n}"))] })
                }
            });
        }
        let before = world.rows.clone();
        world.give(merge(elena, again, &take));
        prop_assert_eq!(without_alias(&world.rows).len(), without_alias(&before).len());
        let left: Vec<&Row> = world.rows.iter().filter(|row| row.patient_id() == Some(again) && row.entity() != Entity::Patient).collect();
        prop_assert!(left.is_empty(), "{left:?} stayed behind");
        world.give(unmerge(elena, again));
        prop_assert!(without_alias(&world.rows) == without_alias(&before));
    }
}
