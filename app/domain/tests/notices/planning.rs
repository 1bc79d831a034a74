//! From appointments and rules to notices.

use crate::common::*;
use crate::rules::rule;
use crate::stand::*;
use chrono::{DateTime, Duration, Utc};
use domain::command::Command;
use domain::id::*;
use domain::intake::*;
use domain::notices::contact::Contact;
use domain::notices::plan::{Plan, candidates, plan, window};
use domain::notices::*;
use domain::patients::*;
use domain::row::{Entity, Row};
use domain::schedule::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

pub const AHEAD: Duration = Duration::hours(48);

fn zones() -> BTreeMap<String, SiteClock> {
    let zone = |zone: chrono_tz::Tz| {
        let clock = clock(NORTH, zone, "2024-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
        (zone.name().to_owned(), clock)
    };
    [
        zone(chrono_tz::America::Chicago),
        zone(chrono_tz::Pacific::Honolulu),
    ]
    .into()
}

/// What is planned at a moment, over everything that a world knows.
pub fn planned(world: &World, rules: &[NoticeRule], now: &str) -> Vec<Notice> {
    planned_at(world, rules, at(now))
}

fn planned_at(world: &World, rules: &[NoticeRule], now: DateTime<Utc>) -> Vec<Notice> {
    let all = world.rows.all(Entity::Appointment).cloned().collect::<Vec<_>>();
    plan(&Plan {
        rules,
        appointments: &crate::rows_of!(all, Appointment),
        rows: &world.rows,
        zones: &zones(),
        now,
        ahead: AHEAD,
    })
}

pub fn only(notices: Vec<Notice>) -> Notice {
    assert_eq!(notices.len(), 1, "{notices:?}");
    notices.into_iter().next().unwrap()
}

/// Elena is booked for Friday the 20th at nine.
pub fn booked() -> (World, PatientId) {
    let (mut world, elena) = clinic();
    world.give(Command::BookAppointment(book(0x310, elena, "2026-03-20 09:00")));
    (world, elena)
}

pub fn change_patient(world: &mut World, id: PatientId, change: impl FnOnce(&mut Patient)) {
    let mut patient = world.read_patient(id);
    change(&mut patient);
    world.rows.put(Row::Patient(patient));
}

fn texting(n: u128, patient_id: PatientId, decision: ConsentDecision, revoked: bool) -> Row {
    Row::Consent(Consent {
        id: ConsentId(id(n)),
        patient_id,
        kind: ConsentKind::Texting,
        form_id: ConsentFormId(id(500)),
        language: "en".into(),
        text_hash: String::new(),
        decision,
        signature: None,
        device_id: DeviceId(id(1)),
        signed_at: at("2026-03-01T12:00:00Z"),
        revoked_at: revoked.then(|| at("2026-03-02T12:00:00Z")),
    })
}

#[test]
fn a_reminder_is_planned_two_days_before_with_one_id_whoever_plans_it() {
    let (world, elena) = booked();
    let rules = [rule(Channel::Sms)];
    assert!(
        planned(&world, &rules, "2026-03-15T12:00:00Z").is_empty(),
        "not yet"
    );
    let notice = only(planned(&world, &rules, "2026-03-17T12:00:00Z"));
    assert_eq!(notice.patient_id, elena);
    assert_eq!(notice.state, NoticeState::Planned);
    assert_eq!(notice.address.as_deref(), Some("+14145550134"));
    assert_eq!(notice.due_at, wall("2026-03-18 09:00"));
    assert_eq!(notice.useless_at, wall("2026-03-20 08:00"));
    assert_eq!(notice.day_on, day("2026-03-20"));
    for later in [
        "2026-03-17T12:01:00Z",
        "2026-03-18T20:00:00Z",
        "2026-03-20T11:00:00Z",
    ] {
        assert!(only(planned(&world, &rules, later)) == notice, "{later}");
    }
    assert!(
        planned(&world, &rules, "2026-03-20T13:00:01Z").is_empty(),
        "of no use any more"
    );
}

#[test]
fn what_was_agreed_a_moment_ago_needs_no_reminder() {
    let (mut world, elena) = clinic();
    // It is March 10, ten in the morning.
    world.give(Command::BookAppointment(book(0x311, elena, "2026-03-11 09:00")));
    assert!(planned(&world, &[rule(Channel::Sms)], "2026-03-10T15:05:00Z").is_empty());
    let hours_before = NoticeRule {
        offset_minutes: 120,
        from_minute: 480,
        ..rule(Channel::Sms)
    };
    let notice = only(planned(&world, &[hours_before], "2026-03-10T15:05:00Z"));
    // Seven in the morning is night; the evening before is not.
    assert_eq!(notice.due_at, wall("2026-03-10 19:59"));
}

#[test]
fn quiet_hours_are_where_the_patient_lives_and_the_time_is_the_sites() {
    let (mut world, elena) = booked();
    change_patient(&mut world, elena, |patient| {
        patient.addresses[0].state = "HI".into()
    });
    let notice = only(planned(&world, &[rule(Channel::Sms)], "2026-03-18T12:00:00Z"));
    // Nine in Honolulu is two in the afternoon in Chicago.
    assert_eq!(notice.due_at, wall("2026-03-18 14:00"));
    assert_eq!(notice.day_on, day("2026-03-20"));
}

#[test]
fn who_may_not_be_told_is_not_told() {
    let now = "2026-03-18T15:00:00Z";
    let state_of = |channel, change: &dyn Fn(&mut World, PatientId)| {
        let (mut world, elena) = booked();
        change(&mut world, elena);
        only(planned(&world, &[rule(channel)], now)).state
    };
    use NoticeState::{Failed, Planned, Void};
    let sms = |change: &dyn Fn(&mut World, PatientId)| state_of(Channel::Sms, change);
    assert_eq!(sms(&|_, _| {}), Planned);
    let died = |world: &mut World, elena| {
        change_patient(world, elena, |patient| {
            patient.deceased_on = Some(day("2026-03-12"))
        });
    };
    for channel in Channel::ALL {
        assert_eq!(
            state_of(channel, &died),
            Void(VoidReason::Deceased),
            "{channel:?}"
        );
    }
    let no_text = |world: &mut World, elena| {
        change_patient(world, elena, |patient| patient.telecoms[0].may_text = false);
    };
    assert_eq!(sms(&no_text), Void(VoidReason::NoConsent));
    assert_eq!(state_of(Channel::Voice, &no_text), Planned, "they may be called");
    for (decision, revoked, expected) in [
        (ConsentDecision::Agreed, false, Planned),
        (ConsentDecision::Agreed, true, Void(VoidReason::NoConsent)),
        (ConsentDecision::Declined, false, Void(VoidReason::NoConsent)),
    ] {
        let asked = |world: &mut World, elena| world.rows.put(texting(0x501, elena, decision, revoked));
        assert_eq!(sms(&asked), expected);
    }
    let stopped = |world: &mut World, _| {
        world.give(Command::SetOptOut(SetOptOut {
            kind: ContactKind::Phone,
            address: "(414) 555-0134".into(),
            stop: true,
            via: Via::Voice,
        }));
    };
    assert_eq!(sms(&stopped), Void(VoidReason::OptedOut));
    assert_eq!(state_of(Channel::Voice, &stopped), Void(VoidReason::OptedOut));
    assert_eq!(
        state_of(Channel::Letter, &stopped),
        Planned,
        "it was said of the telephone"
    );
    let wrong = |world: &mut World, _| {
        world.give(Command::ReportWrongNumber(ReportWrongNumber {
            kind: ContactKind::Phone,
            address: "4145550134".into(),
            via: Via::Text,
        }));
    };
    assert_eq!(sms(&wrong), Void(VoidReason::WrongNumber));
    let none = |world: &mut World, elena| change_patient(world, elena, |patient| patient.telecoms.clear());
    assert_eq!(sms(&none), Failed(FailReason::NoContact));
    assert_eq!(
        state_of(Channel::Email, &|_, _| {}),
        Failed(FailReason::NoContact)
    );
    let returned = |world: &mut World, elena| {
        change_patient(world, elena, |patient| patient.addresses[0].bad = true);
    };
    assert_eq!(
        state_of(Channel::Letter, &returned),
        Failed(FailReason::NoContact)
    );
}

#[test]
fn who_asked_for_confidential_communications_is_written_to_there_and_nowhere_else() {
    let (mut world, elena) = booked();
    change_patient(&mut world, elena, |patient| {
        patient.addresses.push(Address {
            usage: AddressUse::Confidential,
            line1: "PO Box 9".into(),
            ..home("")
        });
    });
    for channel in Channel::ALL {
        let notice = only(planned(&world, &[rule(channel)], "2026-03-18T15:00:00Z"));
        assert_eq!(notice.channel, Channel::Letter, "{channel:?}");
        assert_eq!(notice.address.as_deref(), Some("PO Box 9, Brookfield, WI 53005"));
    }
}

#[test]
fn what_is_not_to_come_is_not_reminded_of() {
    let now = "2026-03-18T15:00:00Z";
    let (mut world, elena) = booked();
    let cancel = CancelAppointment {
        appointment_id: AppointmentId(id(0x310)),
        patient_id: elena,
        reason: "No ride".into(),
        by: CancelledBy::Patient,
    };
    world.give(Command::CancelAppointment(cancel));
    assert!(planned(&world, &[rule(Channel::Sms)], now).is_empty());
    let (mut world, elena) = booked();
    world.give(Command::ConfirmAppointment(ConfirmAppointment {
        appointment_id: AppointmentId(id(0x310)),
        patient_id: elena,
    }));
    assert_eq!(planned(&world, &[rule(Channel::Sms)], now).len(), 1);
    let unconfirmed = NoticeRule {
        audience: Audience::Unconfirmed,
        ..rule(Channel::Sms)
    };
    assert!(
        planned(&world, &[unconfirmed], now).is_empty(),
        "they said so already"
    );
    let off = NoticeRule {
        active: false,
        ..rule(Channel::Sms)
    };
    assert!(planned(&world, &[off], now).is_empty());
    let elsewhere = NoticeRule {
        site_ids: vec![SOUTH],
        ..rule(Channel::Sms)
    };
    assert!(planned(&world, &[elsewhere], now).is_empty());
    let spanish = NoticeRule {
        language: Some(domain::text::Lang::Es),
        ..rule(Channel::Sms)
    };
    assert!(planned(&world, &[spanish], now).is_empty());
}

#[test]
fn one_text_for_a_parent_with_two_children_and_another_for_another_day() {
    let (mut world, elena) = booked();
    let child = |n: u128, name: &str| Patient {
        telecoms: vec![mobile("+1 (414) 555 0134")],
        addresses: vec![home("402 Mill Street")],
        ..named(n, name, "Delgado", "2018-05-05")
    };
    let (ana, ben) = (world.register(child(11, "Ana")), world.register(child(12, "Ben")));
    world.give(Command::BookAppointment(book(0x311, ana, "2026-03-20 09:30")));
    world.give(Command::BookAppointment(book(0x312, ben, "2026-03-20 10:00")));
    let notices = planned(&world, &[rule(Channel::Sms)], "2026-03-18T13:00:00Z");
    let messages: BTreeSet<_> = notices.iter().map(|notice| notice.message_id).collect();
    assert_eq!((notices.len(), messages.len()), (3, 1));
    world.give(Command::BookAppointment(book(0x313, elena, "2026-03-19 16:00")));
    let notices = planned(&world, &[rule(Channel::Sms)], "2026-03-18T13:00:00Z");
    let messages: BTreeSet<_> = notices.iter().map(|notice| notice.message_id).collect();
    assert_eq!((notices.len(), messages.len()), (4, 2));
}

#[test]
fn after_a_visit_only_those_hear_of_it_who_do_not_come_again() {
    let (mut world, elena) = booked();
    let after = |kind, days: u32| NoticeRule {
        kind,
        offset_minutes: days * 24 * 60,
        ..rule(Channel::Sms)
    };
    let stand = |world: &mut World, state| {
        let mut known = appointment(world, 0x310);
        known.state = state;
        world.rows.put(Row::Appointment(known));
    };
    let (recall, missed) = (after(NoticeKind::Recall, 365), after(NoticeKind::Missed, 1));
    stand(&mut world, AppointmentState::Completed);
    let rules = [recall, missed];
    let notice = only(planned(&world, &rules, "2027-03-20T15:00:00Z"));
    assert_eq!(notice.rule_id, rules[0].id);
    assert!(
        planned(&world, &rules, "2027-03-28T15:00:00Z").is_empty(),
        "a week late is too late"
    );
    stand(&mut world, AppointmentState::NoShow);
    let mut rules = rules;
    rules[1].id = NoticeRuleId(id(0x9100));
    assert_eq!(
        only(planned(&world, &rules, "2026-03-21T15:00:00Z")).rule_id,
        rules[1].id
    );
    world.give(Command::BookAppointment(book(0x311, elena, "2026-03-27 09:00")));
    assert!(
        planned(&world, &rules, "2026-03-21T15:00:00Z").is_empty(),
        "they have a new time"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    /// Whenever a server looks, and however often it was down in between: of each rule and appointment there is one
    /// notice at most, the same one, due at the same moment; and whoever asks for candidates and a window first finds
    /// all of them.
    #[test]
    fn looking_at_any_moments_plans_the_same(
        looks in proptest::collection::vec(0_i64..14 * 24 * 60, 1..12),
        offset in 60_u32..6 * 24 * 60,
        hour in 9_u32..16,
    ) {
        let (mut world, elena) = clinic();
        let start = format!("2026-03-20 {hour:02}:00");
        world.give(Command::BookAppointment(book(0x310, elena, &start)));
        let rules = [
            NoticeRule { offset_minutes: offset, ..rule(Channel::Sms) },
            NoticeRule { id: NoticeRuleId(id(0x9200)), offset_minutes: offset / 2 + 60, ..rule(Channel::Letter) },
        ];
        let mut seen: BTreeMap<NoticeId, Notice> = BTreeMap::new();
        for minutes in looks {
            let now = at("2026-03-10T15:00:00Z") + Duration::minutes(minutes);
            let all = world.rows.all(Entity::Appointment).cloned().collect::<Vec<_>>();
            let all = crate::rows_of!(all, Appointment);
            let (from, until) = window(&rules, now, AHEAD).unwrap();
            let found: BTreeSet<NoticeId> = candidates(&rules, &all, now, AHEAD).into_iter().map(|(id, ..)| id).collect();
            for notice in planned_at(&world, &rules, now) {
                prop_assert!(found.contains(&notice.id));
                prop_assert!(all.iter().any(|one| one.id == notice.appointment_id && (from..until).contains(&one.start_at)));
                prop_assert!(notice.due_at < notice.useless_at);
                let known = seen.entry(notice.id).or_insert_with(|| notice.clone());
                prop_assert!(*known == notice);
            }
        }
        prop_assert!(seen.len() <= 2);
    }
}

#[test]
fn a_contact_is_one_row_on_every_device() {
    let one = Contact::phone("414 555 0134").unwrap();
    assert_eq!(one.row_id().to_string(), "de474f0f-ea58-58f3-be48-ac00bcb87970");
}
