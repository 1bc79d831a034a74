//! What was submitted is reviewed: accepted into a record, or put aside.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use domain::command::Command;
use domain::coverage::Source;
use domain::decide::RefusalCode;
use domain::id::*;
use domain::intake::*;
use domain::patients::*;
use domain::row::{Entity, Row};
use serde_json::{Value, json};

#[test]
fn accepting_changes_only_the_accepted_fields() {
    let (mut world, elena) = World::with_submission(elenas_submission());
    let before = world.read_patient(elena);
    let accepted = vec![change(PatientField::PreferredName, Value::Null, "Nena")];
    world.give(Command::AcceptIntake(AcceptIntake {
        accepted,
        ..accept(N, elena)
    }));
    let expected = Patient {
        preferred_name: Some("Nena".into()),
        ..before
    };
    assert!(world.read_patient(elena) == expected);
    for entity in [Entity::Coverage, Entity::RelatedPerson, Entity::Conflict] {
        assert!(world.of_patient(entity, elena).is_empty(), "{entity:?}");
    }
    let done = world.intake();
    assert_eq!(
        (done.status, done.patient_id),
        (IntakeStatus::Accepted, Some(elena))
    );
    assert_eq!(
        (done.reviewed_by.as_deref(), done.reviewed_at),
        (Some("Maria Lindqvist"), Some(world.now))
    );
    assert!(
        done.content == elenas_submission(),
        "what was said stays as it was said"
    );
}

#[test]
fn accept_all_takes_everything_that_differs_but_never_identity() {
    let (mut world, elena) = World::with_submission(elenas_submission());
    let accepted = safe_changes(&elenas_submission(), Some(&world.read_patient(elena)));
    let fields: Vec<PatientField> = accepted.iter().map(|c| c.field).collect();
    use PatientField::*;
    assert_eq!(
        fields,
        [
            PreferredName,
            Pronouns,
            MobilePhone,
            Email,
            HomeAddress,
            Language,
            EthnicityCode
        ],
        "the family name was typed differently, and is not among them"
    );
    world.give(Command::AcceptIntake(AcceptIntake {
        accepted,
        ..accept(N, elena)
    }));
    let patient = world.read_patient(elena);
    assert_eq!(patient.family_name, "Delgado");
    assert_eq!(patient.language, "es");
    assert_eq!(
        patient.addresses[0].one_line(),
        "1270 Peñasco Ln, Waukesha, WI 53186"
    );
    assert!(
        safe_changes(&elenas_submission(), Some(&patient)).is_empty(),
        "and then nothing differs"
    );
}

#[test]
fn an_accepted_coverage_replaces_the_recorded_one_from_its_day() {
    let (mut world, elena) = World::with_submission(elenas_submission());
    world.rows.put(Row::Coverage(coverage(50, elena, "OLD-1")));
    let coverages = vec![AcceptedCoverage {
        index: 0,
        replaces_from: day("2026-03-01"),
    }];
    world.give(Command::AcceptIntake(AcceptIntake {
        coverages,
        ..accept(N, elena)
    }));
    let mut known = crate::rows_of!(world.of_patient(Entity::Coverage, elena), Coverage);
    known.sort_by_key(|c| c.effective_on);
    let [old, new] = known.try_into().unwrap_or_else(|_| panic!());
    assert_eq!(
        (old.member_id.as_str(), old.term_on),
        ("OLD-1", Some(day("2026-02-28")))
    );
    assert_eq!(
        (new.member_id.as_str(), new.payer_name.as_str()),
        ("LKS-900-1187", "Lakeside Health")
    );
    assert_eq!(
        (new.effective_on, new.replaces_id),
        (Some(day("2026-03-01")), Some(old.id))
    );
    assert_eq!((new.source, new.recorded_at), (Source::Kiosk, world.now));
    assert_eq!(new.card_front, Some("a".repeat(64)));
}

#[test]
fn a_coverage_that_was_not_submitted_or_is_named_twice_is_refused() {
    let (mut world, elena) = World::with_submission(elenas_submission());
    let from = |index| AcceptedCoverage {
        index,
        replaces_from: day("2026-03-01"),
    };
    for (coverages, code) in [
        (vec![from(1)], RefusalCode::NotFound),
        (vec![from(0), from(0)], RefusalCode::Invalid),
    ] {
        let command = AcceptIntake {
            coverages,
            ..accept(N, elena)
        };
        assert_eq!(world.refused(Command::AcceptIntake(command)).code, code);
    }
}

#[test]
fn five_consents_are_recorded_each_for_itself_with_the_hash_of_its_text() {
    let (mut world, elena) = World::with_submission(elenas_submission());
    world.give(Command::AcceptIntake(accept(N, elena)));
    let mut known = crate::rows_of!(world.of_patient(Entity::Consent, elena), Consent);
    known.sort_by_key(|c| c.kind);
    assert_eq!(known.iter().map(|c| c.kind).collect::<Vec<_>>(), ConsentKind::ALL);
    for (consent, said) in known.iter().zip(elenas_submission().consents) {
        assert_eq!(consent.text_hash, said.text_hash);
        assert_eq!((consent.form_id, consent.decision), (said.form_id, said.decision));
        assert!(consent.signature == said.signature);
        assert_eq!(
            (consent.signed_at, consent.device_id),
            (said.signed_at, world.device)
        );
        assert_eq!((consent.language.as_str(), consent.revoked_at), ("es", None));
    }
}

#[test]
fn the_emergency_contact_and_the_guarantor_replace_only_the_one_before_them() {
    let (mut world, elena) = World::with_submission(elenas_submission());
    let roles = [
        (30, vec![RelatedRole::EmergencyContact]),
        (31, vec![RelatedRole::Guarantor]),
        (
            32,
            vec![RelatedRole::PersonalRepresentative, RelatedRole::Guarantor],
        ),
    ];
    for (n, roles) in roles {
        world.rows.put(Row::RelatedPerson(related(n, elena, roles)));
    }
    world.give(Command::AcceptIntake(AcceptIntake {
        emergency_contact: true,
        ..accept(N, elena)
    }));
    let people = crate::rows_of!(world.of_patient(Entity::RelatedPerson, elena), RelatedPerson);
    let ended: Vec<_> = people
        .iter()
        .filter(|p| p.ended_on.is_some())
        .map(|p| p.id)
        .collect();
    assert_eq!(ended, [RelatedPersonId(id(30))]);
    let lucia = people.iter().find(|p| p.given_name == "Lucía").unwrap();
    assert_eq!(lucia.roles, [RelatedRole::EmergencyContact]);
    assert_eq!(
        (lucia.relationship.as_str(), lucia.phone.as_deref()),
        ("hermana", Some("262 555 0143"))
    );
    assert!(
        people.iter().all(|p| p.given_name != "Tomás"),
        "the guarantor was not accepted"
    );
}

#[test]
fn health_answers_get_the_patient_when_they_can_be_seen() {
    let (mut world, elena) = World::with_submission(elenas_submission());
    let decision = world.give(Command::AcceptIntake(accept(N, elena)));
    let [response] = crate::rows_of!(decision.facts, QuestionnaireResponse)
        .try_into()
        .unwrap_or_else(|_| panic!());
    assert_eq!(response.patient_id, Some(elena));
    assert!(response.answers == history().answers);
}

#[test]
fn a_desk_that_may_not_see_health_answers_accepts_all_the_same() {
    let (mut world, elena) = World::with_submission(elenas_submission());
    world
        .rows
        .remove(Entity::QuestionnaireResponse, response_id(IntakeId(id(N))).0);
    let decision = world.give(Command::AcceptIntake(accept(N, elena)));
    assert!(crate::rows_of!(decision.facts, QuestionnaireResponse).is_empty());
    assert_eq!(
        world.intake().history_response_id,
        Some(response_id(IntakeId(id(N))))
    );
}

#[test]
fn a_new_patient_is_who_they_said_and_what_was_accepted() {
    let (mut world, _) = World::with_submission(childs_submission());
    let child = PatientId(id(12));
    let accepted = vec![
        change(PatientField::PreferredName, Value::Null, "Bego"),
        change(PatientField::FamilyName, Value::Null, "Delgado-Peña"),
    ];
    let command = AcceptIntake {
        new_patient: true,
        guarantor: true,
        accepted,
        ..accept(N, child)
    };
    world.give(Command::AcceptIntake(command));
    let patient = world.read_patient(child);
    assert_eq!(
        (patient.given_name.as_str(), patient.family_name.as_str()),
        ("Begoña", "Delgado-Peña")
    );
    assert_eq!(patient.birth_on, day("2014-08-31"));
    assert_eq!((patient.sex, patient.telecoms.len()), (Sex::Unknown, 0));
    assert!(patient.mrn == HumanNumber::Assigned(1043));
    assert_eq!(patient.identity, IdentityStatus::StaffVerified);
    let people = crate::rows_of!(world.of_patient(Entity::RelatedPerson, child), RelatedPerson);
    assert_eq!(
        (people.len(), &people[0].roles),
        (1, &vec![RelatedRole::Guarantor])
    );
    assert_eq!(world.of_patient(Entity::Consent, child).len(), 5);
}

#[test]
fn a_new_patient_who_exists_and_an_old_one_who_does_not_are_refused() {
    let (mut world, elena) = World::with_submission(elenas_submission());
    let new = AcceptIntake {
        new_patient: true,
        ..accept(N, elena)
    };
    assert_eq!(
        world.refused(Command::AcceptIntake(new)).code,
        RefusalCode::AlreadyExists
    );
    let old = accept(N, PatientId(id(99)));
    assert_eq!(
        world.refused(Command::AcceptIntake(old)).code,
        RefusalCode::NotFound
    );
}

#[test]
fn what_was_decided_once_names_who_decided() {
    let (mut world, elena) = World::with_submission(elenas_submission());
    world.give(Command::AcceptIntake(accept(N, elena)));
    world.actor = "Sam Brandt".into();
    for command in [
        Command::AcceptIntake(accept(N, elena)),
        Command::RejectIntake(RejectIntake {
            intake_id: IntakeId(id(N)),
            reason: "Twice".into(),
        }),
    ] {
        let refusal = world.refused(command);
        assert_eq!(refusal.code, RefusalCode::AlreadyReviewed);
        assert_eq!(refusal.params["by"], "Maria Lindqvist");
    }
}

#[test]
fn putting_aside_needs_a_reason_and_keeps_the_submission() {
    let (mut world, _) = World::with_submission(elenas_submission());
    let reject = |reason: &str| {
        Command::RejectIntake(RejectIntake {
            intake_id: IntakeId(id(N)),
            reason: reason.into(),
        })
    };
    for reason in ["", "  \n", &"x".repeat(2001)] {
        let refusal = world.refused(reject(reason));
        assert_eq!(
            (refusal.code, refusal.params["field"].as_str()),
            (RefusalCode::Invalid, "reason")
        );
    }
    world.give(reject(" Filled in twice "));
    let kept = world.intake();
    assert_eq!(kept.status, IntakeStatus::Rejected);
    assert_eq!(kept.rejection_reason.as_deref(), Some("Filled in twice"));
    assert!(kept.content == elenas_submission());
}

#[test]
fn a_value_that_changed_since_the_reviewer_looked_waits_for_a_person() {
    let (mut world, elena) = World::with_submission(elenas_submission());
    let accepted = safe_changes(&elenas_submission(), Some(&world.read_patient(elena)));
    let moved = serde_json::to_value(mobile("414 555 0155")).unwrap();
    let seen = PatientField::MobilePhone.read(&world.read_patient(elena));
    world.correct(
        elena,
        vec![change(PatientField::MobilePhone, seen, moved.clone())],
    );
    let decision = world.give(Command::AcceptIntake(AcceptIntake {
        accepted,
        ..accept(N, elena)
    }));
    assert_eq!(decision.conflicts, 1);
    let conflict = crate::rows_of!(decision.facts, Conflict)[0].clone();
    assert_eq!(
        (conflict.field, conflict.theirs),
        (ConflictField::Patient(PatientField::MobilePhone), moved)
    );
    assert_eq!(conflict.mine["value"], json!("414 555 0199"));
    assert_eq!(world.read_patient(elena).telecoms[0].value, "414 555 0155");
    assert_eq!(world.read_patient(elena).preferred_name.as_deref(), Some("Nena"));
    assert_eq!(world.intake().status, IntakeStatus::Accepted);
}
