//! What came of trying every row, and taking what is sound, one command after the other.

use super::appointments::placed;
use crate::shell::staff::context::{Desk, why_not};
use domain::command::Command;
use leptos::prelude::*;

/// Of so many, the page gets a turn.
const TURN: usize = 20;

/// What came of trying.
#[derive(Clone, Default, PartialEq)]
pub struct Tried {
    /// What would be entered, each with the number of its row.
    pub ready: Vec<(usize, Command)>,
    /// Rows that cannot be read, by their numbers: "ZIP: Enter a ZIP code".
    pub faults: Vec<(usize, Vec<String>)>,
    /// Rows that were taken before.
    pub known: usize,
    /// Rows of people who are very likely here already; they are left out.
    pub likely: usize,
}

/// What was done so far.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// So many were tried.
    pub at: usize,
    /// Of so many.
    pub of: usize,
    /// So many were refused.
    pub refused: usize,
    /// Over, or stopped.
    pub done: bool,
}

impl Tried {
    /// In a sentence.
    pub fn words(&self) -> String {
        let mut words = vec![format!("{} would be imported", self.ready.len())];
        for (n, what) in [
            (self.faults.len(), "cannot be read"),
            (self.known, "were imported before"),
            (self.likely, "are very likely here already"),
        ] {
            if n > 0 {
                words.push(format!("{n} {what}"));
            }
        }
        format!("{}.", words.join(", "))
    }
}

impl Progress {
    /// In a sentence.
    pub fn words(&self) -> String {
        let refused = match self.refused {
            0 => String::new(),
            n => format!(", {n} refused"),
        };
        match (self.done, self.at < self.of) {
            (false, _) => format!("{} of {}{refused}", self.at, self.of),
            (true, true) => format!(
                "Stopped: {} of {} imported{refused}. Begin again to go on.",
                self.at, self.of
            ),
            (true, false) => format!("{} imported{refused}.", self.at - self.refused),
        }
    }
}

/// Takes what is sound, and keeps by its row what is refused and why. Each record is a command like any other, and
/// waits in the outbox without a network.
pub fn run(
    desk: Desk,
    name: String,
    tried: Tried,
    progress: RwSignal<Option<Progress>>,
    refused: RwSignal<Vec<(usize, String)>>,
    stop: RwSignal<bool>,
) {
    let engine = desk.engine();
    let mut now = Progress {
        at: 0,
        of: tried.ready.len(),
        refused: 0,
        done: false,
    };
    refused.set(Vec::new());
    progress.set(Some(now));
    leptos::task::spawn_local(async move {
        for (row, command) in tried.ready {
            // The page was left, or somebody stopped it.
            if stop.try_get_untracked().unwrap_or(true) {
                break;
            }
            let command = match command {
                Command::BookAppointment(booking) => Command::BookAppointment(placed(&engine, booking)),
                other => other,
            };
            if let Err(why) = engine.submit(command, &[]).await {
                now.refused += 1;
                let _left = refused.try_update(|all| all.push((row, why_not(&why))));
            }
            now.at += 1;
            if now.at.is_multiple_of(TURN) {
                let _left = progress.try_set(Some(now));
                engine.ports.clock.sleep(0).await;
            }
        }
        now.done = true;
        let _left = progress.try_set(Some(now));
        desk.say(format!("{name}: {}", now.words()));
    });
}
