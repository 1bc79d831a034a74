//! Everything goes wrong, three hundred times, and nothing is lost.
//!
//! A failure prints its seed; `ANTEROOM_SEED=17 cargo nextest run -p sync simulation` replays it exactly.
//! `ANTEROOM_SEEDS=10000` runs more.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod sim;

use sim::Mutant;
use sim::world::World;
use std::panic::{AssertUnwindSafe, catch_unwind};
use sync::wire::ReceiptStatus;

const STEPS: usize = 160;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn seeds() -> u64 {
    number("ANTEROOM_SEEDS").unwrap_or(300)
}

fn run(seed: u64, mutant: Option<Mutant>) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(|| World::new(seed, mutant).run(STEPS))).map_err(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        said.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()))
            .unwrap_or_default()
    })
}

/// One part of the seeds, so that the parts run beside each other.
fn part(part: u64, of: u64) {
    if let Some(seed) = number("ANTEROOM_SEED") {
        if part == 0 {
            World::new(seed, None).run(STEPS);
        }
        return;
    }
    for seed in (0..seeds()).filter(|seed| seed % of == part) {
        if let Err(why) = run(seed, None) {
            panic!("seed {seed}: {why}\nreplay it with ANTEROOM_SEED={seed}");
        }
    }
}

#[test]
fn nothing_is_lost_whatever_goes_wrong_first_half() {
    part(0, 2);
}

#[test]
fn nothing_is_lost_whatever_goes_wrong_second_half() {
    part(1, 2);
}

#[test]
fn every_deliberate_fault_is_caught() {
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let missed: Vec<Mutant> = Mutant::ALL
        .into_iter()
        .filter(|mutant| (0..seeds()).all(|seed| run(seed, Some(*mutant)).is_ok()))
        .collect();
    std::panic::set_hook(quiet);
    assert!(missed.is_empty(), "not caught: {missed:?}");
}

/// A simulation in which nothing happens would find nothing.
#[test]
fn the_runs_go_through_restores_refusals_conflicts_and_dismissals() {
    let (mut restores, mut dismissed, mut refused, mut conflicts, mut lost) = (0, 0, 0, 0, 0);
    for seed in 0..20 {
        let mut world = World::new(seed, None);
        world.run(STEPS);
        restores += world.restores;
        dismissed += world.dismissed.len();
        lost += world.never.len();
        for (_, receipt) in &world.server.live.judged {
            refused += usize::from(receipt.status == ReceiptStatus::Rejected);
            conflicts += usize::from(receipt.status == ReceiptStatus::Conflict);
        }
    }
    let counts = [restores, dismissed, refused, conflicts, lost];
    assert!(
        counts.iter().all(|count| *count > 0),
        "restores, dismissals, refusals, conflicts, crashes: {counts:?}"
    );
}
