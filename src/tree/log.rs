//! What the commits up to one of them say of paths, carried on from a commit to the next: what both have behind them
//! is walked once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use git2::{Oid, Repository};

use crate::tree::entry::{Kind, Listing};
use crate::tree::glob::Globs;
use crate::tree::history::{self, From, committed, missing, next_commit, tree_below};
use crate::tree::path::RelPath;
use crate::tree::source::Committed;

/// The history that ends at one commit. Nothing is known before it is asked; what was asked is kept up to date.
#[derive(Debug)]
pub(super) struct Log {
    prefix: Vec<u8>,
    commit: Oid,
    /// By path: the newest commit that held it, of those before this one.
    held: Option<BTreeMap<RelPath, Committed>>,
    /// By their text: which of all these paths some globs match.
    matched: HashMap<String, (Globs, BTreeSet<RelPath>)>,
    /// By their text: the newest change of a path that some globs match.
    newest: HashMap<String, (Globs, Option<Committed>)>,
}

/// A commit and the files in which it differs from its first parent.
struct Changed {
    id: Oid,
    paths: Vec<RelPath>,
}

impl Log {
    pub(super) fn new(prefix: &[u8], commit: Oid) -> Self {
        let (held, matched, newest) = Default::default();
        Self { prefix: prefix.to_vec(), commit, held, matched, newest }
    }

    /// Goes on to another commit. Of one that does not come after this one nothing is known.
    ///
    /// # Errors
    /// One line, where a commit between them cannot be read; then this is as it was.
    pub(super) fn move_to(&mut self, repository: &Repository, commit: Oid) -> Result<(), String> {
        if commit == self.commit {
            return Ok(());
        }
        // Whoever asked nothing pays nothing.
        let is_asked = self.held.is_some() || !self.newest.is_empty();
        if !is_asked || !follows(repository, commit, self.commit)? {
            *self = Self::new(&self.prefix, commit);
            return Ok(());
        }
        let mut between = Vec::new();
        for id in between_of(repository, self.commit, commit)? {
            between.push(Changed { id, paths: paths_changed_by(repository, &self.prefix, id)? });
        }
        let gone = if self.held.is_some() { self.gone(repository, commit, &between)? } else { Vec::new() };
        let mut moved = HashMap::new();
        for (text, (globs, known)) in &self.newest {
            let mut newest = known.clone();
            for changed in &between {
                let Some(path) = changed.paths.iter().filter(|path| globs.matches_path(path)).min() else { continue };
                let found = repository.find_commit(changed.id).map_err(|error| missing(&error))?;
                let found = committed(path.clone(), &found)?;
                // By their dates, as `git log` goes; the commit itself comes first.
                if changed.id == commit || newest.as_ref().is_none_or(|newest| newest.at <= found.at) {
                    newest = Some(found);
                }
            }
            moved.insert(text.clone(), newest);
        }
        for (text, newest) in moved {
            self.newest.entry(text).and_modify(|known| known.1 = newest);
        }
        for (globs, paths) in self.matched.values_mut() {
            let new = between.iter().flat_map(|changed| &changed.paths).filter(|path| globs.matches_path(path));
            paths.extend(new.cloned());
        }
        if let Some(held) = &mut self.held {
            for found in gone {
                if held.get(&found.path).is_none_or(|known| known.at <= found.at) {
                    held.insert(found.path.clone(), found);
                }
            }
        }
        self.commit = commit;
        Ok(())
    }

    /// What the commits before `commit` held that it does not hold itself, with each that did, by their dates.
    fn gone(&self, repository: &Repository, commit: Oid, between: &[Changed]) -> Result<Vec<Committed>, String> {
        let after = tree_of(repository, &self.prefix, commit)?;
        let mut gone = Vec::new();
        let new = between.iter().map(|changed| changed.id).filter(|id| *id != commit);
        for earlier in std::iter::once(self.commit).chain(new) {
            let holder = repository.find_commit(earlier).map_err(|error| missing(&error))?;
            let tree = tree_below(repository, &holder, &self.prefix)?;
            let mut paths = Vec::new();
            history::visit_changed(repository, tree, after, &mut |path, old, new| {
                if old.is_some_and(|old| old.is_file()) && !new.is_some_and(|new| new.is_file()) {
                    paths.push(path);
                }
                ControlFlow::Continue(())
            })?;
            for path in paths {
                gone.push(committed(path, &holder)?);
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
        globs: &Globs,
    ) -> Result<Vec<Committed>, String> {
        if self.held.is_none() {
            let found = history::ever(repository, &self.prefix, From::Commit(self.commit))?;
            self.held = Some(found.into_iter().map(|found| (found.path.clone(), found)).collect());
        }
        let held = self.held.get_or_insert_default();
        let (_, paths) = self.matched.entry(globs.text().to_owned()).or_insert_with(|| {
            let paths = held.keys().chain(listing.entries.keys()).filter(|path| globs.matches_path(path));
            (globs.clone(), paths.cloned().collect())
        });
        let own = repository.find_commit(self.commit).map_err(|error| missing(&error))?;
        let is_here = |path: &RelPath| {
            listing.entries.get(path).is_some_and(|entry| matches!(entry.kind, Kind::File | Kind::Link(_)))
        };
        let mut found = Vec::new();
        for path in paths.iter() {
            match held.get(path) {
                _ if is_here(path) => found.push(committed(path.clone(), &own)?),
                Some(holder) => found.push(holder.clone()),
                // The border of another repository, which holds nothing here.
                None => {}
            }
        }
        Ok(found)
    }

    /// The newest commit up to this one that changed a path which the globs match.
    ///
    /// # Errors
    /// As for all of them.
    pub(super) fn newest(&mut self, repository: &Repository, globs: &Globs) -> Result<Option<Committed>, String> {
        if let Some((_, known)) = self.newest.get(globs.text()) {
            return Ok(known.clone());
        }
        let matches = |path: &str| globs.matches(path);
        let found = history::newest(repository, &self.prefix, From::Commit(self.commit), &matches)?;
        self.newest.insert(globs.text().to_owned(), (globs.clone(), found.clone()));
        Ok(found)
    }
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
fn between_of(repository: &Repository, earlier: Oid, later: Oid) -> Result<Vec<Oid>, String> {
    let mut walk = history::as_log_goes(repository, From::Commit(later))?;
    walk.hide(earlier).map_err(|error| missing(&error))?;
    let mut found = Vec::new();
    for (count, id) in walk.enumerate() {
        found.push(next_commit(repository, count, id)?.id());
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
