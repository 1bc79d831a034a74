//! Which tab may work. One holds a Web Lock for as long as it lives, and says in this site's settings that it is alive.
//! A tab that is frozen keeps its lock for ever, so the lock of one that has been silent for long is taken from it; a
//! person may take it at any time. What the former holder still tries to write is refused (see `store.rs`), so taking
//! it is safe. `web-sys` hides Web Locks behind an unstable flag: they are reached by name.

use crate::dom::window;
use futures::channel::oneshot;
use gloo_storage::{LocalStorage, Storage};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Date, Function, Object, Promise, Reflect};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

/// A page that reloads may meet its former self for a moment.
const TRIES: u32 = 3;
const PAUSE_MS: u32 = 200;
/// How often the holder says that it is alive.
const BEAT_MS: u32 = 5_000;
/// A holder that was silent for so long is frozen. A hidden tab still says something once a minute.
const SILENT_MS: f64 = 150_000.0;

/// A lock that one tab holds until it is closed, or loses.
pub struct TabLock {
    name: String,
    held: Rc<Cell<bool>>,
}

impl TabLock {
    /// Not taken yet.
    pub fn new(name: &str) -> Self {
        TabLock {
            name: name.to_owned(),
            held: Rc::new(Cell::new(false)),
        }
    }

    /// Takes the lock, or says that another tab has it; with `seize`, takes it from any other. `lost` is called once
    /// another tab has taken it from this one. A browser without locks has no say in this.
    pub async fn take(&self, seize: bool, lost: Rc<dyn Fn()>) -> bool {
        for attempt in 0..TRIES {
            if attempt > 0 {
                TimeoutFuture::new(PAUSE_MS).await;
            }
            if self.held.get() {
                return true;
            }
            let seize = seize || (attempt + 1 == TRIES && self.is_silent());
            let held = self.held.clone();
            let lost = lost.clone();
            let gone = move || {
                held.set(false);
                lost();
            };
            if request(&self.name, seize, gone).await.unwrap_or(true) {
                self.held.set(true);
                self.beat();
                return true;
            }
        }
        false
    }

    /// Where the holder says that it is alive.
    fn mark(&self) -> String {
        format!("{}-alive", self.name)
    }

    fn is_silent(&self) -> bool {
        // One that never said anything may only lack the room to.
        LocalStorage::get::<f64>(self.mark()).is_ok_and(|said| (Date::now() - said).abs() > SILENT_MS)
    }

    fn beat(&self) {
        let (held, mark) = (self.held.clone(), self.mark());
        spawn_local(async move {
            while held.get() {
                // Without room for it, nothing worse happens than that this tab seems frozen.
                let _ = LocalStorage::set(&mark, Date::now());
                TimeoutFuture::new(BEAT_MS).await;
            }
        });
    }
}

/// Nothing when the browser has no locks.
async fn request(name: &str, seize: bool, gone: impl FnOnce() + 'static) -> Option<bool> {
    let locks = Reflect::get(&window().navigator(), &"locks".into())
        .ok()
        .filter(JsValue::is_object)?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    let how = if seize { "steal" } else { "ifAvailable" };
    Reflect::set(&options, &how.into(), &true.into()).ok()?;
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
    // It is rejected when another tab takes the lock, or when the page may not even ask (a sandbox).
    let (refuse, refused) = oneshot::channel();
    let mine = Rc::new(Cell::new(false));
    spawn_local({
        let mine = mine.clone();
        async move {
            if asked.await.is_err() {
                if mine.get() {
                    gone();
                }
                let _ = refuse.send(());
            }
        }
    });
    match futures::future::select(told, refused).await {
        futures::future::Either::Left((answer, _)) => {
            mine.set(answer == Ok(true));
            answer.ok()
        }
        // Dropped unsent: the lock was not free, and that is told on the other line.
        futures::future::Either::Right((Err(_), told)) => told.await.ok(),
        futures::future::Either::Right((Ok(()), _)) => None,
    }
}
