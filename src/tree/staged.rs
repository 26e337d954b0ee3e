//! Where git's index differs from HEAD, told from HEAD's trees and from what is known of the index. The library would read
//! the whole index once more for it.

use std::collections::BTreeSet;
use std::iter::Peekable;

use crate::tree::blob::BlobId;
use crate::tree::index::{Index, Mode, Staged, Tracked};
use crate::tree::path::{Inside, RelPath};

/// Deeper trees are left to git.
const DEEPEST: usize = 200;

/// What of `tree`, which HEAD has for the root, and of the index is not the same. `None` where only git can tell.
pub(super) fn staged(library: &git2::Repository, tree: git2::Oid, index: &Index) -> Option<BTreeSet<RelPath>> {
    if !index.tells_all {
        return None;
    }
    let root = RelPath::new("");
    let mut comparison =
        Comparison { library, index, rest: from(index, &root), last: root.clone(), changed: BTreeSet::new() };
    comparison.enter(tree, &root, 0)?;
    comparison.pass(|_| true);
    Some(comparison.changed)
}

impl Staged {
    /// What a tree holds; `None` for a directory.
    pub(super) fn committed(entry: &git2::TreeEntry<'_>) -> Option<Self> {
        let mode = Mode::of(u32::try_from(entry.filemode()).ok()?)?;
        Some(Self { mode, id: BlobId::from_bytes(entry.id().as_bytes()) })
    }
}

type Rest<'a> = Peekable<Box<dyn Iterator<Item = (&'a RelPath, &'a Tracked)> + 'a>>;

fn from<'a>(index: &'a Index, start: &RelPath) -> Rest<'a> {
    let rest: Box<dyn Iterator<Item = _>> = Box::new(index.names.range_from(start));
    rest.peekable()
}

/// Both are gone through together: a tree holds everything in the order in which the index has it.
struct Comparison<'a> {
    library: &'a git2::Repository,
    index: &'a Index,
    /// What of the index is still to come.
    rest: Rest<'a>,
    last: RelPath,
    changed: BTreeSet<RelPath>,
}

impl Comparison<'_> {
    fn enter(&mut self, tree: git2::Oid, dir: &RelPath, depth: usize) -> Option<()> {
        let tree = self.library.find_tree(tree).ok().filter(|_| depth < DEEPEST)?;
        let mut inside = Inside::new(dir);
        for entry in &tree {
            let path = inside.path(entry.name_bytes());
            if let Some(committed) = Staged::committed(&entry) {
                self.compare(path, committed)?;
            } else if self.index.trees.get(&path) == Some(&BlobId::from_bytes(entry.id().as_bytes())) {
                self.skip(&path)?;
            } else {
                self.enter(entry.id(), &path, depth + 1)?;
            }
        }
        Some(())
    }

    fn compare(&mut self, path: RelPath, committed: Staged) -> Option<()> {
        self.come_to(path.clone())?;
        let staged = self.rest.next_if(|(staged, _)| **staged == path);
        if staged.and_then(|(_, tracked)| tracked.staged) != Some(committed) {
            self.changed.insert(path);
        }
        Some(())
    }

    /// All of this directory is as it was.
    fn skip(&mut self, dir: &RelPath) -> Option<()> {
        self.come_to(RelPath::new(&format!("{dir}/")))?;
        self.rest = from(self.index, &RelPath::new(&format!("{dir}0")));
        Some(())
    }

    /// `None` where that lies behind: names that are no text may be spelled in another order.
    fn come_to(&mut self, path: RelPath) -> Option<()> {
        if path <= self.last {
            return None;
        }
        self.pass(|staged| *staged < path);
        self.last = path;
        Some(())
    }

    /// What stands in the index alone is new.
    fn pass(&mut self, comes_before: impl Fn(&RelPath) -> bool) {
        while let Some((path, _)) = self.rest.next_if(|(path, _)| comes_before(path)) {
            self.changed.insert(path.clone());
        }
    }
}
