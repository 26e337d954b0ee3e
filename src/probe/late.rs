//! Which leaves can wait. What an item compares is read out of every line of many files, and many an item that compares
//! does not apply to the tree: whether it does is known first.

use std::collections::BTreeSet;

use crate::probe::compare::Written;
use crate::probe::program::{Expression, ItemProgram, Leaf, Rule};

/// The leaves that nobody needs while the conditions of their items do not hold.
#[must_use]
pub(super) fn late(leaves: &[Leaf], items: &[ItemProgram], metrics: &[Written]) -> BTreeSet<usize> {
    let mut needed: BTreeSet<usize> = metrics.iter().flat_map(|metric| &metric.leaves).copied().collect();
    for item in items {
        needed.extend(item.inventory.iter().flat_map(|written| &written.leaves));
        if let Some(when) = &item.when {
            need(when, leaves, &mut needed);
        }
    }
    let can_wait = |leaf: &Leaf| {
        matches!(leaf.rule, Rule::Elements(_)) && leaf.items.iter().all(|item| items[*item].when.is_some())
    };
    (0..leaves.len()).filter(|leaf| can_wait(&leaves[*leaf]) && !needed.contains(leaf)).collect()
}

fn need(expression: &Expression, leaves: &[Leaf], needed: &mut BTreeSet<usize>) {
    match expression {
        Expression::All(members) | Expression::Any(members) => {
            members.iter().for_each(|member| need(member, leaves, needed));
        }
        Expression::Not(member) => need(member, leaves, needed),
        Expression::Ask => {}
        Expression::Leaf(leaf) => needed.extend(leaves[*leaf].rule.sources()),
    }
}
