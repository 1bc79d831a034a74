//! The calendar by keyboard: arrows go from booking to booking, or carry one to another time.

use super::columns::{Column, Grid};
use super::grid::go_to;
use super::state::{Calendar, Spot};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// The step of the keyboard, and the fine one.
const STEP: u16 = 15;
const FINE: u16 = 5;

/// Where to go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Earlier,
    Later,
    Left,
    Right,
}

impl Way {
    fn of(key: &str) -> Option<Way> {
        Some(match key {
            "ArrowUp" => Way::Earlier,
            "ArrowDown" => Way::Later,
            "ArrowLeft" => Way::Left,
            "ArrowRight" => Way::Right,
            _ => return None,
        })
    }
}

/// A key while something in the calendar has the focus.
pub fn pressed(calendar: Calendar, event: &KeyboardEvent) {
    if event.alt_key() || event.ctrl_key() || event.meta_key() {
        return;
    }
    let key = event.key();
    let moves = calendar.moving.with_untracked(Option::is_some);
    match (Way::of(&key), key.as_str()) {
        (Some(way), _) if moves => carry(calendar, way, if event.shift_key() { FINE } else { STEP }),
        (Some(way), _) => walk(calendar, way),
        (None, "Enter") if moves => calendar.drop_it(),
        (None, "Escape") if moves => {
            calendar.moving.set(None);
            calendar.desk.say("Not moved.");
        }
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

fn beside<'a>(grid: &'a Grid, column: &str, way: Way) -> Option<&'a Column> {
    let at = grid.columns.iter().position(|one| one.key == column)?;
    let next = match way {
        Way::Left => at.checked_sub(1)?,
        _ => at + 1,
    };
    grid.columns.get(next)
}

/// The next place of the focus: the next booking, or the next quarter of an hour, whichever is nearer.
fn next_in(column: &Column, minute: u16, way: Way, (first, last): (u16, u16)) -> u16 {
    let starts = || column.items.iter().map(|item| item.from);
    let at = column
        .items
        .iter()
        .filter(|item| item.from <= minute && minute < item.from + item.minutes);
    match way {
        Way::Later => {
            let end = at.map(|item| item.from + item.minutes).max();
            let step = end.unwrap_or(minute + STEP);
            let booked = starts().filter(|start| *start > minute).min();
            booked
                .map_or(step, |start| start.min(step.max(minute + 1)))
                .min(last.saturating_sub(STEP))
        }
        _ => {
            let step = minute.saturating_sub(STEP);
            // Of one that covers the step, its beginning.
            let covers = column
                .items
                .iter()
                .find(|item| item.from <= step && step < item.from + item.minutes);
            let start = covers.map_or(step, |item| item.from);
            let booked = starts().filter(|start| *start < minute).max();
            booked.map_or(start, |booked| booked.max(start)).max(first)
        }
    }
}

fn walk(calendar: Calendar, way: Way) {
    let spot = calendar.spot.get_untracked();
    let next = calendar.grid.with_untracked(|grid| {
        let Some(spot) = spot else {
            // The first key goes to where work begins.
            let column = grid.columns.first()?;
            let minute = column.items.first().map_or(grid.first, |item| item.from);
            return Some(Spot {
                column: column.key.clone(),
                minute,
            });
        };
        match way {
            Way::Left | Way::Right => {
                let column = beside(grid, &spot.column, way)?;
                let covers = column
                    .items
                    .iter()
                    .find(|item| item.from <= spot.minute && spot.minute < item.from + item.minutes);
                Some(Spot {
                    column: column.key.clone(),
                    minute: covers.map_or(spot.minute, |item| item.from),
                })
            }
            _ => {
                let column = grid.columns.iter().find(|column| column.key == spot.column)?;
                Some(Spot {
                    minute: next_in(column, spot.minute, way, (grid.first, grid.last)),
                    column: spot.column,
                })
            }
        }
    });
    if let Some(next) = next {
        go_to(calendar, next);
    }
}

fn carry(calendar: Calendar, way: Way, step: u16) {
    let bounds = calendar.grid.with_untracked(|grid| (grid.first, grid.last));
    calendar.moving.update(|moving| {
        let Some(moving) = moving else { return };
        match way {
            Way::Earlier => moving.to.minute = moving.to.minute.saturating_sub(step).max(bounds.0),
            Way::Later => moving.to.minute = (moving.to.minute + step).min(bounds.1.saturating_sub(FINE)),
            Way::Left | Way::Right => {
                let next = calendar
                    .grid
                    .with_untracked(|grid| beside(grid, &moving.to.column, way).map(|c| c.key.clone()));
                if let Some(next) = next {
                    moving.to.column = next;
                }
            }
        }
    });
}
