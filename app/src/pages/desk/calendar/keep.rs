//! Times that this computer may book for good while it is offline, because nobody else books them meanwhile.

use super::head::{SideHead, close_by_key};
use super::standing::{Standing, Weekdays, Weekly};
use super::state::use_calendar;
use crate::pages::desk::board::visits::moment;
use crate::pages::desk::booking::{practitioners, read_time, time_value};
use crate::pages::desk::form::Problems;
use crate::pages::desk::hours::named;
use chrono::{Days, NaiveDate};
use domain::command::Command;
use domain::id::SlotLeaseId;
use domain::row::{Entity, Row};
use domain::schedule::standing::MOST_WEEKS;
use domain::schedule::{LeaseSlots, ReleaseLease, SlotLease};
use leptos::prelude::*;
use ui::{CheckField, EmptyState, Field, Problem, ProblemSummary, SelectField};
use uuid::Uuid;

/// The list, and one more.
#[component]
pub fn KeepSide() -> impl IntoView {
    let calendar = use_calendar();
    let desk = calendar.desk;
    let problems = Problems::new();
    let text = |known: String| RwSignal::new(known);
    let (with, room) = (text(String::new()), text(String::new()));
    let on = text(calendar.on.get_untracked().to_string());
    let (from, until) = (text(time_value(8 * 60)), text(time_value(12 * 60)));
    let weeks = text("1".to_owned());
    let weekly = Weekly::new(calendar.on.get_untracked());
    let people = practitioners(desk, calendar.site_id.into());
    let rooms = desk.live(move |engine| {
        let site = calendar.site_id.get();
        let mut all: Vec<(String, String)> = engine.pick(Entity::Resource, |row| match row {
            Row::Resource(row) if row.active && Some(row.site_id) == site => {
                Some((row.id.0.to_string(), row.name.clone()))
            }
            _ => None,
        });
        all.sort_by(|a, b| a.1.cmp(&b.1));
        all
    });
    let own = desk.live(move |engine| {
        let now = engine.ports.clock.now();
        let device = engine.device_id();
        let mut all = engine.pick(Entity::SlotLease, |row| match row {
            Row::SlotLease(row) if Some(row.device_id) == device && !row.released && row.until_at > now => {
                Some(row.clone())
            }
            _ => None,
        });
        all.sort_by_key(|lease| (lease.from_at, lease.id));
        all
    });
    close_by_key(calendar);
    let enter = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let engine = desk.engine();
        let day = on.with_untracked(|on| on.parse::<NaiveDate>().ok());
        let whom = with.with_untracked(|with| with.parse::<Uuid>().ok());
        let minutes = from
            .with_untracked(|from| read_time(from))
            .zip(until.with_untracked(|until| read_time(until)))
            .filter(|(from, until)| from < until);
        let times = weeks.with_untracked(|weeks| weeks.trim().parse::<u64>().ok());
        let times = times.filter(|times| (1..=u64::from(MOST_WEEKS)).contains(times));
        let every_week = weekly.on.get_untracked();
        let checks = [
            (whom.is_none(), "keep-with", "Choose whose time"),
            (!every_week && day.is_none(), "keep-on", "Enter the day"),
            (
                minutes.is_none(),
                "keep-until",
                "Enter an end after the beginning",
            ),
            (
                !every_week && times.is_none(),
                "keep-weeks",
                "Enter a number from 1 to 26",
            ),
        ];
        let wrong = checks.into_iter().filter(|(wrong, ..)| *wrong);
        let mut wrong: Vec<Problem> = wrong.map(|(_, id, words)| Problem::new(id, words)).collect();
        if every_week {
            wrong.extend(weekly.wrong());
        }
        if !problems.show(wrong) {
            return;
        }
        let (Some(whom), Some((first, last)), Some(site)) = (whom, minutes, calendar.site_id.get_untracked())
        else {
            return;
        };
        let Some(device_id) = engine.device_id() else {
            return;
        };
        let room = room.with_untracked(|room| room.parse::<Uuid>().ok());
        let holders: Vec<Uuid> = [whom].into_iter().chain(room).collect();
        if every_week {
            weekly.enter(desk, (site, device_id), (first, last), &holders);
            return;
        }
        let (Some(times), Some(day)) = (times, day) else {
            return;
        };
        // Each week by the clock on the wall, whichever side of a change of clocks it lies on.
        let days = (0..times).filter_map(|week| day.checked_add_days(Days::new(7 * week)));
        let spans = days.filter_map(|day| {
            let from_at = calendar.instant(site, day, first)?;
            Some((from_at, calendar.instant(site, day, last)?))
        });
        let kept = own.get_untracked();
        let (mut asks, mut holds) = (false, false);
        for (from_at, until_at) in spans {
            for holder_id in holders.iter().copied() {
                let covers = |lease: &SlotLease| {
                    lease.holder_id == holder_id && lease.from_at <= from_at && until_at <= lease.until_at
                };
                if kept.iter().any(covers) {
                    holds = true;
                    continue;
                }
                asks = true;
                let lease = SlotLease {
                    id: SlotLeaseId(engine.new_id()),
                    holder_id,
                    device_id,
                    from_at,
                    until_at,
                    granted: false,
                    released: false,
                };
                desk.enter(
                    "Kept for this computer",
                    Command::LeaseSlots(LeaseSlots { lease }),
                );
            }
        }
        if holds && !asks {
            desk.say("It is kept already.");
        }
    };
    let row = move |lease: SlotLease| {
        let engine = desk.engine();
        let at = calendar.site_id.get_untracked();
        let when = at.map(|site| {
            let until = moment(&engine, site, lease.until_at);
            format!(
                "{} to {}",
                moment(&engine, site, lease.from_at),
                until.rsplit(", ").next().unwrap_or_default()
            )
        });
        let (id, holder, granted) = (lease.id, lease.holder_id, lease.granted);
        let whose = move || {
            let person = people.with(|all| named(all, holder));
            if person.is_empty() {
                rooms.with(|all| named(all, holder))
            } else {
                person
            }
        };
        let back = move |_| {
            desk.enter("Given back", Command::ReleaseLease(ReleaseLease { lease_id: id }));
        };
        view! {
            <li class="waits" data-lease=id.to_string() data-granted=granted.to_string()>
                <p><b>{whose}</b></p>
                <p class="small soft">{when}{(!granted).then_some(" · asked for; promised once the clinic has answered")}</p>
                <div class="acts"><button type="button" class="btn s" on:click=back>"Give back"</button></div>
            </li>
        }
    };
    view! {
        <SideHead title="Kept for this computer" about="Within these times a booking here is final at once, even without a network. Nobody else can book them, so keep only what you need, and give it back." />
        <div class="scroll side-form" tabindex="0" role="region" aria-label="Kept for this computer">
            <form class="form" novalidate on:submit=enter>
                <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
                <SelectField id="keep-with" label="Whose time" value=with choose="Choose" options=people fault=problems.at("keep-with") />
                <SelectField id="keep-room" label="With a room" value=room choose="None: visits without a room" options=rooms />
                {move || match weekly.on.get() {
                    true => view! { <Weekdays weekly problems /> }.into_any(),
                    false => view! { <Field id="keep-on" label="Day" kind="date" value=on fault=problems.at("keep-on") /> }.into_any(),
                }}
                <div class="cols">
                    <Field id="keep-from" label="From" kind="time" value=from />
                    <Field id="keep-until" label="Until" kind="time" value=until fault=problems.at("keep-until") />
                    {move || match weekly.on.get() {
                        true => view! { <Field id="keep-ahead" label="Weeks ahead" inputmode="numeric" value=weekly.ahead fault=problems.at("keep-ahead") /> }.into_any(),
                        false => view! { <Field id="keep-weeks" label="So many weeks" inputmode="numeric" value=weeks fault=problems.at("keep-weeks") /> }.into_any(),
                    }}
                </div>
                <CheckField id="keep-always" label="Every week by itself" hint="The clinic keeps each new week while it hears of this computer; what is given back stays so" value=weekly.on />
                <div class="ends"><button type="submit" class="btn primary" id="keep-save">"Keep"</button></div>
            </form>
            <Standing people rooms />
            <ol class="expected all">{move || own.get().into_iter().map(row).collect_view()}</ol>
            <Show when=move || own.with(Vec::is_empty)>
                <EmptyState icon="lock" title="Nothing is kept" text="Bookings that are made offline are asked for, and confirmed when the clinic has them." />
            </Show>
        </div>
    }
}
