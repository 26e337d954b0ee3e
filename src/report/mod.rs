//! What leaves: one file per format, each a printer of a board. Text from files is made harmless here,
//! each format in its own way.

pub mod format;
pub mod human;
pub mod json;
pub mod markdown;
mod paint;
mod places;
mod said;
