//! What a request or a command makes happen.

pub mod check_in;
pub mod clocks;
pub mod nightly;
pub mod notices;
pub mod photos;
pub mod pokes;
pub mod portal;
pub mod push;
pub mod requester;
pub mod settings;
pub mod standing;
