//! What differs from HEAD: of the whole tree at once, or of some places without a look at the others.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::tree::blob::BlobId;
use crate::tree::path::RelPath;
use crate::tree::repository::{Repository, one_line};

/// The repository as it was opened when the whole tree was last compared. Opening it and reading its index costs more
/// the larger the tree is; a save should not.
#[derive(Default)]
pub(super) struct Opened(Mutex<Option<git2::Repository>>);

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opened")
    }
}

impl Repository {
    /// The files below the root that differ from HEAD, staged or not, and the untracked ones.
    /// Git's index is read, never refreshed.
    ///
    /// # Errors
    /// One line, where the index has a form that cannot be compared.
    pub fn changed(&self) -> Result<BTreeSet<RelPath>, String> {
        let mut opened = self.opened.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Whatever it is configured to do now, and another one if it was made anew.
        *opened = None;
        self.changed_below(opened.insert(self.open()?), [RelPath::new("")].iter())
    }

    /// Those of them that stand at or below one of these places; the others are not looked at.
    ///
    /// # Errors
    /// As for all of them.
    pub fn changed_among(&self, places: &BTreeSet<RelPath>) -> Result<BTreeSet<RelPath>, String> {
        if places.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut opened = self.opened.0.lock().unwrap_or_else(PoisonError::into_inner);
        let repository = match &mut *opened {
            Some(repository) => repository,
            none => none.insert(self.open()?),
        };
        self.changed_below(repository, places.iter())
    }

    fn changed_below<'a>(
        &self,
        repository: &git2::Repository,
        places: impl Iterator<Item = &'a RelPath>,
    ) -> Result<BTreeSet<RelPath>, String> {
        let mut options = git2::StatusOptions::new();
        options.include_untracked(true).recurse_untracked_dirs(true).include_ignored(false).update_index(false);
        options.disable_pathspec_match(true);
        for place in places {
            let spelled = [self.prefix(), place.under(Path::new("")).as_os_str().as_encoded_bytes()].concat();
            if !spelled.is_empty() {
                options.pathspec(spelled);
            }
        }
        let statuses = repository.statuses(Some(&mut options)).map_err(|error| one_line(&error))?;
        Ok(statuses.iter().filter_map(|status| self.below_root(status.path_bytes())).collect())
    }

    /// The files below the root that git tracks.
    ///
    /// # Errors
    /// One line, where the index cannot be read.
    pub fn tracked(&self) -> Result<Arc<BTreeSet<RelPath>>, String> {
        Ok(Arc::new(self.index()?.names.keys().cloned().collect()))
    }

    /// The content with this id, if git has it.
    #[must_use]
    pub fn blob(&self, id: BlobId) -> Option<Vec<u8>> {
        let id = git2::Oid::from_bytes(id.as_bytes()).ok()?;
        let repository = self.open().ok()?;
        let blob = repository.find_blob(id).ok()?;
        Some(blob.content().to_vec())
    }

    fn below_root(&self, path: &[u8]) -> Option<RelPath> {
        let below = path.strip_prefix(self.prefix())?;
        let mut parts = below.split(|byte| *byte == b'/').filter(|part| !part.is_empty());
        let first = RelPath::new("").join(parts.next()?);
        Some(parts.fold(first, |path, part| path.join(part)))
    }
}
