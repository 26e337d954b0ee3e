//! A tree that was never on a disk: the cases of a checklist, and tests.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::tree::blob::BlobId;
use crate::tree::entry::{Entry, Kind, Listing, Stamp};
use crate::tree::glob::Globs;
use crate::tree::ignores::{RuleMap, ancestors};
use crate::tree::path::RelPath;
use crate::tree::source::{Committed, Content, GitFacts, Source, read_cap};

/// When everything here was committed.
const COMMITTED_AT: Timestamp = Timestamp::UNIX_EPOCH;
const COMMIT: &str = "0000000";

/// Files by name, as a repository with one commit: whatever `.gitignore` leaves in is tracked.
#[derive(Clone, Debug)]
pub struct MemoryTree {
    contents: BTreeMap<RelPath, Vec<u8>>,
    listing: Listing,
    rules: RuleMap,
}

impl MemoryTree {
    /// A name that ends in `/` is an empty directory. `.gitignore` files count, nested ones too.
    #[must_use]
    pub fn new(files: &[(String, String)]) -> Self {
        let mut tree = Self { contents: BTreeMap::new(), listing: Listing::default(), rules: RuleMap::default() };
        let mut directories = BTreeSet::from([RelPath::new("")]);
        for (name, text) in files {
            let name = name.strip_prefix("./").unwrap_or(name);
            let path = RelPath::new(name.trim_matches('/'));
            directories.extend(ancestors(&path));
            if name.ends_with('/') {
                directories.insert(path);
            } else {
                tree.contents.insert(path, text.clone().into_bytes());
            }
        }
        let read = |path: &RelPath| tree.contents.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        tree.rules = RuleMap::new(&directories, &read);
        directories.retain(|dir| !tree.rules.leave_out(dir, true));
        tree.listing.directories = directories;
        let paths: Vec<RelPath> = tree.contents.keys().cloned().collect();
        for path in paths {
            if tree.listing.directories.contains(&path.parent()) {
                let ignored = tree.rules.leave_out(&path, false);
                tree.add(path, ignored);
            }
        }
        tree
    }

    /// The same tree where git tracks these too, although a rule ignores them.
    #[must_use]
    pub fn with_tracked<S: AsRef<str>>(mut self, paths: &[S]) -> Self {
        for path in paths.iter().map(|path| RelPath::new(path.as_ref())) {
            if self.contents.contains_key(&path) {
                self.add(path, false);
            }
        }
        self
    }

    #[must_use]
    pub fn listing(&self) -> &Listing {
        &self.listing
    }

    /// Git tracks what it does not ignore.
    fn add(&mut self, path: RelPath, ignored: bool) {
        let Some(bytes) = self.contents.get(&path) else { return };
        let size = bytes.len() as u64;
        let stamp = Stamp { size, ..Stamp::default() };
        let blob = Some(BlobId::of(bytes));
        self.listing.entries.insert(path, Entry { kind: Kind::File, size, stamp, tracked: !ignored, ignored, blob });
    }

    fn tracked(&self) -> impl Iterator<Item = &RelPath> {
        self.listing.entries.iter().filter(|(_, entry)| entry.tracked).map(|(path, _)| path)
    }
}

impl Source for MemoryTree {
    fn read(&self, path: &RelPath) -> Result<Content, String> {
        let bytes = self.contents.get(path).ok_or("vanished while being read")?;
        let cap = usize::try_from(read_cap(path)).unwrap_or(usize::MAX);
        let cut_from = (bytes.len() > cap).then_some(bytes.len() as u64);
        Ok(Content { bytes: bytes.iter().take(cap).copied().collect(), cut_from, stamp: None })
    }

    fn git(&self) -> Option<&dyn GitFacts> {
        Some(self)
    }
}

impl GitFacts for MemoryTree {
    fn head(&self) -> Result<Option<String>, String> {
        Ok(Some(COMMIT.to_owned()))
    }

    fn unlike_head(&self, _: &BTreeSet<RelPath>) -> Result<BTreeSet<RelPath>, String> {
        Ok(BTreeSet::new())
    }

    fn is_ignored(&self, path: &RelPath) -> Result<bool, String> {
        let is_dir = path.as_str().ends_with('/');
        let path = RelPath::new(path.as_str().trim_end_matches('/'));
        let tracked = self.listing.entries.get(&path).is_some_and(|entry| entry.tracked);
        Ok(!tracked && self.rules.leave_out(&path, is_dir))
    }

    fn ever_committed(&self, globs: &Globs) -> Result<Vec<Committed>, String> {
        Ok(self.tracked().filter(|path| globs.matches_path(path)).map(committed).collect())
    }

    fn newest(&self, globs: &Globs) -> Result<Option<Committed>, String> {
        Ok(self.tracked().find(|path| globs.matches_path(path)).map(committed))
    }
}

fn committed(path: &RelPath) -> Committed {
    Committed { path: path.clone(), commit: COMMIT.to_owned(), at: COMMITTED_AT }
}
