//! What people said.

pub mod decision;
pub mod fold;
pub mod wire;
