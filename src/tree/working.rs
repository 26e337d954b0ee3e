//! The files as they are on the disk right now.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use crate::tree::attributes::{Conversion, Conversions};
use crate::tree::beyond::Beyond;
use crate::tree::disk;
use crate::tree::entry::{Entry, Kind, Listing};
use crate::tree::ignores::{Rules, Standing, ancestors};
use crate::tree::index::{Index, Tracked};
use crate::tree::links;
use crate::tree::merge::side_by_side;
use crate::tree::path::RelPath;
use crate::tree::refresh::Moved;
use crate::tree::repository::{Discovery, Repository};
use crate::tree::source::{Content, GitFacts, Source, read_cap};
use crate::tree::walk::{self, Ground};

/// A directory on the disk, in a repository or not.
#[derive(Debug)]
pub struct WorkingTree {
    root: PathBuf,
    repository: Option<Box<Repository>>,
    beyond: Mutex<Beyond>,
}

/// What stands around places that are looked at together, found out once for all of them.
pub(super) struct Around<'a> {
    ground: Ground<'a>,
    index: Option<Arc<Index>>,
    conversions: Option<Conversions<'a>>,
}

impl Around<'_> {
    /// Whether a walk gets to what stands in a directory.
    pub(super) fn enters(&self, dir: &RelPath) -> bool {
        self.ground.standing(&dir.join(b"any"), false).is_reached()
    }

    fn converts(&self, path: &RelPath) -> bool {
        self.conversions.as_ref().is_some_and(|conversions| conversions.of(path) != Conversion::Nothing)
    }
}

/// Why there is nothing to look at.
#[derive(Debug, thiserror::Error)]
pub enum TreeError {
    #[error("{}: cannot be opened: {why}", path.display())]
    Unreachable { path: PathBuf, why: String },
    #[error("{}: is no directory; name the directory that holds the system", path.display())]
    NotADirectory { path: PathBuf },
    #[error("{}: holds git's own files and no work tree; name a checkout of it (git worktree add makes one)", path.display())]
    InsideGit { path: PathBuf },
}

impl WorkingTree {
    /// Opens the tree at `path`, with what is worth a warning: git's word is missing although a repository is there.
    ///
    /// # Errors
    /// When `path` is no directory that can be reached, or one of git's own.
    pub fn open(path: &Path) -> Result<(Self, Vec<String>), TreeError> {
        let unreachable = |error: io::Error| TreeError::Unreachable { path: path.into(), why: disk::reason(&error) };
        let root = path.canonicalize().map_err(unreachable)?;
        if !root.metadata().map_err(unreachable)?.is_dir() {
            return Err(TreeError::NotADirectory { path: path.into() });
        }
        let mut warnings = Vec::new();
        let repository = match Repository::discover(&root) {
            Discovery::Found(repository) => Some(repository),
            Discovery::Nothing => None,
            Discovery::Refused(why) => {
                warnings.push(why);
                None
            }
            Discovery::Inside => return Err(TreeError::InsideGit { path: path.into() }),
        };
        Ok((Self { root, repository, beyond: Mutex::default() }, warnings))
    }

    /// Whether there is a repository now and was none when this was opened, or the other way round.
    #[must_use]
    pub fn repository_moved(&self) -> bool {
        matches!(Repository::discover(&self.root), Discovery::Found(_)) != self.repository.is_some()
    }

    /// What git's index does not tell, if it holds something back. Reads the index.
    #[must_use]
    pub fn caveat(&self) -> Option<String> {
        match self.repository.as_ref()?.index() {
            Err(why) => Some(format!("nothing counts as tracked: {why}")),
            Ok(index) => (index.left_out > 0).then(|| left_out(index.left_out)),
        }
    }

    /// Absolute, without links.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What its directory is called.
    #[must_use]
    pub fn name(&self) -> String {
        self.root.file_name().map_or_else(|| "/".to_owned(), |name| name.to_string_lossy().into_owned())
    }

    #[must_use]
    pub fn repository(&self) -> Option<&Repository> {
        self.repository.as_deref()
    }

    /// The whole tree. `progress` counts the names found so far.
    #[must_use]
    pub fn list(&self, progress: &AtomicU64) -> Listing {
        self.relist(&RelPath::new(""), progress)
    }

    /// From now on looks into these directories even where git ignores them, and brings the listing up to date.
    pub fn look_beyond(&self, beyond: &Beyond, listing: &mut Listing) -> Moved {
        let before =
            std::mem::replace(&mut *self.beyond.lock().unwrap_or_else(PoisonError::into_inner), beyond.clone());
        if before == *beyond {
            return Moved::default();
        }
        // From the top: the directories on the way are watched, too.
        let top = |(dir, _): &(RelPath, bool)| RelPath::new(dir.as_str().split('/').next().unwrap_or_default());
        self.refresh(listing, &before.0.iter().chain(&beyond.0).map(top).collect())
    }

    /// What a whole listing would hold at and below `place`, a directory, a file or neither: all that a created
    /// directory or an edited `.gitignore` costs.
    #[must_use]
    pub fn relist(&self, place: &RelPath, progress: &AtomicU64) -> Listing {
        self.relist_in(&self.around(), place, progress)
    }

    pub(super) fn relist_in(&self, around: &Around<'_>, place: &RelPath, progress: &AtomicU64) -> Listing {
        if !fs::symlink_metadata(place.under(&self.root)).is_ok_and(|data| data.is_dir()) {
            let entry = self.stat_in(around, place);
            // A file that git has come to track may lie where nobody looked before.
            let tracked = around.index.as_ref().is_some_and(|index| index.names.contains_key(place));
            let directories = self.nearest_directory(place, &mut BTreeSet::new()).filter(|_| tracked);
            let directories = directories.into_iter().collect();
            let entries = entry.map(|entry| (place.clone(), entry)).into_iter().collect();
            return with_links(Listing { entries, directories, ..Listing::default() });
        }
        let mut walked = walk::walk(&around.ground, place, progress);
        if let Some(index) = &around.index {
            let listing = &mut walked.listing;
            listing.entries.share_paths(index.names.range_from(place).map(|(path, _)| path));
            let hidden = mark_tracked(listing, place, index);
            self.add_hidden(listing, &hidden);
            // Attributes that stand above the place speak of everything in it.
            if !around.converts(place) {
                self.let_git_vouch(listing, place, index);
            }
        }
        with_links(walked.with_ignored(&around.ground))
    }

    /// One path as a whole listing would show it; `None` where it would not.
    #[must_use]
    pub fn stat(&self, path: &RelPath) -> Option<Entry> {
        self.stat_in(&self.around(), path)
    }

    fn stat_in(&self, around: &Around<'_>, path: &RelPath) -> Option<Entry> {
        let full = path.under(&self.root);
        let data = fs::symlink_metadata(&full).ok()?;
        let is_git = path.as_str().split('/').any(|part| part == ".git");
        if path.as_str().is_empty() || is_git || !links::has_real_parents(&self.root, path) {
            return None;
        }
        let tracked = around.index.as_ref().and_then(|index| index.names.get(path));
        if data.is_dir() {
            return stat_directory(&around.ground, path, &full, tracked.is_some());
        }
        let standing = around.ground.standing(path, false);
        if !standing.is_reached() && tracked.is_none() {
            return None;
        }
        let mut entry = walk::describe(&self.root, path, &data)?;
        entry.tracked = tracked.is_some();
        entry.ignored = !entry.tracked && standing.is_ignored();
        if let Some(tracked) = tracked.filter(|_| entry.kind == Kind::File) {
            entry.blob = tracked.vouch(&entry.stamp).filter(|_| !around.converts(path));
        }
        Some(entry)
    }

    pub(super) fn around(&self) -> Around<'_> {
        let repository = self.repository.as_deref();
        let rules = repository.map_or_else(Rules::default, Repository::rules);
        let beyond = self.beyond.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Around {
            ground: Ground::new(&self.root, rules, repository.is_some(), beyond),
            index: self.index(),
            conversions: repository.map(Conversions::new),
        }
    }

    fn index(&self) -> Option<Arc<Index>> {
        self.repository.as_ref()?.index().ok()
    }

    /// Adds what git tracks and the walk could not come by: files in ignored directories.
    fn add_hidden(&self, listing: &mut Listing, hidden: &[(RelPath, Tracked)]) {
        if hidden.is_empty() {
            return;
        }
        let mut gone = BTreeSet::new();
        for (path, tracked) in hidden {
            let parents_are_real =
                listing.directories.contains(&path.parent()) || links::has_real_parents(&self.root, path);
            let Some(data) = fs::symlink_metadata(path.under(&self.root)).ok().filter(|_| parents_are_real) else {
                if !listing.directories.contains(&path.parent()) {
                    listing.directories.extend(self.nearest_directory(path, &mut gone));
                }
                continue;
            };
            let found = if tracked.is_gitlink() && data.is_dir() {
                // A submodule that nobody checked out is an empty directory.
                Some(walk::bare_entry(Kind::Repository))
            } else {
                walk::describe(&self.root, path, &data)
            };
            if let Some(mut entry) = found {
                entry.tracked = true;
                listing.entries.insert(path.clone(), entry);
                listing.directories.insert(path.parent());
            }
        }
    }

    /// Where a tracked file that is not there would come back: the nearest directory above it that exists. Nobody else
    /// looks into an ignored one. `gone` are directories that are known not to exist.
    fn nearest_directory(&self, path: &RelPath, gone: &mut BTreeSet<RelPath>) -> Option<RelPath> {
        let mut dir = path.parent();
        while !dir.as_str().is_empty() {
            let is_there = || fs::symlink_metadata(dir.under(&self.root)).is_ok_and(|data| data.is_dir());
            if !gone.contains(&dir) && is_there() && links::has_real_parents(&self.root, &dir) {
                return Some(dir);
            }
            let above = dir.parent();
            gone.insert(dir);
            dir = above;
        }
        Some(dir)
    }

    /// Takes the blob ids that git's index knows, except where git stores other bytes than the file's.
    fn let_git_vouch(&self, listing: &mut Listing, place: &RelPath, index: &Index) {
        let converts = |path: &RelPath| Conversion::by(&path.under(&self.root)) != Conversion::Nothing;
        let attributes = listing.entries.keys().filter(|path| path.name() == ".gitattributes");
        let converting: BTreeSet<RelPath> = attributes.filter(|path| converts(path)).map(RelPath::parent).collect();
        let is_converted =
            |path: &RelPath| !converting.is_empty() && ancestors(path).any(|dir| converting.contains(&dir));
        let near = index.names.at_and_below(place);
        for (path, entry, tracked) in side_by_side(&mut listing.entries, near) {
            if let Some(entry) = entry.filter(|entry| entry.tracked && entry.kind == Kind::File && !is_converted(path))
            {
                entry.blob = tracked.and_then(|tracked| tracked.vouch(&entry.stamp));
            }
        }
    }
}

/// A directory is an entry only where the walk stops at it.
fn stat_directory(ground: &Ground<'_>, path: &RelPath, full: &Path, tracked: bool) -> Option<Entry> {
    if !tracked && ground.standing(path, true) != Standing::Kept {
        return None;
    }
    let kind = match fs::read_dir(full) {
        _ if ground.in_repository && walk::is_repository(full) => Kind::Repository,
        Err(error) => Kind::Unlisted(disk::reason(&error)),
        Ok(_) => return None,
    };
    Some(Entry { tracked, ..walk::bare_entry(kind) })
}

/// Marks what git tracks at and below this place, and gives what of it is not in the listing. Both are in order.
fn mark_tracked(listing: &mut Listing, place: &RelPath, index: &Index) -> Vec<(RelPath, Tracked)> {
    let near = index.names.at_and_below(place);
    let mut hidden = Vec::new();
    for (path, entry, tracked) in side_by_side(&mut listing.entries, near) {
        match (entry, tracked) {
            (Some(entry), Some(_)) => (entry.tracked, entry.ignored) = (true, false),
            (None, Some(tracked)) => hidden.push((path.clone(), *tracked)),
            (_, None) => {}
        }
    }
    hidden
}

fn left_out(count: usize) -> String {
    let (files, it) = if count == 1 { ("file is", "it") } else { ("files are", "them") };
    format!("{count} tracked {files} not checked out (sparse checkout): nobody looks at {it}")
}

fn with_links(mut listing: Listing) -> Listing {
    let links = listing.entries.iter().filter(|(_, entry)| matches!(entry.kind, Kind::Link(_)));
    listing.links = links.map(|(path, _)| path.clone()).collect();
    listing
}

impl Source for WorkingTree {
    fn read(&self, path: &RelPath) -> Result<Content, String> {
        let words = |error: &io::Error| match error.kind() {
            io::ErrorKind::NotFound => "vanished while being read".to_owned(),
            _ => format!("cannot be read: {}", disk::reason(error)),
        };
        let (mut full, cap) = (path.under(&self.root), read_cap(path));
        if let Some(content) = disk::read_without_links(&full, cap) {
            return Ok(content);
        }
        let data = fs::symlink_metadata(&full).map_err(|error| words(&error))?;
        if data.is_symlink() {
            let (target, _) = links::resolve(&self.root, path)
                .ok_or("cannot be read: it is a link to no regular file inside the tree")?;
            full = target.under(&self.root);
        }
        let parent = full.parent().map_or_else(|| Ok(self.root.clone()), Path::canonicalize);
        if !parent.map_err(|error| words(&error))?.starts_with(&self.root) {
            return Err("cannot be read: it lies outside the tree".to_owned());
        }
        disk::read_regular(&full, cap).map_err(|error| words(&error))
    }

    fn root(&self) -> Option<&Path> {
        Some(&self.root)
    }

    fn git(&self) -> Option<&dyn GitFacts> {
        // Without the index what is tracked would look untracked: rather nothing than a wrong word.
        self.index()?;
        self.repository.as_deref().map(|repository| repository as &dyn GitFacts)
    }
}
