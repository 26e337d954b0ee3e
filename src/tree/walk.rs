//! Lists a tree in parallel, level by level, and says what it left out: the walkers there are keep that to themselves.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::ffi::{OsStr, OsString};
use std::fs::{self, DirEntry, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{self, AtomicU64};
use std::sync::{Mutex, PoisonError};
use std::vec;

use rayon::prelude::*;

use crate::tree::beyond::Beyond;
use crate::tree::disk;
use crate::tree::entry::{Entry, Kind, Listing, Stamp};
use crate::tree::ignores::{Rules, Standing};
use crate::tree::links;
use crate::tree::path::{Inside, RelPath};
use crate::tree::path_map::PathMap;

/// What a walk needs to know of its surroundings.
#[derive(Debug)]
pub(crate) struct Ground<'a> {
    pub(crate) root: &'a Path,
    /// The rules above the root.
    pub(crate) rules: Rules,
    /// Inside a repository another one is a border; outside, it is a folder like any other.
    pub(crate) in_repository: bool,
    /// What is looked into although a rule ignores it.
    pub(crate) beyond: Beyond,
    /// By directory, for whoever asks for some paths alone.
    within: Mutex<HashMap<RelPath, Within>>,
}

/// What holds for the names in a directory.
#[derive(Clone, Debug)]
struct Within {
    rules: Rules,
    /// A rule ignores it, or a directory that holds it.
    ignored: bool,
    /// It lies in another repository, or is one.
    fenced: bool,
}

/// What a walk came by. Git's index was not asked: nothing is `tracked`, and nobody looked yet which names are `ignored`
/// in a directory that is not.
pub(crate) struct Walked {
    pub(crate) listing: Listing,
    /// Of the directories that are not ignored those with rules.
    rules: BTreeMap<RelPath, Rules>,
}

impl Walked {
    /// Marks what the rules leave out of what is not tracked, now that this is known: as a rule these are few files.
    pub(crate) fn with_ignored(mut self, ground: &Ground<'_>) -> Listing {
        let has_rules = !self.rules.is_empty();
        let is_open =
            |entry: &Entry| !entry.tracked && matches!(entry.kind, Kind::File | Kind::Link(_) | Kind::Special);
        let open = self.listing.entries.iter_mut().filter(|(_, entry)| has_rules && is_open(entry));
        open.collect::<Vec<_>>().into_par_iter().for_each(|(path, entry)| {
            let rules = self.rules.get(&path.parent());
            entry.ignored |= rules.is_some_and(|rules| rules.ignore(&path.under(ground.root), false));
        });
        self.listing
    }
}

/// Everything at and below `start` (the empty path is the whole tree). `progress` counts names as they are found.
pub(crate) fn walk(ground: &Ground<'_>, start: &RelPath, progress: &AtomicU64) -> Walked {
    let mut levels = Vec::new();
    let mut level: Vec<Dir> = enter(ground, start).into_iter().collect();
    while !level.is_empty() {
        let mut found: Vec<Found> = level.into_par_iter().map(|dir| look_into(ground, dir, progress)).collect();
        level = found.iter_mut().flat_map(|found| std::mem::take(&mut found.below)).collect();
        levels.push(found.into_iter());
    }
    let (entries, entered) = in_order(levels);
    let directories = entered.iter().map(|entered| entered.path.clone()).collect();
    let with_rules = entered.into_iter().filter_map(|Entered { path, rules }| Some((path, rules?)));
    Walked { rules: with_rules.collect(), listing: Listing { entries, directories, ..Listing::default() } }
}

/// Puts what stands in a directory where the directory stands among its neighbours. As good as all then stand in the order
/// of their paths, and a map of them grows at its end.
fn in_order(mut levels: Vec<vec::IntoIter<Found>>) -> (PathMap<Entry>, Vec<Entered>) {
    let (mut entries, mut directories) = (PathMap::new(), Vec::new());
    let mut open: Vec<vec::IntoIter<Piece>> = Vec::new();
    let mut enter = |open: &mut Vec<vec::IntoIter<Piece>>| {
        // Those of one level were looked into in the order in which they are come by here.
        if let Some(found) = levels.get_mut(open.len()).and_then(Iterator::next) {
            directories.extend(found.entered);
            open.push(found.pieces.into_iter());
        }
    };
    enter(&mut open);
    while let Some(here) = open.last_mut() {
        match here.next() {
            Some(Piece::Entry(path, entry)) => drop(entries.insert(path, entry)),
            Some(Piece::Below) => enter(&mut open),
            None => drop(open.pop()),
        }
    }
    (entries, directories)
}

struct Dir {
    path: RelPath,
    full: PathBuf,
    /// Those of its parent.
    rules: Rules,
    /// A rule ignores it, or a directory that holds it.
    ignored: bool,
}

#[derive(Default)]
struct Found {
    entered: Option<Entered>,
    pieces: Vec<Piece>,
    below: Vec<Dir>,
}

struct Entered {
    path: RelPath,
    /// `None` where it has none, and where all of it is ignored.
    rules: Option<Rules>,
}

enum Piece {
    Entry(RelPath, Entry),
    /// The next of those below.
    Below,
}

/// The directory to start in, unless something on the way to it keeps a walk from the root from getting there.
fn enter(ground: &Ground<'_>, start: &RelPath) -> Option<Dir> {
    let (path, full, rules) = (RelPath::new(""), ground.root.to_path_buf(), ground.rules.clone());
    let mut dir = Dir { path, full, rules, ignored: false };
    for part in start.as_str().split('/').filter(|part| !part.is_empty()) {
        if ground.is_border(&dir) {
            return None;
        }
        let path =
            RelPath::new(&if dir.path.as_str().is_empty() { part.into() } else { format!("{}/{part}", dir.path) });
        let full = path.under(ground.root);
        let rules = dir.rules.enter(&dir.full);
        let real = fs::symlink_metadata(&full).is_ok_and(|data| data.is_dir());
        let ignored = dir.ignored || rules.ignore(&full, true);
        if part == ".git" || !real || (ignored && !ground.beyond.leads_to(&path)) {
            return None;
        }
        dir = Dir { path, full, rules, ignored };
    }
    Some(dir)
}

impl<'a> Ground<'a> {
    pub(crate) fn new(root: &'a Path, rules: Rules, in_repository: bool, beyond: Beyond) -> Self {
        Self { root, rules, in_repository, beyond, within: Mutex::default() }
    }

    fn is_border(&self, dir: &Dir) -> bool {
        self.in_repository && !dir.path.as_str().is_empty() && is_repository(&dir.full)
    }

    /// Whether a walk gets to this path, and whether a rule ignores it. What was found out of its directories stays as it
    /// was then.
    pub(crate) fn standing(&self, path: &RelPath, is_dir: bool) -> Standing {
        let dir = path.parent();
        match self.within(&dir) {
            within if within.fenced => Standing::Fenced,
            within if within.ignored && self.beyond.holds(&dir) => Standing::Ignored,
            within if within.ignored => Standing::Below,
            within if within.rules.ignore(&path.under(self.root), is_dir) => Standing::Ignored,
            _ => Standing::Kept,
        }
    }

    fn within(&self, dir: &RelPath) -> Within {
        let known = || self.within.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(within) = known().get(dir) {
            return within.clone();
        }
        let full = dir.under(self.root);
        let within = if dir.as_str().is_empty() {
            Within { rules: self.rules.enter(&full), ignored: false, fenced: false }
        } else {
            let above = self.within(&dir.parent());
            let ignored = above.ignored || above.rules.ignore(&full, true);
            // Whatever stands in an ignored directory, its rules have no word on it.
            let rules = if ignored { above.rules } else { above.rules.enter(&full) };
            Within { rules, ignored, fenced: above.fenced || (self.in_repository && is_repository(&full)) }
        };
        known().insert(dir.clone(), within.clone());
        within
    }
}

fn look_into(ground: &Ground<'_>, dir: Dir, progress: &AtomicU64) -> Found {
    let (names, trouble) = match list(&dir.full) {
        Ok(listed) => listed,
        // Gone since its parent was listed.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Found::default(),
        Err(error) => (Vec::new(), Some(error)),
    };
    progress.fetch_add(names.len() as u64, atomic::Ordering::Relaxed);
    let has = |wanted: &str| names.iter().any(|(name, _)| name == wanted);
    if has(".git") && ground.is_border(&dir) {
        return Found { pieces: vec![Piece::Entry(dir.path, bare_entry(Kind::Repository))], ..Found::default() };
    }
    let rules = if has(".gitignore") { dir.rules.enter(&dir.full) } else { dir.rules };
    let mut found = Found { pieces: Vec::with_capacity(names.len()), ..Found::default() };
    let mut inside = Inside::new(&dir.path);
    for (name, entry) in names {
        let path = inside.path(name.as_encoded_bytes());
        match entry.file_type() {
            _ if name == OsStr::new(".git") => {}
            Ok(kind) if kind.is_dir() => {
                let full = dir.full.join(&name);
                let ignored = dir.ignored || rules.ignore(&full, true);
                if !ignored || ground.beyond.leads_to(&path) {
                    found.below.push(Dir { path, full, rules: rules.clone(), ignored });
                    found.pieces.push(Piece::Below);
                }
            }
            // On the way to what was asked for.
            _ if dir.ignored && !ground.beyond.holds(&dir.path) => {}
            _ => {
                let stat = entry.metadata().ok().and_then(|data| describe(ground.root, &path, &data));
                if let Some(mut entry) = stat {
                    entry.ignored = dir.ignored;
                    found.pieces.push(Piece::Entry(path, entry));
                }
            }
        }
    }
    if let Some(error) = trouble {
        found.pieces.push(Piece::Entry(dir.path.clone(), bare_entry(Kind::Unlisted(disk::reason(&error)))));
    }
    found.entered =
        Some(Entered { path: dir.path, rules: Some(rules).filter(|rules| !dir.ignored && !rules.is_empty()) });
    found
}

type Names = Vec<(OsString, DirEntry)>;

/// The names in a directory, in the order of the paths below them, and the error that kept the rest of them away.
fn list(dir: &Path) -> io::Result<(Names, Option<io::Error>)> {
    let (mut names, mut trouble) = (Vec::new(), None);
    for entry in fs::read_dir(dir)? {
        match entry {
            Ok(entry) => names.push((entry.file_name(), entry)),
            Err(error) => {
                trouble = Some(error);
                break;
            }
        }
    }
    names.sort_unstable_by(by_path);
    Ok((names, trouble))
}

/// Compares two names as the paths are compared that begin with them: that of a directory goes on with a slash.
fn by_path((one, this): &(OsString, DirEntry), (other, that): &(OsString, DirEntry)) -> Ordering {
    let (one, other) = (one.as_encoded_bytes(), other.as_encoded_bytes());
    let same = one.len().min(other.len());
    let next = |name: &[u8], entry: &DirEntry| {
        name.get(same).copied().or_else(|| entry.file_type().is_ok_and(|kind| kind.is_dir()).then_some(b'/'))
    };
    one[..same].cmp(&other[..same]).then_with(|| next(one, this).cmp(&next(other, that)))
}

/// One name by its stat; `None` for a directory, which is no entry.
pub(crate) fn describe(root: &Path, path: &RelPath, data: &Metadata) -> Option<Entry> {
    let kind = data.file_type();
    if kind.is_dir() {
        return None;
    }
    let mut entry = Entry { size: data.len(), stamp: stamp(data), ..bare_entry(Kind::Special) };
    if kind.is_file() {
        entry.kind = Kind::File;
    } else if kind.is_symlink() {
        let target = links::resolve(root, path);
        if let Some((_, data)) = &target {
            entry.size = data.len();
            entry.stamp = stamp(data);
        }
        entry.kind = Kind::Link(target.map(|(path, _)| path));
    } else {
        entry.size = 0;
    }
    Some(entry)
}

/// An entry of which nothing but its kind is known.
pub(crate) fn bare_entry(kind: Kind) -> Entry {
    Entry { kind, size: 0, stamp: Stamp::default(), tracked: false, ignored: false, blob: None }
}

/// Whether `dir` is the top of a repository, a submodule or a worktree. A `.git` that git itself would not take for
/// one makes no border.
pub(crate) fn is_repository(dir: &Path) -> bool {
    let git = dir.join(".git");
    match fs::symlink_metadata(&git) {
        Ok(data) if data.is_dir() => {
            git.join("HEAD").symlink_metadata().is_ok() && git.join("objects").is_dir() && git.join("refs").is_dir()
        }
        Ok(_) => disk::read_regular(&git, 4096).is_ok_and(|content| content.bytes.starts_with(b"gitdir: ")),
        Err(_) => false,
    }
}

#[cfg(unix)]
pub(crate) fn stamp(data: &Metadata) -> Stamp {
    use std::os::unix::fs::MetadataExt;
    let nanoseconds = |seconds: i64, rest: i64| seconds.wrapping_mul(1_000_000_000).wrapping_add(rest);
    Stamp {
        modified_ns: nanoseconds(data.mtime(), data.mtime_nsec()),
        changed_ns: nanoseconds(data.ctime(), data.ctime_nsec()),
        size: data.size(),
        inode: data.ino(),
        mode: data.mode(),
    }
}

#[cfg(not(unix))]
pub(crate) fn stamp(data: &Metadata) -> Stamp {
    let modified = data.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    Stamp { modified_ns: modified.map_or(0, |age| age.as_nanos() as i64), size: data.len(), ..Stamp::default() }
}
