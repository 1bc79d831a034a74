//! Pages that read an older edition of the kinds of rows: they are sent nothing that they cannot read, and whoever has
//! a newer page on the same device fetches what was left out.

use crate::booking::clinic;
use crate::scope::{fetch, give};
use crate::stand::people::related;
use crate::stand::*;
use db::{Actor, Puller};
use domain::access::Role;
use domain::command::Command;
use domain::id::*;
use domain::patients::{Change, CorrectRelatedPerson, RelatedField};
use domain::row::{EDITION, Entity, Row};
use domain::scope::Scope;
use serde_json::json;
use sync::wire::{Cursor, PullRequest, PullResponse};

fn of_edition(edition: u32, cursor: Option<Cursor>, snapshots: bool) -> PullRequest {
    PullRequest {
        edition,
        ..ask(cursor, 2000, snapshots)
    }
}

fn at_end(answer: &PullResponse) -> Option<Cursor> {
    Some(Cursor {
        epoch: answer.epoch,
        rev: answer.to,
        scope: answer.scope.clone(),
    })
}

/// A conflict about a contact, which pages of the first edition cannot read though they know the kind.
async fn disputed_contact(stand: &Stand, patient_id: PatientId) {
    let mut pen = service(2);
    let change = |to: &str| {
        Command::CorrectRelatedPerson(CorrectRelatedPerson {
            related_person_id: RelatedPersonId(id(20)),
            patient_id,
            changes: vec![Change {
                field: RelatedField::Phone,
                from: json!("414 555 0177"),
                to: json!(to),
            }],
        })
    };
    let person = related(20, patient_id, vec![]);
    let batch = [
        Command::RecordRelatedPerson(person),
        change("414 555 0111"),
        change("414 555 0122"),
    ];
    let batch = batch.into_iter().map(|command| pen.write(command)).collect();
    stand
        .db
        .accept_batch(practice(), pen.device, batch)
        .await
        .unwrap();
}

async fn in_snapshot(stand: &Stand, edition: u32) -> Vec<Row> {
    let (scope, device) = (Scope::everything(), DeviceId(id(900)));
    let answer = stand
        .pull_in(Role::FrontDesk, &scope, &of_edition(edition, None, true))
        .await;
    let manifest = answer.snapshot.unwrap();
    assert_eq!(manifest.scope, answer.scope, "the cursor says what was fetched");
    let actor = Actor::in_role(Role::FrontDesk, None, "Reader", device);
    let who = Puller {
        actor: &actor,
        device,
        scope: &scope,
        edition: EDITION,
    };
    let rows = fetch(stand, &who, &manifest).await;
    rows.iter().cloned().collect()
}

#[tokio::test]
async fn an_older_page_is_sent_nothing_that_it_cannot_read_and_a_newer_one_begins_anew() {
    let (stand, booking) = clinic().await;
    let patient = booking.patient_id;
    give(&stand, &mut desk(3), vec![Command::BookAppointment(booking)]).await;
    disputed_contact(&stand, patient).await;

    let scope = Scope::everything();
    let old = stand
        .pull_in(Role::FrontDesk, &scope, &of_edition(1, None, false))
        .await;
    let readable = |rows: &[Row]| rows.iter().all(|row| row.edition() == 1);
    let rows = |answer: &PullResponse| -> Vec<Row> {
        answer.changes.iter().map(|change| change.row.clone()).collect()
    };
    assert!(readable(&rows(&old)) && rows(&old).iter().any(|row| row.entity() == Entity::Patient));
    assert!(readable(&in_snapshot(&stand, 1).await));

    // What comes later is left out just so, and the page goes on.
    give(&stand, &mut service(4), vec![register(30)]).await;
    let later = stand
        .pull_in(Role::FrontDesk, &scope, &of_edition(1, at_end(&old), false))
        .await;
    assert!(!later.reset && readable(&rows(&later)) && later.changes.len() == 1);

    // The same device with a newer page: its cursor passed over the newer kinds.
    let new = stand
        .pull_in(
            Role::FrontDesk,
            &scope,
            &of_edition(EDITION, at_end(&later), true),
        )
        .await;
    assert!(new.reset && new.snapshot.is_some());
    let fetched = in_snapshot(&stand, EDITION).await;
    for entity in [
        Entity::VisitType,
        Entity::Appointment,
        Entity::Busy,
        Entity::Conflict,
    ] {
        assert!(fetched.iter().any(|row| row.entity() == entity), "{entity:?}");
    }
    let again = stand
        .pull_in(Role::FrontDesk, &scope, &of_edition(EDITION, None, false))
        .await;
    let goes_on = stand
        .pull_in(
            Role::FrontDesk,
            &scope,
            &of_edition(EDITION, at_end(&again), false),
        )
        .await;
    assert!(!goes_on.reset && goes_on.changes.is_empty());
    stand.end().await;
}
