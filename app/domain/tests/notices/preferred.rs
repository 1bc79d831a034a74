//! Patients say by which way they want to be told; where that is closed, the rule's own way is used.

use crate::common::*;
use crate::planning::{booked, change_patient, only, planned};
use crate::rules::rule;
use domain::access::Role;
use domain::command::Command;
use domain::decide::RefusalCode;
use domain::id::PatientId;
use domain::notices::message::{Spoken, compose};
use domain::notices::reach::{open_ways, open_ways_reads};
use domain::notices::*;
use domain::patients::*;
use domain::row::{Entity, Row, View};
use domain::text::{Lang, Wording};
use serde_json::{Value, json};

const NOW: &str = "2026-03-18T15:00:00Z";
const MAIL: &str = "elena@example.org";

/// Elena has a mail address, and wants to be told in a way.
fn wants(channel: Option<Channel>) -> (World, PatientId) {
    let (mut world, elena) = booked();
    change_patient(&mut world, elena, |patient| {
        patient.preferred_channel = channel;
        patient.telecoms.push(ContactPoint {
            system: TelecomSystem::Email,
            usage: TelecomUse::Home,
            value: MAIL.into(),
            may_text: false,
        });
    });
    (world, elena)
}

fn stop(kind: ContactKind, address: &str) -> Command {
    Command::SetOptOut(SetOptOut {
        kind,
        address: address.into(),
        stop: true,
        via: Via::Voice,
    })
}

fn way(world: &World, rule: &NoticeRule) -> (Channel, NoticeState) {
    let notice = only(planned(world, std::slice::from_ref(rule), NOW));
    (notice.channel, notice.state)
}

#[test]
fn the_way_that_they_asked_for_comes_first_and_there_is_one_notice() {
    for asked in Channel::ALL {
        let (world, _) = wants(Some(asked));
        for own in Channel::ALL {
            assert_eq!(way(&world, &rule(own)), (asked, NoticeState::Planned), "{own:?}");
        }
    }
    let (world, _) = wants(None);
    for own in Channel::ALL {
        assert_eq!(way(&world, &rule(own)), (own, NoticeState::Planned));
    }
    // The same notice whatever the way: nobody is told twice who changes their mind.
    let id = |channel| only(planned(&wants(channel).0, &[rule(Channel::Sms)], NOW)).id;
    assert_eq!(id(None), id(Some(Channel::Letter)));
}

#[test]
fn what_may_not_be_used_is_not_used_because_somebody_asked_for_it() {
    // Told to stop texts, without consent to them, or without an address: the rule's own way.
    let (mut world, _) = wants(Some(Channel::Email));
    world.give(stop(ContactKind::Email, MAIL));
    assert_eq!(
        way(&world, &rule(Channel::Sms)),
        (Channel::Sms, NoticeState::Planned)
    );
    let (mut world, elena) = wants(Some(Channel::Sms));
    change_patient(&mut world, elena, |patient| patient.telecoms[0].may_text = false);
    assert_eq!(
        way(&world, &rule(Channel::Email)),
        (Channel::Email, NoticeState::Planned)
    );
    let (mut world, elena) = wants(Some(Channel::Letter));
    change_patient(&mut world, elena, |patient| patient.addresses[0].bad = true);
    assert_eq!(
        way(&world, &rule(Channel::Email)),
        (Channel::Email, NoticeState::Planned)
    );
    // The rule's way is closed, and theirs is not.
    let (mut world, _) = wants(Some(Channel::Email));
    world.give(stop(ContactKind::Phone, "414 555 0134"));
    assert_eq!(
        way(&world, &rule(Channel::Sms)),
        (Channel::Email, NoticeState::Planned)
    );
    // Both are: why the rule's own is.
    world.give(stop(ContactKind::Email, MAIL));
    assert_eq!(
        way(&world, &rule(Channel::Sms)),
        (Channel::Sms, NoticeState::Void(VoidReason::OptedOut))
    );
    // Confidential communications come before everything (45 CFR 164.522(b)).
    let (mut world, elena) = wants(Some(Channel::Sms));
    change_patient(&mut world, elena, |patient| {
        patient.addresses.push(Address {
            usage: AddressUse::Confidential,
            ..home("PO Box 9")
        });
    });
    assert_eq!(way(&world, &rule(Channel::Email)).0, Channel::Letter);
}

/// Planned for who wants mails, by a rule for texts, and kept.
fn told() -> (World, Notice) {
    let (mut world, _) = wants(Some(Channel::Email));
    let rule = rule(Channel::Sms);
    world.give(Command::SetNoticeRule(rule.clone()));
    (world.now, world.device_time) = (at(NOW), at(NOW));
    world.role = Role::Service;
    let notice = only(planned(&world, &[rule], NOW));
    world.give(Command::PlanNotice(notice.clone()));
    (world, notice)
}

fn claim(world: &mut World, notice: &Notice) -> Notice {
    let known = |world: &World| match world.rows.row(Entity::Notice, notice.id.0) {
        Some(Row::Notice(notice)) => notice.clone(),
        _ => panic!("no such notice"),
    };
    let command = Command::ClaimNotice(known(world).claim());
    world.give(command);
    known(world)
}

#[test]
fn the_last_look_keeps_the_way_and_falls_back_once() {
    let (mut world, notice) = told();
    let sent = claim(&mut world, &notice);
    assert_eq!((sent.channel, sent.state), (Channel::Email, NoticeState::Queued));
    let (mut world, notice) = told();
    world.give(stop(ContactKind::Email, MAIL));
    let moved = claim(&mut world, &notice);
    assert_eq!((moved.channel, moved.state), (Channel::Sms, NoticeState::Planned));
    assert_eq!(claim(&mut world, &notice).state, NoticeState::Queued);
    // Both were closed since: it comes to an end.
    let (mut world, notice) = told();
    world.give(stop(ContactKind::Email, MAIL));
    world.give(stop(ContactKind::Phone, "414 555 0134"));
    claim(&mut world, &notice);
    let over = claim(&mut world, &notice);
    assert_eq!(over.state, NoticeState::Void(VoidReason::OptedOut));
}

#[test]
fn telephones_ring_by_day_also_where_a_rule_for_mails_holds_all_night() {
    let night = NoticeRule {
        from_minute: 0,
        until_minute: 1440,
        // Two in the morning.
        offset_minutes: 55 * 60,
        ..rule(Channel::Email)
    };
    let due = |channel| {
        let (world, _) = wants(channel);
        only(planned(&world, std::slice::from_ref(&night), NOW)).due_at
    };
    assert_eq!(due(None), crate::stand::wall("2026-03-18 02:00"));
    assert_eq!(due(Some(Channel::Sms)), crate::stand::wall("2026-03-18 08:00"));
    let late = NoticeRule {
        from_minute: 1320,
        ..night.clone()
    };
    let (world, _) = wants(Some(Channel::Voice));
    let notice = only(planned(&world, &[late], NOW));
    assert_eq!(notice.due_at, crate::stand::wall("2026-03-18 08:00"));
}

#[test]
fn by_another_way_than_the_rules_the_standard_words_are_said() {
    let mail = NoticeRule {
        body: Wording::new("A long mail. {link}", "Un correo largo. {link}"),
        ..rule(Channel::Email)
    };
    let about = [Spoken {
        first_name: "Elena".into(),
        site: "North".into(),
        wall: "2026-03-20T09:00:00".parse().unwrap(),
    }];
    let say = |channel| compose(&mail, "Lakeside", &about, channel, Lang::En, "https://x/n/t").body;
    assert!(say(Channel::Email).starts_with("A long mail."));
    assert!(say(Channel::Voice).contains("Will you come?"));
    assert!(say(Channel::Sms).contains("https://x/n/t"));
}

#[test]
fn the_ways_that_are_open_are_those_in_the_record_that_nobody_closed() {
    let open = |world: &World, elena| open_ways(&world.rows, &world.read_patient(elena));
    let (mut world, elena) = wants(None);
    assert_eq!(open(&world, elena), Channel::ALL);
    world.give(stop(ContactKind::Phone, "414 555 0134"));
    assert_eq!(open(&world, elena), [Channel::Email, Channel::Letter]);
    change_patient(&mut world, elena, |patient| patient.addresses[0].bad = true);
    assert_eq!(open(&world, elena), [Channel::Email]);
    // What they look at is what they say.
    let reads: Vec<_> = open_ways_reads(&world.read_patient(elena)).collect();
    let mut read = domain::row::Rows::default();
    for key in &reads {
        world.rows.get(key).into_iter().for_each(|row| read.put(row));
    }
    assert_eq!(open_ways(&read, &world.read_patient(elena)), [Channel::Email]);
    change_patient(&mut world, elena, |patient| {
        patient.addresses.push(Address {
            usage: AddressUse::Confidential,
            ..home("PO Box 9")
        });
    });
    assert_eq!(open(&world, elena), [Channel::Letter]);
}

#[test]
fn a_patient_says_it_by_themselves_and_corrects_nothing_else() {
    let (mut world, elena) = wants(None);
    let correct = |changes| {
        Command::CorrectPatient(CorrectPatient {
            patient_id: elena,
            changes,
        })
    };
    let way = |from, to| change(PatientField::PreferredChannel, from, to);
    let name = || change(PatientField::MiddleName, Value::Null, "Q");
    world.acting(Role::Patient, "Patient, online", |world| {
        world.give(correct(vec![way(Value::Null, json!("voice"))]));
        for wrong in [vec![name()], vec![way(json!("voice"), json!("sms")), name()]] {
            assert_eq!(world.refused(correct(wrong)).code, RefusalCode::NotAllowed);
        }
    });
    let known = world.read_patient(elena);
    assert_eq!(
        (known.preferred_channel, known.middle_name),
        (Some(Channel::Voice), None)
    );
}

#[test]
fn it_is_said_and_corrected_like_every_other_field_and_old_records_have_none() {
    let (mut world, elena) = booked();
    let old = serde_json::to_value(world.read_patient(elena)).unwrap();
    assert!(old.get("preferred_channel").is_none());
    let change = |from: Value, to: Value| FieldChange {
        field: PatientField::PreferredChannel,
        from,
        to,
    };
    world.correct(elena, vec![change(Value::Null, json!("voice"))]);
    assert_eq!(world.read_patient(elena).preferred_channel, Some(Channel::Voice));
    let wrong = Command::CorrectPatient(CorrectPatient {
        patient_id: elena,
        changes: vec![change(json!("voice"), json!("pigeon"))],
    });
    assert_eq!(world.refused(wrong).params["field"], "preferred_channel");
    let decision = world.correct(elena, vec![change(Value::Null, json!("sms"))]);
    assert_eq!(decision.conflicts, 1);
    let conflict = decision.facts.iter().find(|row| row.entity() == Entity::Conflict);
    assert_eq!(
        conflict.map(Row::edition),
        Some(5),
        "an older page knows no such field"
    );
}
