//! Words for the person at the terminal. The only place that prints.

use std::io::Write;

/// A line on standard output.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _closed = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// A line on standard error.
pub fn complain(line: &str) {
    let mut out = std::io::stderr().lock();
    let _closed = writeln!(out, "anteroom: {line}");
}
