//! `30m`, `2h`, `1d`, `2w`: how long a fix takes, and how long an answer keeps.

/// Longer than anybody plans; keeps sums of efforts far from overflow.
const MOST: u32 = 100_000;

/// A day of work has eight hours, a week five days.
const WORK: [(&str, u32); 4] = [("m", 1), ("h", 60), ("d", 8 * 60), ("w", 5 * 8 * 60)];
const CALENDAR: [(&str, u32); 2] = [("d", 1), ("w", 7)];
const CLOCK: [(&str, u32); 3] = [("s", 1), ("m", 60), ("h", 60 * 60)];

/// Minutes of work; of a range (`2h-4h`) the upper end, because plans err on the short side.
pub(super) fn effort_minutes(text: &str) -> Option<u32> {
    match text.split_once('-') {
        None => amount(text, &WORK),
        Some((low, high)) => {
            let (low, high) = (amount(low, &WORK)?, amount(high, &WORK)?);
            (low <= high).then_some(high)
        }
    }
}

/// Days, at least one.
pub(super) fn days(text: &str) -> Option<u32> {
    amount(text, &CALENDAR).filter(|days| *days > 0)
}

/// Seconds of waiting, from one to those of a day.
pub(super) fn seconds(text: &str) -> Option<u32> {
    amount(text, &CLOCK).filter(|seconds| (1..=24 * 60 * 60).contains(seconds))
}

fn amount(text: &str, units: &[(&str, u32)]) -> Option<u32> {
    let text = text.trim();
    let (unit, factor) = units.iter().find(|(unit, _)| text.ends_with(unit))?;
    let number = text.strip_suffix(unit)?;
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    number.parse::<u32>().ok()?.checked_mul(*factor).filter(|sum| *sum <= MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_effort_is_work_and_a_range_takes_its_upper_end() {
        assert_eq!(effort_minutes("30m"), Some(30));
        assert_eq!(effort_minutes("2h-4h"), Some(240));
        assert_eq!(effort_minutes("1d"), Some(480));
        assert_eq!(effort_minutes("4h-2h"), None);
        for wrong in ["", "m", "-5m", "1.5h", "h2", "99999999999h", "4000000000w", "1h-", "é"] {
            assert_eq!(effort_minutes(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_program_runs_for_a_day_at_most() {
        assert_eq!([seconds("90s"), seconds("5m"), seconds("24h")], [Some(90), Some(300), Some(86_400)]);
        assert_eq!([seconds("0s"), seconds("25h"), seconds("1d")], [None, None, None]);
    }

    #[test]
    fn a_review_counts_calendar_days() {
        assert_eq!(days("180d"), Some(180));
        assert_eq!(days("2w"), Some(14));
        assert_eq!(days("0d"), None);
        assert_eq!(days("30m"), None);
    }
}
