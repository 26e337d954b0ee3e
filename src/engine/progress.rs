//! How far a long evaluation is: written by whoever works, read by whoever shows it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::tree::entry::Entry;
use crate::tree::source::READ_CAP;

#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    total: AtomicU64,
    bytes: AtomicU64,
    all_bytes: AtomicU64,
    cancelled: Arc<AtomicBool>,
}

/// How far it is: files, or commits, and the bytes of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    pub done: u64,
    pub total: u64,
    pub bytes: u64,
    pub all_bytes: u64,
}

impl Progress {
    /// For a part of the work, whose files are no news: it is cancelled with the whole.
    #[must_use]
    pub fn within(&self) -> Self {
        Self { cancelled: Arc::clone(&self.cancelled), ..Self::default() }
    }

    pub fn expect(&self, parts: u64) {
        self.total.fetch_add(parts, Ordering::Relaxed);
    }

    pub fn advance(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// Each with what stands there, if anything does.
    pub fn expect_files<'a>(&self, files: impl Iterator<Item = Option<&'a Entry>>) {
        let (mut parts, mut bytes) = (0, 0);
        for entry in files {
            (parts, bytes) = (parts + 1, bytes + weight(entry));
        }
        self.expect(parts);
        self.all_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub fn advance_file(&self, entry: Option<&Entry>) {
        self.bytes.fetch_add(weight(entry), Ordering::Relaxed);
        self.advance();
    }

    /// Does `work` and tells from another thread how far it is. The first time after `patience`, so that
    /// what is quick is not told at all.
    pub fn tell_while<T>(
        &self,
        patience: Duration,
        every: Duration,
        mut tell: impl FnMut(Reached) + Send,
        work: impl FnOnce(&Self) -> T,
    ) -> T {
        let (done, waiting) = channel::<()>();
        thread::scope(|scope| {
            scope.spawn(move || {
                let mut wait = patience;
                while waiting.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                    tell(self.reached());
                    wait = every;
                }
            });
            let result = work(self);
            drop(done);
            result
        })
    }

    #[must_use]
    pub fn reached(&self) -> Reached {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Reached {
            done: get(&self.done),
            total: get(&self.total),
            bytes: get(&self.bytes),
            all_bytes: get(&self.all_bytes),
        }
    }

    /// Asks the work to end early; what it gives then is worth nothing.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// How much of it is read at most.
fn weight(entry: Option<&Entry>) -> u64 {
    entry.map_or(0, |entry| entry.size.min(READ_CAP))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::entry::{Kind, Stamp};

    #[test]
    fn a_file_counts_with_what_is_read_of_it() {
        let progress = Progress::default();
        let (kind, stamp) = (Kind::File, Stamp::default());
        let of = |size| Entry { kind: kind.clone(), size, stamp, tracked: true, ignored: false, blob: None };
        let files = [of(700), of(1_400), of(1_000 * READ_CAP)];
        progress.expect_files(files.iter().map(Some).chain([None]));
        progress.advance_file(files.get(1));
        progress.advance_file(None);
        let reached = Reached { done: 2, total: 4, bytes: 1_400, all_bytes: 2_100 + READ_CAP };
        assert_eq!(progress.reached(), reached);
    }
}
