//! Patients by themselves: on a real Postgres, with their codes out by a real SMTP server.

mod codes;
mod device;
mod privacy;
mod referrals;
mod reach;
mod sign_in;
mod stand;
mod terms;
mod visits;
