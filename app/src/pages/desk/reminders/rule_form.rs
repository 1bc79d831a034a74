//! One rule to be set.

use super::data::example;
use crate::pages::desk::form::Problems;
use crate::shell::staff::context::use_desk;
use domain::command::Command;
use domain::id::NoticeRuleId;
use domain::notices::standard;
use domain::notices::template::{LONGEST_BODY, LONGEST_TEXT, Placeholder};
use domain::notices::{Audience, Channel, NoticeKind, NoticeRule};
use domain::row::{Entity, Row};
use domain::text::{Lang, Wording};
use leptos::prelude::*;
use ui::{AreaField, CheckField, Field, Problem, ProblemSummary, SelectField};

const UNITS: [(u32, &str); 3] = [(24 * 60, "days"), (60, "hours"), (1, "minutes")];

/// A position in a list, as a choice's value.
fn at<T: PartialEq>(all: &[T], one: &T) -> String {
    all.iter().position(|known| known == one).unwrap_or(0).to_string()
}

fn pick<T: Copy>(all: &[T], at: &str) -> Option<T> {
    all.get(at.parse::<usize>().ok()?).copied()
}

fn options(words: impl Iterator<Item = &'static str>) -> Signal<Vec<(String, String)>> {
    let all: Vec<(String, String)> = words
        .enumerate()
        .map(|(at, word)| (at.to_string(), word.to_owned()))
        .collect();
    Signal::stored(all)
}

/// "9" to 540; "9:30" to 570.
fn minute(typed: &str) -> Option<u16> {
    let (hour, minute) = typed.trim().split_once(':').unwrap_or((typed.trim(), "0"));
    let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
    (hour <= 24 && minute < 60).then_some(hour * 60 + minute)
}

fn clock(minute: u16) -> String {
    format!("{}:{:02}", minute / 60, minute % 60)
}

const AUDIENCES: [Audience; 2] = [Audience::Everyone, Audience::Unconfirmed];

/// The form.
#[component]
pub fn RuleForm(rule: Option<NoticeRule>, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let is_new = rule.is_none();
    let known = rule.unwrap_or_else(|| {
        let id = desk.engine().new_id();
        let first = standard::rules(id).into_iter().next();
        let (subject, body) = standard::words(NoticeKind::Reminder, Channel::Email);
        NoticeRule {
            id: NoticeRuleId(id),
            name: String::new(),
            kind: NoticeKind::Reminder,
            offset_minutes: 2 * 24 * 60,
            channel: Channel::Email,
            audience: Audience::Everyone,
            language: None,
            visit_type_ids: Vec::new(),
            site_ids: Vec::new(),
            from_minute: first.as_ref().map_or(540, |rule| rule.from_minute),
            until_minute: first.as_ref().map_or(1200, |rule| rule.until_minute),
            subject,
            body,
            active: true,
        }
    });
    let unit = UNITS
        .iter()
        .find(|(size, _)| known.offset_minutes.is_multiple_of(*size))
        .copied()
        .unwrap_or((1, "minutes"));
    let text = |value: &str| RwSignal::new(value.to_owned());
    let name = text(&known.name);
    let kind = RwSignal::new(at(&NoticeKind::ALL, &known.kind));
    let channel = RwSignal::new(at(&Channel::ALL, &known.channel));
    let audience = RwSignal::new(at(&AUDIENCES, &known.audience));
    let count = RwSignal::new((known.offset_minutes / unit.0).to_string());
    let sized = RwSignal::new(at(&UNITS, &unit));
    let (from, until) = (
        RwSignal::new(clock(known.from_minute)),
        RwSignal::new(clock(known.until_minute)),
    );
    let language = RwSignal::new(
        known
            .language
            .map_or_else(String::new, |lang| lang.tag().to_owned()),
    );
    let visit = RwSignal::new(
        known
            .visit_type_ids
            .first()
            .map(|id| id.0.to_string())
            .unwrap_or_default(),
    );
    let (subject_en, subject_es) = (text(&known.subject.en), text(&known.subject.es));
    let (body_en, body_es) = (text(&known.body.en), text(&known.body.es));
    let active = RwSignal::new(known.active);
    let problems = Problems::new();
    let busy = RwSignal::new(false);
    let kinds = desk.live(|engine| {
        let mut all = engine.pick(Entity::VisitType, |row| match row {
            Row::VisitType(kind) if kind.active => Some((kind.id.0.to_string(), kind.name.clone())),
            _ => None,
        });
        all.sort_by(|a, b| a.1.cmp(&b.1));
        all
    });
    let known = StoredValue::new(known);
    // As it would be set now.
    let typed = move || {
        let size = sized.with(|at| pick(&UNITS, at)).map_or(1, |(size, _)| size);
        let rule = known.get_value();
        let visit_type_ids = match visit.with(|id| id.parse().ok().map(domain::id::VisitTypeId)) {
            None => Vec::new(),
            // Several were chosen elsewhere, and this form shows the first.
            Some(id) if rule.visit_type_ids.first() == Some(&id) => rule.visit_type_ids.clone(),
            Some(id) => vec![id],
        };
        NoticeRule {
            name: name.get().trim().to_owned(),
            kind: kind.with(|at| pick(&NoticeKind::ALL, at)).unwrap_or(rule.kind),
            channel: channel.with(|at| pick(&Channel::ALL, at)).unwrap_or(rule.channel),
            audience: audience.with(|at| pick(&AUDIENCES, at)).unwrap_or(rule.audience),
            offset_minutes: count
                .with(|count| count.trim().parse::<u32>().ok())
                .and_then(|count| count.checked_mul(size))
                .unwrap_or(u32::MAX),
            from_minute: from.with(|typed| minute(typed)).unwrap_or(u16::MAX / 2),
            until_minute: until.with(|typed| minute(typed)).unwrap_or(0),
            language: match language.get().as_str() {
                "" => None,
                tag => Some(Lang::from_tag(tag)),
            },
            visit_type_ids,
            subject: Wording::new(subject_en.get(), subject_es.get()),
            body: Wording::new(body_en.get(), body_es.get()),
            active: active.get(),
            ..rule
        }
    };
    // Standard words for what is chosen, until somebody has written their own.
    Effect::new(move |before: Option<(String, String)>| {
        let now = (kind.get(), channel.get());
        let changed = before.is_some_and(|before| before != now);
        if let (true, Some(kind), Some(channel)) = (
            changed && is_new,
            pick(&NoticeKind::ALL, &now.0),
            pick(&Channel::ALL, &now.1),
        ) {
            let (subject, body) = standard::words(kind, channel);
            subject_en.set(subject.en);
            subject_es.set(subject.es);
            body_en.set(body.en);
            body_es.set(body.es);
        }
        now
    });
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let rule = untrack(typed);
        if !problems.show(wrong(&rule)) {
            return;
        }
        busy.set(true);
        desk.submit("Rule for notices", Command::SetNoticeRule(rule), move |done| {
            let _left = busy.try_set(false);
            match done {
                Ok(_) => drop(open.try_set(false)),
                Err(why) => drop(problems.show(vec![Problem::new("rule-name", why)])),
            }
        });
    };
    let list: Vec<String> = Placeholder::ALL
        .iter()
        .map(|one| ["{", one.written(), "} ", one.label().get(Lang::En)].concat())
        .collect();
    let hint = format!("Filled in: {}", list.join(", "));
    let shown = move || example(&desk.engine(), &typed(), Lang::En).body;
    view! {
        <form class="form" novalidate on:submit=save>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <Field id="rule-name" label="Name" value=name autofocus=true fault=problems.at("rule-name") />
            <div class="cols">
                <SelectField id="rule-kind" label="What for" value=kind choose="Choose" options=options(NoticeKind::ALL.iter().map(|one| one.label().get(Lang::En))) />
                <SelectField id="rule-channel" label="Way" value=channel choose="Choose" options=options(Channel::ALL.iter().map(|one| one.label().get(Lang::En))) />
            </div>
            <div class="cols">
                <Field id="rule-count" label="How long before or after" value=count inputmode="numeric" fault=problems.at("rule-count") />
                <SelectField id="rule-unit" label="Unit" value=sized choose="Choose" options=options(UNITS.iter().map(|(_, word)| *word)) />
            </div>
            <div class="cols">
                <SelectField id="rule-audience" label="To whom" value=audience choose="Choose" options=options(AUDIENCES.iter().map(|one| one.label().get(Lang::En))) />
                <SelectField id="rule-visit" label="Kind of visit" value=visit choose="All" options=kinds />
            </div>
            <div class="cols">
                <Field id="rule-from" label="Not before" value=from hint="Where the patient lives, 24 hours: 9:00" fault=problems.at("rule-from") />
                <Field id="rule-until" label="Not after" value=until fault=problems.at("rule-until") />
            </div>
            <SelectField id="rule-language" label="Language" value=language choose="All, each in theirs" options=Signal::stored(vec![("en".to_owned(), "English".to_owned()), ("es".to_owned(), "Spanish".to_owned())]) />
            <div class="cols">
                <Field id="rule-subject-en" label="Heading, English" value=subject_en fault=problems.at("rule-subject-en") />
                <Field id="rule-subject-es" label="Heading, Spanish" value=subject_es />
            </div>
            <AreaField id="rule-body-en" label="Words, English" value=body_en hint fault=problems.at("rule-body-en") />
            <AreaField id="rule-body-es" label="Words, Spanish" value=body_es fault=problems.at("rule-body-es") />
            <section class="preview" aria-live="polite"><h3>"As it reads"</h3><p class="body" id="rule-preview">{shown}</p></section>
            <CheckField id="rule-active" label="Follow this rule" value=active />
            <div class="ends">
                <button type="submit" class="btn primary" id="save-rule">"Save"</button>
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
            </div>
        </form>
    }
}

/// What is wrong, by field, in the words of the catalogue.
fn wrong(rule: &NoticeRule) -> Vec<Problem> {
    let longest = if rule.channel == Channel::Sms {
        LONGEST_TEXT
    } else {
        LONGEST_BODY
    };
    let Some(field) = rule.fault() else {
        return Vec::new();
    };
    let body = |text: &str| domain::notices::template::parts(text).is_err() || text.trim().is_empty();
    let problem = match field {
        "name" => Problem::new("rule-name", "Give the rule a name"),
        "offset_minutes" => Problem::new(
            "rule-count",
            "Enter a number: at most half a year before, three years after",
        ),
        "from_minute" => Problem::new(
            "rule-from",
            "Enter hours like 9:00, an hour apart at least; telephones ring between 8:00 and 21:00",
        ),
        "subject" => Problem::new("rule-subject-en", "Write a short heading in both languages"),
        _ => {
            let id = if body(&rule.body.es) && !body(&rule.body.en) {
                "rule-body-es"
            } else {
                "rule-body-en"
            };
            let fault = rule.template_fault(longest);
            Problem::new(
                id,
                fault.map_or_else(String::new, |fault| fault.sentence(Lang::En)),
            )
        }
    };
    vec![problem]
}
