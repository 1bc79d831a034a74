//! Quiet hours in every zone of every state, through every night on which clocks change.

use crate::common::*;
use crate::stand::*;
use chrono::{DateTime, Duration, Timelike, Utc};
use chrono_tz::Tz;
use domain::notices::hours::{Hours, zones_of_state};
use domain::schedule::SiteClock;
use domain::validate::STATES;
use proptest::prelude::*;

fn zone_clock(zone: &str) -> SiteClock {
    clock(
        NORTH,
        zone.parse::<Tz>().unwrap(),
        "2024-01-01T00:00:00Z",
        "2030-01-01T00:00:00Z",
    )
}

fn clocks_of(state: &str) -> Vec<SiteClock> {
    zones_of_state(state)
        .iter()
        .map(|zone| zone_clock(zone))
        .collect()
}

/// What the table of zones itself says, by another way than ours.
fn awake(at: DateTime<Utc>, zone: &str, hours: Hours) -> bool {
    let wall = at.with_timezone(&zone.parse::<Tz>().unwrap());
    let minute = wall.hour() * 60 + wall.minute();
    (u32::from(hours.from_minute)..u32::from(hours.until_minute)).contains(&minute)
}

#[test]
fn every_state_has_zones_and_armed_forces_have_none() {
    for state in STATES {
        let military = ["AA", "AE", "AP"].contains(&state);
        assert_eq!(zones_of_state(state).is_empty(), military, "{state}");
        for zone in zones_of_state(state) {
            assert!(zone.parse::<Tz>().is_ok(), "{zone}");
        }
    }
    assert_eq!(zones_of_state(" wi "), ["America/Chicago"]);
    assert!(zones_of_state("Ontario").is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    /// Whatever the state, the moment and the hours: what is sent is sent while nobody there sleeps, and not later than
    /// it must be; and the last moment before is the last one.
    #[test]
    fn nothing_rings_at_night_wherever_it_rings(
        state in 0..STATES.len(),
        minutes in 0_i64..5 * 525_600,
        from in 8_u16..13,
        length in 2_u16..8,
    ) {
        let clocks = clocks_of(STATES[state]);
        prop_assume!(!clocks.is_empty());
        let refs: Vec<&SiteClock> = clocks.iter().collect();
        let hours = Hours { from_minute: from * 60, until_minute: (from + length) * 60 };
        let at = at("2024-06-01T00:00:00Z") + Duration::minutes(minutes);
        let everywhere = |at| zones_of_state(STATES[state]).iter().all(|zone| awake(at, zone, hours));
        let next = hours.next(at, &refs).unwrap();
        prop_assert!(everywhere(next), "{} {next}", STATES[state]);
        prop_assert!(next >= at && next - at < Duration::hours(25));
        let mut earlier = at;
        while earlier < next {
            prop_assert!(!everywhere(earlier), "{earlier} would have done before {next}");
            earlier += Duration::minutes(7);
        }
        let last = hours.last(at, &refs).unwrap();
        prop_assert!(everywhere(last) && last <= at && at - last < Duration::hours(25));
        let mut later = at;
        while later > last {
            prop_assert!(!everywhere(later), "{later} would have done after {last}");
            later -= Duration::minutes(7);
        }
    }
}

#[test]
fn on_the_nights_when_clocks_change_the_hours_are_the_walls() {
    let chicago = zone_clock("America/Chicago");
    let hours = Hours {
        from_minute: 480,
        until_minute: 1260,
    };
    let next = |text: &str| hours.next(at(text), &[&chicago]).unwrap();
    // Eight o'clock is 14:00 in winter and 13:00 in summer, from the second Sunday in March on.
    assert_eq!(next("2026-03-07T09:00:00Z"), at("2026-03-07T14:00:00Z"));
    assert_eq!(next("2026-03-08T05:00:00Z"), at("2026-03-08T13:00:00Z"));
    assert_eq!(next("2026-11-01T05:30:00Z"), at("2026-11-01T14:00:00Z"));
    // Nine in the evening is not within, the minute before is.
    assert_eq!(
        next("2026-03-08T01:59:00Z"),
        at("2026-03-08T01:59:00Z"),
        "still on Saturday's clock"
    );
    let chicago = [&chicago];
    assert_eq!(
        hours.last(at("2026-03-08T05:00:00Z"), &chicago),
        Some(at("2026-03-08T02:59:00Z"))
    );
}

#[test]
fn where_a_state_has_two_clocks_both_must_be_awake() {
    let clocks = clocks_of("FL");
    let refs: Vec<&SiteClock> = clocks.iter().collect();
    let hours = Hours {
        from_minute: 480,
        until_minute: 1260,
    };
    // Eight in Miami is seven in Pensacola.
    let next = hours.next(at("2026-06-01T11:00:00Z"), &refs).unwrap();
    assert_eq!(next, at("2026-06-01T13:00:00Z"));
    // And nine in Miami ends the day for both.
    let next = hours.next(at("2026-06-02T01:00:00Z"), &refs).unwrap();
    assert_eq!(next, at("2026-06-02T13:00:00Z"));
}

#[test]
fn clocks_without_a_common_hour_have_no_next() {
    let (one, other) = (zone_clock("America/New_York"), zone_clock("Asia/Tokyo"));
    let hours = Hours {
        from_minute: 540,
        until_minute: 600,
    };
    assert_eq!(hours.next(at("2026-06-01T00:00:00Z"), &[&one, &other]), None);
}
