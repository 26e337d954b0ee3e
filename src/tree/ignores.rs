//! The rules by which git leaves files out, as a chain: the deepest file that has a word on a path decides.

use std::path::{Path, PathBuf};
use std::sync::Arc;

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
}

#[derive(Debug)]
struct Level {
    own: Gitignore,
    above: Option<Arc<Level>>,
}

/// What the rules make of one path, given that they apply to its directories too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Kept,
    Ignored,
    /// A directory above it is ignored, so git never looks at it.
    Below,
}

impl Rules {
    /// What holds at `root` before its own `.gitignore`: the user's rules, the repository's, and those of every
    /// directory between the top of the repository and the root.
    pub(crate) fn above(root: &Path, files: Option<&IgnoreFiles>) -> Self {
        let Some(files) = files else { return Self::default() };
        let mut rules = Self { deepest: None, fold_case: files.fold_case };
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
        let mut builder = GitignoreBuilder::new(dir);
        let folds = builder.case_insensitive(self.fold_case).is_ok();
        for line in text.trim_start_matches('\u{feff}').lines() {
            drop(builder.add_line(None, line));
        }
        match builder.build() {
            Ok(own) if folds && !own.is_empty() => {
                Self { deepest: Some(Arc::new(Level { own, above: self.deepest.clone() })), fold_case: self.fold_case }
            }
            _ => self.clone(),
        }
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

    /// Asks for one path alone, from the root down; `self` are the rules above the root.
    pub(crate) fn standing(&self, root: &Path, path: &RelPath, is_dir: bool) -> Standing {
        let mut rules = self.enter(root);
        for dir in ancestors(path) {
            let full = dir.under(root);
            if rules.ignore(&full, true) {
                return Standing::Below;
            }
            rules = rules.enter(&full);
        }
        if rules.ignore(&path.under(root), is_dir) { Standing::Ignored } else { Standing::Kept }
    }
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
