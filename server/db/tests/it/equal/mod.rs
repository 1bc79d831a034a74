//! The same commands on Postgres and in memory leave the same rows and the same receipts.

mod people;
mod schedule;

use crate::stand::*;
use domain::command::{Command, CommandName};
use domain::decide::{NumberKind, RefusalCode};
use domain::intake::RevokeConsent;
use domain::patients::ResolveConflict;
use domain::row::{Entity, Row, Rows};
use domain::tray::{ResolveTrayItem, TrayChoice, TrayState};
use pretty_assertions::assert_eq;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use sync::hub::{self, Opened};
use sync::wire::ReceiptStatus;

/// The hub in memory.
#[derive(Default)]
struct Memory {
    rows: Rows,
    numbers: BTreeMap<NumberKind, u64>,
    head: u64,
}

impl Memory {
    fn accept(&mut self, batch: Vec<Opened>) -> Vec<sync::wire::Receipt> {
        let decided = hub::decide_batch(&self.rows, batch, self.numbers.clone(), self.head);
        decided.rows.iter().cloned().for_each(|row| self.rows.put(row));
        self.numbers = decided.numbers;
        self.head = decided.head;
        decided.judged.into_iter().map(|judged| judged.receipt).collect()
    }
}

pub fn golden() -> Vec<Command> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../app/domain/tests/golden");
    let mut found: Vec<domain::command::Envelope> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| serde_json::from_str(&std::fs::read_to_string(file.unwrap().path()).unwrap()).unwrap())
        .collect();
    found.sort_by_key(|envelope| envelope.seq);
    found
        .into_iter()
        .map(|envelope| envelope.command().unwrap())
        .collect()
}

/// A day at the desk: everything that can happen to a record and to a calendar, and some of it twice.
fn history() -> Vec<Command> {
    let mut out = people::history();
    out.extend(schedule::history());
    out.extend(crate::standing::history());
    out.extend(crate::terms::history());
    out.extend(crate::recalls::history());
    out
}

/// Both choices, once the conflicts are there to choose from.
fn decisions(rows: &Rows) -> Vec<Command> {
    let conflicts = rows.all(Entity::Conflict).filter_map(|row| match row {
        Row::Conflict(conflict) => Some(conflict),
        _ => None,
    });
    let items = rows.all(Entity::TrayItem).filter_map(|row| match row {
        Row::TrayItem(item) if item.state == TrayState::Open => Some(item.id),
        _ => None,
    });
    let dropped = items.map(|id| {
        Command::ResolveTrayItem(ResolveTrayItem {
            tray_item_id: id,
            choice: TrayChoice::Drop,
        })
    });
    let revoked = rows.all(Entity::Consent).filter_map(|row| match row {
        Row::Consent(consent) => Some(Command::RevokeConsent(RevokeConsent {
            consent_id: consent.id,
            patient_id: consent.patient_id,
        })),
        _ => None,
    });
    (0..)
        .zip(conflicts)
        .flat_map(|(n, conflict)| {
            let resolve = ResolveConflict {
                conflict_id: conflict.id,
                patient_id: conflict.patient_id,
                keep_mine: n % 2 == 0,
                expects: None,
                value: None,
                related_person_id: conflict.field.related_person_id(),
                referral_id: conflict.field.referral_id(),
            };
            [
                Command::ResolveConflict(resolve.clone()),
                Command::ResolveConflict(resolve),
            ]
        })
        .chain(dropped)
        .chain(revoked)
        .collect()
}

#[tokio::test]
async fn every_command_leaves_the_same_rows_on_postgres_as_in_memory() {
    let stand = Stand::new().await;
    let (mut memory, mut pen) = (Memory::default(), service(1));
    let mut applied = BTreeSet::new();
    let (mut judged, mut rounds) = (0, 0);
    // Once in batches of different sizes, so that rows meet within a batch and across batches.
    let mut commands = golden();
    commands.extend(history());
    for size in (1..).take(200) {
        if commands.is_empty() {
            commands = decisions(&memory.rows);
            rounds += 1;
            if commands.is_empty() || rounds > 2 {
                break;
            }
        }
        let rest = commands.split_off(size.min(commands.len()));
        let names: Vec<CommandName> = commands.iter().map(Command::name).collect();
        let batch: Vec<Opened> = std::mem::replace(&mut commands, rest)
            .into_iter()
            .map(|c| pen.write(c))
            .collect();
        let expected = memory.accept(batch.clone());
        let outcome = stand
            .db
            .accept_batch(practice(), pen.device, batch)
            .await
            .unwrap();
        assert_eq!(outcome.results, expected);
        for (name, receipt) in names.iter().zip(&outcome.results) {
            if receipt.status != ReceiptStatus::Rejected {
                applied.insert(*name);
            }
            let refused = receipt.refusal.as_ref().map(|refusal| refusal.code);
            assert!(refused != Some(RefusalCode::Constraint), "{name:?} {receipt:?}");
        }
        judged += names.len();
        if size == 200 {
            break;
        }
    }
    let stored = stand.rows().await;
    for entity in Entity::ALL {
        let of = |rows: &Rows| -> Vec<Value> { rows.all(*entity).map(|row| row.body().unwrap()).collect() };
        assert_eq!(of(&stored), of(&memory.rows), "{}", entity.name());
    }
    assert!(stored == memory.rows);
    let missing: Vec<_> = CommandName::ALL
        .iter()
        .filter(|name| !applied.contains(name))
        .collect();
    assert!(missing.is_empty(), "never applied: {missing:?}");
    assert!(judged > 60, "only {judged} commands");
    let numbers = mrns(&stored);
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    stand.end().await;
}

#[tokio::test]
async fn what_devices_are_told_is_what_is_kept_to_the_microsecond() {
    let stand = Stand::new().await;
    let mut pen = desk(1);
    pen.now = at("2026-03-10T15:00:00.123456999Z");
    stand
        .db
        .accept_batch(practice(), pen.device, vec![pen.write(register(10))])
        .await
        .unwrap();
    let pulled = stand.pull(domain::access::Role::FrontDesk, None, 100).await;
    let kept = stand
        .db
        .row(practice(), Entity::Patient, id(10))
        .await
        .unwrap()
        .unwrap();
    assert!(pulled.changes[0].row == kept);
    stand.end().await;
}

#[tokio::test]
async fn a_table_has_the_columns_that_its_type_has_fields() {
    // A column more would stay empty for ever; one less, and a field would be lost.
    let stand = Stand::new().await;
    let mut admin = stand.superuser().await;
    let mut pen = service(1);
    for command in golden().into_iter().chain(history()) {
        stand
            .db
            .accept_batch(practice(), pen.device, vec![pen.write(command)])
            .await
            .unwrap();
    }
    let rows = stand.rows().await;
    for entity in Entity::ALL {
        let columns: BTreeSet<String> = sqlx::query_scalar::<_, String>(
            "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'app' AND table_name = $1",
        )
        .bind(entity.name())
        .fetch_all(&mut admin)
        .await
        .unwrap()
        .into_iter()
        .filter(|column| column != "practice_id")
        .collect();
        // A field that says nothing is left out of some rows.
        let fields: BTreeSet<String> = rows
            .all(*entity)
            .flat_map(|row| row.body().unwrap().as_object().unwrap().clone())
            .map(|(field, _)| field)
            .collect();
        assert!(!fields.is_empty(), "no {} was made", entity.name());
        assert_eq!(columns, fields, "{}", entity.name());
    }
    stand.end().await;
}
