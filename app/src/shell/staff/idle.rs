//! The clock that ages are counted by, and the lock that falls when nobody is there.

use super::context::Desk;
use crate::state::Phase;
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;

/// Minutes without a touch or key before a computer locks.
const COMPUTER_MINUTES: f64 = 15.0;
/// The same for a phone, which lies about.
const PHONE_MINUTES: f64 = 5.0;
/// How often the clock moves on.
const TICK_MILLIS: u32 = 1_000;

/// Starts both, once per page load.
pub fn watch(desk: Desk) {
    let engine = desk.engine();
    let touched = Rc::new(Cell::new(engine.ports.clock.ticks()));
    let (mark, clock) = (touched.clone(), engine.ports.clock.clone());
    engine
        .ports
        .page
        .on_activity(Rc::new(move || mark.set(clock.ticks())));
    let _resized = window_event_listener(leptos::ev::resize, move |_| {
        let narrow = desk.engine().ports.page.width() < 640.0;
        if desk.narrow.get_untracked() != narrow {
            desk.narrow.set(narrow);
        }
    });
    leptos::task::spawn_local(async move {
        // By the wall clock too: `ticks` may stand still while a computer sleeps.
        let mut seen = (touched.get(), engine.ports.clock.now());
        loop {
            engine.ports.clock.sleep(TICK_MILLIS).await;
            let now = engine.ports.clock.now();
            desk.now.set(now);
            if touched.get() != seen.0 {
                // A touch after a long sleep comes too late to count.
                if !is_over(desk, seen.1, now) {
                    seen = (touched.get(), now);
                }
            }
            let ready = engine
                .status
                .with_untracked(|status| status.phase == Phase::Ready);
            if !ready {
                seen = (touched.get(), now);
            } else if is_over(desk, seen.1, now) {
                engine.lock();
                return;
            }
        }
    });
}

fn is_over(desk: Desk, since: chrono::DateTime<chrono::Utc>, now: chrono::DateTime<chrono::Utc>) -> bool {
    let minutes = if desk.narrow.get_untracked() {
        PHONE_MINUTES
    } else {
        COMPUTER_MINUTES
    };
    (now - since).as_seconds_f64() >= minutes * 60.0
}
