//! One booking in a column: opened by a press, moved by dragging it.

use super::columns::Item;
use super::moving::Moving;
use super::state::{Panel, Spot, use_calendar};
use domain::schedule::AppointmentState;
use domain::schedule::board::Lane;
use domain::text::Lang;
use leptos::ev::PointerEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use ui::Icon;

/// So far a pointer may shake before it drags.
const SHAKE: i32 = 5;
/// A quarter of an hour is the step of a mouse.
const STEP: i32 = 15;

/// What a state looks like: its class and its picture.
pub fn look(state: AppointmentState) -> (&'static str, &'static str) {
    use AppointmentState::*;
    match state {
        Requested | Held => ("pending", "pendc"),
        Booked => ("", "circle"),
        Confirmed => ("", "okc"),
        Late => ("", "clock"),
        Arrived => ("here", "door"),
        Ready => ("here", "form"),
        Intake | NurseOnly => ("here", "pulse"),
        ReadyForPractitioner => ("here", "flag"),
        WithPractitioner | WaitingForResults => ("here", "doctor"),
        Discharged => ("here", "exit"),
        CheckedOut | Completed => ("done", "check"),
        WalkedOut | LeftWithoutSeen | NoShow | Cancelled | EnteredInError => ("gone", "xc"),
    }
}

/// The card as an element to look for.
pub fn card_id(column: usize, item: &Item) -> String {
    format!("appt-{column}-{}", item.visit.appointment.id)
}

impl Item {
    /// What makes its card another one.
    pub fn key(&self) -> String {
        let appointment = &self.visit.appointment;
        format!(
            "{} {} {} {} {} {}/{} {} {} {}",
            appointment.id,
            appointment.state.name(),
            appointment.steps.len(),
            self.from,
            self.minutes,
            self.beside.strip,
            self.beside.of,
            self.rework,
            self.visit.name,
            self.code,
        )
    }

    /// "10:30, 30 min, Arrived"
    fn spoken(&self) -> String {
        let state = self.visit.appointment.state.label().get(Lang::En);
        let look_at = if self.rework { ", needs another time" } else { "" };
        format!(
            "{}, {} min, {}, {state}{look_at}",
            self.visit.clock(),
            self.minutes,
            self.visit.kind
        )
    }
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

/// What is dragged.
#[derive(Clone, Copy)]
struct Drag {
    x: i32,
    y: i32,
    /// From its beginning to where it was taken, in minutes.
    grip: i32,
    live: bool,
}

/// The card.
#[component]
pub fn Card(item: Item, column: String, at: usize) -> impl IntoView {
    let calendar = use_calendar();
    let desk = calendar.desk;
    let id = item.visit.appointment.id;
    let state = item.visit.appointment.state;
    let (class, icon) = look(state);
    let class = format!(
        "appt {class}{}{}",
        if item.minutes <= 15 { " q" } else { "" },
        if item.rework { " rework" } else { "" }
    );
    let may_move = state.may_move();
    let dragged = StoredValue::new(None::<Drag>);
    let was_dragged = StoredValue::new(false);
    let named = item.visit.clone();
    let name = move || named.called(desk.counter.get());
    let kind = item.visit.kind.clone();
    let why = item
        .visit
        .appointment
        .reason
        .clone()
        .unwrap_or_else(|| kind.clone());
    // Why they come is nobody's business who looks over the counter.
    let why = move || {
        if desk.counter.get() {
            kind.clone()
        } else {
            why.clone()
        }
    };
    let chosen = move || {
        calendar
            .panel
            .with(|panel| *panel == Panel::Visit(id))
            .to_string()
    };
    let stored = StoredValue::new((item.clone(), column));
    let spot = move || {
        let (item, column) = stored.get_value();
        calendar.spot.set(Some(Spot {
            column,
            minute: item.from,
        }));
    };
    let press = move |_| {
        if was_dragged.get_value() {
            was_dragged.set_value(false);
            return;
        }
        calendar.panel.set(Panel::Visit(id));
    };
    let first = move || calendar.grid.with_untracked(|grid| grid.first);
    let down = move |event: PointerEvent| {
        was_dragged.set_value(false);
        // A finger scrolls; on a touch screen a visit is moved from its panel.
        if !may_move || event.button() != 0 || event.pointer_type() == "touch" {
            return;
        }
        let from = stored.with_value(|(item, _)| i32::from(item.from));
        if let Some((_, minute)) = under(&event, first()) {
            dragged.set_value(Some(Drag {
                x: event.client_x(),
                y: event.client_y(),
                grip: minute - from,
                live: false,
            }));
        }
    };
    let drag = move |event: PointerEvent| {
        let Some(mut drag) = dragged.get_value() else {
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
            dragged.set_value(Some(drag));
            if let Some(card) = event
                .current_target()
                .and_then(|card| card.dyn_into::<Element>().ok())
            {
                // Without it the card stops hearing of a pointer that is quick; nothing else is lost.
                let _quick = card.set_pointer_capture(event.pointer_id());
            }
            stored.with_value(|(item, column)| {
                calendar.moving.set(Some(Moving::begin(item, column)));
            });
        }
        if let Some((column, minute)) = under(&event, first()) {
            let minute = (minute - drag.grip + STEP / 2).div_euclid(STEP) * STEP;
            calendar.moving.update(|moving| {
                if let Some(moving) = moving {
                    moving.to = Spot {
                        column,
                        minute: u16::try_from(minute).unwrap_or_default(),
                    };
                }
            });
        }
    };
    let up = move |_: PointerEvent| {
        if dragged.get_value().is_some_and(|drag| drag.live) {
            was_dragged.set_value(true);
            calendar.drop_it();
        }
        dragged.set_value(None);
    };
    let lost = move |_: PointerEvent| {
        if dragged.get_value().is_some_and(|drag| drag.live) {
            calendar.moving.set(None);
        }
        dragged.set_value(None);
    };
    // News may draw the card anew under the pointer: what is carried then is put back.
    on_cleanup(move || {
        if dragged.try_get_value().flatten().is_some_and(|drag| drag.live) {
            let _left = calendar.moving.try_set(None);
        }
    });
    view! {
        <button
            type="button"
            class=class
            id=card_id(at, &item)
            data-color=item.color
            data-appointment=id.to_string()
            data-state=state.name()
            aria-pressed=chosen
            on:click=press
            on:focus=move |_| spot()
            on:pointerdown=down
            on:pointermove=drag
            on:pointerup=up
            on:pointercancel=lost
        >
            <span class="who">
                <Icon name=icon />
                {item.rework.then(|| view! { <Icon name="warn" /> })}
                <span>{name}</span>
            </span>
            <span class="why"><b>{item.code.clone()}</b>" · "{why}</span>
            {(item.minutes >= 45).then(|| view! { <span class="why" aria-hidden="true">{state.label().get(Lang::En)}</span> })}
            <span class="vh">{item.spoken()}</span>
        </button>
    }
}

/// Whether somebody in this state is in the house; the key under the calendar names all of them.
pub fn key() -> Vec<(&'static str, &'static str)> {
    use AppointmentState::*;
    let shown = [
        Requested,
        Booked,
        Confirmed,
        Arrived,
        Ready,
        Intake,
        ReadyForPractitioner,
        WithPractitioner,
        Completed,
        NoShow,
    ];
    shown
        .iter()
        .map(|state| {
            let word = match Lane::of(*state) {
                Some(Lane::ReadyForPractitioner) => "Waiting in room",
                _ => state.label().get(Lang::En),
            };
            (look(*state).1, word)
        })
        .collect()
}
