//! The doctor's phone.

pub mod day;
pub mod patient;
pub mod patients;
