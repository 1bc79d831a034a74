//! What every form that books a time has: whom, for what, with whom, and what speaks against it.

mod choices;
mod findings;
mod open;
mod patient;
mod referral;
mod rooms;
mod time;

pub use choices::{SCENARIOS, kinds, people, practitioners, scenario_options, sites, visit_type};
pub use findings::{Findings, findings};
pub use open::{OF, clock, with_book};
pub use patient::{PatientPick, Picked};
pub use referral::ReferralPick;
pub use rooms::with_rooms;
pub use time::{clock_words, read_time, time_value};
