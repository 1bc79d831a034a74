//! Notices, with whom they are about.

use crate::state::Engine;
use chrono::NaiveDateTime;
use domain::id::{NoticeRuleId, PatientId};
use domain::notices::message::{Spoken, Words, compose};
use domain::notices::{Channel, ContactOptOut, Notice, NoticeRule};
use domain::patients::Patient;
use domain::row::{Entity, Key, Row};
use domain::text::Lang;

/// A notice as a line.
#[derive(Clone, PartialEq)]
pub struct Line {
    pub notice: Notice,
    /// "Elena Delgado"
    pub name: String,
    /// "Elena D."
    pub short: String,
    /// What to call the patient.
    pub first_name: String,
    /// "Harbor Point"
    pub site: String,
    /// What the rule is called.
    pub rule: String,
    /// When the appointment begins, on the site's wall.
    pub wall: NaiveDateTime,
}

impl Line {
    /// What to call the patient where others may look on, or not.
    pub fn called(&self, counter: bool) -> String {
        match counter {
            true => self.short.clone(),
            false => self.name.clone(),
        }
    }

    /// "Tue, Dec 1, 9:00 AM"
    pub fn when(&self) -> String {
        self.wall.format("%a, %b %-d, %-I:%M %p").to_string()
    }
}

/// The picture of a way.
pub fn icon(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "mail",
        Channel::Sms => "talk",
        Channel::Letter => "printer",
        Channel::Voice => "call",
    }
}

/// "48 hours", "3 days", "90 minutes".
pub fn offset_words(minutes: u32) -> String {
    let (count, unit) = match minutes {
        days if days.is_multiple_of(24 * 60) => (days / (24 * 60), "day"),
        hours if hours.is_multiple_of(60) => (hours / 60, "hour"),
        minutes => (minutes, "minute"),
    };
    match count {
        1 => format!("1 {unit}"),
        count => format!("{count} {unit}s"),
    }
}

fn one(engine: &Engine, key: Key) -> Option<Row> {
    engine.get(key).into_iter().next()
}

/// A patient, when this device knows them.
pub fn patient(engine: &Engine, id: PatientId) -> Option<Patient> {
    match one(engine, Key::Row(Entity::Patient, id.0)) {
        Some(Row::Patient(patient)) => Some(patient),
        _ => None,
    }
}

/// Every rule, by name.
pub fn rules(engine: &Engine) -> Vec<NoticeRule> {
    let mut all = engine.pick(Entity::NoticeRule, |row| match row {
        Row::NoticeRule(rule) => Some(rule.clone()),
        _ => None,
    });
    all.sort_by(|a, b| (!a.active, &a.name).cmp(&(!b.active, &b.name)));
    all
}

/// One rule.
pub fn rule(engine: &Engine, id: NoticeRuleId) -> Option<NoticeRule> {
    match one(engine, Key::Row(Entity::NoticeRule, id.0)) {
        Some(Row::NoticeRule(rule)) => Some(rule),
        _ => None,
    }
}

/// A notice with its words.
pub fn line(engine: &Engine, notice: Notice) -> Option<Line> {
    let patient = patient(engine, notice.patient_id)?;
    let site = match one(engine, Key::Row(Entity::Site, notice.site_id.0)) {
        Some(Row::Site(site)) => site.name,
        _ => String::new(),
    };
    let wall = match one(engine, Key::Row(Entity::SiteClock, notice.site_id.0)) {
        Some(Row::SiteClock(clock)) => clock.local(notice.start_at),
        _ => notice.start_at.naive_utc(),
    };
    Some(Line {
        name: patient.display_name(),
        short: patient.counter_name(),
        first_name: patient.first_name().to_owned(),
        rule: rule(engine, notice.rule_id).map_or_else(String::new, |rule| rule.name),
        site,
        wall,
        notice,
    })
}

/// What waits for somebody, the soonest appointment first.
pub fn needing(engine: &Engine) -> Vec<Line> {
    let mut all: Vec<Line> = engine
        .pick(Entity::Notice, |row| match row {
            Row::Notice(notice) if notice.needs_somebody() => Some(notice.clone()),
            _ => None,
        })
        .into_iter()
        .filter_map(|notice| line(engine, notice))
        .collect();
    all.sort_by_key(|line| (line.notice.start_at, line.notice.id));
    all
}

/// What was said about numbers and addresses, the newest first.
pub fn numbers(engine: &Engine) -> Vec<ContactOptOut> {
    let mut all = engine.pick(Entity::ContactOptOut, |row| match row {
        Row::ContactOptOut(said) if said.is_stopped() || said.is_wrong() => Some(said.clone()),
        _ => None,
    });
    all.sort_by_key(|said| std::cmp::Reverse(said.stopped_at.max(said.wrong_at)));
    all
}

/// What the practice is called.
pub fn practice_name(engine: &Engine) -> String {
    let names = engine.pick(Entity::Practice, |row| match row {
        Row::Practice(practice) => Some(practice.name.clone()),
        _ => None,
    });
    names.into_iter().next().unwrap_or_default()
}

/// The words of a notice, as it would be sent alone.
pub fn words_of(engine: &Engine, line: &Line) -> Option<Words> {
    let rule = rule(engine, line.notice.rule_id)?;
    let spoken = Spoken {
        first_name: line.first_name.clone(),
        site: line.site.clone(),
        wall: line.wall,
    };
    let (channel, lang) = (line.notice.channel, line.notice.language);
    Some(compose(
        &rule,
        &practice_name(engine),
        &[spoken],
        channel,
        lang,
        "",
    ))
}

/// Words for an example that nobody is.
pub fn example(engine: &Engine, rule: &NoticeRule, lang: Lang) -> Words {
    let sites = engine.pick(Entity::Site, |row| match row {
        Row::Site(site) => Some(site.name.clone()),
        _ => None,
    });
    let at = engine.ports.clock.now().date_naive();
    let wall = at
        .succ_opt()
        .unwrap_or(at)
        .and_hms_opt(9, 30, 0)
        .unwrap_or_default();
    let spoken = Spoken {
        first_name: "Alex".to_owned(),
        site: sites.into_iter().next().unwrap_or_default(),
        wall,
    };
    compose(
        rule,
        &practice_name(engine),
        &[spoken],
        rule.channel,
        lang,
        "https://…",
    )
}
