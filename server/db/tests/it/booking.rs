//! Nobody is booked twice, whoever books at the same moment, and whatever is written past the rules.

use crate::equal::golden;
use crate::stand::*;
use chrono::{DateTime, Duration, Utc};
use domain::command::{Command, CommandName};
use domain::decide::RefusalCode;
use domain::id::*;
use domain::row::{Entity, Row};
use domain::schedule::*;
use futures::future::join_all;
use sqlx::Executor;
use sync::wire::ReceiptStatus;

/// A practice with one practitioner, one room and one patient, from the golden files.
pub async fn clinic() -> (Stand, BookAppointment) {
    use CommandName::*;
    let stand = Stand::new().await;
    let mut pen = service(1);
    let needed = [
        RecordBillingEntity,
        RecordSite,
        RecordPractitioner,
        EnrolDevice,
        RegisterPatient,
        SetSiteClock,
        DefineVisitType,
        DefineResource,
        SetSchedule,
    ];
    let batch = golden()
        .into_iter()
        .filter(|command| needed.contains(&command.name()))
        .map(|command| pen.write(command))
        .collect();
    let outcome = stand
        .db
        .accept_batch(practice(), pen.device, batch)
        .await
        .unwrap();
    assert!(
        outcome
            .results
            .iter()
            .all(|receipt| receipt.status == ReceiptStatus::Applied)
    );
    let booking = golden().into_iter().find_map(|command| match command {
        Command::BookAppointment(args) => Some(args),
        _ => None,
    });
    (stand, booking.unwrap())
}

fn other(like: &BookAppointment, n: u128, start_at: DateTime<Utc>) -> BookAppointment {
    BookAppointment {
        appointment_id: AppointmentId(id(n)),
        place: Place {
            start_at,
            ..like.place.clone()
        },
        ..like.clone()
    }
}

/// Pairs of bookings for good that take the same time of the same holder.
const OVERLAPS: &str = "SELECT count(*) FROM app.busy a JOIN app.busy b ON a.practice_id = b.practice_id
    AND a.holder_id = b.holder_id AND a.id < b.id AND a.status = 'busy' AND b.status = 'busy'
    AND (a.lane IS NULL OR b.lane IS NULL OR a.lane = b.lane) AND a.from_at < b.until_at AND b.from_at < a.until_at";

#[tokio::test]
async fn of_many_who_book_one_time_at_once_one_has_it_and_the_others_are_told() {
    let (stand, like) = clinic().await;
    let outcomes = join_all((0..8u128).map(|n| {
        let (db, args) = (stand.db.clone(), other(&like, 1000 + n, like.place.start_at));
        tokio::spawn(async move {
            let mut pen = desk(100 + n);
            let batch = vec![pen.write(Command::BookAppointment(args))];
            db.accept_batch(practice(), pen.device, batch).await.unwrap()
        })
    }))
    .await;
    let receipts: Vec<_> = outcomes
        .into_iter()
        .flat_map(|outcome| outcome.unwrap().results)
        .collect();
    let (had, told): (Vec<_>, Vec<_>) = receipts
        .into_iter()
        .partition(|receipt| receipt.status == ReceiptStatus::Applied);
    assert_eq!((had.len(), told.len()), (1, 7));
    for receipt in told {
        let code = receipt.refusal.unwrap().code;
        // The room is as taken as the practitioner.
        assert_eq!(code, RefusalCode::CannotBook);
        assert!(receipt.tray_id.is_some(), "a person sees it");
    }
    assert_eq!(stand.count(OVERLAPS).await, 0);
    stand.end().await;
}

#[tokio::test]
async fn a_day_that_many_fill_at_once_has_no_overlap_and_loses_no_entry() {
    let (stand, like) = clinic().await;
    let outcomes = join_all((0..6u128).map(|n| {
        let (db, like) = (stand.db.clone(), like.clone());
        tokio::spawn(async move {
            let mut pen = desk(100 + n);
            let mut all = Vec::new();
            for round in 0..5u128 {
                let batch = (0..6u128)
                    .map(|k| {
                        let step = i64::try_from((n * 7 + round * 5 + k * 3) % 24).unwrap();
                        let start = like.place.start_at + Duration::minutes(15 * step);
                        let args = other(&like, 2000 + n * 100 + round * 10 + k, start);
                        pen.write(Command::BookAppointment(args))
                    })
                    .collect();
                all.extend(
                    db.accept_batch(practice(), pen.device, batch)
                        .await
                        .unwrap()
                        .results,
                );
            }
            all
        })
    }))
    .await;
    let receipts: Vec<_> = outcomes.into_iter().flat_map(Result::unwrap).collect();
    assert_eq!(receipts.len(), 180);
    let applied = receipts
        .iter()
        .filter(|receipt| receipt.status == ReceiptStatus::Applied)
        .count();
    assert!(applied >= 5, "only {applied} were booked");
    for receipt in receipts.iter().filter(|r| r.status != ReceiptStatus::Applied) {
        let refusal = receipt.refusal.as_ref().unwrap();
        assert_ne!(refusal.code, RefusalCode::Constraint, "the rules saw it first");
        assert!(receipt.tray_id.is_some());
    }
    let booked = i64::try_from(applied).unwrap();
    assert_eq!(stand.count("SELECT count(*) FROM app.appointment").await, booked);
    assert_eq!(stand.count(OVERLAPS).await, 0);
    stand.end().await;
}

#[tokio::test]
async fn a_time_that_is_given_back_and_taken_again_in_one_batch_is_taken() {
    let (stand, like) = clinic().await;
    let mut pen = desk(2);
    let start = like.place.start_at;
    let cancel = |of: &BookAppointment| {
        Command::CancelAppointment(CancelAppointment {
            appointment_id: of.appointment_id,
            patient_id: of.patient_id,
            reason: "No ride".into(),
            by: CancelledBy::Patient,
        })
    };
    let (first, second) = (other(&like, 1000, start), other(&like, 1001, start));
    let book = |args: &BookAppointment| Command::BookAppointment(args.clone());
    for batch in [
        vec![book(&first)],
        vec![cancel(&first), book(&second)],
        vec![cancel(&second), book(&first)],
    ] {
        let batch = batch.into_iter().map(|command| pen.write(command)).collect();
        let outcome = stand
            .db
            .accept_batch(practice(), pen.device, batch)
            .await
            .unwrap();
        for receipt in outcome.results {
            assert_eq!(receipt.status, ReceiptStatus::Applied, "{receipt:?}");
        }
    }
    assert_eq!(stand.count(OVERLAPS).await, 0);
    assert_eq!(
        stand
            .count("SELECT count(*) FROM app.busy WHERE status = 'busy'")
            .await,
        2,
        "the practitioner and the room, once"
    );
    stand.end().await;
}

#[tokio::test]
async fn the_database_has_the_last_word_on_what_is_booked_for_good_and_on_nothing_else() {
    let (stand, like) = clinic().await;
    let mut pen = desk(2);
    let batch = vec![pen.write(Command::BookAppointment(like.clone()))];
    stand
        .db
        .accept_batch(practice(), pen.device, batch)
        .await
        .unwrap();
    let mut admin = stand.superuser().await;
    let copy = |change: &str| {
        sqlx::AssertSqlSafe(format!(
            "INSERT INTO app.busy SELECT (b).* FROM (
                SELECT jsonb_populate_record(b, jsonb_build_object('id', gen_random_uuid()) || '{change}'::jsonb) b
                FROM app.busy b WHERE holder = 'practitioner' AND status = 'busy' LIMIT 1) AS copied (b)"
        ))
    };
    let refused = admin.execute(copy("{}")).await.unwrap_err();
    let database = refused.as_database_error().unwrap();
    assert_eq!(database.code().as_deref(), Some("23P01"));
    assert_eq!(database.constraint(), Some("busy_taken_once"));
    let one_lane = admin.execute(copy(r#"{"lane": 3}"#)).await;
    assert!(one_lane.is_err(), "the whole practitioner is taken");
    for beside in [
        r#"{"status": "overbooked"}"#,
        r#"{"status": "requested"}"#,
        r#"{"status": "held", "expires_at": "2026-04-01T00:00:00Z"}"#,
        r#"{"status": "free"}"#,
    ] {
        admin.execute(copy(beside)).await.unwrap();
    }
    let after = "{\"start_at\": \"2026-04-02T15:35:00Z\", \"end_at\": \"2026-04-02T16:00:00Z\",
        \"from_at\": \"2026-04-02T15:35:00Z\", \"until_at\": \"2026-04-02T16:00:00Z\"}";
    admin.execute(copy(after)).await.unwrap();
    stand.end().await;
}

#[tokio::test]
async fn what_is_read_of_an_agenda_is_what_touches_the_day() {
    let (stand, like) = clinic().await;
    let mut pen = desk(2);
    let mut late = other(&like, 1000, at("2026-04-02T23:45:00Z"));
    late.overbook_reason = Some("Works late".into());
    let batch = vec![
        pen.write(Command::BookAppointment(like.clone())),
        pen.write(Command::BookAppointment(late)),
    ];
    let outcome = stand
        .db
        .accept_batch(practice(), pen.device, batch)
        .await
        .unwrap();
    assert_eq!(outcome.results[1].status, ReceiptStatus::Applied, "{outcome:?}");
    let rows = stand.rows().await;
    let holder = like.place.practitioner_ids[0].0;
    let keys = |row: &Row| row.keys();
    for row in rows.all(Entity::Busy) {
        for key in keys(row) {
            let found = stand.db.rows(practice(), &[key].into()).await.unwrap();
            let here: Vec<_> = domain::row::View::get(&rows, &key);
            assert!(
                found.all(Entity::Busy).cloned().collect::<Vec<_>>() == here,
                "{key:?}"
            );
        }
    }
    let touching = rows
        .all(Entity::Busy)
        .flat_map(keys)
        .filter(|key| matches!(key, domain::row::Key::Agenda(of, _) if *of == holder))
        .count();
    assert_eq!(touching, 3, "one on its day, one on two");
    stand.end().await;
}
