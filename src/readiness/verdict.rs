//! Gates decide, not averages.

use crate::checklist::model::{Item, Tier};
use crate::readiness::board::{Row, TierVerdict, Verdict};
use crate::readiness::path;
use crate::readiness::status::Status;
use crate::readiness::work::{self, Places};

/// What a tier asks of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Whether `likely` is not enough.
    pub confirm: bool,
}

/// Whether an item can stop a tier. A tier includes those before it whole, gates and all, so that a later tier
/// is never easier to reach than an earlier one, however its own gate is set.
#[must_use]
pub fn gate(item: &Item, tiers: &[Tier], tier: usize) -> Option<Gate> {
    let requiring = tiers.get(item.tier..=tier)?;
    let mut gates = requiring.iter().filter(|tier| item.priority <= tier.gate).peekable();
    gates.peek()?;
    Some(Gate { confirm: gates.any(|tier| tier.confirm) })
}

/// One per tier, in order.
#[must_use]
pub fn verdicts(rows: &[Row], tiers: &[Tier]) -> Vec<TierVerdict> {
    let places = work::places(rows);
    (0..tiers.len()).map(|tier| verdict(rows, &places, tiers, tier)).collect()
}

fn verdict(rows: &[Row], places: &Places<'_>, tiers: &[Tier], tier: usize) -> TierVerdict {
    let (mut failing, mut undecided, mut waived, mut excused) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (index, row) in rows.iter().enumerate() {
        let Some(gate) = gate(&row.item, tiers, tier) else { continue };
        match row.status {
            Status::Failed => {
                let needs = row.item.plan.needs.iter().filter_map(|id| Some(&rows[*places.get(id.as_str())?]));
                if work::excuses(row, tier, tiers, needs) { excused.push(index) } else { failing.push(index) }
            }
            Status::Waived => waived.push(index),
            Status::Likely if !gate.confirm => {}
            status if status.is_undecided() => undecided.push(index),
            _ => {}
        }
    }
    // Only a failure that counts excuses another one.
    if failing.is_empty() {
        failing.append(&mut excused);
    }
    undecided.append(&mut excused);
    undecided.sort_unstable();
    let verdict = if !failing.is_empty() {
        Verdict::NoGo
    } else if !undecided.is_empty() {
        Verdict::Incomplete
    } else if !waived.is_empty() {
        Verdict::Conditional
    } else {
        Verdict::Go
    };
    let blocking = failing.iter().chain(&undecided).chain(&waived).copied();
    let path = path::to_go(rows, places, tiers, tier, blocking);
    let effort_minutes = path.iter().fold(0, |sum: u32, step| sum.saturating_add(step.effort_minutes));
    TierVerdict { tier, verdict, failing, undecided, waived, path, effort_minutes }
}

/// The id of the highest tier that is GO or CONDITIONAL, else `prototype`.
#[must_use]
pub fn maturity(verdicts: &[TierVerdict], tiers: &[Tier]) -> String {
    let reached = verdicts.iter().rev().find(|verdict| verdict.verdict <= Verdict::Conditional);
    reached.and_then(|verdict| tiers.get(verdict.tier)).map_or("prototype", |tier| &tier.id).to_owned()
}

/// Whether anything that applies can stop this tier. Where nothing can, its GO says nothing.
#[must_use]
pub fn rests_on_something(rows: &[Row], tiers: &[Tier], tier: usize) -> bool {
    rows.iter().any(|row| row.status != Status::NotApplicable && gate(&row.item, tiers, tier).is_some())
}

impl Verdict {
    /// As it is shouted: `NO-GO`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Go => "GO",
            Self::Conditional => "CONDITIONAL",
            Self::Incomplete => "INCOMPLETE",
            Self::NoGo => "NO-GO",
        }
    }
}
