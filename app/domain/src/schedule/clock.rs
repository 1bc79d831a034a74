//! A site's clock: which instant a time on its wall means.
//!
//! The offsets of a zone over some years are a row like any other. So every device and the server read the same
//! clock, however old a tablet's own table of zones is, and no page carries that table.

use crate::id::SiteId;
use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// Minutes of a day on the wall.
pub const DAY_MINUTES: u16 = 24 * 60;

/// The offsets of one site's zone, from the server's table of zones. One row for each site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SiteClock {
    /// The site's own id.
    pub id: SiteId,
    /// IANA zone, for example `America/Chicago`.
    pub zone: String,
    /// East of Greenwich, in seconds, before the first change.
    pub offset_seconds: i32,
    /// Each change of the offset, the earliest first.
    pub changes: Vec<OffsetChange>,
}

/// From an instant on, another offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OffsetChange {
    /// The first instant.
    pub from_at: DateTime<Utc>,
    /// East of Greenwich, in seconds.
    pub offset_seconds: i32,
}

impl SiteClock {
    /// The clock between two instants, looked up through `offset` (seconds east of Greenwich at an instant). No zone
    /// has changed twice within six hours, and none changes within a second.
    pub fn observe(
        id: SiteId,
        zone: &str,
        (from, until): (DateTime<Utc>, DateTime<Utc>),
        offset: impl Fn(DateTime<Utc>) -> i32,
    ) -> SiteClock {
        let first = offset(from);
        let (mut at, mut now, mut changes) = (from, first, Vec::new());
        while at < until {
            let next = at + Duration::hours(6);
            if offset(next) != now {
                let (mut low, mut high) = (at, next);
                while high - low > Duration::seconds(1) {
                    let middle = low + Duration::seconds((high - low).num_seconds() / 2);
                    if offset(middle) == now {
                        low = middle;
                    } else {
                        high = middle;
                    }
                }
                now = offset(high);
                changes.push(OffsetChange {
                    from_at: high,
                    offset_seconds: now,
                });
            }
            at = next;
        }
        SiteClock {
            id,
            zone: zone.to_owned(),
            offset_seconds: first,
            changes,
        }
    }

    /// Seconds east of Greenwich at an instant.
    pub fn offset_at(&self, at: DateTime<Utc>) -> i32 {
        self.offset_before(self.changes.partition_point(|change| change.from_at <= at))
    }

    /// What the wall shows.
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.naive_utc() + Duration::seconds(i64::from(self.offset_at(at)))
    }

    /// The day on the wall.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date()
    }

    /// The first instant at which the wall shows this time, or has passed it.
    ///
    /// This one rule covers both nights of the year: a time that is skipped means the moment of the jump, a time that
    /// comes twice means its first coming. It never runs backwards, so that blocks which touch on the wall touch in
    /// time: none overlap, none leave a hole, and a block that was skipped as a whole is empty.
    pub fn instant(&self, wall: NaiveDateTime) -> DateTime<Utc> {
        let shown = wall.and_utc();
        // No offset is as large as a day: whatever ended before then is over.
        let mut n = self
            .changes
            .partition_point(|change| change.from_at <= shown - Duration::days(1));
        loop {
            let candidate = shown - Duration::seconds(i64::from(self.offset_before(n)));
            if self.changes.get(n).is_none_or(|next| candidate < next.from_at) {
                return match n.checked_sub(1).and_then(|before| self.changes.get(before)) {
                    Some(began) => candidate.max(began.from_at),
                    None => candidate,
                };
            }
            n += 1;
        }
    }

    /// The instant of a minute of a day on the wall; 1440 is the next midnight.
    pub fn at_minute(&self, day: NaiveDate, minute: u16) -> DateTime<Utc> {
        self.instant(day.and_time(NaiveTime::MIN) + Duration::minutes(i64::from(minute)))
    }

    /// The offset in force before change `n`.
    fn offset_before(&self, n: usize) -> i32 {
        match n.checked_sub(1).and_then(|before| self.changes.get(before)) {
            Some(change) => change.offset_seconds,
            None => self.offset_seconds,
        }
    }
}
