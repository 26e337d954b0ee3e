//! What it means: outcomes and decisions become a status per item, and statuses a board.

pub mod assemble;
pub mod blame;
pub mod board;
pub mod difference;
pub mod freshness;
pub mod glyph;
pub mod history;
pub mod inventory;
pub mod metric;
pub mod path;
pub mod phase;
pub mod ruling;
pub mod score;
pub mod status;
mod suppression;
pub mod verdict;
pub mod work;
