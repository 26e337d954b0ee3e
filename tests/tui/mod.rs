//! The dashboard, from keys to cells.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    unreachable_pub,
    reason = "a test ends where something is missing, and the one on stage speaks to its terminal"
)]

mod board;
mod frames;
mod history;
mod interrupted;
mod keys;
mod live;
mod pty;
mod screens;
mod stage;
mod work;
