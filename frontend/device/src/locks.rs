//! Web Locks: which tab may work. `web-sys` hides them behind an unstable flag, so they are reached by name.

use crate::dom::window;
use futures::channel::oneshot;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Object, Promise, Reflect};
use std::cell::Cell;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// A page that reloads may meet its former self for a moment.
const TRIES: u32 = 3;
const PAUSE_MS: u32 = 200;

/// A lock that one tab holds until it is closed.
pub struct TabLock {
    name: String,
    held: Cell<bool>,
}

impl TabLock {
    /// Not taken yet.
    pub fn new(name: &str) -> Self {
        TabLock {
            name: name.to_owned(),
            held: Cell::new(false),
        }
    }

    /// Takes the lock for good, or says that another tab has it. A browser without locks has no say in this.
    pub async fn take(&self) -> bool {
        for attempt in 0..TRIES {
            if attempt > 0 {
                TimeoutFuture::new(PAUSE_MS).await;
            }
            if self.held.get() || request(&self.name).await.unwrap_or(true) {
                self.held.set(true);
                return true;
            }
        }
        false
    }
}

/// Nothing when the browser has no locks.
async fn request(name: &str) -> Option<bool> {
    let locks = Reflect::get(&window().navigator(), &"locks".into())
        .ok()
        .filter(JsValue::is_object)?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &true.into()).ok()?;
    let (tell, told) = oneshot::channel();
    let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let mine = !lock.is_null() && !lock.is_undefined();
        let _ = tell.send(mine);
        // The lock lasts as long as this promise: until the tab goes.
        if mine {
            Promise::new(&mut |_, _| {}).into()
        } else {
            JsValue::UNDEFINED
        }
    });
    let asked: Promise = request
        .call3(&locks, &name.into(), &options, &granted)
        .ok()?
        .dyn_into()
        .ok()?;
    // A refusal to even ask (a sandboxed page) rejects, and then nobody would ever be told.
    let refused = async {
        if asked.await.is_ok() {
            futures::future::pending::<()>().await;
        }
    };
    match futures::future::select(told, std::pin::pin!(refused)).await {
        futures::future::Either::Left((mine, _)) => mine.ok(),
        futures::future::Either::Right(_) => None,
    }
}
