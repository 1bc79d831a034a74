//! Patients by themselves: on a real Postgres, with their codes out by a real SMTP server.

mod sign_in;
mod stand;
mod terms;
mod visits;
