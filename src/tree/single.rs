//! What git would say of a single file, from what is known of the index, of HEAD and of the file: nothing else is looked
//! at. Where anything out of the ordinary is in play this is silent, and git itself must be asked.

use std::cell::OnceCell;
use std::fs;
use std::io::ErrorKind;

use crate::tree::attributes::{Conversion, Conversions};
use crate::tree::blob::BlobId;
use crate::tree::disk;
use crate::tree::entry::{Entry, Kind, Listing};
use crate::tree::ignores::ancestors;
use crate::tree::index::{Index, MODE_EXECUTABLE, Mode, Staged, Tracked};
use crate::tree::path::RelPath;
use crate::tree::repository::Repository;

/// A longer file is left to git.
const LONGEST: u64 = 4 << 20;

/// What a single file is held against.
pub(super) struct Single<'a> {
    repository: &'a Repository,
    index: &'a Index,
    head: git2::Commit<'a>,
    /// Its tree, which few places need.
    tree: OnceCell<Option<git2::Tree<'a>>>,
    listing: &'a Listing,
    conversions: Conversions<'a>,
}

impl<'a> Single<'a> {
    /// `None` where git must be asked of every file: names that differ in case may be one, or what HEAD holds is not
    /// known.
    pub(super) fn new(
        repository: &'a Repository,
        library: &'a git2::Repository,
        index: &'a Index,
        listing: &'a Listing,
    ) -> Option<Self> {
        let config = library.config().ok()?;
        let folds = |name| config.get_bool(name).unwrap_or(false);
        if !cfg!(unix) || folds("core.ignoreCase") || folds("core.precomposeUnicode") {
            return None;
        }
        let head = library.head().and_then(|head| head.peel_to_commit()).ok()?;
        let conversions = Conversions::new(repository);
        Some(Self { repository, index, head, tree: OnceCell::new(), listing, conversions })
    }

    /// Whether the file at this place, there or gone, is unlike HEAD, staged or not, or untracked. `None` where that
    /// cannot be told from itself alone.
    pub(super) fn is_changed(&self, path: &RelPath) -> Option<bool> {
        if !self.stands_alone(path) {
            return None;
        }
        let tracked = self.index.names.get(path);
        let staged = match tracked {
            Some(tracked) => Some(tracked.plain()?),
            None => None,
        };
        let there = self.there(path)?;
        if self.committed(path, staged)? != staged {
            return Some(true);
        }
        match (tracked.zip(staged), there) {
            (None, None) => Some(false),
            (None, Some(entry)) => Some(!entry.ignored),
            (Some(_), None) => Some(true),
            (Some((tracked, staged)), Some(entry)) => self.is_written(path, tracked, staged, entry),
        }
    }

    /// Whether nothing above this place or below it is tracked, and it lies in no other repository.
    fn stands_alone(&self, path: &RelPath) -> bool {
        let root = self.repository.root();
        let is_gits = path.as_str().split('/').any(|part| part.eq_ignore_ascii_case(".git"));
        let below = RelPath::new(&format!("{path}/"));
        let mut after = self.index.names.range_from(&below);
        !path.as_str().is_empty()
            && !is_gits
            && !after.next().is_some_and(|(next, _)| next.as_str().starts_with(below.as_str()))
            && ancestors(path)
                .all(|dir| !self.index.names.contains_key(&dir) && !disk::exists(&dir.under(root).join(".git")))
    }

    /// The file as it is listed, or that there is none.
    fn there(&self, path: &RelPath) -> Option<Option<&'a Entry>> {
        if let Some(entry) = self.listing.entries.get(path) {
            return (entry.kind == Kind::File).then_some(Some(entry));
        }
        // What stands there and is not listed is a directory, or nobody gets to it.
        let missing = fs::symlink_metadata(path.under(self.repository.root())).err()?;
        matches!(missing.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory).then_some(None)
    }

    /// What HEAD holds there, of which it is known what is staged.
    fn committed(&self, path: &RelPath, staged: Option<Staged>) -> Option<Option<Staged>> {
        if self.index.tree == Some(BlobId::from_bytes(self.head.tree_id().as_bytes())) {
            return Some(staged);
        }
        let tree = self.tree.get_or_init(|| self.head.tree().ok()).as_ref()?;
        match tree.get_path(&self.repository.spelled(path)) {
            Ok(entry) => {
                let staged = Staged::committed(&entry)?;
                matches!(staged.mode, Mode::Plain | Mode::Executable).then_some(Some(staged))
            }
            Err(error) => (error.code() == git2::ErrorCode::NotFound).then_some(None),
        }
    }

    /// Whether a tracked file is unlike what is staged. Who may execute it counts or not: git knows.
    fn is_written(&self, path: &RelPath, tracked: &Tracked, staged: Staged, entry: &Entry) -> Option<bool> {
        if (staged.mode == Mode::Executable) != (entry.stamp.mode & MODE_EXECUTABLE != 0) {
            return None;
        }
        if tracked.vouch(&entry.stamp).is_some() {
            return Some(false);
        }
        let conversion = self.conversions.of(path);
        if conversion == Conversion::Nothing && tracked.has_another_size(&entry.stamp) {
            return Some(true);
        }
        let content = disk::read_without_links(&path.under(self.repository.root()), LONGEST)?;
        if content.cut_from.is_some() || !conversion.keeps(&content.bytes) {
            return None;
        }
        Some(BlobId::of(&content.bytes) != staged.id)
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;

    use super::*;
    use crate::tree::working::WorkingTree;

    fn commit(root: &Path) {
        let library = git2::Repository::init(root).unwrap();
        let mut index = library.index().unwrap();
        index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
        index.write().unwrap();
        let tree = library.find_tree(index.write_tree().unwrap()).unwrap();
        let author = git2::Signature::now("Ann", "ann@example.com").unwrap();
        library.commit(Some("HEAD"), &author, &author, "one", &tree, &[]).unwrap();
    }

    fn said(root: &Path, places: &[&str]) -> Vec<Option<bool>> {
        let (tree, _) = WorkingTree::open(root).unwrap();
        let (repository, listing) = (tree.repository().unwrap(), tree.list(&Default::default()));
        let (library, index) = (repository.open().unwrap(), repository.index().unwrap());
        let single = Single::new(repository, &library, &index, &listing).unwrap();
        places.iter().map(|place| single.is_changed(&RelPath::new(place))).collect()
    }

    #[test]
    fn of_plain_files_all_is_known_and_the_rest_is_left_to_git() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("dir")).unwrap();
        for name in ["same", "written", "again", "gone", "mode", "link", "dir/file"] {
            fs::write(at(name), "one\n").unwrap();
        }
        commit(folder.path());
        fs::write(at(".gitignore"), "*.log\n").unwrap();
        fs::write(at("new"), "one\n").unwrap();
        fs::write(at("x.log"), "one\n").unwrap();
        fs::write(at("written"), "two\n").unwrap();
        fs::write(at("again"), "one\n").unwrap();
        fs::remove_file(at("gone")).unwrap();
        let plain = ["same", "written", "again", "gone", "new", "x.log", "never", "dir/file"];
        let expected = [false, true, false, true, true, false, false, false].map(Some);
        assert_eq!(said(folder.path(), &plain), expected);

        fs::set_permissions(at("mode"), fs::Permissions::from_mode(0o755)).unwrap();
        fs::remove_file(at("link")).unwrap();
        symlink("same", at("link")).unwrap();
        assert_eq!(said(folder.path(), &["", "dir", "mode", "link", ".git/config"]), [None; 5]);
    }

    #[test]
    fn where_line_ends_are_converted_a_file_without_carriage_returns_speaks_for_itself() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at(".gitattributes"), "* text=auto\n").unwrap();
        fs::write(at("a"), "one\n").unwrap();
        fs::write(at("b"), "one\n").unwrap();
        commit(folder.path());
        fs::write(at("a"), "two\n").unwrap();
        fs::write(at("b"), "one\r\n").unwrap();
        assert_eq!(said(folder.path(), &["a", "b"]), [Some(true), None]);
        fs::write(at(".gitattributes"), "* filter=other\n").unwrap();
        assert_eq!(said(folder.path(), &["a"]), [None]);
    }
}
