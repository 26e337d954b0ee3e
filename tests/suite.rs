//! One binary for all capabilities, so that they link once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop and say where")]

mod checklist;
mod comments;
mod document;
mod ledger;
mod place;
mod readiness;
mod report;
mod repository;
mod sample;
mod tree;
mod tui;
mod watching;
