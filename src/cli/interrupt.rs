//! Ctrl-C while a command runs: it stands in a group of its own, so it must be ended before this program ends.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

/// Holds back the signals that end a program, until it is dropped.
#[derive(Debug, Default)]
pub(super) struct Interrupt {
    pub(super) stop: Arc<AtomicBool>,
    which: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
}

impl Interrupt {
    pub(super) fn new() -> io::Result<Self> {
        let interrupt = Self::default();
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // Once nothing runs any more, a signal does again what it did before.
            flag::register_conditional_default(signal, Arc::clone(&interrupt.is_over))?;
            flag::register_usize(signal, Arc::clone(&interrupt.which), signal.unsigned_abs() as usize)?;
            flag::register(signal, Arc::clone(&interrupt.stop))?;
        }
        Ok(interrupt)
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(signal) = i32::try_from(self.which.load(Ordering::Relaxed)).ok().filter(|signal| *signal > 0) {
            drop(low_level::emulate_default_handler(signal));
        }
    }
}
