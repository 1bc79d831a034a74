//! The two shells: what surrounds every page, and which page is shown.

pub mod kiosk;
pub mod part;
pub mod staff;
