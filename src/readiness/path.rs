//! The shortest way to GO.

use crate::checklist::model::{Confidence, Tier};
use crate::ledger::fold::Position;
use crate::readiness::board::{Row, Step};
use crate::readiness::status::Status;
use crate::readiness::verdict::gate;

/// A step for everything that blocks: first what a machine can see fixed, then what needs a person; in each the
/// cheapest first and what nobody estimated last, then by priority.
#[must_use]
pub fn to_go(rows: &[Row], tiers: &[Tier], tier: usize, blocking: impl Iterator<Item = usize>) -> Vec<Step> {
    let step = |index: usize| {
        let row = rows.get(index)?;
        let confirm = gate(&row.item, tiers, tier).is_some_and(|gate| gate.confirm);
        let needs_person = needs_person(row, confirm);
        let effort_minutes = row.item.effort_minutes;
        let order = (needs_person, effort_minutes == 0, effort_minutes, row.item.priority, index);
        Some((order, Step { row: index, needs_person, effort_minutes }))
    };
    let mut steps: Vec<_> = blocking.filter_map(step).collect();
    steps.sort_by_key(|(order, _)| *order);
    steps.into_iter().map(|(_, step)| step).collect()
}

/// Whether a change of the files is not enough.
fn needs_person(row: &Row, confirm: bool) -> bool {
    let left_to_people = match row.status {
        Status::Open | Status::Stale | Status::Disputed | Status::Likely => true,
        // What is fixed behind these still has to be confirmed, agreed on or answered.
        _ => row.outcome.asks || matches!(row.standing.position, Position::Disputed(_)),
    };
    left_to_people || (confirm && row.item.confidence == Confidence::Heuristic)
}
