//! Where in the house somebody is.

use crate::common::*;
use crate::stand::*;
use domain::access::Role;
use domain::command::Command;
use domain::decide::RefusalCode;
use domain::id::*;
use domain::schedule::*;

#[test]
fn a_patient_in_the_house_is_put_in_a_room_and_what_they_left_is_free() {
    let (mut world, elena) = clinic();
    let second = ResourceId(id(0x82));
    world.acting(Role::Owner, "Olive", |world| {
        world.give(Command::DefineResource(Resource {
            id: second,
            site_id: NORTH,
            name: "Room 2".into(),
            kind: "exam_room".into(),
            active: true,
        }));
        world.give(Command::DefineResource(Resource {
            id: ResourceId(id(0x83)),
            site_id: SOUTH,
            name: "South".into(),
            kind: "exam_room".into(),
            active: true,
        }));
    });
    let mut asked = book(900, elena, "2026-03-11 09:00");
    asked.place.resource_ids = vec![ROOM];
    world.give(Command::BookAppointment(asked));
    let mut other = book(901, elena, "2026-03-11 09:00");
    other.place.practitioner_ids = vec![FERRER];
    other.place.resource_ids = vec![second];
    world.give(Command::BookAppointment(other));
    let put = |rooms: Vec<ResourceId>| {
        Command::PutInRoom(PutInRoom {
            appointment_id: AppointmentId(id(900)),
            patient_id: elena,
            start_at: wall("2026-03-11 09:00"),
            resource_ids: rooms,
        })
    };
    assert_eq!(
        world.refused(put(vec![second])).code,
        RefusalCode::IllegalStep,
        "they are not here yet"
    );
    let arrived = SetAppointmentState {
        appointment_id: AppointmentId(id(900)),
        patient_id: elena,
        state: AppointmentState::Arrived,
        from: None,
        note: None,
    };
    world.give(Command::SetAppointmentState(arrived));
    assert_eq!(
        world.refused(put(vec![ResourceId(id(0x83))])).code,
        RefusalCode::NotFound,
        "at another site"
    );
    assert_eq!(
        world.refused(put(vec![second, second])).code,
        RefusalCode::Invalid
    );
    let steps = appointment(&world, 900).steps.len();
    world.give(put(vec![second]));
    let known = appointment(&world, 900);
    assert_eq!(
        (known.resource_ids, known.steps.len()),
        (vec![second], steps),
        "its minutes go on"
    );
    let status = |world: &World, room: ResourceId| {
        busy(world, 900)
            .into_iter()
            .find(|busy| busy.holder_id == room.0)
            .map(|busy| busy.status)
    };
    assert_eq!(status(&world, ROOM), Some(BusyStatus::Free));
    assert_eq!(
        status(&world, second),
        Some(BusyStatus::Overbooked),
        "beside whoever booked it"
    );
    world.give(put(vec![ROOM]));
    assert_eq!(status(&world, ROOM), Some(BusyStatus::Busy), "and back");
    assert_eq!(status(&world, second), Some(BusyStatus::Free));
    world.give(put(Vec::new()));
    assert_eq!(appointment(&world, 900).resource_ids, []);
    assert_eq!(
        status(&world, ResourceId(OKAFOR.0)),
        Some(BusyStatus::Busy),
        "the practitioner's time stays"
    );
}
