//! Failed tries, by name and by device: ten are free in a quarter of an hour, then each must wait. Never for good,
//! so that nobody can lock a colleague out.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

const FREE: usize = 10;
const WINDOW: Duration = Duration::from_secs(15 * 60);
const WAIT: Duration = Duration::from_secs(30);

/// Counts failures of this server.
#[derive(Default)]
pub struct Throttle {
    failures: Mutex<HashMap<String, Vec<Instant>>>,
}

impl Throttle {
    /// Seconds that must go by before the next try; nothing when it may be made now.
    pub fn wait(&self, key: &str, now: Instant) -> Option<u32> {
        let mut all = self.failures.lock().ok()?;
        let failures = all.get_mut(key)?;
        failures.retain(|at| now.duration_since(*at) < WINDOW);
        let last = *failures.last()?;
        let left = WAIT.checked_sub(now.duration_since(last))?;
        (failures.len() >= FREE).then(|| u32::try_from(left.as_secs()).unwrap_or(u32::MAX) + 1)
    }

    /// Notes a failure.
    pub fn failed(&self, key: &str, now: Instant) {
        if let Ok(mut all) = self.failures.lock() {
            if all.len() > 10_000 {
                all.retain(|_, failures| failures.last().is_some_and(|at| now.duration_since(*at) < WINDOW));
            }
            all.entry(key.to_owned()).or_default().push(now);
        }
    }

    /// Forgets failures after success.
    pub fn succeeded(&self, key: &str) {
        if let Ok(mut all) = self.failures.lock() {
            all.remove(key);
        }
    }
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
}
