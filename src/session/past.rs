//! A checklist asked of commits, one after the other: what two of them have in common is looked at once. Nothing is ever
//! run for a commit, and nothing of it is written anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::checklist::model::{Checklist, Problem};
use crate::engine::Engine;
use crate::engine::progress::Progress;
use crate::ledger::{Ledger, REPORT, committed};
use crate::probe::program::Program;
use crate::readiness::assemble::{self, Inputs};
use crate::readiness::board::{Board, Stats, TreeInfo};
use crate::session::asked::{Asked, ask};
use crate::session::checklists::{Choice, Committed, Files};
use crate::session::judge::{self, Judge};
use crate::session::{Prepared, Session, SessionError, inventory};
use crate::tree::entry::Entry;
use crate::tree::memory::MemoryTree;
use crate::tree::path::RelPath;
use crate::tree::repository::Repository;
use crate::tree::revision::Revision;
use crate::tree::source::Source;
use crate::tree::working::WorkingTree;

/// As of when a commit is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// As of its own day: what would have been said then.
    Own,
    At(Timestamp),
}

/// What is asked of commits.
#[derive(Clone, Debug)]
pub struct Inquiry {
    tree: Arc<WorkingTree>,
    warnings: Vec<String>,
    only: Vec<String>,
    clock: Clock,
    /// The checklist of today; `None` where each commit is asked its own.
    asked: Option<Asked>,
}

/// Which checklist commits are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruler {
    /// The one of today, the same for all.
    Today,
    /// The one that each of them holds.
    Own,
}

impl Inquiry {
    /// # Errors
    /// The checklist cannot be used.
    pub fn new(prepared: &Prepared, ruler: Ruler, clock: Clock) -> Result<Self, SessionError> {
        let Prepared { settings, tree, warnings, choice } = prepared;
        let files = Files { root: tree.root() };
        let asked = match ruler {
            Ruler::Today => Some(ask(choice, &files, &settings.only, prepared.cache().as_ref())?),
            Ruler::Own => None,
        };
        let (tree, warnings, only) = (Arc::clone(tree), warnings.clone(), settings.only.clone());
        Ok(Self { tree, warnings, only, clock, asked })
    }

    /// # Errors
    /// One line: there is no repository.
    pub fn repository(&self) -> Result<&Repository, String> {
        self.tree.repository().ok_or_else(|| match self.warnings.first() {
            Some(why) => format!("commits cannot be looked at: {why}"),
            None => "there is no git repository here, and so no commits".to_owned(),
        })
    }

    #[must_use]
    pub fn is_own(&self) -> bool {
        self.asked.is_none()
    }

    /// What is wrong with the checklist of today, where that is asked.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        self.asked.as_ref().map_or(&[], |asked| &asked.problems)
    }

    #[must_use]
    pub fn as_of(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Looks at a whole commit.
    ///
    /// # Errors
    /// One line: there is no such commit, it cannot be read, or its checklist cannot be used.
    pub fn at(&self, spec: &str, progress: &Progress) -> Result<Past, String> {
        let revision = Arc::new(self.repository()?.revision(spec)?);
        let Asked { checklist, problems, program } = match &self.asked {
            Some(asked) => asked.clone(),
            None => own(&revision, &self.only).map_err(|why| format!("{spec}: {why}"))?,
        };
        let at = moment(self.clock, &revision);
        let source: Arc<dyn Source> = Arc::<Revision>::clone(&revision);
        let engine = Engine::start(Arc::clone(&checklist), program, source, revision.listing(), at, progress);
        let ledger = Ledger::new(committed::load_all(&revision));
        Ok(Past {
            root: self.tree.name(),
            only: self.only.clone(),
            is_own: self.is_own(),
            clock: self.clock,
            checklist,
            problems,
            unusable: None,
            revision,
            engine,
            ledger,
            judge: Judge::default(),
            moved: Vec::new(),
        })
    }
}

/// A commit with everything that was found and said in it.
#[derive(Debug)]
pub struct Past {
    root: String,
    only: Vec<String>,
    /// Each commit is asked the checklist that it holds.
    is_own: bool,
    clock: Clock,
    pub(super) checklist: Arc<Checklist>,
    problems: Vec<Problem>,
    /// Why the checklist that this commit holds is not the one that was asked.
    unusable: Option<String>,
    pub(super) revision: Arc<Revision>,
    pub(super) engine: Engine,
    ledger: Ledger,
    judge: Judge,
    moved: Vec<Moved>,
}

/// A name at which something else stands than before.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    pub(super) path: RelPath,
    pub(super) before: Option<Entry>,
    pub(super) now: Option<Entry>,
}

impl Past {
    /// The same once more, to be moved elsewhere: cheaper than to look at a whole commit again.
    #[must_use]
    pub(super) fn fork(&self) -> Self {
        let revision = Arc::new(self.revision.fork());
        let source: Arc<dyn Source> = Arc::<Revision>::clone(&revision);
        Self {
            root: self.root.clone(),
            only: self.only.clone(),
            is_own: self.is_own,
            clock: self.clock,
            checklist: Arc::clone(&self.checklist),
            problems: self.problems.clone(),
            unusable: self.unusable.clone(),
            revision,
            engine: self.engine.fork(source),
            ledger: self.ledger.clone(),
            judge: Judge::default(),
            moved: self.moved.clone(),
        }
    }

    /// Goes to another commit, at the price of what differs between the two.
    ///
    /// # Errors
    /// One line: it cannot be read (then this stays where it was), or its own checklist cannot be used.
    pub fn move_to(&mut self, spec: &str, progress: &Progress) -> Result<(), String> {
        // Only what nobody else looks at can be moved.
        self.engine.look_at(Arc::new(MemoryTree::new(&[])));
        let revision = Arc::get_mut(&mut self.revision).ok_or("the commit is still looked at by somebody else");
        let moved = revision.map_err(str::to_owned).and_then(|revision| revision.move_to(spec));
        self.engine.look_at(Arc::<Revision>::clone(&self.revision) as Arc<dyn Source>);
        self.take_in(moved?, progress);
        if self.is_own {
            self.take_own_checklist(progress);
        }
        match &self.unusable {
            Some(why) => Err(format!("{spec}: {why}")),
            None => Ok(()),
        }
    }

    fn take_in(&mut self, moved: BTreeSet<RelPath>, progress: &Progress) {
        let entries = &self.revision.listing().entries;
        let moved = moved.into_iter().map(|path| {
            let (before, now) = (self.engine.entry(&path).cloned(), entries.get(&path).cloned());
            Moved { path, before, now }
        });
        let moved: Vec<Moved> = moved.collect();
        let changes = moved.iter().map(|moved| (moved.path.clone(), moved.now.clone())).collect();
        // A commit that could not be judged is no state to compare with: what moved there counts, too.
        let since = if self.unusable.is_some() { std::mem::take(&mut self.moved) } else { Vec::new() };
        self.moved = joined(since, moved.clone());
        self.engine.git_moved(changes, true, moment(self.clock, &self.revision), progress);
        let said: Vec<&RelPath> =
            moved.iter().map(|moved| &moved.path).filter(|path| committed::is_ledger(path)).collect();
        if said.iter().any(|path| committed::item_of(path).is_none()) {
            self.ledger.reload(committed::load_all(&self.revision));
        } else {
            let items: BTreeSet<&str> = said.into_iter().filter_map(committed::item_of).collect();
            for item in items {
                self.ledger.reload_item(item, committed::load_item(&self.revision, item));
            }
        }
    }

    fn take_own_checklist(&mut self, progress: &Progress) {
        let sources = &self.checklist.sources;
        let may_have_moved = |moved: &Moved| {
            let is_source = sources.iter().any(|source| RelPath::new(source) == moved.path);
            is_source || Choice::is_own(&moved.path)
        };
        // While one is broken, any file may be the one that it misses.
        let was_broken = self.unusable.is_some() || !self.problems.is_empty();
        if !was_broken && !self.moved.iter().any(may_have_moved) {
            return;
        }
        match own(&self.revision, &self.only) {
            Err(why) => self.unusable = Some(why),
            Ok(Asked { checklist, problems, program }) => {
                (self.unusable, self.problems) = (None, problems);
                if checklist != self.checklist {
                    self.checklist = Arc::clone(&checklist);
                    self.engine.adopt(checklist, program, moment(self.clock, &self.revision), progress);
                }
            }
        }
    }

    /// What everything together means in this commit.
    #[must_use]
    pub fn board(&mut self) -> Board {
        let at = moment(self.clock, &self.revision);
        let checklist = Arc::clone(&self.checklist);
        let entries = self.judge.entries(&mut self.engine, &checklist, &self.ledger, at);
        let files = self.engine.files_listed();
        let mut problems = self.problems.clone();
        problems.extend(self.not_here());
        problems.extend(judge::ledger_problems(&checklist, &self.ledger, !self.only.is_empty()));
        let tree = TreeInfo {
            root: self.root.clone(),
            commit: Some(self.revision.commit()),
            branch: None,
            git: true,
            changed: 0,
            files,
        };
        let work = self.engine.work();
        let stats = Stats {
            files_listed: files as u64,
            files_read: work.files_read,
            bytes_read: work.bytes_read,
            probes_run: work.probes_run,
            ..Stats::default()
        };
        let metrics = inventory::metrics(&checklist, &self.engine);
        let words = self.ledger.standing(REPORT).notes.clone();
        assemble::board(Inputs { at, checklist: &checklist, entries, metrics, words, tree, problems, stats })
    }

    /// What is wrong with the checklist that was asked.
    #[must_use]
    pub fn checklist_problems(&self) -> &[Problem] {
        &self.problems
    }

    #[must_use]
    pub fn program(&self) -> &Arc<Program> {
        self.engine.program()
    }

    /// What the last move told.
    pub(super) fn moved(&self) -> &[Moved] {
        &self.moved
    }

    fn not_here(&self) -> Option<Problem> {
        let missing = self.revision.missing();
        let first = missing.first()?;
        let commit: String = self.revision.commit().chars().take(12).collect();
        let message = format!(
            "the content of {} is not in this clone (a partial one); git worktree add DIRECTORY {commit} fetches it",
            match missing.len() {
                1 => "this file".to_owned(),
                more => format!("this file and {} more", crate::text::words::count(more as u64 - 1)),
            }
        );
        Some(Problem { path: first.to_string(), line: 0, column: 0, message })
    }
}

impl Session {
    /// The same questions for commits, each judged as of its own day.
    #[must_use]
    pub fn inquiry(&self) -> Inquiry {
        let asked = Asked {
            checklist: Arc::clone(&self.checklist),
            problems: self.checklist_problems.clone(),
            program: Arc::clone(self.engine.program()),
        };
        Inquiry {
            tree: Arc::clone(&self.tree),
            warnings: self.warnings.clone(),
            only: self.only.clone(),
            clock: self.at.map_or(Clock::Own, Clock::At),
            asked: Some(asked),
        }
    }
}

/// What two moves changed together.
fn joined(first: Vec<Moved>, then: Vec<Moved>) -> Vec<Moved> {
    let mut joined: BTreeMap<RelPath, Moved> = first.into_iter().map(|moved| (moved.path.clone(), moved)).collect();
    for moved in then {
        match joined.get_mut(&moved.path) {
            Some(known) => known.now = moved.now,
            None => drop(joined.insert(moved.path.clone(), moved)),
        }
    }
    joined.into_values().filter(|moved| moved.before != moved.now).collect()
}

fn moment(clock: Clock, revision: &Revision) -> Timestamp {
    match clock {
        Clock::Own => revision.at(),
        Clock::At(at) => at,
    }
}

/// The checklist that the commit holds.
fn own(revision: &Revision, only: &[String]) -> Result<Asked, String> {
    let choice = Choice::in_revision(revision);
    ask(&choice, &Committed(revision), only, None).map_err(|error| error.to_string())
}
