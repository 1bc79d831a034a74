//! The address of a practitioner's calendar, for a program that cannot sign in.

use crate::server_fns::access::create_calendar_feed;
use crate::shell::staff::context::use_desk;
use domain::access::Role;
use domain::id::PractitionerId;
use domain::row::{Entity, Row};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use ui::SelectField;

/// Makes one, and shows it once.
#[component]
pub fn Feed() -> impl IntoView {
    let desk = use_desk();
    let all = desk.role() == Some(Role::Owner);
    let known = desk.live(move |engine| {
        let own = engine.own_practitioner();
        let mut known: Vec<(String, String)> = engine.pick(Entity::Practitioner, |row| match row {
            Row::Practitioner(row) if all || own == Some(row.id) => Some((
                row.id.0.to_string(),
                format!("{} {}", row.given_name, row.family_name),
            )),
            _ => None,
        });
        known.sort_by(|a, b| a.1.cmp(&b.1));
        known
    });
    let (made, fault, busy) = (
        RwSignal::new(None::<String>),
        RwSignal::new(None::<String>),
        RwSignal::new(false),
    );
    let chosen = RwSignal::new(String::new());
    // The first there is; on a device that is new here, once there is one.
    Effect::new(move |_| {
        let first = known.with(|known| known.first().map(|(id, _)| id.clone()));
        if let Some(first) = first.filter(|_| chosen.with_untracked(String::is_empty)) {
            chosen.set(first);
            fault.set(None);
        }
    });
    let make = move |event: SubmitEvent| {
        event.prevent_default();
        let Ok(practitioner) = chosen.with_untracked(|id| id.parse::<PractitionerId>()) else {
            return fault.set(Some("Choose whose calendar".to_owned()));
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fault.set(None);
        leptos::task::spawn_local(async move {
            let done = create_calendar_feed(practitioner).await;
            let _left = busy.try_set(false);
            match done {
                Ok(address) => drop(made.try_set(Some(address))),
                Err(error) => drop(fault.try_set(Some(format!("No address was made: {error}.")))),
            }
        });
    };
    view! {
        <form class="form" novalidate on:submit=make>
            <p>"A calendar program that has this address sees when the practitioner is booked and where, and no patient. A new address ends the old one."</p>
            <SelectField id="feed-who" label="Whose calendar" value=chosen choose="Choose" options=known fault />
            {move || made.get().map(|address| view! { <p class="feed-address" id="feed-address" role="status">{address}</p> })}
            <div class="ends"><button type="submit" class="btn primary" id="make-feed">"Make a new address"</button></div>
        </form>
    }
}
