//! What happens to a notice: taken up once, told once, called off, answered.

use crate::common::*;
use crate::planning::*;
use crate::rules::rule;
use crate::stand::*;
use domain::access::Role;
use domain::command::Command;
use domain::decide::{Decision, RefusalCode};
use domain::notices::*;
use domain::row::{Entity, Row};
use domain::schedule::*;
use proptest::prelude::*;

/// Elena's reminder, planned, two days before.
fn told(channel: Channel) -> (World, Notice) {
    let (mut world, elena) = booked();
    change_patient(&mut world, elena, |patient| {
        patient.telecoms.push(domain::patients::ContactPoint {
            system: domain::patients::TelecomSystem::Email,
            usage: domain::patients::TelecomUse::Home,
            value: "Elena@example.org".into(),
            may_text: false,
        });
    });
    let rule = rule(channel);
    world.give(Command::SetNoticeRule(rule.clone()));
    world.now = at("2026-03-18T15:00:00Z");
    world.device_time = world.now;
    world.role = Role::Service;
    let notice = only(planned(&world, &[rule], "2026-03-18T15:00:00Z"));
    world.give(Command::PlanNotice(notice.clone()));
    (world, notice)
}

fn read(world: &World, notice: &Notice) -> Notice {
    match world.rows.row(Entity::Notice, notice.id.0) {
        Some(Row::Notice(notice)) => notice.clone(),
        _ => panic!("no such notice"),
    }
}

fn state(world: &World, notice: &Notice) -> NoticeState {
    read(world, notice).state
}

fn claim(world: &mut World, notice: &Notice) -> Decision {
    let known = read(world, notice);
    world.give(Command::ClaimNotice(known.claim()))
}

fn outcome(world: &mut World, notice: &Notice, attempt: u16, outcome: NoticeOutcome) -> Decision {
    world.give(Command::RecordNoticeOutcome(RecordNoticeOutcome {
        notice_id: notice.id,
        patient_id: notice.patient_id,
        attempt,
        outcome,
    }))
}

fn sent(world: &mut World, notice: &Notice) {
    claim(world, notice);
    outcome(world, notice, 1, NoticeOutcome::Sent { network_ref: None });
    assert_eq!(state(world, notice), NoticeState::Sent);
}

fn answer(notice: &Notice, answer: Answer) -> Command {
    Command::AnswerNotice(AnswerNotice {
        notice_id: notice.id,
        patient_id: notice.patient_id,
        appointment_id: notice.appointment_id,
        answer,
        via: Via::Link,
    })
}

#[test]
fn of_two_who_want_to_send_it_one_has_it() {
    let (mut world, notice) = told(Channel::Sms);
    assert!(
        world.give(Command::PlanNotice(notice.clone())).facts.is_empty(),
        "it is there"
    );
    let command = Command::ClaimNotice(notice.claim());
    assert_eq!(world.give(command.clone()).facts.len(), 1);
    let first = read(&world, &notice);
    assert!(first.claimed_by.is_some());
    assert!(world.give(command).facts.is_empty());
    assert_eq!(read(&world, &notice).claimed_by, first.claimed_by);
}

#[test]
fn the_last_look_finds_what_changed_since_it_was_planned() {
    let after = |change: &dyn Fn(&mut World, &Notice)| {
        let (mut world, notice) = told(Channel::Sms);
        change(&mut world, &notice);
        claim(&mut world, &notice);
        state(&world, &notice)
    };
    let void = |why| NoticeState::Void(why);
    assert_eq!(after(&|_, _| {}), NoticeState::Queued);
    let moved = |world: &mut World, notice: &Notice| {
        world.acting(Role::FrontDesk, "Nora", |world| {
            world.give(Command::MoveAppointment(MoveAppointment {
                appointment_id: notice.appointment_id,
                patient_id: notice.patient_id,
                visit_type_id: VISIT,
                from_at: notice.start_at,
                place: place("2026-03-20 11:00"),
                overbook_reason: None,
            }))
        });
    };
    assert_eq!(after(&moved), void(VoidReason::Moved));
    let cancelled = |world: &mut World, notice: &Notice| {
        world.give(Command::CancelAppointment(CancelAppointment {
            appointment_id: notice.appointment_id,
            patient_id: notice.patient_id,
            reason: "No ride".into(),
            by: CancelledBy::Patient,
        }));
    };
    assert_eq!(after(&cancelled), void(VoidReason::NotWanted));
    let died = |world: &mut World, notice: &Notice| {
        change_patient(world, notice.patient_id, |patient| {
            patient.deceased_on = Some(day("2026-03-18"))
        });
    };
    assert_eq!(after(&died), void(VoidReason::Deceased));
    let stopped = |world: &mut World, _: &Notice| {
        world.give(Command::SetOptOut(SetOptOut {
            kind: ContactKind::Phone,
            address: "414 555 0134".into(),
            stop: true,
            via: Via::Text,
        }));
    };
    assert_eq!(after(&stopped), void(VoidReason::OptedOut));
    let off = |world: &mut World, _: &Notice| {
        world.give(Command::SetNoticeRule(NoticeRule {
            active: false,
            ..rule(Channel::Sms)
        }));
    };
    assert_eq!(after(&off), void(VoidReason::RuleChanged));
    let late = |world: &mut World, _: &Notice| world.now = at("2026-03-20T13:00:00Z");
    assert_eq!(after(&late), void(VoidReason::TooLate));
}

#[test]
fn a_new_number_is_used_and_what_was_said_about_it_is_looked_at_first() {
    let (mut world, notice) = told(Channel::Sms);
    change_patient(&mut world, notice.patient_id, |patient| {
        patient.telecoms[0].value = "414 555 0999".into()
    });
    world.give(Command::SetOptOut(SetOptOut {
        kind: ContactKind::Phone,
        address: "414 555 0999".into(),
        stop: true,
        via: Via::Voice,
    }));
    claim(&mut world, &notice);
    let moved = read(&world, &notice);
    assert_eq!(moved.address.as_deref(), Some("+14145550999"));
    assert_eq!(moved.state, NoticeState::Planned);
    assert_ne!(moved.message_id, notice.message_id);
    claim(&mut world, &notice);
    assert_eq!(state(&world, &notice), NoticeState::Void(VoidReason::OptedOut));
}

#[test]
fn a_claim_that_looks_at_another_contact_is_refused() {
    let (mut world, notice) = told(Channel::Sms);
    let blind = ClaimNotice {
        contact_id: None,
        ..notice.claim()
    };
    assert_eq!(
        world.refused(Command::ClaimNotice(blind)).code,
        RefusalCode::Invalid
    );
}

#[test]
fn delivered_is_not_confirmed_and_is_heard_in_any_order() {
    let (mut world, notice) = told(Channel::Sms);
    claim(&mut world, &notice);
    outcome(&mut world, &notice, 1, NoticeOutcome::Delivered);
    let late = NoticeOutcome::Sent {
        network_ref: Some("SM1".into()),
    };
    assert!(outcome(&mut world, &notice, 1, late).facts.is_empty());
    let known = read(&world, &notice);
    assert_eq!((known.state, known.answer), (NoticeState::Delivered, None));
    assert_eq!(appointment(&world, 0x310).state, AppointmentState::Booked);
}

#[test]
fn what_was_not_taken_is_tried_again_and_an_old_attempt_says_nothing() {
    let (mut world, notice) = told(Channel::Email);
    claim(&mut world, &notice);
    let later = at("2026-03-18T15:01:00Z");
    outcome(&mut world, &notice, 1, NoticeOutcome::TryAgain { at: later });
    let again = read(&world, &notice);
    assert_eq!(
        (again.state, again.due_at, again.attempts),
        (NoticeState::Planned, later, 1)
    );
    claim(&mut world, &notice);
    let old = outcome(&mut world, &notice, 1, NoticeOutcome::Sent { network_ref: None });
    assert!(old.facts.is_empty(), "the first attempt is over");
    let reason = FailReason::GaveUp;
    outcome(&mut world, &notice, 2, NoticeOutcome::Failed { reason });
    assert!(read(&world, &notice).needs_somebody());
    world.acting(Role::FrontDesk, "Nora", |world| {
        world.give(Command::RetryNotice(RetryNotice {
            notice_id: notice.id,
            patient_id: notice.patient_id,
            rule_id: notice.rule_id,
        }))
    });
    assert_eq!(state(&world, &notice), NoticeState::Planned);
    assert!(!read(&world, &notice).needs_somebody());
}

#[test]
fn an_answer_confirms_or_cancels_once_and_the_last_counts() {
    let (mut world, notice) = told(Channel::Sms);
    assert_eq!(
        world.refused(answer(&notice, Answer::Confirmed)).code,
        RefusalCode::IllegalStep,
        "nobody was asked"
    );
    sent(&mut world, &notice);
    world.give(answer(&notice, Answer::OtherTime));
    assert_eq!(appointment(&world, 0x310).state, AppointmentState::Booked);
    assert!(read(&world, &notice).needs_somebody());
    world.give(answer(&notice, Answer::Confirmed));
    assert_eq!(appointment(&world, 0x310).state, AppointmentState::Confirmed);
    assert!(
        world.give(answer(&notice, Answer::Confirmed)).facts.is_empty(),
        "said before"
    );
    world.give(answer(&notice, Answer::Cancelled));
    let cancelled = appointment(&world, 0x310);
    assert_eq!(cancelled.state, AppointmentState::Cancelled);
    assert_eq!(cancelled.cancelled_by, Some(CancelledBy::Patient));
    assert!(
        busy(&world, 0x310)
            .iter()
            .all(|busy| busy.status == BusyStatus::Free)
    );
    assert_eq!(
        world.refused(answer(&notice, Answer::Confirmed)).code,
        RefusalCode::IllegalStep
    );
}

#[test]
fn an_answer_to_a_time_that_is_no_more_is_refused() {
    let (mut world, notice) = told(Channel::Sms);
    sent(&mut world, &notice);
    let mut known = appointment(&world, 0x310);
    known.start_at = wall("2026-03-20 11:00");
    world.rows.put(Row::Appointment(known));
    for said in [Answer::Confirmed, Answer::Cancelled, Answer::OtherTime] {
        assert_eq!(
            world.refused(answer(&notice, said)).code,
            RefusalCode::AlreadyMoved
        );
    }
}

#[test]
fn letters_and_calls_lie_with_the_desk() {
    let (mut world, notice) = told(Channel::Voice);
    claim(&mut world, &notice);
    assert!(read(&world, &notice).needs_somebody());
    let settle = |done| {
        Command::SettleNotice(SettleNotice {
            notice_id: notice.id,
            patient_id: notice.patient_id,
            done,
        })
    };
    world.give(settle(false));
    assert_eq!(
        state(&world, &notice),
        NoticeState::Failed(FailReason::NotReached)
    );
    world.give(settle(false));
    assert!(!read(&world, &notice).needs_somebody(), "somebody saw to it");
    let (mut world, notice) = told(Channel::Letter);
    claim(&mut world, &notice);
    world.give(Command::SettleNotice(SettleNotice {
        notice_id: notice.id,
        patient_id: notice.patient_id,
        done: true,
    }));
    assert_eq!(state(&world, &notice), NoticeState::Sent);
}

#[test]
fn what_is_on_its_way_cannot_be_called_back() {
    let (mut world, notice) = told(Channel::Email);
    let void = Command::VoidNotice(VoidNotice {
        notice_id: notice.id,
        patient_id: notice.patient_id,
        reason: VoidReason::Withdrawn,
    });
    claim(&mut world, &notice);
    assert_eq!(world.refused(void.clone()).code, RefusalCode::IllegalStep);
    outcome(&mut world, &notice, 1, NoticeOutcome::Sent { network_ref: None });
    assert_eq!(world.refused(void).code, RefusalCode::IllegalStep);
}

#[test]
fn a_notice_that_is_not_what_its_id_says_is_refused() {
    let (mut world, notice) = told(Channel::Sms);
    let mut plan = |change: &dyn Fn(&mut Notice)| {
        let mut other = Notice {
            start_at: wall("2026-03-20 12:00"),
            ..notice.clone()
        };
        other.id = Notice::id_of(other.rule_id, other.appointment_id, other.start_at);
        change(&mut other);
        world.refused(Command::PlanNotice(other)).code
    };
    assert_eq!(
        plan(&|other| other.start_at = wall("2026-03-20 12:30")),
        RefusalCode::Invalid
    );
    assert_eq!(
        plan(&|other| other.state = NoticeState::Sent),
        RefusalCode::Invalid
    );
    assert_eq!(
        plan(&|other| other.answer = Some(Answer::Confirmed)),
        RefusalCode::Invalid
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    /// What was said about a number comes out the same in whichever order it is heard, and stopping wins.
    #[test]
    fn what_is_said_about_a_number_commutes(
        said in proptest::collection::vec((0_u8..3, 0_i64..5), 1..7),
        shuffle in proptest::collection::vec(0_usize..7, 7),
    ) {
        let after = |order: &[(u8, i64)]| {
            let mut world = World::new();
            let start = world.device_time;
            for (what, minute) in order {
                // Heard when it was said, on any device: what counts is the clinic's clock.
                world.now = start - chrono::Duration::minutes(10 - minute);
                let (kind, address, via) = (ContactKind::Phone, "414 555 0134".to_owned(), Via::Text);
                world.give(match what {
                    2 => Command::ReportWrongNumber(ReportWrongNumber { kind, address, via }),
                    what => Command::SetOptOut(SetOptOut { kind, address, stop: *what == 0, via }),
                });
            }
            let all = world.rows.all(Entity::ContactOptOut).cloned().collect::<Vec<_>>();
            let row = crate::rows_of!(all, ContactOptOut).remove(0);
            (row.is_stopped(), row.is_wrong(), row.stopped_at, row.started_at, row.wrong_at)
        };
        let mut other = said.clone();
        for (n, with) in shuffle.into_iter().enumerate() {
            if n < other.len() && with < other.len() {
                other.swap(n, with);
            }
        }
        let outcome = after(&said);
        prop_assert_eq!(outcome, after(&other));
        let last = |wanted: u8| said.iter().filter(|(what, _)| *what == wanted).map(|(_, at)| *at).max();
        let stopped = last(0).is_some_and(|stop| last(1).is_none_or(|start| start <= stop));
        prop_assert_eq!(outcome.0, stopped);
    }
}
