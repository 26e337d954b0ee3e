//! What leaves and items were judged to be. What an earlier run kept of a leaf is only read once somebody asks; of an item
//! it stands until one of its leaves is judged anew.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::probe::key::Key;
use crate::probe::outcome::Outcome;
use crate::probe::program::Leaf;

/// The outcome of a leaf.
#[derive(Debug)]
pub(super) struct Judged {
    known: OnceLock<Outcome>,
    /// As an earlier run kept it; empty where none did.
    packed: Box<[u8]>,
}

/// The outcome of an item as a snapshot lists it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ItemRow<'a> {
    key: Key,
    #[serde(borrow)]
    outcome: Cow<'a, [u8]>,
}

impl Judged {
    pub(super) fn new(outcome: Outcome) -> Self {
        Self { known: OnceLock::from(outcome), packed: Box::default() }
    }

    /// `bytes` are [`Judged::bytes`] of the same program, whole.
    pub(super) fn packed(bytes: &[u8]) -> Self {
        Self { known: OnceLock::new(), packed: bytes.into() }
    }

    pub(super) fn get(&self) -> &Outcome {
        let unreadable = || Outcome::unknown("what was kept of it cannot be read".to_owned());
        self.known.get_or_init(|| postcard::from_bytes(&self.packed).unwrap_or_else(|_| unreadable()))
    }

    pub(super) fn bytes(&self) -> Cow<'_, [u8]> {
        match self.packed.is_empty() {
            true => Cow::Owned(postcard::to_allocvec(self.get()).unwrap_or_default()),
            false => Cow::Borrowed(&self.packed),
        }
    }
}

impl Engine {
    /// The outcomes of the items that hang on nothing but facts.
    pub(super) fn item_rows(&self) -> Vec<ItemRow<'_>> {
        let is_kept = |leaf: &Leaf, number: usize| leaf.rule.is_timeless() && self.leaves[number].outcome.is_some();
        let leaves = self.program.leaves.iter().enumerate().filter(|(number, leaf)| !is_kept(leaf, *number));
        let open: BTreeSet<usize> = leaves.flat_map(|(_, leaf)| &leaf.items).copied().collect();
        let row = |item: usize| ItemRow {
            key: self.item_key(item),
            outcome: postcard::to_allocvec(&*self.outcomes[item]).unwrap_or_default().into(),
        };
        (0..self.outcomes.len()).filter(|item| self.judged && !open.contains(item)).map(row).collect()
    }

    /// Takes over the outcomes of the items that ask what they asked then. An item one of whose leaves moved, or is not
    /// known any more, is judged anew by that.
    pub(super) fn take_up_items(&mut self, rows: Vec<ItemRow<'_>>) {
        let known: HashMap<Key, Cow<'_, [u8]>> = rows.into_iter().map(|row| (row.key, row.outcome)).collect();
        let outcome = |item: usize| Some((item, postcard::from_bytes(known.get(&self.item_key(item))?).ok()?));
        let found: Vec<(usize, Outcome)> = (0..self.outcomes.len()).into_par_iter().filter_map(outcome).collect();
        for (item, outcome) in found {
            self.outcomes[item] = Arc::new(outcome);
            self.settled.insert(item);
        }
    }

    /// Names everything in an item that has a part in its outcome.
    fn item_key(&self, number: usize) -> Key {
        let item = &self.checklist.items[number];
        let asked = (&item.id, &item.hash, item.no_files, &item.broken, &self.program.items[number].parts);
        Key::of("item", &asked)
    }
}
