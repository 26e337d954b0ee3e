//! Facts of some files as bytes: in the order of the files, each as what its path has of its own and what is noted of it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use serde::{Deserialize, Serialize};

use crate::tree::path::{self, RelPath};

/// A chunk of so many bytes takes in no more files: whoever changes one of them writes all of it anew.
pub(super) const FULL: usize = 16 << 10;
/// How hard to look for what stands there twice: facts are so much alike that little effort finds most of it.
const EFFORT: u8 = 1;

/// Some files that follow each other.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    pub first: RelPath,
    pub last: RelPath,
    pub files: usize,
    pub bytes: OnceLock<Bytes>,
    /// Where it stands as long as nobody asked for it.
    pub kept: Option<Kept>,
}

/// The bytes of a chunk, which are packed once it is full: then they are read more often than they are written.
#[derive(Clone, Debug, Default)]
pub(super) struct Bytes {
    /// As they are kept.
    pub stored: Vec<u8>,
    /// Of packed ones how many there are.
    pub length: Option<u32>,
}

/// Reads a part of what an earlier run kept; `None` where it cannot be read any more.
#[derive(Clone)]
pub struct Shelf(pub Arc<dyn Fn(Range<u64>) -> Option<Vec<u8>> + Send + Sync>);

#[derive(Clone, Debug)]
pub(super) struct Kept {
    shelf: Shelf,
    range: Range<u64>,
    length: Option<u32>,
    checksum: [u8; 32],
}

/// A chunk as whoever keeps it lists it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Row<'a> {
    pub(super) first: &'a str,
    pub(super) last: &'a str,
    pub(super) files: u32,
    /// Where its bytes stand among all.
    pub(super) range: Range<u64>,
    pub(super) length: Option<u32>,
    pub(super) checksum: [u8; 32],
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shelf")
    }
}

impl Kept {
    pub fn read(&self) -> Option<Bytes> {
        let stored = (self.shelf.0)(self.range.clone())?;
        (*blake3::hash(&stored).as_bytes() == self.checksum).then_some(Bytes { stored, length: self.length })
    }
}

impl Bytes {
    fn plain(bytes: Vec<u8>) -> Self {
        Self { stored: bytes, length: None }
    }

    fn pack(bytes: &[u8]) -> Self {
        Self { stored: compress_to_vec(bytes, EFFORT), length: u32::try_from(bytes.len()).ok() }
    }

    pub fn len(&self) -> usize {
        self.length.map_or(self.stored.len(), |length| length as usize)
    }

    /// `None` where they are damaged.
    pub fn open(&self) -> Option<Cow<'_, [u8]>> {
        let Some(length) = self.length else { return Some(Cow::Borrowed(&self.stored)) };
        decompress_to_vec_with_limit(&self.stored, length as usize).ok().map(Cow::Owned)
    }
}

impl Chunk {
    /// One that an earlier run kept.
    pub fn kept(row: Row<'_>, shelf: &Shelf) -> Self {
        let Row { first, last, files, range, length, checksum } = row;
        let kept = Some(Kept { shelf: shelf.clone(), range, length, checksum });
        let (first, last) = (RelPath::new(first), RelPath::new(last));
        Self { first, last, files: files as usize, bytes: OnceLock::new(), kept }
    }

    pub fn of(path: &RelPath, facts: &[u8]) -> Self {
        let mut bytes = Vec::new();
        write(&mut bytes, "", path.as_str(), facts);
        Self::plain(path.clone(), path.clone(), 1, bytes)
    }

    fn plain(first: RelPath, last: RelPath, files: usize, bytes: Vec<u8>) -> Self {
        Self { first, last, files, bytes: OnceLock::from(Bytes::plain(bytes)), kept: None }
    }

    /// Adds a file to one that was read and is not full.
    pub fn push(&mut self, path: &RelPath, facts: &[u8]) {
        let mut bytes = self.bytes.take().unwrap_or_default().stored;
        write(&mut bytes, self.last.as_str(), path.as_str(), facts);
        let bytes = if bytes.len() >= FULL { Bytes::pack(&bytes) } else { Bytes::plain(bytes) };
        (self.bytes, self.kept) = (OnceLock::from(bytes), None);
        (self.last, self.files) = (path.clone(), self.files + 1);
    }
}

/// A chunk that is written anew because some of its files changed. What stands between them is taken over as it is.
pub(super) struct Rewriting<'a> {
    chunk: &'a Chunk,
    old: Reader<'a>,
    is_there: bool,
    /// How many files were seen so far.
    seen: usize,
    /// What was passed and is not written yet.
    passed: Passed,
    new: Writer,
}

/// Files that follow each other in a chunk.
#[derive(Default)]
struct Passed {
    bytes: Range<usize>,
    files: usize,
    /// The file before them, and the last of them.
    after: String,
    last: String,
}

impl<'a> Rewriting<'a> {
    /// `bytes` are those of the chunk, or none where they are lost.
    pub fn new(bytes: Cow<'a, [u8]>, chunk: &'a Chunk) -> Self {
        let mut old = Reader::new(bytes);
        let is_there = old.advance();
        Self { chunk, old, is_there, seen: 0, passed: Passed::default(), new: Writer::default() }
    }

    /// What was noted of this file, if it is there. Files are asked for in their order.
    pub fn go_to(&mut self, path: &str) -> Option<&[u8]> {
        while self.is_there && *self.old.path < *path {
            (self.passed.bytes.end, self.passed.files) = (self.old.facts.end, self.passed.files + 1);
            self.passed.last.clone_from(&self.old.path);
            self.advance();
        }
        (self.is_there && self.old.path == path).then(|| self.old.facts())
    }

    /// Notes something else of the file that was gone to; `None` for nothing any more.
    pub fn put(&mut self, path: &str, facts: Option<&[u8]>) {
        self.new.copy(&self.old.bytes, &self.passed);
        self.passed.after.clone_from(&self.passed.last);
        if let Some(facts) = facts {
            self.new.push(path, facts);
        }
        if self.is_there && self.old.path == path {
            path.clone_into(&mut self.passed.after);
            self.passed.bytes.end = self.old.facts.end;
            self.advance();
        }
        self.passed.last.clone_from(&self.passed.after);
        (self.passed.bytes.start, self.passed.files) = (self.passed.bytes.end, 0);
    }

    fn advance(&mut self) {
        self.seen += 1;
        self.is_there = self.old.advance();
    }

    /// The files behind need not be read.
    pub fn finish(mut self) -> Vec<Chunk> {
        if self.is_there {
            self.passed.bytes.end = self.old.bytes.len();
            self.passed.files += self.chunk.files - self.seen;
            self.chunk.last.as_str().clone_into(&mut self.passed.last);
        }
        self.new.copy(&self.old.bytes, &self.passed);
        self.new.finish()
    }
}

/// Writes as many chunks as it takes. They are not packed: who changed some files may change more of them.
#[derive(Default)]
struct Writer {
    full: Vec<Chunk>,
    first: String,
    last: String,
    files: usize,
    bytes: Vec<u8>,
}

impl Writer {
    fn push(&mut self, path: &str, facts: &[u8]) {
        if self.bytes.len() >= FULL {
            self.close();
        }
        if self.files == 0 {
            path.clone_into(&mut self.first);
            self.last.clear();
        }
        write(&mut self.bytes, &self.last, path, facts);
        path.clone_into(&mut self.last);
        self.files += 1;
    }

    /// Takes over files as they stand in `bytes`. Only what is written of the first hangs on what came before it.
    fn copy(&mut self, bytes: &[u8], passed: &Passed) {
        let bytes = &bytes[passed.bytes.clone()];
        let mut reader = Reader::new(Cow::Borrowed(bytes));
        reader.path.clone_from(&passed.after);
        for read in 1..=passed.files {
            if !reader.advance() {
                return;
            }
            self.push(&reader.path, reader.facts());
            let rest = &bytes[reader.facts.end..];
            if self.bytes.len() + rest.len() < 2 * FULL {
                self.bytes.extend_from_slice(rest);
                self.files += passed.files - read;
                self.last.clone_from(&passed.last);
                return;
            }
        }
    }

    fn close(&mut self) {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.shrink_to_fit();
        self.full.push(Chunk::plain(RelPath::new(&self.first), RelPath::new(&self.last), self.files, bytes));
        self.files = 0;
    }

    fn finish(mut self) -> Vec<Chunk> {
        if self.files > 0 {
            self.close();
        }
        self.full
    }
}

/// The files of a chunk, one after the other.
pub(super) struct Reader<'a> {
    bytes: Cow<'a, [u8]>,
    /// The file that came last.
    pub path: String,
    facts: Range<usize>,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: Cow<'a, [u8]>) -> Self {
        Self { bytes, path: String::new(), facts: 0..0 }
    }

    /// Goes on to the next file, if there is one.
    pub fn advance(&mut self) -> bool {
        self.read().is_some()
    }

    /// What is noted of it.
    pub fn facts(&self) -> &[u8] {
        &self.bytes[self.facts.clone()]
    }

    fn read(&mut self) -> Option<()> {
        let rest = &self.bytes[self.facts.end..];
        let ((path, facts), rest): (((usize, &str), &[u8]), _) = postcard::take_from_bytes(rest).ok()?;
        path::go_on(&mut self.path, path)?;
        let end = self.bytes.len() - rest.len();
        self.facts = end - facts.len()..end;
        Some(())
    }
}

/// Of a path only that is written in which it differs from the one before.
fn write(bytes: &mut Vec<u8>, before: &str, path: &str, facts: &[u8]) {
    // What has no maps and no sequences of unknown length can always be written.
    *bytes = postcard::to_extend(&(path::after(before, path), facts.len()), std::mem::take(bytes)).unwrap_or_default();
    bytes.extend_from_slice(facts);
}
