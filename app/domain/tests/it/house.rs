//! The rules of the house: which room may know which, what this crate may depend on, and how long a file may be.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every package of the workspace, and the packages of the workspace that it may depend on, for tests too.
const MAY_KNOW: [(&str, &[&str]); 10] = [
    ("domain", &[]),
    ("fhir", &["domain"]),
    ("ui", &["domain"]),
    ("sync", &["domain"]),
    ("app", &["domain", "fhir", "sync", "ui"]),
    ("device", &["app", "sync", "domain", "ui"]),
    ("staff", &["app", "sync", "domain", "device", "ui"]),
    ("kiosk", &["app", "sync", "domain", "device", "ui"]),
    ("db", &["domain", "sync"]),
    ("server", &["domain", "sync", "app", "fhir", "db"]),
];

/// What the rules of the practice may be built with: no I/O, no clock, no randomness, no interface.
const DOMAIN_MAY_USE: [&str; 12] = [
    "serde",
    "serde_json",
    "thiserror",
    "uuid",
    "chrono",
    "chrono-tz",
    "rust_decimal",
    "garde",
    "unicode-normalization",
    "sha2",
    "rrule",
    "rphonetic",
];

const LONGEST_FILE: usize = 450;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

fn packages() -> Vec<Value> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Package, dependency, and whether the dependency is for tests alone.
fn edges() -> Vec<(String, String, bool)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut edges = Vec::new();
    for package in packages() {
        for dependency in package["dependencies"].as_array().unwrap() {
            let tests = dependency["kind"] == "dev";
            edges.push((text(&package["name"]), text(&dependency["name"]), tests));
        }
    }
    edges
}

/// What a package does that it may not, in words.
fn breaches(edges: &[(String, String, bool)]) -> Vec<String> {
    let members: BTreeSet<&str> = MAY_KNOW.iter().map(|(name, _)| *name).collect();
    edges
        .iter()
        .filter(|(_, to, _)| members.contains(to.as_str()))
        // A package may switch on its own features for its own tests.
        .filter(|(from, to, tests)| !(from == to && *tests))
        .filter(|(from, to, _)| {
            !MAY_KNOW
                .iter()
                .any(|(name, known)| name == from && known.contains(&to.as_str()))
        })
        .map(|(from, to, _)| format!("{from} may not depend on {to}"))
        .collect()
}

#[test]
fn every_member_of_the_workspace_has_a_rule() {
    let found: BTreeSet<String> = packages()
        .iter()
        .map(|package| package["name"].as_str().unwrap().to_owned())
        .collect();
    let expected: BTreeSet<String> = MAY_KNOW.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, expected);
}

#[test]
fn no_room_knows_a_room_that_it_may_not() {
    assert_eq!(breaches(&edges()), [""; 0]);
}

#[test]
fn the_rule_catches_what_it_is_there_for() {
    let edge = |from: &str, to: &str| (from.to_owned(), to.to_owned(), false);
    for (from, to) in [
        ("app", "db"),
        ("domain", "sync"),
        ("ui", "sync"),
        ("server", "kiosk"),
        ("server", "ui"),
        ("device", "staff"),
        ("staff", "kiosk"),
        ("sync", "server"),
        ("brand-new", "domain"),
    ] {
        assert_eq!(breaches(&[edge(from, to)]).len(), 1, "{from} → {to}");
    }
    assert!(breaches(&[edge("kiosk", "device"), edge("app", "leptos")]).is_empty());
}

#[test]
fn nobody_imports_the_pages_or_the_server() {
    for (name, known) in MAY_KNOW {
        for page in ["staff", "kiosk", "server"] {
            assert!(!known.contains(&page), "{name}");
        }
        assert!(
            !known.contains(&"device") || ["staff", "kiosk"].contains(&name),
            "{name}"
        );
        assert!(!known.contains(&"db") || name == "server", "{name}");
    }
}

#[test]
fn the_rules_of_the_practice_are_built_with_nothing_else() {
    for (from, to, tests) in edges() {
        if from == "domain" && !tests {
            assert!(
                DOMAIN_MAY_USE.contains(&to.as_str()),
                "domain may not depend on {to}"
            );
        }
    }
}

/// Every file under a folder whose name ends so, without what is built or fetched.
fn files(folder: &Path, endings: &[&str], out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_symlink() || name.starts_with('.') || name == "target" || name == "node_modules" {
            continue;
        }
        if path.is_dir() {
            files(&path, endings, out);
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            out.push(path);
        }
    }
}

fn below(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let (root, mut found) = (root(), Vec::new());
    files(&root.join(folder), endings, &mut found);
    assert!(!found.is_empty(), "{folder} is empty");
    let name = |path: &Path| path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
    found
        .iter()
        .map(|path| (name(path), std::fs::read_to_string(path).unwrap()))
        .collect()
}

#[test]
fn what_both_sides_share_is_the_same_code_on_both_sides() {
    // Put together here, so that this file does not hold what it looks for.
    let switch = concat!("cfg", "(feature");
    for (name, text) in below("app", &[".rs", ".toml"]) {
        let mut spaceless: String = text.split_whitespace().collect();
        if name == "app/sync/src/lib.rs" {
            // The simulation is for tests and the server's `simulate`: it adds a module and changes none.
            spaceless = spaceless.replacen(&format!("#[{switch}=\"sim\")]pubmodsim;"), "", 1);
        }
        assert!(!spaceless.contains(switch), "{name} switches on a feature");
    }
}

#[test]
fn no_source_file_is_too_long_to_read() {
    for (name, text) in below("", &[".rs"]) {
        let lines = text.lines().count();
        assert!(
            lines <= LONGEST_FILE,
            "{name} has {lines} lines, more than {LONGEST_FILE}"
        );
    }
}
