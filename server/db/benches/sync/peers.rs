//! The same documents through PouchDB and express-pouchdb, by a script beside the browser's benches.

use crate::figures::Figures;
use crate::rows::Written;
use crate::{Outcome, Size, report};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the script prints.
#[derive(Deserialize)]
struct Measured {
    push_rate: f64,
    push_bytes: f64,
    first_rate: f64,
    first_bytes: f64,
    live_p95_ms: f64,
}

/// Names of an arm's figures, in the order of [`Measured`].
type Names = [&'static str; 5];

const ARMS: [(&str, Names); 2] = [
    (
        "memory",
        [
            "memory_push",
            "memory_push_bytes",
            "memory_first",
            "memory_first_bytes",
            "memory_live",
        ],
    ),
    (
        "leveldb",
        [
            "leveldb_push",
            "leveldb_push_bytes",
            "leveldb_first",
            "leveldb_first_bytes",
            "leveldb_live",
        ],
    ),
];

/// Where the script is, and a folder for it.
pub struct Peers {
    script: PathBuf,
    folder: PathBuf,
    rows: usize,
}

impl Peers {
    /// Nothing when nobody asked for them.
    pub fn find(size: &Size) -> Outcome<Option<Peers>> {
        let Some(script) = std::env::var_os("ANTEROOM_BENCH_PEERS").map(PathBuf::from) else {
            return Ok(None);
        };
        let folder = std::env::temp_dir().join(format!("anteroom-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        Ok(Some(Peers {
            script,
            folder,
            rows: size.peer_rows,
        }))
    }

    /// Both ways of keeping documents, one after the other.
    pub fn round(&self, written: &Written, rows: &[String], figures: &mut Figures) -> Outcome<()> {
        let (pushed, fetched) = (self.folder.join("pushed.ndjson"), self.folder.join("rows.ndjson"));
        std::fs::write(&pushed, written.lines.join("\n"))?;
        // Of all kinds of rows the same part.
        let step = rows.len().div_ceil(self.rows).max(1);
        let some: Vec<&str> = rows.iter().step_by(step).map(String::as_str).collect();
        std::fs::write(&fetched, some.join("\n"))?;
        for (arm, names) in ARMS {
            report::progress(&format!("  PouchDB, {arm}"));
            let measured = self.run(arm, &pushed, &fetched)?;
            let all = [
                measured.push_rate,
                measured.push_bytes,
                measured.first_rate,
                measured.first_bytes,
                measured.live_p95_ms,
            ];
            for (name, figure) in names.into_iter().zip(all) {
                figures.add(name, figure);
            }
        }
        Ok(())
    }

    fn run(&self, arm: &str, pushed: &Path, fetched: &Path) -> Outcome<Measured> {
        let output = Command::new("node")
            .arg(&self.script)
            .arg(arm)
            .args([pushed, fetched])
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            return Err(format!("{} ended with {}", self.script.display(), output.status).into());
        }
        let printed = String::from_utf8_lossy(&output.stdout);
        let last = printed.lines().last().unwrap_or_default();
        Ok(serde_json::from_str(last)?)
    }
}

impl Drop for Peers {
    fn drop(&mut self) {
        // What stays behind in a folder for such things harms nobody.
        std::fs::remove_dir_all(&self.folder).ok();
    }
}
