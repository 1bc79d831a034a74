//! Failed tries, by name and by device: ten are free in a quarter of an hour, then each must wait. Never for good,
//! so that nobody can lock a colleague out.

use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

const FREE: usize = 10;
const WINDOW: Duration = Duration::from_secs(15 * 60);
const WAIT: Duration = Duration::from_secs(30);
/// So many names are known at once. Whoever makes up more makes the oldest forgotten, and nobody wait.
const MOST: usize = 50_000;

/// What is kept of a name, whatever its length: strangers choose it.
type Name = [u8; 32];

/// Counts failures of this server.
#[derive(Default)]
pub struct Throttle {
    failures: Mutex<HashMap<Name, Vec<Instant>>>,
}

fn kept(key: &str) -> Name {
    Sha256::digest(key.as_bytes()).into()
}

impl Throttle {
    /// Seconds that must go by before the next try; nothing when it may be made now.
    pub fn wait(&self, key: &str, now: Instant) -> Option<u32> {
        let mut all = self.failures.lock().ok()?;
        let failures = all.get_mut(&kept(key))?;
        failures.retain(|at| now.duration_since(*at) < WINDOW);
        let last = *failures.last()?;
        let left = WAIT.checked_sub(now.duration_since(last))?;
        (failures.len() >= FREE).then(|| u32::try_from(left.as_secs()).unwrap_or(u32::MAX) + 1)
    }

    /// Notes a failure.
    pub fn failed(&self, key: &str, now: Instant) {
        if let Ok(mut all) = self.failures.lock() {
            if all.len() >= MOST {
                make_room(&mut all, now);
            }
            all.entry(kept(key)).or_default().push(now);
        }
    }

    /// Forgets failures after success.
    pub fn succeeded(&self, key: &str) {
        if let Ok(mut all) = self.failures.lock() {
            all.remove(&kept(key));
        }
    }
}

/// Forgets what is over, and when that is not much, of the rest the quarter that failed least lately: not one by one, so
/// that a flood of names costs little for each.
fn make_room(all: &mut HashMap<Name, Vec<Instant>>, now: Instant) {
    all.retain(|_, failures| failures.last().is_some_and(|at| now.duration_since(*at) < WINDOW));
    if all.len() < MOST / 4 * 3 {
        return;
    }
    let mut last: Vec<Instant> = all
        .values()
        .filter_map(|failures| failures.last().copied())
        .collect();
    let quarter = MOST / 4;
    let (_, oldest, _) = last.select_nth_unstable(quarter);
    let oldest = *oldest;
    all.retain(|_, failures| failures.last().is_some_and(|at| *at > oldest));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_try_waits_and_then_may_be_made() {
        let throttle = Throttle::default();
        let start = Instant::now();
        for _ in 0..FREE {
            assert_eq!(throttle.wait("nora", start), None);
            throttle.failed("nora", start);
        }
        assert!(throttle.wait("nora", start).is_some());
        assert_eq!(throttle.wait("somebody else", start), None);
        assert_eq!(throttle.wait("nora", start + WAIT + Duration::from_secs(1)), None);
        throttle.succeeded("nora");
        assert_eq!(throttle.wait("nora", start), None);
    }

    #[test]
    fn a_flood_of_names_fills_no_memory_and_lets_nobody_go_who_failed_just_now() {
        let throttle = Throttle::default();
        let start = Instant::now();
        let at = |n: usize| start + Duration::from_millis(u64::try_from(n).unwrap());
        for n in 0..MOST - 1 {
            throttle.failed(&n.to_string(), at(n));
        }
        for _ in 0..FREE {
            throttle.failed("nora", at(MOST));
        }
        throttle.failed("one more", at(MOST));
        let known = throttle.failures.lock().unwrap().len();
        assert!(known < MOST, "{known}");
        assert!(throttle.wait("nora", at(MOST)).is_some());
    }
}
