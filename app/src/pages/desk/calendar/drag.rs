//! What a pointer does to the cards of the grid. The grid listens, and not each card: hundreds are drawn at once.

use super::columns::Item;
use super::moving::Moving;
use super::state::{Calendar, Panel, Spot};
use domain::id::AppointmentId;
use leptos::ev::{FocusEvent, MouseEvent, PointerEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, EventTarget};
use std::sync::Arc;

/// So far a pointer may shake before it drags.
const SHAKE: i32 = 5;
/// A quarter of an hour is the step of a mouse.
const STEP: i32 = 15;

/// What is dragged.
#[derive(Clone)]
struct Drag {
    x: i32,
    y: i32,
    /// From its beginning to where it was taken, in minutes.
    grip: i32,
    live: bool,
    column: String,
    item: Arc<Item>,
}

/// The pointer over the grid.
#[derive(Clone, Copy)]
pub struct Drags {
    calendar: Calendar,
    dragged: StoredValue<Option<Drag>>,
    /// The press that ends a drag opens nothing.
    was_dragged: StoredValue<bool>,
}

/// The column and the minute under a pointer.
fn under(event: &PointerEvent, first: u16) -> Option<(String, i32)> {
    #[allow(clippy::cast_precision_loss)]
    let found = document().element_from_point(event.client_x() as f32, event.client_y() as f32)?;
    let column: Element = found.closest("[data-col]").ok().flatten()?;
    let area = column.get_bounding_client_rect();
    let minutes: f64 = column.get_attribute("data-minutes")?.parse().ok()?;
    let into = (f64::from(event.client_y()) - area.top()) / area.height().max(1.0) * minutes;
    #[allow(clippy::cast_possible_truncation)]
    let minute = i32::from(first) + into as i32;
    Some((column.get_attribute("data-col")?, minute))
}

/// The element of the card that something happened to, and its column's key.
fn card_of(target: Option<EventTarget>) -> Option<(AppointmentId, String)> {
    let target = target?.dyn_into::<Element>().ok()?;
    let card = target.closest(".appt").ok().flatten()?;
    let id = card.get_attribute("data-appointment")?.parse().ok()?;
    let column = card.closest("[data-col]").ok().flatten()?;
    Some((AppointmentId(id), column.get_attribute("data-col")?))
}

impl Drags {
    /// Over the grid of a calendar.
    pub fn new(calendar: Calendar) -> Self {
        let drags = Drags {
            calendar,
            dragged: StoredValue::new(None),
            was_dragged: StoredValue::new(false),
        };
        // What became another one under the pointer, or left its column, is put back.
        Effect::new(move || {
            let stays = calendar.grid.with(|grid| {
                let stays = |drag: &Drag| {
                    let own = grid.columns.iter().filter(|column| column.key == drag.column);
                    let mut items = own.flat_map(|column| &column.items);
                    items.any(|item| item.key() == drag.item.key())
                };
                drags.dragged.with_value(|drag| drag.as_ref().is_none_or(stays))
            });
            if !stays {
                drags.end();
            }
        });
        // So is what is carried when the grid goes.
        on_cleanup(move || {
            let carried = drags.dragged.try_get_value().flatten();
            if carried.is_some_and(|drag| drag.live) {
                let _left = calendar.moving.try_set(None);
            }
        });
        drags
    }

    fn carries(self) -> bool {
        self.dragged
            .with_value(|drag| drag.as_ref().is_some_and(|drag| drag.live))
    }

    /// Puts back what is carried.
    pub fn end(self) {
        if self.carries() {
            self.calendar.moving.set(None);
        }
        self.dragged.set_value(None);
    }

    fn item(self, (id, column): &(AppointmentId, String)) -> Option<Arc<Item>> {
        self.calendar.grid.with_untracked(|grid| {
            let column = grid.columns.iter().find(|one| one.key == *column)?;
            let is_it = |item: &&Arc<Item>| item.visit.appointment.id == *id;
            column.items.iter().find(is_it).cloned()
        })
    }

    /// Opens a card.
    pub fn pressed(self, event: &MouseEvent) {
        let was_dragged = self.was_dragged.get_value();
        self.was_dragged.set_value(false);
        if let Some((id, _)) = card_of(event.target()).filter(|_| !was_dragged) {
            self.calendar.panel.set(Panel::Visit(id));
        }
    }

    /// The keyboard is on a card.
    pub fn focused(self, event: &FocusEvent) {
        if let Some(card) = card_of(event.target())
            && let Some(item) = self.item(&card)
        {
            let (column, minute) = (card.1, item.from);
            self.calendar.spot.set(Some(Spot { column, minute }));
        }
    }

    /// Takes hold of a card.
    pub fn down(self, event: &PointerEvent) {
        self.was_dragged.set_value(false);
        self.end();
        // A finger scrolls; on a touch screen a visit is moved from its panel.
        if event.button() != 0 || event.pointer_type() == "touch" {
            return;
        }
        let Some(card) = card_of(event.target()) else {
            return;
        };
        let Some(item) = self
            .item(&card)
            .filter(|item| item.visit.appointment.state.may_move())
        else {
            return;
        };
        if let Some((_, minute)) = under(event, self.first()) {
            self.dragged.set_value(Some(Drag {
                x: event.client_x(),
                y: event.client_y(),
                grip: minute - i32::from(item.from),
                live: false,
                column: card.1,
                item,
            }));
        }
    }

    /// Carries it.
    pub fn moved(self, event: &PointerEvent) {
        // It may have been let go where nobody heard of it.
        if event.buttons() & 1 == 0 {
            return self.end();
        }
        let Some(mut drag) = self.dragged.get_value() else {
            return;
        };
        if !drag.live {
            let far = (event.client_x() - drag.x)
                .abs()
                .max((event.client_y() - drag.y).abs());
            if far < SHAKE {
                return;
            }
            drag.live = true;
            if let Some(grid) = event
                .current_target()
                .and_then(|grid| grid.dyn_into::<Element>().ok())
            {
                // Without it the grid stops hearing of a pointer that leaves it; nothing else is lost.
                let _outside = grid.set_pointer_capture(event.pointer_id());
            }
            let moving = Moving::begin(&drag.item, &drag.column);
            self.calendar.moving.set(Some(moving));
            self.dragged.set_value(Some(drag.clone()));
        }
        if let Some((column, minute)) = under(event, self.first()) {
            let minute = (minute - drag.grip + STEP / 2).div_euclid(STEP) * STEP;
            self.calendar.moving.update(|moving| {
                if let Some(moving) = moving {
                    moving.to = Spot {
                        column,
                        minute: u16::try_from(minute).unwrap_or_default(),
                    };
                }
            });
        }
    }

    /// Puts it down.
    pub fn up(self) {
        if self.carries() {
            self.was_dragged.set_value(true);
            self.calendar.drop_it();
        }
        self.dragged.set_value(None);
    }

    fn first(self) -> u16 {
        self.calendar.grid.with_untracked(|grid| grid.first)
    }
}
