//! The rules by which git leaves files out, as a chain: the deepest file that has a word on a path decides.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::tree::disk;
use crate::tree::path::RelPath;

/// Larger than any that people write; what lies beyond is not read.
const FILE_CAP: u64 = 4 << 20;

/// Where a repository keeps the rules that stand above the root of the tree.
#[derive(Clone, Debug)]
pub(crate) struct IgnoreFiles {
    pub(crate) workdir: PathBuf,
    pub(crate) exclude: PathBuf,
    pub(crate) global: Option<PathBuf>,
    pub(crate) fold_case: bool,
}

/// The rules in force in one directory. Cheap to clone: a directory without a file of its own shares its parent's.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    deepest: Option<Arc<Level>>,
    fold_case: bool,
    compiled: Arc<Compiled>,
}

/// Ignore files that were compiled before: to compile one takes longer than to read it. An empty one is none.
#[derive(Debug, Default)]
pub(crate) struct Compiled(Mutex<HashMap<Written, Option<Arc<Gitignore>>>>);

/// Below which folder, what, and whether it folds case.
type Written = (PathBuf, String, bool);

#[derive(Debug)]
struct Level {
    own: Arc<Gitignore>,
    above: Option<Arc<Level>>,
}

/// What the rules make of one path, given that they apply to its directories too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Kept,
    Ignored,
    /// A directory above it is ignored, so git never looks at it.
    Below,
    /// It lies in another repository.
    Fenced,
}

impl Standing {
    pub(crate) fn is_ignored(self) -> bool {
        matches!(self, Self::Ignored | Self::Below)
    }

    /// Whether a walk gets to it at all.
    pub(crate) fn is_reached(self) -> bool {
        matches!(self, Self::Kept | Self::Ignored)
    }
}

impl Rules {
    /// What holds at `root` before its own `.gitignore`: the user's rules, the repository's, and those of every
    /// directory between the top of the repository and the root.
    pub(crate) fn above(root: &Path, files: Option<&IgnoreFiles>, compiled: &Arc<Compiled>) -> Self {
        let Some(files) = files else { return Self::default() };
        let mut rules = Self { deepest: None, fold_case: files.fold_case, compiled: Arc::clone(compiled) };
        for file in files.global.iter().chain([&files.exclude]) {
            // The user's own file may well be a link into a folder of dotfiles.
            rules = rules.with(&files.workdir, &disk::read_text(file, FILE_CAP).unwrap_or_default());
        }
        let mut parents: Vec<&Path> =
            root.ancestors().skip(1).take_while(|dir| dir.starts_with(&files.workdir)).collect();
        parents.reverse();
        parents.into_iter().fold(rules, |rules, dir| rules.enter(dir))
    }

    /// The rules inside `dir`, which adds those of its `.gitignore`. As git does, a link is not followed.
    pub(crate) fn enter(&self, dir: &Path) -> Self {
        match disk::read_regular(&dir.join(".gitignore"), FILE_CAP) {
            Ok(content) => self.with(dir, &String::from_utf8_lossy(&content.bytes)),
            Err(_) => self.clone(),
        }
    }

    /// Adds the lines of one ignore file that speaks of what is below `dir`. A line that is no pattern is skipped.
    pub(crate) fn with(&self, dir: &Path, text: &str) -> Self {
        match self.compiled.get(dir, text, self.fold_case) {
            Some(own) => {
                let deepest = Some(Arc::new(Level { own, above: self.deepest.clone() }));
                Self { deepest, fold_case: self.fold_case, compiled: Arc::clone(&self.compiled) }
            }
            None => self.clone(),
        }
    }

    /// Whether there are none, so that nothing is left out.
    pub(crate) fn is_empty(&self) -> bool {
        self.deepest.is_none()
    }

    /// Whether this very name is left out; its directories were asked before.
    pub(crate) fn ignore(&self, path: &Path, is_dir: bool) -> bool {
        let mut level = self.deepest.as_ref();
        while let Some(here) = level {
            let found = here.own.matched(path, is_dir);
            if !found.is_none() {
                return found.is_ignore();
            }
            level = here.above.as_ref();
        }
        false
    }
}

impl Compiled {
    /// More than there are in most trees: then all are forgotten.
    const MOST: usize = 1024;

    fn get(&self, dir: &Path, text: &str, fold_case: bool) -> Option<Arc<Gitignore>> {
        let key = (dir.to_path_buf(), text.to_owned(), fold_case);
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(compiled) = known().get(&key) {
            return compiled.clone();
        }
        let compiled = compile(dir, text, fold_case);
        let mut known = known();
        if known.len() >= Self::MOST {
            known.clear();
        }
        known.insert(key, compiled.clone());
        compiled
    }
}

fn compile(dir: &Path, text: &str, fold_case: bool) -> Option<Arc<Gitignore>> {
    let mut builder = GitignoreBuilder::new(dir);
    builder.case_insensitive(fold_case).ok()?;
    for line in text.trim_start_matches('\u{feff}').lines() {
        drop(builder.add_line(None, line));
    }
    builder.build().ok().filter(|own| !own.is_empty()).map(Arc::new)
}

/// The rules of every directory of a tree that is not on the disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct RuleMap(BTreeMap<RelPath, Rules>);

impl RuleMap {
    /// `read` gives the text of a file, if it is there.
    pub(crate) fn new(directories: &BTreeSet<RelPath>, read: &dyn Fn(&RelPath) -> Option<String>) -> Self {
        let mut map = BTreeMap::<RelPath, Rules>::new();
        // In the order of their names, so that every directory comes after the one that holds it.
        for dir in directories {
            let above = map.get(&dir.parent()).cloned().unwrap_or_default();
            let rules = match read(&dir.join(b".gitignore")) {
                Some(text) => above.with(&nowhere(dir), &text),
                None => above,
            };
            map.insert(dir.clone(), rules);
        }
        Self(map)
    }

    /// Whether the path is ignored, by its own name or by that of a directory above it. It need not be there.
    pub(crate) fn leave_out(&self, path: &RelPath, is_dir: bool) -> bool {
        let is_dir = is_dir || self.0.contains_key(path);
        ancestors(path).any(|dir| self.ignore(&dir, true)) || self.ignore(path, is_dir)
    }

    fn ignore(&self, path: &RelPath, is_dir: bool) -> bool {
        // In a directory that is not here, the rules of the last one that is go on.
        let mut dir = path.parent();
        while !dir.as_str().is_empty() && !self.0.contains_key(&dir) {
            dir = dir.parent();
        }
        self.0.get(&dir).is_some_and(|rules| rules.ignore(&nowhere(path), is_dir))
    }
}

/// Patterns are matched below some absolute place; this one is never touched.
fn nowhere(path: &RelPath) -> PathBuf {
    path.under(Path::new("/nowhere"))
}

/// The directories between the root and `path`, the outermost first; neither of them is among these.
pub(crate) fn ancestors(path: &RelPath) -> impl Iterator<Item = RelPath> {
    path.as_str().match_indices('/').map(|(at, _)| RelPath::new(&path.as_str()[..at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deepest_file_with_a_word_on_it_decides() {
        let outer = Rules::default().with(Path::new("/r"), "*.log\n[broken\n/only-here\n");
        let inner = outer.with(Path::new("/r/a"), "!keep.log\n");
        assert!(outer.ignore(Path::new("/r/x.log"), false));
        assert!(outer.ignore(Path::new("/r/only-here"), false));
        assert!(!outer.ignore(Path::new("/r/a/only-here"), false));
        assert!(inner.ignore(Path::new("/r/a/x.log"), false));
        assert!(!inner.ignore(Path::new("/r/a/keep.log"), false));
    }

    #[test]
    fn ancestors_go_from_the_root_down() {
        let found: Vec<String> = ancestors(&"a/b/c".into()).map(|dir| dir.to_string()).collect();
        assert_eq!(found, ["a", "a/b"]);
        assert_eq!(ancestors(&"a".into()).count(), 0);
    }
}
