//! Somewhere to put files, with git beside them and nobody's configuration.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::AtomicU64;

use gonogo::tree::entry::Listing;
use gonogo::tree::glob::Globs;
use gonogo::tree::path::RelPath;
use gonogo::tree::source::Source;
use gonogo::tree::working::WorkingTree;

/// A directory that goes away with the test, and git without anybody's configuration.
pub(crate) struct Place {
    home: tempfile::TempDir,
    pub(crate) root: PathBuf,
    /// When everything is committed.
    date: RefCell<String>,
}

impl Place {
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let root = home.path().canonicalize().unwrap().join("tree");
        fs::create_dir(&root).unwrap();
        // The same work gives the same commit on every day.
        Self { home, root, date: RefCell::new("2026-01-05T12:00:00Z".to_owned()) }
    }

    pub(crate) fn repository() -> Self {
        let place = Self::new();
        place.git(&["init", "-q", "-b", "main"]);
        place
    }

    pub(crate) fn write(&self, path: &str, text: &str) -> &Self {
        let full = self.root.join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, text).unwrap();
        self
    }

    pub(crate) fn commit(&self, message: &str) -> &Self {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self
    }

    /// The day on which everything is committed from here on.
    pub(crate) fn on(&self, day: &str) -> &Self {
        self.date.replace(format!("{day}T12:00:00Z"));
        self
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_in(&self.root, arguments, b"")
    }

    pub(crate) fn git_in(&self, dir: &Path, arguments: &[&str], input: &[u8]) -> String {
        let output = self.run_git(dir, arguments, input);
        // `check-ignore` answers 1 when nothing is ignored.
        let fine = output.status.success() || arguments[0] == "check-ignore" && output.status.code() == Some(1);
        assert!(fine, "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Whether it works or not.
    pub(crate) fn try_git(&self, arguments: &[&str]) {
        self.run_git(&self.root, arguments, b"");
    }

    fn run_git(&self, dir: &Path, arguments: &[&str], input: &[u8]) -> Output {
        let mut git = Command::new("git");
        git.args(["-c", "protocol.file.allow=always"]).args(arguments).current_dir(dir).env_clear();
        git.env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", self.home.path());
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{who}_NAME"), "Ana").env(format!("GIT_{who}_EMAIL"), "ana@example.org");
            git.env(format!("GIT_{who}_DATE"), &*self.date.borrow());
        }
        let mut child =
            git.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("git starts");
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap()
    }

    pub(crate) fn open(&self) -> WorkingTree {
        let (tree, warnings) = WorkingTree::open(&self.root).unwrap();
        assert_eq!(warnings, Vec::<String>::new());
        tree
    }

    pub(crate) fn list(&self) -> Listing {
        self.open().list(&AtomicU64::new(0))
    }
}

pub(crate) fn path(text: &str) -> RelPath {
    RelPath::new(text)
}

pub(crate) fn globs(text: &str) -> Globs {
    Globs::new(&[text]).unwrap()
}

pub(crate) fn names(listing: &Listing) -> Vec<&str> {
    listing.entries.keys().map(RelPath::as_str).collect()
}

pub(crate) fn flags(listing: &Listing) -> BTreeMap<String, (bool, bool)> {
    listing.entries.iter().map(|(path, entry)| (path.to_string(), (entry.tracked, entry.ignored))).collect()
}

pub(crate) trait Asks {
    fn is_ignored_by_git(&self, path: &RelPath) -> bool;
}

impl<S: Source> Asks for S {
    fn is_ignored_by_git(&self, path: &RelPath) -> bool {
        self.git().unwrap().is_ignored(path).unwrap()
    }
}
