//! What the commits up to one of them say of paths, carried on from a commit to the next: what both have behind them
//! is not walked again.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use git2::{Oid, Repository};

use crate::tree::entry::{Kind, Listing};
use crate::tree::history::{self, committed, missing, next_commit, tree_below};
use crate::tree::path::RelPath;
use crate::tree::source::Committed;

/// The history that ends at one commit. Nothing is known before it is asked.
#[derive(Debug)]
pub(super) struct Log {
    prefix: Vec<u8>,
    commit: Oid,
    /// Where it began; what is older is in `older`.
    start: Oid,
    /// Since the start, the newest last.
    newer: Vec<Changed>,
    /// From the start back, as `git log` goes, and as far as somebody asked.
    older: Vec<Changed>,
    is_whole: bool,
    /// By path: the newest commit that held it, of those before this one. Asked for once, it is kept up to date.
    held: Option<BTreeMap<RelPath, Committed>>,
}

/// A commit and the files in which it differs from its first parent.
#[derive(Debug)]
struct Changed {
    commit: Commit,
    paths: Vec<RelPath>,
}

#[derive(Clone, Copy, Debug)]
struct Commit {
    id: Oid,
    seconds: i64,
}

impl Log {
    pub(super) fn new(prefix: &[u8], commit: Oid) -> Self {
        Self {
            prefix: prefix.to_vec(),
            commit,
            start: commit,
            newer: Vec::new(),
            older: Vec::new(),
            is_whole: false,
            held: None,
        }
    }

    /// Goes on to another commit. Of one that does not come after this one nothing is known.
    ///
    /// # Errors
    /// One line, where a commit between them cannot be read; then this is as it was.
    pub(super) fn move_to(&mut self, repository: &Repository, commit: Oid) -> Result<(), String> {
        if commit == self.commit {
            return Ok(());
        }
        if !follows(repository, commit, self.commit)? {
            *self = Self::new(&self.prefix, commit);
            return Ok(());
        }
        // Whoever asked nothing pays nothing.
        if self.held.is_none() && self.newer.is_empty() && self.older.is_empty() {
            (self.commit, self.start) = (commit, commit);
            return Ok(());
        }
        let between = between(repository, self.commit, commit)?;
        let mut changed = Vec::with_capacity(between.len());
        for new in &between {
            changed.push(Changed { commit: *new, paths: paths_changed_by(repository, &self.prefix, new.id)? });
        }
        if self.held.is_some() {
            let gone = self.gone(repository, commit, &between)?;
            let held = self.held.get_or_insert_default();
            for found in gone {
                match held.get(&found.path) {
                    Some(known) if known.at > found.at => {}
                    _ => drop(held.insert(found.path.clone(), found)),
                }
            }
        }
        for changed in changed {
            let later = self.newer.iter().rev().take_while(|known| known.commit.seconds > changed.commit.seconds);
            let place = if changed.commit.id == commit { self.newer.len() } else { self.newer.len() - later.count() };
            self.newer.insert(place, changed);
        }
        self.commit = commit;
        Ok(())
    }

    /// What the commits before `commit` held that it does not hold itself, each path with the newest of them.
    fn gone(&self, repository: &Repository, commit: Oid, between: &[Commit]) -> Result<Vec<Committed>, String> {
        let after = tree_of(repository, &self.prefix, commit)?;
        let mut gone = Vec::new();
        let before = std::iter::once(self.commit).chain(between.iter().map(|new| new.id).filter(|id| *id != commit));
        for earlier in before {
            let held = repository.find_commit(earlier).map_err(|error| missing(&error))?;
            let tree = tree_below(repository, &held, &self.prefix)?;
            let mut paths = Vec::new();
            history::visit_changed(repository, tree, after, &mut |path, old, new| {
                if old.is_some_and(|old| old.is_file()) && !new.is_some_and(|new| new.is_file()) {
                    paths.push(path);
                }
                ControlFlow::Continue(())
            })?;
            for path in paths {
                gone.push(committed(path, &held)?);
            }
        }
        gone.sort_by_key(|found| found.at);
        Ok(gone)
    }

    /// Every path in any commit up to this one, with the newest commit that held it. `listing` is what this one holds.
    ///
    /// # Errors
    /// One line, where the history cannot be read to its end.
    pub(super) fn ever(
        &mut self,
        repository: &Repository,
        listing: &Listing,
        matches: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<Committed>, String> {
        if self.held.is_none() {
            let found = history::ever(repository, &self.prefix, history::From::Commit(self.commit))?;
            self.held = Some(found.into_iter().map(|found| (found.path.clone(), found)).collect());
        }
        let own = repository.find_commit(self.commit).map_err(|error| missing(&error))?;
        let is_here = |path: &RelPath| {
            listing.entries.get(path).is_some_and(|entry| matches!(entry.kind, Kind::File | Kind::Link(_)))
        };
        let before = self.held.iter().flatten().filter(|(path, _)| matches(path.as_str()) && !is_here(path));
        let mut found: Vec<Committed> = before.map(|(_, found)| found.clone()).collect();
        for path in listing.entries.keys().filter(|path| matches(path.as_str()) && is_here(path)) {
            found.push(committed(path.clone(), &own)?);
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    /// The newest commit up to this one that changed a path which `matches`.
    ///
    /// # Errors
    /// As for all of them.
    pub(super) fn newest(
        &mut self,
        repository: &Repository,
        matches: &dyn Fn(&str) -> bool,
    ) -> Result<Option<Committed>, String> {
        let mut known = self.newer.iter().rev().chain(&self.older);
        let mut found = known.find_map(|changed| changed.first(matches));
        while found.is_none() && !self.is_whole {
            let known = self.older.len();
            self.look_back(repository)?;
            found = self.older[known..].iter().find_map(|changed| changed.first(matches));
        }
        let Some((commit, path)) = found else { return Ok(None) };
        let commit = repository.find_commit(commit.id).map_err(|error| missing(&error))?;
        committed(path, &commit).map(Some)
    }

    /// Looks at some commits more of those before the start: as many again as are known.
    fn look_back(&mut self, repository: &Repository) -> Result<(), String> {
        let known = self.older.len();
        let walk = history::as_log_goes(repository, history::From::Commit(self.start))?;
        for (count, id) in walk.enumerate().skip(known).take(known.max(64)) {
            let changed = next_commit(repository, count, id).and_then(|commit| {
                let commit = commit_of(&commit);
                Ok(Changed { commit, paths: paths_changed_by(repository, &self.prefix, commit.id)? })
            });
            match changed {
                Ok(changed) => self.older.push(changed),
                // What was found before it stands.
                Err(_) if self.older.len() > known => return Ok(()),
                Err(why) => return Err(why),
            }
        }
        self.is_whole = self.older.len() == known;
        Ok(())
    }
}

impl Changed {
    fn first(&self, matches: &dyn Fn(&str) -> bool) -> Option<(Commit, RelPath)> {
        let path = self.paths.iter().filter(|path| matches(path.as_str())).min()?;
        Some((self.commit, path.clone()))
    }
}

fn commit_of(commit: &git2::Commit<'_>) -> Commit {
    Commit { id: commit.id(), seconds: commit.time().seconds() }
}

/// Whether `later` has `earlier` behind it.
fn follows(repository: &Repository, later: Oid, earlier: Oid) -> Result<bool, String> {
    let commit = repository.find_commit(later).map_err(|error| missing(&error))?;
    if commit.parent_ids().next() == Some(earlier) {
        return Ok(true);
    }
    repository.graph_descendant_of(later, earlier).map_err(|error| missing(&error))
}

/// The commits that `later` has behind it and `earlier` has not, with itself, the oldest first.
fn between(repository: &Repository, earlier: Oid, later: Oid) -> Result<Vec<Commit>, String> {
    let mut walk = history::as_log_goes(repository, history::From::Commit(later))?;
    walk.hide(earlier).map_err(|error| missing(&error))?;
    let mut found = Vec::new();
    for (count, id) in walk.enumerate() {
        found.push(commit_of(&next_commit(repository, count, id)?));
    }
    found.reverse();
    Ok(found)
}

fn tree_of(repository: &Repository, prefix: &[u8], commit: Oid) -> Result<Option<Oid>, String> {
    let commit = repository.find_commit(commit).map_err(|error| missing(&error))?;
    tree_below(repository, &commit, prefix)
}

fn paths_changed_by(repository: &Repository, prefix: &[u8], id: Oid) -> Result<Vec<RelPath>, String> {
    let commit = repository.find_commit(id).map_err(|error| missing(&error))?;
    let before = history::tree_before(repository, &commit, prefix)?;
    let after = tree_below(repository, &commit, prefix)?;
    let mut paths = Vec::new();
    history::visit_changed(repository, before, after, &mut |path, old, new| {
        if old.into_iter().chain(new).any(|member| !member.is_tree) {
            paths.push(path);
        }
        ControlFlow::Continue(())
    })?;
    Ok(paths)
}
