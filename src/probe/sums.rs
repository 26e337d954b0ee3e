//! What the facts of all files come to.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::probe::fact::Facts;
use crate::tree::path::RelPath;

/// It is kept while files come and go, so that an answer need not count them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    pub found: u64,
    pub seen: u64,
    pub misses: u64,
    /// How many files were looked at and nothing was found in them.
    pub bare: u64,
    /// In how many of them no node was selected.
    pub unseen: u64,
    /// The files that could not be looked at.
    pub troubled: BTreeSet<RelPath>,
}

impl Sums {
    /// Takes in that something else is found in a file than before.
    pub fn change(&mut self, path: &RelPath, before: Option<&Facts>, now: Option<&Facts>) {
        if let Some(before) = before {
            self.found -= u64::from(before.found);
            self.seen -= u64::from(before.seen);
            self.misses -= before.misses.len() as u64;
            self.bare -= u64::from(is_bare(before));
            self.unseen -= u64::from(before.seen == 0);
            self.troubled.remove(path);
        }
        if let Some(now) = now {
            self.found += u64::from(now.found);
            self.seen += u64::from(now.seen);
            self.misses += now.misses.len() as u64;
            self.bare += u64::from(is_bare(now));
            self.unseen += u64::from(now.seen == 0);
            if now.trouble.is_some() {
                self.troubled.insert(path.clone());
            }
        }
    }
}

/// Whether a file was looked at and nothing was found.
pub(super) fn is_bare(facts: &Facts) -> bool {
    facts.found == 0 && facts.trouble.is_none()
}
