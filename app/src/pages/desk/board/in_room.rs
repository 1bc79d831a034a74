//! The rooms of one visit, to say where the patient is. A room takes the place of another of its kind.

use super::visits::{Visit, visits};
use crate::shell::staff::context::use_desk;
use domain::command::{Command, CommandName};
use domain::id::ResourceId;
use domain::row::{Entity, Row};
use domain::schedule::board::Lane;
use domain::schedule::{PutInRoom, Resource};
use leptos::prelude::*;
use ui::Icon;

/// What a visit is in after a room was pressed.
fn after(rooms: &[Resource], now: &[ResourceId], pressed: ResourceId) -> Vec<ResourceId> {
    if now.contains(&pressed) {
        return now.iter().copied().filter(|room| *room != pressed).collect();
    }
    let kind = |id: ResourceId| {
        rooms
            .iter()
            .find(|room| room.id == id)
            .map(|room| room.kind.as_str())
    };
    let other = now.iter().copied().filter(|room| kind(*room) != kind(pressed));
    other.chain([pressed]).collect()
}

/// The buttons; nothing for who is not in the house.
#[component]
pub fn InRoom(visit: Visit) -> impl IntoView {
    let desk = use_desk();
    let engine = desk.engine();
    let appointment = visit.appointment.clone();
    if !desk.may(CommandName::PutInRoom) || Lane::of(appointment.state).is_none() {
        return ().into_any();
    }
    let mut rooms: Vec<Resource> = engine.pick(Entity::Resource, |row| match row {
        Row::Resource(room) if room.site_id == appointment.site_id && room.active => Some(room.clone()),
        _ => None,
    });
    rooms.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
    let others = visits(&engine, appointment.site_id);
    let all = StoredValue::new(rooms.clone());
    let what = format!("{}: room", visit.short);
    let buttons = rooms.into_iter().map(|room| {
        let here = appointment.resource_ids.contains(&room.id);
        let inside = others
            .iter()
            .find(|other| {
                other.appointment.id != appointment.id
                    && Lane::of(other.appointment.state).is_some_and(|lane| lane != Lane::Arrived && lane != Lane::Ready)
                    && other.appointment.resource_ids.contains(&room.id)
            })
            .map(|other| format!(" · {}", other.short));
        let command = PutInRoom {
            appointment_id: appointment.id,
            patient_id: appointment.patient_id,
            start_at: appointment.start_at,
            resource_ids: all.with_value(|all| after(all, &appointment.resource_ids, room.id)),
        };
        let what = what.clone();
        let press = move |_| desk.enter(what.clone(), Command::PutInRoom(command.clone()));
        view! {
            <button type="button" class="btn s" aria-pressed=here.to_string() data-put=room.id.to_string() on:click=press>
                {here.then(|| view! { <Icon name="check" /> })}{room.name}{inside}
            </button>
        }
    });
    view! {
        <h3 id="rooms-of-visit">"Room"</h3>
        <div class="steps-to" role="group" aria-labelledby="rooms-of-visit">{buttons.collect_view()}</div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::SiteId;
    use uuid::Uuid;

    #[test]
    fn one_room_of_a_kind_and_pressed_again_none() {
        let room = |n: u128, kind: &str| Resource {
            id: ResourceId(Uuid::from_u128(n)),
            site_id: SiteId(Uuid::nil()),
            name: n.to_string(),
            kind: kind.into(),
            active: true,
        };
        let rooms = [room(1, "exam_room"), room(2, "exam_room"), room(3, "ultrasound")];
        let [a, b, c] = [1, 2, 3].map(|n| ResourceId(Uuid::from_u128(n)));
        assert_eq!(after(&rooms, &[], a), [a]);
        assert_eq!(after(&rooms, &[a, c], b), [c, b]);
        assert_eq!(after(&rooms, &[c, b], b), [c]);
    }
}
