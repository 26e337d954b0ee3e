//! What the dashboard says to the session that works for it, and what it hears back.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;

use crate::engine::progress::Reached;
use crate::ledger::decision::WaiverKind;
use crate::readiness::board::Board;
use crate::readiness::history::History;
use crate::readiness::status::Status;
use crate::tree::path::RelPath;
use crate::tree::watch::WatchState;

/// What a person wants to say of an item; the rules decide whether it can be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    Attest {
        item: String,
        note: String,
        /// One of the item's options, where it has any.
        choice: Option<String>,
        /// One element of the item's inventory, where it has one.
        part: Option<String>,
    },
    Note {
        item: String,
        text: String,
    },
    Waive {
        item: String,
        reason: String,
        expires: Date,
        kind: WaiverKind,
    },
    Dismiss {
        item: String,
        fingerprints: Vec<String>,
        reason: String,
    },
    NotApplicable {
        item: String,
        reason: String,
        /// What is to be done instead; empty for nothing.
        follow_up: String,
    },
    Assign {
        item: String,
        to: String,
        due: Option<Date>,
    },
    /// The work is done, says somebody; it passes once it is verified.
    Done {
        item: String,
        note: String,
    },
    /// Takes back whatever stands, or what stands of one element.
    Retract {
        item: String,
        part: Option<String>,
    },
}

/// Asked of the session. `Done` answers `Decide`, `Undo`, `Redo` and `Export`, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    Decide(Intent),
    /// Takes back this author's last decision in this tree, even of an earlier day.
    Undo,
    Redo,
    Export {
        format: String,
        to: PathBuf,
    },
    /// The lines around a place, for the detail panel; answered by `Peek`.
    Peek {
        path: RelPath,
        line: u32,
        around: u32,
    },
    /// What changed in the covered files of a stale item; answered by `Drift`.
    Drift {
        item: String,
    },
    /// Looks at commits meanwhile; answered by `History` or `Base`.
    LookBack(LookBack),
    /// Nobody waits for the history any more.
    StopLooking,
    Rescan,
    Pause(bool),
    /// Writes a `gonogo.yaml` that extends the built-in checklist.
    Init,
    Stop,
}

/// Told by the session.
#[derive(Clone, Debug)]
pub enum Notice {
    /// During the first evaluation and any long one.
    Progress(Reached),
    /// A new board; `flips` are what changed since the one before (empty for the first).
    Board {
        board: Arc<Board>,
        flips: Vec<Flip>,
    },
    /// There is nothing to show: the checklist cannot be used.
    Failed(String),
    Watch(WatchState),
    /// One line for the activity row.
    Message(String),
    /// `Ok` is one line that says what was done, `Err` one that says why not.
    Done(Result<String, String>),
    /// Lines with their numbers, secrets redacted.
    Peek {
        path: RelPath,
        line: u32,
        lines: Vec<(u32, String)>,
    },
    /// A unified difference, secrets redacted.
    Drift {
        item: String,
        text: String,
    },
    History(Looked),
    /// Or why there is nothing to compare with.
    Base(Result<Arc<Base>, String>),
}

/// What is looked for in the commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LookBack {
    /// What each commit of the branch says.
    History,
    /// What was said where the branch began.
    Base,
}

/// How far the history is.
#[derive(Clone, Debug)]
pub enum Looked {
    Progress(Reached),
    Found(Arc<History>),
    /// Why there is none, in one line.
    Failed(String),
}

/// Where this branch left the one that others are merged into, and what every item was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// The other branch.
    pub name: String,
    /// The commit that was checked out when this was asked for.
    pub head: Option<String>,
    /// By id.
    pub statuses: BTreeMap<String, Status>,
}

/// An item whose status changed, and after what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flip {
    pub item: String,
    pub from: Status,
    pub to: Status,
    /// The file whose change did it; `None` for a decision, the clock or the checklist.
    pub cause: Option<RelPath>,
    pub at: jiff::Timestamp,
}
