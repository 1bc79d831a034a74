//! Server functions: a fixed endpoint, one port call, the reply. Bodies are versioned by their own types, and no
//! path depends on the build, so that a device of last month finds them.

pub mod access;
pub mod attachments;
pub mod codec;
pub mod sync;
