//! What is known, on the disk, for each tree and checklist, in the user's own cache folder. Nobody misses them: what
//! cannot be read or written is looked at again.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// What nobody wrote for so long is thrown away.
const OLDEST: Duration = Duration::from_secs(30 * 24 * 3600);
/// And the oldest first where all of it is more than this.
const MOST_BYTES: u64 = 1 << 30;
/// What is larger is not worth its time.
const LARGEST: u64 = 256 << 20;
const FOLDER: &str = "trees";

#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    /// Without an ending.
    file: PathBuf,
}

/// What is kept of a tree.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    Facts,
    Checklist,
}

impl Part {
    const ENDINGS: [&str; 2] = ["facts", "checklist"];

    fn ending(self) -> &'static str {
        Self::ENDINGS[self as usize]
    }
}

impl Cache {
    /// `folder` is the cache folder of this program, `checklist` names what is asked. `None` where that folder lies in
    /// the tree that is looked at: nothing of ours may become part of it.
    #[must_use]
    pub fn new(folder: &Path, root: &Path, checklist: &str) -> Option<Self> {
        let real = folder.ancestors().find_map(|existing| existing.canonicalize().ok());
        if folder.starts_with(root) || real.is_some_and(|real| real.starts_with(root)) {
            return None;
        }
        let name = blake3::hash(format!("{}\n{checklist}", root.display()).as_bytes());
        let folder = folder.join(FOLDER);
        let file = folder.join(&name.to_hex()[..32]);
        Some(Self { folder, file })
    }

    #[must_use]
    pub fn load(&self, part: Part) -> Option<Vec<u8>> {
        let file = self.file.with_extension(part.ending());
        let is_bearable = fs::metadata(&file).is_ok_and(|data| data.is_file() && data.len() <= LARGEST);
        if is_bearable { fs::read(file).ok() } else { None }
    }

    /// Whole or not at all; whoever writes last is right, too.
    pub fn store(&self, part: Part, bytes: &[u8], now: SystemTime) {
        if bytes.is_empty() || bytes.len() as u64 > LARGEST {
            return;
        }
        let written = fs::create_dir_all(&self.folder)
            .and_then(|()| tempfile::Builder::new().prefix(".new-").tempfile_in(&self.folder))
            .and_then(|mut file| file.write_all(bytes).map(|()| file));
        if let Ok(file) = written
            && file.persist(self.file.with_extension(part.ending())).is_ok()
        {
            prune(&self.folder, now);
        }
    }
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
        let cache = |root: &str, checklist| Cache::new(folder.path(), Path::new(root), checklist).unwrap();
        let (one, other_tree, other_checklist) = (cache("/a", "x"), cache("/b", "x"), cache("/a", "y"));
        one.store(Part::Facts, b"one", SystemTime::now());
        assert_eq!(one.load(Part::Facts).as_deref(), Some(&b"one"[..]));
        assert_eq!((other_tree.load(Part::Facts), other_checklist.load(Part::Facts)), (None, None));
        assert_eq!(one.load(Part::Checklist), None);
    }

    #[test]
    fn nothing_is_kept_inside_the_tree_that_is_looked_at() {
        let home = tempfile::tempdir().unwrap();
        let root = home.path().canonicalize().unwrap();
        assert!(Cache::new(&root.join(".cache/gonogo"), &root, "x").is_none());
        assert!(Cache::new(&root.join(".cache/gonogo"), &root.join("work"), "x").is_some());
        fs::create_dir(root.join("work")).unwrap();
        std::os::unix::fs::symlink("work", root.join("other")).unwrap();
        assert!(Cache::new(&root.join("other/.cache"), &root.join("work"), "x").is_none());
    }
}
