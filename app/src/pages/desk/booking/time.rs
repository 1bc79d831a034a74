//! Minutes of a day, as the browser's time field says them and as people read them.

/// "10:30" of a minute, as the browser's own time field says it.
pub fn time_value(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

/// The minute of what the browser's own time field says.
pub fn read_time(value: &str) -> Option<u16> {
    let (hour, minute) = value.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// "10:30 AM" of a minute of the day.
pub fn clock_words(minute: u16) -> String {
    let (hour, minute) = (minute / 60 % 24, minute % 60);
    let half = if hour < 12 { "AM" } else { "PM" };
    let shown = if hour % 12 == 0 { 12 } else { hour % 12 };
    format!("{shown}:{minute:02} {half}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_survives_the_time_field_and_nonsense_is_none() {
        for minute in 0..24 * 60 {
            assert_eq!(read_time(&time_value(minute)), Some(minute));
        }
        for wrong in ["", "24:00", "10:60", "10", "x:30", "10:é", "10:3"] {
            assert_eq!(read_time(wrong), None, "{wrong}");
        }
        assert_eq!(clock_words(0), "12:00 AM");
        assert_eq!(clock_words(13 * 60 + 5), "1:05 PM");
    }
}
