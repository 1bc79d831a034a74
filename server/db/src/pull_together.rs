//! Devices that ask at the same moment for what changed: one transaction reads it, another notes who was sent it. Those
//! who may hold the same and are at the same revision are sent the same, read once.

use crate::Db;
use crate::audit::{Actor, AuditEvent};
use crate::error::Result;
use crate::practice;
use crate::pull::{Puller, audit_of, nothing_new};
use crate::together::Together;
use crate::tx::PracticeTx;
use chrono::{DateTime, Utc};
use domain::id::{DeviceId, PracticeId};
use domain::scope::Scope;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use sync::visible::{self, Stand};
use sync::wire::{Cursor, PullRequest, PullResponse};
use uuid::Uuid;

/// Who is further behind than so many revisions is served by themselves, so that nobody waits for them.
const FAR: u64 = 4000;
/// Different answers that one batch makes; whoever is left over is served by themselves.
const DIFFERENT: usize = 16;

/// Somebody who asks.
#[derive(Clone)]
pub(crate) struct Ask {
    actor: Actor,
    device: DeviceId,
    scope: Scope,
    edition: u32,
    cursor: Cursor,
    max: u32,
    unsent: Option<u32>,
    now: DateTime<Utc>,
}

impl Ask {
    fn puller(&self) -> Puller<'_> {
        Puller {
            actor: &self.actor,
            device: self.device,
            scope: &self.scope,
            edition: self.edition,
        }
    }

    /// Whether both are sent the same: all that an answer is made of.
    fn is_sent_the_same(&self, other: &Ask) -> bool {
        self.actor.role == other.actor.role
            && self.scope == other.scope
            && self.edition == other.edition
            && self.cursor == other.cursor
            && self.max == other.max
    }
}

/// Nothing for whoever has to be served by themselves.
type Answer = Result<Option<PullResponse>>;

/// Those who wait, by practice.
#[derive(Default)]
pub(crate) struct Lines(Mutex<HashMap<PracticeId, Arc<Together<Ask, Answer>>>>);

impl Lines {
    fn of(&self, practice: PracticeId) -> Arc<Together<Ask, Answer>> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.entry(practice).or_default().clone()
    }
}

impl Db {
    /// The answer to somebody who goes on from a cursor, beside others who ask; nothing for who begins.
    pub(crate) async fn pull_beside(
        &self,
        practice: PracticeId,
        who: &Puller<'_>,
        cursor: &Cursor,
        request: &PullRequest,
        now: DateTime<Utc>,
    ) -> Answer {
        let ask = Ask {
            actor: who.actor.clone(),
            device: who.device,
            scope: who.scope.clone(),
            edition: who.edition,
            cursor: cursor.clone(),
            max: request.max_changes,
            unsent: request.unsent,
            now,
        };
        let line = self.pulls.of(practice);
        line.ask(ask, |asks| async move {
            match self.pull_together(practice, &asks).await {
                Ok(answers) => answers.into_iter().map(Ok).collect(),
                // What one of them met is not for the others: each by themselves, and told of their own.
                Err(_) => asks.iter().map(|_| Ok(None)).collect(),
            }
        })
        .await
    }

    async fn pull_together(&self, practice: PracticeId, asks: &[Ask]) -> Result<Vec<Option<PullResponse>>> {
        let mut tx = self.at_one_moment(practice).await?;
        let head = practice::head(tx.connection(), practice).await?;
        let devices: Vec<DeviceId> = asks.iter().map(|ask| ask.device).collect();
        let known = last_seqs(&mut tx, &devices).await?;
        let mut made: Vec<(&Ask, PullResponse)> = Vec::new();
        let mut answers = Vec::with_capacity(asks.len());
        for ask in asks {
            let who = ask.puller();
            let scope = who.scope_key();
            let stand = visible::stand(Some(&ask.cursor), head.epoch, &scope, head.horizon);
            let from = match stand {
                Stand::After(from) if from <= head.rev && head.rev - from <= FAR => from,
                _ => {
                    answers.push(None);
                    continue;
                }
            };
            let like = made.iter().find(|(other, _)| other.is_sent_the_same(ask));
            let response = match like {
                Some((_, response)) => response.clone(),
                None if made.len() >= DIFFERENT => {
                    answers.push(None);
                    continue;
                }
                None => {
                    let mut response = nothing_new(&head, &scope, 0, ask.now);
                    response.from = from;
                    self.after(&mut tx, &who, from, ask.max, &mut response).await?;
                    made.push((ask, response.clone()));
                    response
                }
            };
            answers.push(Some(PullResponse {
                last_seq: known.get(&ask.device).copied().unwrap_or(0),
                server_time: ask.now,
                ..response
            }));
        }
        tx.commit().await?;
        self.note_together(practice, asks, &answers, &known).await?;
        Ok(answers)
    }

    /// In the audit, a line for each; and how far each device is.
    async fn note_together(
        &self,
        practice: PracticeId,
        asks: &[Ask],
        answers: &[Option<PullResponse>],
        known: &BTreeMap<DeviceId, u64>,
    ) -> Result<()> {
        let mut lines: Vec<AuditEvent> = Vec::new();
        let mut told: BTreeMap<DeviceId, (u64, &Ask)> = BTreeMap::new();
        for (ask, answer) in asks.iter().zip(answers) {
            let Some(answer) = answer else { continue };
            lines.extend(audit_of(&ask.actor, answer));
            if known.contains_key(&ask.device) {
                told.insert(ask.device, (answer.from, ask));
            }
        }
        let mut tx = self.in_practice(practice).await?;
        tx.audit(&lines).await?;
        let noted = note_cursors(&mut tx, &told, "FOR UPDATE SKIP LOCKED").await?;
        tx.commit().await?;
        // A device that is sending just now: it waits for that, and nobody waits for it.
        told.retain(|device, _| !noted.contains(&device.0));
        for (device, one) in told {
            let mut tx = self.in_practice(practice).await?;
            note_cursors(&mut tx, &BTreeMap::from([(device, one)]), "FOR UPDATE").await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Notes how far devices are; which it noted.
async fn note_cursors(
    tx: &mut PracticeTx,
    told: &BTreeMap<DeviceId, (u64, &Ask)>,
    lock: &'static str,
) -> Result<Vec<Uuid>> {
    if told.is_empty() {
        return Ok(Vec::new());
    }
    let practice = tx.practice();
    let unsent = |ask: &Ask| ask.unsent.map(|count| i32::try_from(count).unwrap_or(i32::MAX));
    let statement = format!(
        "WITH told AS (
            SELECT * FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::int[]) AS t(device, rev, scope, unsent)),
         free AS (
            SELECT device_id FROM app.device_cursor
            WHERE practice_id = $1 AND device_id = ANY($2) ORDER BY device_id {lock})
         UPDATE app.device_cursor c SET pulled_rev = t.rev, pulled_at = now(), last_seen_at = now(), scope = t.scope,
            unsent = coalesce(t.unsent, c.unsent)
         FROM told t JOIN free f ON f.device_id = t.device
         WHERE c.practice_id = $1 AND c.device_id = t.device
         RETURNING c.device_id"
    );
    Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(statement))
        .bind(practice.0)
        .bind(told.keys().map(|device| device.0).collect::<Vec<_>>())
        .bind(told.values().map(|(rev, _)| *rev as i64).collect::<Vec<_>>())
        .bind(told.values().map(|(_, ask)| ask.scope.key()).collect::<Vec<_>>())
        .bind(told.values().map(|(_, ask)| unsent(ask)).collect::<Vec<_>>())
        .fetch_all(tx.connection())
        .await?)
}

/// The last number that each device sent, of those that are known.
async fn last_seqs(tx: &mut PracticeTx, devices: &[DeviceId]) -> Result<BTreeMap<DeviceId, u64>> {
    let practice = tx.practice();
    let found: Vec<(Uuid, i64)> = sqlx::query_as(
        "SELECT device_id, last_seq FROM app.device_cursor WHERE practice_id = $1 AND device_id = ANY($2)",
    )
    .bind(practice.0)
    .bind(devices.iter().map(|device| device.0).collect::<Vec<_>>())
    .fetch_all(tx.connection())
    .await?;
    let found = found.into_iter();
    Ok(found
        .map(|(device, last)| (DeviceId(device), last.unsigned_abs()))
        .collect())
}
