//! What was measured, by name.

use std::collections::BTreeMap;
use std::time::Duration;

/// Each figure, once for every round, or once for everyone who waited.
#[derive(Default)]
pub struct Figures(BTreeMap<&'static str, Vec<f64>>);

impl Figures {
    /// One more of a kind.
    pub fn add(&mut self, name: &'static str, figure: f64) {
        self.0.entry(name).or_default().push(figure);
    }

    /// One more duration, in seconds.
    pub fn took(&mut self, name: &'static str, time: Duration) {
        self.add(name, time.as_secs_f64());
    }

    /// The middle one.
    pub fn median(&self, name: &str) -> Option<f64> {
        self.at(name, 0.5)
    }

    /// The one that so large a part does not exceed.
    pub fn at(&self, name: &str, part: f64) -> Option<f64> {
        let mut sorted = self.0.get(name)?.clone();
        sorted.sort_by(f64::total_cmp);
        let index = (sorted.len() as f64 * part) as usize;
        sorted.get(index.min(sorted.len() - 1)).copied()
    }

    /// The smallest and the largest.
    pub fn spread(&self, name: &str) -> Option<(f64, f64)> {
        Some((self.at(name, 0.0)?, self.at(name, 1.0)?))
    }
}

/// The most memory that this process ever held, in bytes; nothing where the system does not say.
pub fn peak_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) * 1024.0
}

/// Processor time that this process has used, in seconds; nothing where the system does not say.
pub fn own_cpu() -> f64 {
    let Ok(stat) = std::fs::read_to_string("/proc/self/stat") else {
        return 0.0;
    };
    // The name in brackets may hold spaces; user and system time are the 12th and 13th field after it, in ticks.
    let fields = stat.rsplit_once(") ").map_or("", |(_, rest)| rest).split(' ');
    let ticks: f64 = fields
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}
