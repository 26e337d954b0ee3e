//! From changed files to facts: in parallel, each file read once for all the probes that select it.

use std::collections::{BTreeSet, HashMap};
use std::mem::take;
use std::sync::Arc;

use rayon::prelude::*;

use crate::engine::asked::Asked;
use crate::engine::file::File;
use crate::engine::progress::Progress;
use crate::engine::state::Notes;
use crate::engine::{Change, Engine};
use crate::probe::content::Learned;
use crate::probe::fact::Facts;
use crate::probe::program::Program;
use crate::probe::questions::Questions;
use crate::tree::blob::BlobId;
use crate::tree::entry::{Entry, Kind, Listing};
use crate::tree::path::RelPath;
use crate::tree::source::{Content, Source};

/// How many files are mapped before their facts are taken in: bounds the memory of a start.
const BATCH: usize = 512;

/// What became of one changed path.
struct Mapped {
    path: RelPath,
    entry: Option<Entry>,
    blob: Option<BlobId>,
    /// What the facts were made of.
    content: Option<BlobId>,
    /// What it was asked, and what it is asked now.
    was: Option<Arc<Questions>>,
    is: Option<Arc<Questions>>,
    /// For the leaves of `is` that were asked: what is to be noted, nothing where nothing was noted before. The others
    /// stay as they are.
    facts: Vec<(usize, Option<Box<Facts>>)>,
    bytes_read: Option<u64>,
    /// Files whose change makes these facts old.
    companions: Vec<RelPath>,
    /// Its stat tells nothing, and nobody looked at more than that.
    doubted: bool,
}

/// The id of what was read; content that was cut is named after its beginning and its size.
pub(super) fn identify(content: &Content) -> BlobId {
    match content.cut_from {
        None => BlobId::of(&content.bytes),
        Some(size) => BlobId::of(format!("{} {size}", BlobId::of(&content.bytes)).as_bytes()),
    }
}

/// The id that git gives, if what was read is surely the file that it speaks of.
fn vouched(entry: &Entry, content: &Content, before: &Before) -> Option<BlobId> {
    let is_same = !before.doubted && content.stamp.is_none_or(|stamp| stamp == entry.stamp);
    entry.blob.filter(|_| is_same && content.cut_from.is_none())
}

impl Engine {
    /// Looks at everything, where nothing is known yet.
    pub(super) fn map_all(&mut self, listing: &Listing, progress: &Progress) {
        let file = |entry: &Entry| File::new(entry.clone(), entry.blob, entry.blob, false);
        self.remember_all(listing.entries.iter().map(|(path, entry)| (path.clone(), file(entry))).collect());
        progress.expect_files(listing.entries.values().map(Some));
        let all: Vec<(&RelPath, &Entry)> = listing.entries.iter().collect();
        let (program, source, asked) = (Arc::clone(&self.program), Arc::clone(&self.source), take(&mut self.asked));
        let map = |batch: &[(&RelPath, &Entry)]| {
            let questions: Vec<Arc<Questions>> =
                batch.par_iter().map(|(path, entry)| asked.of(&program, path, entry)).collect();
            map_each(&program, batch, &questions, |(path, entry), asked| {
                let mapped = map_leaves(&program, &*source, path, entry, asked, Before::default());
                progress.advance_file(Some(entry));
                mapped
            })
        };
        let mut mapped = Vec::new();
        for batch in all.chunks(BATCH) {
            if progress.is_cancelled() {
                // Nobody looked at these: they are not known.
                batch.iter().for_each(|(path, _)| self.remember(path, None));
                continue;
            }
            // While the next ones are mapped, these are taken in.
            (mapped, ()) = rayon::join(|| map(batch), || self.take_in_all(take(&mut mapped)));
        }
        self.take_in_all(mapped);
        self.asked = asked;
    }

    pub(super) fn map_changes(&mut self, changes: Vec<Change>, progress: &Progress) {
        let mut changes: Vec<Change> = changes.into_iter().filter(|(path, entry)| self.differs(path, entry)).collect();
        self.wake_dependents(&mut changes);
        if !changes.is_empty() {
            self.forget_reports();
        }
        progress.expect_files(changes.iter().map(|(_, entry)| entry.as_ref()));
        for batch in changes.chunks(BATCH) {
            if progress.is_cancelled() {
                return;
            }
            let select = |(path, entry): &Change| match entry {
                Some(entry) => self.asked.of(&self.program, path, entry),
                None => Arc::default(),
            };
            let asked: Vec<Arc<Questions>> = batch.par_iter().map(select).collect();
            self.map_batch(batch, &asked, |engine, (path, entry), is| {
                let mapped = engine.map_one(path, entry.as_ref(), is);
                progress.advance_file(entry.as_ref());
                mapped
            });
        }
    }

    /// Asks the leaves that are new of every file that they select.
    pub(super) fn map_fresh(&mut self, fresh: &BTreeSet<usize>, progress: &Progress) {
        if fresh.is_empty() {
            return;
        }
        let only = Asked::without((0..self.leaves.len()).filter(|leaf| !fresh.contains(leaf)).collect());
        let asked = |(path, file): &(&RelPath, &File)| {
            let asked = only.of(&self.program, path, &file.entry);
            (!asked.leaves.is_empty()).then(|| (RelPath::clone(path), asked))
        };
        let all: Vec<(&RelPath, &File)> = self.files.iter().collect();
        let (files, asked): (Vec<RelPath>, Vec<Arc<Questions>>) = all.par_iter().filter_map(asked).unzip();
        progress.expect_files(files.iter().map(|path| self.entry(path)));
        for (batch, asked) in files.chunks(BATCH).zip(asked.chunks(BATCH)) {
            self.map_batch(batch, asked, |engine, path, asked| {
                let file = &engine.files[path];
                progress.advance_file(Some(&file.entry));
                let before = Before { blob: file.blob(), ..Before::default() };
                let mapped = map_leaves(&engine.program, &*engine.source, path, &file.entry, asked, before);
                // The other leaves know what was read before; where that is another content, so are their facts.
                let reads = !asked.of_content.is_empty();
                let before = file.mapped();
                let content = before.filter(|_| !reads || before == mapped.content);
                Mapped { content, doubted: file.is_doubted(), ..mapped }
            });
        }
    }

    /// Maps some files, in parallel, and takes in what comes of it.
    fn map_batch<T: Sync>(
        &mut self,
        batch: &[T],
        asked: &[Arc<Questions>],
        map: impl Fn(&Self, &T, &Arc<Questions>) -> Mapped + Sync,
    ) {
        let mapped = map_each(&self.program, batch, asked, |one, asked| map(self, one, asked));
        self.take_in_all(mapped);
    }

    fn take_in_all(&mut self, mapped: Vec<Mapped>) {
        let mut notes: Vec<Notes> = self.leaves.iter().map(|_| Notes::new()).collect();
        let mut moved = Moved::default();
        mapped.into_iter().for_each(|mapped| self.take_in(mapped, &mut notes, &mut moved));
        for (was, is, files) in moved.into_values() {
            others(&is, &was).for_each(|leaf| self.leaves[leaf].count(files, 0));
            others(&was, &is).for_each(|leaf| self.leaves[leaf].count(0, files));
        }
        let noted = self.leaves.par_iter_mut().zip(notes).filter(|(_, notes)| !notes.is_empty());
        noted.for_each(|(leaf, notes)| leaf.note(notes));
    }

    /// Adds the files that took something over from one that changed.
    fn wake_dependents(&mut self, changes: &mut Vec<Change>) {
        if self.dependents.is_empty() {
            return;
        }
        let changed: BTreeSet<&RelPath> = changes.iter().map(|(path, _)| path).collect();
        let woken = changed.iter().filter_map(|path| self.dependents.get(*path)).flatten();
        let woken: BTreeSet<RelPath> = woken.filter(|path| !changed.contains(path)).cloned().collect();
        for path in woken {
            if let Some(file) = self.files.get_mut(&path) {
                file.unmap();
                changes.push((path, Some(file.entry.clone())));
            }
        }
    }

    fn differs(&self, path: &RelPath, entry: &Option<Entry>) -> bool {
        match (self.files.get(path), entry) {
            (None, None) => false,
            (Some(file), Some(entry)) => file.differs(entry),
            _ => true,
        }
    }

    fn map_one(&self, path: &RelPath, entry: Option<&Entry>, is: &Arc<Questions>) -> Mapped {
        let old = self.files.get(path);
        let was = match (old.map(|file| &file.entry), entry) {
            // Nothing else tells them apart.
            (Some(old), Some(now)) if old.kind == now.kind && old.ignored == now.ignored => Some(Arc::clone(is)),
            (Some(old), _) => Some(self.asked.of(&self.program, path, old)),
            (None, _) => None,
        };
        let Some(entry) = entry else {
            return Mapped {
                path: path.clone(),
                entry: None,
                blob: None,
                content: None,
                was,
                is: None,
                facts: Vec::new(),
                bytes_read: None,
                companions: Vec::new(),
                doubted: false,
            };
        };
        // Facts may stay only where the same leaves looked at the same kind of thing before.
        let is_asked_alike = leaves(&was) == is.leaves;
        let unchanged = old.filter(|file| is_asked_alike && file.entry.kind == entry.kind).and_then(File::mapped);
        let before = Before { was, unchanged, blob: None, doubted: old.is_some_and(File::is_doubted) };
        map_leaves(&self.program, &*self.source, path, entry, is, before)
    }

    /// What is to be noted of it is left to the `notes` of each leaf, and what it is counted by, to `moved`.
    fn take_in(&mut self, mapped: Mapped, notes: &mut [Notes], moved: &mut Moved) {
        let Mapped { path, entry, blob, content, was, is, facts, bytes_read, companions, doubted } = mapped;
        for companion in companions {
            self.dependents.entry(companion).or_default().insert(path.clone());
        }
        if let Some(bytes) = bytes_read {
            self.work.files_read += 1;
            self.work.bytes_read += bytes;
        }
        for questions in was.iter().chain(&is) {
            for leaf in &questions.covering {
                self.leaves[*leaf].touched.insert(path.clone());
            }
        }
        let key = [&was, &is].map(|asked| asked.as_ref().map(Arc::as_ptr));
        if key[0] != key[1] {
            others(&was, &is).for_each(|leaf| notes[leaf].push((path.clone(), None)));
            moved.entry(key).or_insert((was, is, 0)).2 += 1;
        }
        for (leaf, facts) in facts {
            notes[leaf].push((path.clone(), facts));
        }
        let file = entry.map(|entry| File::new(entry, blob, content, doubted));
        self.remember(&path, file);
    }

    pub(super) fn remember(&mut self, path: &RelPath, file: Option<File>) {
        let old = match file {
            Some(file) => self.files.insert(path.clone(), file),
            None => self.files.remove(path),
        };
        let now = self.files.get(path).map(|file| file.entry.kind.clone());
        self.counted += usize::from(self.files.get(path).is_some_and(File::counts));
        self.counted -= usize::from(old.as_ref().is_some_and(File::counts));
        if let Some(old) = old.filter(|old| Some(&old.entry.kind) != now.as_ref()) {
            self.index_unlisted(path, &old.entry.kind, false);
        }
        if let Some(kind) = now {
            self.index_unlisted(path, &kind, true);
        }
    }

    fn index_unlisted(&mut self, path: &RelPath, kind: &Kind, there: bool) {
        let Kind::Unlisted(why) = kind else { return };
        let same = if there {
            self.unlisted.insert(path.clone(), why.clone()).as_ref() == Some(why)
        } else {
            self.unlisted.remove(path).is_none()
        };
        if same {
            return;
        }
        // A directory that hides its files can matter to any probe.
        self.leaves.iter_mut().for_each(|state| state.outcome = None);
    }
}

/// Maps some files in parallel, each as a piece of work of its own: some take long.
fn map_each<T: Sync>(
    program: &Program,
    batch: &[T],
    asked: &[Arc<Questions>],
    map: impl Fn(&T, &Arc<Questions>) -> Mapped + Sync,
) -> Vec<Mapped> {
    program.prepare(asked.iter().map(Arc::as_ref));
    batch.par_iter().zip(asked).with_max_len(1).map(|(one, asked)| map(one, asked)).collect()
}

/// How many files are asked otherwise than before: by what they were asked, and what they are asked now.
type Moved = HashMap<[Option<*const Questions>; 2], (Option<Arc<Questions>>, Option<Arc<Questions>>, usize)>;

fn leaves(asked: &Option<Arc<Questions>>) -> &[usize] {
    asked.as_ref().map_or(&[], |asked| &asked.leaves)
}

/// The leaves of these that are not among those.
fn others(these: &Option<Arc<Questions>>, those: &Option<Arc<Questions>>) -> impl Iterator<Item = usize> {
    leaves(these).iter().copied().filter(|leaf| leaves(those).binary_search(leaf).is_err())
}

/// What is known of a file before it is looked at.
#[derive(Default)]
struct Before {
    /// What it was asked. Where nothing, nothing is noted.
    was: Option<Arc<Questions>>,
    /// Content with this id is not matched again.
    unchanged: Option<BlobId>,
    blob: Option<BlobId>,
    /// Its stat tells nothing.
    doubted: bool,
}

/// Facts of one file for whoever looks at it.
fn map_leaves(
    program: &Program,
    source: &dyn Source,
    path: &RelPath,
    entry: &Entry,
    asked: &Arc<Questions>,
    before: Before,
) -> Mapped {
    let unchanged = before.unchanged;
    let was_asked = |leaf: usize| leaves(&before.was).binary_search(&leaf).is_ok();
    let of_entry =
        asked.of_entry.iter().map(|leaf| (*leaf, noted(program, *leaf, program.map_entry(*leaf, path, entry))));
    let mut facts: Vec<(usize, Option<Box<Facts>>)> =
        of_entry.filter(|(leaf, facts)| facts.is_some() || was_asked(*leaf)).collect();
    let mut blob = entry.blob.or(before.blob);
    let mut content = blob;
    let mut bytes_read = None;
    let mut companions = Vec::new();
    let is_vouched_for = unchanged.is_some() && entry.blob == unchanged && !before.doubted;
    if !asked.of_content.is_empty() && !is_vouched_for {
        let learned = match source.read(path) {
            Ok(read) => {
                blob = Some(vouched(entry, &read, &before).unwrap_or_else(|| identify(&read)));
                content = blob;
                bytes_read = Some(read.bytes.len() as u64);
                let near = |path: &RelPath| source.read(path).ok();
                (unchanged.is_none() || blob != unchanged).then(|| program.map_content(path, &read, asked, &near))
            }
            // Nothing vouches for facts that nobody could make.
            Err(why) => {
                content = None;
                let facts = asked.of_content.iter().map(|leaf| (*leaf, Facts::unreadable(&why)));
                Some(Learned { facts: facts.collect(), companions: Vec::new() })
            }
        };
        if let Some(learned) = learned {
            let gone = asked.of_content.iter().filter(|leaf| was_asked(**leaf) && !learned.facts.contains_key(leaf));
            facts.extend(gone.map(|leaf| (*leaf, None)));
            facts.extend(learned.facts.into_iter().map(|(leaf, facts)| (leaf, Some(Box::new(facts)))));
            companions = learned.companions;
        }
    }
    // Many wait together until they are taken in.
    facts.shrink_to_fit();
    let (path, entry, is) = (path.clone(), Some(entry.clone()), Some(Arc::clone(asked)));
    Mapped { path, entry, blob, content, was: before.was, is, facts, bytes_read, companions, doubted: false }
}

fn noted(program: &Program, leaf: usize, facts: Facts) -> Option<Box<Facts>> {
    program.leaves[leaf].rule.notes(&facts).then(|| Box::new(facts))
}
