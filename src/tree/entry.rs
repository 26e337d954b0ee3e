//! What stands in a tree, before anything is read.

use std::collections::BTreeSet;

use crate::tree::blob::BlobId;
use crate::tree::path::RelPath;
use crate::tree::path_map::PathMap;

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
    /// Matched by an ignore file, which has no word on what is `tracked`.
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
    /// Since 1970; a time that is too far away for so many bits comes round again.
    pub modified_ns: i64,
    pub changed_ns: i64,
    pub size: u64,
    pub inode: u64,
    pub mode: u32,
}

/// Every name that counts: tracked, or untracked and not ignored, or ignored in a directory that is not.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    pub entries: PathMap<Entry>,
    /// The directories that were entered; these are the ones to watch.
    pub directories: BTreeSet<RelPath>,
    /// Those of the entries that are links, wherever they lead: they change with their targets.
    pub links: BTreeSet<RelPath>,
}
