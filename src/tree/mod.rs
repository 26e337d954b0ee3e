//! What is looked at: names, stats, blob ids, git's word, and what changes.

mod attributes;
pub mod beyond;
pub mod blob;
pub mod compare;
pub mod disk;
pub mod entry;
pub mod glob;
mod history;
mod ignores;
mod index;
mod index_file;
#[cfg(target_os = "linux")]
mod inotify;
pub mod line;
mod links;
mod log;
pub mod memory;
pub(crate) mod merge;
#[cfg(not(target_os = "linux"))]
mod notified;
mod opened;
pub mod path;
pub mod path_map;
pub(crate) mod plain_glob;
pub mod process;
pub mod refresh;
pub mod repository;
pub mod revision;
mod settle;
mod single;
pub mod source;
mod staged;
pub mod walk;
pub mod watch;
pub mod working;
