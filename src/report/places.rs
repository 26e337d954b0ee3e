//! The first few places of an item, and how many more there are.

use crate::probe::outcome::{Answer, Evidence};
use crate::readiness::board::Row;
use crate::readiness::status::Status;

/// The first `most` places, and how many were found beyond those.
pub(super) fn places(row: &Row, most: usize) -> (&[Evidence], usize) {
    let shown = &row.outcome.evidence[..row.outcome.evidence.len().min(most)];
    (shown, row.outcome.found.max(row.outcome.evidence.len()) - shown.len())
}

/// Whether the places tell what is wrong or left to confirm, rather than what proves a pass.
pub(super) fn are_telling(row: &Row) -> bool {
    row.outcome.answer != Answer::NotApplicable && !row.status.is_ready() && row.status != Status::NotApplicable
}
