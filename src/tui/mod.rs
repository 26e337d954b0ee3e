//! What is seen.
//!
//! ```text
//!  key, mouse, resize, notice, signal ──► Event ──► update(&mut State) ──► Effects ──► session, editor, clipboard
//!                                                        │
//!                                    draw(&State) ──► frame ──► one write, or none
//! ```
//!
//! [`action`] is the table that keys, help, palette and footer read; [`layout`] says where each panel stands
//! at a size; [`view`] has one file per panel. Nothing is drawn unless something happened, and no timer runs at rest.

pub mod action;
pub mod clipboard;
pub mod editor;
pub mod event;
pub mod fit;
pub mod form;
pub mod frame;
pub mod input;
pub mod keymap;
pub mod layout;
pub mod rows;
pub mod run;
pub mod settings;
pub mod state;
pub mod terminal;
pub mod theme;
pub mod update;
pub mod view;

pub use run::{Ask, TuiError, run};
