//! The doctor's phone.
