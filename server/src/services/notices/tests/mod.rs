//! Notices on a real Postgres, out by a real SMTP server and a provider's REST API.

mod once;
mod public;
mod smtp;
mod stand;
mod texts;
