//! Times that one device has every week, as laws: in every zone, over whatever else is leased.

use crate::common::*;
use crate::stand::*;
use crate::standing::{lease, rule};
use chrono::{DateTime, Datelike, Duration, Utc};
use chrono_tz::TZ_VARIANTS;
use domain::schedule::*;
use proptest::prelude::*;

/// A lease of the same holder, somewhere in the weeks around: on which device, from which hour, how long, and whether it
/// was granted and given back.
fn leases() -> impl Strategy<Value = Vec<(u128, i64, i64, bool, bool)>> {
    let one = (1u128..3, -48i64..900, 1i64..40, any::<bool>(), any::<bool>());
    proptest::collection::vec(one, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn everything_that_is_asked_for_is_handed_out_once_and_nothing_that_is_held(
        zone in 0..TZ_VARIANTS.len(),
        now in 0i64..2 * 365 * 24 * 4,
        days in 1u8..128,
        (from, length) in (0u16..1440).prop_flat_map(|from| (Just(from), 1..=1440 - from)),
        weeks_ahead in 1u16..=5,
        known in leases(),
        again in any::<bool>(),
    ) {
        let clock = clock(NORTH, TZ_VARIANTS[zone], "2025-01-01T00:00:00Z", "2028-06-01T00:00:00Z");
        let now = at("2025-06-01T00:00:00Z") + Duration::minutes(15 * now);
        let mut known: Vec<SlotLease> = (0u128..).zip(known).map(|(n, (device, from, hours, granted, released))| SlotLease {
            from_at: now + Duration::hours(from),
            until_at: now + Duration::hours(from + hours),
            granted,
            released,
            ..lease(0x50 + n, device, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")
        }).collect();
        let rule = LeaseRule {
            weekdays: (1..=7).filter(|day| days & (1 << (day - 1)) != 0).collect(),
            from_minute: from,
            until_minute: from + length,
            weeks_ahead,
            again: known.iter().filter(|lease| again && lease.released).map(|lease| lease.id).collect(),
            ..rule()
        };
        let due = rule.due(&clock, &known, now);
        prop_assert_eq!(&due, &rule.due(&clock, &known, now));
        for pair in due.windows(2) {
            prop_assert!(pair[0].until_at <= pair[1].from_at, "one after the other");
        }
        let met: Vec<SlotLease> = known.iter().filter(|lease| rule.is_met_by(lease)).cloned().collect();
        for one in &due {
            prop_assert!(one.from_at < one.until_at && now < one.until_at && rule.is_of(one));
            for held in &met {
                prop_assert!(one.until_at <= held.from_at || held.until_at <= one.from_at);
            }
        }
        // Whatever is asked for is due, or met by something: looked at every seventh minute of those weeks.
        let today = clock.day(now);
        let has = |all: &[SlotLease], minute: DateTime<Utc>| all.iter().any(|one| one.from_at <= minute && minute < one.until_at);
        for day in today.iter_days().take(7 * usize::from(weeks_ahead)) {
            let asked = rule.weekdays.contains(&(day.weekday().number_from_monday() as u8));
            let span = (clock.at_minute(day, rule.from_minute), clock.at_minute(day, rule.until_minute));
            let (mut minute, last) = (clock.at_minute(day, 0), clock.at_minute(day, 1440));
            while minute < last {
                let within = asked && span.0 <= minute && minute < span.1;
                prop_assert!(within || !has(&due, minute), "nothing else");
                if within && now <= minute {
                    prop_assert!(has(&due, minute) != has(&met, minute), "{} {}", day, minute);
                }
                minute += Duration::minutes(7);
            }
        }
        // Twice is once.
        known.extend(due.iter().map(|one| SlotLease { granted: true, ..one.clone() }));
        prop_assert!(rule.due(&clock, &known, now).is_empty());
        // And what is given back of it stays so.
        known.iter_mut().filter(|lease| rule.is_of(lease)).for_each(|lease| lease.released = true);
        prop_assert!(rule.due(&clock, &known, now).is_empty());
    }
}
