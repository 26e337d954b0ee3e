//! What is asked.

pub mod model;
