//! The files as one commit holds them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use git2::{ErrorCode, ObjectType, Oid};
use jiff::Timestamp;

use crate::tree::blob::BlobId;
use crate::tree::entry::{Entry, Kind, Listing, Stamp};
use crate::tree::glob::Globs;
use crate::tree::history::{self, From};
use crate::tree::ignores::RuleMap;
use crate::tree::line;
use crate::tree::log::Log;
use crate::tree::path::RelPath;
use crate::tree::path_map::PathMap;
use crate::tree::repository::one_line;
use crate::tree::source::{Committed, Content, GitFacts, READ_CAP, Source, read_cap};
use crate::tree::walk::bare_entry;

/// As in the working tree.
const HOPS: usize = 8;

/// A commit as a tree to look at. History ends at it, and its own `.gitignore` files are the rules. It can be moved to
/// another commit at the price of what differs between them.
pub struct Revision {
    workdir: PathBuf,
    prefix: Vec<u8>,
    commit: Oid,
    /// What the root was in it, if it was there.
    tree: Option<Oid>,
    at: Timestamp,
    listing: Listing,
    /// Where each link leads, as it is written.
    links: BTreeMap<RelPath, String>,
    rules: RuleMap,
    /// The files whose content this clone does not have.
    missing: BTreeSet<RelPath>,
    log: Mutex<Log>,
    /// Open repositories that nobody uses at the moment: one serves one thread.
    idle: Mutex<Vec<git2::Repository>>,
}

/// What stands at a name in a commit; `None` for nothing any more.
type Found = (RelPath, Option<Thing>);

enum Thing {
    File(Entry),
    Link(String),
    Repository,
}

/// How another commit differs.
#[derive(Default)]
struct Difference {
    found: Vec<Found>,
    entered: BTreeSet<RelPath>,
    left: BTreeSet<RelPath>,
    missing: BTreeSet<RelPath>,
}

impl Revision {
    pub(crate) fn open(workdir: PathBuf, prefix: Vec<u8>, spec: &str) -> Result<Self, String> {
        let repository = git2::Repository::open(&workdir).map_err(|error| one_line(&error))?;
        let (commit, at, tree, difference) = {
            let commit = find(&repository, spec)?;
            let tree = history::tree_below(&repository, &commit, &prefix).map_err(|why| not_here(spec, &why))?;
            let difference = differ(&repository, None, tree).map_err(|why| not_here(spec, &why))?;
            (commit.id(), line::date(&commit), tree, difference)
        };
        let (log, idle) = (Mutex::new(Log::new(&prefix, commit)), Mutex::new(vec![repository]));
        let (listing, links, rules, missing) = Default::default();
        let mut revision = Self { workdir, prefix, commit, tree, at, listing, links, rules, missing, log, idle };
        revision.listing.directories.insert(RelPath::new(""));
        revision.take_in(difference);
        Ok(revision)
    }

    /// The same commit once more, to be moved elsewhere.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            workdir: self.workdir.clone(),
            prefix: self.prefix.clone(),
            commit: self.commit,
            tree: self.tree,
            at: self.at,
            listing: self.listing.clone(),
            links: self.links.clone(),
            rules: self.rules.clone(),
            missing: self.missing.clone(),
            log: Mutex::new(Log::new(&self.prefix, self.commit)),
            idle: Mutex::default(),
        }
    }

    /// In full.
    #[must_use]
    pub fn commit(&self) -> String {
        self.commit.to_string()
    }

    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    #[must_use]
    pub fn listing(&self) -> &Listing {
        &self.listing
    }

    /// The files whose content a partial clone does not have.
    #[must_use]
    pub fn missing(&self) -> &BTreeSet<RelPath> {
        &self.missing
    }

    /// Goes to another commit and gives every name at which something else stands there.
    ///
    /// # Errors
    /// One line, where it cannot be read; then nothing has moved.
    pub fn move_to(&mut self, spec: &str) -> Result<BTreeSet<RelPath>, String> {
        let (commit, at, tree, difference) = self.with(|repository| {
            let commit = find(repository, spec)?;
            let tree = history::tree_below(repository, &commit, &self.prefix).map_err(|why| not_here(spec, &why))?;
            let difference = differ(repository, self.tree, tree).map_err(|why| not_here(spec, &why))?;
            let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
            if log.move_to(repository, commit.id()).is_err() {
                // Whoever asks of the past gets to hear why it is unknown.
                *log = Log::new(&self.prefix, commit.id());
            }
            Ok((commit.id(), line::date(&commit), tree, difference))
        })?;
        (self.commit, self.at, self.tree) = (commit, at, tree);
        Ok(self.take_in(difference))
    }

    /// The files that stand otherwise in another commit, or do not stand there; `None` is a commit without any.
    ///
    /// # Errors
    /// One line, where that cannot be read.
    pub fn differing(&self, spec: Option<&str>) -> Result<BTreeSet<RelPath>, String> {
        self.with(|repository| {
            let other = match spec {
                Some(spec) => history::tree_below(repository, &find(repository, spec)?, &self.prefix)?,
                None => None,
            };
            let found = differ(repository, self.tree, other)?.found;
            Ok(found.into_iter().map(|(path, _)| path).collect())
        })
    }

    /// When each of these files was last committed with another content, as far as the newest `most` commits tell.
    ///
    /// # Errors
    /// One line, where the history cannot be read.
    pub fn last_changes(&self, paths: &BTreeSet<RelPath>, most: usize) -> Result<BTreeMap<RelPath, Timestamp>, String> {
        let from = From::Commit(self.commit);
        self.with(|repository| history::newest_of_each(repository, &self.prefix, from, paths, most))
    }

    /// Puts what was found in its place and gives the names whose entry is another now.
    fn take_in(&mut self, difference: Difference) -> BTreeSet<RelPath> {
        let Difference { found, entered, left, missing } = difference;
        let rules_moved = !entered.is_empty()
            || !left.is_empty()
            || self.listing.directories.len() == 1
            || found.iter().any(|(path, _)| path.name() == ".gitignore");
        let mut moved = BTreeSet::new();
        for (path, thing) in found {
            self.missing.remove(&path);
            self.links.remove(&path);
            self.listing.links.remove(&path);
            match thing {
                Some(Thing::File(entry)) => drop(self.listing.entries.insert(path.clone(), entry)),
                Some(Thing::Repository) => {
                    let entry = Entry { tracked: true, ..bare_entry(Kind::Repository) };
                    self.listing.entries.insert(path.clone(), entry);
                }
                Some(Thing::Link(target)) => {
                    self.listing.entries.remove(&path);
                    self.links.insert(path.clone(), target);
                    self.listing.links.insert(path.clone());
                }
                None => drop(self.listing.entries.remove(&path)),
            }
            moved.insert(path);
        }
        self.missing.extend(missing);
        self.listing.directories.retain(|dir| !left.contains(dir));
        self.listing.directories.extend(entered);
        self.follow_links(&mut moved);
        if rules_moved {
            let read = |path: &RelPath| {
                let entry = self.listing.entries.get(path).filter(|entry| entry.kind == Kind::File)?;
                let content = self.with(|repository| blob(repository, entry, READ_CAP)).ok()?;
                Some(String::from_utf8_lossy(&content.bytes).into_owned())
            };
            self.rules = RuleMap::new(&self.listing.directories, &read);
        }
        moved
    }

    /// A link changes with the file that it leads to.
    fn follow_links(&mut self, moved: &mut BTreeSet<RelPath>) {
        for path in self.links.keys() {
            let target = resolve(&self.listing.entries, &self.listing.directories, &self.links, path);
            let there = target.as_ref().and_then(|target| self.listing.entries.get(target));
            let entry = there.cloned().unwrap_or_else(|| Entry { tracked: true, ..bare_entry(Kind::File) });
            let entry = Entry { kind: Kind::Link(target), ..entry };
            if self.listing.entries.get(path) != Some(&entry) {
                self.listing.entries.insert(path.clone(), entry);
                moved.insert(path.clone());
            }
        }
    }

    fn with<T>(&self, ask: impl FnOnce(&git2::Repository) -> Result<T, String>) -> Result<T, String> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let free = idle().pop();
        let repository = match free {
            Some(repository) => repository,
            None => git2::Repository::open(&self.workdir).map_err(|error| one_line(&error))?,
        };
        let answer = ask(&repository);
        idle().push(repository);
        answer
    }

    fn asked<T>(&self, ask: impl FnOnce(&mut Log, &git2::Repository) -> Result<T, String>) -> Result<T, String> {
        // Whoever comes second waits for the first one's walk instead of doing it again.
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        self.with(|repository| ask(&mut log, repository))
    }
}

/// The commit that a person means.
pub(super) fn find<'r>(repository: &'r git2::Repository, spec: &str) -> Result<git2::Commit<'r>, String> {
    if spec.contains("..") {
        return Err(format!("{spec}: a range of commits; name one, such as HEAD~2 or v1.0"));
    }
    let object = repository.revparse_single(spec).map_err(|error| {
        let is_unborn = repository.head().is_err_and(|error| error.code() == ErrorCode::UnbornBranch);
        match error.code() {
            _ if is_unborn => format!("{spec}: there is no commit yet"),
            ErrorCode::Ambiguous => format!("{spec}: stands for several objects; write more of its digits"),
            ErrorCode::NotFound | ErrorCode::InvalidSpec if repository.is_shallow() => {
                format!("{spec}: not in this shallow clone (git fetch --unshallow brings older commits)")
            }
            ErrorCode::NotFound | ErrorCode::InvalidSpec => {
                format!("{spec}: no such commit; name it by its id, a branch, a tag, or as HEAD~2")
            }
            _ => format!("{spec}: {}", one_line(&error)),
        }
    })?;
    let kind = object.kind().map_or("no commit", |kind| match kind {
        ObjectType::Tree => "a directory",
        ObjectType::Blob => "a file",
        _ => "no commit",
    });
    object.peel_to_commit().map_err(|_| format!("{spec}: is {kind}; name a commit"))
}

fn not_here(spec: &str, why: &str) -> String {
    format!("{spec}: cannot be looked at, its directories are not in this clone ({why})")
}

/// What stands otherwise in the tree `after` than in `before`.
fn differ(repository: &git2::Repository, before: Option<Oid>, after: Option<Oid>) -> Result<Difference, String> {
    let sizes = repository.odb().map_err(|error| one_line(&error))?;
    let mut difference = Difference::default();
    history::visit_changed(repository, before, after, &mut |path, old, new| {
        let is_tree = |member: Option<&history::Member>| member.is_some_and(|member| member.is_tree);
        match (is_tree(old), is_tree(new)) {
            (true, true) => return ControlFlow::Continue(()),
            (true, false) => drop(difference.left.insert(path.clone())),
            (false, true) => drop(difference.entered.insert(path.clone())),
            (false, false) => {}
        }
        let thing = match new.filter(|new| !new.is_tree) {
            None if old.is_none_or(|old| old.is_tree) => return ControlFlow::Continue(()),
            None => None,
            Some(new) if !new.is_file() => Some(Thing::Repository),
            Some(new) => {
                let id = BlobId::from_bytes(new.id.as_bytes());
                let size = match sizes.read_header(new.id) {
                    Ok((size, _)) => size as u64,
                    Err(_) if id == BlobId::of(b"") => 0,
                    // A partial clone may lack the content. The name stands, and the id says that it is not empty.
                    Err(_) => {
                        difference.missing.insert(path.clone());
                        1
                    }
                };
                let stamp = Stamp { size, ..Stamp::default() };
                let entry = Entry { size, stamp, tracked: true, blob: Some(id), ..bare_entry(Kind::File) };
                if new.is_link() {
                    let target = blob(repository, &entry, READ_CAP).map(|content| content.bytes).unwrap_or_default();
                    Some(Thing::Link(String::from_utf8_lossy(&target).into_owned()))
                } else {
                    Some(Thing::File(entry))
                }
            }
        };
        difference.found.push((path, thing));
        ControlFlow::Continue(())
    })?;
    Ok(difference)
}

impl Source for Revision {
    fn read(&self, path: &RelPath) -> Result<Content, String> {
        let entry = self.listing.entries.get(path).ok_or("is not in this revision")?;
        match &entry.kind {
            Kind::File => self.with(|repository| blob(repository, entry, read_cap(path))),
            Kind::Link(Some(target)) => self.read(target),
            _ => Err("cannot be read: it is no regular file".to_owned()),
        }
    }

    fn git(&self) -> Option<&dyn GitFacts> {
        Some(self)
    }
}

impl GitFacts for Revision {
    fn head(&self) -> Result<Option<String>, String> {
        Ok(Some(self.commit()))
    }

    fn unlike_head(&self, _: &BTreeSet<RelPath>) -> Result<BTreeSet<RelPath>, String> {
        Ok(BTreeSet::new())
    }

    fn is_ignored(&self, path: &RelPath) -> Result<bool, String> {
        let is_dir = path.as_str().ends_with('/');
        let path = RelPath::new(path.as_str().trim_end_matches('/'));
        Ok(!self.listing.entries.contains_key(&path) && self.rules.leave_out(&path, is_dir))
    }

    fn ever_committed(&self, globs: &Globs) -> Result<Vec<Committed>, String> {
        self.asked(|log, repository| log.ever(repository, &self.listing, globs))
    }

    fn newest(&self, globs: &Globs) -> Result<Option<Committed>, String> {
        self.asked(|log, repository| log.newest(repository, globs))
    }
}

/// Follows a link by names alone, by the same rules as on the disk.
fn resolve(
    files: &PathMap<Entry>,
    directories: &BTreeSet<RelPath>,
    links: &BTreeMap<RelPath, String>,
    path: &RelPath,
) -> Option<RelPath> {
    let mut here = RelPath::new("");
    let mut ahead: VecDeque<String> = path.as_str().split('/').map(str::to_owned).collect();
    let mut hops = 0;
    while let Some(part) = ahead.pop_front() {
        match part.as_str() {
            "" | "." => continue,
            ".." if here.as_str().is_empty() => return None,
            ".." => {
                here = here.parent();
                continue;
            }
            _ => {}
        }
        let next = if here.as_str().is_empty() { RelPath::new(&part) } else { RelPath::new(&format!("{here}/{part}")) };
        if let Some(target) = links.get(&next) {
            hops += 1;
            if hops > HOPS || target.starts_with('/') {
                return None;
            }
            target.split('/').rev().for_each(|part| ahead.push_front(part.to_owned()));
        } else if directories.contains(&next) {
            here = next;
        } else {
            return files.get(&next).filter(|entry| ahead.is_empty() && entry.kind == Kind::File).map(|_| next);
        }
    }
    None
}

fn blob(repository: &git2::Repository, entry: &Entry, cap: u64) -> Result<Content, String> {
    let wrong = |error: git2::Error| format!("cannot be read: {}", one_line(&error));
    let id = entry.blob.ok_or("cannot be read: it has no content")?;
    let blob = Oid::from_bytes(id.as_bytes()).and_then(|id| repository.find_blob(id)).map_err(wrong)?;
    let bytes = blob.content();
    let kept = bytes.len().min(usize::try_from(cap).unwrap_or(usize::MAX));
    let cut_from = (kept < bytes.len()).then_some(bytes.len() as u64);
    Ok(Content { bytes: bytes[..kept].to_vec(), cut_from, stamp: None })
}

impl std::fmt::Debug for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Revision").field("commit", &self.commit).finish_non_exhaustive()
    }
}
