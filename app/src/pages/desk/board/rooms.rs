//! The rooms of the site, and who is in them. A room is the one that was booked with the visit.

use super::visits::Visit;
use crate::shell::staff::context::use_desk;
use domain::id::{ResourceId, SiteId};
use domain::row::{Entity, Row};
use domain::schedule::Resource;
use domain::schedule::board::{Lane, minutes_in};
use domain::text::Lang;
use leptos::prelude::*;
use ui::Icon;

/// Whether someone is in the room that was booked for them.
fn is_inside(visit: &Visit) -> bool {
    matches!(
        Lane::of(visit.appointment.state),
        Some(Lane::Intake | Lane::ReadyForPractitioner | Lane::WithPractitioner)
    )
}

/// The strip.
#[component]
pub fn Rooms(site: Memo<Option<SiteId>>, all: Memo<Vec<Visit>>) -> impl IntoView {
    let desk = use_desk();
    let rooms = desk.live(move |engine| {
        let mut rooms: Vec<Resource> = engine.pick(Entity::Resource, |row| match row {
            Row::Resource(room) if Some(room.site_id) == site.get() && room.active => Some(room.clone()),
            _ => None,
        });
        rooms.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
        rooms
    });
    view! {
        <ul class="rooms" aria-label="Rooms">
            <For each=move || rooms.get() key=|room| (room.id, room.name.clone()) let(room)>
                <Room id=room.id name=room.name all />
            </For>
        </ul>
    }
}

#[component]
fn Room(id: ResourceId, name: String, all: Memo<Vec<Visit>>) -> impl IntoView {
    let desk = use_desk();
    let inside = Memo::new(move |_| {
        all.with(|all| {
            let here = |visit: &&Visit| is_inside(visit) && visit.appointment.resource_ids.contains(&id);
            all.iter().find(here).cloned()
        })
    });
    let minutes = move || {
        inside.with(|visit| {
            visit
                .as_ref()
                .map(|visit| format!("{} min", minutes_in(&visit.appointment, desk.now.get())))
        })
    };
    let who = move || {
        inside.with(|visit| match visit {
            Some(visit) => visit.called(desk.counter.get()),
            None => "Empty".to_owned(),
        })
    };
    let state = move || {
        let (class, icon, words) = match inside.get() {
            None => ("say ok", "okc", "Free"),
            Some(visit) => (
                "say plain",
                "pulse",
                visit.appointment.state.label().get(Lang::En),
            ),
        };
        view! { <span class=class><Icon name=icon />{words}</span> }
    };
    view! {
        <li class:free=move || inside.with(Option::is_none) data-room=id.to_string()>
            <span class="room-no"><span>{name}</span><span>{minutes}</span></span>
            <b class:soft=move || inside.with(Option::is_none)>{who}</b>
            {state}
        </li>
    }
}
