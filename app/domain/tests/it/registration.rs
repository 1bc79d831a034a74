//! Registering, correcting, telling apart: decided over rows in memory.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use domain::access::Role;
use domain::command::Command;
use domain::decide::{Ctx, NumberKind, Numbers, RefusalCode, decide};
use domain::id::*;
use domain::patients::*;
use domain::row::{Entity, Row, Rows};
use serde_json::{Value, json};

fn register(patient: Patient) -> Command {
    Command::RegisterPatient(RegisterPatient {
        patient,
        site_id: None,
    })
}

#[test]
fn a_new_record_gets_the_next_number_whatever_number_it_came_with() {
    let mut world = World::new();
    let elena = world.patient();
    let other = world.register(named(11, "Jonas", "Weber", "1990-12-01"));
    assert!(world.read_patient(elena).mrn == HumanNumber::Assigned(1042));
    assert!(world.read_patient(other).mrn == HumanNumber::Assigned(1043));
    assert_eq!(world.read_patient(elena).registered_at, world.now);
}

#[test]
fn a_device_without_the_server_gives_a_provisional_number() {
    let world = World::new();
    let mut ctx = Ctx {
        numbers: Numbers::Provisional,
        ..world.ctx()
    };
    let decision = decide(&Rows::default(), &register(elena()), &mut ctx).unwrap();
    let [Row::Patient(patient)] = decision.facts.as_slice() else {
        panic!()
    };
    assert!(patient.mrn.to_string().starts_with("new-") && patient.mrn.to_string().len() == 8);
}

#[test]
fn a_record_is_not_made_twice_and_the_number_is_not_spent() {
    let mut world = World::new();
    world.patient();
    let refusal = world.refused(register(elena()));
    assert_eq!(refusal.code, RefusalCode::AlreadyExists);
    assert_eq!(world.next_mrn, 1043);
    assert!(world.ctx().allocate(NumberKind::Mrn) == HumanNumber::Assigned(1043));
}

#[test]
fn nobody_is_born_tomorrow_or_a_hundred_and_forty_years_ago() {
    for (born, fault) in [("2026-03-11", "BirthInFuture"), ("1886-01-01", "BirthTooLongAgo")] {
        let refusal = World::new().refused(register(named(10, "Elena", "Delgado", born)));
        assert_eq!(refusal.code, RefusalCode::Invalid);
        assert_eq!(refusal.params["field"], "birth_on");
        assert_eq!(refusal.params["fault"], fault);
    }
}

#[test]
fn one_name_is_enough_and_none_is_not() {
    let mut world = World::new();
    world.register(named(20, "", "Sukarno", "1970-01-01"));
    world.register(named(21, "Teller", "", "1970-01-01"));
    assert_eq!(
        world.refused(register(named(22, " ", "", "1970-01-01"))).params["fault"],
        "NameMissing"
    );
}

#[test]
fn a_field_nobody_else_touched_is_corrected() {
    let mut world = World::new();
    let elena = world.patient();
    let decision = world.correct(
        elena,
        vec![change(PatientField::FamilyName, "Delgado", "Delgado-Ruiz")],
    );
    assert_eq!(decision.conflicts, 0);
    assert_eq!(world.read_patient(elena).family_name, "Delgado-Ruiz");
}

#[test]
fn a_value_that_is_recorded_already_changes_nothing() {
    let mut world = World::new();
    let elena = world.patient();
    let before = world.rows.clone();
    let decision = world.correct(elena, vec![change(PatientField::GivenName, "Helena", "Elena")]);
    assert_eq!(decision.conflicts, 0);
    assert!(world.rows == before);
}

#[test]
fn two_values_for_one_field_wait_for_a_person_and_the_first_stays() {
    let mut world = World::new();
    let elena = world.patient();
    world.correct(
        elena,
        vec![change(PatientField::Pronouns, Value::Null, "she/her")],
    );
    let decision = world.acting(Role::Nurse, "Ade Okafor", |world| {
        world.correct(
            elena,
            vec![
                change(PatientField::Pronouns, Value::Null, "they/them"),
                change(PatientField::PreferredName, Value::Null, "Nena"),
            ],
        )
    });
    assert_eq!(decision.conflicts, 1);
    let patient = world.read_patient(elena);
    assert_eq!(patient.pronouns.as_deref(), Some("she/her"));
    assert_eq!(
        patient.preferred_name.as_deref(),
        Some("Nena"),
        "the rest of the correction is applied"
    );
    let [conflict] = crate::rows_of!(decision.facts, Conflict)
        .try_into()
        .unwrap_or_else(|_| panic!());
    assert_eq!(
        (conflict.field, conflict.state),
        (
            ConflictField::Patient(PatientField::Pronouns),
            ConflictState::Open
        )
    );
    assert_eq!((conflict.base, conflict.theirs), (Value::Null, json!("she/her")));
    assert_eq!(
        (conflict.mine, conflict.entered_by.as_str()),
        (json!("they/them"), "Ade Okafor")
    );
    assert_eq!(conflict.entered_at, world.device_time);
}

#[test]
fn a_value_that_waits_for_a_person_must_be_sound_too() {
    let mut world = World::new();
    let elena = world.patient();
    world.correct(
        elena,
        vec![change(PatientField::BirthOn, "1984-03-09", "1984-09-03")],
    );
    let late = change(PatientField::BirthOn, "1984-03-09", "2084-03-09");
    let refusal = world.refused(Command::CorrectPatient(CorrectPatient {
        patient_id: elena,
        changes: vec![late],
    }));
    assert_eq!(refusal.params["fault"], "BirthInFuture");
}

#[test]
fn a_phone_can_be_added_to_nothing_and_removed_again() {
    let mut world = World::new();
    let jonas = world.register(named(11, "Jonas", "Weber", "1990-12-01"));
    let phone = serde_json::to_value(mobile("414 555 0101")).unwrap();
    world.correct(
        jonas,
        vec![change(PatientField::MobilePhone, Value::Null, phone.clone())],
    );
    assert!(world.read_patient(jonas).telecoms == vec![mobile("414 555 0101")]);
    world.correct(jonas, vec![change(PatientField::MobilePhone, phone, Value::Null)]);
    assert!(world.read_patient(jonas).telecoms.is_empty());
}

#[test]
fn removing_the_first_of_two_phones_leaves_the_one_that_was_not_seen() {
    let mut world = World::new();
    let two = vec![mobile("414 555 0101"), mobile("414 555 0102")];
    let jonas = world.register(Patient {
        telecoms: two,
        ..named(11, "Jonas", "Weber", "1990-12-01")
    });
    let seen = PatientField::MobilePhone.read(&world.read_patient(jonas));
    world.correct(jonas, vec![change(PatientField::MobilePhone, seen, Value::Null)]);
    assert!(world.read_patient(jonas).telecoms == vec![mobile("414 555 0102")]);
}

#[test]
fn a_value_of_the_wrong_shape_is_refused_by_the_fields_name() {
    let mut world = World::new();
    let elena = world.patient();
    for (field, to) in [
        (PatientField::BirthOn, json!("the ninth of March")),
        (PatientField::MobilePhone, json!("414 555 0101")),
        (
            PatientField::MobilePhone,
            json!({"system":"email","usage":"home","value":"a@b.org","may_text":false}),
        ),
        (
            PatientField::HomeAddress,
            json!({"usage":"mailing","line1":"1","line2":null,"city":"","state":"","postal_code":"","bad":false}),
        ),
        (PatientField::Sex, Value::Null),
    ] {
        let changes = vec![FieldChange {
            field,
            from: field.read(&world.read_patient(elena)),
            to,
        }];
        let refusal = world.refused(Command::CorrectPatient(CorrectPatient {
            patient_id: elena,
            changes,
        }));
        assert_eq!(
            json!(refusal.params["field"]),
            serde_json::to_value(field).unwrap()
        );
    }
}

#[test]
fn a_patient_who_is_not_there_cannot_be_corrected() {
    let nobody = CorrectPatient {
        patient_id: PatientId(id(99)),
        changes: Vec::new(),
    };
    assert_eq!(
        World::new().refused(Command::CorrectPatient(nobody)).code,
        RefusalCode::NotFound
    );
}

#[test]
fn telling_two_records_apart_is_the_same_twice_and_in_either_order() {
    let mut world = World::new();
    let (a, b) = (
        world.patient(),
        world.register(named(11, "Elena", "Delgado", "1984-03-09")),
    );
    assert_eq!(
        world
            .give(Command::MarkDistinct(MarkDistinct { a, b }))
            .facts
            .len(),
        1
    );
    let once = world.rows.clone();
    for (a, b) in [(a, b), (b, a)] {
        assert!(
            world
                .give(Command::MarkDistinct(MarkDistinct { a, b }))
                .facts
                .is_empty()
        );
    }
    assert!(world.rows == once);

    let mut other_desk = World::new();
    other_desk.patient();
    other_desk.register(named(11, "Elena", "Delgado", "1984-03-09"));
    other_desk.give(Command::MarkDistinct(MarkDistinct { a: b, b: a }));
    let link = |world: &World| {
        crate::rows_of!(world.of_patient(Entity::PatientLink, a.min(b)), PatientLink)[0].clone()
    };
    assert_eq!(link(&world).id, link(&other_desk).id);
    assert_eq!(
        (link(&other_desk).patient_id, link(&other_desk).other_patient_id),
        (a.min(b), a.max(b))
    );
}

#[test]
fn a_record_is_not_told_apart_from_itself_or_from_nothing() {
    let mut world = World::new();
    let a = world.patient();
    assert_eq!(
        world
            .refused(Command::MarkDistinct(MarkDistinct { a, b: a }))
            .code,
        RefusalCode::Invalid
    );
    let b = PatientId(id(99));
    assert_eq!(
        world.refused(Command::MarkDistinct(MarkDistinct { a, b })).code,
        RefusalCode::NotFound
    );
}

/// Elena, with two values for her pronouns.
fn conflicting() -> (World, PatientId, ConflictId) {
    let mut world = World::new();
    let elena = world.patient();
    world.correct(
        elena,
        vec![change(PatientField::Pronouns, Value::Null, "she/her")],
    );
    let decision = world.correct(
        elena,
        vec![change(PatientField::Pronouns, Value::Null, "they/them")],
    );
    let conflict = crate::rows_of!(decision.facts, Conflict)[0].id;
    (world, elena, conflict)
}

#[test]
fn a_person_chooses_either_value_once() {
    for (keep_mine, pronouns, state) in [
        (true, "they/them", ConflictState::KeptMine),
        (false, "she/her", ConflictState::KeptTheirs),
    ] {
        let (mut world, patient_id, conflict_id) = conflicting();
        let choose = || {
            Command::ResolveConflict(ResolveConflict {
                conflict_id,
                patient_id,
                keep_mine,
                expects: None,
                value: None,
                related_person_id: None,
                referral_id: None,
            })
        };
        world.give(choose());
        assert_eq!(world.read_patient(patient_id).pronouns.as_deref(), Some(pronouns));
        let conflict = crate::rows_of!(world.of_patient(Entity::Conflict, patient_id), Conflict)[0].clone();
        assert_eq!(
            (conflict.state, conflict.decided_by.as_deref()),
            (state, Some("Maria Lindqvist"))
        );
        let again = world.refused(choose());
        assert_eq!(
            (again.code, again.params["by"].as_str()),
            (RefusalCode::AlreadyReviewed, "Maria Lindqvist")
        );
    }
}

#[test]
fn a_conflict_is_not_decided_from_another_record() {
    let (mut world, _, conflict_id) = conflicting();
    let patient_id = world.register(named(11, "Jonas", "Weber", "1990-12-01"));
    let refusal = world.refused(Command::ResolveConflict(ResolveConflict {
        conflict_id,
        patient_id,
        keep_mine: true,
        expects: None,
        value: None,
        related_person_id: None,
        referral_id: None,
    }));
    assert_eq!(refusal.code, RefusalCode::NotFound);
}

#[test]
fn someone_around_one_patient_cannot_be_moved_to_another() {
    let mut world = World::new();
    let (elena, jonas) = (
        world.patient(),
        world.register(named(11, "Jonas", "Weber", "1990-12-01")),
    );
    world.give(Command::RecordRelatedPerson(related(
        30,
        elena,
        vec![RelatedRole::Guarantor],
    )));
    let moved = related(30, jonas, vec![RelatedRole::Guarantor]);
    assert_eq!(
        world.refused(Command::RecordRelatedPerson(moved)).code,
        RefusalCode::AlreadyExists
    );
    let nobodys = related(31, PatientId(id(99)), vec![RelatedRole::Escort]);
    assert_eq!(
        world.refused(Command::RecordRelatedPerson(nobodys)).code,
        RefusalCode::NotFound
    );
}

#[test]
fn guarantor_representative_and_escort_are_three_people_or_one() {
    use RelatedRole::*;
    let mut world = World::new();
    let elena = world.patient();
    let parts = [
        vec![Guarantor],
        vec![PersonalRepresentative],
        vec![Escort],
        vec![Guarantor, Escort],
    ];
    for (n, roles) in (30..).zip(parts) {
        world.give(Command::RecordRelatedPerson(related(n, elena, roles)));
    }
    assert_eq!(world.of_patient(Entity::RelatedPerson, elena).len(), 4);
}
