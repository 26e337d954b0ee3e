//! How numbers, days and names are said, the same on screen and in every report.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// `5m`, `2h`, `1h 35m`; nothing for an effort that nobody estimated.
#[must_use]
pub fn duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 0) => String::new(),
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{}h", count(u64::from(hours))),
        (hours, minutes) => format!("{}h {minutes}m", count(u64::from(hours))),
    }
}

/// `5,325`.
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 file`, `5,325 files`.
#[must_use]
pub fn plural(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(number as u64), if number == 1 { one } else { many })
}

/// `Ana Ruiz` of `Ana Ruiz <ana@example.org>`; whatever was given where there is no name.
#[must_use]
pub fn person(by: &str) -> &str {
    let name = by.split('<').next().unwrap_or(by).trim();
    if name.is_empty() { by.trim() } else { name }
}

/// `12 Nov 2026`.
#[must_use]
pub fn day(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

/// `12 Nov`, with the year where it is not this one.
#[must_use]
pub fn short_day(date: Date, today: Date) -> String {
    if date.year() == today.year() { date.strftime("%-d %b").to_string() } else { day(date) }
}

/// The day of a moment. Always in UTC, so that two machines tell the same day.
#[must_use]
pub fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The words of a person in one line, whatever they typed.
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_counts_are_said_as_people_say_them() {
        let said: Vec<String> = [0, 5, 60, 95, 120_000].map(duration).into();
        assert_eq!(said, ["", "5m", "1h", "1h 35m", "2,000h"]);
        assert_eq!([0, 999, 1000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(plural(1, "file", "files"), "1 file");
        assert_eq!(plural(0, "file", "files"), "0 files");
    }

    #[test]
    fn a_person_is_named_without_the_address() {
        assert_eq!(person("Ana Ruiz <ana@example.org>"), "Ana Ruiz");
        assert_eq!(person("<ana@example.org>"), "<ana@example.org>");
        assert_eq!(person("ana"), "ana");
    }

    #[test]
    fn a_day_is_the_same_everywhere() {
        let last_second = day_of("2026-11-01T23:59:59Z".parse().unwrap());
        assert_eq!(day(last_second), "1 Nov 2026");
        assert_eq!(short_day(last_second, "2026-12-31".parse().unwrap()), "1 Nov");
        assert_eq!(short_day(last_second, "2027-01-01".parse().unwrap()), "1 Nov 2026");
    }
}
