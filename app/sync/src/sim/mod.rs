//! A practice in memory: devices with disks, a bad network, and servers over one database. Everything follows from one
//! seed, so that a failure can be replayed; what must hold is checked at every step and when all is quiet again.
//!
//! Built only with the feature `sim`: for tests, and for the server's own `simulate`.
// What cannot go on here has found something: panics are the findings, and are counted by their first word.
#![allow(clippy::expect_used)]

mod answer;
mod bookings;
mod check;
mod courier;
pub mod disk;
mod faults;
mod judge;
pub mod made;
pub mod mutant;
mod net;
pub mod node;
pub mod rng;
pub mod server;
mod trouble;
pub mod work;
pub mod world;

pub use mutant::Mutant;

use std::panic::{AssertUnwindSafe, catch_unwind};
use world::World;

/// What went wrong, as the last line of a run counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// Something that was saved is nowhere, or nobody was told.
    Lost,
    /// Something took effect twice.
    Duplicated,
    /// Two that should know the same do not.
    Diverged,
    /// Something waits without end.
    Stuck,
    /// Something was where it may not be.
    Leaked,
}

impl Wrong {
    const ALL: [(Wrong, &str); 5] = [
        (Wrong::Lost, "lost"),
        (Wrong::Duplicated, "duplicated"),
        (Wrong::Diverged, "diverged"),
        (Wrong::Stuck, "stuck"),
        (Wrong::Leaked, "leaked"),
    ];

    /// A finding begins with its word; anything else that breaks is counted as diverging.
    fn of(said: &str) -> Wrong {
        Wrong::ALL
            .into_iter()
            .find(|(_, word)| said.starts_with(word))
            .map_or(Wrong::Diverged, |(wrong, _)| wrong)
    }
}

/// One failed seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Replay it with this.
    pub seed: u64,
    /// What kind.
    pub wrong: Wrong,
    /// In words.
    pub said: String,
}

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Seeds that were run.
    pub seeds: u64,
    /// Commands that were judged.
    pub commands: u64,
    /// Seeds that failed.
    pub failures: Vec<Failure>,
}

impl Summary {
    /// How many seeds failed so.
    pub fn count(&self, wrong: Wrong) -> usize {
        self.failures
            .iter()
            .filter(|failure| failure.wrong == wrong)
            .count()
    }

    /// Adds another run, of other seeds.
    pub fn add(&mut self, other: Summary) {
        self.seeds += other.seeds;
        self.commands += other.commands;
        self.failures.extend(other.failures);
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "seeds {}, commands {}", self.seeds, self.commands)?;
        for (wrong, word) in Wrong::ALL {
            write!(f, ", {word} {}", self.count(wrong))?;
        }
        Ok(())
    }
}

/// Steps in which one seed's troubles happen, unless something else is asked.
pub const STEPS: usize = 300;

/// Runs one seed; how many commands were judged, or what went wrong.
pub fn one(seed: u64, steps: usize, mutant: Option<Mutant>) -> Result<u64, Failure> {
    let books = mutant.is_some_and(Mutant::is_of_bookings);
    one_world(seed, steps, || match books {
        true => World::booking(seed, mutant),
        false => World::new(seed, mutant),
    })
}

/// The same, in a practice that books.
pub fn one_booking(seed: u64, steps: usize) -> Result<u64, Failure> {
    one_world(seed, steps, || World::booking(seed, None))
}

fn one_world(seed: u64, steps: usize, make: impl Fn() -> World) -> Result<u64, Failure> {
    let run = || {
        let mut world = make();
        world.run(steps);
        world.server.live.judged.len() as u64
    };
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let said = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()))
            .unwrap_or_default();
        Failure {
            seed,
            wrong: Wrong::of(&said),
            said,
        }
    })
}

/// Runs seeds from `start` on. The caller silences or keeps the panic hook: each finding is a panic that is caught.
pub fn run(seeds: u64, start: u64, steps: usize) -> Summary {
    let mut summary = Summary {
        seeds,
        ..Summary::default()
    };
    for seed in start..start + seeds {
        match one(seed, steps, None) {
            Ok(commands) => summary.commands += commands,
            Err(failure) => summary.failures.push(failure),
        }
    }
    summary
}
