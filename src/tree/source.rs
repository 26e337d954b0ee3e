//! Where content comes from: the working tree, a revision, or a case of a checklist.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;

use crate::tree::entry::Stamp;
use crate::tree::glob::Globs;
use crate::tree::path::RelPath;

/// How much of one file is read. What lies beyond is said to be unknown.
pub const READ_CAP: u64 = 8 << 20;
/// Reports of scanners are larger than what people write, and half of one is none.
const REPORT_CAP: u64 = 128 << 20;

/// How much of this file is read.
#[must_use]
pub fn read_cap(path: &RelPath) -> u64 {
    let is_report = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("sarif"))
        || path.as_str().to_ascii_lowercase().ends_with(".sarif.json");
    if is_report { REPORT_CAP } else { READ_CAP }
}

/// The bytes of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub bytes: Vec<u8>,
    /// The real size where only the beginning was read.
    pub cut_from: Option<u64>,
    /// The stat of the file that was read, where it is one on the disk.
    pub stamp: Option<Stamp>,
}

/// Reads files by name and answers what git knows. Every method may be called from any thread.
pub trait Source: Send + Sync {
    /// The content of a regular file. `Err` is one line that says why there is none.
    /// Never blocks on a FIFO, never leaves the root, never reads more than [`read_cap`].
    fn read(&self, path: &RelPath) -> Result<Content, String>;

    /// `None` where there is no repository.
    fn git(&self) -> Option<&dyn GitFacts>;

    /// Where the root is on the disk, if it is there at all.
    fn root(&self) -> Option<&Path> {
        None
    }
}

/// What a repository says of paths. Globs are as in a checklist, relative to the root of the tree.
pub trait GitFacts: Send + Sync {
    /// Whether git would ignore this name, which need not exist.
    fn is_ignored(&self, path: &RelPath) -> Result<bool, String>;

    /// The same of each of these.
    fn are_ignored(&self, paths: &[RelPath]) -> Result<Vec<bool>, String> {
        paths.iter().map(|path| self.is_ignored(path)).collect()
    }

    /// The commit that is looked at, in full; `None` before the first one.
    fn head(&self) -> Result<Option<String>, String>;

    /// Those of these files that are not as in that commit.
    fn unlike_head(&self, paths: &BTreeSet<RelPath>) -> Result<BTreeSet<RelPath>, String>;

    /// Every path ever committed on any ref that the globs match, with the newest commit that held it.
    fn ever_committed(&self, globs: &Globs) -> Result<Vec<Committed>, String>;

    /// The newest commit reachable from HEAD that changed a path which the globs match.
    fn newest(&self, globs: &Globs) -> Result<Option<Committed>, String>;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    pub path: RelPath,
    /// Abbreviated.
    pub commit: String,
    pub at: Timestamp,
}
