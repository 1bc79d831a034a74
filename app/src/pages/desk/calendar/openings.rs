//! The first open times for what is being booked. One press takes one.

use crate::pages::desk::booking::{clock, with_book};
use crate::state::Engine;
use chrono::{Days, NaiveDate};
use domain::id::{PractitionerId, SiteId, VisitTypeId};
use domain::row::{Entity, Row};
use domain::schedule::slots::{OpenSlot, Search, first_available};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// So many are offered, and so far ahead.
const OFFERED: usize = 6;
const DAYS: u64 = 90;

/// What is looked for; no practitioner is anyone, no site is any.
#[derive(Clone, PartialEq)]
pub struct Wanted {
    /// For what.
    pub kind: VisitTypeId,
    /// With whom.
    pub with: Option<PractitionerId>,
    /// Where.
    pub site: Option<SiteId>,
    /// From this day on.
    pub from: NaiveDate,
    /// On a screen.
    pub video: bool,
}

/// An open time, in words.
#[derive(Clone, PartialEq)]
pub struct Opening {
    /// As it was found.
    pub slot: OpenSlot,
    /// The day on the wall.
    pub on: NaiveDate,
    /// The minute of that day.
    pub minute: u16,
    /// "Tue Nov 24, 10:30 AM"
    pub when: String,
    /// "Okafor, Maple Street"
    pub who: String,
}

/// The first open times.
pub fn openings(engine: &Engine, wanted: &Wanted) -> Vec<Opening> {
    let people: BTreeMap<PractitionerId, (String, Vec<SiteId>)> =
        (engine.pick(Entity::Practitioner, |row| match row {
            Row::Practitioner(row) if row.active => {
                Some((row.id, (row.family_name.clone(), row.site_ids.clone())))
            }
            _ => None,
        }))
        .into_iter()
        .collect();
    let sites: BTreeMap<SiteId, String> = (engine.pick(Entity::Site, |row| match row {
        Row::Site(row) => Some((row.id, row.name.clone())),
        _ => None,
    }))
    .into_iter()
    .collect();
    let Some(until_on) = wanted.from.checked_add_days(Days::new(DAYS)) else {
        return Vec::new();
    };
    let now = engine.ports.clock.now();
    let search = Search {
        visit_type_id: wanted.kind,
        practitioner_ids: (people.keys().copied())
            .filter(|id| wanted.with.is_none_or(|with| with == *id))
            .collect(),
        site_ids: (sites.keys().copied())
            .filter(|id| wanted.site.is_none_or(|site| site == *id))
            .collect(),
        from_on: wanted.from,
        until_on,
        video: wanted.video,
        now,
        device_id: engine.device_id(),
        appointment_id: None,
    };
    let span = (
        wanted.from.and_time(chrono::NaiveTime::MIN).and_utc() - chrono::Duration::days(1),
        until_on.and_time(chrono::NaiveTime::MIN).and_utc() + chrono::Duration::days(2),
    );
    let found = with_book(engine, span, |book| first_available(book, &search, OFFERED));
    (found.into_iter())
        .filter_map(|slot| {
            let wall = clock(engine, slot.site_id)?.local(slot.start_at);
            let person = people.get(&slot.practitioner_id)?;
            let site = sites.get(&slot.site_id)?;
            Some(Opening {
                on: wall.date(),
                minute: super::columns::minute(wall),
                when: wall.format("%a %b %-d, %-I:%M %p").to_string(),
                who: match sites.len() {
                    1 => person.0.clone(),
                    _ => format!("{}, {site}", person.0),
                },
                slot,
            })
        })
        .collect()
}

/// The list of them.
#[component]
pub fn Openings(#[prop(into)] all: Signal<Vec<Opening>>, take: Callback<Opening>) -> impl IntoView {
    let one = move |opening: Opening| {
        let (when, who) = (opening.when.clone(), opening.who.clone());
        view! {
            <li>
                <button type="button" class="btn s" data-opening=opening.slot.start_at.to_rfc3339() on:click=move |_| take.run(opening.clone())>
                    <b>{when}</b>" · "{who}
                </button>
            </li>
        }
    };
    view! {
        <Show when=move || all.with(|all| !all.is_empty())>
            <h3>"First open"</h3>
            <ul class="openings" aria-label="First open times">{move || all.get().into_iter().map(one).collect_view()}</ul>
        </Show>
    }
}
