//! How far each stretch of the work is.

use crate::readiness::board::Board;
use crate::readiness::status::Status;

/// What applies of a phase. Only what is ready counts as done, whatever somebody says of the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhaseShare {
    /// Index into [`Board::phases`].
    pub phase: usize,
    pub items: usize,
    pub ready: usize,
    /// The effort of what is not ready, as far as anybody estimated it.
    pub effort_minutes: u32,
}

/// One per phase that has items, in order.
#[must_use]
pub fn phase_shares(board: &Board) -> Vec<PhaseShare> {
    let share = |phase| {
        let mut share = PhaseShare { phase, items: 0, ready: 0, effort_minutes: 0 };
        for row in board.rows.iter().filter(|row| row.item.phase == phase && row.status != Status::NotApplicable) {
            share.items += 1;
            if row.status.is_ready() {
                share.ready += 1;
            } else {
                share.effort_minutes = share.effort_minutes.saturating_add(row.item.effort_minutes);
            }
        }
        share
    };
    (0..board.phases.len()).map(share).filter(|share| share.items > 0).collect()
}
