//! Snapshots: built once for a scope and shared by every server and device of it.

use crate::Db;
use crate::error::{DbError, Result};
use crate::membership::moved_since;
use crate::practice;
use crate::pull::Puller;
use crate::table;
use crate::tx::PracticeTx;
use domain::access::Role;
use domain::id::{CommandId, PracticeId};
use domain::row::{EDITION, Entity, Row};
use domain::scope::Scope;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use sync::snapshot::{CHUNK_BYTES, Chunk, Plan, comes_first, held};
use sync::visible;
use sync::wire::{Change, ChunkInfo, Manifest};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// A snapshot is offered for so long; who begins with it fetches the changes since.
const FRESH: &str = "15 minutes";
/// And kept for so long, for whoever is still fetching it.
const KEPT: &str = "1 day";

/// Batches of rows that are read before they are cut.
const AHEAD: usize = 4;

/// The compartments that a role opens, as part of a snapshot's name.
fn compartments(role: Option<Role>) -> String {
    let held = role.map_or(&[][..], Role::compartments);
    held.iter().map(|one| one.name()).collect::<Vec<_>>().join(",")
}

/// Every row of the kinds that someone may hold, and where patients belong.
pub(crate) async fn rows_of(tx: &mut PracticeTx, who: &Puller<'_>) -> Result<Vec<Row>> {
    let practice = tx.practice();
    let mut rows = Vec::new();
    for entity in kinds_for(who) {
        let all = table::all(tx.connection(), practice, entity).await?;
        rows.extend(all.into_iter().filter(|row| who.reads(row)));
    }
    Ok(rows)
}

/// The kinds of rows that an answer to someone is made of.
fn kinds_for(who: &Puller<'_>) -> impl Iterator<Item = Entity> {
    let all = Entity::ALL.iter().copied();
    all.filter(|entity| who.holds(*entity) || *entity == Entity::Membership)
}

/// All that is in scope as if it had just changed, for a build that reads no snapshots.
pub(crate) fn as_changes(rows: Vec<Row>, who: &Puller<'_>, rev: u64) -> Vec<Change> {
    let kept = held(&rows, who.scope, |entity| who.holds(entity));
    (0u32..)
        .zip(kept)
        .map(|(ord, row)| Change {
            rev,
            ord,
            command_id: CommandId(Uuid::nil()),
            row: row.clone(),
        })
        .collect()
}

impl Db {
    /// A snapshot for someone that is not older than a revision: one that is there, or a new one. However many ask at
    /// once, on however many servers, one of them builds it.
    pub(crate) async fn offer_snapshot(
        &self,
        practice: PracticeId,
        who: &Puller<'_>,
        at_least: u64,
    ) -> Result<Manifest> {
        if let Some(manifest) = self.known_snapshot(practice, who, at_least).await? {
            return Ok(manifest);
        }
        // One builder in this process, so that those who wait hold no connection; and one among all servers.
        let _turn = self.building.lock().await;
        let mut lock = self.in_practice(practice).await?;
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 5))")
            .bind(["snapshot", &practice.0.to_string(), &who.scope.key()].concat())
            .execute(lock.connection())
            .await?;
        let manifest = match self.known_snapshot(practice, who, at_least).await? {
            Some(manifest) => manifest,
            None => self.build_snapshot(practice, who).await?,
        };
        lock.commit().await?;
        Ok(manifest)
    }

    async fn known_snapshot(
        &self,
        practice: PracticeId,
        who: &Puller<'_>,
        at_least: u64,
    ) -> Result<Option<Manifest>> {
        let mut tx = self.at_one_moment(practice).await?;
        let head = practice::head(tx.connection(), practice).await?;
        let found: Option<serde_json::Value> = sqlx::query_scalar(
            "SELECT manifest FROM app.snapshot
             WHERE practice_id = $1 AND epoch = $2 AND scope = $3 AND compartments = $4 AND rev >= $5
                AND created_at > now() - $6::text::interval
             ORDER BY rev DESC LIMIT 1",
        )
        .bind(practice.0)
        .bind(head.epoch)
        .bind(who.scope_key())
        .bind(compartments(who.actor.role))
        .bind(at_least as i64)
        .bind(FRESH)
        .fetch_optional(tx.connection())
        .await?;
        let found: Option<Manifest> = found.and_then(|manifest| serde_json::from_value(manifest).ok());
        match found {
            Some(manifest) if nobody_moved(&mut tx, who, manifest.rev).await? => Ok(Some(manifest)),
            _ => Ok(None),
        }
    }

    async fn build_snapshot(&self, practice: PracticeId, who: &Puller<'_>) -> Result<Manifest> {
        let mut tx = self.at_one_moment(practice).await?;
        let head = practice::head(tx.connection(), practice).await?;
        let (first, rest): (Vec<Entity>, Vec<Entity>) = kinds_for(who).partition(|kind| comes_first(*kind));
        let mut rows = Vec::new();
        for entity in first {
            let all = table::all(tx.connection(), practice, entity).await?;
            rows.extend(all.into_iter().filter(|row| who.reads(row)));
        }
        // What is left is cut and packed while the database reads it.
        let (send, receive) = mpsc::channel(AHEAD);
        let (scope, held) = (who.scope.clone(), who.held());
        let packing = tokio::task::spawn_blocking(move || pack_all(rows, receive, scope, &held));
        for entity in rest {
            // Nobody takes them only when packing broke off, which is told below.
            table::send_all(tx.connection(), practice, entity, |row| who.reads(row), &send).await?;
        }
        drop(send);
        tx.commit().await?;
        let unpacked = DbError::Unfit("a snapshot cannot be packed");
        let parts = packing.await.map_err(|_| unpacked.clone())?;
        let (mut chunks, mut bodies) = (Vec::new(), Vec::new());
        for (info, body) in parts {
            chunks.push(info);
            bodies.push(body.await.ok().flatten().ok_or(unpacked.clone())?);
        }
        let mut tx = self.in_practice(practice).await?;
        let id: Uuid = sqlx::query_scalar("SELECT gen_random_uuid()")
            .fetch_one(tx.connection())
            .await?;
        let manifest = Manifest {
            id,
            epoch: head.epoch,
            rev: head.rev,
            scope: who.scope_key(),
            chunks,
        };
        let json =
            serde_json::to_value(&manifest).map_err(|_| DbError::Unfit("a manifest cannot be written"))?;
        sqlx::query(
            "INSERT INTO app.snapshot (practice_id, id, epoch, rev, scope, compartments, manifest)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(practice.0)
        .bind(id)
        .bind(head.epoch)
        .bind(head.rev as i64)
        .bind(&manifest.scope)
        .bind(compartments(who.actor.role))
        .bind(json)
        .execute(tx.connection())
        .await?;
        for (index, body) in (0i32..).zip(bodies) {
            sqlx::query(
                "INSERT INTO app.snapshot_chunk (practice_id, snapshot_id, index, body) VALUES ($1, $2, $3, $4)",
            )
            .bind(practice.0)
            .bind(id)
            .bind(index)
            .bind(body)
            .execute(tx.connection())
            .await?;
        }
        sqlx::query(
            "DELETE FROM app.snapshot WHERE practice_id = $1 AND created_at < now() - $2::text::interval",
        )
        .bind(practice.0)
        .bind(KEPT)
        .execute(tx.connection())
        .await?;
        tx.commit().await?;
        Ok(manifest)
    }

    /// One part of a snapshot, gzipped; only to someone whose role and scope it was made for. Of which edition it is was
    /// said when it was offered.
    pub async fn snapshot_chunk(
        &self,
        practice: PracticeId,
        who: &Puller<'_>,
        snapshot: Uuid,
        index: u32,
    ) -> Result<Option<Vec<u8>>> {
        let Ok(index) = i32::try_from(index) else {
            return Ok(None);
        };
        let mut tx = self.at_one_moment(practice).await?;
        let found: Option<(i64, Vec<u8>)> = sqlx::query_as(
            "SELECT s.rev, c.body FROM app.snapshot_chunk c
             JOIN app.snapshot s ON s.practice_id = c.practice_id AND s.id = c.snapshot_id
             WHERE c.practice_id = $1 AND c.snapshot_id = $2 AND c.index = $3 AND s.scope = ANY($4)
                AND s.compartments = $5",
        )
        .bind(practice.0)
        .bind(snapshot)
        .bind(index)
        .bind(
            (1..=EDITION)
                .map(|edition| who.scope.key_in(edition))
                .collect::<Vec<_>>(),
        )
        .bind(compartments(who.actor.role))
        .fetch_optional(tx.connection())
        .await?;
        match found {
            Some((rev, body)) if nobody_moved(&mut tx, who, rev.unsigned_abs()).await? => Ok(Some(body)),
            _ => Ok(None),
        }
    }
}

/// Whether a snapshot of a revision still holds nobody who has left its scope since: what left is not sent again.
async fn nobody_moved(tx: &mut PracticeTx, who: &Puller<'_>, since: u64) -> Result<bool> {
    let moved = moved_since(tx, since).await?;
    Ok(visible::moves(who.scope, &moved).is_empty())
}

/// A part, and its body once it is packed.
type Packing = (ChunkInfo, JoinHandle<Option<Vec<u8>>>);

/// Cuts rows as they come, and has each part packed by whoever is free.
fn pack_all(
    first: Vec<Row>,
    mut rest: mpsc::Receiver<Vec<Row>>,
    scope: Scope,
    held: &[Entity],
) -> Vec<Packing> {
    let pack = |chunk: Chunk| {
        let info = chunk.info.clone();
        (info, tokio::task::spawn_blocking(move || pack(&chunk)))
    };
    let holds = |entity: Entity| held.contains(&entity);
    let (mut plan, chunks) = Plan::begin(first, scope, holds, CHUNK_BYTES);
    let mut parts: Vec<Packing> = chunks.into_iter().map(pack).collect();
    while let Some(rows) = rest.blocking_recv() {
        parts.extend(rows.iter().filter_map(|row| plan.add(row)).map(pack));
    }
    parts.extend(plan.end().map(pack));
    parts
}

fn pack(chunk: &Chunk) -> Option<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::with_capacity(chunk.body.len() / 6), Compression::new(4));
    gzip.write_all(&chunk.body).ok()?;
    gzip.finish().ok()
}
