//! Commits that are looked at without a checkout: one, two, and all of a branch.

mod chronicle;
mod clones;
mod diff;
mod history;
mod revision;
mod walking;

use gonogo::readiness::board::Board;

/// Everything on a board but what it cost and what only a checkout has, in lines that a difference can be seen in.
fn told_of(board: &Board) -> Vec<String> {
    let mut lines = vec![
        format!("{} {:?} {} {}", board.title, board.checklists, board.ruler, board.maturity),
        format!("{:?} {:?} {} files {:?}", board.score, board.disabled, board.tree.files, board.tree.commit),
        format!("{:?} {:?}", board.metrics, board.words),
    ];
    lines.extend(board.verdicts.iter().map(|verdict| format!("{verdict:?}")));
    lines.extend(board.problems.iter().map(|problem| format!("{problem:?}")));
    lines.extend(board.rows.iter().map(|row| {
        let story: Vec<&str> = row.standing.story.iter().map(|decision| decision.name.as_str()).collect();
        let inventory = &row.inventory;
        format!(
            "{} {:?} {:?} {:?} {:?} {:?} {inventory:?} {story:?}",
            row.item.id, row.status, row.reason, row.moved, row.outcome, row.work
        )
    }));
    lines
}

/// The lines in which two boards differ; what went wrong is a line, too.
fn differing(one: &Result<Vec<String>, String>, other: &Result<Vec<String>, String>) -> Vec<String> {
    let lines = |told: &Result<Vec<String>, String>| told.clone().unwrap_or_else(|why| vec![why]);
    let (one, other) = (lines(one), lines(other));
    let only = |these: &[String], those: &[String], mark: &str| -> Vec<String> {
        these.iter().filter(|line| !those.contains(line)).map(|line| format!("{mark} {line}")).collect()
    };
    [only(&one, &other, "<"), only(&other, &one, ">")].concat()
}
