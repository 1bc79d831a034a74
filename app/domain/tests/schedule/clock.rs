//! Every zone there is, every night on which clocks change, over fifty years.

use crate::common::*;
use crate::stand::*;
use chrono::{DateTime, Duration, MappedLocalTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use domain::schedule::SiteClock;
use proptest::prelude::*;

const FROM: &str = "1990-01-01T00:00:00Z";
const UNTIL: &str = "2040-01-01T00:00:00Z";

/// Wall times around each change of a clock, and the change.
fn nights(clock: &SiteClock) -> impl Iterator<Item = (DateTime<Utc>, NaiveDateTime)> + '_ {
    clock.changes.iter().flat_map(|change| {
        let wall = clock.local(change.from_at);
        (-8..=8).map(move |step| (change.from_at, wall + Duration::minutes(step * 30)))
    })
}

#[derive(Default)]
struct Met {
    gaps: u32,
    folds: u32,
    plain: u32,
}

/// What a wall time means, by us and by the table.
fn means(zone: Tz, clock: &SiteClock, jump: DateTime<Utc>, wall: NaiveDateTime, met: &mut Met) {
    let ours = clock.instant(wall);
    match zone.from_local_datetime(&wall) {
        MappedLocalTime::Single(theirs) => {
            met.plain += 1;
            assert_eq!(ours, theirs.to_utc(), "{zone} {wall}");
        }
        MappedLocalTime::Ambiguous(first, _) => {
            met.folds += 1;
            assert_eq!(ours, first.to_utc(), "{zone} {wall}: the first time it comes");
        }
        MappedLocalTime::None => {
            met.gaps += 1;
            assert_eq!(ours, jump, "{zone} {wall}: the moment of the jump");
        }
    }
}

/// Blocks of a quarter of an hour, on three days: each ends where the next begins.
fn touches(zone: Tz, clock: &SiteClock, on: NaiveDate) {
    for on in [on.pred_opt().unwrap(), on, on.succ_opt().unwrap()] {
        let edges: Vec<DateTime<Utc>> = (0..=96)
            .map(|quarter| clock.at_minute(on, quarter * 15))
            .collect();
        assert!(edges.is_sorted(), "{zone} {on} runs backwards");
        let next = on.succ_opt().unwrap();
        assert_eq!(edges[96], clock.at_minute(next, 0), "{zone} {on} leaves a hole");
    }
}

#[test]
fn every_night_of_every_zone_is_as_the_table_of_zones_says_and_blocks_touch() {
    let mut met = Met::default();
    for zone in TZ_VARIANTS {
        let clock = clock(NORTH, zone, FROM, UNTIL);
        for (jump, wall) in nights(&clock) {
            means(zone, &clock, jump, wall, &mut met);
        }
        for change in &clock.changes {
            touches(zone, &clock, clock.day(change.from_at));
        }
        let mut moment = at("1990-01-01T00:07:00Z");
        while moment < at("2039-12-31T00:00:00Z") {
            let theirs = moment.with_timezone(&zone).naive_local();
            assert_eq!(clock.local(moment), theirs, "{zone} {moment}");
            moment += Duration::hours(24 * 5 + 7);
        }
    }
    assert!(
        met.gaps > 20_000 && met.folds > 20_000 && met.plain > 300_000,
        "{} {} {}",
        met.gaps,
        met.folds,
        met.plain
    );
}

#[test]
fn the_hour_that_is_skipped_holds_nothing_and_the_one_that_comes_twice_is_one_block() {
    let clock = clock(NORTH, chrono_tz::America::Chicago, FROM, UNTIL);
    let length = |on: &str, from: u16, until: u16| {
        (clock.at_minute(day(on), until) - clock.at_minute(day(on), from)).num_minutes()
    };
    assert_eq!(length("2026-03-08", 120, 180), 0, "two to three is not there");
    assert_eq!(length("2026-03-08", 60, 180), 60);
    assert_eq!(length("2026-11-01", 60, 120), 120, "one to two is there twice");
    assert_eq!(length("2026-11-01", 60, 90), 30);
    assert_eq!(length("2026-11-01", 90, 120), 90);
    assert_eq!(
        length("2026-11-01", 540, 1020),
        480,
        "the day itself is as long as ever"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_wall_time_is_shown_before_the_instant_that_it_means(
        zone in 0..TZ_VARIANTS.len(),
        minutes in 0i64..5_000_000,
        more in 0i64..3_000,
    ) {
        let clock = clock(NORTH, TZ_VARIANTS[zone], "2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
        let wall = at("2020-02-01T00:00:00Z").naive_utc() + Duration::minutes(minutes);
        let instant = clock.instant(wall);
        prop_assert!(clock.local(instant) >= wall);
        prop_assert!(clock.local(instant - Duration::seconds(1)) < wall);
        prop_assert!(clock.instant(wall + Duration::minutes(more)) >= instant, "never backwards");
    }
}
