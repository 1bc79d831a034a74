//! Both halves of the synchronisation, step by step. One program: each would compile the whole crate again. The
//! simulation is one of its own.

mod blocks;
mod closing;
mod device;
mod golden;
mod hub;
mod secrets;
mod visible;
