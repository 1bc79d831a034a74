//! Time, by the browser.

use app::ports::device::Clock;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use gloo_timers::future::TimeoutFuture;

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
}
