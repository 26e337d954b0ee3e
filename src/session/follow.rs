//! Taking in what happens to the tree while it is looked at.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::checklist::model::Problem;
use crate::engine::Change as FileChange;
use crate::engine::progress::Progress;
use crate::readiness::board::{Board, Row};
use crate::readiness::difference::difference;
use crate::session::checklists::{Choice, keep_only};
use crate::session::git_state::{git_state, tracked, unsaid};
use crate::session::message::Flip;
use crate::session::{Session, Update};
use crate::tree::compare::Tracked;
use crate::tree::entry::Kind;
use crate::tree::path::{RelPath, at_and_below};

const LEDGER: &str = ".gonogo/ledger";
/// So many places git is always asked about one by one; of a large tree more.
const FEW: usize = 64;
/// Of a whole tree so many entries are listed again at a time.
const PART: usize = 8192;

impl Session {
    /// Looks again at what is named, and at what hangs on it.
    pub fn paths_changed(&mut self, paths: &BTreeSet<RelPath>, progress: &Progress) -> Update {
        let began = Instant::now();
        let mut update = Update::default();
        self.reload_decisions(paths);
        let tree = Arc::clone(&self.tree);
        let mut moved = tree.refresh(&mut self.listing, paths);
        update.directories = moved.directories;
        let told: Vec<RelPath> = self.listed_among(paths).cloned().collect();
        self.engine.doubt(told.iter());
        moved.paths.extend(told);
        let changes = self.standing_at(&moved.paths);
        self.note_changed(&paths.union(&moved.paths).cloned().collect());
        let (at, touched) = (self.now(), moved.paths);
        if !changes.is_empty() {
            self.engine.apply(changes, at, progress);
        }
        if paths.iter().any(|path| self.is_checklist(path)) {
            update.message = self.reload_checklist(progress, &mut update.directories);
        }
        update.flips = self.redraw(&touched, began);
        update
    }

    /// Asks git again.
    pub fn git_changed(&mut self, progress: &Progress) -> Update {
        let began = Instant::now();
        // What git tracks now, or no more, is listed so before git is asked what changed.
        let before = self.follow_index();
        let tree = Arc::clone(&self.tree);
        let moved = tree.refresh(&mut self.listing, &self.tracked.moved_since(&before));
        let history = self.ask_git();
        let (touched, directories) = (moved.paths, moved.directories);
        let changes = self.standing_at(&touched);
        self.engine.git_moved(changes, history, self.now(), progress);
        Update { flips: self.redraw(&touched, began), directories, message: None }
    }

    /// Looks at everything again; what has the same stat is not read.
    pub fn rescan(&mut self, progress: &Progress) -> Update {
        let began = Instant::now();
        self.follow_index();
        let tree = Arc::clone(&self.tree);
        let touched = tree.refresh_parts(&mut self.listing, PART).paths;
        self.ask_git();
        let at = self.now();
        self.engine.relist(&self.listing, at, progress);
        let reloaded = self.store.load_all();
        self.ledger.reload(reloaded);
        let message = self.reload_checklist(progress, &mut BTreeSet::new());
        let directories = self.listing.directories.clone();
        Update { flips: self.redraw(&touched, began), directories, message }
    }

    /// Whether the tree got a repository, or lost the one it had.
    #[must_use]
    pub fn repository_moved(&self) -> bool {
        self.tree.repository_moved()
    }

    /// Takes anew what is tracked, and gives what was.
    fn follow_index(&mut self) -> Tracked {
        std::mem::replace(&mut self.tracked, tracked(&self.tree))
    }

    /// Takes git's word anew and answers whether the commits that can be reached are others. A file that is not listed as
    /// it is now will be told of.
    fn ask_git(&mut self) -> bool {
        let git = git_state(&self.tree, &self.listing);
        (self.head, self.changed, self.git_warning) = (git.head, git.changed, git.warning);
        let before = std::mem::replace(&mut self.refs, git.refs);
        before != self.refs
    }

    /// Waivers end and reviews fall due at midnight, UTC: how long it is until then.
    #[must_use]
    pub fn until_tomorrow(&self) -> Duration {
        const DAY: i64 = 24 * 60 * 60;
        // Where the clock stands still, no day comes.
        if self.at.is_some() {
            return Duration::from_secs(DAY.unsigned_abs());
        }
        Duration::from_secs((DAY - self.now().as_second().rem_euclid(DAY)).unsigned_abs())
    }

    /// Judges what was said, and how old the commits are, by the date of today.
    pub fn new_day(&mut self) -> Update {
        self.engine.day_passed(self.now());
        Update { flips: self.redraw(&BTreeSet::new(), Instant::now()), ..Update::default() }
    }

    /// Makes the board anew and tells what flipped, and after which file.
    pub(super) fn redraw(&mut self, touched: &BTreeSet<RelPath>, began: Instant) -> Vec<Flip> {
        let before = Arc::clone(&self.board);
        self.rebuild(began.elapsed().as_millis() as u64);
        self.flips_since(&before, touched)
    }

    /// What is other than on an earlier board, and after which of the files that were touched.
    #[must_use]
    pub fn flips_since(&self, before: &Board, touched: &BTreeSet<RelPath>) -> Vec<Flip> {
        let after = &self.board;
        let row = |id: &str, rows: &[Row]| rows.iter().find(|row| row.item.id == id).cloned();
        let flips = difference(before, after).flips.into_iter();
        flips
            .map(|flip| {
                let rows = [row(&flip.item, &before.rows), row(&flip.item, &after.rows)];
                let cause = cause(touched, &rows);
                Flip { item: flip.item, from: flip.from, to: flip.to, cause, at: after.at }
            })
            .collect()
    }

    /// What stands at these places now, for the engine.
    fn standing_at(&self, paths: &BTreeSet<RelPath>) -> Vec<FileChange> {
        paths.iter().map(|path| (path.clone(), self.listing.entries.get(path).cloned())).collect()
    }

    /// Keeps the set of files that differ from HEAD without asking git for all of them.
    fn note_changed(&mut self, places: &BTreeSet<RelPath>) {
        let Some(repository) = self.tree.repository() else { return };
        let whole = places.len() > FEW.max(self.listing.entries.len() / 8);
        match if whole { repository.changed_in(&self.listing) } else { repository.changed_at(places, &self.listing) } {
            Ok(now) if whole => self.changed = now,
            Ok(now) => {
                for place in places {
                    let gone: Vec<RelPath> = at_and_below(&self.changed, place).cloned().collect();
                    for path in &gone {
                        self.changed.remove(path);
                    }
                }
                self.changed.extend(now);
            }
            // What was known of them is nearer to the truth than nothing.
            Err(why) => self.git_warning = Some(unsaid(&why)),
        }
    }

    /// The files that were told of, and the links that end there.
    fn listed_among(&self, told: &BTreeSet<RelPath>) -> impl Iterator<Item = &RelPath> {
        let entries = &self.listing.entries;
        let ends_there = |path: &&RelPath| match entries.get(path).map(|entry| &entry.kind) {
            Some(Kind::Link(Some(target))) => told.contains(target),
            _ => false,
        };
        let links = self.listing.links.iter().filter(ends_there);
        told.iter().filter_map(|path| entries.get_key_value(path)).map(|(path, _)| path).chain(links)
    }

    fn reload_decisions(&mut self, paths: &BTreeSet<RelPath>) {
        let ledger = RelPath::new(LEDGER);
        // A directory above it that came or went is told by its own name.
        if paths.iter().any(|path| ledger.starts_with(path)) {
            let loaded = self.store.load_all();
            self.ledger.reload(loaded);
            return;
        }
        let mut items = BTreeSet::new();
        for path in paths.iter().filter(|path| path.starts_with(&ledger)) {
            let below = path.as_str().strip_prefix(LEDGER).and_then(|rest| rest.strip_prefix('/'));
            items.extend(below.and_then(|rest| rest.split('/').next()).map(str::to_owned));
        }
        for item in items {
            let files = self.store.load_item(&item);
            self.ledger.reload_item(&item, files);
        }
    }

    /// Whether a checklist stands there, or below. While one is broken, any file may be the one that it misses.
    fn is_checklist(&self, path: &RelPath) -> bool {
        let sources = self.checklist.sources.iter().map(String::as_str);
        sources.chain(["gonogo.yaml", ".gonogo/checklist.yaml"]).any(|source| RelPath::new(source).starts_with(path))
            || !self.checklist_problems.is_empty()
    }

    /// Takes the checklist as it is now; one that cannot be used leaves the last good one in place.
    fn reload_checklist(&mut self, progress: &Progress, directories: &mut BTreeSet<RelPath>) -> Option<String> {
        let choice = match (&self.choice, self.named_checklist) {
            (choice, true) => choice.clone(),
            (_, false) => Choice::of(&self.tree, None).ok()?,
        };
        if matches!(choice, Choice::Builtin(_)) && choice == self.choice {
            return None;
        }
        let (mut checklist, problems) = choice.read(&self.tree);
        keep_only(&mut checklist, &self.only).ok()?;
        self.choice = choice;
        if !problems.is_empty() {
            if problems == self.checklist_problems {
                return None;
            }
            let message = problems[0].to_string();
            let more = problems.len() - 1;
            self.checklist_problems = problems;
            return Some(if more > 0 { format!("{message} (and {more} more)") } else { message });
        }
        let was_broken = !std::mem::take(&mut self.checklist_problems).is_empty();
        if checklist == *self.checklist {
            return was_broken.then(|| "the checklist can be read again".to_owned());
        }
        let program = match self.engine.program().followed_by(&checklist) {
            Ok(program) => Arc::new(program),
            Err(why) => {
                let path = checklist.sources.last().cloned().unwrap_or_default();
                self.checklist_problems = vec![Problem { path, line: 0, column: 0, message: why.clone() }];
                return Some(why);
            }
        };
        let tree = Arc::clone(&self.tree);
        let moved = tree.look_beyond(&program.beyond(), &mut self.listing);
        directories.extend(moved.directories);
        self.checklist = Arc::new(checklist);
        let at = self.now();
        let changes = self.standing_at(&moved.paths);
        if !changes.is_empty() {
            self.engine.apply(changes, at, progress);
        }
        self.engine.adopt(Arc::clone(&self.checklist), program, at, progress);
        Some(format!("checklist reloaded: {} items", self.checklist.items.len()))
    }
}

/// The file that most likely flipped an item: one that its evidence names, else the only one there is.
fn cause(touched: &BTreeSet<RelPath>, rows: &[Option<Row>]) -> Option<RelPath> {
    let evidence = rows.iter().flatten().flat_map(|row| row.outcome.evidence.iter());
    let named = evidence.filter_map(|evidence| evidence.path.as_ref()).find(|path| touched.contains(*path));
    let moved = || rows.iter().flatten().flat_map(|row| row.moved.iter()).find(|path| touched.contains(*path));
    named.or_else(moved).or_else(|| touched.first().filter(|_| touched.len() == 1)).cloned()
}
