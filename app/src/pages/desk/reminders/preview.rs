//! What a rule would say, and to how many.

use super::data::example;
use crate::shell::staff::context::use_desk;
use crate::state::Engine;
use chrono::Duration;
use domain::notices::plan::{Plan, plan};
use domain::notices::{Channel, NoticeRule, NoticeState};
use domain::row::{Entity, Row, Rows};
use domain::schedule::Appointment;
use domain::text::Lang;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// How far a preview looks.
const DAYS: i64 = 7;

/// How many notices a rule makes of what this device knows, and how many of them cannot be sent.
fn count(engine: &Engine, rule: &NoticeRule) -> (usize, usize) {
    let appointments: Vec<Appointment> = engine.pick(Entity::Appointment, |row| match row {
        Row::Appointment(row) => Some(row.clone()),
        _ => None,
    });
    let mut rows = Rows::default();
    for kind in [
        Entity::Patient,
        Entity::Consent,
        Entity::SiteClock,
        Entity::ContactOptOut,
        Entity::Appointment,
    ] {
        engine
            .pick(kind, |row| Some(row.clone()))
            .into_iter()
            .for_each(|row| rows.put(row));
    }
    let rule = NoticeRule {
        active: true,
        ..rule.clone()
    };
    let planned = plan(&Plan {
        rules: &[rule],
        appointments: &appointments,
        rows: &rows,
        // Without a table of zones the site's clock counts; the server has one.
        zones: &BTreeMap::new(),
        now: engine.ports.clock.now(),
        ahead: Duration::days(DAYS),
    });
    let sent = planned
        .iter()
        .filter(|notice| notice.state == NoticeState::Planned)
        .count();
    (sent, planned.len() - sent)
}

/// The words in both languages, with the count.
#[component]
pub fn Preview(rule: NoticeRule) -> impl IntoView {
    let desk = use_desk();
    let engine = desk.engine();
    let counted = desk.holds(Entity::Appointment).then(|| count(&engine, &rule));
    let letterhead = rule.channel != Channel::Sms && rule.channel != Channel::Voice;
    let text = |lang: Lang, word: &'static str| {
        let words = example(&engine, &rule, lang);
        view! {
            <section class="preview" lang=lang.tag() data-preview=lang.tag()>
                <h3>{word}</h3>
                {letterhead.then_some(view! { <p><b>{words.subject}</b></p> })}
                <p class="body">{words.body}</p>
            </section>
        }
    };
    let said = counted.map(|(sent, not)| {
        let not = match not {
            0 => String::new(),
            not => format!(" {not} cannot be told this way."),
        };
        view! { <p id="preview-count" role="status">{format!("In the next {DAYS} days: {sent} to send, as far as this computer knows.{not}")}</p> }
    });
    view! {
        {said}
        {text(Lang::En, "English")}
        {text(Lang::Es, "Español")}
    }
}
