//! Many devices at once: after a day without a network, and when one of them edits while the others listen.

use crate::clinic;
use crate::figures::Figures;
use crate::push::{keys, send};
use crate::stand::{Stand, at, id, practice};
use crate::{Outcome, Size};
use db::{Actor, Puller};
use domain::access::Role;
use domain::id::DeviceId;
use domain::scope::Scope;
use futures::future::{join_all, try_join_all};
use std::time::Instant;
use sync::wire::{Cursor, MAX_PULL, PROTO, PullRequest, SCHEMA};

/// Commands that a clinic gives in eight hours.
const EIGHT_HOURS: u64 = 2000;
/// Commands that each device brings back.
const FEW: u128 = 5;
/// Devices that listen.
const LISTENERS: u128 = 100;
/// Edits that they are told of.
const EDITS: u128 = 10;
/// How often a device that gets no answer asks again.
const TRIES: u32 = 20;

/// Pulls everything after a cursor, as answers on the wire, and gives the new cursor.
async fn pull_all(stand: &Stand, device: DeviceId, mut cursor: Cursor) -> Outcome<Cursor> {
    let scope = Scope::everything();
    let actor = Actor::in_role(Role::FrontDesk, None, "Maria Lindqvist", device);
    let who = Puller {
        actor: &actor,
        device,
        scope: &scope,
        edition: domain::row::EDITION,
    };
    loop {
        let request = PullRequest {
            member: None,
            proto: PROTO,
            schema: SCHEMA,
            practice: practice(),
            device,
            cursor: Some(cursor),
            max_changes: MAX_PULL,
            snapshots: true,
            unsent: None,
            edition: domain::row::EDITION,
        };
        let now = at("2026-03-10T15:00:00Z");
        let answer = stand.db.pull(practice(), &who, &request, now).await?;
        let body = serde_json::to_vec(&answer)?;
        cursor = Cursor {
            epoch: answer.epoch,
            rev: answer.to,
            scope: answer.scope,
        };
        drop(body);
        if !answer.more {
            return Ok(cursor);
        }
    }
}

/// Where a device is that saw everything but the last so many revisions.
async fn behind(stand: &Stand, revisions: u64) -> Outcome<Cursor> {
    let head = stand.db.head(practice()).await?;
    Ok(Cursor {
        epoch: head.epoch,
        rev: head.rev.saturating_sub(revisions),
        scope: Scope::everything().key_in(domain::row::EDITION),
    })
}

/// All devices come back at the same moment: each sends what it has and pulls until it has everything.
pub async fn reconnect(stand: &Stand, size: &Size, round: usize, figures: &mut Figures) -> Outcome<()> {
    let (opener, public) = keys();
    let first = 3_000_000_000 + round as u128 * 1_000_000;
    let mut devices = Vec::new();
    for n in 0..size.devices as u128 {
        let device = DeviceId(id(80_000 + round as u128 * 1000 + n));
        let entries = clinic::few_entries(first + n * FEW, FEW);
        devices.push(clinic::outbox(stand, &public, device, entries).await?);
    }
    let cursor = behind(stand, EIGHT_HOURS).await?;
    let begun = Instant::now();
    let all = devices.iter().map(|outbox| {
        let (opener, cursor) = (&opener, cursor.clone());
        async move {
            let mut failures = 0;
            for body in &outbox.pushes {
                while let Err(error) = send(stand, opener, body).await {
                    failures += 1;
                    if failures >= TRIES {
                        return Err(error);
                    }
                }
            }
            let pushed = begun.elapsed();
            let mut there = pull_all(stand, outbox.device, cursor.clone()).await;
            while there.is_err() && failures < TRIES {
                failures += 1;
                there = pull_all(stand, outbox.device, cursor.clone()).await;
            }
            there.map(|_| (pushed, failures))
        }
    });
    let ends = try_join_all(all).await?;
    figures.took("drained", begun.elapsed());
    for (pushed, failures) in ends {
        figures.took("reconnect_push", pushed);
        figures.add("reconnect_failures", f64::from(failures));
    }
    Ok(())
}

/// One device edits; all others ask at once, as they do when they are poked.
pub async fn listeners(stand: &Stand, round: usize, figures: &mut Figures) -> Outcome<()> {
    let (opener, public) = keys();
    let device = DeviceId(id(90_000 + round as u128));
    let first = 4_000_000_000 + round as u128 * 1000;
    for edit in 0..EDITS {
        // Each edit from a device of its own, so that each is its first.
        let device = DeviceId(uuid::Uuid::new_v5(&device.0, &edit.to_be_bytes()));
        let outbox = clinic::outbox(stand, &public, device, clinic::few_entries(first + edit, 1)).await?;
        let cursor = behind(stand, 0).await?;
        let begun = Instant::now();
        for body in &outbox.pushes {
            send(stand, &opener, body).await?;
        }
        figures.took("one_push", begun.elapsed());
        let heard = join_all((0..LISTENERS).map(|n| {
            let cursor = cursor.clone();
            async move {
                let before = cursor.rev;
                let now = pull_all(stand, DeviceId(id(95_000 + n)), cursor).await?;
                Outcome::Ok((now.rev > before, begun.elapsed()))
            }
        }))
        .await;
        for one in heard {
            let (seen, time) = one?;
            if !seen {
                return Err("a listener does not see the edit".into());
            }
            figures.took("visible", time);
        }
    }
    Ok(())
}
