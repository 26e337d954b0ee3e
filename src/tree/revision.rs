//! The files as one commit holds them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use git2::{ObjectType, Oid};
use jiff::Timestamp;

use crate::tree::blob::BlobId;
use crate::tree::entry::{Entry, Kind, Listing, Stamp};
use crate::tree::history::{self, From};
use crate::tree::ignores::RuleMap;
use crate::tree::path::RelPath;
use crate::tree::repository::one_line;
use crate::tree::source::{Committed, Content, GitFacts, READ_CAP, Source, read_cap};
use crate::tree::walk::bare_entry;

const MODE_LINK: i32 = 0o120_000;
/// As in the working tree.
const HOPS: usize = 8;

/// A commit as a tree to look at. History ends at it, and its own `.gitignore` files are the rules.
pub struct Revision {
    workdir: PathBuf,
    prefix: Vec<u8>,
    commit: Oid,
    at: Timestamp,
    listing: Listing,
    rules: RuleMap,
    /// Open repositories that nobody uses at the moment: one serves one thread.
    idle: Mutex<Vec<git2::Repository>>,
}

impl Revision {
    pub(crate) fn open(workdir: PathBuf, prefix: Vec<u8>, spec: &str) -> Result<Self, String> {
        let repository = git2::Repository::open(&workdir).map_err(|error| one_line(&error))?;
        let (commit, at, listing) = {
            let object = repository.revparse_single(spec).map_err(|error| format!("{spec}: {}", one_line(&error)))?;
            let commit = object.peel_to_commit().map_err(|_| format!("{spec}: is no commit"))?;
            let at = Timestamp::from_second(commit.time().seconds())
                .map_err(|_| format!("{spec}: the commit has no real date"))?;
            (commit.id(), at, list(&repository, history::tree_below(&repository, &commit, &prefix)?)?)
        };
        let read = |path: &RelPath| {
            let entry = listing.entries.get(path).filter(|entry| entry.kind == Kind::File)?;
            let content = blob(&repository, entry, READ_CAP).ok()?;
            Some(String::from_utf8_lossy(&content.bytes).into_owned())
        };
        let rules = RuleMap::new(&listing.directories, &read);
        let idle = Mutex::new(vec![repository]);
        Ok(Self { workdir, prefix, commit, at, listing, rules, idle })
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

    fn ever_committed(&self, matches: &dyn Fn(&str) -> bool) -> Result<Vec<Committed>, String> {
        let mut found = self.with(|repository| history::ever(repository, &self.prefix, From::Commit(self.commit)))?;
        found.retain(|found| matches(found.path.as_str()));
        Ok(found)
    }

    fn newest(&self, matches: &dyn Fn(&str) -> bool) -> Result<Option<Committed>, String> {
        self.with(|repository| history::newest(repository, &self.prefix, From::Commit(self.commit), matches))
    }
}

fn list(repository: &git2::Repository, top: Option<Oid>) -> Result<Listing, String> {
    let sizes = repository.odb().map_err(|error| one_line(&error))?;
    let mut listing = Listing::default();
    let mut links: BTreeMap<RelPath, String> = BTreeMap::new();
    let mut ahead: Vec<(Oid, RelPath)> = top.map(|tree| (tree, RelPath::new(""))).into_iter().collect();
    while let Some((tree, dir)) = ahead.pop() {
        for member in &repository.find_tree(tree).map_err(|error| one_line(&error))? {
            let path = dir.join(member.name_bytes());
            match member.kind() {
                Some(ObjectType::Tree) => ahead.push((member.id(), path)),
                Some(ObjectType::Blob) => {
                    // A partial clone may lack the content; the name stands all the same.
                    let size = sizes.read_header(member.id()).map_or(0, |(size, _)| size as u64);
                    let entry = Entry {
                        size,
                        stamp: Stamp { size, ..Stamp::default() },
                        tracked: true,
                        blob: Some(BlobId::from_bytes(member.id().as_bytes())),
                        ..bare_entry(Kind::File)
                    };
                    if member.filemode() == MODE_LINK {
                        let target =
                            blob(repository, &entry, READ_CAP).map(|content| content.bytes).unwrap_or_default();
                        links.insert(path, String::from_utf8_lossy(&target).into_owned());
                    } else {
                        listing.entries.insert(path, entry);
                    }
                }
                _ => {
                    listing.entries.insert(path, Entry { tracked: true, ..bare_entry(Kind::Repository) });
                }
            }
        }
        listing.directories.insert(dir);
    }
    let resolved: Vec<(RelPath, Entry)> = links
        .keys()
        .map(|path| {
            let target = resolve(&listing.entries, &listing.directories, &links, path);
            let there = target.as_ref().and_then(|target| listing.entries.get(target));
            let entry = there.cloned().unwrap_or_else(|| Entry { tracked: true, ..bare_entry(Kind::File) });
            (path.clone(), Entry { kind: Kind::Link(target), ..entry })
        })
        .collect();
    listing.entries.extend(resolved);
    Ok(listing)
}

/// Follows a link by names alone, by the same rules as on the disk.
fn resolve(
    files: &BTreeMap<RelPath, Entry>,
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
