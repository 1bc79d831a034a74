//! # device: the browser behind the interface
//!
//! Implements every port of [`app::ports::device`] for a browser, one file per port. Nothing here knows about patients:
//! what reaches the database is ciphertext already.

mod clock;
mod dom;
mod failure;
mod files;
mod kdf;
mod locks;
mod page;
mod panic;
mod passkeys;
mod photos;
mod picture;
mod pokes;
mod random;
mod settings;
mod store;
mod verdict;

pub use panic::install_panic_hook;

use app::ports::device::DevicePorts;
use std::rc::Rc;

/// Everything a staff member's device offers, in this browser.
pub fn staff_ports(database_name: &str, pokes_url: &str) -> DevicePorts {
    DevicePorts {
        kdf: Some(Rc::new(kdf::WorkerKdf)),
        passkeys: Some(Rc::new(passkeys::WebAuthn)),
        files: Some(Rc::new(files::Fetch)),
        ..kiosk_ports(database_name, pokes_url)
    }
}

/// The same without passphrases. The database's name also names the lock that keeps other tabs out.
pub fn kiosk_ports(database_name: &str, pokes_url: &str) -> DevicePorts {
    DevicePorts {
        clock: Rc::new(clock::BrowserClock),
        randomness: Rc::new(random::BrowserRandomness),
        store: Rc::new(store::IndexedDb::new(database_name)),
        settings: Rc::new(settings::WebStorage),
        kdf: None,
        passkeys: None,
        photos: Rc::new(photos::CanvasPhotos),
        page: Rc::new(page::BrowserPage::new(database_name)),
        pokes: Rc::new(pokes::EventSourcePokes::new(pokes_url)),
        files: None,
    }
}

/// The element that the app lives in, with the id `app` in the page.
pub fn root() -> web_sys::HtmlElement {
    use wasm_bindgen::{JsCast, UnwrapThrowExt};
    let element = dom::document()
        .get_element_by_id("app")
        .expect_throw("the page has no #app");
    element.unchecked_into()
}
