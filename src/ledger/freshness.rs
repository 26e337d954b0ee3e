//! Whether a person's word still holds: it is bound to what they saw, and for how long.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::ledger::decision::Decision;
use crate::text::words::{day_of, plural, short_day};
use crate::tree::blob::BlobId;
use crate::tree::path::RelPath;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Freshness {
    Fresh {
        /// When the review comes due, for an item that asks for one.
        until: Option<Timestamp>,
    },
    Stale {
        /// The question, the probe or what the item covers is another.
        item_changed: bool,
        /// The covered files that changed, appeared or went away, in order.
        moved: Vec<RelPath>,
        review_overdue_since: Option<Timestamp>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaiverState {
    /// How many days it counts after today: 0 on its last day.
    Running { days_left: i32 },
    /// The first day on which it did not count any more.
    Expired { since: Date },
}

/// What an attestation is worth at `at`, when the item asks `item_hash` and of what it covers these files [`moved`].
#[must_use]
pub fn freshness(
    attested: &Decision,
    item_hash: &str,
    moved: Vec<RelPath>,
    review_every_days: Option<u32>,
    at: Timestamp,
) -> Freshness {
    let item_changed = attested.item_hash != item_hash;
    let due = review_every_days.and_then(|days| review_due(attested.at, days));
    let review_overdue_since = due.filter(|due| *due <= at);
    if item_changed || !moved.is_empty() || review_overdue_since.is_some() {
        Freshness::Stale { item_changed, moved, review_overdue_since }
    } else {
        Freshness::Fresh { until: due }
    }
}

/// What a waiver is worth on the day `today`, in UTC. Its last day counts to the end.
#[must_use]
pub fn waiver_state(waiver: &Decision, today: Date) -> WaiverState {
    // Without an end it never ran: no file says so, but the type could.
    let Some(last) = waiver.expires else { return WaiverState::Expired { since: day_of(waiver.at) } };
    if last < today {
        WaiverState::Expired { since: last.tomorrow().unwrap_or(last) }
    } else {
        WaiverState::Running { days_left: days_between(today, last) }
    }
}

impl Freshness {
    /// Why it is stale, in a few words for the reason line: `2 files changed since 12 Nov`. Empty while it is fresh.
    #[must_use]
    pub fn words(&self, attested: &Decision, today: Date) -> String {
        let Self::Stale { item_changed, moved, review_overdue_since } = self else { return String::new() };
        let said = day_of(attested.at);
        let mut causes = Vec::new();
        if *item_changed {
            causes.push("the question".to_owned());
        }
        match moved.as_slice() {
            [] => {}
            [path] => causes.push(path.to_string()),
            several => causes.push(plural(several.len(), "file", "files")),
        }
        let mut words = Vec::new();
        if !causes.is_empty() {
            words.push(format!("{} changed since {}", causes.join(" and "), short_day(said, today)));
        }
        if let Some(due) = review_overdue_since {
            words.push(format!("review was due on {}", short_day(day_of(*due), today)));
        }
        words.join("; ")
    }
}

impl WaiverState {
    /// `waived 24 days more`, for the reason line.
    #[must_use]
    pub fn words(self, today: Date) -> String {
        match self {
            Self::Running { days_left } => match usize::try_from(days_left) {
                Ok(0) | Err(_) => "waived until tonight".to_owned(),
                Ok(days) => format!("waived {} more", plural(days, "day", "days")),
            },
            Self::Expired { since } => {
                let last = since.yesterday().unwrap_or(since);
                format!("waiver expired on {}", short_day(last, today))
            }
        }
    }
}

/// The files that are not what they were, in order: changed, new or gone.
#[must_use]
pub fn moved(then: &BTreeMap<RelPath, BlobId>, now: &BTreeMap<RelPath, BlobId>) -> Vec<RelPath> {
    let paths: BTreeSet<&RelPath> = then.keys().chain(now.keys()).collect();
    paths.into_iter().filter(|path| then.get(path) != now.get(path)).cloned().collect()
}

/// A review so far off that the calendar ends before it never comes due.
fn review_due(said: Timestamp, days: u32) -> Option<Timestamp> {
    said.checked_add(SignedDuration::from_hours(i64::from(days) * 24)).ok()
}

fn days_between(from: Date, to: Date) -> i32 {
    let hours = to.duration_since(from).as_hours();
    i32::try_from(hours / 24).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::decision::{Actor, Kind};
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 21);

    fn said(at: &str, covers: &[(&str, &str)]) -> Decision {
        Decision {
            name: "n".into(),
            item: "a".into(),
            kind: Kind::Attest,
            by: "Ana".into(),
            at: at.parse().unwrap(),
            commit: None,
            dirty: false,
            note: String::new(),
            to: None,
            due: None,
            part: None,
            choice: None,
            follow_up: None,
            waiver: None,
            actor: Actor::Person,
            item_hash: "h".into(),
            covers: files(covers),
            evidence: Vec::new(),
            expires: None,
            supersedes: Vec::new(),
        }
    }

    fn files(files: &[(&str, &str)]) -> BTreeMap<RelPath, BlobId> {
        files.iter().map(|(path, text)| (RelPath::new(path), BlobId::of(text.as_bytes()))).collect()
    }

    fn now() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_word_holds_while_nothing_that_was_seen_changes() {
        let attested = said("2026-11-12T10:00:00Z", &[("a", "1"), ("b", "2")]);
        let fresh = freshness(&attested, "h", moved(&attested.covers, &attested.covers), None, now());
        assert_eq!(fresh, Freshness::Fresh { until: None });
        assert_eq!(fresh.words(&attested, TODAY), "");
    }

    #[test]
    fn files_that_changed_appeared_or_went_away_make_it_stale() {
        let attested = said("2026-11-12T10:00:00Z", &[("changed", "1"), ("gone", "2"), ("same", "3")]);
        let covered = files(&[("changed", "x"), ("new", "2"), ("same", "3")]);
        let stale = freshness(&attested, "h", moved(&attested.covers, &covered), Some(365), now());
        let moved = ["changed", "gone", "new"].map(RelPath::new).to_vec();
        assert_eq!(stale, Freshness::Stale { item_changed: false, moved, review_overdue_since: None });
        assert_eq!(stale.words(&attested, TODAY), "3 files changed since 12 Nov");
    }

    #[test]
    fn another_question_makes_it_stale() {
        let attested = said("2025-11-12T10:00:00Z", &[("a", "1")]);
        let stale = freshness(&attested, "other", moved(&attested.covers, &attested.covers), None, now());
        assert_eq!(stale.words(&attested, TODAY), "the question changed since 12 Nov 2025");
        let stale = freshness(&attested, "other", moved(&attested.covers, &files(&[])), None, now());
        assert_eq!(stale.words(&attested, TODAY), "the question and a changed since 12 Nov 2025");
    }

    #[test]
    fn a_review_comes_due_to_the_second() {
        let attested = said("2026-11-14T12:00:00Z", &[]);
        let due = now();
        let before = due - SignedDuration::from_secs(1);
        assert_eq!(
            freshness(&attested, "h", moved(&attested.covers, &files(&[])), Some(7), before),
            Freshness::Fresh { until: Some(due) },
            "a second before"
        );
        let stale = freshness(&attested, "h", moved(&attested.covers, &files(&[])), Some(7), due);
        assert_eq!(stale.words(&attested, TODAY), "review was due on 21 Nov");
    }

    #[test]
    fn a_review_beyond_the_end_of_the_calendar_never_comes_due() {
        let attested = said("2026-11-14T12:00:00Z", &[]);
        let fresh = freshness(&attested, "h", moved(&attested.covers, &files(&[])), Some(u32::MAX), now());
        assert_eq!(fresh, Freshness::Fresh { until: None });
    }

    #[test]
    fn a_waiver_counts_to_the_end_of_its_last_day() {
        let until = |last| Decision { expires: Some(last), ..said("2026-11-01T00:00:00Z", &[]) };
        let words = |last| waiver_state(&until(last), TODAY).words(TODAY);
        assert_eq!(words(date(2026, 12, 15)), "waived 24 days more");
        assert_eq!(words(date(2026, 11, 22)), "waived 1 day more");
        assert_eq!(words(TODAY), "waived until tonight");
        assert_eq!(words(date(2026, 11, 20)), "waiver expired on 20 Nov");
        assert_eq!(waiver_state(&until(date(2026, 11, 20)), TODAY), WaiverState::Expired { since: TODAY });
        assert_eq!(waiver_state(&until(Date::MAX), Date::MIN), WaiverState::Running { days_left: 7_304_483 });
        assert!(matches!(waiver_state(&until(Date::MIN), Date::MAX), WaiverState::Expired { .. }));
    }
}
