//! Dates as FHIR writes them: as much as is known, and no more.

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};

/// A FHIR `date` (R4, "Primitive Types"): `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. A day never comes without
/// its month, and the parts that are there make a real date. Ordered by the calendar, the vaguer first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    pub year: i32,
    pub month: Option<u32>,
    pub day: Option<u32>,
}

impl PartialDate {
    /// Reads a FHIR `date`; `None` when it is none, or no such day exists.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month, day) = match text.len() {
            4 => (text, None, None),
            7 => (text.get(..4)?, Some(after_dash(text.get(4..)?)?), None),
            10 => (
                text.get(..4)?,
                Some(after_dash(text.get(4..7)?)?),
                Some(after_dash(text.get(7..)?)?),
            ),
            _ => return None,
        };
        let year = i32::try_from(digits(year)?).ok().filter(|year| *year > 0)?;
        NaiveDate::from_ymd_opt(year, month.unwrap_or(1), day.unwrap_or(1))?;
        Some(Self { year, month, day })
    }

    /// The whole date, or `None` when month or day is not known.
    pub fn full(&self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month?, self.day?)
    }
}

impl From<NaiveDate> for PartialDate {
    fn from(date: NaiveDate) -> Self {
        Self {
            year: date.year(),
            month: Some(date.month()),
            day: Some(date.day()),
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        for part in [self.month, self.day].into_iter().flatten() {
            write!(f, "-{part:02}")?;
        }
        Ok(())
    }
}

/// A FHIR `dateTime` (R4, "Primitive Types"): a date that may be partial, or an instant with its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The date as written, in the zone it was written in.
    pub date: PartialDate,
    /// Present when the time of day and the zone were given.
    pub instant: Option<DateTime<FixedOffset>>,
}

impl Moment {
    /// Reads a FHIR `dateTime`; `None` when it is none. A time without a zone is not one.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() <= 10 {
            return Some(Self {
                date: PartialDate::parse(text)?,
                instant: None,
            });
        }
        // chrono also takes a space for the T and lower case; FHIR does not.
        if text.as_bytes().get(10) != Some(&b'T') {
            return None;
        }
        let date = PartialDate::parse(text.get(..10)?)?;
        let instant = DateTime::parse_from_rfc3339(text).ok()?;
        Some(Self {
            date,
            instant: Some(instant),
        })
    }

    /// Whether this is certainly after `other`: by instants when both have one, else by the known parts.
    pub fn is_after(&self, other: &Self) -> bool {
        match (self.instant, other.instant) {
            (Some(a), Some(b)) => a > b,
            _ => known_after(&self.date, &other.date),
        }
    }
}

/// A FHIR `Period`: either end may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    pub start: Option<Moment>,
    pub end: Option<Moment>,
}

/// Compares only what both dates know: 2020 is not after 2020-05.
fn known_after(a: &PartialDate, b: &PartialDate) -> bool {
    if a.year != b.year {
        return a.year > b.year;
    }
    match (a.month, b.month) {
        (Some(x), Some(y)) if x != y => x > y,
        (Some(_), Some(_)) => matches!((a.day, b.day), (Some(x), Some(y)) if x > y),
        _ => false,
    }
}

fn after_dash(text: &str) -> Option<u32> {
    digits(text.strip_prefix('-')?)
}

/// `str::parse` takes a sign, a FHIR date does not.
fn digits(text: &str) -> Option<u32> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_precisions_are_kept_and_written_back() {
        for text in ["1949", "1949-11", "1949-11-29", "2024-02-29"] {
            assert_eq!(PartialDate::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(PartialDate::parse("1949-11").unwrap().full(), None);
        assert_eq!(
            PartialDate::parse("1949-11-29").unwrap().full(),
            NaiveDate::from_ymd_opt(1949, 11, 29)
        );
    }

    #[test]
    fn what_is_no_date_is_none() {
        let wrong = [
            "",
            "49",
            "0000",
            "194",
            "1949-",
            "1949-13",
            "1949-00",
            "1949-1-1",
            "2023-02-29",
            "1949-11-31",
            "1949/11/29",
            "+949",
            "1949-+1",
            "1949-11-+9",
            "11-29-1949",
            "1949-11-29 ",
            "é949",
            "12é4567",
        ];
        for text in wrong {
            assert_eq!(PartialDate::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_moment_keeps_the_date_of_its_own_zone() {
        let moment = Moment::parse("1989-05-09T23:35:22-04:00").unwrap();
        assert_eq!(moment.date.to_string(), "1989-05-09");
        assert_eq!(
            moment.instant.unwrap().to_utc().to_rfc3339(),
            "1989-05-10T03:35:22+00:00"
        );
        assert_eq!(Moment::parse("1989-05").unwrap().instant, None);
        assert!(Moment::parse("2022-10-12T21:21:09.871716Z").is_some());
    }

    #[test]
    fn a_time_without_zone_or_t_is_no_moment() {
        for text in [
            "1989-05-09T20:35:22",
            "1989-05-09 20:35:22Z",
            "1989-05-09t20:35:22z",
            "1989-05-09T25:00:00Z",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }

    #[test]
    fn after_is_said_only_when_certain() {
        let after = |a, b| Moment::parse(a).unwrap().is_after(&Moment::parse(b).unwrap());
        assert!(after("2021", "2020-12-31"));
        assert!(!after("2020", "2020-05"));
        assert!(!after("2020-05", "2020"));
        assert!(after("2020-05-02", "2020-05-01T23:00:00Z"));
        assert!(!after("2020-05-01T10:00:00+02:00", "2020-05-01T09:00:00Z"));
    }
}
