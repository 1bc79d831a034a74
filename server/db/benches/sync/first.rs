//! The first sync of everything: the snapshot is built once, then every device fetches its parts and reads them.

use crate::Outcome;
use crate::figures::Figures;
use crate::stand::{Stand, ask, id, practice};
use db::{Actor, Puller};
use domain::access::Role;
use domain::id::DeviceId;
use domain::row::{Entity, Row};
use domain::scope::Scope;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use futures::TryStreamExt;
use sqlx::Executor;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Whoever may hold every row.
const READER: Role = Role::Practitioner;

/// Builds the snapshot anew, fetches it, reads it, and gives its rows, one a line.
pub async fn ours(stand: &Stand, figures: &mut Figures) -> Outcome<Vec<String>> {
    let mut admin = stand.superuser().await;
    admin.execute("DELETE FROM app.snapshot").await?;
    let scope = Scope::everything();
    let begun = Instant::now();
    let answer = stand.pull_in(READER, &scope, &ask(None, 2000, true)).await;
    figures.took("snapshot_build", begun.elapsed());
    let manifest = answer.snapshot.ok_or("no snapshot was offered")?;

    let device = DeviceId(id(900));
    let actor = Actor::in_role(READER, None, "Reader", device);
    let who = Puller {
        actor: &actor,
        device,
        scope: &scope,
        edition: domain::row::EDITION,
    };
    let (mut fetch, mut read) = (Duration::ZERO, Duration::ZERO);
    let mut rows: BTreeMap<(Entity, Uuid), Row> = BTreeMap::new();
    let (mut lines, mut bytes) = (Vec::new(), 0);
    for (index, info) in (0u32..).zip(&manifest.chunks) {
        let begun = Instant::now();
        let body = stand
            .db
            .snapshot_chunk(practice(), &who, manifest.id, index)
            .await?
            .ok_or("a part of the snapshot is missing")?;
        fetch += begun.elapsed();
        bytes += body.len();
        let begun = Instant::now();
        let mut text = String::with_capacity(info.bytes as usize);
        GzDecoder::new(body.as_slice()).read_to_string(&mut text)?;
        if sync::sha256_hex(text.as_bytes()) != info.sha256 {
            return Err("a part of the snapshot is not what the manifest says".into());
        }
        for line in text.lines() {
            let row: Row = domain::json::read(line.as_bytes())?;
            rows.insert((row.entity(), row.id()), row);
        }
        read += begun.elapsed();
        lines.extend(text.lines().map(str::to_owned));
    }
    figures.took("snapshot_fetch", fetch);
    figures.took("snapshot_read", read);
    figures.add("first_rows", rows.len() as f64);
    figures.add("first_bytes", bytes as f64 / rows.len().max(1) as f64);
    figures.add("first_rate", rows.len() as f64 / (fetch + read).as_secs_f64());
    Ok(lines)
}

/// The same rows by COPY, gzipped as we gzip.
pub async fn copy_out(stand: &Stand, figures: &mut Figures) -> Outcome<()> {
    let mut admin = stand.superuser().await;
    let begun = Instant::now();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::new(4));
    for entity in Entity::ALL.iter().filter(|entity| READER.may_hold(**entity)) {
        let sql = format!("COPY app.{} TO STDOUT", entity.name());
        let mut stream = admin.copy_out_raw(&sql).await?;
        while let Some(part) = stream.try_next().await? {
            gzip.write_all(&part)?;
        }
    }
    let packed = gzip.finish()?;
    figures.took("copy_out", begun.elapsed());
    figures.add("copy_out_bytes", packed.len() as f64);
    Ok(())
}
