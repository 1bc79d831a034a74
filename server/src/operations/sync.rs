//! What an administrator asks about syncing: who is how far, and whether the engine holds.

use crate::config::Config;
use crate::error::{Result, ServerError};
use crate::operations::users::the_practice;
use crate::postgres;
use crate::services::nightly::{self, KEEP_CHANGES_DAYS};
use crate::services::push::{self, Sender};
use crate::terminal::say;
use crate::{http, services};
use chrono::{Duration, Utc};
use clap::Args;
use db::Actor;
use domain::practice::DeviceKind;
use std::path::Path;
use std::process::ExitCode;
use sync::rescue::parse_rescue;
use sync::sim;
use sync::wire::{MAX_PUSH, PROTO, PushRequest, ReceiptStatus, SCHEMA};

/// How much is simulated.
#[derive(Args)]
pub struct Simulate {
    /// How many seeds
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// The first of them
    #[arg(long, default_value_t = 0)]
    start: u64,
    /// Steps of each
    #[arg(long, default_value_t = sim::STEPS)]
    steps: usize,
    /// How many run beside each other
    #[arg(long, default_value_t = 2)]
    threads: u64,
}

/// Runs the engine in a practice in memory where everything goes wrong, and counts what it did wrong.
pub fn simulate(args: &Simulate) -> Result<ExitCode> {
    let threads = args.threads.clamp(1, 64).min(args.seeds.max(1));
    let each = args.seeds.div_ceil(threads);
    // Findings are panics inside; they are told below, with their seeds.
    std::panic::set_hook(Box::new(|_| {}));
    let runs: Vec<_> = (0..threads)
        .map(|part| {
            let start = args.start + part * each;
            let count = each.min((args.start + args.seeds).saturating_sub(start));
            let steps = args.steps;
            std::thread::spawn(move || sim::run(count, start, steps))
        })
        .collect();
    let mut summary = sim::Summary::default();
    for run in runs {
        let part = run
            .join()
            .map_err(|_| ServerError::Other("a part of the simulation broke".to_owned()))?;
        summary.add(part);
    }
    for failure in &summary.failures {
        say(&format!(
            "seed {}: {}\n  replay: anteroom simulate --seeds 1 --start {} --steps {}",
            failure.seed, failure.said, failure.seed, args.steps
        ));
    }
    say(&summary.to_string());
    Ok(if summary.failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// One line for each device: how far it is, what waits on it, when it was last here.
pub async fn status(config: &Config) -> Result<()> {
    let database = postgres::ready(config).await?;
    database.migrate().await?;
    let db = database.connect().await?;
    for (practice, name) in db.practices().await? {
        let head = db.head(practice).await?;
        say(&format!(
            "{name}: revision {}, log from {}, safe in a backup up to {}",
            head.rev, head.horizon, head.durable_rev
        ));
        say(&format!(
            "  {:<22} {:<6} {:>8} {:>8} {:>7}  {:<12} {:<18} build",
            "device", "kind", "received", "behind", "unsent", "last seen", "scope"
        ));
        for status in db.devices(practice).await? {
            let kind = match status.device.kind {
                DeviceKind::Kiosk => "kiosk",
                DeviceKind::Staff => "staff",
            };
            let number = |value: Option<u64>| value.map_or_else(|| "-".to_owned(), |n| n.to_string());
            let seen = status
                .last_seen_at
                .map_or_else(|| "never".to_owned(), |at| ago(Utc::now() - at));
            say(&format!(
                "  {:<22} {:<6} {:>8} {:>8} {:>7}  {:<12} {:<18} {}{}",
                status.device.label,
                kind,
                status.last_seq,
                number(status.pulled_rev.map(|rev| head.rev.saturating_sub(rev))),
                number(status.unsent.map(u64::from)),
                seen,
                status.scope.as_deref().unwrap_or("-"),
                status.build.as_deref().unwrap_or("-"),
                if status.device.revoked_at.is_some() {
                    "  shut out"
                } else {
                    ""
                },
            ));
        }
    }
    Ok(())
}

fn ago(since: Duration) -> String {
    match since.num_minutes().max(0) {
        0 => "just now".to_owned(),
        minutes @ 1..=59 => format!("{minutes} min ago"),
        minutes @ 60..=1439 => format!("{} h ago", minutes / 60),
        minutes => format!("{} d ago", minutes / 1440),
    }
}

/// Forgets changes that every device has.
pub async fn compact(config: &Config) -> Result<()> {
    let database = postgres::ready(config).await?;
    database.migrate().await?;
    for done in db::compact(
        &database.admin_url,
        Utc::now() - Duration::days(KEEP_CHANGES_DAYS),
    )
    .await?
    {
        say(&format!(
            "{}: {} changes forgotten; the log begins after revision {}",
            done.practice, done.changes, done.horizon
        ));
    }
    Ok(())
}

/// Moves the date window, as every night.
pub async fn window(config: &Config, days: i64) -> Result<()> {
    let database = postgres::ready(config).await?;
    database.migrate().await?;
    let state = http::State::new(config, database.connect().await?, false)?;
    let count = nightly::move_window(&state, Utc::now() - Duration::days(days), usize::MAX).await?;
    say(&format!(
        "{count} patients set aside: nobody had to do with them for {days} days. Devices hold only the index of them."
    ));
    Ok(())
}

/// Takes in what a stranded device had to send. Again is no mistake.
pub async fn import_outbox(config: &Config, file: &Path) -> Result<ExitCode> {
    let bytes = std::fs::read(file).map_err(ServerError::file(file))?;
    let rescue = parse_rescue(&bytes).map_err(|error| ServerError::Refused(error.to_string()))?;
    let database = postgres::ready(config).await?;
    database.migrate().await?;
    let db = database.connect().await?;
    let practice = the_practice(&db, Some(rescue.practice)).await?;
    let state = http::State::new(config, db, false)?;
    let device = state.device(practice, rescue.device).await?.ok_or_else(|| {
        ServerError::Refused("this practice does not know the device that made the file".to_owned())
    })?;
    let sender = Sender {
        practice,
        device: device.id,
        kind: device.kind,
        actor: Actor::device(&device.label, device.id),
        site: device.site_id,
        revoked: device.revoked_at.is_some(),
    };
    let (mut applied, mut known, mut waiting, mut asked) = (0, 0, 0, 0);
    for commands in rescue.commands.chunks(MAX_PUSH) {
        let request = PushRequest {
            proto: PROTO,
            schema: SCHEMA,
            practice,
            device: device.id,
            epoch: None,
            commands: commands.to_vec(),
        };
        let outcome = push::accept(&state, &sender, request).await?;
        for receipt in &outcome.results {
            match receipt.status {
                _ if receipt.duplicate => known += 1,
                ReceiptStatus::Applied | ReceiptStatus::Conflict => applied += 1,
                ReceiptStatus::Rejected | ReceiptStatus::Parked => waiting += 1,
            }
        }
        if outcome.results.len() < commands.len() {
            asked = outcome.last_seq + 1;
            break;
        }
    }
    let mut photos = 0;
    for photo in &rescue.photos {
        match services::photos::take_in(&state, &sender, &photo.hash, &photo.sealed.0).await {
            Ok(_) => photos += 1,
            Err(error) => say(&format!("a photo was not taken in: {error}")),
        }
    }
    say(&format!(
        "{}: {applied} entries applied, {known} were here already, {waiting} wait in the tray for a person, \
         {photos} of {} photos taken in, {} lines could not be read",
        device.label,
        rescue.photos.len(),
        rescue.unreadable
    ));
    if asked > 0 {
        say(&format!(
            "Stopped: the server misses this device's entry {asked}, which is not in the file. Import an earlier file first."
        ));
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}
