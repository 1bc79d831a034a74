//! One booking in a column.

use super::columns::Item;
use super::state::{Panel, use_calendar};
use domain::schedule::AppointmentState;
use domain::schedule::board::Lane;
use domain::text::Lang;
use leptos::prelude::*;
use std::sync::Arc;
use ui::Icon;

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

/// The card, as it is to be called here. What is done to it, the grid hears ([`super::drag`]).
#[component]
pub fn Card(item: Arc<Item>, at: usize, counter: bool) -> impl IntoView {
    let calendar = use_calendar();
    let id = item.visit.appointment.id;
    let state = item.visit.appointment.state;
    let (class, icon) = look(state);
    let class = format!(
        "appt {class}{}{}",
        if item.minutes <= 15 { " q" } else { "" },
        if item.rework { " rework" } else { "" }
    );
    let kind = &item.visit.kind;
    // Why they come is nobody's business who looks over the counter.
    let why = match &item.visit.appointment.reason {
        Some(why) if !counter => why.clone(),
        _ => kind.clone(),
    };
    let chosen = move || {
        calendar
            .panel
            .with(|panel| *panel == Panel::Visit(id))
            .to_string()
    };
    view! {
        <button
            type="button"
            class=class
            id=card_id(at, &item)
            data-color=item.color
            data-appointment=id.to_string()
            data-state=state.name()
            aria-pressed=chosen
        >
            <span class="who">
                <Icon name=icon />
                {item.rework.then(|| view! { <Icon name="warn" /> })}
                <span>{item.visit.called(counter)}</span>
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
