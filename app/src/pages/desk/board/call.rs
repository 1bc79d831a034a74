//! The screen of the waiting room: who is called, and to which room. Everybody sees it, so it shows no name: a token, and
//! initials beside it for whoever forgot theirs.

use super::visits::Visit;
use crate::shell::staff::context::use_desk;
use domain::schedule::board::{Lane, minutes_in, token};
use leptos::prelude::*;
use ui::{Dialog, Icon};

/// So long somebody who was called is on top.
const CALLED_MINUTES: i64 = 5;

/// "K42 E.D."
pub fn called_as(visit: &Visit) -> String {
    let initials: String = visit
        .name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .flat_map(|first| [first, '.'])
        .collect();
    format!("{} {initials}", token(visit.appointment.id))
}

fn is_called(visit: &Visit) -> bool {
    matches!(
        Lane::of(visit.appointment.state),
        Some(Lane::Intake | Lane::ReadyForPractitioner)
    )
}

fn waits(visit: &Visit) -> bool {
    matches!(
        Lane::of(visit.appointment.state),
        Some(Lane::Arrived | Lane::Ready)
    )
}

/// The screen, over everything else until somebody closes it.
#[component]
pub fn CallScreen(open: RwSignal<bool>, all: Memo<Vec<Visit>>) -> impl IntoView {
    let desk = use_desk();
    let called = Memo::new(move |_| {
        let now = desk.now.get();
        let mut called: Vec<(String, String, i64)> = all.with(|all| {
            let new =
                |visit: &&Visit| is_called(visit) && minutes_in(&visit.appointment, now) < CALLED_MINUTES;
            let line = |visit: &Visit| {
                let room = visit.rooms.first().cloned();
                let room = room.unwrap_or_else(|| "Please come to the desk".to_owned());
                (called_as(visit), room, minutes_in(&visit.appointment, now))
            };
            all.iter().filter(new).map(line).collect()
        });
        called.sort_by_key(|(.., minutes)| *minutes);
        called
    });
    let waiting = Memo::new(move |_| {
        all.with(|all| {
            all.iter()
                .filter(|visit| waits(visit))
                .map(called_as)
                .collect::<Vec<_>>()
        })
    });
    view! {
        <Dialog open title="Waiting room" close="Close the screen of the waiting room" large=true>
            <div class="call" role="region" aria-label="Now called" aria-live="polite">
                <Show when=move || called.with(Vec::is_empty)>
                    <p class="soft">"Please wait until your letter and number are called."</p>
                </Show>
                <ol class="called">
                    {move || called.get().into_iter().map(|(who, room, _)| view! {
                        <li><b>{who}</b><span><Icon name="room" />{room}</span></li>
                    }).collect_view()}
                </ol>
                <h3>"Waiting"</h3>
                <ul class="waiting">{move || waiting.get().into_iter().map(|who| view! { <li>{who}</li> }).collect_view()}</ul>
            </div>
        </Dialog>
    }
}
