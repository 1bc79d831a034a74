//! One file per screen, one folder per area.

pub mod desk;
pub mod kiosk;
pub mod shot;
pub mod today;
