//! A calendar's column: which visits lie beside one another, and so how wide each is drawn.

use chrono::NaiveDateTime;

/// Where a visit is drawn in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    /// Which of the strips, from 0.
    pub strip: usize,
    /// How many strips there are where it lies, at least 1.
    pub of: usize,
}

/// Lays out spans (beginning and end on the wall), in the order in which they are given. Those that overlap, directly or
/// through others, share a width; each takes the first strip that is free when it begins.
pub fn side_by_side(spans: &[(NaiveDateTime, NaiveDateTime)]) -> Vec<Beside> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|at| {
        spans
            .get(*at)
            .map(|span| (span.0, std::cmp::Reverse(span.1), *at))
    });
    let mut placed = vec![Beside { strip: 0, of: 1 }; spans.len()];
    // Those that hang together, with the end of each strip.
    let (mut group, mut ends): (Vec<usize>, Vec<NaiveDateTime>) = (Vec::new(), Vec::new());
    let close = |group: &mut Vec<usize>, ends: &mut Vec<NaiveDateTime>, placed: &mut Vec<Beside>| {
        for at in group.drain(..) {
            if let Some(one) = placed.get_mut(at) {
                one.of = ends.len().max(1);
            }
        }
        ends.clear();
    };
    for at in order {
        let Some((from, until)) = spans.get(at).copied() else {
            continue;
        };
        if ends.iter().all(|end| *end <= from) {
            close(&mut group, &mut ends, &mut placed);
        }
        // Even what takes no time is drawn.
        let until = until.max(from + chrono::Duration::minutes(1));
        let strip = match ends.iter().position(|end| *end <= from) {
            Some(free) => free,
            None => {
                ends.push(from);
                ends.len() - 1
            }
        };
        if let (Some(end), Some(one)) = (ends.get_mut(strip), placed.get_mut(at)) {
            *end = until;
            one.strip = strip;
        }
        group.push(at);
    }
    close(&mut group, &mut ends, &mut placed);
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Duration, NaiveDate};
    use proptest::prelude::*;

    fn at(minute: i64) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 11, 24)
            .unwrap_or_default()
            .and_time(chrono::NaiveTime::MIN)
            + Duration::minutes(minute)
    }

    fn laid(spans: &[(i64, i64)]) -> Vec<(usize, usize)> {
        let spans: Vec<_> = spans
            .iter()
            .map(|(from, until)| (at(*from), at(*until)))
            .collect();
        side_by_side(&spans)
            .into_iter()
            .map(|one| (one.strip, one.of))
            .collect()
    }

    #[test]
    fn who_does_not_overlap_has_the_whole_width() {
        assert_eq!(laid(&[(0, 30), (30, 60), (90, 120)]), [(0, 1), (0, 1), (0, 1)]);
        assert_eq!(laid(&[]), []);
    }

    #[test]
    fn who_overlaps_shares_it_and_a_strip_that_ends_is_used_again() {
        // The second and the third lie beside the long first one, under each other.
        assert_eq!(
            laid(&[(0, 60), (0, 30), (30, 60), (60, 90)]),
            [(0, 2), (1, 2), (1, 2), (0, 1)]
        );
        assert_eq!(laid(&[(30, 45), (0, 60), (40, 50)]), [(1, 3), (0, 3), (2, 3)]);
    }

    proptest! {
        #[test]
        fn no_two_at_once_share_a_strip(spans in proptest::collection::vec((0i64..600, 1i64..120), 0..40)) {
            let spans: Vec<_> = spans.iter().map(|(from, long)| (at(*from), at(from + long))).collect();
            let placed = side_by_side(&spans);
            prop_assert_eq!(placed.len(), spans.len());
            for (a, one) in placed.iter().enumerate() {
                prop_assert!(one.strip < one.of);
                for (b, other) in placed.iter().enumerate().skip(a + 1) {
                    let at_once = spans[a].0 < spans[b].1 && spans[b].0 < spans[a].1;
                    if at_once {
                        prop_assert_ne!(one.strip, other.strip);
                        prop_assert_eq!(one.of, other.of);
                    }
                }
            }
        }
    }
}
