//! How far a long evaluation is: written by whoever works, read by whoever shows it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    total: AtomicU64,
    cancelled: Arc<AtomicBool>,
}

impl Progress {
    /// For a part of the work, whose files are no news: it is cancelled with the whole.
    #[must_use]
    pub fn within(&self) -> Self {
        Self { cancelled: Arc::clone(&self.cancelled), ..Self::default() }
    }

    pub fn expect(&self, files: u64) {
        self.total.fetch_add(files, Ordering::Relaxed);
    }

    pub fn advance(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// Does `work` and tells from another thread how far it is: files done, and files to do in all. The first time
    /// after `patience`, so that what is quick is not told at all.
    pub fn tell_while<T>(
        &self,
        patience: Duration,
        every: Duration,
        mut tell: impl FnMut(u64, u64) + Send,
        work: impl FnOnce(&Self) -> T,
    ) -> T {
        let (done, waiting) = channel::<()>();
        thread::scope(|scope| {
            scope.spawn(move || {
                let mut wait = patience;
                while waiting.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                    let (done, total) = self.get();
                    tell(done, total);
                    wait = every;
                }
            });
            let result = work(self);
            drop(done);
            result
        })
    }

    /// Files done, and files to do in all.
    #[must_use]
    pub fn get(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
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
