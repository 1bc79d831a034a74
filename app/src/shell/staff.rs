//! The staff's shell.

use crate::ports::device::DevicePorts;
use crate::state::{Engine, EngineHandle};
use leptos::prelude::*;

/// The staff app.
#[component]
pub fn StaffApp(ports: DevicePorts) -> impl IntoView {
    let engine = Engine::new(ports);
    provide_context(EngineHandle::new(engine.clone()));
    leptos::task::spawn_local(async move {
        engine.start_staff().await;
    });
}
