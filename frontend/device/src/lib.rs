//! frontend/device
