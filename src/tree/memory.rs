//! A tree that was never on a disk: the cases of a checklist, and tests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;

use crate::tree::blob::BlobId;
use crate::tree::entry::{Entry, Kind, Listing, Stamp};
use crate::tree::ignores::{Rules, ancestors};
use crate::tree::path::RelPath;
use crate::tree::source::{Committed, Content, GitFacts, READ_CAP, Source};

/// When everything here was committed.
const COMMITTED_AT: Timestamp = Timestamp::UNIX_EPOCH;
const COMMIT: &str = "0000000";
/// Patterns are matched below some absolute place; this one is never touched.
const ROOT: &str = "/memory";

/// Files by name, as a repository with one commit: whatever `.gitignore` leaves in is tracked.
#[derive(Clone, Debug)]
pub struct MemoryTree {
    contents: BTreeMap<RelPath, Vec<u8>>,
    listing: Listing,
    rules: BTreeMap<RelPath, Rules>,
}

impl MemoryTree {
    /// A name that ends in `/` is an empty directory. `.gitignore` files count, nested ones too.
    #[must_use]
    pub fn new(files: &[(String, String)]) -> Self {
        let mut tree = Self { contents: BTreeMap::new(), listing: Listing::default(), rules: BTreeMap::new() };
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
        // In the order of their names, so that every directory comes after the one that holds it.
        for dir in directories {
            tree.enter(dir);
        }
        let paths: Vec<RelPath> = tree.contents.keys().cloned().collect();
        for path in paths {
            if tree.listing.directories.contains(&path.parent()) {
                let ignored = tree.leaves_out(&path, false);
                tree.add(path, !ignored, ignored);
            }
        }
        tree
    }

    /// The same tree where git tracks these too, although a rule ignores them.
    #[must_use]
    pub fn with_tracked<S: AsRef<str>>(mut self, paths: &[S]) -> Self {
        for path in paths.iter().map(|path| RelPath::new(path.as_ref())) {
            if self.contents.contains_key(&path) {
                let ignored = self.leaves_out(&path, false);
                self.add(path, true, ignored);
            }
        }
        self
    }

    #[must_use]
    pub fn listing(&self) -> &Listing {
        &self.listing
    }

    /// Enters a directory unless it is ignored; its rules are kept all the same, for names that nobody lists.
    fn enter(&mut self, dir: RelPath) {
        let above = self.rules.get(&dir.parent()).cloned().unwrap_or_default();
        let is_root = dir.as_str().is_empty();
        if is_root || (self.listing.directories.contains(&dir.parent()) && !above.ignore(&place(&dir), true)) {
            self.listing.directories.insert(dir.clone());
        }
        let own = self.contents.get(&dir.join(b".gitignore")).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let rules = own.map_or_else(|| above.clone(), |text| above.with(&place(&dir), &text));
        self.rules.insert(dir, rules);
    }

    fn add(&mut self, path: RelPath, tracked: bool, ignored: bool) {
        let Some(bytes) = self.contents.get(&path) else { return };
        let size = bytes.len() as u64;
        let stamp = Stamp { size, ..Stamp::default() };
        let blob = Some(BlobId::of(bytes));
        self.listing.entries.insert(path, Entry { kind: Kind::File, size, stamp, tracked, ignored, blob });
    }

    /// By its own name or by that of a directory above it.
    fn leaves_out(&self, path: &RelPath, is_dir: bool) -> bool {
        let mut rules = self.rules.get(&RelPath::new(""));
        for dir in ancestors(path) {
            if rules.is_some_and(|rules| rules.ignore(&place(&dir), true)) {
                return true;
            }
            // Below a directory that is not here, the rules of the last one that is go on.
            rules = self.rules.get(&dir).or(rules);
        }
        rules.is_some_and(|rules| rules.ignore(&place(path), is_dir))
    }

    fn tracked(&self) -> impl Iterator<Item = &RelPath> {
        self.listing.entries.iter().filter(|(_, entry)| entry.tracked).map(|(path, _)| path)
    }
}

impl Source for MemoryTree {
    fn read(&self, path: &RelPath) -> Result<Content, String> {
        let bytes = self.contents.get(path).ok_or("vanished while being read")?;
        let cap = usize::try_from(READ_CAP).unwrap_or(usize::MAX);
        let cut_from = (bytes.len() > cap).then_some(bytes.len() as u64);
        Ok(Content { bytes: bytes.iter().take(cap).copied().collect(), cut_from })
    }

    fn git(&self) -> Option<&dyn GitFacts> {
        Some(self)
    }
}

impl GitFacts for MemoryTree {
    fn is_ignored(&self, path: &RelPath) -> Result<bool, String> {
        let is_dir = path.as_str().ends_with('/');
        let path = RelPath::new(path.as_str().trim_end_matches('/'));
        let tracked = self.listing.entries.get(&path).is_some_and(|entry| entry.tracked);
        Ok(!tracked && self.leaves_out(&path, is_dir || self.rules.contains_key(&path)))
    }

    fn ever_committed(&self, matches: &dyn Fn(&str) -> bool) -> Result<Vec<Committed>, String> {
        Ok(self.tracked().filter(|path| matches(path.as_str())).map(committed).collect())
    }

    fn newest(&self, matches: &dyn Fn(&str) -> bool) -> Result<Option<Committed>, String> {
        Ok(self.tracked().find(|path| matches(path.as_str())).map(committed))
    }
}

fn committed(path: &RelPath) -> Committed {
    Committed { path: path.clone(), commit: COMMIT.to_owned(), at: COMMITTED_AT }
}

fn place(path: &RelPath) -> std::path::PathBuf {
    path.under(Path::new(ROOT))
}
