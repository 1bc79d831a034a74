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
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeSet;
use std::io::Write;
use sync::snapshot::{CHUNK_BYTES, Chunk, held, plan};
use sync::visible;
use sync::wire::{Change, Manifest};
use uuid::Uuid;

/// A snapshot is offered for so long; who begins with it fetches the changes since.
const FRESH: &str = "15 minutes";
/// And kept for so long, for whoever is still fetching it.
const KEPT: &str = "1 day";

/// The compartments that a role opens, as part of a snapshot's name.
fn compartments(role: Option<Role>) -> String {
    let held = role.map_or(&[][..], Role::compartments);
    held.iter().map(|one| one.name()).collect::<Vec<_>>().join(",")
}

/// Every row of the kinds that someone may hold, and where patients belong.
pub(crate) async fn rows_of(tx: &mut PracticeTx, who: &Puller<'_>) -> Result<Vec<Row>> {
    let practice = tx.practice();
    let mut rows = Vec::new();
    for entity in Entity::ALL.iter().copied() {
        if who.holds(entity) || entity == Entity::Membership {
            let all = table::all(tx.connection(), practice, entity).await?;
            rows.extend(all.into_iter().filter(|row| who.reads(row)));
        }
    }
    Ok(rows)
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
        let rows = rows_of(&mut tx, who).await?;
        tx.commit().await?;
        let scope = who.scope.clone();
        let held: BTreeSet<Entity> = Entity::ALL
            .iter()
            .copied()
            .filter(|one| who.holds(*one))
            .collect();
        let holds = move |entity: Entity| held.contains(&entity);
        let packed = tokio::task::spawn_blocking(move || {
            let chunks = plan(&rows, &scope, holds, CHUNK_BYTES);
            pack_all(&chunks).map(|bodies| (chunks, bodies))
        });
        let (chunks, bodies) = packed
            .await
            .ok()
            .flatten()
            .ok_or(DbError::Unfit("a snapshot cannot be packed"))?;
        let mut tx = self.in_practice(practice).await?;
        let id: Uuid = sqlx::query_scalar("SELECT gen_random_uuid()")
            .fetch_one(tx.connection())
            .await?;
        let manifest = Manifest {
            id,
            epoch: head.epoch,
            rev: head.rev,
            scope: who.scope_key(),
            chunks: chunks.into_iter().map(|chunk| chunk.info).collect(),
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

/// Packs on every processor there is.
fn pack_all(chunks: &[Chunk]) -> Option<Vec<Vec<u8>>> {
    let hands = std::thread::available_parallelism().map_or(1, |hands| hands.get());
    let each = chunks.len().div_ceil(hands).max(1);
    std::thread::scope(|scope| {
        let parts: Vec<_> = chunks
            .chunks(each)
            .map(|part| scope.spawn(|| part.iter().map(pack).collect::<Option<Vec<_>>>()))
            .collect();
        let bodies = parts.into_iter().map(|part| part.join().ok().flatten());
        Some(bodies.collect::<Option<Vec<_>>>()?.concat())
    })
}

fn pack(chunk: &Chunk) -> Option<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::with_capacity(chunk.body.len() / 6), Compression::new(4));
    gzip.write_all(&chunk.body).ok()?;
    gzip.finish().ok()
}
