//! Scheduling: clocks, open slots, bookings, and what happens to them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../common/mod.rs"]
mod common;

mod booking;
mod clock;
mod flow;
mod leases;
mod oneself;
mod recurrence;
mod referrals;
mod rooms;
mod series;
mod settings;
mod sheet;
mod slots;
mod stand;
mod standing;
mod standing_laws;
mod steps;
mod terms;
