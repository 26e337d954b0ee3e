//! All that an engine knows, as bytes: a later start takes it up and looks only at what is another since.
//!
//! Nothing in a snapshot is believed on its word. It begins with what made it and ends with a checksum, files are
//! compared by stat or by git's blob id, and probes by what they ask; whatever does not fit is looked at again.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::checklist::model::Checklist;
use crate::engine::noted::{Noted, Packed};
use crate::engine::progress::Progress;
use crate::engine::state::LeafState;
use crate::engine::{Engine, File};
use crate::probe::fact::Facts;
use crate::probe::outcome::Outcome;
use crate::probe::program::Program;
use crate::tree::blob::BlobId;
use crate::tree::entry::{Entry, Kind, Listing, Stamp};
use crate::tree::path::RelPath;
use crate::tree::source::Source;

const MAGIC: &[u8] = b"gonogo facts 1\n";
const CHECKSUM: usize = 32;
/// How long, in nanoseconds, the clock of a file system may stand still: longer where it knows whole seconds only.
const TICK: i128 = 20_000_000;
const WHOLE_SECONDS: i128 = 2_000_000_000;
/// Where the table begins and how long it is stand before it, so that it is read without the facts.
const LENGTH: usize = 8;

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
    mapped: Option<Id>,
    /// It was written so shortly before it was read that its stat says little.
    doubted: bool,
}

type Id = ([u8; 32], u8);

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
struct LeafRow {
    /// The hash of what is asked of which files.
    key: [u8; 32],
    selected: u32,
    ours: Vec<u32>,
    outcome: Option<Outcome>,
    /// Where its facts stand among all facts.
    facts: Range<u64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Table<'a> {
    /// What made it, and of what.
    scope: [u8; 32],
    #[serde(borrow)]
    files: Vec<Row<'a>>,
    leaves: Vec<LeafRow>,
    /// Pairs of files: the second took something over from the first, which need not be there.
    #[serde(borrow)]
    dependents: Vec<(&'a str, &'a str)>,
}

impl Engine {
    /// Looks at what is another than in this snapshot, or at everything where there is none that fits.
    #[must_use]
    pub fn resume(
        checklist: Arc<Checklist>,
        program: Arc<Program>,
        source: Arc<dyn Source>,
        listing: &Listing,
        at: Timestamp,
        progress: &Progress,
        snapshot: Option<Vec<u8>>,
    ) -> Self {
        let mut engine = Self::new(checklist, program, source);
        let Some(fresh) = snapshot.and_then(|bytes| engine.take_up(bytes)) else {
            engine.apply(super::entries(listing), at, progress);
            return engine;
        };
        let known = engine.files.values().filter(|file| file.mapped.is_some()).count() as u64;
        if !fresh.is_empty() {
            engine.map_fresh(&fresh, progress);
        }
        let work = engine.work;
        engine.relist(listing, at, progress);
        engine.work.files_read += work.files_read;
        engine.work.bytes_read += work.bytes_read;
        engine.work.files_from_cache = known.saturating_sub(engine.work.files_read);
        engine
    }

    /// Everything, for a later [`Engine::resume`]. Files that were written after `began` are doubted then.
    #[must_use]
    pub fn snapshot(&self, began: Timestamp) -> Vec<u8> {
        let numbers: BTreeMap<&RelPath, u32> = self.files.keys().zip(0u32..).collect();
        let number = |path: &RelPath| numbers.get(path).copied();
        let mut facts = Vec::new();
        let mut leaves = Vec::with_capacity(self.leaves.len());
        for (at, (leaf, state)) in self.program.leaves.iter().zip(&self.leaves).enumerate() {
            if self.waiting.contains(&at) {
                continue;
            }
            let start = facts.len() as u64;
            let pairs: Vec<(u32, &Facts)> =
                state.noted.get().iter().filter_map(|(path, facts)| Some((number(path)?, &**facts))).collect();
            facts.extend(postcard::to_allocvec(&pairs).unwrap_or_default());
            leaves.push(LeafRow {
                key: hash(&leaf.key),
                selected: state.selected as u32,
                ours: state.ours.iter().filter_map(number).collect(),
                outcome: state.outcome.as_deref().filter(|_| leaf.rule.is_timeless()).cloned(),
                facts: start..facts.len() as u64,
            });
        }
        let pairs = self.dependents.iter().flat_map(|(on, files)| files.iter().map(move |file| (on, file)));
        let dependents = pairs.map(|(on, file)| (on.as_str(), file.as_str())).collect();
        let files = self.files.iter().map(|(path, file)| Row::of(path, file, began)).collect();
        let table = Table { scope: self.scope(), files, leaves, dependents };
        seal(&postcard::to_allocvec(&table).unwrap_or_default(), &facts)
    }

    /// Takes over what fits and gives the leaves that nothing is known of.
    fn take_up(&mut self, bytes: Vec<u8>) -> Option<BTreeSet<usize>> {
        let bytes = Arc::new(bytes);
        let (table, facts) = open(&bytes)?;
        let table: Table<'_> = postcard::from_bytes(&bytes[table]).ok()?;
        if table.scope != self.scope() {
            return None;
        }
        let paths: Arc<[RelPath]> = table.files.iter().map(|row| RelPath::new(row.path)).collect();
        let path = |number: u32| paths.get(number as usize).cloned();
        // From here on nothing fails: what is half taken up would be neither old nor new.
        for (path, row) in paths.iter().zip(&table.files) {
            self.remember(path, Some(row.file()));
        }
        for (on, file) in table.dependents {
            self.dependents.entry(RelPath::new(on)).or_default().insert(RelPath::new(file));
        }
        let mut known: BTreeMap<[u8; 32], LeafRow> = table.leaves.into_iter().map(|row| (row.key, row)).collect();
        let mut fresh = BTreeSet::new();
        for (number, leaf) in self.program.leaves.iter().enumerate() {
            let Some(row) = known.remove(&hash(&leaf.key)) else {
                if !self.waiting.contains(&number) {
                    fresh.insert(number);
                }
                continue;
            };
            self.waiting.remove(&number);
            let range = facts.start + row.facts.start as usize..facts.start + row.facts.end as usize;
            let packed = Packed { snapshot: Arc::clone(&bytes), range, paths: Arc::clone(&paths) };
            self.leaves[number] = LeafState {
                selected: row.selected as usize,
                noted: Noted::packed(packed),
                ours: row.ours.into_iter().filter_map(path).collect(),
                outcome: row.outcome.map(Arc::new),
                all_touched: true,
                ..LeafState::default()
            };
        }
        Some(fresh)
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
            mapped: file.mapped.map(BlobId::parts),
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
        let mapped = self.mapped.map(BlobId::from_parts);
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

fn hash(key: &str) -> [u8; 32] {
    *blake3::hash(key.as_bytes()).as_bytes()
}

/// Head, length of the table, table, facts, checksum of all of it.
fn seal(table: &[u8], facts: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(MAGIC.len() + LENGTH + table.len() + facts.len() + CHECKSUM);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&(table.len() as u64).to_le_bytes());
    out.extend_from_slice(table);
    out.extend_from_slice(facts);
    let checksum = blake3::hash(&out);
    out.extend_from_slice(checksum.as_bytes());
    out
}

/// Where the table and the facts are, if this is what [`seal`] made.
fn open(bytes: &[u8]) -> Option<(Range<usize>, Range<usize>)> {
    let end = bytes.len().checked_sub(CHECKSUM)?;
    let (body, checksum) = bytes.split_at(end);
    let rest = body.strip_prefix(MAGIC)?;
    if blake3::hash(body).as_bytes() != checksum {
        return None;
    }
    let length = u64::from_le_bytes(rest.get(..LENGTH)?.try_into().ok()?);
    let start = MAGIC.len() + LENGTH;
    let facts = start.checked_add(usize::try_from(length).ok()?).filter(|facts| *facts <= end)?;
    Some((start..facts, facts..end))
}
