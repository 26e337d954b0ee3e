//! What leaves: one file per format, each a printer of a board. Text from files is made harmless here,
//! each format in its own way.

pub mod audit;
pub mod blame;
pub mod diff;
pub mod dossier;
pub mod earlier;
mod escape;
pub mod format;
pub mod history;
pub mod human;
pub mod json;
pub mod markdown;
mod paint;
mod places;
pub mod plan;
mod plot;
mod pretty;
mod said;
