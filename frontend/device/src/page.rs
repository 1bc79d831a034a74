//! The page and its surroundings.

use crate::dom::{document, listen, listen_first, window};
use crate::locks::TabLock;
use app::ports::device::Page;
use async_trait::async_trait;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Promise, Reflect};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Blob, BlobPropertyBag, BroadcastChannel, Element, Event, File, HtmlAnchorElement, HtmlElement,
    KeyboardEvent, Url, VisibilityState,
};

/// Where tabs of this site tell each other that something changed.
const CHANNEL: &str = "anteroom";
/// How long an element may take to appear, in frames.
const FRAMES: u32 = 30;
/// A browser may still be reading a file that was just saved.
const SAVED_MS: u32 = 30_000;

/// The window this runs in.
pub struct BrowserPage {
    tab: TabLock,
}

impl BrowserPage {
    /// With the name under which only one tab may work.
    pub fn new(lock: &str) -> Self {
        BrowserPage {
            tab: TabLock::new(lock),
        }
    }
}

#[async_trait(?Send)]
impl Page for BrowserPage {
    fn reload(&self) {
        let _ = window().location().reload();
    }

    fn replace(&self, path: &str) {
        let _ = window().location().replace(path);
    }

    fn describe(&self, lang: &str, title: &str, density: &str) {
        let document = document();
        document.set_title(title);
        if let Some(html) = document.document_element() {
            let _ = html.set_attribute("lang", lang);
            let _ = html.set_attribute("data-density", density);
        }
    }

    fn focus(&self, id: &str) {
        let id = id.to_owned();
        spawn_local(async move {
            for _ in 0..FRAMES {
                next_frame().await;
                if let Some(element) = document().get_element_by_id(&id) {
                    let _ = element.unchecked_into::<HtmlElement>().focus();
                    return;
                }
            }
        });
    }

    fn on_wake(&self, wake: Rc<dyn Fn()>) {
        listen(&document(), "visibilitychange", {
            let wake = wake.clone();
            move |_| {
                if document().visibility_state() == VisibilityState::Visible {
                    wake();
                }
            }
        });
        for event in ["focus", "online"] {
            let wake = wake.clone();
            listen(&window(), event, move |_| wake());
        }
        if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
            // The browser keeps a channel that has a listener.
            listen(&channel, "message", move |_| wake());
        }
    }

    fn on_activity(&self, active: Rc<dyn Fn()>) {
        for event in ["pointerdown", "keydown"] {
            let active = active.clone();
            listen_first(&window(), event, move |_| active());
        }
    }

    fn on_update_ready(&self, ready: Rc<dyn Fn()>) {
        listen(&window(), "anteroom:update-ready", {
            let ready = ready.clone();
            move |_| ready()
        });
        let already =
            Reflect::get(&window(), &"anteroomUpdateReady".into()).is_ok_and(|value| value.is_truthy());
        if already {
            spawn_local(async move { ready() });
        }
    }

    fn apply_update(&self) {
        let apply = Reflect::get(&window(), &"anteroomApplyUpdate".into());
        match apply.map(|value| value.dyn_into::<Function>()) {
            Ok(Ok(apply)) if apply.call0(&window()).is_ok() => {}
            _ => self.reload(),
        }
    }

    fn on_key(&self, pressed: Rc<dyn Fn(String) -> bool>) {
        listen(&window(), "keydown", move |event| {
            let event: KeyboardEvent = event.unchecked_into();
            if is_shortcut(&event) && pressed(event.key()) {
                event.prevent_default();
            }
        });
    }

    fn width(&self) -> f64 {
        window()
            .inner_width()
            .ok()
            .and_then(|width| width.as_f64())
            .unwrap_or_default()
    }

    async fn persist(&self) -> bool {
        match window().navigator().storage().persist() {
            Ok(promise) => promise.await.is_ok_and(|kept| kept.is_truthy()),
            Err(_) => false,
        }
    }

    async fn hold_tab(&self, seize: bool, lost: Rc<dyn Fn()>) -> bool {
        self.tab.take(seize, lost).await
    }

    async fn bytes_of(&self, file: File) -> Option<Vec<u8>> {
        crate::photos::bytes(&file).await
    }

    fn download(&self, name: &str, text: &str) {
        let parts = Array::of1(&text.into());
        let options = BlobPropertyBag::new();
        options.set_type("application/octet-stream");
        let Ok(url) = Blob::new_with_str_sequence_and_options(&parts, &options)
            .and_then(|blob| Url::create_object_url_with_blob(&blob))
        else {
            return;
        };
        if let (Ok(link), Some(body)) = (document().create_element("a"), document().body()) {
            let link: HtmlAnchorElement = link.unchecked_into();
            link.set_href(&url);
            link.set_download(name);
            let _ = body.append_child(&link);
            link.click();
            link.remove();
        }
        Timeout::new(SAVED_MS, move || drop(Url::revoke_object_url(&url))).forget();
    }
}

async fn next_frame() {
    let frame = Promise::new(&mut |shown, _| {
        if window().request_animation_frame(&shown).is_err() {
            let _ = shown.call0(&wasm_bindgen::JsValue::UNDEFINED);
        }
    });
    let _ = frame.await;
}

/// A key meant for the page: not text, not the browser's own, not the press of a button. Escape always is.
fn is_shortcut(event: &KeyboardEvent) -> bool {
    if event.default_prevented()
        || event.is_composing()
        || event.ctrl_key()
        || event.alt_key()
        || event.meta_key()
    {
        return false;
    }
    let Some(target) = target(event) else { return true };
    match event.key().as_str() {
        "Escape" => true,
        "Enter" | " " => !is_field(&target) && !is_pressable(&target),
        _ => !is_field(&target),
    }
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn is_field(element: &Element) -> bool {
    matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        || element
            .dyn_ref::<HtmlElement>()
            .is_some_and(HtmlElement::is_content_editable)
}

/// Enter and the space bar already do something there.
fn is_pressable(element: &Element) -> bool {
    element
        .closest("a[href], button, summary, [role=button]")
        .is_ok_and(|found| found.is_some())
}
