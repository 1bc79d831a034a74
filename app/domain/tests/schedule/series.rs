//! Several appointments that belong together: booked, moved and called off as one, or not at all.

use crate::common::*;
use crate::flow::cancel;
use crate::stand::*;
use chrono::Duration;
use domain::command::Command;
use domain::decide::RefusalCode;
use domain::id::*;
use domain::row::Entity;
use domain::schedule::appointment::of_series;
use domain::schedule::*;

fn series(patient_id: PatientId, starts: &[&str]) -> BookSeries {
    let series_id = SeriesId(id(0x500));
    let appointments = (900..).zip(starts).map(|(n, start)| BookAppointment {
        series_id: Some(series_id),
        ..book(n, patient_id, start)
    });
    BookSeries {
        series_id,
        patient_id,
        rule: "FREQ=WEEKLY;COUNT=3".into(),
        appointments: appointments.collect(),
    }
}

#[test]
fn a_series_is_booked_whole_or_not_at_all_and_changed_from_one_on() {
    let (mut world, elena) = clinic();
    world.give(Command::BookAppointment(book(990, elena, "2026-03-18 09:15")));
    let before = world.rows.clone();
    let weekly = ["2026-03-11 09:00", "2026-03-18 09:00", "2026-03-25 09:00"];
    let refused = world.refused(Command::BookSeries(series(elena, &weekly)));
    assert_eq!(why(&refused), "PractitionerTaken");
    assert!(world.rows == before);
    let weekly = ["2026-03-11 09:00", "2026-03-18 10:00", "2026-03-25 09:00"];
    world.give(Command::BookSeries(series(elena, &weekly)));
    let own = series(elena, &["2026-03-30 09:00", "2026-03-30 09:00"]);
    assert_eq!(
        world.refused(Command::BookSeries(own)).code,
        RefusalCode::AlreadyExists
    );

    let all = world.of_patient(Entity::Appointment, elena);
    let all = crate::rows_of!(all, Appointment);
    let second = appointment(&world, 901);
    let ids = |scope| {
        let found = of_series(&all, &second, scope);
        found.iter().map(|one| one.id.0).collect::<Vec<_>>()
    };
    assert_eq!(ids(SeriesScope::This), [id(901)]);
    assert_eq!(ids(SeriesScope::Future), [id(901), id(902)]);
    assert_eq!(ids(SeriesScope::All), [id(900), id(901), id(902)]);

    // The second takes the time that the third gives back.
    let mut to = place("2026-03-25 09:00");
    to.minutes = 30;
    world.give(Command::ChangeSeries(ChangeSeries {
        series_id: SeriesId(id(0x500)),
        patient_id: elena,
        moves: vec![MoveAppointment {
            appointment_id: AppointmentId(id(901)),
            patient_id: elena,
            visit_type_id: VISIT,
            from_at: wall("2026-03-18 10:00"),
            place: to,
            overbook_reason: None,
        }],
        cancels: vec![cancel(elena, 902)],
    }));
    assert_eq!(appointment(&world, 901).start_at, wall("2026-03-25 09:00"));
    assert_eq!(appointment(&world, 902).state, AppointmentState::Cancelled);
    let mut stranger = cancel(elena, 990);
    stranger.reason = "Not of this series".into();
    let refused = world.refused(Command::ChangeSeries(ChangeSeries {
        series_id: SeriesId(id(0x500)),
        patient_id: elena,
        moves: Vec::new(),
        cancels: vec![stranger],
    }));
    assert_eq!(refused.code, RefusalCode::NotFound);
}

#[test]
fn a_whole_series_moves_by_a_little_into_its_own_times() {
    for by in [15, -15] {
        let (mut world, elena) = clinic();
        let touching = ["2026-03-11 09:30", "2026-03-11 10:00", "2026-03-11 10:30"];
        world.give(Command::BookSeries(series(elena, &touching)));
        let moves = (900..).zip(touching).map(|(n, from)| {
            let mut to = place(from);
            to.start_at += Duration::minutes(by);
            MoveAppointment {
                appointment_id: AppointmentId(id(n)),
                patient_id: elena,
                visit_type_id: VISIT,
                from_at: wall(from),
                place: to,
                overbook_reason: None,
            }
        });
        world.give(Command::ChangeSeries(ChangeSeries {
            series_id: SeriesId(id(0x500)),
            patient_id: elena,
            moves: moves.collect(),
            cancels: Vec::new(),
        }));
        let moved = wall("2026-03-11 10:30") + Duration::minutes(by);
        assert_eq!(appointment(&world, 902).start_at, moved);
    }
}
