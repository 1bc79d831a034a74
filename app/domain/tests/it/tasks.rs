//! What colleagues ask of each other.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use domain::access::Role;
use domain::command::Command;
use domain::decide::RefusalCode;
use domain::id::*;
use domain::row::{Entity, Row};
use domain::tasks::*;

fn task(n: u128, patient_id: Option<PatientId>) -> Task {
    Task {
        id: TaskId(id(n)),
        site_id: None,
        patient_id,
        appointment_id: None,
        owner: TaskOwner::Desk,
        words: "  Book a follow-up  ".into(),
        urgent: false,
        due_on: None,
        state: TaskState::Done,
        asked_at: at("2020-01-01T00:00:00Z"),
        asked_by: "Somebody else".into(),
        closed_at: None,
        closed_by: None,
        answer: None,
    }
}

fn close(n: u128, answer: &str) -> Command {
    Command::CloseTask(CloseTask {
        task_id: TaskId(id(n)),
        patient_id: None,
        done: true,
        answer: Some(answer.into()),
    })
}

fn kept(world: &World, n: u128) -> Task {
    match world.rows.row(Entity::Task, id(n)) {
        Some(Row::Task(task)) => task.clone(),
        _ => panic!("no such task"),
    }
}

#[test]
fn who_asks_and_when_is_noted_by_the_clinic_and_it_begins_open() {
    let mut world = World::new();
    let elena = world.patient();
    world.acting(Role::Practitioner, "Samuel Okafor", |world| {
        world.give(Command::AddTask(task(1, Some(elena))))
    });
    let known = kept(&world, 1);
    assert_eq!(
        (known.asked_by.as_str(), known.asked_at),
        ("Samuel Okafor", world.now)
    );
    assert_eq!(
        (known.state, known.words.as_str()),
        (TaskState::Open, "Book a follow-up")
    );
    assert_eq!(
        world.refused(Command::AddTask(task(1, None))).code,
        RefusalCode::AlreadyExists
    );
}

#[test]
fn it_is_closed_once_and_who_comes_second_is_told_who_was_first() {
    let mut world = World::new();
    world.give(Command::AddTask(task(1, None)));
    world.give(close(1, " On April 21 "));
    let known = kept(&world, 1);
    assert_eq!(
        (known.state, known.answer.as_deref()),
        (TaskState::Done, Some("On April 21"))
    );
    assert!(known.closed_by.is_some() && known.closed_at.is_some());
    let refusal = world.refused(close(1, ""));
    assert_eq!(refusal.code, RefusalCode::AlreadyReviewed);
    assert_eq!(Some(&refusal.params["by"]), known.closed_by.as_ref());
    assert_eq!(world.refused(close(2, "")).code, RefusalCode::NotFound);
}

#[test]
fn nothing_is_asked_in_no_words_nor_about_nobody_known() {
    let mut world = World::new();
    let mut silent = task(1, None);
    silent.words = " \n ".into();
    assert_eq!(world.refused(Command::AddTask(silent)).code, RefusalCode::Invalid);
    let stranger = task(1, Some(PatientId(id(0xffff))));
    assert_eq!(
        world.refused(Command::AddTask(stranger)).code,
        RefusalCode::NotFound
    );
    let mut nowhere = task(1, None);
    nowhere.site_id = Some(SiteId(id(0xfffe)));
    assert_eq!(
        world.refused(Command::AddTask(nowhere)).code,
        RefusalCode::NotFound
    );
}
