//! Patients from another system: FHIR R4 files in, commands out.
//!
//! [`files`] reads chunk by chunk on a thread of its own; [`plan`] and [`take`] make commands of each chunk, beside the rows that
//! are there already; [`run`](fhir) commits them. [`mapping`] says what of a resource becomes what of a row, [`ids`]
//! keeps the same file from making anything twice, and [`report`] counts.

mod about;
mod agreed;
#[cfg(test)]
mod agreed_tests;
mod files;
mod ids;
mod kinds;
pub mod mapping;
mod places;
mod plan;
mod report;
mod take;
#[cfg(test)]
mod tests;

use crate::config::Config;
use crate::error::{Result, ServerError};
use crate::keys::OsRandomness;
use crate::operations::users::the_practice;
use crate::{postgres, terminal};
use chrono::Utc;
use clap::Args;
use db::{Db, ServiceCommand};
use domain::id::PracticeId;
use domain::row::Entity;
use files::Chunk;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use places::Places;
use plan::{Planned, Planner};
use report::Report;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Who the import is, in the audit.
const ACTOR: &str = "fhir-import";
/// Chunks that may wait: reading goes on while a chunk is committed.
const WAITING: usize = 3;

/// What to take in, and how.
#[derive(Args)]
pub struct FhirArgs {
    /// Files or folders: .json bundles and .ndjson, each also .gz
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Check everything, keep nothing
    #[arg(long)]
    dry_run: bool,
    /// The practice, when the database holds several
    #[arg(long)]
    practice: Option<PracticeId>,
    /// A name for the system that the files came from: two systems may both have a Patient/1
    #[arg(long, default_value = "default")]
    source: String,
    /// How many faults to print; all are counted
    #[arg(long, value_name = "N", default_value_t = 50)]
    most_faults: usize,
    /// No progress bar
    #[arg(long)]
    quiet: bool,
}

/// Takes the files in. The exit code tells whether something was refused.
pub async fn fhir(config: &Config, args: FhirArgs) -> Result<ExitCode> {
    let sources = files::find(&args.paths)?;
    if sources.is_empty() {
        return Err(ServerError::Setting(
            "there is no .json or .ndjson file under these paths".to_owned(),
        ));
    }
    let database = postgres::ready(config).await?;
    if !args.dry_run {
        database.migrate().await?;
    }
    let db = database.connect().await?;
    let practice = the_practice(&db, args.practice).await?;
    let progress = bar(sources.iter().map(|source| source.size).sum(), args.quiet);
    let began = Instant::now();

    let (sender, mut receiver) = tokio::sync::mpsc::channel::<Chunk>(WAITING);
    let reading = progress.clone();
    let reader = tokio::task::spawn_blocking(move || {
        for source in &sources {
            if !files::read(source, &reading, &mut |chunk| sender.blocking_send(chunk).is_ok()) {
                break;
            }
        }
    });
    let mut report = Report::new(args.most_faults);
    let run = sync::new_id(Utc::now(), &OsRandomness);
    let ids = ids::Ids::new(practice, &args.source).of_run(run);
    let mut planner = Planner::new(ids, Utc::now().date_naive(), places(&db, practice).await?);
    while let Some(chunk) = receiver.recv().await {
        let wanted = planner.wanted(&chunk);
        let here = db.rows(practice, &wanted).await?;
        let planned = planner.plan(chunk, &here, &mut report);
        if args.dry_run {
            planned.iter().for_each(|one| one.taken(&mut report));
        } else {
            commit(&db, practice, planned, &mut planner, &mut report).await?;
        }
    }
    drop(receiver);
    let _ended = reader.await;
    progress.finish_and_clear();
    for line in report.lines(began.elapsed(), args.dry_run) {
        terminal::say(&line);
    }
    Ok(if report.refused() == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What appointments are booked at, for and with.
async fn places(db: &Db, practice: PracticeId) -> Result<Places> {
    let mut rows = Vec::new();
    for entity in [Entity::Site, Entity::VisitType, Entity::Practitioner] {
        rows.extend(db.all_rows(practice, entity).await?);
    }
    Ok(Places::of(rows))
}

/// Commits what a chunk became, and counts by the receipts.
async fn commit(
    db: &Db,
    practice: PracticeId,
    planned: Vec<Planned>,
    planner: &mut Planner,
    report: &mut Report,
) -> Result<()> {
    if planned.is_empty() {
        return Ok(());
    }
    let now = Utc::now();
    let commands = planned
        .iter()
        .map(|one| ServiceCommand::new(one.id, one.command.clone(), now))
        .collect();
    let outcome = db.commit_as_service(practice, commands, ACTOR).await?;
    for (one, receipt) in planned.iter().zip(&outcome.results) {
        match &receipt.refusal {
            Some(refusal) => {
                planner.undo(one);
                one.refused(refusal, report);
            }
            None => one.taken(report),
        }
    }
    Ok(())
}

/// A bar over the bytes of all files, on standard error; hidden when nobody looks.
fn bar(bytes: u64, quiet: bool) -> ProgressBar {
    let target = if quiet {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr()
    };
    let bar = ProgressBar::with_draw_target(Some(bytes), target);
    match ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {elapsed} (about {eta} more)") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
