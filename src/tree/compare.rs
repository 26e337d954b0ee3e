//! What differs from HEAD: of the whole tree at once, or of some places without a look at the others.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::tree::blob::BlobId;
use crate::tree::entry::{Entry, Kind, Listing};
use crate::tree::history::tree_below;
use crate::tree::index::{self, Index};
use crate::tree::merge::side_by_side;
use crate::tree::path::RelPath;
use crate::tree::repository::{Repository, one_line};
use crate::tree::single::Single;
use crate::tree::staged::staged;

/// With more places than this it is quicker to look at everything.
const PLACES: usize = 1000;

impl Repository {
    /// The files below the root that differ from HEAD, staged or not, and the untracked ones.
    /// Git's index is read, never refreshed.
    ///
    /// # Errors
    /// One line, where the index has a form that cannot be compared.
    pub fn changed(&self) -> Result<BTreeSet<RelPath>, String> {
        self.reopen();
        self.ask(|repository| self.changed_below(repository, &BTreeSet::from([RelPath::new("")])))
    }

    /// The same, of a tree that has just been listed: what still has the stat that the index notes is not looked at.
    ///
    /// # Errors
    /// As without a listing.
    pub fn changed_in(&self, listing: &Listing) -> Result<BTreeSet<RelPath>, String> {
        self.reopen();
        if let Ok(index) = self.index() {
            let doubtful = doubtful(&index, listing);
            if doubtful.len() <= PLACES
                && let Ok(changed) = self.ask(|repository| self.changed_beside(repository, &index, &doubtful, listing))
            {
                return Ok(changed);
            }
        }
        self.changed()
    }

    /// Those of them that stand at or below one of these places; the others are not looked at.
    ///
    /// # Errors
    /// As for all of them.
    pub fn changed_among(&self, places: &BTreeSet<RelPath>) -> Result<BTreeSet<RelPath>, String> {
        if places.is_empty() {
            return Ok(BTreeSet::new());
        }
        self.ask(|repository| self.changed_below(repository, places))
    }

    /// The same where everything has just been listed at these places: git is asked of those alone that the listing,
    /// the index and HEAD do not tell all of.
    ///
    /// # Errors
    /// As for all of them.
    pub fn changed_at(&self, places: &BTreeSet<RelPath>, listing: &Listing) -> Result<BTreeSet<RelPath>, String> {
        self.ask(|repository| self.changed_each(repository, self.index().ok().as_deref(), places, listing))
    }

    fn changed_each(
        &self,
        repository: &git2::Repository,
        index: Option<&Index>,
        places: &BTreeSet<RelPath>,
        listing: &Listing,
    ) -> Result<BTreeSet<RelPath>, String> {
        let single = index.and_then(|index| Single::new(self, repository, index, listing));
        let (mut changed, mut open) = (BTreeSet::new(), BTreeSet::new());
        for place in places {
            match single.as_ref().and_then(|single| single.is_changed(place)) {
                Some(true) => changed.insert(place.clone()),
                Some(false) => false,
                None => open.insert(place.clone()),
            };
        }
        if !open.is_empty() {
            changed.extend(self.changed_below(repository, &open)?);
        }
        Ok(changed)
    }

    /// What is staged, and what differs at these places where everything else is as it stands in the index.
    fn changed_beside(
        &self,
        repository: &git2::Repository,
        index: &Index,
        places: &BTreeSet<RelPath>,
        listing: &Listing,
    ) -> Result<BTreeSet<RelPath>, String> {
        let mut changed = self.staged(repository, index)?;
        changed.extend(self.changed_each(repository, Some(index), places, listing)?);
        Ok(changed)
    }

    /// Where the index differs from HEAD.
    fn staged(&self, repository: &git2::Repository, index: &Index) -> Result<BTreeSet<RelPath>, String> {
        let head = repository.head().and_then(|head| head.peel_to_commit()).map_err(|error| one_line(&error))?;
        if index.tree == Some(BlobId::from_bytes(head.tree_id().as_bytes())) {
            return Ok(BTreeSet::new());
        }
        let root = tree_below(repository, &head, self.prefix())?;
        if let Some(changed) = root.and_then(|root| staged(repository, root, index)) {
            return Ok(changed);
        }
        let head = head.tree().map_err(|error| one_line(&error))?;
        let mut options = git2::DiffOptions::new();
        options.include_typechange(true).disable_pathspec_match(true);
        if !self.prefix().is_empty() {
            options.pathspec(self.prefix());
        }
        let diff = repository.diff_tree_to_index(Some(&head), None, Some(&mut options));
        let diff = diff.map_err(|error| one_line(&error))?;
        let paths = diff.deltas().filter_map(|delta| self.below_root(delta.new_file().path_bytes()?));
        Ok(paths.collect())
    }

    fn changed_below(
        &self,
        repository: &git2::Repository,
        places: &BTreeSet<RelPath>,
    ) -> Result<BTreeSet<RelPath>, String> {
        let mut options = git2::StatusOptions::new();
        options.include_untracked(true).recurse_untracked_dirs(true).include_ignored(false).update_index(false);
        options.disable_pathspec_match(true);
        for place in places {
            let spelled = self.spelled(place);
            if !spelled.as_os_str().is_empty() {
                options.pathspec(spelled);
            }
        }
        let statuses = repository.statuses(Some(&mut options)).map_err(|error| one_line(&error))?;
        let index = self.index().ok();
        let changed = statuses.iter().filter_map(|status| {
            let path = self.below_root(status.path_bytes())?;
            let is_hidden = index.as_ref().is_some_and(|index| is_hidden(index, &path, status.status()));
            (!is_hidden).then_some(path)
        });
        let mut changed: BTreeSet<RelPath> = changed.collect();
        let assumed = index.iter().flat_map(|index| &index.assumed);
        let assumed = assumed.filter(|path| places.iter().any(|place| path.starts_with(place)));
        changed.extend(self.never_committed(repository, assumed));
        Ok(changed)
    }

    /// Those of them that HEAD does not hold. The library is silent about a new file that is assumed to be unchanged, but
    /// what is staged is staged.
    fn never_committed<'a>(
        &self,
        repository: &git2::Repository,
        mut paths: impl Iterator<Item = &'a RelPath>,
    ) -> Vec<RelPath> {
        let Some(first) = paths.next() else { return Vec::new() };
        let head = repository.head().and_then(|head| head.peel_to_tree()).ok();
        let is_committed =
            |path: &RelPath| head.as_ref().is_some_and(|head| head.get_path(&self.spelled(path)).is_ok());
        std::iter::once(first).chain(paths).filter(|path| !is_committed(path)).cloned().collect()
    }

    /// The files below the root that git tracks.
    ///
    /// # Errors
    /// One line, where the index cannot be read.
    pub fn tracked(&self) -> Result<Tracked, String> {
        Ok(Tracked(self.index()?))
    }

    /// The content with this id, if git has it.
    #[must_use]
    pub fn blob(&self, id: BlobId) -> Option<Vec<u8>> {
        let id = git2::Oid::from_bytes(id.as_bytes()).ok()?;
        let content = |repository: &git2::Repository| {
            repository.find_blob(id).map(|blob| blob.content().to_vec()).map_err(|error| one_line(&error))
        };
        self.ask(content).ok()
    }

    fn below_root(&self, path: &[u8]) -> Option<RelPath> {
        // A repository in the tree is told of as a directory.
        index::within(self.prefix(), path.strip_suffix(b"/").unwrap_or(path))
    }
}

/// Whether git would say nothing of it, where the library does: what a sparse checkout leaves out is not deleted, whatever
/// stands in its place, and of what is assumed to be unchanged only the index counts.
fn is_hidden(index: &Index, path: &RelPath, status: git2::Status) -> bool {
    use git2::Status;
    let beyond_the_tree = Status::INDEX_NEW
        | Status::INDEX_MODIFIED
        | Status::INDEX_DELETED
        | Status::INDEX_RENAMED
        | Status::INDEX_TYPECHANGE
        | Status::CONFLICTED;
    let is_left_out = || index.left_out > 0 && index.names.get(path).is_some_and(|tracked| tracked.is_optional);
    (matches!(status, Status::WT_DELETED | Status::WT_TYPECHANGE | Status::WT_NEW) && is_left_out())
        || (!status.intersects(beyond_the_tree) && index.assumed.contains(path))
}

/// The tracked files whose stat is not the one in the index, or whose entry does not say enough, and the untracked ones
/// that no rule ignores.
fn doubtful(index: &Index, listing: &Listing) -> BTreeSet<RelPath> {
    let is_fine = |entry: &Entry, tracked: Option<&index::Tracked>| match tracked {
        Some(tracked) => entry.kind == Kind::File && tracked.is_still(&entry.stamp),
        None => entry.ignored,
    };
    let both = side_by_side(&listing.entries, &index.names);
    let doubtful = both.filter(|(_, entry, tracked)| entry.is_none_or(|entry| !is_fine(entry, *tracked)));
    doubtful.map(|(path, _, _)| path.clone()).collect()
}

/// What git tracked at some moment.
#[derive(Clone, Debug, Default)]
pub struct Tracked(Arc<Index>);

impl Tracked {
    /// What is tracked in one of the two and not in the other.
    #[must_use]
    pub fn moved_since(&self, before: &Self) -> BTreeSet<RelPath> {
        let missing = |there: &Self, here: &Self| -> Vec<RelPath> {
            there.0.names.keys().filter(|path| !here.0.names.contains_key(path)).cloned().collect()
        };
        missing(self, before).into_iter().chain(missing(before, self)).collect()
    }
}
