//! Tells what may have changed in a working tree while somebody works in it.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use crate::tree::path::RelPath;
use crate::tree::repository::GitPaths;
use crate::tree::settle::{self, Signal};

#[cfg(target_os = "linux")]
use crate::tree::inotify::Eyes;
#[cfg(not(target_os = "linux"))]
use crate::tree::notified::Eyes;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchState {
    Live,
    /// Every so many seconds, and why.
    Polling {
        seconds: u64,
        why: String,
    },
    Paused,
}

impl fmt::Display for WatchState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Live => f.write_str("live"),
            Self::Polling { seconds, why } => write!(f, "polling every {seconds} s: {why}"),
            Self::Paused => f.write_str("paused"),
        }
    }
}

/// Something to look at again. It names places; only their stat tells whether anything is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Files and directories that were written, created, moved or removed. Walk a directory again, and [`Watcher::add`]
    /// what it holds.
    Paths(BTreeSet<RelPath>),
    /// HEAD, a ref or the index.
    Git,
    /// Anything. The first one comes as soon as everything is watched.
    Rescan,
    State(WatchState),
}

/// Watches directories, each for itself, so that those which are left out cost nothing. Stops when dropped.
#[derive(Debug)]
pub struct Watcher {
    eyes: Arc<Eyes>,
    signals: Sender<Signal>,
}

impl Watcher {
    /// Starts to watch and returns at once. `deliver` is called from a thread of its own, and answers whether anybody
    /// still listens. Once all is watched come the state and one `Rescan`.
    pub fn start(
        root: &Path,
        directories: BTreeSet<RelPath>,
        git: GitPaths,
        mut deliver: impl FnMut(Change) -> bool + Send + 'static,
    ) -> Self {
        let (signals, gathered) = channel();
        thread::spawn(move || settle::run(&gathered, settle::POLL, &mut deliver));
        let eyes = Eyes::open(root, signals.clone());
        let watcher = Self { eyes: Arc::clone(&eyes), signals: signals.clone() };
        thread::spawn(move || {
            eyes.watch_git(git);
            for dir in directories {
                eyes.watch(&dir);
            }
            drop(signals.send(Signal::Ready));
        });
        watcher
    }

    /// Watches these too. Each one that is new is told of once more, because something may have happened in it before;
    /// those that are watched already cost next to nothing.
    pub fn add<'a>(&mut self, directories: impl IntoIterator<Item = &'a RelPath>) {
        for dir in directories {
            if self.eyes.watch(dir) {
                drop(self.signals.send(Signal::Path(dir.clone())));
            }
        }
    }

    /// Forgets these and everything below them.
    pub fn remove<'a>(&mut self, directories: impl IntoIterator<Item = &'a RelPath>) {
        for dir in directories {
            self.eyes.forget(dir);
        }
    }

    /// Says nothing until the pause ends, and then that anything may have changed.
    pub fn pause(&mut self, paused: bool) {
        drop(self.signals.send(Signal::Pause(paused)));
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.eyes.close();
        drop(self.signals.send(Signal::Stop));
    }
}

/// Whether a file directly in git's directory says what is checked out. Lock files come and go with every command.
pub(crate) fn git_file_matters(name: &[u8]) -> bool {
    matches!(name, b"HEAD" | b"index" | b"packed-refs" | b"config" | b"shallow")
}

/// Whether a directory with this name in it, and the other two, is a repository.
pub(crate) fn makes_a_repository(name: &[u8]) -> bool {
    matches!(name, b"HEAD" | b"objects" | b"refs")
}

/// Whether something below `refs` is a ref.
pub(crate) fn ref_matters(name: &[u8]) -> bool {
    !name.ends_with(b".lock")
}
