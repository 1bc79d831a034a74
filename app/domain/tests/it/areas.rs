//! The table on the crate's front page is complete: every row and command belongs to exactly one area.

use domain::command::CommandName;
use domain::row::Entity;
use std::collections::BTreeMap;

const FRONT_PAGE: &str = include_str!("../../src/lib.rs");

/// Area, rows, commands, screens.
fn table() -> Vec<Vec<&'static str>> {
    let lines: Vec<&str> = FRONT_PAGE
        .lines()
        .filter_map(|line| line.strip_prefix("//! |"))
        .collect::<Vec<_>>();
    assert!(lines.len() > 2, "the front page has lost its table");
    lines[2..]
        .iter()
        .map(|line| {
            line.trim()
                .trim_end_matches('|')
                .split('|')
                .map(str::trim)
                .collect()
        })
        .collect()
}

fn count(column: usize) -> BTreeMap<String, usize> {
    let mut seen = BTreeMap::new();
    for row in table() {
        for name in row[column].split(',') {
            *seen.entry(name.trim().to_owned()).or_default() += 1;
        }
    }
    seen
}

#[test]
fn no_area_has_a_blank_column() {
    for row in table() {
        assert_eq!(row.len(), 4, "{row:?}");
        assert!(
            row.iter()
                .all(|cell| !cell.is_empty() && *cell != "-" && *cell != "–"),
            "{row:?}"
        );
    }
}

#[test]
fn every_area_is_a_module() {
    for row in table() {
        assert!(
            FRONT_PAGE.contains(&format!("pub mod {};", row[0])),
            "{} is no module",
            row[0]
        );
    }
}

#[test]
fn every_kind_of_row_belongs_to_exactly_one_area() {
    let expected: BTreeMap<String, usize> = Entity::ALL
        .iter()
        .map(|entity| (format!("{entity:?}"), 1))
        .collect();
    assert_eq!(count(1), expected);
}

#[test]
fn every_command_belongs_to_exactly_one_area() {
    let expected: BTreeMap<String, usize> = CommandName::ALL
        .iter()
        .map(|name| (name.as_str().to_owned(), 1))
        .collect();
    assert_eq!(count(2), expected);
}

#[test]
fn a_rows_name_is_the_same_in_tables_and_on_the_wire() {
    for entity in Entity::ALL {
        assert_eq!(serde_json::to_value(entity).unwrap(), entity.name());
    }
}
