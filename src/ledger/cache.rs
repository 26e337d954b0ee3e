//! What is known, on the disk, for each tree and checklist, in the user's own cache folder. Nobody misses them: what
//! cannot be read or written is looked at again.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// What nobody wrote for so long is thrown away.
const OLDEST: Duration = Duration::from_secs(30 * 24 * 3600);
/// And the oldest first where all of it is more than this.
const MOST_BYTES: u64 = 1 << 30;
/// What is larger is not worth its time.
const LARGEST: u64 = 256 << 20;
const FOLDER: &str = "trees";
const MAGIC: [u8; 16] = *b"gonogo kept 3\n\0\0";
/// Magic, the lengths of head and body, and the checksum of the head and these.
const PREFACE: usize = 16 + 8 + 8 + 32;

#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    /// By [`Part`].
    files: [PathBuf; 3],
}

/// What is kept of a tree.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    Facts,
    Checklist,
    /// What is known of the patterns of a checklist.
    Patterns,
}

impl Part {
    const ENDINGS: [&str; 3] = ["facts", "checklist", "patterns"];

    fn ending(self) -> &'static str {
        Self::ENDINGS[self as usize]
    }
}

impl Cache {
    /// `folder` is the cache folder of this program, `checklist` names what is asked, and `is_built_in` whether every
    /// tree is asked the same under that name: then it is kept once for all of them. `None` where that folder lies in the
    /// tree that is looked at: nothing of ours may become part of it.
    #[must_use]
    pub fn new(folder: &Path, root: &Path, checklist: &str, is_built_in: bool) -> Option<Self> {
        let real = folder.ancestors().find_map(|existing| existing.canonicalize().ok());
        if folder.starts_with(root) || real.is_some_and(|real| real.starts_with(root)) {
            return None;
        }
        let folder = folder.join(FOLDER);
        let of_tree = format!("{}\n{checklist}", root.display());
        let file = |part: Part, named: &str| {
            let name = &blake3::hash(named.as_bytes()).to_hex()[..32];
            folder.join(name).with_extension(part.ending())
        };
        let asked = if is_built_in { checklist } else { &of_tree };
        let files = [file(Part::Facts, &of_tree), file(Part::Checklist, asked), file(Part::Patterns, asked)];
        Some(Self { files, folder })
    }

    #[must_use]
    pub fn load(&self, part: Part) -> Option<Kept> {
        let path = &self.files[part as usize];
        // Whatever else has this name may never end, or not even begin.
        fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let file = File::open(path).ok()?;
        let length = file.metadata().ok()?.len();
        if length > LARGEST { None } else { Kept::open(file, length) }
    }

    /// Whole or not at all; whoever writes last is right, too. The head comes back whole, too, or not at all.
    pub fn store(
        &self,
        part: Part,
        head: impl FnOnce(&mut dyn Write) -> io::Result<()>,
        body: &[&[u8]],
        now: SystemTime,
    ) {
        let written = fs::create_dir_all(&self.folder)
            .and_then(|()| tempfile::Builder::new().prefix(".new-").tempfile_in(&self.folder))
            .and_then(|mut file| write(file.as_file_mut(), head, body).map(|()| file));
        if let Ok(file) = written
            && file.persist(&self.files[part as usize]).is_ok()
        {
            prune(&self.folder, now);
        }
    }
}

fn write(file: &mut File, head: impl FnOnce(&mut dyn Write) -> io::Result<()>, body: &[&[u8]]) -> io::Result<()> {
    // What comes first is known last.
    file.write_all(&[0; PREFACE])?;
    let mut out = BufWriter::with_capacity(64 << 10, Head { file, checksum: blake3::Hasher::new(), length: 0 });
    head(&mut out)?;
    let Head { file, checksum, length } = out.into_inner().map_err(|error| error.into_error())?;
    let of_body = body.iter().map(|piece| piece.len() as u64).sum::<u64>();
    if length == 0 || length.saturating_add(of_body) > LARGEST {
        return Err(io::Error::other("nothing, or too much"));
    }
    body.iter().try_for_each(|piece| file.write_all(piece))?;
    file.rewind()?;
    file.write_all(&preface(checksum, length, of_body))
}

/// What is written of the head.
struct Head<'f> {
    file: &'f mut File,
    checksum: blake3::Hasher,
    length: u64,
}

impl Write for Head<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.checksum.update(&bytes[..written]);
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// What was kept: a head that is as it was written, and a body that is read in pieces when somebody asks. Whoever writes
/// another one meanwhile does not touch this.
#[derive(Debug)]
pub struct Kept {
    pub head: Vec<u8>,
    file: Mutex<File>,
    /// Where the body stands.
    body: Range<u64>,
}

impl Kept {
    fn open(mut file: File, length: u64) -> Option<Self> {
        let mut bytes = [0; PREFACE];
        file.read_exact(&mut bytes).ok()?;
        let number = |at: usize| bytes[at..].first_chunk().map_or(u64::MAX, |number| u64::from_le_bytes(*number));
        let (head, body) = (number(16), number(24));
        let start = (PREFACE as u64).checked_add(head)?;
        if start.checked_add(body)? != length {
            return None;
        }
        // No longer than the file, which is bearable.
        let mut read = vec![0; head as usize];
        file.read_exact(&mut read).ok()?;
        let mut checksum = blake3::Hasher::new();
        checksum.update(&read);
        let is_whole = preface(checksum, head, body) == bytes;
        is_whole.then(|| Self { head: read, file: Mutex::new(file), body: start..length })
    }

    /// A piece of the body, as it stands there now; `None` where there is none.
    #[must_use]
    pub fn read(&self, piece: Range<u64>) -> Option<Vec<u8>> {
        let length = piece.end.checked_sub(piece.start).filter(|_| piece.end <= self.body.end - self.body.start)?;
        let mut bytes = vec![0; length as usize];
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.body.start + piece.start)).ok()?;
        file.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// `checksum` has taken in the head.
fn preface(mut checksum: blake3::Hasher, head: u64, body: u64) -> [u8; PREFACE] {
    let lengths = [head.to_le_bytes(), body.to_le_bytes()].concat();
    checksum.update(&lengths);
    let mut out = [0; PREFACE];
    out[..16].copy_from_slice(&MAGIC);
    out[16..32].copy_from_slice(&lengths);
    out[32..].copy_from_slice(checksum.finalize().as_bytes());
    out
}

/// Throws away what is too old, what a killed process left, and the oldest of what is too much.
fn prune(folder: &Path, now: SystemTime) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut kept: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
    for entry in entries {
        let Some(data) = entry.metadata().ok().filter(fs::Metadata::is_file) else { continue };
        let Ok(written) = data.modified() else { continue };
        let path = entry.path();
        let age = now.duration_since(written).unwrap_or_default();
        let is_ours = path.extension().is_some_and(|ending| Part::ENDINGS.iter().any(|own| ending == *own));
        let is_left = !is_ours && age > Duration::from_secs(3600);
        if age > OLDEST || is_left {
            drop(fs::remove_file(path));
        } else if is_ours {
            kept.push((written, data.len(), path));
        }
    }
    kept.sort_by_key(|(written, ..)| std::cmp::Reverse(*written));
    let mut sum = 0;
    for (_, size, path) in kept {
        sum += size;
        if sum > MOST_BYTES {
            drop(fs::remove_file(path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_facts_and_what_a_killed_process_left_are_thrown_away() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.facts", "b.checklist", ".new-x"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let names = || {
            let mut names: Vec<String> =
                fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        };
        prune(folder.path(), SystemTime::now());
        assert_eq!(names(), [".new-x", "a.facts", "b.checklist"]);
        prune(folder.path(), SystemTime::now() + Duration::from_secs(7200));
        assert_eq!(names(), ["a.facts", "b.checklist"]);
        prune(folder.path(), SystemTime::now() + OLDEST + Duration::from_secs(1));
        assert!(names().is_empty());
    }

    #[test]
    fn each_tree_and_each_checklist_has_facts_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let cache = |root: &str, checklist| Cache::new(folder.path(), Path::new(root), checklist, false).unwrap();
        let (one, other_tree, other_checklist) = (cache("/a", "x"), cache("/b", "x"), cache("/a", "y"));
        one.store(Part::Facts, |out| out.write_all(b"one"), &[], SystemTime::now());
        assert_eq!(one.load(Part::Facts).unwrap().head, b"one");
        assert!(other_tree.load(Part::Facts).is_none() && other_checklist.load(Part::Facts).is_none());
        assert!(one.load(Part::Checklist).is_none());
    }

    #[test]
    fn a_checklist_that_is_built_in_is_kept_once_for_all_trees() {
        let folder = tempfile::tempdir().unwrap();
        let cache = |root: &str| Cache::new(folder.path(), Path::new(root), "x", true).unwrap();
        let (one, other) = (cache("/a"), cache("/b"));
        one.store(Part::Checklist, |out| out.write_all(b"x"), &[], SystemTime::now());
        one.store(Part::Facts, |out| out.write_all(b"one"), &[], SystemTime::now());
        assert_eq!(other.load(Part::Checklist).unwrap().head, b"x");
        assert!(other.load(Part::Facts).is_none());
    }

    #[test]
    fn the_head_comes_back_whole_or_not_at_all_and_the_body_in_pieces() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path(), Path::new("/a"), "x", false).unwrap();
        cache.store(Part::Facts, |out| out.write_all(b"head"), &[b"the ", b"body"], SystemTime::now());
        let kept = cache.load(Part::Facts).unwrap();
        let path = cache.files[Part::Facts as usize].clone();
        let whole = fs::read(&path).unwrap();
        cache.store(Part::Facts, |out| out.write_all(b"another"), &[b"one"], SystemTime::now());
        assert_eq!(kept.read(4..8).as_deref(), Some(&b"body"[..]), "what was opened stays");
        assert_eq!((kept.read(0..0), kept.read(4..9)), (Some(Vec::new()), None));
        #[expect(clippy::reversed_empty_ranges, reason = "a damaged table may hold one")]
        let reversed = 5..4;
        assert_eq!(kept.read(reversed), None);
        for end in 0..whole.len() {
            fs::write(&path, &whole[..end]).unwrap();
            assert!(cache.load(Part::Facts).is_none(), "cut at {end}");
        }
        for at in 0..whole.len() - b"the body".len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(&path, &damaged).unwrap();
            assert!(cache.load(Part::Facts).is_none(), "damaged at {at}");
        }
    }

    #[test]
    fn nothing_is_kept_inside_the_tree_that_is_looked_at() {
        let home = tempfile::tempdir().unwrap();
        let root = home.path().canonicalize().unwrap();
        assert!(Cache::new(&root.join(".cache/gonogo"), &root, "x", false).is_none());
        assert!(Cache::new(&root.join(".cache/gonogo"), &root.join("work"), "x", false).is_some());
        fs::create_dir(root.join("work")).unwrap();
        std::os::unix::fs::symlink("work", root.join("other")).unwrap();
        assert!(Cache::new(&root.join("other/.cache"), &root.join("work"), "x", false).is_none());
    }
}
