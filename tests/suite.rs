mod ledger;
//! One binary for all capabilities, so that they link once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop and say where")]

mod readiness;
mod report;
mod sample;
//! One binary for all capabilities, so that they link once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop and say where")]

mod place;
mod repository;
mod tree;
mod watching;
mod checklist;
mod comments;
mod document;
