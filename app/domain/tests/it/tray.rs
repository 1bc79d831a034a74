//! What was not applied: kept whole, decided once, and never a way around a permission.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use domain::access::Role;
use domain::command::Command;
use domain::decide::{Decision, Refusal, RefusalCode};
use domain::id::*;
use domain::patients::*;
use domain::row::{Entity, Row};
use domain::tray::*;
use serde_json::Value;

/// A practice, and what was not applied there.
fn kept(command: &Command) -> (World, TrayItem) {
    let mut world = World::new();
    world.patient();
    let item_id = TrayItemId::derived(CommandId(id(900)), 0);
    let refusal = Refusal::new(RefusalCode::OutOfScope);
    let rows = keep(
        &world.rows,
        &world.ctx(),
        item_id,
        TrayKind::Parked,
        refusal,
        Some(command),
    );
    rows.into_iter().for_each(|row| world.rows.put(row));
    let Some(Row::TrayItem(item)) = world.rows.row(Entity::TrayItem, item_id.0).cloned() else {
        panic!("it is kept")
    };
    (world, item)
}

fn correction() -> Command {
    Command::CorrectPatient(CorrectPatient {
        patient_id: PatientId(id(10)),
        changes: vec![change(PatientField::Pronouns, Value::Null, "she/her")],
    })
}

fn apply(item: &TrayItem, args: Value, edited: bool) -> Command {
    Command::ResolveTrayItem(ResolveTrayItem {
        tray_item_id: item.id,
        choice: TrayChoice::Apply {
            name: item.command.clone().unwrap(),
            version: item.version.unwrap(),
            args,
            edited,
        },
    })
}

fn discard(item: &TrayItem) -> Command {
    Command::ResolveTrayItem(ResolveTrayItem {
        tray_item_id: item.id,
        choice: TrayChoice::Drop,
    })
}

fn state(decision: &Decision) -> TrayState {
    crate::rows_of!(decision.facts, TrayItem)[0].state
}

#[test]
fn what_is_let_in_goes_through_the_same_rule_and_only_once() {
    let (mut world, item) = kept(&correction());
    assert_eq!(
        (item.patient_id, item.state),
        (Some(PatientId(id(10))), TrayState::Open)
    );
    let args = item.args.clone().unwrap();
    assert_eq!(
        state(&world.give(apply(&item, args.clone(), false))),
        TrayState::Applied
    );
    assert_eq!(
        world.read_patient(PatientId(id(10))).pronouns.as_deref(),
        Some("she/her")
    );
    for again in [apply(&item, args, false), discard(&item)] {
        assert_eq!(world.refused(again).code, RefusalCode::AlreadyReviewed);
    }
}

#[test]
fn what_is_dropped_changes_nothing() {
    let (mut world, item) = kept(&correction());
    let before = world.read_patient(PatientId(id(10)));
    assert_eq!(state(&world.give(discard(&item))), TrayState::Dropped);
    assert!(world.read_patient(PatientId(id(10))) == before);
}

#[test]
fn what_was_changed_must_be_said_to_be_changed() {
    let (mut world, item) = kept(&correction());
    let mut args = item.args.clone().unwrap();
    args["changes"][0]["to"] = "they/them".into();
    let silent = world.refused(apply(&item, args.clone(), false));
    assert_eq!(silent.code, RefusalCode::DifferentContent);
    world.give(apply(&item, args, true));
    assert_eq!(
        world.read_patient(PatientId(id(10))).pronouns.as_deref(),
        Some("they/them")
    );
}

#[test]
fn deciding_lets_nobody_do_what_they_may_not() {
    let (mut world, item) = kept(&correction());
    world.role = Role::Biller;
    let args = item.args.clone().unwrap();
    assert_eq!(
        world.refused(apply(&item, args, false)).code,
        RefusalCode::NotAllowed
    );
    world.give(discard(&item));
}

#[test]
fn a_decision_is_not_itself_decided_about() {
    let (mut world, item) = kept(&correction());
    let inner = discard(&item);
    let nested = Command::ResolveTrayItem(ResolveTrayItem {
        tray_item_id: item.id,
        choice: TrayChoice::Apply {
            name: "ResolveTrayItem".into(),
            version: 1,
            args: inner.args().unwrap().read().unwrap(),
            edited: true,
        },
    });
    assert_eq!(world.refused(nested).code, RefusalCode::Unreadable);
}

#[test]
fn the_desk_does_not_read_answers_about_health_and_they_come_back_when_it_is_let_in() {
    let submit = Command::SubmitIntake(submit(N, elenas_submission()));
    let (mut world, item) = kept(&submit);
    let said = serde_json::to_string(&item).unwrap();
    assert!(!said.contains("smoking"), "{said}");
    assert_eq!(world.rows.all(Entity::QuestionnaireResponse).count(), 1);
    let args = item.args.clone().unwrap();
    let decision = world.give(apply(&item, args, false));
    let answers = crate::rows_of!(decision.facts, QuestionnaireResponse);
    assert_eq!(answers.len(), 1);
    assert_eq!(world.intake().history_response_id, Some(answers[0].id));
}

#[test]
fn a_value_that_was_changed_since_is_asked_again_and_a_third_one_is_taken() {
    let mut world = World::new();
    let elena = world.patient();
    world.correct(elena, vec![change(PatientField::Pronouns, Value::Null, "a")]);
    let decision = world.correct(elena, vec![change(PatientField::Pronouns, Value::Null, "b")]);
    let conflict = crate::rows_of!(decision.facts, Conflict)[0].clone();
    world.correct(elena, vec![change(PatientField::Pronouns, "a", "newer")]);
    let decision = world.give(Command::ResolveConflict(ResolveConflict {
        conflict_id: conflict.id,
        patient_id: elena,
        keep_mine: true,
        expects: Some("a".into()),
        value: None,
        related_person_id: None,
        referral_id: None,
    }));
    assert_eq!(world.read_patient(elena).pronouns.as_deref(), Some("newer"));
    let again = crate::rows_of!(decision.facts, Conflict);
    let open: Vec<_> = again.iter().filter(|c| c.state == ConflictState::Open).collect();
    assert_eq!((open.len(), again.len(), decision.conflicts), (1, 2, 1));
    assert_eq!((&open[0].theirs, &open[0].mine), (&"newer".into(), &"b".into()));
    let decision = world.give(Command::ResolveConflict(ResolveConflict {
        conflict_id: open[0].id,
        patient_id: elena,
        keep_mine: false,
        expects: Some("newer".into()),
        value: Some("c".into()),
        related_person_id: None,
        referral_id: None,
    }));
    assert_eq!(world.read_patient(elena).pronouns.as_deref(), Some("c"));
    assert_eq!(
        crate::rows_of!(decision.facts, Conflict)[0].state,
        ConflictState::Edited
    );
}
