//! How numbers of a workbook look: a day is a number with a format, and so is a ZIP code with its zeros.

use super::xml::{Piece, attribute, walk};
use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;

/// The last day that a workbook knows, December 31, 9999.
const LAST: f64 = 2_958_465.0;
/// Up to here every whole number is exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What a format makes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The number.
    Plain,
    /// A day, a time, or both.
    Day,
    /// With zeros before it, to so many digits.
    Zeros(usize),
    /// The same in two groups with a hyphen between: a ZIP code of nine digits.
    Groups(usize, usize),
}

/// The looks of a workbook's cells, in the order of their styles (ECMA-376 part 1, 18.8).
pub fn read(styles: &str) -> Option<Vec<Look>> {
    let (mut codes, mut looks, mut in_cells) = (BTreeMap::new(), Vec::new(), false);
    walk(styles, |piece| match piece {
        Piece::Open("numFmt", tag) => {
            codes.extend(attribute(tag, "numFmtId").zip(attribute(tag, "formatCode")));
        }
        Piece::Open("cellXfs", _) => in_cells = true,
        Piece::Close("cellXfs") => in_cells = false,
        Piece::Open("xf", tag) if in_cells => {
            let id = attribute(tag, "numFmtId").unwrap_or_default();
            looks.push(match codes.get(&id) {
                Some(code) => of_code(code),
                None => of_number(&id),
            });
        }
        _ => {}
    })?;
    Some(looks)
}

/// Formats that every program knows (18.8.30), those of the Far East among them.
fn of_number(id: &str) -> Look {
    match id.parse::<u32>() {
        Ok(14..=22 | 27..=36 | 45..=47 | 50..=58) => Look::Day,
        _ => Look::Plain,
    }
}

fn of_code(code: &str) -> Look {
    let first = code.split(';').next().unwrap_or_default();
    let is_zeros = |text: &str| !text.is_empty() && text.chars().all(|one| one == '0');
    if first.len() > 1 && is_zeros(first) {
        return Look::Zeros(first.len());
    }
    let groups = first.replace("\\-", "-").replace("\"-\"", "-");
    if let Some((before, after)) = groups.split_once('-')
        && is_zeros(before)
        && is_zeros(after)
    {
        return Look::Groups(before.len(), after.len());
    }
    let (mut chars, mut plain) = (first.chars(), String::new());
    while let Some(one) = chars.next() {
        let closed_by = match one {
            '"' => Some('"'),
            '[' => Some(']'),
            '\\' | '_' | '*' => {
                chars.next();
                continue;
            }
            _ => None,
        };
        match closed_by {
            Some(end) => {
                chars = chars
                    .as_str()
                    .split_once(end)
                    .map_or("", |(_, rest)| rest)
                    .chars()
            }
            None => plain.push(one.to_ascii_lowercase()),
        }
    }
    match plain.contains(['y', 'm', 'd', 'h', 's']) {
        true => Look::Day,
        false => Look::Plain,
    }
}

impl Look {
    /// A number as people read it: no ".0", no exponent, days as 1984-03-09.
    pub fn say(self, number: f64, from_1904: bool) -> String {
        let day = (self == Look::Day).then(|| moment(number, from_1904)).flatten();
        match (day, self) {
            (Some(day), _) => day,
            (None, Look::Zeros(digits)) if number.fract() == 0.0 => format!("{number:0digits$.0}"),
            (None, Look::Groups(before, after)) if number.fract() == 0.0 && number >= 0.0 => {
                let digits = before + after;
                let digits = format!("{number:0digits$.0}");
                let (before, after) = digits.split_at(digits.len().saturating_sub(after));
                format!("{before}-{after}")
            }
            _ if number.fract() == 0.0 && number.abs() < EXACT => format!("{number:.0}"),
            _ => number.to_string(),
        }
    }
}

/// "1984-03-09", "2026-03-10 09:30", "09:30". Days are counted from 1900, with a February 29 that this year did not
/// have (18.17.4.1), or from 1904.
fn moment(number: f64, from_1904: bool) -> Option<String> {
    if !(0.0..=LAST).contains(&number) {
        return None;
    }
    let minutes = (number * 1_440.0).round() as u64;
    let (day, minute) = (minutes / 1_440, minutes % 1_440);
    let time = format!("{:02}:{:02}", minute / 60, minute % 60);
    let zero = match (from_1904, day) {
        (true, _) => NaiveDate::from_ymd_opt(1904, 1, 1),
        (false, 0) if minute > 0 => return Some(time),
        (false, 0..60) => NaiveDate::from_ymd_opt(1899, 12, 31),
        (false, _) => NaiveDate::from_ymd_opt(1899, 12, 30),
    };
    let date = zero?.checked_add_days(Days::new(day))?;
    Some(match minute {
        0 => date.to_string(),
        _ => format!("{date} {time}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_says_what_is_a_day() {
        for code in [
            "yyyy-mm-dd",
            "m/d/yy h:mm",
            "[$-409]mmmm d, yyyy;@",
            "[h]:mm:ss",
            "\"on\" dd.mm.",
        ] {
            assert_eq!(of_code(code), Look::Day, "{code}");
        }
        for code in [
            "General",
            "0.00E+00",
            "#,##0.00",
            "0\" days\"",
            "\\d0",
            "[Red]0.0",
            "@",
        ] {
            assert_eq!(of_code(code), Look::Plain, "{code}");
        }
        assert_eq!(of_code("00000"), Look::Zeros(5));
        for code in ["00000\\-0000", "00000-0000", "00000\"-\"0000;@"] {
            assert_eq!(of_code(code), Look::Groups(5, 4), "{code}");
        }
        assert_eq!((of_number("14"), of_number("2")), (Look::Day, Look::Plain));
    }

    #[test]
    fn numbers_are_said_as_people_write_them() {
        for (look, number, words) in [
            (Look::Plain, 4_145_550_161.0, "4145550161"),
            (Look::Plain, 0.1, "0.1"),
            (Look::Plain, -7.0, "-7"),
            (Look::Zeros(5), 716.0, "00716"),
            (Look::Groups(5, 4), 85_121_234.0, "08512-1234"),
            (Look::Groups(5, 4), 530_051_234.0, "53005-1234"),
            (Look::Groups(5, 4), -7.0, "-7"),
            (Look::Day, 30_750.0, "1984-03-09"),
            (Look::Day, 1.0, "1900-01-01"),
            (Look::Day, 59.0, "1900-02-28"),
            (Look::Day, 61.0, "1900-03-01"),
            (Look::Day, 46_091.395_833_333, "2026-03-10 09:30"),
            (Look::Day, 0.395_833_333, "09:30"),
            (Look::Day, -1.0, "-1"),
        ] {
            assert_eq!(look.say(number, false), words, "{look:?} {number}");
        }
        assert_eq!(Look::Day.say(29_288.0, true), "1984-03-09");
    }
}
