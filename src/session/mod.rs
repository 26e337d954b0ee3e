//! One tree, one checklist, one ledger, kept up to date: what the dashboard and the commands work with.

mod asked;
mod behind;
pub mod blame;
mod checklists;
pub mod commands;
mod decide;
pub mod diff;
mod dossier;
mod follow;
mod git_state;
pub mod history;
mod inventory;
mod judge;
mod lookback;
pub mod message;
pub mod past;
mod peek;
mod reached;
pub mod run;

use std::collections::{BTreeSet, HashMap};
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread;
use std::time::{Instant, SystemTime};

use jiff::Timestamp;

use crate::checklist::model::{Checklist, Problem};
use crate::engine::Engine;
use crate::engine::progress::Progress;
use crate::engine::snapshot::{Shelf, Snapshot, maker};
use crate::ledger::cache::{Cache, Kept, Part};
use crate::ledger::decision::Actor;
use crate::ledger::fold::Standing;
use crate::ledger::store::Store;
use crate::ledger::trust::Trust;
use crate::ledger::{Ledger, REPORT};
use crate::probe::key::Key;
use crate::readiness::assemble::{self, Inputs};
use crate::readiness::board::{Board, Stats, TreeInfo};
use crate::session::asked::{Asked, ask};
use crate::session::git_state::{git_state, tracked};
use crate::session::judge::Judge;
use crate::session::message::Flip;
use crate::tree::compare::Tracked;
use crate::tree::entry::Listing;
use crate::tree::path::RelPath;
use crate::tree::repository::Head;
use crate::tree::source::Source;
use crate::tree::working::{TreeError, WorkingTree};

pub use crate::session::checklists::{Choice, Files};

/// What a session is opened with.
#[derive(Clone, Debug)]
pub struct Settings {
    pub path: PathBuf,
    /// `--checklist`; else what the tree has, else the embedded one.
    pub checklist: Option<String>,
    /// `GONOGO_AUTHOR`; else git's user.
    pub author: Option<String>,
    pub actor: Actor,
    /// `--at`; else the clock.
    pub at: Option<Timestamp>,
    /// Items or categories to ask; empty for all.
    pub only: Vec<String>,
    /// The user's own folder of this program, outside of any tree: what was approved is kept there.
    pub data: Option<PathBuf>,
    /// Where facts are kept from one start to the next; `None` for nowhere.
    pub cache: Option<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    #[error(transparent)]
    Tree(#[from] TreeError),
    #[error("{0}")]
    Checklist(String),
}

/// A tree that is looked at, with everything that was found and said.
#[derive(Debug)]
pub struct Session {
    tree: Arc<WorkingTree>,
    choice: Choice,
    /// Somebody named it; else the tree's own counts as soon as there is one.
    named_checklist: bool,
    checklist: Arc<Checklist>,
    checklist_problems: Vec<Problem>,
    warnings: Vec<String>,
    only: Vec<String>,
    engine: Engine,
    store: Store,
    ledger: Ledger,
    head: Head,
    /// What differs from HEAD.
    changed: BTreeSet<RelPath>,
    tracked: Tracked,
    /// HEAD and every ref, and what they point at.
    refs: Vec<String>,
    /// What git would not say.
    git_warning: Option<String>,
    author: Option<String>,
    actor: Actor,
    at: Option<Timestamp>,
    listing: Listing,
    judge: Judge,
    trust: Trust,
    /// Where facts are kept; not for a part of the checklist.
    cache: Option<Cache>,
    /// How many files were read since facts were last kept.
    unkept: u64,
    began: Timestamp,
    /// By command: how often in a row its files changed while it ran.
    tries: HashMap<Key, u32>,
    board: Arc<Board>,
}

/// What came of a change.
#[derive(Clone, Debug, Default)]
pub struct Update {
    pub flips: Vec<Flip>,
    /// Directories that are new and want to be watched.
    pub directories: BTreeSet<RelPath>,
    /// A line worth showing: the checklist is broken, say.
    pub message: Option<String>,
}

/// A tree and a choice of checklist: what a screen needs to know before anything is read.
#[derive(Debug)]
pub struct Prepared {
    settings: Settings,
    tree: Arc<WorkingTree>,
    warnings: Vec<String>,
    choice: Choice,
}

impl Prepared {
    /// Opens the tree; no file of it is looked at.
    ///
    /// # Errors
    /// No such directory, or no such checklist.
    pub fn new(settings: Settings) -> Result<Self, SessionError> {
        let (tree, warnings) = WorkingTree::open(&settings.path)?;
        let choice = Choice::of(&tree, settings.checklist.as_deref())?;
        Ok(Self { settings, tree: Arc::new(tree), warnings, choice })
    }

    #[must_use]
    pub fn tree(&self) -> &WorkingTree {
        &self.tree
    }

    /// Who decides: whoever was named, else git's user.
    #[must_use]
    pub fn author(&self) -> Option<String> {
        let by_git = || match self.tree.repository() {
            Some(repository) => repository.author(),
            None => crate::tree::repository::author_without_repository(),
        };
        self.settings.author.clone().or_else(by_git)
    }

    /// Where what is known of this tree by this checklist is kept.
    fn cache(&self) -> Option<Cache> {
        let is_built_in = !self.has_own_checklist();
        Cache::new(self.settings.cache.as_deref()?, self.tree.root(), &format!("{:?}", self.choice), is_built_in)
    }

    #[must_use]
    pub fn has_own_checklist(&self) -> bool {
        matches!(self.choice, Choice::File(_))
    }
}

impl Session {
    /// # Errors
    /// No such directory, or no checklist that can be used.
    pub fn open(settings: &Settings, progress: &Progress) -> Result<Self, SessionError> {
        Self::start(Prepared::new(settings.clone())?, progress)
    }

    /// Lists, reads and judges the whole tree.
    ///
    /// # Errors
    /// The checklist cannot be used.
    pub fn start(prepared: Prepared, progress: &Progress) -> Result<Self, SessionError> {
        let (began, began_at) = (Instant::now(), Timestamp::now());
        let author = prepared.author();
        let cache = prepared.cache();
        let Prepared { settings, tree, warnings, choice } = prepared;
        let at = settings.at.unwrap_or_else(Timestamp::now);
        let files = Files { root: tree.root() };
        // What nobody has to be asked for: what was known before, and git's index, which is read by whoever comes first.
        let there = || {
            let snapshot = cache.as_ref().and_then(|cache| cache.load(Part::Facts)).map(snapshot);
            tree.git();
            snapshot
        };
        // What is known from before is taken up while the tree is listed.
        let known = || {
            let (asked, snapshot) = beside(|| ask(&choice, &files, &settings.only, cache.as_ref()), there);
            let Asked { checklist, problems, program } = asked?;
            let source: Arc<dyn Source> = Arc::<WorkingTree>::clone(&tree);
            let engine = Engine::prepare(Arc::clone(&checklist), program, source, snapshot);
            Ok::<_, SessionError>((checklist, problems, engine))
        };
        let (known, mut listing) = beside(known, || tree.list(&AtomicU64::new(0)));
        let (checklist, problems, mut engine) = known?;
        tree.look_beyond(&engine.program().beyond(), &mut listing);
        let tracked = tracked(&tree);
        let ((), git) = beside(|| engine.begin(&listing, at, progress), || git_state(&tree, &listing));
        let store = Store::open(tree.root());
        let trust = Trust::new(settings.data.as_deref(), tree.root());
        let ledger = Ledger::new(store.load_all());
        let mut session = Self {
            author,
            actor: settings.actor,
            board: Arc::new(empty_board(&checklist, at)),
            tree,
            choice,
            named_checklist: settings.checklist.is_some(),
            checklist,
            checklist_problems: problems,
            warnings,
            store,
            ledger,
            head: git.head,
            changed: git.changed,
            tracked,
            refs: git.refs,
            git_warning: git.warning,
            at: settings.at,
            listing,
            judge: Judge::default(),
            trust,
            cache: cache.filter(|_| settings.only.is_empty()),
            only: settings.only,
            unkept: engine.work().files_read,
            engine,
            began: began_at,
            tries: HashMap::new(),
        };
        session.rebuild(began.elapsed().as_millis() as u64);
        Ok(session)
    }

    /// Keeps what is known for the next start, if that would save it a good part of its work.
    pub fn keep_facts(&mut self) {
        if let Some(cache) = &self.cache
            && let Some(bytes) = self.engine.program().to_keep(&maker())
        {
            cache.store(Part::Patterns, |out| out.write_all(&bytes), &[], SystemTime::now());
        }
        if self.cache.is_none() || self.unkept <= self.engine.files_listed() as u64 / 100 {
            return;
        }
        self.read_kept();
        if let Some(cache) = &self.cache {
            let record = self.engine.record(self.began);
            cache.store(Part::Facts, |out| record.write_table(out), &record.facts, SystemTime::now());
        }
        self.unkept = 0;
    }

    /// Makes what a start could do without, so that whoever saves a file first need not wait for it.
    pub fn get_ready(&self) {
        self.engine.get_ready();
    }

    /// Reads what was kept and nobody asked for so far, for whoever looks at all of it.
    fn read_kept(&mut self) {
        self.engine.unpack();
        if self.engine.recover(self.now(), &Progress::default()) {
            self.rebuild(self.board.stats.elapsed_ms);
        }
    }

    #[must_use]
    pub fn board(&self) -> &Arc<Board> {
        &self.board
    }

    #[must_use]
    pub fn checklist(&self) -> &Arc<Checklist> {
        &self.checklist
    }

    #[must_use]
    pub fn checklist_problems(&self) -> &[Problem] {
        &self.checklist_problems
    }

    #[must_use]
    pub fn tree(&self) -> &Arc<WorkingTree> {
        &self.tree
    }

    #[must_use]
    pub fn author(&self) -> Option<&str> {
        self.author.as_deref()
    }

    /// The directories that must be watched.
    #[must_use]
    pub fn directories(&self) -> &BTreeSet<RelPath> {
        &self.listing.directories
    }

    #[must_use]
    pub fn standing(&self, item: &str) -> Arc<Standing> {
        self.ledger.standing(item)
    }

    fn now(&self) -> Timestamp {
        self.at.unwrap_or_else(Timestamp::now)
    }

    /// Makes the board anew from what is known; nothing is read but the covered files of standing decisions.
    fn rebuild(&mut self, elapsed_ms: u64) {
        let at = self.now();
        let checklist = Arc::clone(&self.checklist);
        let (entries, metrics) = loop {
            let entries = self.judge.entries(&mut self.engine, &checklist, &self.ledger, at);
            let metrics = inventory::metrics(&checklist, &self.engine);
            // What was kept may have been damaged where nobody looked before.
            if !self.engine.recover(at, &Progress::default()) {
                break (entries, metrics);
            }
        };
        let work = self.engine.work();
        let files_listed = self.engine.files_listed();
        self.board = Arc::new(assemble::board(Inputs {
            at,
            checklist: &checklist,
            entries,
            metrics,
            words: self.ledger.standing(REPORT).notes.clone(),
            tree: self.tree_info(files_listed),
            problems: self.problems(),
            stats: Stats {
                files_listed: files_listed as u64,
                files_read: work.files_read,
                bytes_read: work.bytes_read,
                files_from_cache: work.files_from_cache,
                probes_run: work.probes_run,
                elapsed_ms,
            },
        }));
    }

    fn tree_info(&self, files: usize) -> TreeInfo {
        TreeInfo {
            root: self.tree.name(),
            commit: self.head.commit.clone(),
            branch: self.head.branch.clone(),
            git: self.tree.repository().is_some(),
            changed: self.changed.len(),
            files,
        }
    }

    fn problems(&self) -> Vec<Problem> {
        let mut problems = self.checklist_problems.clone();
        let loose = self.warnings.iter().chain(&self.git_warning);
        let loose = loose.map(|message| Problem { path: ".".to_owned(), line: 0, column: 0, message: message.clone() });
        problems.extend(loose);
        problems.extend(judge::ledger_problems(&self.checklist, &self.ledger, !self.only.is_empty()));
        problems
    }
}

/// Does two things at once. The first stays on this thread: where it is the program's first, its memory grows in larger
/// steps than that of any other.
fn beside<A, B: Send>(here: impl FnOnce() -> A, there: impl FnOnce() -> B + Send) -> (A, B) {
    thread::scope(|scope| {
        let there = scope.spawn(there);
        let here = here();
        (here, there.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}

fn snapshot(mut kept: Kept) -> Snapshot {
    let table = std::mem::take(&mut kept.head);
    Snapshot { table, facts: Shelf(Arc::new(move |piece| kept.read(piece))) }
}

fn empty_board(checklist: &Checklist, at: Timestamp) -> Board {
    assemble::board(Inputs {
        at,
        checklist,
        entries: Vec::new(),
        metrics: Vec::new(),
        words: Vec::new(),
        tree: TreeInfo::default(),
        problems: Vec::new(),
        stats: Stats::default(),
    })
}
