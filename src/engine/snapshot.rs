//! All that an engine knows, as bytes: a later start takes it up and looks only at what is another since.
//!
//! Nothing in a snapshot is believed on its word. Its table begins with what made it, files are compared by stat or by
//! git's blob id, and probes by what they ask; whatever does not fit is looked at again. The facts stand apart from the
//! table, each leaf's with a checksum, because a start where little changed asks for few of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::checklist::model::Checklist;
use crate::engine::judged::{ItemRow, Judged};
use crate::engine::noted::{Noted, Packed};
use crate::engine::progress::Progress;
use crate::engine::state::LeafState;
use crate::engine::{Engine, File};
use crate::probe::fact::Facts;
use crate::probe::key::Key;
use crate::probe::program::Program;
use crate::tree::blob::BlobId;
use crate::tree::entry::{Entry, Kind, Listing, Stamp};
use crate::tree::path::RelPath;
use crate::tree::source::Source;

pub use crate::engine::noted::Shelf;

/// How long, in nanoseconds, the clock of a file system may stand still: longer where it knows whole seconds only.
const TICK: i128 = 20_000_000;
const WHOLE_SECONDS: i128 = 2_000_000_000;

/// What an engine knew. Whoever keeps it sees to it that the table comes back whole; the facts look after themselves.
#[derive(Debug)]
pub struct Snapshot<Facts> {
    pub table: Vec<u8>,
    pub facts: Facts,
}

/// A file as a snapshot lists it.
#[derive(Debug, Serialize, Deserialize)]
struct Row<'a> {
    path: &'a str,
    kind: Sort<'a>,
    size: u64,
    stamp: (i64, i64, u64, u64, u32),
    tracked: bool,
    ignored: bool,
    blob: Option<Id>,
    mapped: Mapped,
    /// It was written so shortly before it was read that its stat says little.
    doubted: bool,
}

type Id = ([u8; 32], u8);

/// Of which content the facts of a file were made: as a rule it is the one that it has.
#[derive(Debug, Serialize, Deserialize)]
enum Mapped {
    Blob,
    Other(Option<Id>),
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
    ours: Vec<u32>,
    /// Empty where none may be kept.
    #[serde(borrow)]
    outcome: Cow<'a, [u8]>,
    /// Where its facts stand among all facts, and their checksum.
    facts: Range<u64>,
    checksum: [u8; 32],
}

#[derive(Debug, Serialize, Deserialize)]
struct Table<'a> {
    /// What made it, and of what.
    scope: [u8; 32],
    #[serde(borrow)]
    files: Vec<Row<'a>>,
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
        snapshot: Option<Snapshot<Shelf>>,
    ) -> Self {
        let mut engine = Self::new(checklist, program, source);
        engine.fresh = snapshot.and_then(|snapshot| engine.take_up(&snapshot));
        engine
    }

    /// Looks at what is another than it was known to be, or at everything where nothing was.
    pub fn begin(&mut self, listing: &Listing, at: Timestamp, progress: &Progress) {
        let Some(fresh) = self.fresh.take() else {
            self.apply(super::entries(listing), at, progress);
            return;
        };
        let known = self.files.values().filter(|file| file.mapped.is_some()).count() as u64;
        self.map_fresh(&fresh, progress);
        let work = self.work;
        self.relist(listing, at, progress);
        self.work.files_read += work.files_read;
        self.work.bytes_read += work.bytes_read;
        self.work.files_from_cache = known.saturating_sub(self.work.files_read);
    }

    /// Reads what was taken up and nobody asked for so far.
    pub fn unpack(&self) {
        self.leaves.par_iter().for_each(|leaf| {
            leaf.noted.get();
        });
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
    pub fn snapshot(&self, began: Timestamp) -> Snapshot<Vec<u8>> {
        let numbers: BTreeMap<&RelPath, u32> = self.files.keys().zip(0u32..).collect();
        let number = |path: &RelPath| numbers.get(path).copied();
        let mut facts = Vec::new();
        let mut leaves = Vec::with_capacity(self.leaves.len());
        for (at, (leaf, state)) in self.program.leaves.iter().zip(&self.leaves).enumerate() {
            if self.waiting.contains(&at) {
                continue;
            }
            let start = facts.len();
            let pairs: Vec<(u32, &Facts)> =
                state.noted.get().iter().filter_map(|(path, facts)| Some((number(path)?, &**facts))).collect();
            if !pairs.is_empty() {
                facts.extend(postcard::to_allocvec(&pairs).unwrap_or_default());
            }
            let outcome = state.outcome.as_ref().filter(|_| leaf.rule.is_timeless());
            leaves.push(LeafRow {
                key: leaf.key,
                selected: state.selected as u32,
                ours: state.ours.iter().filter_map(number).collect(),
                outcome: outcome.map(Judged::bytes).unwrap_or_default(),
                facts: start as u64..facts.len() as u64,
                checksum: *blake3::hash(&facts[start..]).as_bytes(),
            });
        }
        let pairs = self.dependents.iter().flat_map(|(on, files)| files.iter().map(move |file| (on, file)));
        let dependents = pairs.map(|(on, file)| (on.as_str(), file.as_str())).collect();
        let files = self.files.iter().map(|(path, file)| Row::of(path, file, began)).collect();
        let table = Table { scope: self.scope(), files, leaves, items: self.item_rows(), dependents };
        Snapshot { table: postcard::to_allocvec(&table).unwrap_or_default(), facts }
    }

    /// Takes over what fits and gives the leaves that nothing is known of.
    fn take_up(&mut self, snapshot: &Snapshot<Shelf>) -> Option<BTreeSet<usize>> {
        let table: Table<'_> = postcard::from_bytes(&snapshot.table).ok()?;
        if table.scope != self.scope() {
            return None;
        }
        let paths: Arc<[RelPath]> = table.files.iter().map(|row| RelPath::new(row.path)).collect();
        let path = |number: u32| paths.get(number as usize).cloned();
        // From here on nothing fails: what is half taken up would be neither old nor new.
        self.remember_all(paths.iter().cloned().zip(table.files.iter().map(Row::file)));
        for (on, file) in table.dependents {
            self.dependents.entry(RelPath::new(on)).or_default().insert(RelPath::new(file));
        }
        let mut known: HashMap<Key, LeafRow<'_>> = table.leaves.into_iter().map(|row| (row.key, row)).collect();
        let mut fresh = BTreeSet::new();
        for (number, leaf) in self.program.leaves.iter().enumerate() {
            let Some(row) = known.remove(&leaf.key) else {
                if !self.waiting.contains(&number) {
                    fresh.insert(number);
                }
                continue;
            };
            self.waiting.remove(&number);
            let LeafRow { selected, ours, outcome, facts: range, checksum, .. } = row;
            let packed = Packed { shelf: snapshot.facts.clone(), range, checksum, paths: Arc::clone(&paths) };
            self.leaves[number] = LeafState {
                selected: selected as usize,
                noted: Noted::packed(packed),
                ours: ours.into_iter().filter_map(path).collect(),
                outcome: (!outcome.is_empty()).then(|| Judged::packed(&outcome)),
                all_touched: true,
                ..LeafState::default()
            };
        }
        self.take_up_items(table.items);
        Some(fresh)
    }

    /// The files of a snapshot, for an engine that knows none.
    fn remember_all(&mut self, files: impl Iterator<Item = (RelPath, File)>) {
        self.files = files.collect();
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

impl<'a> Row<'a> {
    fn of(path: &'a RelPath, file: &'a File, began: Timestamp) -> Self {
        let Entry { kind, size, stamp, tracked, ignored, blob } = &file.entry;
        let kind = match kind {
            Kind::File => Sort::File,
            Kind::Link(target) => Sort::Link(target.as_ref().map(RelPath::as_str)),
            Kind::Repository => Sort::Repository,
            Kind::Special => Sort::Special,
            Kind::Unlisted(why) => Sort::Unlisted(why),
        };
        Self {
            path: path.as_str(),
            kind,
            size: *size,
            stamp: (stamp.modified_ns, stamp.changed_ns, stamp.size, stamp.inode, stamp.mode),
            tracked: *tracked,
            ignored: *ignored,
            blob: blob.map(BlobId::parts),
            mapped: if file.mapped == *blob { Mapped::Blob } else { Mapped::Other(file.mapped.map(BlobId::parts)) },
            doubted: file.doubted || !is_settled(stamp, began),
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
        let blob = self.blob.map(BlobId::from_parts);
        let entry = Entry { kind, size: self.size, stamp, tracked: self.tracked, ignored: self.ignored, blob };
        let mapped = match self.mapped {
            Mapped::Blob => blob,
            Mapped::Other(id) => id.map(BlobId::from_parts),
        };
        File { entry, blob: mapped.or(blob), mapped, doubted: self.doubted }
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
