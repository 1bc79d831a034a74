//! The kiosk: one question per screen.
