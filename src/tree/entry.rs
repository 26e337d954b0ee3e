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

impl Listing {
    /// What came, went or was written between `before` and this.
    #[must_use]
    pub fn moved_since(&self, before: &Self) -> BTreeSet<RelPath> {
        let same = |a: &Entry, b: &Entry| a.stamp == b.stamp && a.kind == b.kind;
        let new = |(path, entry): &(&RelPath, &Entry)| !before.entries.get(path).is_some_and(|old| same(old, entry));
        let here = self.entries.iter().filter(new).map(|(path, _)| path);
        let gone = before.entries.keys().filter(|path| !self.entries.contains_key(path));
        here.chain(gone).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_went_or_was_written_has_moved_and_what_git_says_has_not() {
        let file = |ns| Entry {
            kind: Kind::File,
            size: 1,
            stamp: Stamp { modified_ns: ns, ..Stamp::default() },
            tracked: false,
            ignored: false,
            blob: None,
        };
        let listing = |files: &[(&str, Entry)]| Listing {
            entries: files.iter().map(|(path, entry)| (RelPath::new(path), entry.clone())).collect(),
            ..Listing::default()
        };
        let before = listing(&[("gone", file(1)), ("same", file(1)), ("written", file(1))]);
        let staged = Entry { tracked: true, ..file(1) };
        let after = listing(&[("new", file(1)), ("same", staged), ("written", file(2))]);
        let moved: Vec<String> = after.moved_since(&before).iter().map(ToString::to_string).collect();
        assert_eq!(moved, ["gone", "new", "written"]);
    }
}
