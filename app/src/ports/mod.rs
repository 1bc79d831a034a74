//! What the interface asks of the outside.

pub mod device;
pub mod server;
