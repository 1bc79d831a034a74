//! The kiosk's shell.

use crate::ports::device::DevicePorts;
use crate::state::{Engine, EngineHandle};
use leptos::prelude::*;

/// The kiosk app.
#[component]
pub fn KioskApp(ports: DevicePorts) -> impl IntoView {
    let engine = Engine::new(ports);
    provide_context(EngineHandle::new(engine.clone()));
    leptos::task::spawn_local(async move {
        engine.start_kiosk().await;
    });
}
