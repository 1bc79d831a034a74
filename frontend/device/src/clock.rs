//! Time, by the browser.

use app::ports::device::Clock;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::channel::oneshot;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessageChannel;

/// `Date`, `performance.now` and `setTimeout`.
pub struct BrowserClock;

#[async_trait(?Send)]
impl Clock for BrowserClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
    }

    fn ticks(&self) -> f64 {
        crate::dom::window()
            .performance()
            .map_or_else(js_sys::Date::now, |performance| performance.now())
    }

    async fn sleep(&self, millis: u32) {
        TimeoutFuture::new(millis).await;
    }

    /// By a message to itself: a timer waits four milliseconds once it was asked a few times.
    async fn turn(&self) {
        let Ok(channel) = MessageChannel::new() else {
            return TimeoutFuture::new(0).await;
        };
        let (tell, told) = oneshot::channel();
        let answered = Closure::once(move || {
            let _ = tell.send(());
        });
        channel
            .port1()
            .set_onmessage(Some(answered.as_ref().unchecked_ref()));
        if channel.port2().post_message(&JsValue::NULL).is_ok() {
            let _ = told.await;
        }
        channel.port1().close();
    }
}
