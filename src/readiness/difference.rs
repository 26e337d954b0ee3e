//! What changed between two boards.

use serde::Serialize;

use crate::checklist::model::Priority;
use crate::readiness::board::Board;
use crate::readiness::status::Status;
use crate::readiness::work;
use crate::tree::path::RelPath;

/// An item that both boards have, with another status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub item: String,
    pub title: String,
    pub priority: Priority,
    pub from: Status,
    pub to: Status,
    /// Why it was what it was, in one line.
    pub was: String,
    /// Why it is what it is.
    pub is: String,
    /// The files that did it, as far as somebody looked for them.
    pub files: Vec<RelPath>,
}

/// Which way an item went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    Worse,
    Better,
    /// Neither: it is another kind of undecided, or it does not apply any more.
    Other,
}

/// Which way it is from one status to another.
#[must_use]
pub fn direction(from: Status, to: Status) -> Direction {
    match to {
        Status::Failed => Direction::Worse,
        Status::NotApplicable => Direction::Other,
        to if to.is_ready() && !from.is_ready() => Direction::Better,
        // What was found is gone, as far as a machine can tell.
        Status::Likely if from == Status::Failed => Direction::Better,
        to if from.is_ready() && !to.is_ready() => Direction::Worse,
        _ => Direction::Other,
    }
}

impl Change {
    #[must_use]
    pub fn direction(&self) -> Direction {
        direction(self.from, self.to)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// In the order of the later board.
    pub flips: Vec<Change>,
    /// Ids of items that only the later board has.
    pub appeared: Vec<String>,
    /// Ids of items that only the earlier board has.
    pub gone: Vec<String>,
}

impl Difference {
    /// How many items went this way.
    #[must_use]
    pub fn count(&self, direction: Direction) -> usize {
        self.flips.iter().filter(|flip| flip.direction() == direction).count()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.flips.is_empty() && self.appeared.is_empty() && self.gone.is_empty()
    }
}

#[must_use]
pub fn difference(before: &Board, after: &Board) -> Difference {
    let mut old = work::places(&before.rows);
    let mut difference = Difference::default();
    for row in &after.rows {
        match old.remove(row.item.id.as_str()).and_then(|at| before.rows.get(at)) {
            None => difference.appeared.push(row.item.id.clone()),
            Some(was) if was.status != row.status => {
                difference.flips.push(Change {
                    item: row.item.id.clone(),
                    title: row.item.title.clone(),
                    priority: row.item.priority,
                    from: was.status,
                    to: row.status,
                    was: was.reason.clone(),
                    is: row.reason.clone(),
                    files: Vec::new(),
                });
            }
            Some(_) => {}
        }
    }
    let gone = before.rows.iter().filter(|row| old.contains_key(row.item.id.as_str()));
    difference.gone = gone.map(|row| row.item.id.clone()).collect();
    difference
}
