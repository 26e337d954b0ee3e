//! What was said earlier, to tell what changed since: the board of a revision, or a JSON report that was kept.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use crate::readiness::board::{Board, Score};
use crate::readiness::status::Status;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// How it was asked for: a revision or the name of a file.
    pub name: String,
    pub at: Timestamp,
    pub commit: Option<String>,
    pub ruler: String,
    pub score: Score,
    /// By the id of the category.
    pub categories: BTreeMap<String, Score>,
    /// By id.
    pub items: BTreeMap<String, EarlierItem>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierItem {
    pub title: String,
    pub status: Status,
    pub reason: String,
}

impl Earlier {
    #[must_use]
    pub fn of(board: &Board, name: &str) -> Self {
        let items = board.rows.iter().map(|row| {
            let item = EarlierItem { title: row.item.title.clone(), status: row.status, reason: row.reason.clone() };
            (row.item.id.clone(), item)
        });
        Self {
            name: name.to_owned(),
            at: board.at,
            commit: board.tree.commit.clone(),
            ruler: board.ruler.clone(),
            score: board.score,
            categories: board.categories.iter().map(|row| (row.category.id.clone(), row.score)).collect(),
            items: items.collect(),
        }
    }

    /// Of a report in JSON.
    ///
    /// # Errors
    /// One line: it is no such report, or one of another version.
    pub fn parse(name: &str, json: &str) -> Result<Self, String> {
        let wrong = |why: String| format!("{name}: no report that can be compared with: {why}");
        let version: Version = serde_json::from_str(json).map_err(|error| wrong(error.to_string()))?;
        if version.version != 1 {
            return Err(wrong(format!("version {} of the format, where 1 is known", version.version)));
        }
        let report: Report = serde_json::from_str(json).map_err(|error| wrong(error.to_string()))?;
        let mut items = BTreeMap::new();
        for item in report.items {
            let status = Status::ALL.into_iter().find(|status| status.word() == item.status);
            let status = status.ok_or_else(|| wrong(format!("no status \"{}\"", item.status)))?;
            items.insert(item.id, EarlierItem { title: item.title, status, reason: item.reason });
        }
        Ok(Self {
            name: name.to_owned(),
            at: report.at,
            commit: report.tree.commit,
            ruler: report.ruler,
            score: report.score.score(),
            categories: report.categories.into_iter().map(|row| (row.id, row.score.score())).collect(),
            items,
        })
    }
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// Of the JSON report what is compared.
#[derive(Deserialize)]
struct Report {
    ruler: String,
    at: Timestamp,
    tree: Tree,
    score: Ends,
    categories: Vec<CategoryReport>,
    items: Vec<ItemReport>,
}

#[derive(Deserialize)]
struct Tree {
    commit: Option<String>,
}

#[derive(Deserialize)]
struct Ends {
    low: u32,
    high: u32,
}

#[derive(Deserialize)]
struct CategoryReport {
    id: String,
    score: Ends,
}

#[derive(Deserialize)]
struct ItemReport {
    id: String,
    title: String,
    status: String,
    reason: String,
}

impl Ends {
    fn score(&self) -> Score {
        Score { low: self.low, high: self.high, ..Score::default() }
    }
}
