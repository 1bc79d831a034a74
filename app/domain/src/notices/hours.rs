//! Quiet hours: telephones ring and mails arrive within the practice's hours, where the patient is.

use crate::patients::{AddressUse, Patient};
use crate::schedule::SiteClock;
use chrono::{DateTime, Duration, NaiveDate, Utc};

/// Within which minutes of a day something may be sent, on the wall. The end is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// From this minute on.
    pub from_minute: u16,
    /// Until this one.
    pub until_minute: u16,
}

/// A search ends after so many steps: no state's clocks are so far apart that a day goes by without common hours.
const MOST_STEPS: usize = 64;

impl Hours {
    /// Whether it is within them, on a clock.
    pub fn holds(&self, at: DateTime<Utc>, clock: &SiteClock) -> bool {
        let (from, until) = self.on(clock.day(at), clock);
        (from..until).contains(&at)
    }

    /// The first instant from `at` on that is within them on every clock; nothing when the clocks share no hours.
    pub fn next(&self, at: DateTime<Utc>, clocks: &[&SiteClock]) -> Option<DateTime<Utc>> {
        let mut at = at;
        for _ in 0..MOST_STEPS {
            match clocks.iter().find(|clock| !self.holds(at, clock)) {
                None => return Some(at),
                Some(clock) => at = self.opens(at, clock)?,
            }
        }
        None
    }

    /// The last whole minute up to `at` that is within them on every clock.
    pub fn last(&self, at: DateTime<Utc>, clocks: &[&SiteClock]) -> Option<DateTime<Utc>> {
        let mut at = at;
        for _ in 0..MOST_STEPS {
            match clocks.iter().find(|clock| !self.holds(at, clock)) {
                None => return Some(at),
                Some(clock) => at = self.closed(at, clock)?,
            }
        }
        None
    }

    /// From when until when, on a day. A time that the clock skips is the moment of the jump.
    fn on(&self, day: NaiveDate, clock: &SiteClock) -> (DateTime<Utc>, DateTime<Utc>) {
        (
            clock.at_minute(day, self.from_minute),
            clock.at_minute(day, self.until_minute),
        )
    }

    /// The next opening after `at`.
    fn opens(&self, at: DateTime<Utc>, clock: &SiteClock) -> Option<DateTime<Utc>> {
        let mut day = clock.day(at);
        for _ in 0..3 {
            let (from, until) = self.on(day, clock);
            if from > at && from < until {
                return Some(from);
            }
            day = day.succ_opt()?;
        }
        None
    }

    /// The last minute before `at` of the hours that ended before it.
    fn closed(&self, at: DateTime<Utc>, clock: &SiteClock) -> Option<DateTime<Utc>> {
        let mut day = clock.day(at);
        for _ in 0..3 {
            let (from, until) = self.on(day, clock);
            let last = until - Duration::minutes(1);
            if last < at && from <= last {
                return Some(last);
            }
            day = day.pred_opt()?;
        }
        None
    }
}

/// The time of day as patients read it is the site's; whether it is night is a matter of where they live. The zones of
/// a patient's state by their home address, or nothing when no address says it: the site's zone counts then. In a
/// state with several zones nobody knows in which part they live, so all of them count.
pub fn zones_of(patient: &Patient) -> &'static [&'static str] {
    let home = patient
        .addresses
        .iter()
        .find(|address| address.usage == AddressUse::Home && !address.bad);
    home.map_or(&[], |address| zones_of_state(&address.state))
}

/// The zones of a state or territory (IANA tz database, `zone1970.tab`); nothing for what is none.
pub fn zones_of_state(state: &str) -> &'static [&'static str] {
    const EASTERN: &str = "America/New_York";
    const CENTRAL: &str = "America/Chicago";
    const MOUNTAIN: &str = "America/Denver";
    const PACIFIC: &str = "America/Los_Angeles";
    match state.trim().to_ascii_uppercase().as_str() {
        "CT" | "DC" | "DE" | "GA" | "MA" | "MD" | "ME" | "NC" | "NH" | "NJ" | "NY" | "OH" | "PA" | "RI"
        | "SC" | "VA" | "VT" | "WV" => &[EASTERN],
        "FL" | "IN" | "KY" | "MI" | "TN" => &[EASTERN, CENTRAL],
        "AL" | "AR" | "IA" | "IL" | "LA" | "MN" | "MO" | "MS" | "OK" | "WI" => &[CENTRAL],
        "KS" | "ND" | "NE" | "SD" | "TX" => &[CENTRAL, MOUNTAIN],
        "CO" | "MT" | "NM" | "UT" | "WY" => &[MOUNTAIN],
        // The Navajo Nation changes its clocks, the rest of Arizona does not.
        "AZ" => &["America/Phoenix", MOUNTAIN],
        "ID" | "OR" => &[MOUNTAIN, PACIFIC],
        "CA" | "NV" | "WA" => &[PACIFIC],
        "AK" => &["America/Anchorage", "America/Adak"],
        "HI" => &["Pacific/Honolulu"],
        "PR" | "VI" => &["America/Puerto_Rico"],
        "GU" | "MP" => &["Pacific/Guam"],
        "AS" => &["Pacific/Pago_Pago"],
        // The Freely Associated States.
        "FM" => &["Pacific/Port_Moresby", "Pacific/Guadalcanal", "Pacific/Kosrae"],
        "MH" => &["Pacific/Tarawa", "Pacific/Kwajalein"],
        "PW" => &["Pacific/Palau"],
        _ => &[],
    }
}
