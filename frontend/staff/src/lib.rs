//! The staff's app, in a browser. The page's boot script calls [`boot`]; its worker calls [`derive_key`].

use app::shell::staff::StaffApp;
use leptos::mount::mount_to;
use leptos::prelude::*;
use sync::keyring::{Cost, derive};
use wasm_bindgen::prelude::*;

/// Starts the app inside the page.
#[wasm_bindgen]
pub fn boot() {
    device::install_panic_hook();
    let ports = device::staff_ports("anteroom-staff", "/api/poke");
    mount_to(device::root(), move || view! { <StaffApp ports=ports /> }).forget();
}

/// Argon2id of a passphrase, for the worker: this module is loaded there without being booted.
#[wasm_bindgen]
pub fn derive_key(passphrase: String, salt: Vec<u8>, m_kib: u32, t: u32, p: u32) -> Result<Vec<u8>, JsValue> {
    let cost = Cost {
        memory_kib: m_kib,
        passes: t,
        lanes: p,
    };
    derive(&passphrase, &salt, cost)
        .map(|key| key.0.to_vec())
        .ok_or_else(|| JsValue::from_str("cannot derive"))
}
