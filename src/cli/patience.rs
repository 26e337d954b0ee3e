//! Work that may take long says how far it is, on standard error, while somebody is there to read it.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use crate::engine::progress::Progress;

/// What takes longer than this says how far it is.
const PATIENCE: Duration = Duration::from_millis(500);
/// And then this often.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// Does `work`; `words` says how far it is: so many done, of so many in all.
pub(super) fn with_progress<T>(
    quiet: bool,
    words: impl Fn(u64, u64) -> String + Send + Sync,
    work: impl FnOnce(&Progress) -> T,
) -> T {
    let progress = Progress::default();
    if quiet || !io::stderr().is_terminal() {
        return work(&progress);
    }
    let mut shown = false;
    let show = |done, total| {
        drop(write!(io::stderr().lock(), "\r{}\u{1b}[K", words(done, total)));
        shown = true;
    };
    let result = progress.tell_while(PATIENCE, TELL_EVERY, show, work);
    if shown {
        drop(write!(io::stderr().lock(), "\r\u{1b}[K"));
    }
    result
}

/// As told while files are read.
pub(super) fn reading(done: u64, total: u64) -> String {
    format!("reading {done} of {total} files")
}
