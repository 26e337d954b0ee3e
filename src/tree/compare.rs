//! What differs from HEAD: of the whole tree at once, or of one file without a look at the others.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::tree::blob::BlobId;
use crate::tree::entry::Entry;
use crate::tree::path::RelPath;
use crate::tree::repository::{Repository, one_line};

impl Repository {
    /// The files below the root that differ from HEAD, staged or not, and the untracked ones.
    /// Git's index is read, never refreshed.
    ///
    /// # Errors
    /// One line, where the index has a form that cannot be compared.
    pub fn changed(&self) -> Result<BTreeSet<RelPath>, String> {
        let mut options = git2::StatusOptions::new();
        options.include_untracked(true).recurse_untracked_dirs(true).include_ignored(false).update_index(false);
        if !self.prefix().is_empty() {
            options.pathspec(self.prefix()).disable_pathspec_match(true);
        }
        let repository = self.open()?;
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

    /// Whether one file is other than in HEAD; `None` for one that is not there. A file whose content nobody
    /// hashed yet is read for it.
    #[must_use]
    pub fn differs_from_head(
        &self,
        path: &RelPath,
        entry: Option<&Entry>,
        content: impl FnOnce() -> Option<BlobId>,
    ) -> bool {
        let committed = self.committed(path);
        match entry {
            Some(entry) if entry.ignored && !entry.tracked => false,
            Some(entry) => committed.is_none() || committed != entry.blob.or_else(content),
            None => committed.is_some(),
        }
    }

    /// The content with this id, if git has it.
    #[must_use]
    pub fn blob(&self, id: BlobId) -> Option<Vec<u8>> {
        let id = git2::Oid::from_bytes(id.as_bytes()).ok()?;
        let repository = self.open().ok()?;
        let blob = repository.find_blob(id).ok()?;
        Some(blob.content().to_vec())
    }

    /// The content of a file in HEAD.
    fn committed(&self, path: &RelPath) -> Option<BlobId> {
        let repository = self.open().ok()?;
        let tree = repository.head().ok()?.peel_to_tree().ok()?;
        let prefix = String::from_utf8_lossy(self.prefix()).into_owned();
        let entry = tree.get_path(&RelPath::new(&(prefix + path.as_str())).under(std::path::Path::new(""))).ok()?;
        Some(BlobId::from_bytes(entry.id().as_bytes()))
    }

    fn below_root(&self, path: &[u8]) -> Option<RelPath> {
        let below = path.strip_prefix(self.prefix())?;
        let mut parts = below.split(|byte| *byte == b'/').filter(|part| !part.is_empty());
        let first = RelPath::new("").join(parts.next()?);
        Some(parts.fold(first, |path, part| path.join(part)))
    }
}
