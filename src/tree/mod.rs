//! What is looked at: names, stats, blob ids, git's word, and what changes.

pub mod blob;
pub mod entry;
pub mod glob;
pub mod path;
pub mod source;
pub mod watch;
