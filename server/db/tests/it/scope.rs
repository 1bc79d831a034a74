//! What a scope is sent, what leaves it, and snapshots: against the rows in the tables.

use crate::stand::people::*;
use crate::stand::*;
use db::{Actor, Puller};
use domain::access::Role;
use domain::command::Command;
use domain::id::*;
use domain::patients::*;
use domain::row::{Distribution, EDITION, Entity, Row, Rows};
use domain::scope::{Scope, in_scope};
use domain::tray::TrayKind;
use std::collections::BTreeSet;
use std::io::Read;
use sync::visible;
use sync::wire::{Cursor, Manifest, PullResponse, ReceiptStatus};

fn site(n: u128) -> SiteId {
    SiteId(id(7000 + n))
}

fn only(n: u128) -> Scope {
    Scope {
        sites: Some(BTreeSet::from([site(n)])),
        practitioner: None,
    }
}

pub fn at_site(n: u128, at: u128) -> Command {
    Command::RegisterPatient(RegisterPatient {
        patient: named(n, "Elena", "Delgado", "1984-03-09"),
        site_id: Some(site(at)),
    })
}

fn move_to(n: u128, add: &[u128], remove: &[u128]) -> Command {
    Command::AssignPatient(AssignPatient {
        patient_id: PatientId(id(n)),
        add_sites: add.iter().map(|n| site(*n)).collect(),
        remove_sites: remove.iter().map(|n| site(*n)).collect(),
        add_practitioners: vec![],
        remove_practitioners: vec![],
    })
}

pub fn aside(n: u128) -> Command {
    Command::SetPatientAside(SetPatientAside {
        patient_id: PatientId(id(n)),
    })
}

pub async fn give(stand: &Stand, pen: &mut Pen, commands: Vec<Command>) {
    let batch = commands.into_iter().map(|command| pen.write(command)).collect();
    let outcome = stand
        .db
        .accept_batch(practice(), pen.device, batch)
        .await
        .unwrap();
    for receipt in outcome.results {
        assert_eq!(receipt.status, ReceiptStatus::Applied, "{receipt:?}");
    }
}

/// What a device holds after an answer.
fn take(rows: &mut Rows, answer: &PullResponse) {
    for (entity, id) in &answer.evict_rows {
        rows.remove(*entity, *id);
    }
    let gone: Vec<(Entity, uuid::Uuid)> = rows
        .iter()
        .filter(|row| row.entity().distribution() != Distribution::Practice)
        .filter(|row| {
            row.patient_id()
                .is_some_and(|patient| answer.evict.contains(&patient))
        })
        .map(|row| (row.entity(), row.id()))
        .collect();
    gone.into_iter().for_each(|(entity, id)| rows.remove(entity, id));
    let changed = answer.changes.iter().map(|change| &change.row);
    changed
        .chain(&answer.gained)
        .for_each(|row| rows.put(row.clone()));
}

/// What a device of a scope should hold, by the tables.
async fn expected(stand: &Stand, role: Role, scope: &Scope) -> Rows {
    let all = stand.rows().await;
    let membership = |row: &Row| {
        let patient = row.patient_id()?;
        match all.row(Entity::Membership, patient.0) {
            Some(Row::Membership(membership)) => Some(membership.clone()),
            _ => None,
        }
    };
    let mut rows = Rows::default();
    for row in all.iter() {
        if role.may_hold(row.entity()) && in_scope(scope, row, membership(row).as_ref()) {
            rows.put(row.clone());
        }
    }
    rows
}

fn cursor(answer: &PullResponse) -> Option<Cursor> {
    Some(Cursor {
        epoch: answer.epoch,
        rev: answer.to,
        scope: answer.scope.clone(),
    })
}

#[tokio::test]
async fn a_patient_who_moves_leaves_one_device_in_one_pull_and_comes_whole_to_the_other() {
    let stand = Stand::new().await;
    let mut pen = service(1);
    let role = Role::FrontDesk;
    give(
        &stand,
        &mut pen,
        vec![at_site(10, 1), at_site(11, 2), at_site(12, 1)],
    )
    .await;
    for n in [10, 11, 12] {
        give(&stand, &mut pen, vec![cover(n, 0)]).await;
    }
    let scopes = [only(1), only(2), Scope::everything()];
    let mut held = [Rows::default(), Rows::default(), Rows::default()];
    let mut cursors = [None, None, None];
    let moves = [
        vec![],
        vec![move_to(10, &[2], &[1])],
        vec![move_to(10, &[1], &[]), move_to(11, &[1], &[2])],
        vec![move_to(12, &[2], &[1]), cover(12, 1), move_to(12, &[1], &[2])],
        vec![move_to(10, &[], &[1, 2])],
        vec![aside(10), aside(12)],
        // A move of somebody who is set aside brings them back, as does whatever is entered of them.
        vec![aside(11), move_to(12, &[2], &[1])],
        vec![cover(10, 1), aside(12), correct(11, vec![])],
        vec![Command::AssignPatient(AssignPatient::nothing(PatientId(id(12))))],
    ];
    for commands in moves {
        give(&stand, &mut pen, commands).await;
        for (at, scope) in scopes.iter().enumerate() {
            let answer = stand
                .pull_in(role, scope, &ask(cursors[at].clone(), 2, false))
                .await;
            let mut answer = answer;
            loop {
                take(&mut held[at], &answer);
                cursors[at] = cursor(&answer);
                if !answer.more {
                    break;
                }
                answer = stand
                    .pull_in(role, scope, &ask(cursors[at].clone(), 2, false))
                    .await;
            }
            assert!(held[at] == expected(&stand, role, scope).await, "scope {at}");
        }
    }
    stand.end().await;
}

/// A coverage of a patient; `k` tells several apart.
pub fn cover(n: u128, k: u128) -> Command {
    Command::RecordCoverage(domain::coverage::RecordCoverage {
        coverage: coverage(9000 + n * 10 + k, PatientId(id(n)), "LH 220 871"),
        replaces_from: None,
    })
}

pub async fn fetch(stand: &Stand, who: &Puller<'_>, manifest: &Manifest) -> Rows {
    let mut rows = Rows::default();
    for (index, chunk) in (0u32..).zip(&manifest.chunks) {
        let packed = stand
            .db
            .snapshot_chunk(practice(), who, manifest.id, index)
            .await
            .unwrap()
            .unwrap();
        let mut body = Vec::new();
        flate2::read::GzDecoder::new(packed.as_slice())
            .read_to_end(&mut body)
            .unwrap();
        assert_eq!(sync::sha256_hex(&body), chunk.sha256);
        for line in body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            rows.put(domain::json::read(line).unwrap());
        }
    }
    rows
}

#[tokio::test]
async fn a_snapshot_is_built_once_for_many_and_is_what_the_scope_holds() {
    let stand = Stand::new().await;
    let mut pen = service(1);
    give(
        &stand,
        &mut pen,
        vec![at_site(10, 1), at_site(11, 2), cover(10, 0), cover(11, 0)],
    )
    .await;
    let scope = only(1);
    let request = ask(None, 100, true);
    let asked = (0..8).map(|_| stand.pull_in(Role::FrontDesk, &scope, &request));
    let answers = futures::future::join_all(asked).await;
    let manifests: BTreeSet<_> = answers
        .iter()
        .map(|answer| answer.snapshot.as_ref().unwrap().id)
        .collect();
    assert_eq!(manifests.len(), 1, "eight devices at once, one snapshot");
    let manifest = answers[0].snapshot.clone().unwrap();

    let device = DeviceId(id(900));
    let actor = Actor::in_role(Role::FrontDesk, None, "Reader", device);
    let who = Puller {
        actor: &actor,
        device,
        scope: &scope,
        edition: EDITION,
    };
    assert!(fetch(&stand, &who, &manifest).await == expected(&stand, Role::FrontDesk, &scope).await);

    // Who holds more, or stands elsewhere, gets nothing of it.
    let nurse = Actor::in_role(Role::Nurse, None, "Nurse", device);
    let elsewhere = only(2);
    for other in [
        Puller {
            actor: &nurse,
            device,
            scope: &scope,
            edition: EDITION,
        },
        Puller {
            actor: &actor,
            device,
            scope: &elsewhere,
            edition: EDITION,
        },
    ] {
        let chunk = stand
            .db
            .snapshot_chunk(practice(), &other, manifest.id, 0)
            .await
            .unwrap();
        assert!(chunk.is_none());
    }

    // Whoever has left since is not handed out any more: another snapshot is offered.
    give(&stand, &mut pen, vec![move_to(10, &[2], &[1])]).await;
    let stale = stand
        .db
        .snapshot_chunk(practice(), &who, manifest.id, 0)
        .await
        .unwrap();
    assert!(stale.is_none());
    let again = stand.pull_in(Role::FrontDesk, &scope, &request).await;
    let manifest = again.snapshot.clone().unwrap();
    assert!(fetch(&stand, &who, &manifest).await == expected(&stand, Role::FrontDesk, &scope).await);

    // What came since follows as changes.
    give(&stand, &mut pen, vec![at_site(13, 1)]).await;
    let from = Some(Cursor {
        epoch: manifest.epoch,
        rev: manifest.rev,
        scope: manifest.scope.clone(),
    });
    let tail = stand
        .pull_in(Role::FrontDesk, &scope, &ask(from, 100, true))
        .await;
    assert!(!tail.reset && tail.snapshot.is_none());
    let mut rows = fetch(&stand, &who, &manifest).await;
    take(&mut rows, &tail);
    assert!(rows == expected(&stand, Role::FrontDesk, &scope).await);
    stand.end().await;
}

#[tokio::test]
async fn whoever_is_behind_the_compacted_log_begins_anew_and_ends_the_same() {
    let stand = Stand::new().await;
    let mut pen = service(1);
    give(&stand, &mut pen, vec![at_site(10, 1), at_site(11, 2)]).await;
    let scope = only(1);
    let first = stand
        .pull_in(Role::FrontDesk, &scope, &ask(None, 100, false))
        .await;
    give(
        &stand,
        &mut pen,
        vec![move_to(11, &[1], &[]), cover(10, 0), cover(11, 0)],
    )
    .await;
    // The device above is far behind and keeps the log; when it is not waited for, the log goes.
    let long_ago = at("2026-03-01T00:00:00Z");
    let kept = db::compact(&stand.admin_url, long_ago).await.unwrap();
    assert_eq!(kept[0].horizon, 0, "nothing is older than that");
    let away = "UPDATE app.device_cursor SET pulled_at = now() - interval '200 days'";
    sqlx::query(away)
        .execute(&mut stand.superuser().await)
        .await
        .unwrap();
    let done = db::compact(&stand.admin_url, chrono::Utc::now() + chrono::Duration::days(1))
        .await
        .unwrap();
    assert!(done[0].horizon > first.to && done[0].changes > 0, "{done:?}");
    let left = stand
        .count("SELECT count(*) FROM app.change WHERE entity = 'membership'")
        .await;
    assert_eq!(left, 2, "the newest membership of each patient is kept");

    let old = cursor(&first);
    let stale = stand
        .pull_in(Role::FrontDesk, &scope, &ask(old.clone(), 100, false))
        .await;
    assert!(stale.reset);
    let mut rows = Rows::default();
    take(&mut rows, &stale);
    assert!(rows == expected(&stand, Role::FrontDesk, &scope).await);
    let offered = stand.pull_in(Role::FrontDesk, &scope, &ask(old, 100, true)).await;
    assert!(offered.reset && offered.snapshot.is_some());
    let stand_at = visible::stand(
        cursor(&stale).as_ref(),
        stale.epoch,
        &stale.scope,
        done[0].horizon,
    );
    assert_eq!(stand_at, visible::Stand::After(stale.to));
    stand.end().await;
}

#[tokio::test]
async fn what_is_entered_about_someone_out_of_scope_or_on_a_device_shut_out_is_parked() {
    let stand = Stand::new().await;
    let mut pen = service(1);
    give(&stand, &mut pen, vec![at_site(10, 2)]).await;
    // Set aside is not elsewhere: what is entered of them is taken, and brings them back.
    give(&stand, &mut pen, vec![aside(10)]).await;
    let mut desk = desk(2);
    let change = |to: &str| {
        correct(
            10,
            vec![FieldChange {
                field: PatientField::Suffix,
                from: serde_json::Value::Null,
                to: to.into(),
            }],
        )
    };
    let mut outside = desk.write(change("Jr."));
    outside.ctx.scope = Some(only(1));
    let mut revoked = desk.write(change("Sr."));
    revoked.ctx.device_revoked = true;
    let inside = desk.write(change("III"));
    let batch = vec![outside, revoked, inside];
    let outcome = stand
        .db
        .accept_batch(practice(), desk.device, batch.clone())
        .await
        .unwrap();
    let statuses: Vec<_> = outcome.results.iter().map(|receipt| receipt.status).collect();
    assert_eq!(
        statuses,
        [
            ReceiptStatus::Parked,
            ReceiptStatus::Parked,
            ReceiptStatus::Applied
        ]
    );
    let rows = stand.rows().await;
    assert!(matches!(rows.row(Entity::Membership, id(10)), Some(Row::Membership(known)) if !known.set_aside));
    let parked: Vec<_> = rows
        .all(Entity::TrayItem)
        .filter(
            |row| matches!(row, Row::TrayItem(item) if item.kind == TrayKind::Parked && item.args.is_some()),
        )
        .map(Row::id)
        .collect();
    let told: BTreeSet<_> = outcome
        .results
        .iter()
        .filter_map(|receipt| receipt.tray_id)
        .map(|id| id.0)
        .collect();
    assert_eq!(parked.into_iter().collect::<BTreeSet<_>>(), told);
    // Again is no mistake, and says the same.
    let again = stand
        .db
        .accept_batch(practice(), desk.device, batch)
        .await
        .unwrap();
    let same = again
        .results
        .iter()
        .map(|receipt| receipt.tray_id)
        .collect::<Vec<_>>();
    assert_eq!(
        same,
        outcome
            .results
            .iter()
            .map(|receipt| receipt.tray_id)
            .collect::<Vec<_>>()
    );
    stand.end().await;
}
