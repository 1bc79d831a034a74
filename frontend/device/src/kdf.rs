//! Argon2id in a worker, so that typing does not freeze. Each derivation has its own worker, ended afterwards: that is
//! the only sure way to drop the passphrase from its memory.

use crate::dom::document;
use app::ports::device::Kdf;
use async_trait::async_trait;
use futures::channel::oneshot;
use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Object, Reflect, Uint8Array};
use std::cell::RefCell;
use std::rc::Rc;
use sync::cipher::DataKey;
use sync::keyring::{Cost, derive};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent, Worker, WorkerOptions, WorkerType};

/// Longer than the slowest tablet takes; a worker that is silent for so long never started.
const PATIENCE_MS: u32 = 30_000;
/// Enough for the page to show that it is busy.
const PAINT_MS: u32 = 32;

/// A worker of the page's own code.
pub struct WorkerKdf;

#[async_trait(?Send)]
impl Kdf for WorkerKdf {
    async fn derive(&self, passphrase: &str, salt: &[u8], cost: Cost) -> Option<DataKey> {
        if let Some(url) = worker_url()
            && let Some(key) = in_worker(&url, passphrase, salt, cost).await
        {
            return Some(key);
        }
        TimeoutFuture::new(PAINT_MS).await;
        derive(passphrase, salt, cost)
    }
}

fn worker_url() -> Option<String> {
    let meta = document()
        .query_selector("meta[name=anteroom-kdf-worker]")
        .ok()
        .flatten()?;
    meta.get_attribute("content").filter(|url| !url.is_empty())
}

/// Ended when dropped.
struct Hired(Worker);

impl Drop for Hired {
    fn drop(&mut self) {
        self.0.set_onmessage(None);
        self.0.set_onerror(None);
        self.0.terminate();
    }
}

/// Nothing when there is no worker to be had, or it failed.
async fn in_worker(url: &str, passphrase: &str, salt: &[u8], cost: Cost) -> Option<DataKey> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Hired(Worker::new_with_options(url, &options).ok()?);

    let (tell, told) = oneshot::channel();
    let tell = Rc::new(RefCell::new(Some(tell)));
    let answered = Closure::<dyn FnMut(MessageEvent)>::new({
        let tell = tell.clone();
        move |event: MessageEvent| {
            if let Some(tell) = tell.take() {
                let _ = tell.send(key(&event.data()));
            }
        }
    });
    let failed = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        event.prevent_default();
        if let Some(tell) = tell.take() {
            let _ = tell.send(None);
        }
    });
    worker.0.set_onmessage(Some(answered.as_ref().unchecked_ref()));
    worker.0.set_onerror(Some(failed.as_ref().unchecked_ref()));
    worker.0.post_message(&question(passphrase, salt, cost)?).ok()?;

    match select(told, TimeoutFuture::new(PATIENCE_MS)).await {
        Either::Left((answer, _)) => answer.ok().flatten(),
        Either::Right(_) => None,
    }
}

fn question(passphrase: &str, salt: &[u8], cost: Cost) -> Option<JsValue> {
    let message = Object::new();
    let fields: [(&str, JsValue); 6] = [
        ("id", 1.into()),
        ("passphrase", passphrase.into()),
        ("salt", Uint8Array::from(salt).into()),
        ("mKib", cost.memory_kib.into()),
        ("t", cost.passes.into()),
        ("p", cost.lanes.into()),
    ];
    for (name, value) in fields {
        Reflect::set(&message, &name.into(), &value).ok()?;
    }
    Some(message.into())
}

fn key(answer: &JsValue) -> Option<DataKey> {
    let key: Uint8Array = Reflect::get(answer, &"key".into()).ok()?.dyn_into().ok()?;
    key.to_vec().try_into().ok().map(DataKey)
}
