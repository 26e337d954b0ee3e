//! What git says of a tree as a whole.

use std::collections::BTreeSet;

use crate::tree::compare::Tracked;
use crate::tree::entry::Listing;
use crate::tree::path::RelPath;
use crate::tree::repository::Head;
use crate::tree::working::WorkingTree;

/// What git says of the whole tree.
#[derive(Debug, Default)]
pub(super) struct GitState {
    pub(super) head: Head,
    pub(super) changed: BTreeSet<RelPath>,
    pub(super) refs: Vec<String>,
    /// What git would not say.
    pub(super) warning: Option<String>,
}

/// `listing` is of this moment, or whatever is another since will be told of.
pub(super) fn git_state(tree: &WorkingTree, listing: &Listing) -> GitState {
    let Some(repository) = tree.repository() else { return GitState::default() };
    let changed = repository.changed_in(listing);
    let (head, refs) = (repository.head(), repository.refs());
    let unsaid = head.as_ref().err().or(changed.as_ref().err()).or(refs.as_ref().err()).map(|why| unsaid(why));
    GitState {
        warning: tree.caveat().or(unsaid),
        head: head.unwrap_or_default(),
        changed: changed.unwrap_or_default(),
        refs: refs.unwrap_or_default(),
    }
}

/// What git tracks; nothing where it would not say.
pub(super) fn tracked(tree: &WorkingTree) -> Tracked {
    tree.repository().and_then(|repository| repository.tracked().ok()).unwrap_or_default()
}

pub(super) fn unsaid(why: &str) -> String {
    format!("git's word is missing: {why}")
}
