//! What leaves.
