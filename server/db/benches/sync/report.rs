//! One table, and what bounds our push.

use crate::figures::Figures;
use crate::{Outcome, Size};
use std::io::{Write, stderr, stdout};

/// Says on the side how far it is.
pub fn progress(text: &str) {
    // Nobody listens there: no harm.
    writeln!(stderr(), "    {text}").ok();
}

/// Prints everything.
pub fn print(size: &Size, figures: &Figures) -> Outcome<()> {
    let mut out = stdout().lock();
    writeln!(
        out,
        "\n  {} patients, {} rows; an outbox of {} commands; medians of {}\n",
        size.patients,
        whole(figures.median("first_rows")),
        size.commands,
        size.repeats
    )?;
    for [what, figure, aim] in lines(size, figures) {
        writeln!(out, "  {what:<64} {figure:>22}  {aim}")?;
    }
    writeln!(out, "\n  What bounds the push")?;
    for line in bounds(figures) {
        writeln!(out, "    {line}")?;
    }
    Ok(())
}

fn lines(size: &Size, figures: &Figures) -> Vec<[String; 3]> {
    let mut all = Vec::new();
    let mut line =
        |what: &str, figure: String, aim: &str| all.push([what.to_owned(), figure, aim.to_owned()]);
    let median = |name: &str| figures.median(name);
    let times = |upper: &str, lower: &str| match (figures.median(upper), figures.median(lower)) {
        (Some(upper), Some(lower)) if lower > 0.0 => format!("{:.2}x", upper / lower),
        _ => "not measured".to_owned(),
    };
    let per_second = |name: &str| format!("{}/s", whole(figures.median(name)));
    let spread = |name: &str| match figures.spread(name) {
        Some((low, high)) => format!("({low:.0} to {high:.0})"),
        None => String::new(),
    };

    line("push, commands", per_second("push_rate"), &spread("push_rate"));
    line(
        "  to INSERT of the same rows, push by push",
        times("push_rate", "insert_rate"),
        "at least 0.25x",
    );
    line(
        "  to one INSERT of them all",
        times("push_rate", "insert_once_rate"),
        "",
    );
    line("  to COPY of them all", times("push_rate", "copy_rate"), "");
    line(
        "  to PouchDB, memory",
        times("push_rate", "memory_push"),
        "at least 5x",
    );
    line(
        "  to PouchDB, leveldb",
        times("push_rate", "leveldb_push"),
        "at least 5x",
    );
    line(
        "bytes of a command on the wire, both ways",
        bytes(median("push_bytes")),
        "",
    );
    line(
        "  to PouchDB",
        times("push_bytes", "memory_push_bytes"),
        "at most 0.33x",
    );
    line(
        "snapshot, built once for all devices of a scope",
        seconds(median("snapshot_build")),
        "",
    );
    line(
        "  to COPY + gzip",
        times("snapshot_build", "copy_out"),
        "at most 3x",
    );
    line(
        "first sync of a device, snapshot there: rows fetched and read",
        per_second("first_rate"),
        "",
    );
    line(
        "  fetched, to COPY + gzip",
        times("snapshot_fetch", "copy_out"),
        "",
    );
    line(
        "  fetched and read, to COPY + gzip",
        sum_ratio(figures),
        "at most 3x",
    );
    line(
        "  to PouchDB, memory",
        times("first_rate", "memory_first"),
        "at least 10x",
    );
    line(
        "  to PouchDB, leveldb",
        times("first_rate", "leveldb_first"),
        "at least 10x",
    );
    line("bytes of a row at first sync", bytes(median("first_bytes")), "");
    line(
        "  to PouchDB",
        times("first_bytes", "memory_first_bytes"),
        "at most 0.33x",
    );
    line(
        &format!(
            "{} entries sent by a device that is killed {} times",
            size.commands,
            whole(median("killed_kills"))
        ),
        seconds(median("killed_drained")),
        "at most 60 s",
    );
    line("  entering them before", seconds(median("killed_entered")), "");
    line(
        "  most memory, its engine and the server's half together",
        format!("{} MB", whole(median("killed_memory").map(|bytes| bytes / 1e6))),
        "at most 300 MB",
    );
    line(
        &format!("{} devices after eight hours, all drained", size.devices),
        seconds(median("drained")),
        "at most 30 s",
    );
    line(
        "  99th percentile until sent",
        seconds(figures.at("reconnect_push", 0.99)),
        "at most 2 s",
    );
    line(
        "  asked again because there was no answer, at most",
        whole(figures.at("reconnect_failures", 1.0)),
        "",
    );
    line(
        "edit to pulled by 100 listeners, 95th percentile, no network",
        millis(figures.at("visible", 0.95)),
        "at most 100 ms",
    );
    line("  of that the push, median", millis(median("one_push")), "");
    let pouch = |name: &str| median(name).map_or("not measured".into(), |ms| format!("{ms:.0} ms"));
    line(
        "  PouchDB, one listener, memory, 95th percentile",
        pouch("memory_live"),
        "",
    );
    line(
        "  PouchDB, one listener, leveldb, 95th percentile",
        pouch("leveldb_live"),
        "",
    );
    all
}

fn bounds(figures: &Figures) -> Vec<String> {
    let part = |name: &str| figures.median(name).unwrap_or(0.0) * 100.0;
    let rows = figures.median("rows_per_command").unwrap_or(0.0);
    let rate = |name: &str| whole(figures.median(name).map(|rate| rate * rows));
    vec![
        format!(
            "{rows:.1} rows are written for each command: the push writes {} rows/s, INSERT by push {}, \
             one INSERT {}, COPY {}",
            rate("push_rate"),
            rate("insert_rate"),
            rate("insert_once_rate"),
            rate("copy_rate")
        ),
        format!(
            "reading and opening (HPKE) {:.0}%, authors {:.0}%, deciding {:.0}%, the database and getting rows \
             there and back {:.0}%, the answer {:.0}%",
            part("push_open"),
            part("push_author"),
            part("push_decide"),
            part("push_accept") - part("push_decide"),
            part("push_answer")
        ),
        format!(
            "our own processor time {:.0}% of the whole; the rest is Postgres, its disk and waiting for both",
            part("push_cpu")
        ),
        format!(
            "a command is {} before it is sealed; seeding went at {} commands/s",
            bytes(figures.median("command_bytes")),
            whole(figures.median("seed_rate"))
        ),
    ]
}

fn sum_ratio(figures: &Figures) -> String {
    let of = |name| figures.median(name);
    match (of("snapshot_fetch"), of("snapshot_read"), of("copy_out")) {
        (Some(fetch), Some(read), Some(copy)) if copy > 0.0 => format!("{:.2}x", (fetch + read) / copy),
        _ => "not measured".to_owned(),
    }
}

fn whole(figure: Option<f64>) -> String {
    figure.map_or("not measured".to_owned(), |figure| format!("{figure:.0}"))
}

fn bytes(figure: Option<f64>) -> String {
    format!("{} B", whole(figure))
}

fn seconds(figure: Option<f64>) -> String {
    figure.map_or("not measured".to_owned(), |figure| format!("{figure:.2} s"))
}

fn millis(figure: Option<f64>) -> String {
    figure.map_or("not measured".to_owned(), |figure| {
        format!("{:.0} ms", figure * 1000.0)
    })
}
