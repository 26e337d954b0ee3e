//! Tells what may have changed in a working tree while somebody works in it.

use std::fmt;

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
