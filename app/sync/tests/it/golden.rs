//! Messages and what lies on disks stay readable: one file per type, never edited once released.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sync::device::{Meta, Pending};
use sync::keyring::Ring;
use sync::wire::*;

fn golden(name: &str) -> Value {
    let path = format!("{}/tests/golden/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn again<T: Serialize + DeserializeOwned>(value: Value) -> Value {
    serde_json::to_value(serde_json::from_value::<T>(value).unwrap()).unwrap()
}

/// Reads as a type and writes back.
type Again = fn(Value) -> Value;

/// Every golden file with its type.
const FILES: &[(&str, Again)] = &[
    ("SealedCommand", again::<SealedCommand>),
    ("PushRequest", again::<PushRequest>),
    ("PushResponse", again::<PushResponse>),
    ("Receipt.applied", again::<Receipt>),
    ("Receipt.conflict", again::<Receipt>),
    ("Receipt.rejected", again::<Receipt>),
    ("PullRequest", again::<PullRequest>),
    ("PullResponse", again::<PullResponse>),
    ("Pending", again::<Pending>),
    ("Meta", again::<Meta>),
    ("Ring", again::<Ring>),
    ("Manifest", again::<Manifest>),
    ("ChunkRequest", again::<ChunkRequest>),
    ("Receipt.parked", again::<Receipt>),
    ("PushResponse.wipe", again::<PushResponse>),
    ("PullRequest.scoped", again::<PullRequest>),
    ("PullResponse.moved", again::<PullResponse>),
    ("PullResponse.snapshot", again::<PullResponse>),
    ("Meta.snapshot", again::<Meta>),
    ("Pending.by", again::<Pending>),
    ("PullRequest.edition", again::<PullRequest>),
];

#[test]
fn every_file_reads_and_writes_back_as_it_was() {
    for (name, again) in FILES {
        assert_eq!(again(golden(name)), golden(name), "{name}");
    }
    let folder = format!("{}/tests/golden", env!("CARGO_MANIFEST_DIR"));
    assert_eq!(
        std::fs::read_dir(folder).unwrap().count(),
        FILES.len(),
        "a file without a type"
    );
}

#[test]
fn a_field_from_a_newer_program_is_passed_over() {
    for (name, again) in FILES {
        let mut newer = golden(name);
        newer["from_the_future"] = Value::from(7);
        assert_eq!(again(newer), golden(name), "{name}");
    }
}

#[test]
fn fields_that_came_later_may_be_missing() {
    let later = [
        ("Receipt.applied", vec!["conflicts", "duplicate", "refusal"]),
        ("Pending", vec!["dismissed"]),
        ("Meta", vec!["epoch", "covers"]),
        ("PushRequest", vec!["epoch"]),
        ("PullRequest", vec!["cursor"]),
        ("PullRequest.scoped", vec!["snapshots"]),
        ("PullRequest.edition", vec!["member", "unsent", "edition"]),
        ("Receipt.parked", vec!["tray_id"]),
        ("PushResponse.wipe", vec!["directives", "min_schema"]),
        (
            "PullResponse.moved",
            vec![
                "evict",
                "evict_rows",
                "gained",
                "scope",
                "directives",
                "min_schema",
            ],
        ),
        ("PullResponse.snapshot", vec!["snapshot", "scope"]),
        ("Meta.snapshot", vec!["schema", "snapshot", "kept", "wiped"]),
        ("Pending.by", vec!["by"]),
    ];
    for (name, fields) in later {
        let mut older = golden(name);
        fields
            .iter()
            .for_each(|field| drop(older.as_object_mut().unwrap().remove(*field)));
        let again = FILES.iter().find(|(file, _)| *file == name).unwrap().1;
        let read = again(older);
        let kept = golden(name);
        for (field, value) in kept
            .as_object()
            .unwrap()
            .iter()
            .filter(|(f, _)| !fields.contains(&f.as_str()))
        {
            assert_eq!(&read[field], value, "{name}.{field}");
        }
    }
}

#[test]
fn a_directive_of_a_newer_server_is_passed_over() {
    let newer: Directive = serde_json::from_value(serde_json::json!({ "kind": "dance", "how": 3 })).unwrap();
    assert_eq!(newer, Directive::Unknown);
}
