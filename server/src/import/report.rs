//! What became of everything that was read, in numbers and sentences that hold no patient's data.

use super::mapping::MappingFault;
use std::collections::BTreeMap;
use std::time::Duration;

/// Different sentences that are remembered; more are only counted.
const MOST_KINDS_OF_WARNING: usize = 500;

/// What became of the resources of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Found in the files.
    pub read: u64,
    /// Newly recorded.
    pub taken: u64,
    /// Recorded before, the same.
    pub here: u64,
    /// Recorded before and different now; not changed.
    pub differs: u64,
    /// Sound, and not kept.
    pub skipped: u64,
    /// Something is wrong with them.
    pub refused: u64,
}

/// Where something stands.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file's name.
    pub file: std::sync::Arc<str>,
    /// Where in it.
    pub at: fhir::Position,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {}", self.file, self.at)
    }
}

/// All of it.
#[derive(Default)]
pub struct Report {
    /// By kind of resource.
    pub kinds: BTreeMap<String, Counts>,
    /// Why resources were skipped: kind and reason.
    pub skips: BTreeMap<(String, String), u64>,
    /// The first refusals, each with its place.
    pub refusals: Vec<String>,
    /// What was left out of resources that were taken: field and sentence; how often and where first.
    pub warnings: BTreeMap<(String, String), (u64, String)>,
    /// Length of all texts.
    pub bytes: u64,
    most_refusals: usize,
}

impl Report {
    /// A report that keeps so many refusals; all are counted.
    pub fn new(most_refusals: usize) -> Self {
        Report {
            most_refusals,
            ..Report::default()
        }
    }

    /// The counts of a kind.
    pub fn kind(&mut self, kind: &str) -> &mut Counts {
        if !self.kinds.contains_key(kind) {
            self.kinds.insert(kind.to_owned(), Counts::default());
        }
        self.kinds.entry(kind.to_owned()).or_default()
    }

    /// Something sound that is not kept.
    pub fn skip(&mut self, kind: &str, reason: &str, count: u64) {
        self.kind(kind).skipped += count;
        *self
            .skips
            .entry((kind.to_owned(), reason.to_owned()))
            .or_default() += count;
    }

    /// Something wrong.
    pub fn refuse(&mut self, kind: &str, place: &Place, fault: &MappingFault, count: u64) {
        self.kind(kind).refused += count;
        if self.refusals.len() < self.most_refusals {
            self.refusals
                .push(format!("{place}, {}: {}", fault.field, fault.problem));
        }
    }

    /// Something left out or doubtful.
    pub fn warn(&mut self, place: &Place, fault: MappingFault) {
        let room = self.warnings.len() < MOST_KINDS_OF_WARNING;
        let key = (fault.field, fault.problem);
        if let Some(known) = self.warnings.get_mut(&key) {
            known.0 += 1;
        } else if room {
            self.warnings.insert(key, (1, place.to_string()));
        }
    }

    /// How many resources were refused.
    pub fn refused(&self) -> u64 {
        self.kinds.values().map(|counts| counts.refused).sum()
    }

    /// The report for a terminal.
    pub fn lines(&self, took: Duration, dry: bool) -> Vec<String> {
        let mut out = self.refusal_lines();
        out.extend(self.warning_lines());
        let taken = if dry { "to take" } else { "taken" };
        out.push(format!(
            "{:<22}{:>9}{taken:>9}{:>9}{:>9}{:>9}{:>9}",
            "", "read", "here", "differ", "skipped", "refused"
        ));
        for (kind, c) in &self.kinds {
            out.push(format!(
                "{kind:<22}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}",
                c.read, c.taken, c.here, c.differs, c.skipped, c.refused
            ));
        }
        for ((kind, reason), count) in &self.skips {
            out.push(format!("skipped: {count} {kind}: {reason}"));
        }
        out.push(self.rates(took));
        if self.kinds.values().any(|c| c.differs > 0) {
            out.push("What differs is as it was recorded here; nothing of it was changed.".to_owned());
        }
        if dry {
            out.push("Nothing was recorded (--dry-run).".to_owned());
        }
        match self.refused() {
            0 => {}
            1 => out.push("1 resource was refused; everything else stands.".to_owned()),
            n => out.push(format!("{n} resources were refused; everything else stands.")),
        }
        out
    }

    fn refusal_lines(&self) -> Vec<String> {
        let mut out: Vec<String> = self
            .refusals
            .iter()
            .map(|line| format!("refused: {line}"))
            .collect();
        let more = self.refused().saturating_sub(self.refusals.len() as u64);
        if more > 0 {
            out.push(format!("refused: {more} more (--most-faults prints more)"));
        }
        out
    }

    fn warning_lines(&self) -> impl Iterator<Item = String> {
        self.warnings
            .iter()
            .take(self.most_refusals)
            .map(|((field, problem), (count, first))| {
                format!("note: {field}: {problem} ({count} times, first {first})")
            })
    }

    fn rates(&self, took: Duration) -> String {
        let seconds = took.as_secs_f64().max(0.001);
        let patients = self.kinds.get("Patient").map_or(0, |counts| counts.taken);
        let rows: u64 = self.kinds.values().map(|counts| counts.taken).sum();
        let megabytes = self.bytes as f64 / 1e6;
        let mut out = format!("{seconds:.1} s: {:.0} resources/s", rows as f64 / seconds);
        if patients > 0 {
            out += &format!(", of them {:.0} registrations/s", patients as f64 / seconds);
        }
        out + &format!("; {:.1} MB/s of JSON ({megabytes:.1} MB)", megabytes / seconds)
    }
}
