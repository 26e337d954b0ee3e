//! The dashboard, from keys to cells.

mod board;
mod frames;
mod keys;
mod pty;
mod screens;
mod stage;
