//! Commands that were shipped stay readable: one file per command and version, never edited once released.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use domain::command::{Command, CommandName, Envelope, UnknownCommand};
use domain::json::Json;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn golden() -> Vec<(String, Value)> {
    let mut files: Vec<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            (name, serde_json::from_str(&text).unwrap())
        })
        .collect();
    files.sort_by(|a: &(String, Value), b| a.0.cmp(&b.0));
    files
}

fn json(value: &Value) -> Json {
    Json::of(value).unwrap()
}

fn envelope(value: &Value) -> Envelope {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn every_command_at_every_version_has_a_golden_file_and_no_other_file_lies_there() {
    let expected: BTreeSet<String> = CommandName::ALL
        .iter()
        .flat_map(|name| (1..=name.version()).map(move |v| format!("{}.v{v}.json", name.as_str())))
        .collect();
    let found: BTreeSet<String> = golden().into_iter().map(|(name, _)| name).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_golden_file_reads_as_the_command_it_is_named_after() {
    for (file, value) in golden() {
        let envelope = envelope(&value);
        let command = envelope
            .command()
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(
            format!("{}.v{}.json", command.name().as_str(), envelope.version),
            file
        );
    }
}

#[test]
fn the_newest_version_writes_back_exactly_what_it_read() {
    for (file, value) in golden() {
        let envelope = envelope(&value);
        assert_eq!(
            serde_json::to_value(&envelope).unwrap(),
            value,
            "{file}: the envelope lost something"
        );
        let command = envelope.command().unwrap();
        if envelope.version == command.name().version() {
            assert_eq!(
                command.args().unwrap().read::<Value>().unwrap(),
                value["args"],
                "{file}: the arguments lost something"
            );
        }
    }
}

#[test]
fn a_field_from_the_future_is_ignored_wherever_it_stands() {
    fn sow(value: &mut Value) {
        match value {
            Value::Object(object) => {
                object.values_mut().for_each(sow);
                object.insert(
                    "added_in_2031".into(),
                    serde_json::json!({ "a": [1, "zwei", null] }),
                );
            }
            Value::Array(items) => items.iter_mut().for_each(sow),
            _ => {}
        }
    }
    for (file, value) in golden() {
        let plain = envelope(&value);
        let original_args = &value["args"];
        let mut args = original_args.clone();
        sow(&mut args);
        // What a patient answered, and the two sides of a correction, are values and not shapes.
        for path in [
            "/history/answers",
            "/answers",
            "/changes",
            "/accepted",
            "/choice/args",
        ] {
            if let (Some(at), Some(original)) = (args.pointer_mut(path), original_args.pointer(path)) {
                *at = original.clone();
            }
        }
        let future = Envelope {
            args: json(&args),
            ..plain.clone()
        };
        let read = future.command().unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(
            read == plain.command().unwrap(),
            "{file}: a field from the future changed the meaning"
        );
    }
}

#[test]
fn a_field_from_the_future_in_the_envelope_is_ignored() {
    for (_, mut value) in golden() {
        let plain = envelope(&value);
        value["signed_with"] = "something newer".into();
        assert!(envelope(&value) == plain);
    }
}

#[test]
fn an_unknown_name_is_said_to_be_unknown() {
    let refused = Command::from_wire("TeleportPatient", 1, &json(&Value::Null)).unwrap_err();
    assert_eq!(refused, UnknownCommand::Name("TeleportPatient".into()));
}

#[test]
fn a_newer_version_and_version_nought_are_said_to_be_unknown() {
    for (_, value) in golden() {
        let command = envelope(&value).command().unwrap().name();
        for version in [0, command.version() + 1, u32::MAX] {
            let refused = Command::from_wire(command.as_str(), version, &json(&value["args"])).unwrap_err();
            assert_eq!(refused, UnknownCommand::Version(command, version));
        }
    }
}

#[test]
fn a_missing_field_is_named() {
    let refused = Command::from_wire("MarkDistinct", 1, &json(&serde_json::json!({}))).unwrap_err();
    assert!(matches!(&refused, UnknownCommand::Args(CommandName::MarkDistinct, why) if why.contains("`a`")));
}

#[test]
fn why_arguments_cannot_be_read_never_repeats_what_they_hold() {
    const SECRET: &str = "Delgado, expected `a`";
    fn leaves(value: &Value, path: String, out: &mut Vec<String>) {
        match value {
            Value::Object(o) => o.iter().for_each(|(k, v)| leaves(v, format!("{path}/{k}"), out)),
            Value::Array(a) => a
                .iter()
                .enumerate()
                .for_each(|(i, v)| leaves(v, format!("{path}/{i}"), out)),
            _ => {}
        }
        out.push(path);
    }
    let mut tried = 0;
    for (file, value) in golden() {
        let mut paths = Vec::new();
        leaves(&value["args"], String::new(), &mut paths);
        for path in paths {
            let mut envelope = envelope(&value);
            let mut args = value["args"].clone();
            *args.pointer_mut(&path).unwrap() = SECRET.into();
            envelope.args = json(&args);
            if let Err(error) = envelope.command() {
                tried += 1;
                assert!(!error.to_string().contains("Delgado"), "{file}{path}: {error}");
            }
        }
    }
    assert!(tried > 50);
}
