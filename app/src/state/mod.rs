//! What pages read, and the engine behind it.
//!
//! One [`Engine`] per page load holds the device (replica, outbox) and keeps it in step with the server. Pages
//! read through it, track [`Engine::version`], and give it commands; they never touch storage or the network.

mod arrival;
mod courier;
mod engine;
mod kinds;
mod kiosk;
mod passkey;
mod passphrase;
mod photos;
mod reads;
mod replica;
mod session;
mod status;

pub use engine::{Engine, EngineHandle, SubmitError, use_engine};
pub use kiosk::{Draft, KioskError};
pub use replica::OutboxItem;
pub use session::SignInError;
pub use status::{DeviceWord, Phase, Status, age_words, state_words};
