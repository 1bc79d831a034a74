//! What a server does by itself: every hour it forgets sessions that are over, sets the clocks of sites and hands out
//! standing leases, and at night it moves the date window and shortens the log. Several servers may do so at once: each
//! step is the same again.

use crate::error::Result;
use crate::http::State;
use crate::keys::OsRandomness;
use crate::services::push::now;
use crate::services::{clocks, standing};
use chrono::{DateTime, Duration, Timelike, Utc};
use db::ServiceCommand;
use domain::command::Command;
use domain::id::CommandId;
use domain::patients::{BringBackPatient, SetPatientAside};
use std::sync::Arc;

/// A patient with whom nobody had to do for so long is set aside: a year and a half, so that yearly visits are within.
pub const WINDOW_DAYS: i64 = 548;
/// Changes older than this that every device has are forgotten.
pub const KEEP_CHANGES_DAYS: i64 = 90;
/// The hour of the night, UTC: between the last closing and the first opening of the fifty states.
const NIGHT: u32 = 9;
/// How many patients are set aside in one transaction.
const AT_ONCE: usize = 500;
/// How many in one night, so that a device which fetches a night's work is not kept waiting. A practice with many who
/// are quiet takes some nights.
const A_NIGHT: usize = 1_000;

/// Goes on for ever.
pub async fn run(state: Arc<State>, admin_url: String) {
    loop {
        if let Err(error) = state.db.sweep().await {
            tracing::warn!(%error, "sessions that are over were not forgotten");
        }
        if let Err(error) = forget_codes(&state).await {
            tracing::warn!(%error, "patients' codes that are over were not forgotten");
        }
        if let Err(error) = set_clocks(&state).await {
            tracing::warn!(%error, "the clocks of sites were not set");
        }
        if let Err(error) = hand_out(&state).await {
            tracing::warn!(%error, "standing leases were not handed out");
        }
        if now().hour() == NIGHT {
            if let Err(error) = move_window(&state, now() - Duration::days(WINDOW_DAYS), A_NIGHT).await {
                tracing::warn!(%error, "the date window was not moved");
            }
            if let Err(error) = db::compact(&admin_url, now() - Duration::days(KEEP_CHANGES_DAYS)).await {
                tracing::warn!(%error, "the log was not shortened");
            }
        }
        tokio::time::sleep(std::time::Duration::from_secs(3600)).await;
    }
}

/// Forgets patients' codes and sessions that are over.
async fn forget_codes(state: &Arc<State>) -> Result<()> {
    for (practice, ..) in state.db.heads().await? {
        state.db.sweep_portal(practice, now()).await?;
    }
    Ok(())
}

/// Sets the clocks of every practice's sites.
async fn set_clocks(state: &Arc<State>) -> Result<()> {
    for (practice, ..) in state.db.heads().await? {
        if let Some(head) = clocks::set(&state.db, practice, now()).await? {
            state.tell(practice, head);
        }
    }
    Ok(())
}

/// Hands out standing leases of every practice.
async fn hand_out(state: &Arc<State>) -> Result<()> {
    for (practice, ..) in state.db.heads().await? {
        if let Some(head) = standing::hand_out(&state.db, practice, now()).await? {
            state.tell(practice, head);
        }
    }
    Ok(())
}

/// Sets aside, in every practice, up to so many of the patients with whom nobody had to do since a time. How many there
/// were.
pub async fn move_window(state: &Arc<State>, since: DateTime<Utc>, most: usize) -> Result<usize> {
    let mut count = 0;
    for (practice, ..) in state.db.heads().await? {
        let mut left = most;
        while left > 0 {
            let quiet = state
                .db
                .quiet_patients(practice, since, left.min(AT_ONCE))
                .await?;
            if quiet.is_empty() {
                break;
            }
            count += quiet.len();
            left -= quiet.len();
            let service =
                |command| ServiceCommand::new(CommandId(sync::new_id(now(), &OsRandomness)), command, now());
            let aside = |patient_id| service(Command::SetPatientAside(SetPatientAside { patient_id }));
            let commands = quiet.iter().copied().map(aside).collect();
            let outcome = state
                .db
                .commit_as_service(practice, commands, "date window")
                .await?;
            // Somebody may have had to do with one of them since it was looked.
            let heard = state.db.heard_of(practice, &quiet, since).await?;
            let back = |patient_id| service(Command::BringBackPatient(BringBackPatient { patient_id }));
            if !heard.is_empty() {
                count -= heard.len();
                let commands = heard.into_iter().map(back).collect();
                let back = state
                    .db
                    .commit_as_service(practice, commands, "date window")
                    .await?;
                state.tell(practice, back.head);
            }
            state.tell(practice, outcome.head);
            if !outcome.changed {
                break;
            }
        }
    }
    Ok(count)
}
