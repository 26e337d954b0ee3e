//! What the words and marks of the page mean.

use super::areas;
use super::page::{Page, blocks, table};
use crate::readiness::status::Status;

/// What a priority means, and what other scales call it.
const PRIORITIES: [[&str; 6]; 4] = [
    ["P0", "stops every tier that requires it", "critical", "priority 1", "P1", "-"],
    ["P1", "important", "high", "priority 2", "P2", "high"],
    ["P2", "should be done", "medium", "priority 3", "-", "medium"],
    ["P3", "good to have", "low", "-", "P3", "low"],
];

pub(super) fn body(page: &Page<'_>) -> String {
    let priorities: Vec<Vec<String>> =
        PRIORITIES.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
    let statuses: Vec<Vec<String>> =
        Status::ALL.into_iter().map(|status| vec![page.mark(status), means(status).to_owned()]).collect();
    let areas: Vec<Vec<String>> =
        areas::WORDS.iter().map(|(word, means)| vec![(*word).to_owned(), (*means).to_owned()]).collect();
    blocks(vec![
        table(
            &["here", "means", "where four words are used", "priorities 1 to 3", "P1 to P3", "three words"],
            &priorities,
        ),
        table(&["status", "means"], &statuses),
        table(&["area", "means"], &areas),
        "A card's margin marks with `>` the lines that were found. Secrets are covered where they are found."
            .to_owned(),
    ])
}

fn means(status: Status) -> &'static str {
    match status {
        Status::Failed => "the probe found what must not be, or did not find what must be",
        Status::Unknown => "it could not be told",
        Status::Disputed => "people disagree",
        Status::Open => "a person must answer, and nobody has",
        Status::Stale => "a person answered, and what they saw has changed, or the review is due",
        Status::Likely => "a heuristic says yes; a person may confirm",
        Status::Waived => "it fails, and somebody accepts that until a day",
        Status::Passed => "a certain probe says yes",
        Status::Attested => "a person says yes, and nothing they saw has changed",
        Status::NotApplicable => "there is nothing here that it speaks of",
    }
}
