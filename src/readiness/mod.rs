//! What it means.

pub mod board;
pub mod status;
