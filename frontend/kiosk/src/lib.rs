//! The kiosk's app, in a browser. The page's boot script calls [`boot`].

use app::shell::kiosk::KioskApp;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// Starts the app inside the page.
#[wasm_bindgen]
pub fn boot() {
    device::install_panic_hook();
    let ports = device::kiosk_ports("anteroom-kiosk", "/api/poke");
    mount_to(device::root(), move || view! { <KioskApp ports=ports /> }).forget();
}
