//! What is noted of the files that a leaf selects. A tree has far more facts than anybody ever looks at, and ready to be
//! looked at they take ten times the room: so they stay bytes, some files together, until somebody asks for one of them.
//! What an earlier run kept is only read then, too.

use std::borrow::Cow;
use std::cmp::Ordering as Order;
use std::collections::BTreeMap;
use std::iter;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::probe::chunk::{Bytes, Chunk, FULL, Kept, Reader, Rewriting};
use crate::probe::fact::Facts;
use crate::tree::path::RelPath;

pub use crate::probe::chunk::{Row, Shelf};

/// The facts of one leaf by file, in the order of the files.
#[derive(Debug, Default)]
pub struct Noted {
    chunks: Vec<Arc<Chunk>>,
    lost: AtomicBool,
}

impl Noted {
    /// What an earlier run kept.
    #[must_use]
    pub fn kept(rows: Vec<Row<'_>>, shelf: &Shelf) -> Self {
        let chunk = |row| Arc::new(Chunk::kept(row, shelf));
        Self { chunks: rows.into_iter().map(chunk).collect(), lost: AtomicBool::new(false) }
    }

    /// The same, and the bytes are shared for as long as they are.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self { chunks: self.chunks.clone(), lost: AtomicBool::new(self.is_lost()) }
    }

    /// What is to be kept: where the bytes will stand if the first of them comes to stand at `start`, and the bytes.
    #[must_use]
    pub fn to_keep(&self, mut start: u64) -> Vec<(Row<'_>, &[u8])> {
        let mut kept = Vec::with_capacity(self.chunks.len());
        for chunk in &self.chunks {
            let bytes = self.bytes(chunk);
            let range = start..start + bytes.stored.len() as u64;
            start = range.end;
            let (first, last, files) = (chunk.first.as_str(), chunk.last.as_str(), chunk.files as u32);
            let checksum = *blake3::hash(&bytes.stored).as_bytes();
            kept.push((Row { first, last, files, range, length: bytes.length, checksum }, bytes.stored.as_slice()));
        }
        kept
    }

    /// Reads what nobody asked for so far.
    pub fn read(&self) {
        for chunk in &self.chunks {
            self.bytes(chunk);
        }
    }

    /// Whether what was kept turned out to be damaged when somebody asked for it: then the leaf must be asked again.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.files).sum()
    }

    #[must_use]
    pub fn get(&self, path: &RelPath) -> Option<Facts> {
        self.find(path, |facts| self.unpack(facts))
    }

    #[must_use]
    pub fn contains(&self, path: &RelPath) -> bool {
        self.find(path, |_| ()).is_some()
    }

    pub fn paths(&self) -> impl Iterator<Item = RelPath> {
        self.each(|path, _| RelPath::new(path))
    }

    pub fn iter(&self) -> impl Iterator<Item = (RelPath, Facts)> {
        self.each(|path, facts| (RelPath::new(path), self.unpack(facts)))
    }

    /// Takes in what is noted of some files now; `None` for nothing any more. Tells `moved` of each of which something
    /// else was noted before.
    pub fn change(
        &mut self,
        notes: BTreeMap<RelPath, Option<Box<Facts>>>,
        mut moved: impl FnMut(&RelPath, Option<&Facts>, Option<&Facts>),
    ) {
        let mut notes = notes.into_iter().peekable();
        while let Some((path, _)) = notes.peek() {
            let at = self.chunk_of(path);
            if self.chunks.get(at).is_some_and(|chunk| *path <= chunk.last) {
                let next = self.chunks.get(at + 1).map(|chunk| chunk.first.clone());
                let is_near = |path: &RelPath| next.as_ref().is_none_or(|next| path < next);
                let near = iter::from_fn(|| notes.next_if(|(path, _)| is_near(path)));
                self.rewrite(at, near, &mut moved);
            } else if let Some((path, Some(facts))) = notes.next() {
                self.append(at, &path, &facts);
                moved(&path, None, Some(&facts));
            }
        }
    }

    /// The chunk that has this file, if one has it: the last one that begins no later, or the first.
    fn chunk_of(&self, path: &RelPath) -> usize {
        // As a rule files come one after the other.
        let begins_later = |chunk: &Arc<Chunk>| chunk.first > *path;
        let behind = match self.chunks.last() {
            Some(last) if !begins_later(last) => self.chunks.len(),
            _ => self.chunks.partition_point(|chunk| !begins_later(chunk)),
        };
        behind.saturating_sub(1)
    }

    /// Adds a file that comes after all of this chunk and before the next.
    fn append(&mut self, at: usize, path: &RelPath, facts: &Facts) {
        let facts = pack(facts);
        match self.chunks.get(at) {
            Some(chunk) if self.bytes(chunk).len() < FULL => Arc::make_mut(&mut self.chunks[at]).push(path, &facts),
            chunk => {
                let behind = at + usize::from(chunk.is_some());
                self.chunks.insert(behind, Arc::new(Chunk::of(path, &facts)));
            }
        }
    }

    /// Takes in what is noted now of files that belong into this chunk.
    fn rewrite(
        &mut self,
        at: usize,
        notes: impl Iterator<Item = (RelPath, Option<Box<Facts>>)>,
        moved: &mut impl FnMut(&RelPath, Option<&Facts>, Option<&Facts>),
    ) {
        let chunk = &self.chunks[at];
        let mut rewriting = Rewriting::new(self.open(chunk), chunk);
        let mut has_moved = false;
        for (path, now) in notes {
            let packed = now.as_deref().map(pack);
            let before = rewriting.go_to(path.as_str());
            if before != packed.as_deref() {
                has_moved = true;
                moved(&path, before.map(|facts| self.unpack(facts)).as_ref(), now.as_deref());
                rewriting.put(path.as_str(), packed.as_deref());
            }
        }
        if has_moved {
            let chunks = rewriting.finish();
            self.chunks.splice(at..=at, chunks.into_iter().map(Arc::new));
        }
    }

    fn find<T>(&self, path: &RelPath, of: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let chunk = self.chunks.get(self.chunk_of(path))?;
        if chunk.first > *path || chunk.last < *path {
            return None;
        }
        let mut reader = Reader::new(self.open(chunk));
        while reader.advance() {
            match reader.path.as_str().cmp(path.as_str()) {
                Order::Less => {}
                Order::Equal => return Some(of(reader.facts())),
                Order::Greater => return None,
            }
        }
        None
    }

    fn each<T>(&self, of: impl Fn(&str, &[u8]) -> T + Copy) -> impl Iterator<Item = T> {
        self.chunks.iter().flat_map(move |chunk| {
            let mut reader = Reader::new(self.open(chunk));
            iter::from_fn(move || reader.advance().then(|| of(&reader.path, reader.facts())))
        })
    }

    fn open<'a>(&self, chunk: &'a Chunk) -> Cow<'a, [u8]> {
        self.bytes(chunk).open().unwrap_or_else(|| {
            self.lost.store(true, Ordering::Relaxed);
            Cow::Borrowed(&[])
        })
    }

    fn bytes<'a>(&self, chunk: &'a Chunk) -> &'a Bytes {
        chunk.bytes.get_or_init(|| {
            let read = chunk.kept.as_ref().map(Kept::read);
            read.unwrap_or_default().unwrap_or_else(|| {
                self.lost.store(true, Ordering::Relaxed);
                Bytes::default()
            })
        })
    }

    fn unpack(&self, facts: &[u8]) -> Facts {
        postcard::from_bytes(facts).unwrap_or_else(|_| {
            self.lost.store(true, Ordering::Relaxed);
            Facts::default()
        })
    }
}

fn pack(facts: &Facts) -> Vec<u8> {
    postcard::to_allocvec(facts).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    use super::*;
    use crate::probe::fact::Trouble;

    /// Long enough for a few of them to fill a chunk.
    fn facts(letter: char, length: usize) -> Facts {
        let trouble = Trouble { message: letter.to_string().repeat(length), ..Trouble::default() };
        Facts { trouble: Some(trouble), ..Facts::default() }
    }

    fn keep(noted: &Noted) -> (Vec<u8>, Vec<u8>) {
        let kept = noted.to_keep(0);
        let bytes = kept.iter().flat_map(|(_, bytes)| bytes.iter().copied()).collect();
        let rows: Vec<&Row<'_>> = kept.iter().map(|(row, _)| row).collect();
        (postcard::to_allocvec(&rows).unwrap(), bytes)
    }

    fn take_up((rows, bytes): &(Vec<u8>, Vec<u8>)) -> Noted {
        let bytes = bytes.clone();
        let shelf = Shelf(Arc::new(move |range: Range<u64>| {
            bytes.get(range.start as usize..range.end as usize).map(<[u8]>::to_vec)
        }));
        Noted::kept(postcard::from_bytes(rows).unwrap(), &shelf)
    }

    type Notes = BTreeMap<String, Option<(char, usize)>>;

    fn notes() -> impl Strategy<Value = Notes> {
        let path = "[aé]{1,3}(/[bx]{1,2}){0,2}";
        btree_map(path, proptest::option::of((prop_oneof![Just('m'), Just('n')], 0..9000_usize)), 0..12)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn it_says_what_a_map_of_facts_would_say(steps in vec((notes(), any::<bool>()), 1..8)) {
            let mut noted = Noted::default();
            let mut model: BTreeMap<RelPath, Facts> = BTreeMap::new();
            let mut before = (noted.fork(), model.clone());
            for (notes, is_kept) in steps {
                let notes: BTreeMap<RelPath, Option<Box<Facts>>> = notes
                    .into_iter()
                    .map(|(path, facts_of)| (RelPath::new(&path), facts_of.map(|(letter, length)| Box::new(facts(letter, length)))))
                    .collect();
                let mut expected = Vec::new();
                for (path, now) in &notes {
                    let before = match now {
                        Some(now) => model.insert(path.clone(), Facts::clone(now)),
                        None => model.remove(path),
                    };
                    if before.as_ref() != now.as_deref() {
                        expected.push((path.clone(), before, now.as_deref().cloned()));
                    }
                }
                let mut moved = Vec::new();
                noted.change(notes.clone(), |path, before, now| {
                    moved.push((path.clone(), before.cloned(), now.cloned()));
                });
                prop_assert_eq!(moved, expected);
                if is_kept {
                    noted = take_up(&keep(&noted));
                }
                prop_assert_eq!((noted.len(), noted.is_empty()), (model.len(), model.is_empty()));
                prop_assert_eq!(noted.paths().collect::<Vec<_>>(), model.keys().cloned().collect::<Vec<_>>());
                for path in notes.keys() {
                    prop_assert_eq!(noted.get(path), model.get(path).cloned());
                    prop_assert_eq!(noted.contains(path), model.contains_key(path));
                }
                prop_assert_eq!(noted.iter().collect::<BTreeMap<_, _>>(), model.clone());
                prop_assert!(!noted.is_lost());
                prop_assert!(before.0.iter().eq(before.1), "a fork stays as it was");
                before = (noted.fork(), model.clone());
            }
        }
    }

    fn many() -> Noted {
        let mut noted = Noted::default();
        let notes = (0..40).map(|number| (RelPath::new(&format!("{number:02}")), Some(Box::new(facts('x', 2000)))));
        noted.change(notes.collect(), |_, _, _| {});
        noted
    }

    #[test]
    fn a_file_is_asked_for_without_a_look_at_the_chunks_that_do_not_hold_it() {
        let noted = take_up(&keep(&many()));
        let read = |noted: &Noted| noted.chunks.iter().filter(|chunk| chunk.bytes.get().is_some()).count();
        assert!(noted.chunks.len() > 4);
        assert_eq!((noted.len(), noted.get(&"99".into()), read(&noted)), (40, None, 0));
        assert!(noted.contains(&"20".into()));
        assert_eq!((noted.iter().take(2).count(), read(&noted)), (2, 2));
    }

    #[test]
    fn what_is_damaged_is_lost_and_nothing_else() {
        let (rows, bytes) = keep(&many());
        for damaged in [bytes[..bytes.len() - 1].to_vec(), [&bytes[..bytes.len() - 1], b"!"].concat()] {
            let noted = take_up(&(rows.clone(), damaged));
            assert_eq!(noted.get(&"00".into()), Some(facts('x', 2000)));
            assert!(!noted.is_lost(), "nobody asked for what is damaged");
            assert_eq!(noted.get(&"39".into()), None);
            assert!(noted.is_lost());
        }
    }
}
