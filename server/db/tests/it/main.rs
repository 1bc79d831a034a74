//! On a real Postgres. `TEST_DATABASE_URL` names a superuser of a cluster that may be filled with databases.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod alias;
mod booking;
mod crash;
mod directory;
mod editions;
mod equal;
mod pull;
mod push;
mod recalls;
mod scope;
mod stand;
mod standing;
mod terms;
mod together;
mod walls;
mod window;
