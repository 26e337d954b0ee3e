//! One binary for all capabilities, so that they link once.

mod readiness;
mod report;
mod sample;
