//! The server's "something changed", by server-sent events.

use app::ports::device::Pokes;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventSource, MessageEvent};

/// One open line.
struct Line {
    source: EventSource,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _broken: Closure<dyn FnMut(Event)>,
}

impl Drop for Line {
    fn drop(&mut self) {
        hang_up(&self.source);
    }
}

fn hang_up(source: &EventSource) {
    source.set_onmessage(None);
    source.set_onerror(None);
    source.close();
}

/// `EventSource`. It never comes back by itself: whoever listens decides when to try again.
pub struct EventSourcePokes {
    url: String,
    line: RefCell<Option<Line>>,
}

impl EventSourcePokes {
    /// For an address of the server's.
    pub fn new(url: &str) -> Self {
        EventSourcePokes {
            url: url.to_owned(),
            line: RefCell::default(),
        }
    }
}

impl Pokes for EventSourcePokes {
    fn listen(&self, poked: Rc<dyn Fn(u64)>, lost: Rc<dyn Fn()>) {
        self.stop();
        let Ok(source) = EventSource::new(&self.url) else {
            return lost();
        };
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let head = event.data().as_string().and_then(|data| data.trim().parse().ok());
            if let Some(head) = head {
                poked(head);
            }
        });
        let broken = Closure::<dyn FnMut(Event)>::new({
            let source = source.clone();
            move |_| {
                hang_up(&source);
                lost();
            }
        });
        source.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        source.set_onerror(Some(broken.as_ref().unchecked_ref()));
        self.line.replace(Some(Line {
            source,
            _heard: heard,
            _broken: broken,
        }));
    }

    fn stop(&self) {
        // Out of the cell first: dropping runs code.
        let line = self.line.take();
        drop(line);
    }
}
