//! What happens when the app panics: the page covers itself, and the console says where, never what.

use web_sys::{CustomEvent, CustomEventInit};

/// Tells the page of a panic by the event `anteroom:crash`, with a short id that is the same for the same place.
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        // The message may hold values of the person's; the place never does.
        let place = info
            .location()
            .map_or_else(|| "somewhere".to_owned(), ToString::to_string);
        let mut id = sync::sha256_hex(place.as_bytes());
        id.truncate(8);
        web_sys::console::error_1(&format!("stopped at {place} ({id})").into());
        let Some(window) = web_sys::window() else { return };
        let init = CustomEventInit::new();
        init.set_detail(&id.into());
        if let Ok(event) = CustomEvent::new_with_event_init_dict("anteroom:crash", &init) {
            let _ = window.dispatch_event(&event);
        }
    }));
}
