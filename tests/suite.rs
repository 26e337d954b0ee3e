//! One binary for all capabilities, so that they link once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop and say where")]

mod builtin;
mod check;
mod checklist;
mod command;
mod comments;
mod decisions;
mod document;
mod engine;
mod hostile;
mod layers;
mod ledger;
mod matching;
mod past;
mod place;
mod probes;
mod profiles;
mod readiness;
mod readme;
mod report;
mod repository;
mod running;
mod sample;
mod sarif;
mod status;
mod tree;
mod tui;
mod watching;
mod work;
mod world;
