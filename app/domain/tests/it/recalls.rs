//! Who is to come again: asked for, told, met by a booking, closed.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use chrono::Duration;
use domain::access::Role;
use domain::command::{Command, CommandName};
use domain::decide::RefusalCode;
use domain::id::*;
use domain::patients::{MergePatients, RegisterPatient, UnmergePatients};
use domain::recalls::*;
use domain::row::{Entity, Row};
use domain::schedule::{Appointment, AppointmentState, BookAppointment};
use domain::scope::{Scope, in_scope};

/// A practice with the golden site, practitioner and kind of visit, and Elena.
fn clinic() -> (World, PatientId) {
    let mut world = World::new();
    for name in [
        CommandName::RecordBillingEntity,
        CommandName::RecordSite,
        CommandName::RecordPractitioner,
        CommandName::DefineVisitType,
    ] {
        world.acting(Role::Service, "Setup", |world| world.give(golden(name)));
    }
    let elena = world.patient();
    (world, elena)
}

fn recall(n: u128, patient_id: PatientId) -> Recall {
    match golden(CommandName::AddRecall) {
        Command::AddRecall(recall) => Recall {
            id: RecallId(id(n)),
            patient_id,
            why: "  Blood pressure again  ".into(),
            ..recall
        },
        _ => panic!("it is named so"),
    }
}

fn close(n: u128, patient_id: PatientId, reason: RecallState) -> Command {
    Command::CloseRecall(CloseRecall {
        recall_id: RecallId(id(n)),
        patient_id,
        reason,
    })
}

fn told(n: u128, patient_id: PatientId, note: &str) -> Command {
    Command::NoteRecallContact(NoteRecallContact {
        recall_id: RecallId(id(n)),
        patient_id,
        way: RecallWay::Phone,
        note: Some(note.into()),
        contact_id: None,
    })
}

/// A letter that was printed, by which it is known.
fn wrote(n: u128, patient_id: PatientId, contact: u128) -> Command {
    Command::NoteRecallContact(NoteRecallContact {
        recall_id: RecallId(id(n)),
        patient_id,
        way: RecallWay::Letter,
        note: None,
        contact_id: Some(RecallContactId(id(contact))),
    })
}

fn not_after_all(n: u128, patient_id: PatientId, contact: u128) -> Command {
    Command::TakeBackRecallContact(TakeBackRecallContact {
        recall_id: RecallId(id(n)),
        patient_id,
        contact_id: RecallContactId(id(contact)),
    })
}

fn kept(world: &World, n: u128) -> Recall {
    match world.rows.row(Entity::Recall, id(n)) {
        Some(Row::Recall(recall)) => recall.clone(),
        _ => panic!("no such recall"),
    }
}

#[test]
fn it_begins_open_and_untold_whatever_was_sent_with_it() {
    let (mut world, elena) = clinic();
    world.acting(Role::Practitioner, "Samuel Okafor", |world| {
        world.give(Command::AddRecall(Recall {
            state: RecallState::Declined,
            ..recall(1, elena)
        }))
    });
    let known = kept(&world, 1);
    assert_eq!(
        (known.asked_by.as_str(), known.asked_at),
        ("Samuel Okafor", world.now)
    );
    assert_eq!(
        (known.state, known.why.as_str()),
        (RecallState::Open, "Blood pressure again")
    );
    assert!(known.contacts.is_empty() && known.closed_at.is_none());
    let again = world.refused(Command::AddRecall(recall(1, elena)));
    assert_eq!(again.code, RefusalCode::AlreadyExists);
}

#[test]
fn nothing_is_asked_in_no_words_nor_about_nobody_nor_for_what_is_not_there() {
    let (mut world, elena) = clinic();
    let ask = |change: fn(&mut Recall)| {
        let mut recall = recall(1, elena);
        change(&mut recall);
        Command::AddRecall(recall)
    };
    for wrong in [
        ask(|recall| recall.why = " \n".into()),
        ask(|recall| recall.why = "x".repeat(2001)),
        ask(|recall| recall.due_on = day("9999-01-01")),
    ] {
        assert_eq!(world.refused(wrong).code, RefusalCode::Invalid);
    }
    for wrong in [
        ask(|recall| recall.patient_id = PatientId(id(0xffff))),
        ask(|recall| recall.site_id = SiteId(id(0xfffe))),
        ask(|recall| recall.visit_type_id = Some(VisitTypeId(id(0xfffd)))),
        ask(|recall| recall.practitioner_id = Some(PractitionerId(id(0xfffc)))),
    ] {
        assert_eq!(world.refused(wrong).code, RefusalCode::NotFound);
    }
    world.give(ask(|recall| {
        (recall.visit_type_id, recall.practitioner_id) = (None, None)
    }));
}

#[test]
fn every_time_that_they_were_told_is_kept_in_order_also_after_it_was_closed() {
    let (mut world, elena) = clinic();
    world.give(Command::AddRecall(recall(1, elena)));
    world.give(told(1, elena, " Left a message "));
    world.give(close(1, elena, RecallState::Declined));
    // Entered on a telephone an hour before, and heard of now.
    world.now += Duration::hours(1);
    world.device_time -= Duration::hours(1);
    world.give(told(1, elena, " "));
    let known = kept(&world, 1);
    let notes: Vec<Option<&str>> = known.contacts.iter().map(|one| one.note.as_deref()).collect();
    assert_eq!(notes, [None, Some("Left a message")]);
    assert_eq!(known.state, RecallState::Declined);
    // A clock that runs ahead says nothing that the clinic has not reached.
    world.device_time = world.now + Duration::days(400);
    world.give(told(1, elena, "Again"));
    assert_eq!(kept(&world, 1).contacts[2].at, world.now);
    let long = "x".repeat(2001);
    assert_eq!(world.refused(told(1, elena, &long)).code, RefusalCode::Invalid);
    let other = PatientId(id(0xffff));
    assert_eq!(world.refused(told(1, other, "Hers?")).code, RefusalCode::NotFound);
}

#[test]
fn what_was_noted_by_mistake_is_taken_back_and_nothing_else() {
    let (mut world, elena) = clinic();
    world.give(Command::AddRecall(recall(1, elena)));
    world.give(told(1, elena, "Left a message"));
    world.give(wrote(1, elena, 0x71));
    world.give(wrote(1, elena, 0x72));
    let ids = |world: &World| {
        kept(world, 1)
            .contacts
            .iter()
            .map(|one| one.id)
            .collect::<Vec<_>>()
    };
    let of = |n: u128| Some(RecallContactId(id(n)));
    assert_eq!(ids(&world), [None, of(0x71), of(0x72)]);
    // Also once somebody has closed it; who takes it back a second time is told.
    world.give(close(1, elena, RecallState::Declined));
    world.give(not_after_all(1, elena, 0x71));
    assert_eq!(ids(&world), [None, of(0x72)]);
    for wrong in [
        not_after_all(1, elena, 0x71),
        not_after_all(1, PatientId(id(0xffff)), 0x72),
        not_after_all(2, elena, 0x72),
    ] {
        assert_eq!(world.refused(wrong).code, RefusalCode::NotFound);
    }
}

#[test]
fn it_is_closed_once_and_opened_again_with_what_was_noted() {
    let (mut world, elena) = clinic();
    world.give(Command::AddRecall(recall(1, elena)));
    let asked_at = world.now;
    world.give(told(1, elena, "Calls back"));
    let open = close(1, elena, RecallState::Open);
    assert_eq!(world.refused(open).code, RefusalCode::Invalid);
    world.give(close(1, elena, RecallState::Elsewhere));
    let second = world.refused(close(1, elena, RecallState::Booked));
    assert_eq!(second.code, RefusalCode::AlreadyReviewed);
    assert_eq!(Some(&second.params["by"]), kept(&world, 1).closed_by.as_ref());
    world.now += Duration::days(2);
    world.give(Command::AddRecall(recall(1, elena)));
    let known = kept(&world, 1);
    assert_eq!((known.state, known.asked_at), (RecallState::Open, asked_at));
    assert_eq!((known.contacts.len(), known.closed_by), (1, None));
}

/// An appointment of Elena's, `days` after the one on which the recall is due.
fn visit(recall: &Recall, days: i64, state: AppointmentState) -> Appointment {
    let Command::BookAppointment(BookAppointment { place, .. }) = golden(CommandName::BookAppointment) else {
        panic!("it is named so");
    };
    let noon = recall.due_on.and_hms_opt(12, 0, 0).unwrap().and_utc();
    let start_at = noon + Duration::days(days);
    Appointment {
        id: AppointmentId(id(9000)),
        patient_id: recall.patient_id,
        site_id: place.site_id,
        visit_type_id: recall.visit_type_id.unwrap(),
        practitioner_ids: place.practitioner_ids,
        resource_ids: Vec::new(),
        start_at,
        end_at: start_at + Duration::minutes(30),
        wall: start_at.naive_utc(),
        mode: place.mode,
        scenario: domain::schedule::Scenario::Insurance,
        reason: None,
        referral: None,
        series_id: None,
        state,
        overbook_reason: None,
        warnings: Vec::new(),
        cancel_reason: None,
        cancelled_by: None,
        cancelled_late: false,
        steps: Vec::new(),
    }
}

#[test]
fn a_booking_meets_it_when_it_is_theirs_takes_time_is_later_and_of_the_kind() {
    use AppointmentState::*;
    let recall = recall(1, PatientId(id(10)));
    let meets = |change: fn(&mut Appointment)| {
        let mut one = visit(&recall, 3, Booked);
        change(&mut one);
        recall.met_by([&one]).is_some()
    };
    assert!(meets(|_| {}));
    assert!(!meets(|one| one.patient_id = PatientId(id(11))));
    assert!(!meets(|one| one.state = Cancelled));
    assert!(!meets(|one| one.state = NoShow));
    assert!(!meets(|one| one.visit_type_id = VisitTypeId(id(12))));
    assert!(meets(|one| one.start_at -= Duration::days(33)));
    assert!(
        !meets(|one| one.start_at -= Duration::days(34)),
        "a cold, long before"
    );
    let soon = Recall {
        due_on: recall.asked_at.date_naive() + Duration::days(7),
        ..recall.clone()
    };
    assert!(soon.met_by([&visit(&soon, -3, Booked)]).is_some());
    assert!(soon.met_by([&visit(&soon, -4, Booked)]).is_none());
    let out_of = recall.after_appointment_id.unwrap();
    let own = Appointment {
        id: out_of,
        ..visit(&recall, 3, Booked)
    };
    assert!(recall.met_by([&own]).is_none(), "the visit it came out of");
    let any = Recall {
        visit_type_id: None,
        ..recall.clone()
    };
    let other = Appointment {
        visit_type_id: VisitTypeId(id(12)),
        ..visit(&recall, 3, Booked)
    };
    assert!(any.met_by([&other]).is_some());
    let (first, later) = (visit(&recall, 3, Booked), visit(&recall, 5, Booked));
    let found = recall.met_by([&later, &first]).unwrap();
    assert_eq!(found.start_at, first.start_at);
}

#[test]
fn the_list_says_what_is_late_what_is_soon_and_what_is_seen_to() {
    use AppointmentState::*;
    let recall = recall(1, PatientId(id(10)));
    let due = recall.due_on;
    let on = |days: i64| recall.standing(None, due - Duration::days(days));
    assert_eq!(on(-1), Standing::Overdue);
    assert_eq!((on(0), on(30)), (Standing::Soon, Standing::Soon));
    assert_eq!(on(31), Standing::Later);
    let standing = |state| recall.standing(Some(&visit(&recall, 3, state)), due + Duration::days(9));
    assert_eq!(standing(Confirmed), Standing::Booked);
    assert_eq!(standing(Completed), Standing::Closed, "they came");
    let closed = Recall {
        state: RecallState::NotNeeded,
        ..recall.clone()
    };
    assert_eq!(closed.standing(None, due), Standing::Closed);
}

#[test]
fn it_is_seen_where_it_was_made_while_it_is_open_and_moves_with_its_patient() {
    let (mut world, elena) = clinic();
    let double = PatientId(id(0x77));
    world.give(Command::RegisterPatient(RegisterPatient {
        site_id: None,
        patient: domain::patients::Patient {
            id: double,
            ..elena_again()
        },
    }));
    world.give(Command::AddRecall(recall(1, double)));
    let scope = |site| Scope {
        sites: Some([site].into()),
        practitioner: None,
    };
    let elsewhere = domain::patients::Membership {
        site_ids: vec![SiteId(id(0x99))],
        ..domain::patients::Membership::new(double)
    };
    let row = Row::Recall(kept(&world, 1));
    let here = kept(&world, 1).site_id;
    assert!(in_scope(&scope(here), &row, Some(&elsewhere)));
    assert!(!in_scope(&scope(SiteId(id(0x98))), &row, Some(&elsewhere)));
    world.give(Command::MergePatients(MergePatients {
        keep: elena,
        other: double,
        take: Vec::new(),
    }));
    assert_eq!(kept(&world, 1).patient_id, elena);
    // Said of the record that was joined, by a desk that has not heard of it.
    world.give(told(1, double, "Reached"));
    assert_eq!(kept(&world, 1).contacts.len(), 1);
    world.give(Command::UnmergePatients(UnmergePatients {
        patient_id: elena,
        other: double,
    }));
    assert_eq!(kept(&world, 1).patient_id, double);
    world.give(close(1, double, RecallState::NotNeeded));
    let row = Row::Recall(kept(&world, 1));
    assert!(!in_scope(&scope(here), &row, Some(&elsewhere)));
}

fn elena_again() -> domain::patients::Patient {
    domain::patients::Patient {
        preferred_name: Some("Nena".into()),
        ..crate::common::elena()
    }
}

#[test]
fn whoever_is_to_come_again_to_a_site_belongs_there_too() {
    let (mut world, elena) = clinic();
    let site = recall(1, elena).site_id;
    world.acting(Role::Service, "Setup", |world| {
        world.give(Command::AssignPatient(domain::patients::AssignPatient {
            add_sites: vec![SiteId(id(0x99))],
            ..domain::patients::AssignPatient::nothing(elena)
        }))
    });
    world.give(Command::AddRecall(recall(1, elena)));
    let belongs = match world.rows.row(Entity::Membership, elena.0) {
        Some(Row::Membership(membership)) => membership.site_ids.clone(),
        _ => panic!("they belong somewhere"),
    };
    assert!(belongs.contains(&site), "its list is worked off there");
}
