//! The front desk.

pub mod address;
pub mod aside;
pub mod board;
pub mod booking;
pub mod calendar;
pub mod counter;
pub mod decisions;
pub mod devices;
pub mod form;
pub mod hours;
pub mod intake;
pub mod new_patient;
pub mod outbox;
pub mod page;
pub mod passkey;
pub mod passphrase;
pub mod patients;
pub mod photo;
pub mod record;
pub mod reminders;
pub mod results;
pub mod sheet;
pub mod signature;
pub mod tasks;
pub mod when;
pub mod words;
