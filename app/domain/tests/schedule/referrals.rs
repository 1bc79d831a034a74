//! What a referral still allows: counted over the appointments that name it, and checked when one more does.

use crate::common::*;
use crate::stand::*;
use domain::access::Role;
use domain::command::Command;
use domain::decide::RefusalCode;
use domain::id::*;
use domain::patients::AssignPatient;
use domain::referrals::*;
use domain::row::{Entity, Row};
use domain::schedule::*;
use domain::scope::Scope;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn referral(n: u128, patient_id: PatientId) -> Referral {
    Referral {
        id: ReferralId(id(n)),
        patient_id,
        number: "PA-2026 0117".into(),
        former_numbers: Vec::new(),
        kind: ReferralKind::Referral,
        referrer_name: Some("Dr. Quill".into()),
        referrer_npi: None,
        coverage_id: None,
        visits_allowed: Some(2),
        valid_from: day("2026-03-01"),
        valid_until: Some(day("2026-03-31")),
        visit_type_ids: Vec::new(),
        note: None,
        state: ReferralState::Active,
        recorded_at: at("2026-03-01T12:00:00Z"),
        recorded_by: "Maria Lindqvist".into(),
        ended_at: None,
        ended_by: None,
    }
}

fn record(world: &mut World, referral: Referral) {
    world.give(Command::RecordReferral(RecordReferral { referral, base: None }));
}

/// A clinic where Elena has one, for two visits in March.
fn referred() -> (World, PatientId) {
    let (mut world, elena) = clinic();
    record(&mut world, referral(60, elena));
    (world, elena)
}

fn on(n: u128, patient: PatientId, start: &str, number: &str) -> BookAppointment {
    BookAppointment {
        referral: Some(number.into()),
        ..book(n, patient, start)
    }
}

/// What wants a reason before it is booked; nothing when it may be.
fn wants(world: &mut World, asked: BookAppointment) -> Option<String> {
    let refusal = world.ask(&Command::BookAppointment(asked)).err()?;
    assert_eq!(refusal.code, RefusalCode::NeedsReason);
    Some(why(&refusal).to_owned())
}

fn of_elena(world: &World, elena: PatientId) -> Vec<Appointment> {
    crate::rows_of!(world.of_patient(Entity::Appointment, elena), Appointment)
}

#[test]
fn a_third_visit_of_two_wants_a_reason_that_is_kept_and_old_pages_are_spared_it() {
    let (mut world, elena) = referred();
    let number = "pa 20260117";
    world.give(Command::BookAppointment(on(
        900,
        elena,
        "2026-03-11 09:00",
        number,
    )));
    world.give(Command::BookAppointment(on(
        901,
        elena,
        "2026-03-12 09:00",
        number,
    )));
    assert_eq!(Row::Appointment(appointment(&world, 901)).edition(), 2);
    let third = on(902, elena, "2026-03-13 09:00", number);
    let used_up = Some("ReferralUsedUp".to_owned());
    assert_eq!(wants(&mut world, third.clone()), used_up);
    // Another number, or none, is not this referral.
    assert_eq!(
        wants(&mut world, on(902, elena, "2026-03-13 09:00", "R-1180")),
        None
    );
    assert_eq!(wants(&mut world, on(902, elena, "2026-03-13 09:00", " - ")), None);
    assert_eq!(wants(&mut world, book(902, elena, "2026-03-13 09:00")), None);
    // One of the two moves: it does not count against itself.
    world.give(Command::MoveAppointment(MoveAppointment {
        appointment_id: AppointmentId(id(901)),
        patient_id: elena,
        visit_type_id: VISIT,
        from_at: wall("2026-03-12 09:00"),
        place: place("2026-03-16 09:00"),
        overbook_reason: None,
    }));
    let reason = BookAppointment {
        overbook_reason: Some("The payer said yes by phone".into()),
        ..third.clone()
    };
    world.give(Command::BookAppointment(reason));
    let made = appointment(&world, 902);
    assert_eq!(made.warnings, [Finding::ReferralUsedUp]);
    assert_eq!(Row::Appointment(made).edition(), 6);
}

#[test]
fn what_is_called_off_or_missed_is_there_again_and_a_held_time_is_no_visit() {
    let (mut world, elena) = referred();
    let number = "PA-2026 0117";
    for (n, start) in [(900, "2026-03-11 09:00"), (901, "2026-03-12 09:00")] {
        world.give(Command::BookAppointment(on(n, elena, start, number)));
    }
    let held = BookAppointment {
        hold_minutes: Some(10),
        ..on(903, elena, "2026-03-18 09:00", "A 1")
    };
    world.give(Command::BookAppointment(held));
    if let Some(Row::Appointment(held)) = world.rows.row(Entity::Appointment, id(903)).cloned() {
        let referral = Some(number.to_owned());
        world.rows.put(Row::Appointment(Appointment { referral, ..held }));
    }
    let left = |world: &World| referral(60, elena).left(&of_elena(world, elena));
    assert_eq!(left(&world), Some(0));
    world.give(Command::CancelAppointment(CancelAppointment {
        appointment_id: AppointmentId(id(900)),
        patient_id: elena,
        reason: "Ill".into(),
        by: CancelledBy::Patient,
    }));
    assert_eq!(left(&world), Some(1));
    world.give(Command::SetAppointmentState(SetAppointmentState {
        appointment_id: AppointmentId(id(901)),
        patient_id: elena,
        state: AppointmentState::NoShow,
        from: None,
        note: None,
    }));
    assert_eq!(left(&world), Some(2));
    assert_eq!(
        wants(&mut world, on(902, elena, "2026-03-13 09:00", number)),
        None
    );
}

#[test]
fn a_number_that_goes_on_begins_anew_and_one_that_was_corrected_keeps_its_visits() {
    let (mut world, elena) = referred();
    let number = "PA-2026 0117";
    for (n, start) in [(900, "2026-03-11 09:00"), (901, "2026-03-12 09:00")] {
        world.give(Command::BookAppointment(on(n, elena, start, number)));
    }
    let seen = referral(60, elena);
    let corrected = Referral {
        number: "PA-2026 0771".into(),
        ..seen.clone()
    };
    world.give(Command::RecordReferral(RecordReferral {
        referral: corrected,
        base: Some(seen),
    }));
    let kept = |world: &World, n| match world.rows.row(Entity::Referral, id(n)) {
        Some(Row::Referral(kept)) => kept.clone(),
        _ => panic!("no such referral"),
    };
    let first = kept(&world, 60);
    assert_eq!(first.former_numbers, [number]);
    assert_eq!(
        first.left(&of_elena(&world, elena)),
        Some(0),
        "under either number"
    );
    let third = on(902, elena, "2026-03-13 09:00", "PA-2026 0771");
    assert_eq!(wants(&mut world, third), Some("ReferralUsedUp".to_owned()));
    // The payer goes on with the number in April.
    world.give(Command::EndReferral(EndReferral {
        referral_id: ReferralId(id(60)),
        patient_id: elena,
    }));
    record(
        &mut world,
        Referral {
            number: "PA-2026 0771".into(),
            valid_from: day("2026-04-01"),
            valid_until: None,
            ..referral(61, elena)
        },
    );
    assert_eq!(kept(&world, 61).left(&of_elena(&world, elena)), Some(2));
}

#[test]
fn a_series_goes_on_one_referral_together() {
    let (mut world, elena) = referred();
    let series_id = SeriesId(id(70));
    let times = ["2026-03-11 09:00", "2026-03-18 09:00", "2026-03-25 09:00"];
    let series = |why: Option<&str>| {
        let appointments = (900..).zip(times).map(|(n, start)| BookAppointment {
            series_id: Some(series_id),
            overbook_reason: why.map(str::to_owned),
            ..on(n, elena, start, "PA-2026 0117")
        });
        Command::BookSeries(BookSeries {
            series_id,
            patient_id: elena,
            rule: "FREQ=WEEKLY;COUNT=3".into(),
            appointments: appointments.collect(),
        })
    };
    assert_eq!(why(&world.refused(series(None))), "ReferralUsedUp");
    world.give(series(Some("One more was asked for")));
    assert!(appointment(&world, 901).warnings.is_empty());
    assert_eq!(appointment(&world, 902).warnings, [Finding::ReferralUsedUp]);
}

#[test]
fn it_counts_on_its_days_for_its_kinds_of_visit_and_while_nobody_ended_it() {
    let (mut world, elena) = clinic();
    let other_kind = VisitType {
        id: VisitTypeId(id(0x72)),
        ..visit()
    };
    let other_id = other_kind.id;
    world.acting(Role::Owner, "Olive", |world| {
        world.give(Command::DefineVisitType(other_kind))
    });
    record(
        &mut world,
        Referral {
            valid_from: day("2026-03-11"),
            valid_until: Some(day("2026-03-12")),
            visit_type_ids: vec![VISIT],
            visits_allowed: None,
            ..referral(60, elena)
        },
    );
    let number = "PA-2026 0117";
    let not_then = Some("ReferralNotValid".to_owned());
    for (start, expected) in [
        ("2026-03-10 14:00", &not_then),
        ("2026-03-11 09:00", &None),
        ("2026-03-12 16:30", &None),
        ("2026-03-13 09:00", &not_then),
    ] {
        assert_eq!(
            &wants(&mut world, on(900, elena, start, number)),
            expected,
            "{start}"
        );
    }
    let other = BookAppointment {
        visit_type_id: other_id,
        ..on(900, elena, "2026-03-11 09:00", number)
    };
    assert_eq!(wants(&mut world, other), Some("ReferralOtherVisit".into()));
    // The payer goes on with its number: the second lets in what the first does not, once that is over.
    world.give(Command::EndReferral(EndReferral {
        referral_id: ReferralId(id(60)),
        patient_id: elena,
    }));
    let asked = on(900, elena, "2026-03-11 09:00", number);
    assert_eq!(wants(&mut world, asked.clone()), not_then);
    record(&mut world, referral(61, elena));
    assert_eq!(wants(&mut world, asked), None);
}

#[test]
fn what_is_recorded_of_somebody_else_says_nothing() {
    let (mut world, elena) = referred();
    let jonas = world.register(named(11, "Jonas", "Weber", "1990-12-01"));
    let number = "PA-2026 0117";
    assert_eq!(
        wants(&mut world, on(900, jonas, "2026-05-11 09:00", number)),
        None
    );
    assert_eq!(
        wants(&mut world, on(900, elena, "2026-05-11 09:00", number)),
        Some("ReferralNotValid".into())
    );
    // And of whom this device does not hold, nobody there could have known.
    let ctx = |world: &World| domain::decide::Ctx {
        scope: Some(Scope {
            sites: Some(BTreeSet::from([SOUTH])),
            practitioner: None,
        }),
        ..world.ctx()
    };
    world.give(Command::AssignPatient(AssignPatient {
        add_sites: vec![NORTH],
        ..AssignPatient::nothing(elena)
    }));
    let asked = Command::BookAppointment(on(900, elena, "2026-05-11 09:00", number));
    let decided = domain::decide::decide(&world.rows, &asked, &mut ctx(&world));
    assert!(decided.is_ok(), "{decided:?}");
}

#[test]
fn patients_by_themselves_are_refused_what_the_desk_would_need_a_reason_for() {
    let (mut world, elena) = referred();
    let number = "PA-2026 0117";
    world.give(Command::BookAppointment(on(
        900,
        elena,
        "2026-03-11 09:00",
        number,
    )));
    let moves = |to: &str| {
        Command::MoveAppointment(MoveAppointment {
            appointment_id: AppointmentId(id(900)),
            patient_id: elena,
            visit_type_id: VISIT,
            from_at: wall("2026-03-11 09:00"),
            place: place(to),
            overbook_reason: None,
        })
    };
    let late = moves("2026-04-01 09:00");
    let refusal = world.acting(Role::Patient, "Elena", |world| world.refused(late));
    assert_eq!(
        (refusal.code, why(&refusal)),
        (RefusalCode::CannotBook, "ReferralNotValid")
    );
    world.acting(Role::Patient, "Elena", |world| {
        world.give(moves("2026-03-31 09:00"))
    });
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_is_left_is_what_is_allowed_without_those_that_count_and_never_less_than_none(
        allowed in proptest::option::of(1u16..6),
        visits in proptest::collection::vec((proptest::sample::select(AppointmentState::ALL.to_vec()), 0usize..5, any::<bool>()), 0..9),
    ) {
        let elena = PatientId(id(10));
        let (mut world, _) = clinic();
        world.give(Command::BookAppointment(book(900, elena, "2026-03-11 09:00")));
        let like = appointment(&world, 900);
        // The same number in other hands, two others, and none.
        let numbers = [Some("PA-2026 0117"), Some(" pa20260117"), Some("PA-2026 0118"), Some(""), None];
        let all: Vec<Appointment> = (0..).zip(&visits).map(|(n, (state, number, own))| Appointment {
            id: AppointmentId(id(1000 + n)),
            patient_id: if *own { elena } else { PatientId(id(11)) },
            referral: numbers[*number].map(str::to_owned),
            state: *state,
            ..like.clone()
        }).collect();
        let one = Referral { visits_allowed: allowed, ..referral(60, elena) };
        use AppointmentState::*;
        let count = visits.iter().filter(|(state, number, own)| {
            *own && *number < 2 && !matches!(state, Held | Cancelled | NoShow | LeftWithoutSeen | EnteredInError)
        }).count();
        prop_assert_eq!(one.used(&all), count);
        let expected = allowed.map(|allowed| usize::from(allowed).saturating_sub(count));
        prop_assert_eq!(one.left(&all).map(usize::from), expected);
        let visit = Visit { number: "pa 2026 0117", appointment_id: AppointmentId(id(999)), visit_type_id: VISIT, on: day("2026-03-11") };
        let found = against(std::slice::from_ref(&one), &all, visit);
        prop_assert_eq!(found.contains(&Finding::ReferralUsedUp), expected == Some(0));
        // Whatever is booked again under its own identity is not in its own way.
        for again in &all {
            let own = Visit { appointment_id: again.id, ..visit };
            let without: Vec<Appointment> = all.iter().filter(|other| other.id != again.id).cloned().collect();
            prop_assert_eq!(against(std::slice::from_ref(&one), &all, own), against(std::slice::from_ref(&one), &without, own));
        }
    }
}
