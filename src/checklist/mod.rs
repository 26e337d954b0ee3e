//! What is asked: the file format, what a file may extend, and everything that can be wrong with it.
//!
//! ```text
//! text → read (one file, parts by id) → merge (extends, overrides) → item, probe (values) → model
//! ```
//!
//! Fields are merged before they are understood, because a set or a variable that a later file
//! overrides changes what an earlier file's globs and patterns say.

pub mod builtin;
mod context;
mod duration;
pub mod faults;
mod fields;
mod hash;
mod item;
pub mod keep;
mod level;
pub mod lint;
pub mod merge;
pub mod metric;
pub mod model;
mod names;
mod outside;
pub mod pattern;
pub mod plan;
mod probe;
mod read;
mod report;
pub mod schema;
pub mod sets;
mod skip;
mod sources;
pub mod spell;
pub mod starter;

/// What people say of the report as a whole is kept under this name, where an item's decisions would be.
pub const RESERVED_ID: &str = "report";
