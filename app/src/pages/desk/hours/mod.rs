//! What a practice says about its time: hours, days away, closures, kinds of visit, rooms, the way between
//! sites, and on what terms each practitioner is booked.

mod away;
mod closures;
mod kinds;
mod rooms;
mod terms;
mod travel;
mod week;

use super::page::{NotYours, Page};
use crate::routes::path;
use crate::shell::staff::context::{Desk, use_desk};
use crate::state::Engine;
use chrono::NaiveDate;
use domain::command::{Command, CommandName};
use domain::id::{PractitionerId, SiteId};
use domain::row::{Entity, Row};
use leptos::prelude::*;
use std::collections::BTreeMap;
use ui::Segmented;
pub use week::{WEEKDAYS, weekday_words};

/// What an id is called in a list of choices.
pub fn named(all: &[(String, String)], id: uuid::Uuid) -> String {
    let id = id.to_string();
    all.iter()
        .find(|(known, _)| *known == id)
        .map(|(_, name)| name.clone())
        .unwrap_or_default()
}

/// A day as the browser's date field says it.
fn read_day(text: RwSignal<String>) -> Option<NaiveDate> {
    text.with_untracked(|text| text.parse().ok())
}

/// "Nov 24 to Dec 1", or one day.
fn days_words(from: NaiveDate, until: NaiveDate) -> String {
    let day = |on: NaiveDate| on.format("%a %b %-d, %Y").to_string();
    if from == until {
        day(from)
    } else {
        format!("{} to {}", day(from), day(until))
    }
}

/// How many bookings are to come on some days: of one practitioner, or of everyone at a site.
fn booked_then(
    engine: &Engine,
    site: Option<SiteId>,
    with: Option<PractitionerId>,
    (from, until): (NaiveDate, NaiveDate),
) -> usize {
    let now = engine.ports.clock.now();
    let holds = |row: &Row| match row {
        Row::Appointment(row)
            if row.state.may_cancel()
                && row.start_at > now
                && site.is_none_or(|site| row.site_id == site)
                && with.is_none_or(|with| row.practitioner_ids.contains(&with)) =>
        {
            Some(())
        }
        _ => None,
    };
    engine.pick_on(Entity::Appointment, from..=until, holds).len()
}

/// Says what a change does to what is booked already.
#[component]
fn Booked(#[prop(into)] count: Signal<usize>) -> impl IntoView {
    view! {
        <p class="say wait" role="status">
            {move || match count.get() {
                0 => String::new(),
                1 => "1 appointment is booked then. It stays, and is listed to be reworked.".to_owned(),
                n => format!("{n} appointments are booked then. They stay, and are listed to be reworked."),
            }}
        </p>
    }
}

/// Saves a command and closes the form.
pub fn save(desk: Desk, what: &str, command: Command, open: RwSignal<bool>) {
    desk.submit(what, command, move |done| match done {
        Ok(_) => {
            let _left = open.try_set(false);
        }
        Err(why) => desk.say(why),
    });
}

/// The page.
#[component]
pub fn HoursPage() -> impl IntoView {
    let desk = use_desk();
    if !desk.may(CommandName::SetClosure) {
        return view! { <NotYours /> }.into_any();
    }
    let part = RwSignal::new("closures".to_owned());
    let owner = desk.may(CommandName::SetSchedule);
    let mut parts: BTreeMap<usize, (&str, &str)> = BTreeMap::new();
    parts.insert(0, ("closures", "Closures"));
    parts.insert(1, ("away", "Days away"));
    if owner {
        parts.insert(2, ("week", "Weekly hours"));
        parts.insert(3, ("kinds", "Kinds of visit"));
        parts.insert(4, ("rooms", "Rooms and devices"));
        parts.insert(5, ("travel", "Between sites"));
        parts.insert(6, ("terms", "Terms"));
    }
    let options: Vec<(String, String)> = parts
        .into_values()
        .map(|(key, word)| (key.to_owned(), word.to_owned()))
        .collect();
    let shown = move || match part.get().as_str() {
        "away" => view! { <away::Away /> }.into_any(),
        "week" => view! { <week::Weeks /> }.into_any(),
        "kinds" => view! { <kinds::Kinds /> }.into_any(),
        "rooms" => view! { <rooms::Rooms /> }.into_any(),
        "terms" => view! { <terms::Terms /> }.into_any(),
        "travel" => view! { <travel::Travel /> }.into_any(),
        _ => view! { <closures::Closures /> }.into_any(),
    };
    view! {
        <Page title="Hours">
            <div class="page-head hours-head">
                <div><h1>"Hours"</h1><p class="sub">"What can be booked, when and where"</p></div>
                <Segmented name="hours-part" legend="Part" small=true value=part options=Signal::stored(options) />
                <span class="push"></span>
                <a class="btn s" href=path::CALENDAR>"To the calendar"</a>
            </div>
            {shown}
        </Page>
    }
    .into_any()
}
