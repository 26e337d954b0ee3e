//! What changed between two boards.

use std::collections::BTreeMap;

use crate::readiness::board::{Board, Row};
use crate::readiness::status::Status;

/// An item that both boards have, with another status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub item: String,
    pub from: Status,
    pub to: Status,
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
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.flips.is_empty() && self.appeared.is_empty() && self.gone.is_empty()
    }
}

#[must_use]
pub fn difference(before: &Board, after: &Board) -> Difference {
    let mut old = by_id(before);
    let mut difference = Difference::default();
    for row in &after.rows {
        match old.remove(row.item.id.as_str()) {
            None => difference.appeared.push(row.item.id.clone()),
            Some(was) if was.status != row.status => {
                difference.flips.push(Change { item: row.item.id.clone(), from: was.status, to: row.status });
            }
            Some(_) => {}
        }
    }
    let gone = before.rows.iter().filter(|row| old.contains_key(row.item.id.as_str()));
    difference.gone = gone.map(|row| row.item.id.clone()).collect();
    difference
}

fn by_id(board: &Board) -> BTreeMap<&str, &Row> {
    board.rows.iter().map(|row| (row.item.id.as_str(), row)).collect()
}
