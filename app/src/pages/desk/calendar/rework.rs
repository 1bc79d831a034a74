//! Bookings that something came in the way of: a closure, a day away, a clock that was changed. Nothing moved them; a
//! person looks at each and calls.

use super::columns::is_shown;
use super::head::{SideHead, close_by_key};
use super::state::{Calendar, Panel, use_calendar};
use crate::pages::desk::board::visits::{Visit, moment, said};
use crate::pages::desk::booking::{OF, with_book};
use crate::state::Engine;
use chrono::{DateTime, Duration, Utc};
use domain::id::SiteId;
use domain::patients::{ContactPoint, TelecomSystem};
use domain::row::{Entity, Row};
use domain::schedule::Appointment;
use domain::schedule::rework::rework;
use domain::text::Lang;
use leptos::prelude::*;
use ui::EmptyState;

/// So far ahead is looked.
const DAYS: i64 = 400;
/// So long what is to come is taken for the same, in seconds, while nothing changes.
const AGAIN_SECONDS: i64 = 900;
/// So long nothing changed before it is counted.
const QUIET_MILLIS: u32 = 400;

/// One of them.
#[derive(Clone, PartialEq)]
pub struct Found {
    /// What its line says.
    pub visit: Visit,
    /// "Tue Nov 24, 10:30 AM"
    pub when: String,
    /// What came in its way.
    pub why: String,
}

/// What begins from a moment to another, without the latter, at a site, is still to come, and is to be reworked; with
/// what came in its way. The earliest first.
fn found_in(
    engine: &Engine,
    site: SiteId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Vec<(Appointment, String)> {
    let now = engine.ports.clock.now();
    // By the wall of the site it may be the day before or after.
    let margin = Duration::days(1);
    let days = (from - margin).date_naive()..=(until + margin).date_naive();
    let all: Vec<Appointment> = engine.pick_on(Entity::Appointment, days, |row| match row {
        Row::Appointment(row)
            if row.site_id == site
                && (from.max(now)..until).contains(&row.start_at)
                && is_shown(row.state) =>
        {
            Some(row.clone())
        }
        _ => None,
    });
    if all.is_empty() {
        return Vec::new();
    }
    with_book(engine, (from - margin, until + margin), |book| {
        rework(book, all.iter(), now)
            .into_iter()
            .map(|one| {
                let mut why: Vec<&str> = one.why.iter().map(|why| why.sentence().get(Lang::En)).collect();
                if one.clock_changed {
                    why.push("The clock of the site was changed; the time on the wall is another one now.");
                }
                (one.appointment.clone(), why.join(" "))
            })
            .collect()
    })
}

/// What it depends on.
fn look_at(engine: &Engine) {
    engine.with_rows(&OF, |_| ());
    engine.with_rows(&[Entity::Appointment], |_| ());
}

/// All that are still to come at a site, the earliest first.
pub fn to_rework(engine: &Engine, site: SiteId) -> Vec<Found> {
    let now = engine.ports.clock.now();
    found_in(engine, site, (now, now + Duration::days(DAYS)))
        .into_iter()
        .map(|(appointment, why)| Found {
            when: moment(engine, appointment.site_id, appointment.start_at),
            visit: said(engine, appointment),
            why,
        })
        .collect()
}

/// How many there are. Every booking to come is looked at for it, and so nobody waits for it: it is counted once nothing
/// that it depends on has changed for a moment, a week at a time, with the page's own turn between.
pub fn count(calendar: Calendar) -> RwSignal<usize> {
    let (count, turn) = (RwSignal::new(0), StoredValue::new(0u32));
    let time = Memo::new(move |_| calendar.desk.now.get().timestamp() / AGAIN_SECONDS);
    Effect::new(move || {
        let engine = calendar.desk.engine();
        engine.follow(look_at);
        time.track();
        let site = calendar.site_id.get();
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        leptos::task::spawn_local(async move {
            let clock = &engine.ports.clock;
            clock.sleep(QUIET_MILLIS).await;
            let (mut from, last) = (clock.now(), clock.now() + Duration::days(DAYS));
            let mut found = 0;
            while from < last {
                if turn.try_get_value() != Some(mine) {
                    return;
                }
                let until = last.min(from + Duration::days(7));
                found += site.map_or(0, |site| found_in(&engine, site, (from, until)).len());
                from = until;
                clock.turn().await;
            }
            let _left = count.try_set(found);
        });
    });
    count
}

/// The list.
#[component]
pub fn ReworkSide() -> impl IntoView {
    let calendar = use_calendar();
    let desk = calendar.desk;
    let all = desk.live(move |engine| {
        calendar
            .site_id
            .get()
            .map(|site| to_rework(engine, site))
            .unwrap_or_default()
    });
    close_by_key(calendar);
    let row = move |one: Found| {
        let id = one.visit.appointment.id;
        let on = one.visit.appointment.wall.date();
        let named = one.visit.clone();
        let name = move || named.called(desk.counter.get());
        let phone = desk
            .engine()
            .patient(one.visit.appointment.patient_id)
            .and_then(|patient| {
                let phone = |one: &&ContactPoint| one.system == TelecomSystem::Phone;
                patient.telecoms.iter().find(phone).map(|one| one.value.clone())
            });
        let show = move |_| {
            calendar.on.set(on);
            calendar.panel.set(Panel::Visit(id));
        };
        view! {
            <li>
                <button type="button" class="pt" data-rework=id.to_string() on:click=show>
                    <span class="top"><span class="who">{name}</span></span>
                    <span class="what">{one.when}" · "{one.visit.practitioner.clone()}</span>
                    <span class="what">{one.why}</span>
                    {phone.map(|phone| view! { <span class="what">{phone}</span> })}
                </button>
            </li>
        }
    };
    view! {
        <SideHead title="Needs another time" about="Nothing was moved. Call each patient, then move or cancel the appointment; it leaves the list by itself." />
        <div class="scroll side-form" tabindex="0" role="region" aria-label="Needs another time">
            <ol class="expected all">{move || all.get().into_iter().map(row).collect_view()}</ol>
            <Show when=move || all.with(Vec::is_empty)>
                <EmptyState icon="okc" title="Nothing to rework" text="A closure or a day away over bookings would list them here." />
            </Show>
        </div>
    }
}
