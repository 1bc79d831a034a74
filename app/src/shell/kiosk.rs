//! The kiosk's shell.

use crate::pages::kiosk::{Kiosk, KioskParts};
use crate::ports::device::DevicePorts;
use crate::state::{Engine, EngineHandle};
use leptos::prelude::*;

/// The kiosk app: the engine of this page load, and the one page there is.
#[component]
pub fn KioskApp(ports: DevicePorts, parts: KioskParts) -> impl IntoView {
    provide_context(EngineHandle::new(Engine::new(ports)));
    view! { <Kiosk parts /> }
}
