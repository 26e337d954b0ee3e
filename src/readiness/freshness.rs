//! Whether a person's word still stands for what is there today.

use crate::tree::path::RelPath;

/// Judged by the ledger, which knows hashes and dates; read here as a plain value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Freshness {
    #[default]
    Fresh,
    Stale {
        /// One line, such as `2 files changed since 12 Nov 2026`.
        why: String,
        /// The covered files that changed, appeared or went away.
        moved: Vec<RelPath>,
    },
}
