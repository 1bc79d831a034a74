//! Our rules of repetition against another implementation of RFC 5545.

use crate::common::*;
use chrono::{Datelike, NaiveDate, Weekday};
use domain::schedule::recurrence::*;
use proptest::prelude::*;

/// The same series, by the `rrule` crate.
fn theirs(rule: &Recurrence, first: NaiveDate) -> Vec<NaiveDate> {
    // It refuses what ends before it begins.
    if matches!(rule.end, End::Until(last) if last < first) {
        return Vec::new();
    }
    // It wants an end as an instant where the beginning is one.
    let text = match rule.end {
        End::Until(day) => rule.to_string().replace(
            &format!("UNTIL={}", day.format("%Y%m%d")),
            &format!("UNTIL={}T235959Z", day.format("%Y%m%d")),
        ),
        End::Count(_) => rule.to_string(),
    };
    let set: rrule::RRuleSet = format!("DTSTART:{}T120000Z\nRRULE:{text}", first.format("%Y%m%d"))
        .parse()
        .unwrap();
    set.all(MOST as u16)
        .dates
        .iter()
        .map(|at| at.date_naive())
        .collect()
}

fn rules() -> impl Strategy<Value = Recurrence> {
    let weekday = (0u8..7).prop_map(|n| Weekday::try_from(n).unwrap());
    let some = proptest::collection::btree_set(0u8..7, 0..5)
        .prop_map(|days| days.into_iter().map(|n| Weekday::try_from(n).unwrap()).collect());
    let every = prop_oneof![
        Just(Every::Day),
        some.prop_map(Every::Week),
        Just(Every::Month),
        (prop_oneof![Just(-1i8), 1i8..=5], weekday).prop_map(|(nth, day)| Every::MonthOn(nth, day)),
    ];
    let end = prop_oneof![
        (1u32..30).prop_map(End::Count),
        (0u64..900).prop_map(|n| End::Until(day("2026-01-15") + chrono::Days::new(n))),
    ];
    (every, 1u32..5, end).prop_map(|(every, interval, end)| Recurrence { every, interval, end })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_series_has_the_days_that_the_standard_gives_it(rule in rules(), start in 0u64..400) {
        let first = day("2026-01-01") + chrono::Days::new(start);
        let ours = rule.days(first);
        prop_assert_eq!(&ours, &theirs(&rule, first), "{} from {}", rule, first);
        prop_assert!(ours.is_sorted() && ours.iter().all(|day| *day >= first));
    }

    #[test]
    fn a_rule_reads_back_as_it_was_written(rule in rules()) {
        prop_assert_eq!(rule.to_string().parse::<Recurrence>(), Ok(rule));
    }

    #[test]
    fn no_text_makes_it_panic(text in "[A-Z0-9=;,-]{0,60}", start in 0u64..40_000) {
        if let Ok(rule) = text.parse::<Recurrence>() {
            prop_assert!(rule.days(day("1990-01-01") + chrono::Days::new(start)).len() <= MOST);
        }
    }
}

#[test]
fn what_cannot_be_booked_is_no_rule() {
    for text in [
        "",
        "FREQ=WEEKLY",
        "FREQ=HOURLY;COUNT=2",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=2;UNTIL=20260101",
        "FREQ=WEEKLY;COUNT=2;BYDAY=MO,MO",
        "FREQ=MONTHLY;BYDAY=6MO;COUNT=2",
        "FREQ=MONTHLY;BYDAY=MO;COUNT=2",
        "FREQ=DAILY;BYDAY=MO;COUNT=2",
        "FREQ=WEEKLY;INTERVAL=0;COUNT=2",
        "FREQ=WEEKLY;COUNT=2;BYSETPOS=1",
        "FREQ=MONTHLY;BYDAY=é;COUNT=2",
    ] {
        assert_eq!(text.parse::<Recurrence>(), Err(NotARule), "{text}");
    }
}

#[test]
fn months_without_the_day_are_left_out() {
    let rule: Recurrence = "FREQ=MONTHLY;COUNT=4".parse().unwrap();
    let months: Vec<u32> = rule
        .days(day("2026-01-31"))
        .iter()
        .map(|day| day.month())
        .collect();
    assert_eq!(months, [1, 3, 5, 7]);
}
