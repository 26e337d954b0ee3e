//! How a machine answers.

pub mod outcome;
