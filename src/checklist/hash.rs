//! Short names for what was asked and for what it was measured with.

use crate::checklist::model::{Checklist, Item};

/// Moves when a probe comes to answer the same question differently: scores are then measured anew.
pub(super) const PROBE_VERSION: u32 = 1;

/// What was asked: title, question, probe, covers, options, inventory. Not why or fix, which may be improved freely.
pub(super) fn item(item: &Item) -> String {
    let asked = (&item.title, item.question(), &item.probe, &item.when, &item.covers);
    match (item.options.as_slice(), item.inventory.as_slice()) {
        ([], []) => hex16(&asked),
        (options, []) => hex16(&(asked, options)),
        more => hex16(&(asked, more)),
    }
}

impl Checklist {
    /// Gives it the ruler of what it asks now.
    pub fn measure(&mut self) {
        self.ruler = ruler(self);
    }
}

/// Everything that can move a score.
pub(super) fn ruler(list: &Checklist) -> String {
    let tiers: Vec<_> = list.tiers.iter().map(|tier| (&tier.id, tier.gate, tier.confirm)).collect();
    let items: Vec<_> = list
        .items
        .iter()
        .map(|item| {
            let tier = list.tiers.get(item.tier).map(|tier| &tier.id);
            let answer = (item.no_files, item.confidence, item.broken.is_some());
            (&item.id, item.priority, tier, &item.hash, answer, &item.plan.needs)
        })
        .collect();
    hex16(&(PROBE_VERSION, tiers, items, &list.skip))
}

/// Sixteen digits of the hash of the JSON, which keeps the boundaries between the parts.
fn hex16(value: &impl serde::Serialize) -> String {
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    blake3::hash(&bytes).to_hex()[..16].to_owned()
}
