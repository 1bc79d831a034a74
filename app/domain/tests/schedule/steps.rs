//! Steps that two tablets say without seeing each other, and times that are none.

use crate::flow::{booked, set};
use crate::stand::*;
use domain::command::Command;
use domain::decide::RefusalCode;
use domain::schedule::*;

#[test]
fn a_step_from_where_it_does_not_stand_any_more_is_refused_and_told() {
    use AppointmentState::*;
    let (mut world, elena) = booked();
    let from = |from, state| match set(elena, state) {
        Command::SetAppointmentState(args) => Command::SetAppointmentState(SetAppointmentState {
            from: Some(from),
            ..args
        }),
        other => other,
    };
    // A walk-in: asked for on the tablet, booked by the server, and then arrived.
    world.give(from(Requested, Arrived));
    world.give(from(Arrived, Intake));
    // Entered on a tablet that had not heard: Intake may become Ready, but nobody meant that.
    assert_eq!(world.refused(from(Arrived, Ready)).code, RefusalCode::IllegalStep);
    // The same thing said twice is no mistake.
    assert!(world.give(from(Arrived, Intake)).facts.is_empty());
    world.give(from(Intake, Ready));
}

#[test]
fn a_time_at_the_end_of_all_instants_is_refused_where_it_is_read() {
    let (_, elena) = booked();
    let mut args = serde_json::to_value(book(901, elena, "2026-03-11 10:00")).unwrap();
    for at in [
        "+262142-12-31T23:59:59Z",
        "-262143-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
    ] {
        args["place"]["start_at"] = at.into();
        let json = domain::json::Json::of(&args).unwrap();
        let error = Command::from_wire("BookAppointment", 1, &json).err().unwrap();
        assert!(matches!(error, domain::command::UnknownCommand::Args(..)), "{at}");
    }
}
