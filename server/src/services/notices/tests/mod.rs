//! Notices on a real Postgres, out by a real SMTP server and a provider's REST API.

mod forms;
mod once;
mod public;
pub(crate) mod smtp;
pub(crate) mod stand;
mod texts;
