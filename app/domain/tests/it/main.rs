//! What a practice knows and may do, area by area. One program: each would compile the whole crate again. Schedule and
//! notices are programs of their own, and long ones.

#[path = "../common/mod.rs"]
mod common;

mod alias;
mod answering;
mod areas;
mod coverages;
mod forms;
mod golden;
mod guarantor;
mod house;
mod intake;
mod letters;
mod matching;
mod merging;
mod messages;
mod names;
mod permissions;
mod props;
mod recalls;
mod referrals;
mod registration;
mod related;
mod said;
mod search;
mod sheet;
mod submitting;
mod tasks;
mod tray;
mod window;
