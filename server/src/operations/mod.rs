//! What an administrator does from a terminal.

pub mod backup;
pub mod doctor;
pub mod practices;
pub mod sync;
pub mod users;
