//! One visit on the board. The arrows say the next step, or take the last one back.

use super::visits::Visit;
use crate::shell::staff::context::{Desk, use_desk};
use domain::command::Command;
use domain::id::AppointmentId;
use domain::schedule::board::{Lane, back, minutes_in, next};
use domain::schedule::{AppointmentState, SetAppointmentState};
use domain::text::Lang;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use ui::{Chip, Tone};

/// Says where a visit stands now. `after` is told once it is saved.
pub fn step(
    desk: Desk,
    visit: &Visit,
    state: AppointmentState,
    note: Option<String>,
    after: impl FnOnce() + 'static,
) {
    let command = SetAppointmentState {
        appointment_id: visit.appointment.id,
        patient_id: visit.appointment.patient_id,
        state,
        from: Some(visit.appointment.state),
        note,
    };
    let what = format!("{}: {}", visit.short, state.label().get(Lang::En).to_lowercase());
    desk.submit(
        what,
        Command::SetAppointmentState(command),
        move |done| match done {
            Ok(_) => after(),
            Err(why) => desk.say(why),
        },
    );
}

/// The card, as an element to look for.
pub fn card_id(id: AppointmentId) -> String {
    format!("visit-{id}")
}

/// The card.
#[component]
pub fn Card(visit: Visit, lane: Lane, show: Callback<AppointmentId>, may: bool) -> impl IntoView {
    let desk = use_desk();
    let id = visit.appointment.id;
    let timed = visit.appointment.clone();
    let minutes = Memo::new(move |_| minutes_in(&timed, desk.now.get()));
    let late = Memo::new(move |_| lane.alert_minutes().is_some_and(|most| minutes.get() > most));
    let near = Memo::new(move |_| {
        lane.alert_minutes()
            .is_some_and(|most| minutes.get() * 5 >= most * 4 && minutes.get() <= most)
    });
    let named = visit.clone();
    let name = move || named.called(desk.counter.get());
    let state = visit.appointment.state;
    let special = (state != lane.state()).then(|| state.label().get(Lang::En));
    let rooms = visit.rooms.clone();
    let (when, kind) = (
        format!("{} · {}", visit.clock(), visit.practitioner),
        visit.kind.clone(),
    );
    let pressed = move |event: KeyboardEvent| {
        // Alt with an arrow is the browser's; and a key that is held down says one step, not all of them.
        if event.alt_key() || event.ctrl_key() || event.meta_key() || event.repeat() {
            return;
        }
        let to = match event.key().as_str() {
            "ArrowRight" => next(state),
            "ArrowLeft" => back(state),
            _ => return,
        };
        event.prevent_default();
        if let Some(to) = to.filter(|_| may) {
            step(desk, &visit, to, None, move || follow(desk, id));
        }
    };
    let alert = move || {
        let most = lane.alert_minutes().unwrap_or_default();
        if late.get() {
            Some(view! { <Chip kind=Tone::Stop icon="warn" label=format!("Over {most} min") /> })
        } else if near.get() {
            Some(view! { <Chip kind=Tone::Wait icon="clock" label=format!("Near {most} min") /> })
        } else {
            None
        }
    };
    view! {
        <button
            type="button"
            class="pt"
            class:late=late
            id=card_id(id)
            data-visit=id.to_string()
            on:click=move |_| show.run(id)
            on:keydown=pressed
        >
            <span class="top">
                <span class="who">{name}</span>
                <span class="min">{minutes}<small>" min"</small></span>
            </span>
            <span class="what">{when}</span>
            <span class="what">{kind}</span>
            <span class="btm">
                {alert}
                {special.map(|label| view! { <Chip kind=Tone::Note label /> })}
                {rooms.into_iter().map(|room| view! { <Chip kind=Tone::Plain icon="room" label=room /> }).collect_view()}
            </span>
        </button>
    }
}

/// The focus goes with the card into its new column.
fn follow(desk: Desk, id: AppointmentId) {
    let engine = desk.engine();
    leptos::task::spawn_local(async move {
        engine.ports.clock.sleep(0).await;
        engine.ports.page.focus(&card_id(id));
    });
}
