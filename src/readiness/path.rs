//! The shortest way to GO.

use std::collections::BTreeSet;

use crate::checklist::model::{Confidence, Tier};
use crate::ledger::fold::Position;
use crate::readiness::board::{Row, Step};
use crate::readiness::status::Status;
use crate::readiness::verdict::gate;
use crate::readiness::work::Places;

/// A step for everything that blocks: first what a machine can see fixed, then what needs a person; in each the
/// cheapest first and what nobody estimated last, then by priority. What a step waits for comes before it, also where
/// the tier itself would not ask for that.
#[must_use]
pub fn to_go(
    rows: &[Row],
    places: &Places<'_>,
    tiers: &[Tier],
    tier: usize,
    blocking: impl Iterator<Item = usize>,
) -> Vec<Step> {
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
    let sorted: Vec<usize> = steps.iter().map(|(_, step)| step.row).collect();
    let order = grounds_first(rows, places, &sorted);
    order.into_iter().filter_map(step).map(|(_, step)| step).collect()
}

/// The same rows, each after those that it waits for. Without recursion, because a chain may be long.
fn grounds_first(rows: &[Row], places: &Places<'_>, wanted: &[usize]) -> Vec<usize> {
    if wanted.iter().all(|row| rows[*row].work.blocked_by.is_empty()) {
        return wanted.to_vec();
    }
    let (mut seen, mut out) = (BTreeSet::new(), Vec::new());
    // A row is pushed twice: to open what is under it, and to be put down after that.
    let mut stack: Vec<(usize, bool)> = wanted.iter().rev().map(|row| (*row, false)).collect();
    while let Some((at, is_open)) = stack.pop() {
        if is_open {
            out.push(at);
        } else if seen.insert(at) {
            stack.push((at, true));
            let under = rows[at].work.blocked_by.iter().rev().filter_map(|id| places.get(id.as_str()));
            stack.extend(under.map(|under| (*under, false)));
        }
    }
    out
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
