//! Commands in: each judged once, a batch in one transaction.
//!
//! Locks are taken in one order by everyone: the device's cursor, agendas, rows by kind and id, the number series, and last the
//! practice's head. Then the batch is decided in memory and written set-wise. Only when a row is refused or somebody
//! is in the way, the batch is undone and judged again command by command, each in a savepoint.

use crate::Db;
use crate::admission::{self, Admitted};
use crate::agenda;
use crate::error::{DbError, Result};
use crate::practice::{self, Head};
use crate::record;
use crate::table::{self, Lock};
use domain::command::Command;
use domain::decide::{NumberKind, Refusal, RefusalCode};
use domain::id::{DeviceId, PracticeId};
use domain::row::{Entity, Key, Rows};
use domain::tray::{self, TrayKind};
use sqlx::{Connection, PgConnection};
use std::collections::{BTreeMap, BTreeSet};
use sync::hub::{self, Judged, Opened};
use sync::wire::{Receipt, ReceiptStatus};
use uuid::Uuid;

/// How often a batch is tried again when somebody is in the way.
const RETRIES: u32 = 3;

/// What became of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct PushOutcome {
    /// One for each command that was judged, in order; fewer than were sent when some before are missing.
    pub results: Vec<Receipt>,
    /// The last number judged: send from the next.
    pub last_seq: u64,
    /// The practice's newest revision.
    pub head: u64,
    /// Which history.
    pub epoch: Uuid,
    /// Covered by a verified backup.
    pub durable_rev: u64,
    /// Whether the revision moved, so that others should be told.
    pub changed: bool,
}

/// Who numbers the commands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbering {
    /// The device did, without gaps.
    ByDevice,
    /// They are numbered here; what was taken before is known by its id alone.
    Here,
}

/// How a batch is judged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Together,
    OneByOne,
}

impl Db {
    /// Takes a device's commands, which the caller has opened. What came before gets its receipt again.
    pub async fn accept_batch(
        &self,
        practice: PracticeId,
        device: DeviceId,
        batch: Vec<Opened>,
    ) -> Result<PushOutcome> {
        self.accept(practice, device, batch, Numbering::ByDevice).await
    }

    pub(crate) async fn accept(
        &self,
        practice: PracticeId,
        device: DeviceId,
        mut batch: Vec<Opened>,
        numbering: Numbering,
    ) -> Result<PushOutcome> {
        for opened in &mut batch {
            // What a device says about its own bytes is not evidence.
            opened.sealed.args_hash = sync::sha256_hex(&opened.sealed.sealed.0);
        }
        let (mut how, mut tries) = (How::Together, 0);
        loop {
            match self.attempt(practice, device, &batch, numbering, how).await {
                Err(error) if error.is_constraint() && how == How::Together => how = How::OneByOne,
                Err(error) if error.is_busy() && tries < RETRIES => {
                    tries += 1;
                    how = How::OneByOne;
                }
                other => return other,
            }
        }
    }

    async fn attempt(
        &self,
        practice: PracticeId,
        device: DeviceId,
        batch: &[Opened],
        numbering: Numbering,
        how: How,
    ) -> Result<PushOutcome> {
        let mut tx = self.in_practice(practice).await?;
        let connection = tx.connection();
        let last_seq = lock_cursor(connection, practice, device).await?;
        let Admitted {
            slots,
            fresh,
            disputed,
        } = match numbering {
            Numbering::ByDevice => {
                admission::by_device(connection, practice, device, last_seq, batch).await?
            }
            Numbering::Here => admission::numbered_here(connection, practice, last_seq, batch).await?,
        };
        let mut new_disputes = Vec::new();
        for opened in disputed {
            let actor = admission::actor_of(&opened, device);
            if record::dispute(connection, practice, device, &opened.sealed, &actor).await? {
                new_disputes.push(opened);
            }
        }
        if fresh.is_empty() {
            let head = if new_disputes.is_empty() {
                practice::head(connection, practice).await?
            } else {
                practice::lock_head(connection, practice).await?
            };
            let rev = bring_disputes(connection, practice, &new_disputes, head.rev).await?;
            tx.commit().await?;
            return Ok(outcome(admission::answers(slots, &[]), last_seq, head, rev));
        }

        let (opened, is_disputed): (Vec<Opened>, Vec<bool>) = fresh.into_iter().unzip();
        let mut keys = hub::keys(&opened);
        // Whom terms name is locked with everything else, in the one order that everybody keeps.
        let terms: BTreeSet<Key> = keys
            .iter()
            .filter(|key| matches!(key, Key::Row(Entity::PractitionerTerms, _)))
            .cloned()
            .collect();
        if !terms.is_empty() {
            let known = table::load(connection, practice, &terms, Lock::No).await?;
            keys.extend(hub::further_keys(&known, &opened));
        }
        agenda::lock(connection, practice, &keys).await?;
        let mut rows = table::load(connection, practice, &keys, Lock::ForUpdate).await?;
        let besides = hub::further_keys(&rows, &opened);
        if !besides.is_subset(&keys) {
            keys.extend(besides);
            agenda::lock(connection, practice, &keys).await?;
            rows = table::load(connection, practice, &keys, Lock::ForUpdate).await?;
        }
        let numbers = lock_numbers(connection, practice, &opened).await?;
        let head = practice::lock_head(connection, practice).await?;

        let (judged, next_numbers, rev) = match how {
            How::Together => {
                let decided = hub::decide_batch(&rows, opened.clone(), numbers.clone(), head.rev);
                table::write(connection, practice, &rows, &decided.rows).await?;
                record::changes(connection, practice, &decided.judged).await?;
                (decided.judged, decided.numbers, decided.head)
            }
            How::OneByOne => one_by_one(connection, practice, &opened, numbers.clone(), head.rev).await?,
        };

        let last_seq = opened.last().map_or(last_seq, |opened| opened.sealed.seq);
        let judged: Vec<(Opened, Judged, bool)> = opened
            .into_iter()
            .zip(judged)
            .zip(is_disputed)
            .map(|((o, j), d)| (o, j, d))
            .collect();
        record::receipts(connection, practice, device, &judged).await?;
        record::audit_lines(connection, practice, device, &judged).await?;
        if next_numbers != numbers {
            store_numbers(connection, practice, &next_numbers).await?;
        }
        store_cursor(connection, practice, device, last_seq).await?;
        practice::move_head(connection, practice, rev).await?;
        let rev = bring_disputes(connection, practice, &new_disputes, rev).await?;
        tx.commit().await?;

        let fresh: Vec<Receipt> = judged.into_iter().map(|(_, judged, _)| judged.receipt).collect();
        Ok(outcome(admission::answers(slots, &fresh), last_seq, head, rev))
    }
}

/// Brings commands whose number was used before to a person, each in a revision of its own. The head is locked.
async fn bring_disputes(
    connection: &mut PgConnection,
    practice: PracticeId,
    disputes: &[Opened],
    mut rev: u64,
) -> Result<u64> {
    for opened in disputes {
        let patient = opened
            .content
            .as_ref()
            .ok()
            .and_then(|(_, command)| command.patient_id());
        let keys = patient.map(|patient| Key::Row(Entity::Patient, patient.0));
        let seen = table::load(connection, practice, &keys.into_iter().collect(), Lock::No).await?;
        rev += 1;
        let judged = Judged {
            receipt: hub::different_content(&opened.sealed, rev),
            facts: hub::dispute(&seen, opened),
            command: None,
            patient,
        };
        let mut kept = Rows::default();
        judged.facts.iter().cloned().for_each(|row| kept.put(row));
        table::write(connection, practice, &Rows::default(), &kept).await?;
        record::changes(connection, practice, std::slice::from_ref(&judged)).await?;
        practice::move_head(connection, practice, rev).await?;
    }
    Ok(rev)
}

fn outcome(results: Vec<Receipt>, last_seq: u64, head: Head, rev: u64) -> PushOutcome {
    PushOutcome {
        results,
        last_seq,
        head: rev,
        epoch: head.epoch,
        durable_rev: head.durable_rev,
        changed: rev != head.rev,
    }
}

/// What was judged, the next numbers, and the revision after.
type Outcome = (Vec<Judged>, BTreeMap<NumberKind, u64>, u64);

/// Judges each command in a savepoint of its own. The head is locked, so everything read is the last word; a row that
/// somebody made in between is seen here, where it was not before.
async fn one_by_one(
    connection: &mut PgConnection,
    practice: PracticeId,
    batch: &[Opened],
    mut numbers: BTreeMap<NumberKind, u64>,
    mut rev: u64,
) -> Result<Outcome> {
    let mut all = Vec::with_capacity(batch.len());
    for opened in batch {
        let alone = vec![opened.clone()];
        let mut keys = hub::keys(&alone);
        let mut rows = table::load(connection, practice, &keys, Lock::No).await?;
        let besides = hub::further_keys(&rows, &alone);
        if !besides.is_subset(&keys) {
            keys.extend(besides);
            rows = table::load(connection, practice, &keys, Lock::No).await?;
        }
        let decided = hub::decide_batch(&rows, alone, numbers.clone(), rev);
        let mut savepoint = connection.begin().await?;
        let written = match table::write(&mut savepoint, practice, &rows, &decided.rows).await {
            Ok(()) => record::changes(&mut savepoint, practice, &decided.judged).await,
            Err(error) => Err(error),
        };
        match written {
            Ok(()) => {
                savepoint.commit().await?;
                all.extend(decided.judged);
                numbers = decided.numbers;
            }
            Err(DbError::Constraint { code, constraint }) => {
                savepoint.rollback().await?;
                let refusal =
                    Refusal::new(RefusalCode::Constraint).with("constraint", constraint.unwrap_or(code));
                for judged in decided.judged {
                    let judged = refused(&rows, opened, judged, refusal.clone());
                    let mut kept = Rows::default();
                    judged.facts.iter().cloned().for_each(|row| kept.put(row));
                    table::write(connection, practice, &rows, &kept).await?;
                    record::changes(connection, practice, std::slice::from_ref(&judged)).await?;
                    all.push(judged);
                }
            }
            Err(error) => return Err(error),
        }
        rev = decided.head;
    }
    Ok((all, numbers, rev))
}

/// The same command, not applied, and what keeps it for a person.
fn refused(rows: &Rows, opened: &Opened, judged: Judged, refusal: Refusal) -> Judged {
    let command = opened.content.as_ref().ok().map(|(_, command)| command);
    let item = hub::tray_id(&opened.sealed, TrayKind::Refused);
    let facts = tray::keep(
        rows,
        &opened.ctx,
        item,
        TrayKind::Refused,
        refusal.clone(),
        command,
    );
    let receipt = Receipt {
        status: ReceiptStatus::Rejected,
        refusal: Some(refusal),
        conflicts: 0,
        tray_id: Some(item),
        ..judged.receipt
    };
    Judged {
        receipt,
        facts,
        ..judged
    }
}

/// Locks the device's cursor, making it when it is missing, and gives the last number judged.
async fn lock_cursor(connection: &mut PgConnection, practice: PracticeId, device: DeviceId) -> Result<u64> {
    let last: i64 = sqlx::query_scalar(
        "INSERT INTO app.device_cursor (practice_id, device_id) VALUES ($1, $2)
         ON CONFLICT (practice_id, device_id) DO UPDATE SET last_seen_at = now() RETURNING last_seq",
    )
    .bind(practice.0)
    .bind(device.0)
    .fetch_one(connection)
    .await?;
    Ok(last.unsigned_abs())
}

async fn store_cursor(
    connection: &mut PgConnection,
    practice: PracticeId,
    device: DeviceId,
    last_seq: u64,
) -> Result<()> {
    sqlx::query("UPDATE app.device_cursor SET last_seq = $3 WHERE practice_id = $1 AND device_id = $2")
        .bind(practice.0)
        .bind(device.0)
        .bind(last_seq as i64)
        .execute(connection)
        .await?;
    Ok(())
}

/// Locks the number series when a command of the batch may take a number.
async fn lock_numbers(
    connection: &mut PgConnection,
    practice: PracticeId,
    batch: &[Opened],
) -> Result<BTreeMap<NumberKind, u64>> {
    let wanted: BTreeSet<NumberKind> = batch
        .iter()
        .filter_map(|opened| number_of(&opened.content.as_ref().ok()?.1))
        .collect();
    let mut numbers = BTreeMap::new();
    for kind in wanted {
        let next: i64 = sqlx::query_scalar(
            "INSERT INTO app.number_series AS s (practice_id, kind, next) VALUES ($1, $2, 1)
             ON CONFLICT (practice_id, kind) DO UPDATE SET next = s.next RETURNING next",
        )
        .bind(practice.0)
        .bind(kind.name())
        .fetch_one(&mut *connection)
        .await?;
        numbers.insert(kind, next.unsigned_abs());
    }
    Ok(numbers)
}

/// The series that a command may take a number of.
fn number_of(command: &Command) -> Option<NumberKind> {
    match command {
        Command::RegisterPatient(_) => Some(NumberKind::Mrn),
        Command::AcceptIntake(accept) if accept.new_patient => Some(NumberKind::Mrn),
        Command::ResolveTrayItem(resolve) => number_of(&resolve.inner()?),
        _ => None,
    }
}

async fn store_numbers(
    connection: &mut PgConnection,
    practice: PracticeId,
    numbers: &BTreeMap<NumberKind, u64>,
) -> Result<()> {
    for (kind, next) in numbers {
        sqlx::query("UPDATE app.number_series SET next = $3 WHERE practice_id = $1 AND kind = $2")
            .bind(practice.0)
            .bind(kind.name())
            .bind(*next as i64)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
