//! How a series repeats: the part of RFC 5545 that a desk chooses from.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// Most appointments of one series.
pub const MOST: usize = 104;

/// A rule of repetition, counted in days on the site's wall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// Every so many days, weeks or months.
    pub every: Every,
    /// How many of them lie between, counted from 1.
    pub interval: u32,
    /// When it ends.
    pub end: End,
}

/// What repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Every {
    /// FREQ=DAILY
    Day,
    /// FREQ=WEEKLY on these days; on the first one's day when none is named.
    Week(Vec<Weekday>),
    /// FREQ=MONTHLY on the first one's day of the month; months without it are left out.
    Month,
    /// FREQ=MONTHLY on the n-th such weekday: 1 to 5, or -1 for the last.
    MonthOn(i8, Weekday),
}

/// When a series ends. One that does not cannot be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// After so many.
    Count(u32),
    /// With this day.
    Until(NaiveDate),
}

/// The rule cannot be read, or is not among those that can be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no rule of repetition that can be booked")]
pub struct NotARule;

const DAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Mon),
    ("TU", Weekday::Tue),
    ("WE", Weekday::Wed),
    ("TH", Weekday::Thu),
    ("FR", Weekday::Fri),
    ("SA", Weekday::Sat),
    ("SU", Weekday::Sun),
];

fn weekday(text: &str) -> Result<Weekday, NotARule> {
    let known = DAYS.iter().find(|(name, _)| *name == text);
    known.map(|(_, day)| *day).ok_or(NotARule)
}

fn name(day: Weekday) -> &'static str {
    DAYS.get(day.num_days_from_monday() as usize)
        .map_or("MO", |(name, _)| name)
}

impl std::str::FromStr for Recurrence {
    type Err = NotARule;

    fn from_str(text: &str) -> Result<Self, NotARule> {
        let (mut freq, mut interval, mut end, mut by_day) = (None, 1, None, Vec::new());
        for part in text.split(';') {
            match part.split_once('=').ok_or(NotARule)? {
                ("FREQ", value) if freq.is_none() => freq = Some(value),
                ("INTERVAL", value) => interval = value.parse().map_err(|_| NotARule)?,
                ("COUNT", value) if end.is_none() => {
                    end = Some(End::Count(value.parse().map_err(|_| NotARule)?));
                }
                ("UNTIL", value) if end.is_none() => {
                    let day = NaiveDate::parse_from_str(value, "%Y%m%d").map_err(|_| NotARule)?;
                    end = Some(End::Until(day));
                }
                ("BYDAY", value) if by_day.is_empty() => by_day = value.split(',').collect(),
                _ => return Err(NotARule),
            }
        }
        let every = match (freq.ok_or(NotARule)?, by_day.as_slice()) {
            ("DAILY", []) => Every::Day,
            ("WEEKLY", days) => Every::Week(days.iter().map(|day| weekday(day)).collect::<Result<_, _>>()?),
            ("MONTHLY", []) => Every::Month,
            ("MONTHLY", [day]) => {
                let at = day.len().checked_sub(2).filter(|at| day.is_char_boundary(*at));
                let (nth, day) = day.split_at(at.ok_or(NotARule)?);
                let nth = nth.parse().map_err(|_| NotARule)?;
                Every::MonthOn(nth, weekday(day)?)
            }
            _ => return Err(NotARule),
        };
        let sound = match &every {
            Every::MonthOn(nth, _) => (1..=5).contains(nth) || *nth == -1,
            Every::Week(days) => days.iter().enumerate().all(|(n, day)| !days[..n].contains(day)),
            Every::Day | Every::Month => true,
        };
        let end = end.filter(|end| *end != End::Count(0)).ok_or(NotARule)?;
        if !sound || !(1..=366).contains(&interval) {
            return Err(NotARule);
        }
        Ok(Recurrence { every, interval, end })
    }
}

impl std::fmt::Display for Recurrence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let freq = match self.every {
            Every::Day => "DAILY",
            Every::Week(_) => "WEEKLY",
            Every::Month | Every::MonthOn(..) => "MONTHLY",
        };
        write!(f, "FREQ={freq}")?;
        if self.interval != 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        match &self.every {
            Every::Week(days) if !days.is_empty() => {
                let names: Vec<&str> = days.iter().map(|day| name(*day)).collect();
                write!(f, ";BYDAY={}", names.join(","))?;
            }
            Every::MonthOn(nth, day) => write!(f, ";BYDAY={nth}{}", name(*day))?,
            Every::Week(_) | Every::Day | Every::Month => {}
        }
        match self.end {
            End::Count(count) => write!(f, ";COUNT={count}"),
            End::Until(day) => write!(f, ";UNTIL={}", day.format("%Y%m%d")),
        }
    }
}

impl Recurrence {
    /// The days of a series that begins on a day, at most [`MOST`].
    pub fn days(&self, first: NaiveDate) -> Vec<NaiveDate> {
        let (count, last) = match self.end {
            End::Count(count) => (MOST.min(count as usize), NaiveDate::MAX),
            End::Until(day) => (MOST, day),
        };
        let mut found = Vec::new();
        // A rule may name a day that most months lack: a century of looking is enough for any.
        for n in 0..1_300 {
            let Some(days) = self.period(first, n) else { break };
            for day in days.into_iter().filter(|day| *day >= first) {
                if day > last || found.len() >= count {
                    return found;
                }
                found.push(day);
            }
        }
        found
    }

    /// The days in the n-th day, week or month, in order; nothing when the calendar ends.
    fn period(&self, first: NaiveDate, n: u32) -> Option<Vec<NaiveDate>> {
        let steps = n.checked_mul(self.interval)?;
        match &self.every {
            Every::Day => Some(vec![first.checked_add_days(Days::new(u64::from(steps)))?]),
            Every::Week(days) => {
                let monday = first.week(Weekday::Mon).checked_first_day()?;
                let monday = monday.checked_add_days(Days::new(u64::from(steps) * 7))?;
                let own = [first.weekday()];
                let days = if days.is_empty() { &own[..] } else { days };
                let mut days: Vec<u32> = days.iter().map(Weekday::num_days_from_monday).collect();
                days.sort_unstable();
                (days.into_iter())
                    .map(|day| monday.checked_add_days(Days::new(u64::from(day))))
                    .collect()
            }
            Every::Month => {
                let month = first.with_day(1)?.checked_add_months(Months::new(steps))?;
                Some(month.with_day(first.day()).into_iter().collect())
            }
            Every::MonthOn(nth, weekday) => {
                let month = first.with_day(1)?.checked_add_months(Months::new(steps))?;
                let day = match u8::try_from(*nth) {
                    Ok(nth) => {
                        NaiveDate::from_weekday_of_month_opt(month.year(), month.month(), *weekday, nth)
                    }
                    // The last: one of the last seven days of the month.
                    Err(_) => {
                        let next = month.checked_add_months(Months::new(1))?;
                        (1..=7)
                            .filter_map(|back| next.checked_sub_days(Days::new(back)))
                            .find(|day| day.weekday() == *weekday)
                    }
                };
                Some(day.into_iter().collect())
            }
        }
    }
}
