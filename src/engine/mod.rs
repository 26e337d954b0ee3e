//! What must be looked at again. A start is a change of every file; a save is a change of one. Both take
//! the same way, so a tree that was followed for a day says the same as one that was just opened.

mod asked;
pub mod commands;
mod file;
pub mod inventory;
mod judged;
mod mapping;
pub mod progress;
mod reduction;
pub mod snapshot;
mod state;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::checklist::model::Checklist;
use crate::engine::asked::Asked;
use crate::engine::file::File;
use crate::engine::progress::Progress;
use crate::engine::state::LeafState;
use crate::probe::inventory::Inventory;
use crate::probe::key::Key;
use crate::probe::outcome::{Element, Outcome};
use crate::probe::program::{Program, Rule};
use crate::tree::blob::BlobId;
use crate::tree::entry::{Entry, Listing};
use crate::tree::merge::side_by_side;
use crate::tree::path::RelPath;
use crate::tree::path_map::PathMap;
use crate::tree::source::Source;

/// A path and what stands there now; `None` for nothing any more.
pub type Change = (RelPath, Option<Entry>);

/// The answers of a machine to a checklist, kept up to date.
pub struct Engine {
    checklist: Arc<Checklist>,
    program: Arc<Program>,
    source: Arc<dyn Source>,
    files: PathMap<File>,
    /// By file: those that took something over from it.
    dependents: BTreeMap<RelPath, BTreeSet<RelPath>>,
    /// Directories that could not be listed, and why.
    unlisted: BTreeMap<RelPath, String>,
    /// How many of the files count.
    counted: usize,
    leaves: Vec<LeafState>,
    asked: Asked,
    outcomes: Vec<Arc<Outcome>>,
    /// Whether every item was judged once.
    judged: bool,
    /// Before that: the items that need not be, because what was kept of them fits.
    settled: BTreeSet<usize>,
    /// Before it begins: the leaves of which a snapshot knew nothing, where there was one.
    fresh: Option<BTreeSet<usize>>,
    work: Work,
}

/// What the last start or change cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    pub files_read: u64,
    pub bytes_read: u64,
    /// What is known of so many was found before.
    pub files_from_cache: u64,
    pub probes_run: u64,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("files", &self.files.len()).field("work", &self.work).finish_non_exhaustive()
    }
}

impl Engine {
    /// Looks at everything.
    #[must_use]
    pub fn start(
        checklist: Arc<Checklist>,
        program: Arc<Program>,
        source: Arc<dyn Source>,
        listing: &Listing,
        at: Timestamp,
        progress: &Progress,
    ) -> Self {
        let mut engine = Self::prepare(checklist, program, source, None);
        engine.begin(listing, at, progress);
        engine
    }

    /// Knows nothing yet.
    fn new(checklist: Arc<Checklist>, program: Arc<Program>, source: Arc<dyn Source>) -> Self {
        Self {
            leaves: program.leaves.iter().map(|_| LeafState::default()).collect(),
            outcomes: not_yet(&program),
            asked: Asked::without(program.late.clone()),
            checklist,
            program,
            source,
            files: PathMap::new(),
            dependents: BTreeMap::new(),
            unlisted: BTreeMap::new(),
            counted: 0,
            judged: false,
            settled: BTreeSet::new(),
            fresh: None,
            work: Work::default(),
        }
    }

    /// Another engine that knows the same of the same files, to be led elsewhere. Everything is judged anew there.
    #[must_use]
    pub fn fork(&self, source: Arc<dyn Source>) -> Self {
        Self {
            leaves: self.leaves.iter().map(LeafState::fork).collect(),
            asked: Asked::without(self.asked.waiting().clone()),
            files: self.files.clone(),
            dependents: self.dependents.clone(),
            unlisted: self.unlisted.clone(),
            counted: self.counted,
            ..Self::new(Arc::clone(&self.checklist), Arc::clone(&self.program), source)
        }
    }

    /// Takes in what changed and gives the items whose outcome is another now.
    pub fn apply(&mut self, changes: Vec<Change>, at: Timestamp, progress: &Progress) -> Vec<usize> {
        self.work = Work::default();
        if changes.iter().any(|(path, _)| path.name() == ".gitignore") {
            self.forget_git(false);
        }
        self.map_changes(changes, progress);
        self.reduce(at, progress)
    }

    /// Takes in a whole new listing: everything that differs from the one before.
    pub fn relist(&mut self, listing: &Listing, at: Timestamp, progress: &Progress) -> Vec<usize> {
        self.git_moved(self.differences(listing), true, at, progress)
    }

    /// What went, and what is new or another.
    fn differences(&self, listing: &Listing) -> Vec<Change> {
        let (mut gone, mut changes) = (Vec::new(), Vec::new());
        for (path, entry, file) in side_by_side(&listing.entries, &self.files) {
            match entry {
                None => gone.push((path.clone(), None)),
                Some(entry) if file.is_none_or(|file| file.differs(entry)) => {
                    changes.push((path.clone(), Some(entry.clone())));
                }
                Some(_) => {}
            }
        }
        gone.append(&mut changes);
        gone
    }

    /// Takes in what changed and asks git again: HEAD, the index, the configuration or, where the `history` moved,
    /// any ref did.
    pub fn git_moved(&mut self, changes: Vec<Change>, history: bool, at: Timestamp, progress: &Progress) -> Vec<usize> {
        self.forget_git(history);
        self.apply(changes, at, progress)
    }

    /// Goes on with another source and gives back the one before. What stands there otherwise is told next.
    pub fn look_at(&mut self, source: Arc<dyn Source>) -> Arc<dyn Source> {
        std::mem::replace(&mut self.source, source)
    }

    /// The items whose answer may hang on a file: by its name, whatever it holds.
    #[must_use]
    pub fn items_looking_at(&self, path: &RelPath, entry: &Entry) -> BTreeSet<usize> {
        let leaves = self.program.selector().select(path, entry);
        leaves.iter().flat_map(|leaf| self.program.leaves[*leaf].items.iter().copied()).collect()
    }

    /// Asks again what time alone can change.
    pub fn day_passed(&mut self, at: Timestamp) -> Vec<usize> {
        self.work = Work::default();
        self.forget_git(true);
        self.reduce(at, &Progress::default())
    }

    /// Goes on with another checklist; what both ask alike is not asked again.
    pub fn adopt(&mut self, checklist: Arc<Checklist>, program: Arc<Program>, at: Timestamp, progress: &Progress) {
        self.work = Work::default();
        let same_scope = self.checklist.skip == checklist.skip && self.checklist.sources == checklist.sources;
        let mut known: BTreeMap<Key, LeafState> = BTreeMap::new();
        if same_scope {
            let states = std::mem::take(&mut self.leaves).into_iter().zip(&self.program.leaves).enumerate();
            let states = states.filter(|(number, _)| !self.asked.waiting().contains(number));
            known.extend(states.map(|(_, (state, leaf))| (leaf.key, state)));
        }
        let mut fresh = BTreeSet::new();
        let mut waiting = BTreeSet::new();
        self.leaves = Vec::with_capacity(program.leaves.len());
        for (number, leaf) in program.leaves.iter().enumerate() {
            let state = known.remove(&leaf.key).map(LeafState::reconsidered);
            if state.is_none() {
                let set = if program.late.contains(&number) { &mut waiting } else { &mut fresh };
                set.insert(number);
            }
            self.leaves.push(state.unwrap_or_default());
        }
        self.asked = Asked::without(waiting);
        self.outcomes = not_yet(&program);
        (self.checklist, self.program, self.judged) = (checklist, program, false);
        self.map_fresh(&fresh, progress);
        self.reduce(at, progress);
    }

    /// Doubts the stat of these files: two writes within one tick of the clock look alike, and somebody told of the
    /// second. Their next change is read, and only their content decides.
    pub fn doubt<'a>(&mut self, paths: impl Iterator<Item = &'a RelPath>) {
        for path in paths {
            if let Some(file) = self.files.get_mut(path) {
                file.doubt();
            }
        }
    }

    #[must_use]
    pub fn outcomes(&self) -> &[Arc<Outcome>] {
        &self.outcomes
    }

    /// The checklist as it is run.
    #[must_use]
    pub fn program(&self) -> &Arc<Program> {
        &self.program
    }

    #[must_use]
    pub fn work(&self) -> Work {
        self.work
    }

    /// How many regular files the tree has that count.
    #[must_use]
    pub fn files_listed(&self) -> usize {
        self.counted
    }

    /// The files that a person's word on this item is about, with their content's id: those that `covers`
    /// selects, else those that gave the evidence. The same value while none of the selected files changed.
    pub fn covered(&mut self, item: usize) -> Arc<BTreeMap<RelPath, BlobId>> {
        match self.program.items[item].covers {
            Some(leaf) => self.covered_by(leaf),
            None => {
                let outcome = Arc::clone(&self.outcomes[item]);
                let paths = outcome.evidence.iter().filter_map(|evidence| evidence.path.as_ref());
                Arc::new(paths.filter_map(|path| Some((path.clone(), self.blob(path)?))).collect())
            }
        }
    }

    /// The same for one element of its inventory: what the item covers, else the files in which the element stands.
    pub fn covered_element(&mut self, item: usize, element: &Element) -> Arc<BTreeMap<RelPath, BlobId>> {
        match self.program.items[item].covers {
            Some(leaf) => self.covered_by(leaf),
            None => {
                let files = element.files.iter();
                Arc::new(files.filter_map(|path| Some((path.clone(), self.blob(path)?))).collect())
            }
        }
    }

    /// What each metric of the checklist counts now.
    #[must_use]
    pub fn metrics(&self) -> Vec<Inventory> {
        self.program.metrics.iter().map(|written| self.inventory(written)).collect()
    }

    fn covered_by(&mut self, leaf: usize) -> Arc<BTreeMap<RelPath, BlobId>> {
        let state = &mut self.leaves[leaf];
        if std::mem::take(&mut state.all_touched) {
            state.touched.extend(state.noted.paths());
        }
        for path in std::mem::take(&mut self.leaves[leaf].touched) {
            let is_selected = self.leaves[leaf].noted.contains(&path);
            let id = if is_selected { self.blob(&path) } else { None };
            let ids = &mut self.leaves[leaf].ids;
            if ids.get(&path) == id.as_ref() {
                continue;
            }
            match id {
                Some(id) => Arc::make_mut(ids).insert(path, id),
                None => Arc::make_mut(ids).remove(&path),
            };
        }
        Arc::clone(&self.leaves[leaf].ids)
    }

    /// The id of a file's content, read now if it was not before.
    pub fn blob(&mut self, path: &RelPath) -> Option<BlobId> {
        let file = self.files.get_mut(path)?;
        if file.blob().is_none() {
            file.identify(mapping::identify(&self.source.read(path).ok()?));
        }
        file.blob()
    }

    /// A report is held against the files that it speaks of.
    fn forget_reports(&mut self) {
        for (state, leaf) in self.leaves.iter_mut().zip(&self.program.leaves) {
            if matches!(leaf.rule, Rule::Sarif(_)) && !state.noted.is_empty() {
                state.outcome = None;
            }
        }
    }

    /// A walk through the commits is dear, so it is done again only where they are others.
    fn forget_git(&mut self, history: bool) {
        for (state, leaf) in self.leaves.iter_mut().zip(&self.program.leaves) {
            let moved = match &leaf.rule {
                Rule::Git(git) => history || !git.walks_commits(),
                Rule::Sarif(_) => true,
                _ => false,
            };
            if moved {
                state.outcome = None;
            }
        }
    }
}

fn not_yet(program: &Program) -> Vec<Arc<Outcome>> {
    let waiting = Arc::new(Outcome::unknown("not looked at yet".to_owned()));
    program.items.iter().map(|_| Arc::clone(&waiting)).collect()
}
