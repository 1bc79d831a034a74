//! The day or week as columns.

use super::card::{Card, card_id, key};
use super::columns::{Column, Item, Shut};
use super::drag::Drags;
use super::keys::pressed;
use super::state::{Calendar, Panel, Spot, use_calendar};
use crate::pages::desk::booking::{clock, clock_words};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use std::sync::Arc;
use ui::{EmptyState, Icon};

/// Minutes of a row.
const ROW: u16 = 15;

/// The element of the empty place where the keyboard is.
pub const HERE: &str = "slot-here";

/// The part of the page that scrolls, with the key under it.
#[component]
pub fn GridView() -> impl IntoView {
    let calendar = use_calendar();
    let grid = calendar.grid;
    let first = Memo::new(move |_| grid.with(|grid| grid.first));
    let last = Memo::new(move |_| grid.with(|grid| grid.last));
    let keys = Memo::new(move |_| {
        grid.with(|grid| {
            let keys = grid.columns.iter().map(|column| column.key.clone());
            keys.enumerate().collect::<Vec<_>>()
        })
    });
    let zone = move || {
        let site = calendar.site_id.get();
        let clock = site.and_then(|site| clock(&calendar.desk.engine(), site));
        let zone = clock.map(|clock| clock.zone).unwrap_or_default();
        zone.rsplit('/').next().unwrap_or_default().replace('_', " ")
    };
    // Which minute it is on the wall; nothing on other days.
    let now = Memo::new(move |_| now_minute(calendar));
    let now_at = move || now.get().unwrap_or_default().to_string();
    let hours = move || {
        let all = (first.get() / 60)..(last.get() / 60);
        all.map(|hour| view! { <li><span>{hour_words(hour)}</span></li> })
            .collect_view()
    };
    let now_words = move || {
        now.get().map(|minute| {
            let words = clock_words(minute);
            let short = words.split(' ').next().unwrap_or_default().to_owned();
            view! { <li class="now"><time>{short}</time></li> }
        })
    };
    let drags = Drags::new(calendar);
    view! {
        <div
            class="scroll"
            class:drags=move || calendar.moving.with(Option::is_some)
            id="calendar"
            tabindex="0"
            role="region"
            aria-label="Calendar: arrows move, Enter opens"
            on:keydown=move |event| pressed(calendar, &event)
        >
            <div
                class="cal"
                class:is-today=move || now.get().is_some()
                style:--cols=move || keys.with(Vec::len).to_string()
                style:--rows=move || (last.get().saturating_sub(first.get()) / ROW).to_string()
                style:--first=move || first.get().to_string()
                style:--now=now_at
                on:click=move |event| drags.pressed(&event)
                on:focusin=move |event| drags.focused(&event)
                on:pointerdown=move |event| drags.down(&event)
                on:pointermove=move |event| drags.moved(&event)
                on:pointerup=move |_| drags.up()
                on:pointercancel=move |_| drags.end()
            >
                <div class="cal-head corner">{zone}</div>
                <For each=move || keys.get() key=|(at, key)| format!("{at} {key}") let((_at, key))>
                    <Head key />
                </For>
                <ol class="cal-times" aria-hidden="true">{hours}{now_words}</ol>
                <For each=move || keys.get() key=|(at, key)| format!("{at} {key}") let((at, key))>
                    <ColumnView at key />
                </For>
                <div class="cal-now"></div>
            </div>
            <Show when=move || keys.with(Vec::is_empty)>
                <EmptyState icon="calendar" title="Nothing to show" text="Nobody sees patients here, or this device is still fetching." />
            </Show>
        </div>
        <div class="foot" role="group" aria-label="Key">
            {key().into_iter().map(|(icon, word)| view! { <span class="row"><Icon name=icon small=true />{word}</span> }).collect_view()}
            <span class="push row hide-tablet"><kbd>"N"</kbd>" new "<kbd>"M"</kbd>" move "<kbd>"Z"</kbd>" undo"</span>
        </div>
    }
}

fn hour_words(hour: u16) -> String {
    match hour {
        0 => "12 am".to_owned(),
        12 => "12 pm".to_owned(),
        hour if hour < 12 => format!("{hour} am"),
        hour => (hour - 12).to_string(),
    }
}

fn now_minute(calendar: Calendar) -> Option<u16> {
    let now = calendar.desk.now.get();
    let site = calendar.site_id.get()?;
    let clock = clock(&calendar.desk.engine(), site)?;
    let wall = clock.local(now);
    let shown = calendar.grid.with(|grid| {
        grid.columns.iter().any(|column| column.on == wall.date())
            && (grid.first..grid.last).contains(&super::columns::minute(wall))
    });
    shown.then(|| super::columns::minute(wall))
}

/// One column as it is now.
fn column_of(calendar: Calendar, key: String) -> Memo<Option<Column>> {
    Memo::new(move |_| {
        calendar
            .grid
            .with(|grid| grid.columns.iter().find(|column| column.key == key).cloned())
    })
}

#[component]
fn Head(key: String) -> impl IntoView {
    let calendar = use_calendar();
    let column = column_of(calendar, key);
    let words = move |which: fn(&Column) -> String| {
        move || column.with(|column| column.as_ref().map(which).unwrap_or_default())
    };
    view! {
        <div class="cal-head">
            <h2>{words(|column| column.title.clone())}</h2>
            <p>{words(|column| column.sub.clone())}</p>
        </div>
    }
}

#[component]
fn ColumnView(at: usize, key: String) -> impl IntoView {
    let calendar = use_calendar();
    let column = column_of(calendar, key.clone());
    let shut =
        Memo::new(move |_| column.with(|column| column.as_ref().map(|c| c.shut.clone()).unwrap_or_default()));
    let items = Memo::new(move |_| {
        column.with(|column| column.as_ref().map(|c| c.items.clone()).unwrap_or_default())
    });
    let title = move || column.with(|column| column.as_ref().map(|c| c.title.clone()).unwrap_or_default());
    let closed = move |one: Shut| {
        let (from, minutes) = (one.from, one.until - one.from);
        view! {
            <li class="shut" style:--at=from.to_string() style:--for=minutes.to_string()>
                <div class="closed">
                    {match one.words.is_empty() {
                        true => view! { <span class="vh">"closed"</span> }.into_any(),
                        false => view! { <span><b>{one.words}</b></span> }.into_any(),
                    }}
                </div>
            </li>
        }
    };
    let counter = calendar.desk.counter;
    // Whoever looks over the counter reads other cards: they are drawn anew.
    let cards = move || {
        let counter = counter.get();
        let each = move |item: Arc<Item>| (counter, item);
        items.get().into_iter().map(each).collect::<Vec<_>>()
    };
    let card = move |(counter, item): (bool, Arc<Item>)| {
        let beside = (item.beside.of > 1).then_some(item.beside);
        let (from, minutes) = (item.from, item.minutes.max(ROW));
        view! {
            <li
                style:--at=from.to_string()
                style:--for=minutes.to_string()
                style:--strip=beside.map(|beside| beside.strip.to_string())
                style:--of=beside.map(|beside| beside.of.to_string())
            >
                <Card item at counter />
            </li>
        }
    };
    let own = StoredValue::new(key.clone());
    let here = Memo::new(move |_| {
        let spot = calendar.spot.get()?;
        let free = own.with_value(|key| *key == spot.column)
            && calendar.moving.with(Option::is_none)
            && items.with(|items| !items.iter().any(|item| item.from == spot.minute));
        free.then_some(spot.minute)
    });
    let open = move |minute: u16| {
        let column = own.get_value();
        super::form::begin(calendar, Spot { column, minute });
    };
    let slot = move || {
        here.get().map(|minute| {
            view! {
                <li style:--at=minute.to_string() style:--for=ROW.to_string()>
                    <button type="button" class="slot" id=HERE on:click=move |_| open(minute)>
                        <Icon name="plus" small=true />{clock_words(minute)}
                    </button>
                </li>
            }
        })
    };
    let ghost = move || {
        let moving = calendar.moving.get()?;
        let minute = moving.to.minute;
        (own.with_value(|key| *key == moving.to.column)).then(|| {
            let minutes = moving.minutes;
            view! {
                <li class="ghost" style:--at=minute.to_string() style:--for=minutes.to_string()>
                    <div><b>{clock_words(minute)}</b>" "{moving.name.clone()}</div>
                </li>
            }
        })
    };
    let click = move |event: MouseEvent| {
        // On the ground, not on a card.
        let (Some(target), Some(ground)) = (event.target(), event.current_target()) else {
            return;
        };
        if target != ground || calendar.moving.with_untracked(Option::is_some) {
            return;
        }
        let Ok(ground) = ground.dyn_into::<Element>() else {
            return;
        };
        let area = ground.get_bounding_client_rect();
        let (first, last) = calendar.grid.with_untracked(|grid| (grid.first, grid.last));
        let into = (f64::from(event.client_y()) - area.top()) / area.height().max(1.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let minute = first + (into.clamp(0.0, 1.0) * f64::from(last - first)) as u16;
        open(minute / ROW * ROW);
    };
    let is_room = move || {
        column.with(|column| {
            column
                .as_ref()
                .is_some_and(|c| matches!(c.holder, super::columns::Holder::Room(_)))
        })
    };
    view! {
        <ol
            class="cal-col"
            class:room=is_room
            aria-label=title
            data-col=key
            data-minutes=move || calendar.grid.with(|grid| (grid.last - grid.first).to_string())
            on:click=click
        >
            {move || shut.get().into_iter().map(closed).collect_view()}
            <For each=cards key=|(counter, item)| (*counter, item.key()) children=card />
            {slot}
            {ghost}
        </ol>
    }
}

/// Puts the keyboard on a booking, or on the empty place there.
pub fn go_to(calendar: Calendar, spot: Spot) {
    // The page may have been left while something was saved.
    let id = calendar.grid.try_with_untracked(|grid| {
        let at = grid.columns.iter().position(|column| column.key == spot.column)?;
        let item = grid
            .columns
            .get(at)?
            .items
            .iter()
            .find(|item| item.from == spot.minute)?;
        Some(card_id(at, item))
    });
    let Some(id) = id else { return };
    calendar.spot.set(Some(spot));
    calendar.focus_soon(id.unwrap_or_else(|| HERE.to_owned()));
}

/// Closes what is open beside, and puts the keyboard back where it was.
pub fn close_panel(calendar: Calendar) {
    calendar.panel.set(Panel::Closed);
    match calendar.spot.get_untracked() {
        Some(spot) => go_to(calendar, spot),
        None => calendar.focus_soon("calendar".to_owned()),
    }
}
