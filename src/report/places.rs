//! The first few places of an item, and how many more there are.

use crate::probe::outcome::{Answer, Evidence};
use crate::readiness::board::Row;
use crate::readiness::status::Status;

/// The first `most` places, and how many were found beyond those.
pub(super) fn places(row: &Row, most: usize) -> (&[Evidence], usize) {
    let shown = &row.outcome.evidence[..row.outcome.evidence.len().min(most)];
    (shown, row.outcome.found.max(row.outcome.evidence.len()) - shown.len())
}

/// Why the status is what it is, unless the places that are shown below say no less.
pub(super) fn reason(row: &Row) -> Option<&str> {
    let reason = row.reason.as_str();
    let only_places = match row.outcome.evidence.as_slice() {
        [only] if row.outcome.found <= 1 => reason == only.place(),
        _ => reason == format!("{} places", row.outcome.found),
    };
    let is_told_below = are_telling(row) && only_places;
    (!reason.is_empty() && !is_told_below).then_some(reason)
}

/// Whether the evidence has more to say than the reason does.
pub(super) fn adds(evidence: &Evidence, row: &Row) -> bool {
    evidence.path.is_some() || !row.outcome.reason.contains(&evidence.message)
}

/// Whether the places tell what is wrong or left to confirm, rather than what proves a pass.
pub(super) fn are_telling(row: &Row) -> bool {
    row.outcome.answer != Answer::NotApplicable && !row.status.is_ready() && row.status != Status::NotApplicable
}
