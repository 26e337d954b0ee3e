//! What stands in a tree, before anything is read.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::blob::BlobId;
use crate::tree::path::RelPath;

/// One name in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub kind: Kind,
    /// Bytes, of the link's target for a link that resolves.
    pub size: u64,
    /// Moves whenever the content may have moved.
    pub stamp: Stamp,
    /// In git's index (or in the revision).
    pub tracked: bool,
    /// Matched by an ignore file (and, if `tracked`, tracked all the same).
    pub ignored: bool,
    /// Known without reading: from a revision, or because git's index vouches for it.
    pub blob: Option<BlobId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    /// A symbolic link; the regular file inside the tree that it ends at, or `None`.
    Link(Option<RelPath>),
    /// The root of another repository, a submodule or a worktree: not entered.
    Repository,
    /// A FIFO, socket or device: never opened.
    Special,
    /// A directory that could not be listed, and why: everything below it is unknown.
    Unlisted(String),
}

/// What `stat` says, as far as it tells one content from another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    pub modified_ns: i128,
    pub changed_ns: i128,
    pub size: u64,
    pub inode: u64,
    pub mode: u32,
}

/// Every name that counts: tracked, or untracked and not ignored, or ignored in a directory that is not.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    pub entries: BTreeMap<RelPath, Entry>,
    /// The directories that were entered; these are the ones to watch.
    pub directories: BTreeSet<RelPath>,
    /// Those of the entries that are links, wherever they lead: they change with their targets.
    pub links: BTreeSet<RelPath>,
}

impl Listing {
    /// What came, went or was written between `before` and this.
    #[must_use]
    pub fn moved_since(&self, before: &Self) -> BTreeSet<RelPath> {
        let same = |a: &Entry, b: &Entry| a.stamp == b.stamp && a.kind == b.kind;
        let new = |(path, entry): &(&RelPath, &Entry)| !before.entries.get(*path).is_some_and(|old| same(old, entry));
        let here = self.entries.iter().filter(new).map(|(path, _)| path);
        let gone = before.entries.keys().filter(|path| !self.entries.contains_key(*path));
        here.chain(gone).cloned().collect()
    }
}
