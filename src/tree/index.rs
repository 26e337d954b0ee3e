//! Git's index: what is tracked, and which contents it can vouch for without anybody reading them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::tree::blob::BlobId;
use crate::tree::entry::Stamp;
use crate::tree::index_file::{self, Visitor};
use crate::tree::path::RelPath;
use crate::tree::path_map::PathMap;
use crate::tree::walk;

const MODE_KIND: u32 = 0o170_000;
const MODE_FILE: u32 = 0o100_000;
const MODE_LINK: u32 = 0o120_000;
const MODE_GITLINK: u32 = 0o160_000;
pub(crate) const MODE_EXECUTABLE: u32 = 0o100;
const UNMERGED: u16 = 0x3000;
/// Nobody compares the file with such an entry.
const ASSUMED: u16 = 0x8000;
const SKIP_WORKTREE: u16 = 0x4000;
/// Added without its content.
const INTENT_TO_ADD: u16 = 0x2000;

/// The part of the index that lies below the root of the tree.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) names: PathMap<Tracked>,
    /// How many of them a sparse checkout leaves out.
    pub(crate) left_out: usize,
    /// Those that are assumed to be unchanged.
    pub(crate) assumed: BTreeSet<RelPath>,
    /// The id of the tree that all of the index makes up, above the root, too, where git wrote it down.
    pub(crate) tree: Option<BlobId>,
    /// The same of directories below the root, where it is not known of all of them.
    pub(crate) trees: PathMap<BlobId>,
    /// Whether an entry that says nothing of what is staged is one of which there is nothing to say.
    pub(crate) tells_all: bool,
}

/// One entry as it stands in the index.
#[derive(Debug)]
pub(crate) struct Noted<'a> {
    pub(crate) modified_ns: i64,
    pub(crate) changed_ns: i64,
    pub(crate) inode: u32,
    pub(crate) size: u32,
    pub(crate) mode: u32,
    pub(crate) id: &'a [u8],
    pub(crate) flags: u16,
    pub(crate) extended: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tracked {
    /// `None` for what is not merged, for what was added without its content, and where it is not known.
    pub(crate) staged: Option<Staged>,
    /// A sparse checkout may leave it out.
    pub(crate) is_optional: bool,
    seen: Option<Seen>,
}

/// The stat that a file had when git read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    modified_ns: i64,
    changed_ns: i64,
    inode: u32,
    size: u32,
    /// The file may have changed after git looked, in the same tick.
    is_racy: bool,
}

/// What the next commit would hold in some place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Staged {
    pub(crate) mode: Mode,
    pub(crate) id: BlobId,
}

/// What git tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Plain,
    Executable,
    Link,
    /// A submodule.
    Gitlink,
}

impl Mode {
    /// `None` for a directory, and for what git does not write.
    pub(crate) fn of(bits: u32) -> Option<Self> {
        match bits & MODE_KIND {
            MODE_FILE if bits & MODE_EXECUTABLE == 0 => Some(Self::Plain),
            MODE_FILE => Some(Self::Executable),
            MODE_LINK => Some(Self::Link),
            MODE_GITLINK => Some(Self::Gitlink),
            _ => None,
        }
    }
}

impl Tracked {
    /// What is staged of a plain file; `None` where the entry is of another kind, or does not speak for itself.
    pub(crate) fn plain(&self) -> Option<Staged> {
        self.staged.filter(|_| self.seen.is_some())
    }

    pub(crate) fn is_gitlink(&self) -> bool {
        self.staged.is_some_and(|staged| staged.mode == Mode::Gitlink)
    }

    /// The id of the content, if a file with this stat must still be the one that git read.
    pub(crate) fn vouch(&self, stamp: &Stamp) -> Option<BlobId> {
        let (seen, id) = (self.seen?, self.staged?.id);
        let same = seen.modified_ns == stamp.modified_ns
            && seen.changed_ns == stamp.changed_ns
            && seen.inode == stamp.inode as u32
            && u64::from(seen.size) == stamp.size;
        // Git writes size 0 for an entry that it no longer trusts.
        (same && !seen.is_racy && (seen.size > 0 || id == BlobId::of(b""))).then_some(id)
    }

    /// Whether a file with this stat surely has another content, where git stores files as they are.
    pub(crate) fn has_another_size(&self, stamp: &Stamp) -> bool {
        self.seen
            .is_some_and(|seen| seen.size > 0 && u64::from(seen.size) != stamp.size && stamp.size < u64::from(u32::MAX))
    }

    /// Whether a file with this stat is surely the one that is in the index, its mode included.
    pub(crate) fn is_still(&self, stamp: &Stamp) -> bool {
        let same_mode = |staged: Staged| Some(staged.mode) == Mode::of(MODE_FILE | stamp.mode & MODE_EXECUTABLE);
        self.staged.is_some_and(same_mode) && self.vouch(stamp).is_some()
    }
}

/// Reads the index below `prefix`: its file where that has a common form, else by the library. One of a form that
/// neither knows (split, sparse) is listed by the `git` program; then nothing is vouched for.
pub(crate) fn read(
    file: &Path,
    open: impl FnOnce() -> Result<git2::Repository, String>,
    workdir: &Path,
    prefix: &[u8],
) -> Result<Index, String> {
    match from_file(file, prefix) {
        Some(index) => Ok(index),
        None => by_library(&open()?, workdir, prefix),
    }
}

fn from_file(file: &Path, prefix: &[u8]) -> Option<Index> {
    let written = || file.symlink_metadata().ok().filter(fs::Metadata::is_file).map(|data| walk::stamp(&data));
    let stamp = written()?;
    let bytes = fs::read(file).ok()?;
    let mut list = List::new(prefix, stamp.modified_ns);
    index_file::read(&bytes, &mut list)?;
    // Only the stat of what was read may vouch.
    (written()? == stamp).then_some(list.index)
}

/// The entries of an index that was written at some moment.
struct List<'a> {
    prefix: &'a [u8],
    written_ns: i64,
    index: Index,
}

impl<'a> List<'a> {
    fn new(prefix: &'a [u8], written_ns: i64) -> Self {
        Self { prefix, written_ns, index: Index { tells_all: true, ..Index::default() } }
    }
}

impl Visitor for List<'_> {
    fn entry(&mut self, path: &[u8], noted: &Noted<'_>) {
        if let Some(path) = within(self.prefix, path) {
            let tracked = tracked(noted, self.written_ns);
            self.index.left_out += usize::from(tracked.is_optional);
            self.index.assumed.extend((noted.flags & ASSUMED != 0).then(|| path.clone()));
            self.index.names.insert(path, tracked);
        }
    }

    fn tree(&mut self, path: &[u8], id: &[u8]) {
        let id = BlobId::from_bytes(id);
        match within(self.prefix, path) {
            Some(path) => drop(self.index.trees.insert(path, id)),
            None if path.is_empty() => self.index.tree = Some(id),
            None => {}
        }
    }
}

fn by_library(repository: &git2::Repository, workdir: &Path, prefix: &[u8]) -> Result<Index, String> {
    let written =
        |index: &git2::Index| index.path().and_then(|path| path.symlink_metadata().ok()).map(|data| walk::stamp(&data));
    match repository.index() {
        Ok(index) => {
            // The library reads it again if it changed meanwhile; only the stat of what was read may vouch.
            let stamp = written(&index);
            let mut list = List::new(prefix, stamp.map_or(0, |stamp| stamp.modified_ns));
            index.iter().for_each(|entry| list.entry(&entry.path, &noted(&entry)));
            let mut read = list.index;
            if stamp.is_none() || written(&index) != stamp {
                read.names.values_mut().for_each(|tracked| tracked.seen = None);
            }
            Ok(read)
        }
        Err(error) => by_program(workdir, prefix)
            .map_err(|why| format!("git's index cannot be read: {} ({why})", error.message())),
    }
}

fn noted(entry: &git2::IndexEntry) -> Noted<'_> {
    let nanoseconds =
        |time: &git2::IndexTime| i64::from(time.seconds()) * 1_000_000_000 + i64::from(time.nanoseconds());
    Noted {
        modified_ns: nanoseconds(&entry.mtime),
        changed_ns: nanoseconds(&entry.ctime),
        inode: entry.ino,
        size: entry.file_size,
        mode: entry.mode,
        id: entry.id.as_bytes(),
        flags: entry.flags,
        extended: entry.flags_extended,
    }
}

fn tracked(noted: &Noted<'_>, written_ns: i64) -> Tracked {
    let seen = || Seen {
        modified_ns: noted.modified_ns,
        changed_ns: noted.changed_ns,
        inode: noted.inode,
        size: noted.size,
        // Written in the same tick as the index: "racily clean".
        is_racy: noted.modified_ns >= written_ns || noted.changed_ns >= written_ns,
    };
    let is_whole = noted.flags & UNMERGED == 0 && noted.extended & INTENT_TO_ADD == 0;
    let mode = Mode::of(noted.mode).filter(|_| is_whole);
    let is_optional = noted.extended & SKIP_WORKTREE != 0;
    let is_plain = matches!(mode, Some(Mode::Plain | Mode::Executable));
    let is_compared = noted.flags & ASSUMED == 0 && !is_optional;
    Tracked {
        staged: mode.map(|mode| Staged { mode, id: BlobId::from_bytes(noted.id) }),
        is_optional,
        seen: (is_plain && is_compared).then(seen),
    }
}

/// The path below the root, or `None` for what lies elsewhere in the repository.
pub(crate) fn within(prefix: &[u8], path: &[u8]) -> Option<RelPath> {
    path.strip_prefix(prefix).filter(|rest| !rest.is_empty()).map(RelPath::of)
}

fn by_program(workdir: &Path, prefix: &[u8]) -> Result<Index, String> {
    let mut git = Command::new("git");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_NAMESPACE"] {
        git.env_remove(name);
    }
    let output = git
        // A repository's own configuration must not make us start a program, nor fetch what it lacks.
        .args(["--no-optional-locks", "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"])
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_ALLOW_PROTOCOL", "")
        .env("GIT_TERMINAL_PROMPT", "0")
        .args(["ls-files", "--stage", "-z"])
        .current_dir(workdir)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("the git program does not start: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("git ls-files: {}", said.lines().next().unwrap_or("failed without a word")));
    }
    let names = output.stdout.split(|byte| *byte == 0).filter_map(|line| {
        let tab = line.iter().position(|byte| *byte == b'\t')?;
        let path = within(prefix, &line[tab + 1..])?;
        Some((path, Tracked { staged: listed(&line[..tab]), is_optional: false, seen: None }))
    });
    Ok(Index { names: names.collect(), ..Index::default() })
}

/// What the program says of an entry: its mode, its id, its stage.
fn listed(line: &[u8]) -> Option<Staged> {
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let mode = Mode::of(u32::from_str_radix(words.next()?, 8).ok()?)?;
    let id = words.next()?.parse().ok()?;
    (words.next() == Some("0")).then_some(Staged { mode, id })
}
