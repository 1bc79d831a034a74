//! What happens to appointments after they were booked.

use crate::common::*;
use crate::stand::*;
use chrono::Duration;
use domain::command::Command;
use domain::decide::RefusalCode;
use domain::id::*;
use domain::row::{Entity, Row};
use domain::schedule::book::Book;
use domain::schedule::rework::rework;
use domain::schedule::slots::OpenSlot;
use domain::schedule::waitlist::who_wants;
use domain::schedule::*;
use proptest::prelude::*;

pub fn booked() -> (World, PatientId) {
    let (mut world, elena) = clinic();
    world.give(Command::BookAppointment(book(900, elena, "2026-03-11 09:00")));
    (world, elena)
}

pub fn set(patient_id: PatientId, state: AppointmentState) -> Command {
    Command::SetAppointmentState(SetAppointmentState {
        from: None,
        appointment_id: AppointmentId(id(900)),
        patient_id,
        state,
        note: None,
    })
}

pub fn cancel(patient_id: PatientId, n: u128) -> CancelAppointment {
    CancelAppointment {
        appointment_id: AppointmentId(id(n)),
        patient_id,
        reason: "No ride".into(),
        by: CancelledBy::Patient,
    }
}

#[test]
fn a_visit_goes_through_the_house_and_every_step_is_kept() {
    use AppointmentState::*;
    let (mut world, elena) = booked();
    world.give(Command::ConfirmAppointment(ConfirmAppointment {
        appointment_id: AppointmentId(id(900)),
        patient_id: elena,
    }));
    let way = [
        Arrived,
        Ready,
        Intake,
        ReadyForPractitioner,
        WithPractitioner,
        WaitingForResults,
        WithPractitioner,
        Discharged,
        CheckedOut,
        Completed,
    ];
    for state in way {
        world.device_time += Duration::minutes(7);
        world.give(set(elena, state));
    }
    let done = appointment(&world, 900);
    let states: Vec<_> = done.steps.iter().map(|step| step.state).collect();
    assert_eq!(states[..2], [Booked, Confirmed]);
    assert_eq!(states[2..], way);
    assert!(done.steps[2..].is_sorted_by(|one, next| one.entered_at < next.entered_at));
    assert_eq!(busy(&world, 900)[0].status, BusyStatus::Busy, "it took place");
}

#[test]
fn a_step_that_is_none_is_refused_in_words_and_the_same_again_changes_nothing() {
    let (mut world, elena) = booked();
    let refused = world.refused(set(elena, AppointmentState::Discharged));
    assert_eq!(refused.code, RefusalCode::IllegalStep);
    let words = refused.sentence(domain::text::Lang::En);
    assert!(
        words.contains("\"Booked\"") && words.contains("\"Discharged\""),
        "{words}"
    );
    world.give(set(elena, AppointmentState::Arrived));
    let before = world.rows.clone();
    world.give(set(elena, AppointmentState::Arrived));
    assert!(world.rows == before);
    let other = world.refused(set(PatientId(id(77)), AppointmentState::Ready));
    assert_eq!(
        other.code,
        RefusalCode::NotFound,
        "of someone else's there is none"
    );
}

#[test]
fn who_does_not_come_gives_the_time_back_and_who_comes_after_all_is_squeezed_in() {
    let (mut world, elena) = booked();
    world.give(set(elena, AppointmentState::NoShow));
    assert_eq!(busy(&world, 900)[0].status, BusyStatus::Free);
    world.give(Command::BookAppointment(book(901, elena, "2026-03-11 09:00")));
    world.give(set(elena, AppointmentState::Arrived));
    assert_eq!(busy(&world, 900)[0].status, BusyStatus::Overbooked);
    assert_eq!(busy(&world, 901)[0].status, BusyStatus::Busy);
}

#[test]
fn who_comes_after_all_takes_nothing_of_whom_they_were_with_before() {
    let (mut world, elena) = booked();
    let mut to = place("2026-03-11 09:00");
    to.practitioner_ids = vec![FERRER];
    world.give(Command::MoveAppointment(MoveAppointment {
        appointment_id: AppointmentId(id(900)),
        patient_id: elena,
        visit_type_id: VISIT,
        from_at: wall("2026-03-11 09:00"),
        place: to,
        overbook_reason: None,
    }));
    world.give(set(elena, AppointmentState::NoShow));
    world.give(set(elena, AppointmentState::Arrived));
    let taken: Vec<_> = busy(&world, 900)
        .into_iter()
        .filter(|busy| busy.status != BusyStatus::Free)
        .collect();
    assert_eq!(taken.len(), 1);
    assert_eq!(
        (taken[0].holder_id, taken[0].status),
        (FERRER.0, BusyStatus::Overbooked)
    );
}

#[test]
fn calling_off_says_why_by_whom_and_whether_it_was_late() {
    let (mut world, elena) = booked();
    world.give(Command::BookAppointment(book(901, elena, "2026-03-12 09:00")));
    // It is ten on the day before the first.
    world.give(Command::CancelAppointment(cancel(elena, 900)));
    world.give(Command::CancelAppointment(cancel(elena, 901)));
    let (first, second) = (appointment(&world, 900), appointment(&world, 901));
    assert!(first.cancelled_late && !second.cancelled_late);
    assert_eq!(first.cancelled_by, Some(CancelledBy::Patient));
    assert_eq!(first.steps[1].note.as_deref(), Some("No ride"));
    let again = world.refused(Command::CancelAppointment(cancel(elena, 900)));
    assert_eq!(again.code, RefusalCode::IllegalStep);
    let mut blank = cancel(elena, 901);
    blank.reason = " ".into();
    world.give(Command::BookAppointment(book(901, elena, "2026-03-12 09:00")));
    assert_eq!(
        world.refused(Command::CancelAppointment(blank)).code,
        RefusalCode::Invalid
    );
}

#[test]
fn a_closure_moves_nothing_and_makes_a_list_that_empties_again() {
    let (mut world, elena) = booked();
    world.give(Command::BookAppointment(book(901, elena, "2026-03-12 09:00")));
    let listed = |world: &World| {
        let all = world.of_patient(Entity::Appointment, elena);
        let all = crate::rows_of!(all, Appointment);
        let book = Book::of(world.rows.iter(), world.now);
        let list = rework(&book, &all, world.now);
        list.iter()
            .map(|item| {
                (
                    item.appointment.id.0,
                    item.why.iter().copied().collect::<Vec<_>>(),
                    item.clock_changed,
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(listed(&world), []);
    let mut closure = Closure {
        id: ClosureId(id(0x90)),
        site_id: NORTH,
        from_on: day("2026-03-11"),
        until_on: day("2026-03-11"),
        from_minute: 0,
        until_minute: 1440,
        name: "Burst pipe".into(),
        withdrawn: false,
    };
    let before = appointment(&world, 900);
    world.give(Command::SetClosure(closure.clone()));
    assert!(appointment(&world, 900) == before, "nothing is moved");
    assert_eq!(listed(&world), [(id(900), vec![Finding::Closed], false)]);
    closure.withdrawn = true;
    world.give(Command::SetClosure(closure));
    assert_eq!(listed(&world), []);
    // The state keeps standard time for good: nine in the morning is another instant than was agreed.
    let mut clock = clock(
        NORTH,
        chrono_tz::America::Chicago,
        "2025-01-01T00:00:00Z",
        "2030-01-01T00:00:00Z",
    );
    clock
        .changes
        .retain(|change| change.from_at < at("2026-01-01T00:00:00Z"));
    world.acting(domain::access::Role::Service, "zones", |world| {
        world.give(Command::SetSiteClock(clock))
    });
    let wrong: Vec<_> = listed(&world)
        .into_iter()
        .map(|(id, _, changed)| (id, changed))
        .collect();
    assert_eq!(wrong, [(id(900), true), (id(901), true)]);
}

#[test]
fn a_freed_time_is_offered_to_those_who_wait_for_it_the_urgent_first() {
    let (mut world, elena) = clinic();
    let entry = |n: u128, change: fn(&mut WaitlistEntry)| {
        let mut entry = WaitlistEntry {
            id: WaitlistEntryId(id(n)),
            patient_id: elena,
            site_id: NORTH,
            visit_type_id: VISIT,
            practitioner_ids: Vec::new(),
            site_ids: Vec::new(),
            from_on: day("2026-03-10"),
            until_on: day("2026-03-20"),
            from_minute: 0,
            until_minute: 1440,
            urgent: false,
            note: None,
            appointment_id: None,
            state: WaitlistState::Waiting,
            added_at: at("2026-03-10T15:00:00Z"),
            added_by: String::new(),
            closed_by: None,
            closed_at: None,
        };
        change(&mut entry);
        Command::AddToWaitlist(entry)
    };
    world.give(entry(1, |_| {}));
    world.now += Duration::minutes(1);
    world.give(entry(2, |entry| entry.urgent = true));
    world.give(entry(3, |entry| entry.practitioner_ids = vec![FERRER]));
    world.give(entry(4, |entry| entry.until_minute = 9 * 60 + 15));
    world.give(entry(5, |entry| entry.from_on = day("2026-03-12")));
    world.give(entry(6, |entry| entry.site_ids = vec![SOUTH]));
    let slot = OpenSlot {
        start_at: wall("2026-03-11 09:00"),
        end_at: wall("2026-03-11 09:30"),
        practitioner_id: OKAFOR,
        site_id: NORTH,
        resource_ids: Vec::new(),
    };
    let wanted = |world: &World| {
        let all: Vec<Row> = world.rows.all(Entity::WaitlistEntry).cloned().collect();
        let all = crate::rows_of!(all, WaitlistEntry);
        let clock = match world.rows.row(Entity::SiteClock, NORTH.0) {
            Some(Row::SiteClock(clock)) => clock.clone(),
            _ => panic!("North has a clock"),
        };
        let found = who_wants(&all, &slot, VISIT, &clock);
        found.iter().map(|entry| entry.id.0).collect::<Vec<_>>()
    };
    assert_eq!(wanted(&world), [id(2), id(1)]);
    let close = Command::CloseWaitlistEntry(CloseWaitlistEntry {
        entry_id: WaitlistEntryId(id(2)),
        patient_id: elena,
        booked: true,
    });
    world.give(close.clone());
    assert_eq!(wanted(&world), [id(1)]);
    assert_eq!(world.refused(close).code, RefusalCode::AlreadyReviewed);
}

fn any_state() -> impl Strategy<Value = AppointmentState> {
    proptest::sample::select(AppointmentState::ALL)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_said_the_time_is_taken_exactly_while_the_state_takes_it(
        states in proptest::collection::vec(any_state(), 1..30),
    ) {
        let (mut world, elena) = booked();
        let mut steps = 1;
        for state in states {
            let before = appointment(&world, 900).state;
            match world.ask(&set(elena, state)) {
                Ok(decision) => {
                    prop_assert!(before == state || before.may_become(state));
                    steps += usize::from(before != state);
                    decision.facts.into_iter().for_each(|row| world.rows.put(row));
                }
                Err(refusal) => {
                    prop_assert_eq!(refusal.code, RefusalCode::IllegalStep);
                    prop_assert!(!before.may_become(state));
                }
            }
            let now = appointment(&world, 900);
            prop_assert_eq!(now.steps.len(), steps);
            prop_assert_eq!(now.steps.last().map(|step| step.state), Some(now.state));
            prop_assert_eq!(busy(&world, 900)[0].status != BusyStatus::Free, now.state.takes_time());
        }
    }
}

#[test]
fn every_state_can_be_reached_and_all_but_one_can_be_left() {
    use AppointmentState::*;
    let mut reached = vec![Requested, Held, Booked, Cancelled];
    let mut at = 0;
    while let Some(from) = reached.get(at).copied() {
        at += 1;
        for to in AppointmentState::ALL {
            if from.may_become(*to) && !reached.contains(to) {
                reached.push(*to);
            }
        }
    }
    reached.sort_unstable();
    assert_eq!(reached, AppointmentState::ALL);
    let ends: Vec<_> = AppointmentState::ALL
        .iter()
        .filter(|from| AppointmentState::ALL.iter().all(|to| !from.may_become(*to)))
        .collect();
    assert_eq!(ends, [&EnteredInError]);
}
