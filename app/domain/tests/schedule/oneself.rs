//! What a patient may do with their own time, without anybody at the practice looking.

use crate::common::forms::{mood, sound};
use crate::common::*;
use crate::stand::*;
use chrono::Duration;
use domain::access::Role;
use domain::command::Command;
use domain::decide::RefusalCode;
use domain::id::*;
use domain::intake::{AnswerQuestionnaire, Signature};
use domain::patients::{IdentityStatus, Patient};
use domain::row::Row;
use domain::schedule::*;
use domain::text::Lang;

fn alone<T>(world: &mut World, act: impl FnOnce(&mut World) -> T) -> T {
    world.acting(Role::Patient, "Elena, on her own telephone", act)
}

fn refused(world: &mut World, command: Command) -> (RefusalCode, String) {
    alone(world, |world| {
        let refusal = world.refused(command);
        let why = refusal.params.get("why").cloned().unwrap_or_default();
        (refusal.code, why)
    })
}

fn moves(patient_id: PatientId, from: &str, to: &str) -> Command {
    Command::MoveAppointment(MoveAppointment {
        appointment_id: AppointmentId(id(900)),
        patient_id,
        visit_type_id: VISIT,
        from_at: wall(from),
        place: book(900, patient_id, to).place,
        overbook_reason: None,
    })
}

fn cancels(patient_id: PatientId, by: CancelledBy) -> Command {
    Command::CancelAppointment(CancelAppointment {
        appointment_id: AppointmentId(id(900)),
        patient_id,
        reason: "Cannot come".into(),
        by,
    })
}

#[test]
fn a_free_time_is_booked_moved_and_called_off() {
    let (mut world, elena) = clinic();
    alone(&mut world, |world| {
        world.give(Command::BookAppointment(book(900, elena, "2026-03-11 09:00")));
        world.give(moves(elena, "2026-03-11 09:00", "2026-03-12 10:00"));
        world.give(cancels(elena, CancelledBy::Patient));
    });
    let known = appointment(&world, 900);
    assert_eq!(known.state, AppointmentState::Cancelled);
    assert_eq!(known.cancelled_by, Some(CancelledBy::Patient));
    assert!(known.steps.iter().all(|step| step.by.starts_with("Elena")));
}

#[test]
fn a_patient_says_that_they_are_here_around_the_time_and_nothing_else() {
    let (mut world, elena) = clinic();
    world.give(Command::BookAppointment(book(900, elena, "2026-03-11 09:00")));
    let says = |state| {
        Command::SetAppointmentState(SetAppointmentState {
            appointment_id: AppointmentId(id(900)),
            patient_id: elena,
            state,
            from: None,
            note: None,
        })
    };
    let start = wall("2026-03-11 09:00");
    for (minutes, here) in [(-61, false), (-60, true), (119, true), (120, false)] {
        world.now = start + Duration::minutes(minutes);
        let asked = alone(&mut world, |world| world.ask(&says(AppointmentState::Arrived)));
        assert_eq!(asked.is_ok(), here, "{minutes} minutes");
    }
    world.now = start;
    for other in [
        AppointmentState::NoShow,
        AppointmentState::Ready,
        AppointmentState::Late,
    ] {
        let (code, _) = refused(&mut world, says(other));
        assert_eq!(code, RefusalCode::IllegalStep);
    }
    alone(&mut world, |world| world.give(says(AppointmentState::Arrived)));
    assert_eq!(appointment(&world, 900).state, AppointmentState::Arrived);
}

#[test]
fn what_only_warns_the_desk_refuses_a_patient_and_no_reason_helps() {
    let (mut world, elena) = clinic();
    world.give(Command::BookAppointment(book(800, elena, "2026-03-11 09:00")));
    let define = |world: &mut World, change: &dyn Fn(&mut VisitType)| {
        let mut kind = visit();
        kind.id = VisitTypeId(id(0x72));
        change(&mut kind);
        world.acting(Role::Owner, "Olive", |world| {
            world.give(Command::DefineVisitType(kind))
        });
    };
    let mut asked = book(900, elena, "2026-03-11 09:00");
    asked.visit_type_id = VisitTypeId(id(0x72));
    asked.place.practitioner_ids = vec![FERRER];
    let ask =
        |world: &mut World, asked: &BookAppointment| refused(world, Command::BookAppointment(asked.clone()));
    let cannot = |why: &str| (RefusalCode::CannotBook, why.to_owned());
    define(&mut world, &|_| {});
    assert_eq!(
        ask(&mut world, &asked),
        cannot("PatientTaken"),
        "the desk is only warned"
    );
    asked.place.start_at = wall("2026-03-11 10:00");
    define(&mut world, &|kind| kind.online = false);
    assert_eq!(
        ask(&mut world, &asked),
        cannot("NotOffered"),
        "not for patients to book"
    );
    define(&mut world, &|kind| kind.referral_needed = true);
    assert_eq!(ask(&mut world, &asked), cannot("ReferralMissing"));
    define(&mut world, &|kind| kind.lead_minutes = 3 * 24 * 60);
    assert_eq!(ask(&mut world, &asked), cannot("TooSoon"));
    define(&mut world, &|kind| kind.for_whom = ForWhom::Established);
    assert_eq!(ask(&mut world, &asked), cannot("SeenBefore"));
    define(&mut world, &|_| {});
    let with = |change: &dyn Fn(&mut BookAppointment)| {
        let mut other = asked.clone();
        change(&mut other);
        other
    };
    let longer = with(&|asked| asked.place.minutes = 60);
    assert_eq!(
        ask(&mut world, &longer),
        cannot("NotOffered"),
        "as long as it is meant to be"
    );
    let at_night = with(&|asked| asked.place.start_at = wall("2026-03-11 20:00"));
    assert_eq!(ask(&mut world, &at_night), cannot("OutsideHours"));
    for pressed in [
        with(&|asked| asked.overbook_reason = Some("I really want to".into())),
        with(&|asked| asked.hold_minutes = Some(60)),
        with(&|asked| asked.series_id = Some(SeriesId(id(1)))),
    ] {
        assert_eq!(ask(&mut world, &pressed).0, RefusalCode::Invalid);
    }
    alone(&mut world, |world| {
        world.give(Command::BookAppointment(asked.clone()))
    });
    let second = with(&|asked| {
        asked.appointment_id = AppointmentId(id(901));
        asked.place.start_at = wall("2026-03-12 10:00");
    });
    assert_eq!(
        ask(&mut world, &second).0,
        RefusalCode::AlreadyExists,
        "one of a kind ahead"
    );
}

#[test]
fn nobody_moves_or_calls_off_what_has_begun_nor_what_is_anothers() {
    let (mut world, elena) = clinic();
    let other = world.register(Patient {
        id: PatientId(id(0x777)),
        ..crate::common::elena()
    });
    world.give(Command::BookAppointment(book(900, elena, "2026-03-11 09:00")));
    assert_eq!(
        refused(&mut world, cancels(other, CancelledBy::Patient)).0,
        RefusalCode::NotFound
    );
    assert_eq!(
        refused(&mut world, moves(other, "2026-03-11 09:00", "2026-03-12 10:00")).0,
        RefusalCode::NotFound
    );
    assert_eq!(
        refused(&mut world, cancels(elena, CancelledBy::Practice)).0,
        RefusalCode::IllegalStep,
        "nobody says of the practice that it called off"
    );
    world.now = wall("2026-03-11 09:00") + Duration::minutes(1);
    assert_eq!(
        refused(&mut world, cancels(elena, CancelledBy::Patient)).0,
        RefusalCode::IllegalStep
    );
    assert_eq!(
        refused(&mut world, moves(elena, "2026-03-11 09:00", "2026-03-12 10:00")).0,
        RefusalCode::IllegalStep
    );
    world.give(cancels(elena, CancelledBy::Practice));
}

#[test]
fn whom_nobody_here_has_seen_books_one_time_in_all() {
    let (mut world, elena) = clinic();
    let other = VisitType {
        id: VisitTypeId(id(0x72)),
        ..visit()
    };
    world.acting(Role::Owner, "Olive", |world| {
        world.give(Command::DefineVisitType(other))
    });
    let new = world.register(Patient {
        id: PatientId(id(0x777)),
        identity: IdentityStatus::Unverified,
        ..crate::common::elena()
    });
    let second = |patient, n, start: &str| {
        Command::BookAppointment(BookAppointment {
            visit_type_id: VisitTypeId(id(0x72)),
            ..book(n, patient, start)
        })
    };
    alone(&mut world, |world| {
        world.give(Command::BookAppointment(book(900, elena, "2026-03-11 09:00")));
        world.give(second(elena, 901, "2026-03-11 10:00"));
        world.give(Command::BookAppointment(book(910, new, "2026-03-11 11:00")));
    });
    let refused = refused(&mut world, second(new, 911, "2026-03-11 12:00"));
    assert_eq!(refused.0, RefusalCode::AlreadyExists);
    world.give(second(new, 911, "2026-03-11 12:00"));
}

#[test]
fn nobody_confirms_what_has_begun_or_answers_forms_for_what_is_over_or_off() {
    let (mut world, elena) = clinic();
    world.rows.put(Row::Questionnaire(mood()));
    world.give(Command::BookAppointment(book(900, elena, "2026-03-11 09:00")));
    let confirm = Command::ConfirmAppointment(ConfirmAppointment {
        appointment_id: AppointmentId(id(900)),
        patient_id: elena,
    });
    let answer = |visit: Option<u128>, n| {
        Command::AnswerQuestionnaire(AnswerQuestionnaire {
            response_id: QuestionnaireResponseId(id(n)),
            patient_id: elena,
            appointment_id: visit.map(|n| AppointmentId(id(n))),
            questionnaire_id: mood().id,
            answers: sound(),
            language: Lang::En,
            signature: Some(Signature {
                typed_name: "Elena Delgado".into(),
                ..Signature::default()
            }),
        })
    };
    assert_eq!(
        refused(&mut world, answer(None, 650)).0,
        RefusalCode::NotFound,
        "for a visit, and not to the record at large"
    );
    alone(&mut world, |world| {
        world.give(answer(Some(900), 651));
        world.give(confirm.clone());
    });
    world.now = wall("2026-03-11 09:00") + Duration::minutes(1);
    assert_eq!(refused(&mut world, confirm.clone()).0, RefusalCode::IllegalStep);
    // Whoever is a little late, or waits in the house, fills in what was begun.
    alone(&mut world, |world| world.give(answer(Some(900), 652)));
    world.now = wall("2026-03-11 11:00");
    assert_eq!(
        refused(&mut world, answer(Some(900), 654)).0,
        RefusalCode::NotFound
    );
    world.give(answer(Some(900), 654));
    world.now = wall("2026-03-11 08:00");
    world.give(cancels(elena, CancelledBy::Practice));
    assert_eq!(
        refused(&mut world, answer(Some(900), 653)).0,
        RefusalCode::NotFound
    );
}
