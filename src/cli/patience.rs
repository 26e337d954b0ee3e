//! Work that may take long says how far it is, on standard error, while somebody is there to read it.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use crate::engine::progress::{Progress, Reached};

/// What takes longer than this says how far it is.
const PATIENCE: Duration = Duration::from_millis(500);
/// And then this often.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// Does `work`; `words` says how far it is.
pub(super) fn with_progress<T>(
    quiet: bool,
    words: impl Fn(&Reached) -> String + Send + Sync,
    work: impl FnOnce(&Progress) -> T,
) -> T {
    let progress = Progress::default();
    if quiet || !io::stderr().is_terminal() {
        return work(&progress);
    }
    let mut shown = false;
    let show = |reached: Reached| {
        drop(write!(io::stderr().lock(), "\r{}\u{1b}[K", words(&reached)));
        shown = true;
    };
    let result = progress.tell_while(PATIENCE, TELL_EVERY, show, work);
    if shown {
        drop(write!(io::stderr().lock(), "\r\u{1b}[K"));
    }
    result
}
