//! All that an engine knows, as bytes: a later start takes it up and looks only at what is another since.
//!
//! Nothing in a snapshot is believed on its word. Its table begins with what made it, files are compared by stat or by
//! git's blob id, and probes by what they ask; whatever does not fit is looked at again. The facts stand apart from the
//! table, in chunks of some files, each with a checksum: a start where little changed asks for few of them.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::checklist::model::Checklist;
use crate::engine::file::File;
use crate::engine::judged::{ItemRow, Judged};
use crate::engine::progress::Progress;
use crate::engine::state::LeafState;
use crate::engine::{Engine, Work};
use crate::probe::key::Key;
use crate::probe::noted::{self, Noted};
use crate::probe::program::Program;
use crate::probe::sums::Sums;
use crate::tree::blob::BlobId;
use crate::tree::entry::{Entry, Kind, Listing, Stamp};
use crate::tree::path::{self, RelPath};
use crate::tree::path_map::PathMap;
use crate::tree::source::Source;

pub use crate::probe::noted::Shelf;

/// How long, in nanoseconds, the clock of a file system may stand still: longer where it knows whole seconds only.
const TICK: i128 = 20_000_000;
const WHOLE_SECONDS: i128 = 2_000_000_000;

/// A longer file would keep the first change waiting that it was to make fast.
const TRIED: u64 = 256 << 10;

/// What an engine knew. Whoever keeps it sees to it that the table comes back whole; the facts look after themselves.
#[derive(Debug)]
pub struct Snapshot {
    pub table: Vec<u8>,
    pub facts: Shelf,
}

/// What is to be kept. Its table is never there as a whole: it is as large as the tree.
#[derive(Debug)]
pub struct Record<'e> {
    engine: &'e Engine,
    table: Table<'e>,
    /// Files that were written after this are doubted when it is taken up.
    began: Timestamp,
    pub facts: Vec<&'e [u8]>,
}

/// A file as a snapshot lists it.
#[derive(Debug, Serialize, Deserialize)]
struct Row<'a> {
    /// As it differs from the one before.
    path: (usize, &'a str),
    kind: Sort<'a>,
    size: u64,
    stamp: (i64, i64, u64, u64, u32),
    tracked: bool,
    ignored: bool,
    blob: Option<&'a [u8]>,
    mapped: Mapped,
    /// It was written so shortly before it was read that its stat says little.
    doubted: bool,
}

/// Of which content the facts of a file were made: as a rule it is the one that it has.
#[derive(Debug, Serialize, Deserialize)]
enum Mapped {
    Blob,
    Other(Option<Vec<u8>>),
}

#[derive(Debug, Serialize, Deserialize)]
enum Sort<'a> {
    File,
    Link(Option<&'a str>),
    Repository,
    Special,
    Unlisted(&'a str),
}

/// A leaf as a snapshot lists it.
#[derive(Debug, Serialize, Deserialize)]
struct LeafRow<'a> {
    key: Key,
    selected: u32,
    ours: BTreeSet<RelPath>,
    sums: Sums,
    /// Empty where none may be kept.
    #[serde(borrow)]
    outcome: Cow<'a, [u8]>,
    /// Where its facts stand among all facts.
    #[serde(borrow)]
    facts: Vec<noted::Row<'a>>,
}

/// What comes first; the rows of all files follow, which are too many to stand beside each other.
#[derive(Debug, Serialize, Deserialize)]
struct Table<'a> {
    /// What made it, and of what.
    scope: [u8; 32],
    #[serde(borrow)]
    leaves: Vec<LeafRow<'a>>,
    #[serde(borrow)]
    items: Vec<ItemRow<'a>>,
    /// Pairs of files: the second took something over from the first, which need not be there.
    #[serde(borrow)]
    dependents: Vec<(&'a str, &'a str)>,
}

impl Engine {
    /// Knows what fits of a snapshot, and nothing where there is none. Goes on with [`Engine::begin`].
    #[must_use]
    pub fn prepare(
        checklist: Arc<Checklist>,
        program: Arc<Program>,
        source: Arc<dyn Source>,
        snapshot: Option<Snapshot>,
    ) -> Self {
        let mut engine = Self::new(checklist, program, source);
        engine.fresh = snapshot.and_then(|snapshot| engine.take_up(&snapshot));
        engine
    }

    /// Looks at what is another than it was known to be, or at everything where nothing was.
    pub fn begin(&mut self, listing: &Listing, at: Timestamp, progress: &Progress) {
        let Some(fresh) = self.fresh.take() else {
            self.work = Work::default();
            self.map_all(listing, progress);
            self.reduce(at, progress);
            return;
        };
        self.files.share_paths(listing.entries.keys());
        let known = self.files.values().filter(|file| file.mapped().is_some()).count() as u64;
        self.map_fresh(&fresh, progress);
        let work = self.work;
        self.relist(listing, at, progress);
        self.work.files_read += work.files_read;
        self.work.bytes_read += work.bytes_read;
        self.work.files_from_cache = known.saturating_sub(self.work.files_read);
    }

    /// Makes what the first change needs and a start from a snapshot does not: what tells which globs a file is held
    /// against, and the patterns of the file that was written last, which is the one to be written next as a rule.
    pub fn get_ready(&self) {
        let is_fit = |file: &File| file.entry.kind == Kind::File && !file.entry.ignored && file.entry.size <= TRIED;
        let files = self.files.iter().filter(|(_, file)| is_fit(file));
        let Some((path, file)) = files.max_by_key(|(_, file)| file.entry.stamp.modified_ns) else { return };
        let asked = self.asked.of(&self.program, path, &file.entry);
        if let (false, Ok(content)) = (asked.of_content.is_empty(), self.source.read(path)) {
            drop(self.program.map_content(path, &content, &asked, &|path| self.source.read(path).ok()));
        }
    }

    /// Reads what was taken up and nobody asked for so far.
    pub fn unpack(&self) {
        self.leaves.par_iter().for_each(|leaf| leaf.noted.read());
    }

    /// Asks the leaves again whose facts were kept and cannot be read any more. Whether there were any.
    pub fn recover(&mut self, at: Timestamp, progress: &Progress) -> bool {
        let is_lost = |leaf: &usize| self.leaves[*leaf].noted.is_lost();
        let lost: BTreeSet<usize> = (0..self.leaves.len()).filter(is_lost).collect();
        if lost.is_empty() {
            return false;
        }
        for leaf in &lost {
            let LeafState { ran, ran_on, .. } = std::mem::take(&mut self.leaves[*leaf]);
            self.leaves[*leaf] = LeafState { ran, ran_on, all_touched: true, ..LeafState::default() };
        }
        self.map_fresh(&lost, progress);
        self.reduce(at, progress);
        true
    }

    /// Everything, for a later start. Files that were written after `began` are doubted then.
    #[must_use]
    pub fn record(&self, began: Timestamp) -> Record<'_> {
        let (mut facts, mut end) = (Vec::new(), 0);
        let mut leaves = Vec::with_capacity(self.leaves.len());
        for (at, (leaf, state)) in self.program.leaves.iter().zip(&self.leaves).enumerate() {
            if self.asked.waiting().contains(&at) {
                continue;
            }
            let (rows, bytes): (Vec<noted::Row<'_>>, Vec<&[u8]>) = state.noted.to_keep(end).into_iter().unzip();
            end += bytes.iter().map(|bytes| bytes.len() as u64).sum::<u64>();
            facts.extend(bytes);
            let outcome = state.outcome.as_ref().filter(|_| leaf.rule.is_timeless());
            leaves.push(LeafRow {
                key: leaf.key,
                selected: state.selected as u32,
                ours: state.ours.clone(),
                sums: state.sums.clone(),
                outcome: outcome.map(Judged::bytes).unwrap_or_default(),
                facts: rows,
            });
        }
        let pairs = self.dependents.iter().flat_map(|(on, files)| files.iter().map(move |file| (on, file)));
        let dependents = pairs.map(|(on, file)| (on.as_str(), file.as_str())).collect();
        let table = Table { scope: self.scope(), leaves, items: self.item_rows(), dependents };
        Record { engine: self, table, began, facts }
    }

    /// Takes over what fits and gives the leaves that nothing is known of.
    fn take_up(&mut self, snapshot: &Snapshot) -> Option<BTreeSet<usize>> {
        let ((table, count), mut rows): ((Table<'_>, usize), _) = postcard::take_from_bytes(&snapshot.table).ok()?;
        if table.scope != self.scope() {
            return None;
        }
        let (mut files, mut path) = (PathMap::new(), String::new());
        for _ in 0..count {
            let (row, rest): (Row<'_>, _) = postcard::take_from_bytes(rows).ok()?;
            path::go_on(&mut path, row.path)?;
            files.insert(RelPath::new(&path), row.file());
            rows = rest;
        }
        // From here on nothing fails: what is half taken up would be neither old nor new.
        self.remember_all(files);
        for (on, file) in table.dependents {
            self.dependents.entry(RelPath::new(on)).or_default().insert(RelPath::new(file));
        }
        let mut known: HashMap<Key, LeafRow<'_>> = table.leaves.into_iter().map(|row| (row.key, row)).collect();
        let (mut fresh, mut awake) = (BTreeSet::new(), BTreeSet::new());
        for (number, leaf) in self.program.leaves.iter().enumerate() {
            let Some(row) = known.remove(&leaf.key) else {
                if !self.asked.waiting().contains(&number) {
                    fresh.insert(number);
                }
                continue;
            };
            awake.insert(number);
            let LeafRow { selected, ours, sums, outcome, facts, .. } = row;
            self.leaves[number] = LeafState {
                selected: selected as usize,
                noted: Noted::kept(facts, &snapshot.facts),
                sums,
                ours,
                outcome: (!outcome.is_empty()).then(|| Judged::packed(&outcome)),
                all_touched: true,
                ..LeafState::default()
            };
        }
        self.asked.wake(&awake);
        self.take_up_items(table.items);
        Some(fresh)
    }

    /// The files of a snapshot, for an engine that knows none.
    pub(super) fn remember_all(&mut self, files: PathMap<File>) {
        self.files = files;
        self.counted = self.files.values().filter(|file| file.counts()).count();
        let hidden = self.files.iter().filter_map(|(path, file)| match &file.entry.kind {
            Kind::Unlisted(why) => Some((path.clone(), why.clone())),
            _ => None,
        });
        self.unlisted = hidden.collect();
    }

    /// What must be the same for facts and outcomes to be the same: this program, what counts as a file to look at, and
    /// whether git has a word.
    fn scope(&self) -> [u8; 32] {
        let mut hash = blake3::Hasher::new();
        hash.update(maker().as_bytes());
        let (skip, sources) = (&self.checklist.skip, &self.checklist.sources);
        hash.update(format!("{skip:?} {sources:?} {}", self.source.git().is_some()).as_bytes());
        *hash.finalize().as_bytes()
    }
}

impl Record<'_> {
    /// # Errors
    /// Those of the writer.
    pub fn write_table(&self, out: &mut dyn Write) -> io::Result<()> {
        let files = &self.engine.files;
        postcard::to_io(&(&self.table, files.len()), &mut *out).map_err(io::Error::other)?;
        let mut before = "";
        for (path, file) in files {
            postcard::to_io(&Row::of(before, path, file, self.began), &mut *out).map_err(io::Error::other)?;
            before = path.as_str();
        }
        Ok(())
    }
}

impl<'a> Row<'a> {
    fn of(before: &str, path: &'a RelPath, file: &'a File, began: Timestamp) -> Self {
        let Entry { kind, size, stamp, tracked, ignored, blob } = &file.entry;
        let kind = match kind {
            Kind::File => Sort::File,
            Kind::Link(target) => Sort::Link(target.as_ref().map(RelPath::as_str)),
            Kind::Repository => Sort::Repository,
            Kind::Special => Sort::Special,
            Kind::Unlisted(why) => Sort::Unlisted(why),
        };
        let mapped = file.mapped();
        Self {
            path: path::after(before, path.as_str()),
            kind,
            size: *size,
            stamp: (stamp.modified_ns, stamp.changed_ns, stamp.size, stamp.inode, stamp.mode),
            tracked: *tracked,
            ignored: *ignored,
            blob: blob.as_ref().map(BlobId::as_bytes),
            mapped: if mapped == *blob { Mapped::Blob } else { Mapped::Other(mapped.map(|id| id.as_bytes().to_vec())) },
            doubted: file.is_doubted() || !is_settled(stamp, began),
        }
    }

    fn file(&self) -> File {
        let kind = match &self.kind {
            Sort::File => Kind::File,
            Sort::Link(target) => Kind::Link(target.map(RelPath::new)),
            Sort::Repository => Kind::Repository,
            Sort::Special => Kind::Special,
            Sort::Unlisted(why) => Kind::Unlisted((*why).to_owned()),
        };
        let (modified_ns, changed_ns, size, inode, mode) = self.stamp;
        let stamp = Stamp { modified_ns, changed_ns, size, inode, mode };
        let blob = self.blob.map(BlobId::from_bytes);
        let entry = Entry { kind, size: self.size, stamp, tracked: self.tracked, ignored: self.ignored, blob };
        let mapped = match &self.mapped {
            Mapped::Blob => blob,
            Mapped::Other(id) => id.as_deref().map(BlobId::from_bytes),
        };
        File::new(entry, mapped.or(blob), mapped, self.doubted)
    }
}

/// Whether a file that is written again after it was read is sure to have another stat.
fn is_settled(stamp: &Stamp, began: Timestamp) -> bool {
    let written = stamp.modified_ns.max(stamp.changed_ns);
    let tick = if written % 1_000_000_000 == 0 { WHOLE_SECONDS } else { TICK };
    i128::from(written) + tick < began.as_nanosecond()
}

/// Names this program. Another build of the same version may judge otherwise.
#[must_use]
pub fn maker() -> String {
    let program = std::env::current_exe().and_then(|path| path.metadata()).ok();
    let build = program.map(|data| (data.modified().ok(), data.len()));
    format!("{} {build:?}", env!("CARGO_PKG_VERSION"))
}
