//! Where the system watches whole trees (macOS, Windows): one watch, and a filter that leaves out what nobody asked for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::tree::path::RelPath;
use crate::tree::repository::GitPaths;
use crate::tree::settle::Signal;
use crate::tree::watch::{git_file_matters, makes_a_repository, ref_matters};

#[derive(Debug)]
pub(crate) struct Eyes {
    watcher: Mutex<Option<RecommendedWatcher>>,
    filter: Arc<Mutex<Filter>>,
    signals: Mutex<Sender<Signal>>,
}

#[derive(Debug, Default)]
struct Filter {
    root: PathBuf,
    directories: BTreeSet<RelPath>,
    git: GitPaths,
}

impl Eyes {
    pub(crate) fn open(root: &Path, signals: Sender<Signal>) -> Arc<Self> {
        let filter = Arc::new(Mutex::new(Filter { root: root.to_path_buf(), ..Filter::default() }));
        let (kept, sender) = (Arc::clone(&filter), signals.clone());
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            for signal in lock(&kept).translate(event) {
                drop(sender.send(signal));
            }
        });
        let eyes = Self { watcher: Mutex::default(), filter, signals: Mutex::new(signals) };
        match watcher {
            Ok(watcher) => *lock(&eyes.watcher) = Some(watcher),
            Err(error) => eyes.blind(&error),
        }
        eyes.watch_all(root, RecursiveMode::Recursive);
        Arc::new(eyes)
    }

    /// Whether this directory was not watched before, and is now.
    pub(crate) fn watch(&self, dir: &RelPath) -> bool {
        lock(&self.filter).directories.insert(dir.clone())
    }

    pub(crate) fn watch_git(&self, git: GitPaths) {
        let root = lock(&self.filter).root.clone();
        lock(&self.filter).git = git.clone();
        for dir in git.directories.iter().filter(|dir| !dir.starts_with(&root)) {
            self.watch_all(dir, RecursiveMode::NonRecursive);
        }
        for dir in git.refs.iter().filter(|dir| !dir.starts_with(&root)) {
            self.watch_all(dir, RecursiveMode::Recursive);
        }
    }

    /// Forgets a directory and everything below it.
    pub(crate) fn forget(&self, dir: &RelPath) {
        lock(&self.filter).directories.retain(|known| !known.starts_with(dir));
    }

    pub(crate) fn close(&self) {
        // Taken out first: its threads may wait for the lock that they need to end.
        let watcher = lock(&self.watcher).take();
        drop(watcher);
    }

    fn watch_all(&self, dir: &Path, mode: RecursiveMode) {
        let result = lock(&self.watcher).as_mut().map(|watcher| watcher.watch(dir, mode));
        if let Some(Err(error)) = result {
            self.blind(&error);
        }
    }

    fn blind(&self, error: &notify::Error) {
        drop(lock(&self.signals).send(Signal::Blind(format!("the system's watch failed: {error}"))));
    }
}

impl Filter {
    fn translate(&mut self, event: notify::Result<notify::Event>) -> Vec<Signal> {
        match event {
            Err(error) => vec![Signal::Blind(format!("the system's watch failed: {error}"))],
            Ok(event) if event.need_rescan() => vec![Signal::Lost],
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => Vec::new(),
            Ok(event) => event.paths.iter().filter_map(|path| self.signal(path)).collect(),
        }
    }

    fn signal(&mut self, full: &Path) -> Option<Signal> {
        let name = full.file_name()?.as_encoded_bytes();
        if self.git.refs.iter().any(|refs| full.starts_with(refs)) {
            return ref_matters(name).then_some(Signal::Git);
        }
        if self.git.directories.iter().any(|dir| full.starts_with(dir)) {
            if self.git.directories.iter().any(|dir| full == dir) && !full.is_dir() {
                return Some(Signal::Lost);
            }
            let directly = self.git.directories.iter().any(|dir| full.parent() == Some(dir));
            return (directly && git_file_matters(name)).then_some(Signal::Git);
        }
        let path = RelPath::within(&self.root, full)?;
        let inside = path.as_str().split('/').any(|part| part == ".git");
        // Whoever makes a repository may take longer than anybody waits for the `.git` to be one.
        let made = path.parent().name() == ".git" && makes_a_repository(name);
        let path = match path.name() {
            _ if made => path.parent().parent(),
            ".git" => path.parent(),
            _ if inside => return None,
            _ => path,
        };
        if inside && path.as_str().is_empty() {
            return Some(Signal::Lost);
        }
        // A directory that went away may come back, and is then new.
        if self.directories.contains(&path) && !full.is_dir() {
            self.directories.retain(|known| !known.starts_with(&path));
            return Some(Signal::Path(path));
        }
        self.directories.contains(&path.parent()).then_some(Signal::Path(path))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
