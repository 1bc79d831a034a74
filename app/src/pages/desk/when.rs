//! The site's clock: "today" is its day, whatever this device's own zone.

use crate::state::Engine;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use domain::row::{Entity, Row};
use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::js_sys::{Date, Object, Reflect};

/// A moment by the first site's clock. The browser knows the zones; one that it does not know counts as UTC.
pub fn local(engine: &Engine, at: DateTime<Utc>) -> NaiveDateTime {
    let zone = engine.pick(Entity::Site, |row| match row {
        Row::Site(site) => Some(site.time_zone.clone()),
        _ => None,
    });
    let at_utc = at.naive_utc();
    zone.first().and_then(|zone| in_zone(at, zone)).unwrap_or(at_utc)
}

fn in_zone(at: DateTime<Utc>, zone: &str) -> Option<NaiveDateTime> {
    let options = Object::new();
    Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
    #[allow(clippy::cast_precision_loss)]
    let date = Date::new(&JsValue::from_f64(at.timestamp_millis() as f64));
    // Swedish dates are ISO dates.
    let said = String::from(date.to_locale_string("sv-SE", &options));
    NaiveDateTime::parse_from_str(&said, "%Y-%m-%d %H:%M:%S").ok()
}

/// "10:29", or with the day when it is another: "Nov 21, 10:29".
pub fn moment(engine: &Engine, at: DateTime<Utc>) -> String {
    let (then, now) = (local(engine, at), local(engine, engine.ports.clock.now()));
    let clock = then.format("%-I:%M %p");
    if then.date() == now.date() {
        clock.to_string()
    } else if then.year() == now.year() {
        format!("{}, {clock}", then.format("%b %-d"))
    } else {
        format!("{}, {clock}", day(then.date()))
    }
}

/// "Mar 9, 1984"
pub fn day(on: NaiveDate) -> String {
    on.format("%b %-d, %Y").to_string()
}
