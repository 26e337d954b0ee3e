//! How a machine answers. Each kind of probe is a `map` from one file to facts and a `reduce` from the
//! facts of all files to an outcome; `program` holds the table of them.

pub mod bounds;
mod builder;
pub mod command;
pub mod compare;
pub mod elements;
pub mod encoding;
pub mod fact;
pub mod finding;
pub mod git;
mod grams;
pub mod heirs;
pub mod inventory;
pub mod key;
pub mod kleene;
mod late;
pub mod literal;
pub mod matcher;
pub mod matchers;
mod name_globs;
pub mod names;
pub mod needs;
pub mod outcome;
pub mod paths;
mod piece;
pub mod program;
pub mod proof;
pub mod query;
pub mod sarif;
pub mod selector;
pub mod sides;
mod sighting;
pub mod standing;
pub mod text;
pub mod twins;
pub mod view;
pub mod workshop;
