//! What a printer may draw on: the board, and for the long reports what stands behind it in the files.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::probe::outcome::Answer;
use crate::readiness::board::Board;
use crate::report::earlier::Earlier;
use crate::tree::path::RelPath;

/// A file and a line of it.
pub type Place = (RelPath, u32);
/// Lines with their numbers.
pub type Lines = Vec<(u32, String)>;

#[derive(Clone, Debug)]
pub struct Dossier<'a> {
    pub board: &'a Board,
    /// By row of the board: what its probes looked at.
    pub looks: Vec<Vec<Look>>,
    /// The lines around the first places of what is not ready, by path and line; secrets redacted.
    pub excerpts: BTreeMap<Place, Lines>,
    /// Of the files that evidence names.
    pub files: BTreeMap<RelPath, FileFacts>,
    pub documents: Vec<Document>,
    pub scope: Scope,
    pub earlier: Option<Earlier>,
}

/// One probe's selection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The kind of probe: `text`, `exists`, …
    pub probe: &'static str,
    pub globs: Vec<String>,
    /// Also what git ignores and what is skipped.
    pub all: bool,
    /// How many files it holds.
    pub files: usize,
    pub answer: Answer,
    /// Whether the item hangs on it as it stands: not as a condition, and not turned round by a `not`.
    pub is_asked: bool,
    /// The whole files that it fails for: those that should not be there (`absent`), or should not be empty (`exists`).
    pub paths: Vec<RelPath>,
    /// Selected files that could not be looked at, and why.
    pub unread: Vec<(RelPath, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileFacts {
    pub size: u64,
    pub tracked: bool,
}

/// A page of documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub path: RelPath,
    pub size: u64,
    /// `None` where it could not be read.
    pub words: Option<usize>,
    pub changed: Changed,
}

/// When a file was last committed with another content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    On(Date),
    /// It is not as the commit has it, or in no commit at all.
    NotCommitted,
    /// Nobody looked that far back.
    Unknown,
}

/// How many files there are of each sort.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Whose content some probe asked for.
    pub read: usize,
    /// Ignored by git, and seen by `scope: all` only.
    pub ignored: usize,
    /// The same for those that the set `skip` names.
    pub skipped: usize,
    /// Reports that this program wrote.
    pub ours: usize,
    /// The globs of that set.
    pub skip: Vec<String>,
}

impl<'a> From<&'a Board> for Dossier<'a> {
    fn from(board: &'a Board) -> Self {
        Self {
            board,
            looks: Vec::new(),
            excerpts: BTreeMap::new(),
            files: BTreeMap::new(),
            documents: Vec::new(),
            scope: Scope::default(),
            earlier: None,
        }
    }
}
