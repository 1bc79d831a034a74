//! How often: one time, or a series by a rule, with the days that are left out.

use chrono::{Datelike, NaiveDate};
use domain::schedule::recurrence::{End, Every, MOST, Recurrence};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// What a desk chooses from, each with its words.
pub const CHOICES: [(&str, &str); 6] = [
    ("", "Once"),
    ("day", "Every day"),
    ("week", "Every week"),
    ("week-2", "Every 2 weeks"),
    ("week-4", "Every 4 weeks"),
    ("month", "Every month"),
];

/// The rule of a choice; nothing for once, or for a number of times that is none.
pub fn rule(choice: &str, times: &str, first: NaiveDate) -> Option<Recurrence> {
    let count: u32 = times.trim().parse().ok()?;
    if !(2..=MOST as u32).contains(&count) {
        return None;
    }
    // The second Tuesday stays the second Tuesday: a day of the month falls on weekends.
    let nth = i8::try_from((first.day() - 1) / 7 + 1).ok()?;
    let (every, interval) = match choice {
        "day" => (Every::Day, 1),
        "week" => (Every::Week(Vec::new()), 1),
        "week-2" => (Every::Week(Vec::new()), 2),
        "week-4" => (Every::Week(Vec::new()), 4),
        "month" if nth > 4 => (Every::MonthOn(-1, first.weekday()), 1),
        "month" => (Every::MonthOn(nth, first.weekday()), 1),
        _ => return None,
    };
    Some(Recurrence {
        every,
        interval,
        end: End::Count(count),
    })
}

/// One time of a series, as it is shown.
#[derive(Clone, PartialEq)]
pub struct Time {
    /// The day on the wall.
    pub on: NaiveDate,
    /// "Tue Nov 24"
    pub words: String,
    /// The first thing that speaks against it.
    pub against: Option<String>,
}

/// The times of a series. Each can be left out.
#[component]
pub fn Times(#[prop(into)] all: Signal<Vec<Time>>, left_out: RwSignal<BTreeSet<NaiveDate>>) -> impl IntoView {
    let one = move |time: Time| {
        let on = time.on;
        let kept = move || left_out.with(|out| !out.contains(&on));
        let turn = move |event| {
            let keep = event_target_checked(&event);
            left_out.update(|out| {
                if keep {
                    out.remove(&on);
                } else {
                    out.insert(on);
                }
            });
        };
        view! {
            <li>
                <label class="tick">
                    <input type="checkbox" prop:checked=kept on:change=turn data-time=on.to_string() />
                    <span>
                        {time.words}
                        {time.against.map(|why| view! { <small class="wait">" "{why}</small> })}
                    </span>
                </label>
            </li>
        }
    };
    view! {
        <Show when=move || all.with(|all| all.len() > 1)>
            <ul class="times" aria-label="Times of the series">{move || all.get().into_iter().map(one).collect_view()}</ul>
        </Show>
    }
}
