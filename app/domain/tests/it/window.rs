//! The date window: who is set aside, and who comes back.

#![allow(clippy::unwrap_used)]

use crate::common::{World, change};
use domain::access::Role;
use domain::command::Command;
use domain::decide::RefusalCode;
use domain::id::PatientId;
use domain::patients::{AssignPatient, BringBackPatient, Membership, PatientField, SetPatientAside};
use domain::row::{Entity, Row};
use domain::scope::Scope;

fn membership(world: &World, patient: PatientId) -> Option<Membership> {
    match world.rows.row(Entity::Membership, patient.0) {
        Some(Row::Membership(membership)) => Some(membership.clone()),
        _ => None,
    }
}

fn aside(patient_id: PatientId) -> Command {
    Command::SetPatientAside(SetPatientAside { patient_id })
}

fn set_aside(world: &mut World, patient: PatientId) {
    world.acting(Role::Service, "date window", |world| world.give(aside(patient)));
    assert!(membership(world, patient).unwrap().set_aside);
}

#[test]
fn only_the_server_sets_aside_and_only_whom_there_is() {
    let mut world = World::new();
    let patient = world.patient();
    assert_eq!(world.refused(aside(patient)).code, RefusalCode::NotAllowed);
    world.role = Role::Service;
    let nobody = PatientId(crate::common::id(4711));
    assert_eq!(world.refused(aside(nobody)).code, RefusalCode::NotFound);
    world.give(aside(patient));
    assert!(
        world.give(aside(patient)).facts.is_empty(),
        "the same again is nothing"
    );
}

#[test]
fn nobody_is_sent_the_record_of_someone_set_aside_and_everybody_may_work_with_it() {
    let mut world = World::new();
    let patient = world.patient();
    set_aside(&mut world, patient);
    let known = membership(&world, patient);
    assert!(!Scope::everything().holds(known.as_ref()));
    assert!(Scope::everything().reaches(known.as_ref()));
}

#[test]
fn whatever_is_entered_about_someone_set_aside_brings_them_back() {
    let mut world = World::new();
    let patient = world.patient();
    let entries = [
        Command::AssignPatient(AssignPatient::nothing(patient)),
        Command::BringBackPatient(BringBackPatient { patient_id: patient }),
        Command::CorrectPatient(domain::patients::CorrectPatient {
            patient_id: patient,
            changes: vec![change(PatientField::Suffix, serde_json::Value::Null, "Jr.")],
        }),
        Command::RecordCoverage(domain::coverage::RecordCoverage {
            coverage: crate::common::coverage(50, patient, "X1"),
            replaces_from: None,
        }),
    ];
    for entry in entries {
        set_aside(&mut world, patient);
        let name = entry.name();
        world.give(entry);
        assert!(!membership(&world, patient).unwrap().set_aside, "{name:?}");
    }
}
