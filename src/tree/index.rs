//! Git's index: what is tracked, and which contents it can vouch for without anybody reading them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::tree::blob::BlobId;
use crate::tree::entry::Stamp;
use crate::tree::path::RelPath;
use crate::tree::walk;

const MODE_KIND: u32 = 0o170_000;
const MODE_FILE: u32 = 0o100_000;
const MODE_GITLINK: u32 = 0o160_000;
/// The stage of an unmerged entry, and "assume unchanged": nobody compares the file with such an entry.
const UNSURE: u16 = 0x3000 | 0x8000;
const SKIP_WORKTREE: u16 = 0x4000;
/// Such an entry, and one that was added without its content.
const UNSURE_EXTENDED: u16 = SKIP_WORKTREE | 0x2000;

/// The part of the index that lies below the root of the tree.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) names: BTreeMap<RelPath, Tracked>,
    /// How many of them a sparse checkout leaves out.
    pub(crate) left_out: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tracked {
    /// A submodule.
    pub(crate) is_gitlink: bool,
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
}

impl Tracked {
    /// The id of the content, if a file with this stat must still be the one that git read.
    pub(crate) fn vouch(&self, stamp: &Stamp) -> Option<BlobId> {
        let seen = self.seen?;
        let same = seen.modified_ns == stamp.modified_ns
            && seen.changed_ns == stamp.changed_ns
            && seen.inode == stamp.inode as u32
            && u64::from(seen.size) == stamp.size;
        // Git writes size 0 for an entry that it no longer trusts.
        (same && (seen.size > 0 || seen.id == BlobId::of(b""))).then_some(seen.id)
    }
}

/// Reads the index below `prefix`. An index of a form that the library does not know (split, sparse) is listed by the
/// `git` program; then nothing is vouched for.
pub(crate) fn read(repository: &git2::Repository, workdir: &Path, prefix: &[u8]) -> Result<Index, String> {
    let written =
        |index: &git2::Index| index.path().and_then(|path| path.symlink_metadata().ok()).map(|data| walk::stamp(&data));
    match repository.index() {
        Ok(index) => {
            // The library reads it again if it changed meanwhile; only the stat of what was read may vouch.
            let stamp = written(&index);
            let mut left_out = 0;
            let names = index.iter().filter_map(|entry| {
                let path = within(prefix, &entry.path)?;
                left_out += usize::from(entry.flags_extended & SKIP_WORKTREE != 0);
                Some((path, tracked(&entry, stamp.map_or(0, |stamp| stamp.modified_ns))))
            });
            let mut names: BTreeMap<RelPath, Tracked> = names.collect();
            if stamp.is_none() || written(&index) != stamp {
                names.values_mut().for_each(|tracked| tracked.seen = None);
            }
            Ok(Index { names, left_out })
        }
        Err(error) => by_program(workdir, prefix)
            .map_err(|why| format!("git's index cannot be read: {} ({why})", error.message())),
    }
}

fn tracked(entry: &git2::IndexEntry, written_ns: i64) -> Tracked {
    let nanoseconds =
        |time: &git2::IndexTime| i64::from(time.seconds()) * 1_000_000_000 + i64::from(time.nanoseconds());
    let seen = Seen {
        id: BlobId::from_bytes(entry.id.as_bytes()),
        modified_ns: nanoseconds(&entry.mtime),
        changed_ns: nanoseconds(&entry.ctime),
        inode: entry.ino,
        size: entry.file_size,
    };
    let sure = entry.mode & MODE_KIND == MODE_FILE
        && entry.flags & UNSURE == 0
        && entry.flags_extended & UNSURE_EXTENDED == 0
        // A file written in the same tick as the index may have changed after git looked: "racily clean".
        && seen.modified_ns < written_ns
        && seen.changed_ns < written_ns;
    Tracked { is_gitlink: entry.mode & MODE_KIND == MODE_GITLINK, seen: sure.then_some(seen) }
}

/// The path below the root, or `None` for what lies elsewhere in the repository.
pub(crate) fn within(prefix: &[u8], path: &[u8]) -> Option<RelPath> {
    path.strip_prefix(prefix).filter(|rest| !rest.is_empty()).map(|rest| RelPath::new("").join(rest))
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
        Some((path, Tracked { is_gitlink: line.starts_with(b"160000 "), seen: None }))
    });
    Ok(Index { names: names.collect(), left_out: 0 })
}
