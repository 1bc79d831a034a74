//! When a site is closed: a holiday, a flood, an afternoon.

use super::{Booked, booked_then, days_words, named, read_day, save};
use crate::pages::desk::booking::{clock_words, read_time, sites, time_value};
use crate::pages::desk::form::Problems;
use crate::shell::staff::context::use_desk;
use domain::command::Command;
use domain::id::{ClosureId, SiteId};
use domain::row::{Entity, Row};
use domain::schedule::Closure;
use domain::schedule::clock::DAY_MINUTES;
use leptos::prelude::*;
use ui::{CheckField, Dialog, EmptyState, Field, Icon, Problem, ProblemSummary, SelectField};

/// The list.
#[component]
pub fn Closures() -> impl IntoView {
    let desk = use_desk();
    let open = RwSignal::new(false);
    let known = desk.live(sites);
    let all = desk.live(move |engine| {
        let today = desk.today();
        let mut all = engine.pick(Entity::Closure, |row| match row {
            Row::Closure(row) if !row.withdrawn && row.until_on >= today => Some(row.clone()),
            _ => None,
        });
        all.sort_by_key(|row| (row.from_on, row.from_minute, row.id));
        all
    });
    let row = move |one: Closure| {
        let whole = one.from_minute == 0 && one.until_minute == DAY_MINUTES;
        let hours = match whole {
            true => "all day".to_owned(),
            false => format!(
                "{} to {}",
                clock_words(one.from_minute),
                clock_words(one.until_minute)
            ),
        };
        let site = move || known.with(|known| named(known, one.site_id.0));
        let (id, name, days) = (
            one.id.to_string(),
            one.name.clone(),
            days_words(one.from_on, one.until_on),
        );
        let withdraw = move |_| {
            let gone = Closure {
                withdrawn: true,
                ..one.clone()
            };
            desk.enter("Open again", Command::SetClosure(gone));
        };
        view! {
            <tr data-closure=id>
                <th scope="row">{name}</th><td>{site}</td><td>{days}</td><td>{hours}</td>
                <td class="num"><button type="button" class="btn s" on:click=withdraw>"Open again"</button></td>
            </tr>
        }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Closures">
            <div class="row pad-line">
                <span class="push"></span>
                <button type="button" class="btn primary" id="close-add" on:click=move |_| open.set(true)><Icon name="plus" small=true />"Close a site"</button>
            </div>
            <table class="table">
                <thead><tr>
                    <th scope="col">"Why"</th><th scope="col">"Site"</th><th scope="col">"Days"</th><th scope="col">"Hours"</th>
                    <th scope="col"><span class="vh">"Do"</span></th>
                </tr></thead>
                <tbody><For each=move || all.get() key=|one| (one.id, one.until_on, one.until_minute) children=row /></tbody>
            </table>
            <Show when=move || all.with(Vec::is_empty)>
                <EmptyState icon="calendar" title="No closure is to come" text="Enter holidays here; nothing is offered then, and what is booked already is listed to be reworked." />
            </Show>
        </div>
        <Dialog open title="Close a site" close="Close"><ClosureForm open /></Dialog>
    }
}

#[component]
fn ClosureForm(open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let problems = Problems::new();
    let known = desk.live(sites);
    let today = desk.today().to_string();
    let text = |known: String| RwSignal::new(known);
    let home = desk.engine().home_site().map(|site| site.0.to_string());
    let first = known.with_untracked(|known| known.first().map(|(id, _)| id.clone()));
    let site = text(home.or(first).unwrap_or_default());
    let (name, from, until) = (text(String::new()), text(today.clone()), text(today));
    let whole = RwSignal::new(true);
    let (begin, end) = (text(time_value(12 * 60)), text(time_value(17 * 60)));
    let count = desk.live(move |engine| {
        let day = |text: RwSignal<String>| text.with(|text| text.parse().ok());
        match (day(from), day(until), site.with(|site| site.parse().ok())) {
            (Some(from), Some(until), Some(site)) if from <= until => {
                booked_then(engine, Some(SiteId(site)), None, (from, until))
            }
            _ => 0,
        }
    });
    let enter = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let why = name.with_untracked(|name| name.trim().to_owned());
        let place = site.with_untracked(|site| site.parse().ok().map(SiteId));
        let minutes = match whole.get_untracked() {
            true => Some((0, DAY_MINUTES)),
            false => begin
                .with_untracked(|begin| read_time(begin))
                .zip(end.with_untracked(|end| read_time(end)))
                .filter(|(begin, end)| begin < end),
        };
        let (first, last) = (read_day(from), read_day(until));
        let checks = [
            (
                why.is_empty(),
                "closure-name",
                "Enter why, in words that patients may see",
            ),
            (place.is_none(), "closure-site", "Choose the site"),
            (first.is_none(), "closure-from", "Enter the first day"),
            (
                last.is_none() || last < first,
                "closure-until",
                "Enter the last day, not before the first",
            ),
            (
                minutes.is_none(),
                "closure-end",
                "Enter an end after the beginning",
            ),
        ];
        let wrong = checks.into_iter().filter(|(wrong, ..)| *wrong);
        if !problems.show(wrong.map(|(_, id, words)| Problem::new(id, words)).collect()) {
            return;
        }
        let (Some(site_id), Some(from_on), Some(until_on), Some((from_minute, until_minute))) =
            (place, first, last, minutes)
        else {
            return;
        };
        let closure = Closure {
            id: ClosureId(desk.engine().new_id()),
            site_id,
            from_on,
            until_on,
            from_minute,
            until_minute,
            name: why,
            withdrawn: false,
        };
        save(desk, "Closed", Command::SetClosure(closure), open);
    };
    view! {
        <form class="form" novalidate on:submit=enter>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <Field id="closure-name" label="Why" hint="Staff and patients see it: Thanksgiving" value=name autofocus=true fault=problems.at("closure-name") />
            <SelectField id="closure-site" label="Site" value=site choose="Choose" options=known fault=problems.at("closure-site") />
            <div class="cols">
                <Field id="closure-from" label="First day" kind="date" value=from fault=problems.at("closure-from") />
                <Field id="closure-until" label="Last day" kind="date" value=until fault=problems.at("closure-until") />
            </div>
            <CheckField id="closure-whole" label="All day" value=whole />
            {move || (!whole.get()).then(|| view! {
                <div class="cols">
                    <Field id="closure-begin" label="From" kind="time" value=begin />
                    <Field id="closure-end" label="Until" kind="time" value=end fault=problems.at("closure-end") />
                </div>
            })}
            <Booked count />
            <div class="ends"><button type="submit" class="btn primary" id="closure-save">"Close"</button></div>
        </form>
    }
}
