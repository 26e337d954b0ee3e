//! What the commits say of paths, by comparing trees and never a content.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;

use git2::{ObjectType, Oid, Repository, Revwalk};
use jiff::Timestamp;

use crate::tree::path::RelPath;
use crate::tree::repository::one_line;
use crate::tree::source::Committed;

/// Beyond this a walk takes longer than somebody waits; the answer is then unknown, which is said.
const COMMITS: usize = 50_000;
const MODE_KIND: i32 = 0o170_000;
const MODE_LINK: i32 = 0o120_000;
const MODE_GITLINK: i32 = 0o160_000;

/// Where a walk through the commits starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    Head,
    /// HEAD too: it may be detached.
    EveryRef,
    Commit(Oid),
}

/// Every path below `prefix` in any commit that is reached, with the newest commit that held it.
pub(crate) fn ever(repository: &Repository, prefix: &[u8], from: From) -> Result<Vec<Committed>, String> {
    refuse_shallow(repository)?;
    let walk = as_log_goes(repository, from)?;
    let mut seen: HashSet<(Oid, RelPath)> = HashSet::new();
    let mut found: HashMap<RelPath, Committed> = HashMap::new();
    for (count, id) in walk.enumerate() {
        let commit = next_commit(repository, count, id)?;
        let mut ahead: Vec<(Oid, RelPath)> = Vec::new();
        ahead.extend(tree_below(repository, &commit, prefix)?.map(|tree| (tree, RelPath::new(""))));
        while let Some((tree, dir)) = ahead.pop() {
            if !seen.insert((tree, dir.clone())) {
                continue;
            }
            for entry in &repository.find_tree(tree).map_err(|error| missing(&error))? {
                let path = dir.join(entry.name_bytes());
                match entry.kind() {
                    Some(ObjectType::Tree) => ahead.push((entry.id(), path)),
                    // The walk goes from the newest commit to the oldest, so the first one stays.
                    Some(ObjectType::Blob) if !found.contains_key(&path) => {
                        found.insert(path.clone(), committed(path, &commit)?);
                    }
                    _ => {}
                }
            }
        }
    }
    let mut found: Vec<Committed> = found.into_values().collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// The newest commit reached that differs from its first parent in a path which `matches`.
pub(crate) fn newest(
    repository: &Repository,
    prefix: &[u8],
    from: From,
    matches: &dyn Fn(&str) -> bool,
) -> Result<Option<Committed>, String> {
    let walk = as_log_goes(repository, from)?;
    for (count, id) in walk.enumerate() {
        let commit = next_commit(repository, count, id)?;
        let before = tree_before(repository, &commit, prefix)?;
        let after = tree_below(repository, &commit, prefix)?;
        if let Some(path) = changed(repository, before, after, matches)? {
            return committed(path, &commit).map(Some);
        }
    }
    Ok(None)
}

/// When each of these paths last changed, as far as the newest `most` commits tell.
pub(crate) fn newest_of_each(
    repository: &Repository,
    prefix: &[u8],
    from: From,
    wanted: &BTreeSet<RelPath>,
    most: usize,
) -> Result<BTreeMap<RelPath, Timestamp>, String> {
    let mut found = BTreeMap::new();
    for (count, id) in as_log_goes(repository, from)?.enumerate().take(most) {
        if found.len() == wanted.len() {
            break;
        }
        let commit = next_commit(repository, count, id)?;
        let parent = commit.parent_ids().next();
        // At the border of a shallow clone everything would look as if it had just been added.
        if parent.is_none() && repository.is_shallow() {
            break;
        }
        let parent = parent.map(|id| repository.find_commit(id)).transpose().map_err(|error| missing(&error))?;
        let before = parent.map(|parent| tree_below(repository, &parent, prefix)).transpose()?.flatten();
        let after = tree_below(repository, &commit, prefix)?;
        let Ok(at) = Timestamp::from_second(commit.time().seconds()) else { continue };
        visit_changed(repository, before, after, &mut |path, _, _| {
            if wanted.contains(&path) {
                found.entry(path).or_insert(at);
            }
            ControlFlow::Continue(())
        })?;
    }
    Ok(found)
}

/// The first path that differs between two trees as a file and `matches`, in the order of their names.
fn changed(
    repository: &Repository,
    before: Option<Oid>,
    after: Option<Oid>,
    matches: &dyn Fn(&str) -> bool,
) -> Result<Option<RelPath>, String> {
    let mut found = None;
    visit_changed(repository, before, after, &mut |path, old, new| {
        let is_file = old.into_iter().chain(new).any(|member| !member.is_tree);
        if is_file && matches(path.as_str()) && found.as_ref().is_none_or(|found| path < *found) {
            found = Some(path);
        }
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

/// Told of a path that differs between two trees, with what it was and what it is.
pub(super) type Visit<'v> = dyn FnMut(RelPath, Option<&Member>, Option<&Member>) -> ControlFlow<()> + 'v;

/// Shows every path that differs between two trees, directories before what they hold, until told to stop. Equal
/// subtrees are never opened.
pub(super) fn visit_changed(
    repository: &Repository,
    before: Option<Oid>,
    after: Option<Oid>,
    visit: &mut Visit<'_>,
) -> Result<(), String> {
    let mut ahead = vec![(before, after, RelPath::new(""))];
    while let Some((before, after, dir)) = ahead.pop() {
        if before == after {
            continue;
        }
        let before = members(repository, before)?;
        let after = members(repository, after)?;
        let added = after.keys().filter(|name| !before.contains_key(*name));
        for name in before.keys().chain(added) {
            let (old, new) = (before.get(name), after.get(name));
            if old == new {
                continue;
            }
            let path = dir.join(name);
            let subtree = |member: Option<&Member>| member.filter(|member| member.is_tree).map(|member| member.id);
            if visit(path.clone(), old, new).is_break() {
                return Ok(());
            }
            if subtree(old).is_some() || subtree(new).is_some() {
                ahead.push((subtree(old), subtree(new), path));
            }
        }
    }
    Ok(())
}

/// One name in a tree of git.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) id: Oid,
    mode: i32,
    pub(super) is_tree: bool,
}

impl Member {
    /// A regular file or a symbolic link: what has a content of its own.
    pub(super) fn is_file(&self) -> bool {
        !self.is_tree && self.mode & MODE_KIND != MODE_GITLINK
    }

    pub(super) fn is_link(&self) -> bool {
        self.mode & MODE_KIND == MODE_LINK
    }
}

fn members(repository: &Repository, tree: Option<Oid>) -> Result<BTreeMap<Vec<u8>, Member>, String> {
    let Some(tree) = tree else { return Ok(BTreeMap::new()) };
    let tree = repository.find_tree(tree).map_err(|error| missing(&error))?;
    let member = |entry: git2::TreeEntry<'_>| {
        let is_tree = entry.kind() == Some(ObjectType::Tree);
        (entry.name_bytes().to_vec(), Member { id: entry.id(), mode: entry.filemode_raw(), is_tree })
    };
    Ok(tree.iter().map(member).collect())
}

/// The tree that the root had in the first parent of this commit.
pub(super) fn tree_before(
    repository: &Repository,
    commit: &git2::Commit<'_>,
    prefix: &[u8],
) -> Result<Option<Oid>, String> {
    match commit.parent_ids().next() {
        Some(parent) => {
            let parent = repository.find_commit(parent).map_err(|error| missing(&error))?;
            tree_below(repository, &parent, prefix)
        }
        // At the border of a shallow clone everything would look as if it had just been added.
        None => refuse_shallow(repository).map(|()| None),
    }
}

/// The tree that the root had in this commit, if it was there at all.
pub(crate) fn tree_below(
    repository: &Repository,
    commit: &git2::Commit<'_>,
    prefix: &[u8],
) -> Result<Option<Oid>, String> {
    let mut tree = commit.tree_id();
    for name in prefix.split(|byte| *byte == b'/').filter(|name| !name.is_empty()) {
        let inside = repository.find_tree(tree).map_err(|error| missing(&error))?;
        let next = inside.iter().find(|entry| entry.name_bytes() == name && entry.kind() == Some(ObjectType::Tree));
        match next {
            Some(entry) => tree = entry.id(),
            None => return Ok(None),
        }
    }
    Ok(Some(tree))
}

/// As `git log` goes: newest first, a parent never before the child that led to it, and only as far as asked.
pub(super) fn as_log_goes(repository: &Repository, from: From) -> Result<Revwalk<'_>, String> {
    let mut walk = repository.revwalk().map_err(|error| one_line(&error))?;
    if from == From::EveryRef {
        walk.push_glob("refs/*").map_err(|error| one_line(&error))?;
    }
    match from {
        From::Commit(id) => walk.push(id).map_err(|error| missing(&error))?,
        // Before the first commit HEAD leads nowhere, and the walk is empty.
        From::Head | From::EveryRef => drop(walk.push_head()),
    }
    Ok(walk)
}

pub(super) fn next_commit(
    repository: &Repository,
    count: usize,
    id: Result<Oid, git2::Error>,
) -> Result<git2::Commit<'_>, String> {
    if count >= COMMITS {
        return Err(format!("more than {COMMITS} commits: older history was not looked at"));
    }
    id.and_then(|id| repository.find_commit(id)).map_err(|error| missing(&error))
}

pub(super) fn committed(path: RelPath, commit: &git2::Commit<'_>) -> Result<Committed, String> {
    let id = commit.id().to_string();
    let at = Timestamp::from_second(commit.time().seconds()).map_err(|_| format!("commit {id} has no real date"))?;
    Ok(Committed { path, commit: id.chars().take(7).collect(), at })
}

fn refuse_shallow(repository: &Repository) -> Result<(), String> {
    if repository.is_shallow() {
        return Err("shallow clone: older history is not here (git fetch --unshallow brings it)".to_owned());
    }
    Ok(())
}

pub(super) fn missing(error: &git2::Error) -> String {
    format!("the history cannot be read to its end: {}", one_line(error))
}
