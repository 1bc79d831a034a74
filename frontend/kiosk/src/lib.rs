//! The kiosk's app, in a browser. The page's boot script calls [`boot`].

use app::pages::kiosk::{self, KioskParts};
use app::shell::kiosk::KioskApp;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// Starts the app inside the page.
#[wasm_bindgen]
pub fn boot() {
    device::install_panic_hook();
    let ports = device::kiosk_ports("anteroom-kiosk", "/api/poke");
    let parts = KioskParts {
        flow: app::part!(questions, kiosk::Flow),
        staff: app::part!(keeper, kiosk::StaffPage),
        enrol: app::part!(keeper, kiosk::Enrol),
    };
    mount_to(device::root(), move || view! { <KioskApp ports=ports parts /> }).forget();
}
