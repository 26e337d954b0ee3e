//! What can happen, and what the dashboard asks of the world in answer. Both are closed.

use std::time::Duration;

use crossterm::event::{KeyEvent, MouseEvent};

use crate::session::message::{Notice, Request};
use crate::tree::path::RelPath;

#[derive(Clone, Debug)]
pub enum Event {
    Key(KeyEvent),
    Paste(String),
    Mouse(MouseEvent),
    Resize(u16, u16),
    Notice(Notice),
    /// The one-shot timer that `Effect::Timer` asked for.
    Timer,
    /// The session's thread is gone.
    SessionEnded,
    /// Something that an effect did: one line for the activity row.
    Told(Result<String, String>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    Send(Request),
    Copy(String),
    Edit {
        path: RelPath,
        line: u32,
    },
    /// Restarts the one-shot timer.
    Timer(Duration),
    Mouse(bool),
    /// Everything again, from an empty screen.
    Redraw,
    Suspend,
    Quit,
    /// Leaves, because there is nothing to show.
    Fail(String),
}
