//! # app: the interface
//!
//! Leptos pages over the domain and the sync engine, mounted in the browser by one of two entries: the staff's
//! and the kiosk's. The same crate, built with `ssr`, gives the server the server functions.
//!
//! - [`ports`]: what the interface asks of the server and of the device; both hand in implementations, so there is
//!   no `cfg` here, no database and no browser storage.
//! - [`server_fns`]: one file per area, each function a fixed endpoint, one port call, the reply.
//! - [`state`]: the engine that keeps the replica, the outbox and the connection; what pages read.
//! - [`pages`]: one file per screen.
//! - [`routes`]: the route table of both shells.

// Views are nested types; the deepest page needs more than the default.
#![recursion_limit = "512"]

pub mod error;
pub mod pages;
pub mod ports;
pub mod routes;
pub mod server_fns;
pub mod shell;
pub mod state;
