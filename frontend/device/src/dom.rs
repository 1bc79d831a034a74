//! The few things every port needs of the page.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Document, Event, EventTarget, Window};

/// The window. There always is one: workers never come here.
pub fn window() -> Window {
    web_sys::window().expect_throw("no window")
}

/// The document.
pub fn document() -> Document {
    window().document().expect_throw("no document")
}

/// Listens for as long as the page lives.
pub fn listen(target: &EventTarget, event: &str, heard: impl FnMut(Event) + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(heard);
    let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// The same, before anyone on the way to the target can stop the event.
pub fn listen_first(target: &EventTarget, event: &str, heard: impl FnMut(Event) + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(heard);
    let _ = target.add_event_listener_with_callback_and_bool(event, closure.as_ref().unchecked_ref(), true);
    closure.forget();
}
