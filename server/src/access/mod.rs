//! Who comes in, and how often they may try.

pub mod cookies;
pub mod passphrase;
pub mod throttle;
