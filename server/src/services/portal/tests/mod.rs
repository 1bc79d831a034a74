//! Patients by themselves: on a real Postgres, with their codes out by a real SMTP server.

mod codes;
mod device;
mod privacy;
mod reach;
mod referrals;
mod sign_in;
mod stand;
mod terms;
mod visits;
