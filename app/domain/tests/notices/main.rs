//! Notices: who is told what, when, by which way, and what became of it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../schedule/stand.rs"]
#[allow(dead_code)]
mod stand;

mod forms;
mod hours;
mod planning;
mod preferred;
mod rules;
mod steps;
mod words;
