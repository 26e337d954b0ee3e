//! Linux tells of changes per directory. Asked directly, because reading a file must not be an event: a walk over a
//! large tree would otherwise overflow the queue that made it walk.

use std::collections::HashMap;
use std::fs;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};
use rustix::io::Errno;

use crate::tree::path::RelPath;
use crate::tree::repository::GitPaths;
use crate::tree::settle::Signal;
use crate::tree::watch::{git_file_matters, makes_a_repository, ref_matters};

const LIMIT: &str = "the system allows no more watched directories (fs.inotify.max_user_watches)";

#[derive(Debug)]
pub(crate) struct Eyes {
    root: PathBuf,
    /// `None` where the system gives none: then there is only polling.
    queue: Option<OwnedFd>,
    places: Mutex<HashMap<i32, Place>>,
    closed: AtomicBool,
    signals: Mutex<Sender<Signal>>,
}

/// What a watched directory is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Tree(RelPath),
    /// A `.git` that came into this directory of the tree, and may be no repository yet.
    Border(RelPath),
    Git,
    Refs(PathBuf),
}

impl Eyes {
    pub(crate) fn open(root: &Path, signals: Sender<Signal>) -> Arc<Self> {
        let queue = inotify::init(CreateFlags::CLOEXEC);
        let trouble = match &queue {
            Err(error) => Some(format!("the system gives no watch: {error}")),
            Ok(_) => is_remote(root).then(|| "other machines' changes to this file system are not told of".to_owned()),
        };
        if let Some(why) = trouble {
            drop(signals.send(Signal::Blind(why)));
        }
        let eyes = Arc::new(Self {
            root: root.to_path_buf(),
            queue: queue.ok(),
            places: Mutex::default(),
            closed: AtomicBool::new(false),
            signals: Mutex::new(signals.clone()),
        });
        let reader = Arc::clone(&eyes);
        thread::spawn(move || reader.read(&signals));
        eyes
    }

    /// Whether this directory was not watched before, and is now.
    pub(crate) fn watch(&self, dir: &RelPath) -> bool {
        self.add(&dir.under(&self.root), &Place::Tree(dir.clone()))
    }

    pub(crate) fn watch_git(&self, git: GitPaths) {
        for dir in git.directories {
            self.add(&dir, &Place::Git);
        }
        for dir in git.refs {
            self.add_refs(&dir);
        }
    }

    /// Forgets a directory and everything below it.
    pub(crate) fn forget(&self, dir: &RelPath) {
        let Some(queue) = &self.queue else { return };
        self.places().retain(|watch, place| {
            let gone = matches!(place, Place::Tree(path) | Place::Border(path) if path.starts_with(dir));
            if gone {
                // An error means that it is gone already.
                let _ = inotify::remove_watch(queue, *watch);
            }
            !gone
        });
    }

    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        // The reader sleeps in the kernel; the end of any watch is an event that wakes it.
        let Some(queue) = &self.queue else { return };
        if let Ok(watch) = inotify::add_watch(queue, "/", WatchFlags::DELETE_SELF | WatchFlags::MASK_ADD) {
            let _ = inotify::remove_watch(queue, watch);
        }
    }

    fn add(&self, full: &Path, place: &Place) -> bool {
        let Some(queue) = &self.queue else { return false };
        let what = WatchFlags::CREATE
            | WatchFlags::DELETE
            | WatchFlags::MODIFY
            | WatchFlags::CLOSE_WRITE
            | WatchFlags::MOVED_FROM
            | WatchFlags::MOVED_TO
            | WatchFlags::ATTRIB
            | WatchFlags::ONLYDIR
            | WatchFlags::DONT_FOLLOW;
        // Held across the call, so that the reader never meets a watch that has no place yet.
        let mut places = self.places();
        match inotify::add_watch(queue, full, what) {
            Ok(watch) => places.insert(watch, place.clone()).as_ref() != Some(place),
            Err(Errno::NOSPC | Errno::NOMEM) => {
                drop(places);
                self.tell(Signal::Blind(LIMIT.to_owned()));
                false
            }
            // Gone, or never readable: its parent tells when that changes.
            Err(_) => false,
        }
    }

    fn add_refs(&self, dir: &Path) {
        let mut ahead = vec![dir.to_path_buf()];
        while let Some(dir) = ahead.pop() {
            self.add(&dir, &Place::Refs(dir.clone()));
            let below = fs::read_dir(&dir).into_iter().flatten().flatten();
            ahead.extend(
                below.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path()),
            );
        }
    }

    /// Waits for events, without a timer, until closed.
    fn read(&self, signals: &Sender<Signal>) {
        let Some(queue) = &self.queue else { return };
        let mut buffer = vec![MaybeUninit::uninit(); 64 << 10];
        let mut reader = Reader::new(queue, &mut buffer);
        while !self.closed.load(Ordering::Acquire) {
            let listening = match reader.next() {
                Ok(event) => {
                    let name = event.file_name().map_or(&b""[..], |name| name.to_bytes());
                    self.translate(event.wd(), event.events(), name).is_none_or(|signal| signals.send(signal).is_ok())
                }
                Err(Errno::INTR) => true,
                Err(error) => {
                    drop(signals.send(Signal::Blind(format!("the system's watch failed: {error}"))));
                    false
                }
            };
            if !listening {
                return;
            }
        }
    }

    fn translate(&self, watch: i32, events: ReadFlags, name: &[u8]) -> Option<Signal> {
        if events.contains(ReadFlags::QUEUE_OVERFLOW) {
            return Some(Signal::Lost);
        }
        if events.contains(ReadFlags::IGNORED) {
            // Numbers are not used twice, so this cannot hit a watch that was added since.
            return match self.places().remove(&watch)? {
                Place::Tree(dir) | Place::Border(dir) => Some(all_of(dir)),
                Place::Git | Place::Refs(_) => Some(Signal::Git),
            };
        }
        let place = self.places().get(&watch).cloned()?;
        let is_dir = events.contains(ReadFlags::ISDIR);
        let comes = events.intersects(ReadFlags::CREATE | ReadFlags::MOVED_TO);
        let goes = events.intersects(ReadFlags::DELETE | ReadFlags::MOVED_FROM);
        match place {
            Place::Tree(dir) if name == b".git" => {
                if is_dir && comes {
                    // Whoever makes a repository may take longer than anybody waits.
                    let git = dir.join(name).under(&self.root);
                    self.add(&git, &Place::Border(dir.clone()));
                }
                (comes || goes).then(|| all_of(dir))
            }
            Place::Border(dir) => (comes && makes_a_repository(name)).then(|| all_of(dir)),
            // The directory itself: its parent says the same with its name.
            Place::Tree(dir) if name.is_empty() => dir.as_str().is_empty().then_some(Signal::Path(dir)),
            Place::Tree(dir) => {
                let path = dir.join(name);
                if is_dir && events.contains(ReadFlags::MOVED_FROM) {
                    // The watches would go with it and tell its old name.
                    self.forget(&path);
                }
                Some(Signal::Path(path))
            }
            Place::Git => git_file_matters(name).then_some(Signal::Git),
            Place::Refs(dir) => {
                if is_dir && comes {
                    self.add_refs(&RelPath::new("").join(name).under(&dir));
                }
                ref_matters(name).then_some(Signal::Git)
            }
        }
    }

    fn tell(&self, signal: Signal) {
        drop(self.signals.lock().unwrap_or_else(PoisonError::into_inner).send(signal));
    }

    fn places(&self) -> MutexGuard<'_, HashMap<i32, Place>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All of this directory may be another: it came or went, or a repository begins or ends there.
fn all_of(dir: RelPath) -> Signal {
    if dir.as_str().is_empty() { Signal::Lost } else { Signal::Path(dir) }
}

/// Network file systems, where only changes made on this machine are told.
fn is_remote(root: &Path) -> bool {
    const KINDS: [u32; 6] = [
        0x6969,      // NFS
        0x517b,      // SMB
        0xff53_4d42, // CIFS
        0xfe53_4d42, // SMB2
        0x0102_1997, // 9P
        0x00c3_6400, // Ceph
    ];
    rustix::fs::statfs(root).is_ok_and(|data| KINDS.contains(&(data.f_type as u32)))
}
