//! Git's index: what is tracked, and which contents it can vouch for without anybody reading them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::tree::blob::BlobId;
use crate::tree::entry::Stamp;
use crate::tree::index_file;
use crate::tree::path::RelPath;
use crate::tree::path_map::PathMap;
use crate::tree::walk;

const MODE_KIND: u32 = 0o170_000;
const MODE_FILE: u32 = 0o100_000;
const MODE_GITLINK: u32 = 0o160_000;
pub(crate) const MODE_EXECUTABLE: u32 = 0o100;
/// The stage of an unmerged entry, and "assume unchanged": nobody compares the file with such an entry.
const UNSURE: u16 = 0x3000 | ASSUMED;
const ASSUMED: u16 = 0x8000;
const SKIP_WORKTREE: u16 = 0x4000;
/// Such an entry, and one that was added without its content.
const UNSURE_EXTENDED: u16 = SKIP_WORKTREE | 0x2000;

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
    /// A submodule.
    pub(crate) is_gitlink: bool,
    /// A sparse checkout may leave it out.
    pub(crate) is_optional: bool,
    seen: Option<Seen>,
}

/// A content, and the stat that the file had when git read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    id: BlobId,
    modified_ns: i64,
    changed_ns: i64,
    inode: u32,
    size: u32,
    is_executable: bool,
    /// The file may have changed after git looked, in the same tick.
    is_racy: bool,
}

/// What the next commit would hold of a plain file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Staged {
    pub(crate) id: BlobId,
    pub(crate) is_executable: bool,
}

impl Tracked {
    /// What is staged of a plain file; `None` where the entry is of another kind, or does not speak for itself.
    pub(crate) fn staged(&self) -> Option<Staged> {
        self.seen.map(|seen| Staged { id: seen.id, is_executable: seen.is_executable })
    }

    /// The id of the content, if a file with this stat must still be the one that git read.
    pub(crate) fn vouch(&self, stamp: &Stamp) -> Option<BlobId> {
        let seen = self.seen?;
        let same = seen.modified_ns == stamp.modified_ns
            && seen.changed_ns == stamp.changed_ns
            && seen.inode == stamp.inode as u32
            && u64::from(seen.size) == stamp.size;
        // Git writes size 0 for an entry that it no longer trusts.
        (same && !seen.is_racy && (seen.size > 0 || seen.id == BlobId::of(b""))).then_some(seen.id)
    }

    /// Whether a file with this stat surely has another content, where git stores files as they are.
    pub(crate) fn has_another_size(&self, stamp: &Stamp) -> bool {
        self.seen
            .is_some_and(|seen| seen.size > 0 && u64::from(seen.size) != stamp.size && stamp.size < u64::from(u32::MAX))
    }

    /// Whether a file with this stat is surely the one that is in the index, its mode included.
    pub(crate) fn is_still(&self, stamp: &Stamp) -> bool {
        let same_mode = |seen: Seen| seen.is_executable == (stamp.mode & MODE_EXECUTABLE != 0);
        self.seen.is_some_and(same_mode) && self.vouch(stamp).is_some()
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
    let tree = index_file::read(&bytes, &mut |path, noted| list.add(path, noted))?;
    // Only the stat of what was read may vouch.
    (written()? == stamp).then(|| Index { tree: tree.map(|id| BlobId::from_bytes(&id)), ..list.index() })
}

/// The entries of an index that was written at some moment.
struct List<'a> {
    prefix: &'a [u8],
    written_ns: i64,
    names: PathMap<Tracked>,
    left_out: usize,
    assumed: BTreeSet<RelPath>,
}

impl<'a> List<'a> {
    fn new(prefix: &'a [u8], written_ns: i64) -> Self {
        Self { prefix, written_ns, names: PathMap::new(), left_out: 0, assumed: BTreeSet::new() }
    }

    fn add(&mut self, path: &[u8], noted: &Noted<'_>) {
        if let Some(path) = within(self.prefix, path) {
            let tracked = tracked(noted, self.written_ns);
            self.left_out += usize::from(tracked.is_optional);
            self.assumed.extend((noted.flags & ASSUMED != 0).then(|| path.clone()));
            self.names.insert(path, tracked);
        }
    }

    fn index(self) -> Index {
        let Self { names, left_out, assumed, .. } = self;
        Index { names, left_out, assumed, tree: None }
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
            index.iter().for_each(|entry| list.add(&entry.path, &noted(&entry)));
            let mut read = list.index();
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
    let seen = Seen {
        id: BlobId::from_bytes(noted.id),
        modified_ns: noted.modified_ns,
        changed_ns: noted.changed_ns,
        inode: noted.inode,
        size: noted.size,
        is_executable: noted.mode & MODE_EXECUTABLE != 0,
        // Written in the same tick as the index: "racily clean".
        is_racy: noted.modified_ns >= written_ns || noted.changed_ns >= written_ns,
    };
    let sure =
        noted.mode & MODE_KIND == MODE_FILE && noted.flags & UNSURE == 0 && noted.extended & UNSURE_EXTENDED == 0;
    let is_optional = noted.extended & SKIP_WORKTREE != 0;
    Tracked { is_gitlink: noted.mode & MODE_KIND == MODE_GITLINK, is_optional, seen: sure.then_some(seen) }
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
        Some((path, Tracked { is_gitlink: line.starts_with(b"160000 "), is_optional: false, seen: None }))
    });
    Ok(Index { names: names.collect(), ..Index::default() })
}
