//! Since when an item is what it is, and what made it so.

use std::sync::Arc;

use crate::checklist::model::Item;
use crate::probe::outcome::Evidence;
use crate::readiness::board::Row;
use crate::readiness::difference::Change;
use crate::readiness::status::Status;
use crate::tree::line::Commit;

#[derive(Clone, Debug)]
pub struct Blame {
    pub item: Arc<Item>,
    pub status: Status,
    pub reason: String,
    pub since: Since,
    /// How many commits were looked at.
    pub commits: usize,
}

#[derive(Clone, Debug)]
pub enum Since {
    /// A commit turned it.
    Turned {
        commit: Commit,
        change: Change,
        /// What it found that it did not find before.
        evidence: Vec<Evidence>,
    },
    /// It has been so in every commit there is, and this is the oldest; `ends` says why no older one is here, if so.
    Always { commit: Commit, ends: Option<String> },
    /// The last commit says otherwise: what is not committed yet turned it.
    Uncommitted { change: Change },
    /// The last commit said otherwise on its day, and would say the same today: no file changed, but time passed.
    Time { commit: Commit, change: Change },
}

/// The evidence of a row that another one does not have.
#[must_use]
pub fn appeared(before: &Row, now: &Row) -> Vec<Evidence> {
    let known = |evidence: &&Evidence| {
        !before.outcome.evidence.iter().any(|old| old.fingerprint == evidence.fingerprint && old.path == evidence.path)
    };
    now.outcome.evidence.iter().filter(known).cloned().collect()
}
