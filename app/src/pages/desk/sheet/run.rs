//! Trying every row, and then taking what is sound, one record after the other.

use super::table::Sheet;
use crate::shell::staff::context::Desk;
use domain::command::Command;
use domain::id::PatientId;
use domain::patients::matching::{Probe, STRONG};
use domain::patients::sheet::{CellFault, Column, read_row};
use domain::patients::{Patient, RegisterPatient};
use leptos::prelude::*;
use uuid::Uuid;

/// Of so many, the page gets a turn.
const TURN: usize = 20;
/// Rows are known again by what they say: a file that is imported twice makes nobody twice.
const ROWS: Uuid = Uuid::from_u128(0x6f1d_33a4_7c2e_4b0f_9a51_58d2_71e6_03bb);

/// What came of trying.
#[derive(Clone, PartialEq)]
pub struct Tried {
    /// Records that would be made.
    pub ready: Vec<Patient>,
    /// Rows that cannot be read, by their numbers.
    pub faults: Vec<(usize, Vec<CellFault>)>,
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

/// The dry run: nothing is written.
pub fn try_all(desk: Desk, sheet: &Sheet, columns: &[Option<Column>]) -> Tried {
    let engine = desk.engine();
    let (today, now) = (desk.today(), engine.ports.clock.now());
    let issuer = format!("urn:anteroom:import:{}", sheet.name);
    let mut tried = Tried {
        ready: Vec::new(),
        faults: Vec::new(),
        known: 0,
        likely: 0,
    };
    for (number, row) in &sheet.rows {
        let id = PatientId(Uuid::new_v5(&ROWS, row.join("\u{1f}").as_bytes()));
        match read_row(columns, row, (id, &issuer), (today, now)) {
            Err(faults) => tried.faults.push((*number, faults)),
            Ok(_) if engine.patient(id).is_some() => tried.known += 1,
            Ok(patient) => {
                let alike = engine.candidates(&Probe::of(&patient));
                match alike.iter().any(|one| one.score >= STRONG) {
                    true => tried.likely += 1,
                    false => tried.ready.push(patient),
                }
            }
        }
    }
    tried
}

/// Takes what is sound. Each record is a command like any other, and waits in the outbox without a network.
pub fn run(
    desk: Desk,
    name: String,
    tried: Tried,
    progress: RwSignal<Option<Progress>>,
    stop: RwSignal<bool>,
) {
    let engine = desk.engine();
    let site_id = engine.home_site();
    let mut now = Progress {
        at: 0,
        of: tried.ready.len(),
        refused: 0,
        done: false,
    };
    progress.set(Some(now));
    leptos::task::spawn_local(async move {
        for patient in tried.ready {
            // The page was left, or somebody stopped it.
            if stop.try_get_untracked().unwrap_or(true) {
                break;
            }
            let command = Command::RegisterPatient(RegisterPatient { patient, site_id });
            if engine.submit(command, &[]).await.is_err() {
                now.refused += 1;
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
