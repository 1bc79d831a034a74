//! Days on which someone does not work, or works other hours than usual.

use super::{Booked, booked_then, days_words, named, read_day, save};
use crate::pages::desk::booking::{clock_words, people, read_time, sites, time_value};
use crate::pages::desk::form::Problems;
use crate::shell::staff::context::use_desk;
use chrono::{Datelike, NaiveDate};
use domain::command::Command;
use domain::id::{PractitionerId, ScheduleOverrideId, SiteId};
use domain::row::{Entity, Row};
use domain::schedule::{Block, ScheduleOverride};
use leptos::prelude::*;
use ui::{CheckField, Dialog, EmptyState, Field, Icon, Problem, ProblemSummary, SelectField};

/// What is said of the hours.
fn hours_words(one: &ScheduleOverride) -> String {
    match one.blocks.first() {
        None => "away".to_owned(),
        Some(block) => format!(
            "{} to {}",
            clock_words(block.from_minute),
            clock_words(block.until_minute)
        ),
    }
}

/// The list.
#[component]
pub fn Away() -> impl IntoView {
    let desk = use_desk();
    let open = RwSignal::new(false);
    let who = desk.live(people);
    let where_ = desk.live(sites);
    let all = desk.live(move |engine| {
        let today = desk.today();
        let mut all = engine.pick(Entity::ScheduleOverride, |row| match row {
            Row::ScheduleOverride(row) if !row.withdrawn && row.until_on >= today => Some(row.clone()),
            _ => None,
        });
        all.sort_by_key(|row| (row.from_on, row.id));
        all
    });
    let row = move |one: ScheduleOverride| {
        let (id, hours) = (one.id.to_string(), hours_words(&one));
        let (with, at) = (one.practitioner_id, one.site_id);
        let name = move || who.with(|who| named(who, with.0));
        let place = move || at.map_or("every site".to_owned(), |at| where_.with(|all| named(all, at.0)));
        let (days, reason) = (days_words(one.from_on, one.until_on), one.reason.clone());
        let withdraw = move |_| {
            let gone = ScheduleOverride {
                withdrawn: true,
                ..one.clone()
            };
            desk.enter("Back to the usual hours", Command::SetOverride(gone));
        };
        view! {
            <tr data-override=id>
                <th scope="row">{name}</th><td>{days}</td><td>{hours}</td><td>{place}</td><td>{reason}</td>
                <td class="num"><button type="button" class="btn s" on:click=withdraw>"Take back"</button></td>
            </tr>
        }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Days away">
            <div class="row pad-line">
                <span class="push"></span>
                <button type="button" class="btn primary" id="away-add" on:click=move |_| open.set(true)><Icon name="plus" small=true />"Enter days away"</button>
            </div>
            <table class="table">
                <thead><tr>
                    <th scope="col">"Who"</th><th scope="col">"Days"</th><th scope="col">"Hours"</th><th scope="col">"Where"</th><th scope="col">"Why"</th>
                    <th scope="col"><span class="vh">"Do"</span></th>
                </tr></thead>
                <tbody><For each=move || all.get() key=|one| (one.id, one.until_on) children=row /></tbody>
            </table>
            <Show when=move || all.with(Vec::is_empty)>
                <EmptyState icon="calendar" title="Nobody is away" text="Vacations and other hours go here; the weekly hours stay as they are." />
            </Show>
        </div>
        <Dialog open title="Days away or other hours" close="Close"><AwayForm open /></Dialog>
    }
}

/// Each weekday that lies among some days.
fn weekdays(from: NaiveDate, until: NaiveDate) -> Vec<u8> {
    // 1..=7
    let mut all: Vec<u8> = from
        .iter_days()
        .take_while(|day| *day <= until)
        .take(7)
        .map(|day| day.weekday().number_from_monday() as u8)
        .collect();
    all.sort_unstable();
    all
}

#[component]
fn AwayForm(open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let problems = Problems::new();
    let who = desk.live(people);
    let known = desk.live(sites);
    let today = desk.today().to_string();
    let text = |known: String| RwSignal::new(known);
    let (with, site, reason) = (text(String::new()), text(String::new()), text(String::new()));
    let (from, until) = (text(today.clone()), text(today));
    let away = RwSignal::new(true);
    let (begin, end) = (text(time_value(8 * 60)), text(time_value(12 * 60)));
    let count = desk.live(move |engine| {
        let day = |text: RwSignal<String>| text.with(|text| text.parse().ok());
        match (day(from), day(until), with.with(|with| with.parse().ok())) {
            (Some(from), Some(until), Some(with)) if from <= until => {
                let site = site.with(|site| site.parse().ok().map(SiteId));
                booked_then(engine, site, Some(PractitionerId(with)), (from, until))
            }
            _ => 0,
        }
    });
    let enter = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let whom = with.with_untracked(|with| with.parse().ok().map(PractitionerId));
        let site_id = site.with_untracked(|site| site.parse().ok().map(SiteId));
        let why = reason.with_untracked(|reason| reason.trim().to_owned());
        let (first, last) = (read_day(from), read_day(until));
        let away = away.get_untracked();
        let minutes = begin
            .with_untracked(|begin| read_time(begin))
            .zip(end.with_untracked(|end| read_time(end)))
            .filter(|(begin, end)| begin < end);
        let checks = [
            (whom.is_none(), "away-with", "Choose who"),
            (first.is_none(), "away-from", "Enter the first day"),
            (
                last.is_none() || last < first,
                "away-until",
                "Enter the last day, not before the first",
            ),
            (
                !away && site_id.is_none(),
                "away-site",
                "Other hours are at one site: choose it",
            ),
            (
                !away && minutes.is_none(),
                "away-end",
                "Enter an end after the beginning",
            ),
            (why.is_empty(), "away-reason", "Enter why, for colleagues"),
        ];
        let wrong = checks.into_iter().filter(|(wrong, ..)| *wrong);
        if !problems.show(wrong.map(|(_, id, words)| Problem::new(id, words)).collect()) {
            return;
        }
        let (Some(practitioner_id), Some(from_on), Some(until_on)) = (whom, first, last) else {
            return;
        };
        let blocks = match (away, minutes) {
            (false, Some((from_minute, until_minute))) => (weekdays(from_on, until_on).into_iter())
                .map(|weekday| Block {
                    weekday,
                    from_minute,
                    until_minute,
                    visit_type_ids: Vec::new(),
                    capacity: None,
                    providers_percent: None,
                })
                .collect(),
            _ => Vec::new(),
        };
        let row = ScheduleOverride {
            id: ScheduleOverrideId(desk.engine().new_id()),
            practitioner_id,
            site_id,
            from_on,
            until_on,
            blocks,
            reason: why,
            withdrawn: false,
        };
        save(desk, "Days away", Command::SetOverride(row), open);
    };
    view! {
        <form class="form" novalidate on:submit=enter>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <SelectField id="away-with" label="Who" value=with choose="Choose" options=who fault=problems.at("away-with") />
            <div class="cols">
                <Field id="away-from" label="First day" kind="date" value=from fault=problems.at("away-from") />
                <Field id="away-until" label="Last day" kind="date" value=until fault=problems.at("away-until") />
            </div>
            <CheckField id="away-away" label="Not working at all" value=away />
            {move || (!away.get()).then(|| view! {
                <div class="cols">
                    <Field id="away-begin" label="From" kind="time" value=begin />
                    <Field id="away-end" label="Until" kind="time" value=end fault=problems.at("away-end") />
                </div>
            })}
            <SelectField id="away-site" label="Where" value=site choose="Every site" options=known fault=problems.at("away-site") />
            <Field id="away-reason" label="Why" hint="Colleagues see it" value=reason fault=problems.at("away-reason") />
            <Booked count />
            <div class="ends"><button type="submit" class="btn primary" id="away-save">"Save"</button></div>
        </form>
    }
}
