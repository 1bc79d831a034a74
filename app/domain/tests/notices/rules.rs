//! What a rule may be, and who may set it.

use crate::common::*;
use domain::access::Role;
use domain::command::Command;
use domain::decide::RefusalCode;
use domain::notices::standard;
use domain::notices::*;
use domain::text::Wording;

pub fn rule(channel: Channel) -> NoticeRule {
    let (subject, body) = standard::words(NoticeKind::Reminder, channel);
    NoticeRule {
        channel,
        subject,
        body,
        active: true,
        audience: Audience::Everyone,
        offset_minutes: 2 * 24 * 60,
        ..standard::rules(id(0x9000)).remove(0)
    }
}

fn refused_field(change: impl FnOnce(&mut NoticeRule)) -> String {
    let mut world = World::new();
    let mut rule = rule(Channel::Sms);
    change(&mut rule);
    let refusal = world.refused(Command::SetNoticeRule(rule));
    assert_eq!(refusal.code, RefusalCode::Invalid);
    refusal.params["field"].clone()
}

#[test]
fn a_rule_that_is_not_sound_is_refused_by_field() {
    assert_eq!(refused_field(|rule| rule.name = " ".into()), "name");
    assert_eq!(
        refused_field(|rule| rule.body.en = "Your {diagnosis}".into()),
        "body"
    );
    assert_eq!(refused_field(|rule| rule.body.es = String::new()), "body");
    assert_eq!(
        refused_field(|rule| rule.body = Wording::new("x".repeat(321), "x")),
        "body"
    );
    assert_eq!(
        refused_field(|rule| rule.subject.en = "a\nBcc: everyone".into()),
        "subject"
    );
    assert_eq!(refused_field(|rule| rule.from_minute = 7 * 60), "from_minute");
    assert_eq!(refused_field(|rule| rule.until_minute = 22 * 60), "from_minute");
    assert_eq!(
        refused_field(|rule| rule.until_minute = rule.from_minute + 59),
        "from_minute"
    );
    assert_eq!(
        refused_field(|rule| rule.offset_minutes = 184 * 24 * 60),
        "offset_minutes"
    );
    let mut world = World::new();
    // A mail makes no telephone ring.
    world.give(Command::SetNoticeRule(NoticeRule {
        from_minute: 0,
        until_minute: 1440,
        ..rule(Channel::Email)
    }));
}

#[test]
fn rules_are_set_by_the_owner_and_the_desk_and_sending_is_the_servers_alone() {
    for role in Role::ALL {
        let mut world = World::new();
        world.role = role;
        let taken = world.ask(&Command::SetNoticeRule(rule(Channel::Sms))).is_ok();
        assert_eq!(
            taken,
            matches!(role, Role::Owner | Role::FrontDesk | Role::Service),
            "{role:?}"
        );
    }
}
