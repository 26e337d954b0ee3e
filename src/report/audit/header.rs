//! Whose page this is, as of when, and the whole answer in one line.

use std::collections::BTreeMap;

use super::page::{Page, blocks, speaker, table};
use crate::checklist::model::Priority;
use crate::readiness::board::{TierVerdict, Verdict};
use crate::readiness::status::Status;
use crate::report::escape::{code, plain};
use crate::text::ours::MARK;
use crate::text::words::{count, plural};

pub(super) fn text(page: &Page<'_>) -> String {
    let title = format!("{MARK}\n# Production readiness of {}", plain(&page.board.tree.root));
    blocks(vec![title, status_line(page), facts(page)])
}

fn status_line(page: &Page<'_>) -> String {
    let board = page.board;
    let mut parts = Vec::new();
    if let Some(verdict) = aimed(page) {
        let reached = page.board.verdicts[..verdict.tier].last();
        let reached = reached.map_or_else(String::new, |reached| {
            format!(" ({} for {})", reached.verdict.word(), page.tier(reached.tier))
        });
        parts.push(format!("**{} for {}**{reached}", verdict.verdict.word(), page.tier(verdict.tier)));
    }
    if board.score.applicable > 0 {
        parts.push(format!("score {} of 100", page.score(board.score)));
    }
    let failed = page.rows(|row| row.status == Status::Failed && row.item.priority == Priority::P0).len();
    parts.push(format!("{} failed at P0", count(failed as u64)));
    parts.push(format!("{} of {}", unverified(page), plural(board.score.applicable as usize, "item", "items")));
    parts.join(page.dot())
}

/// The first tier that is left to reach, else the highest.
pub(super) fn aimed<'a>(page: &Page<'a>) -> Option<&'a TierVerdict> {
    let verdicts = &page.board.verdicts;
    verdicts.iter().find(|verdict| verdict.verdict != Verdict::Go).or(verdicts.last())
}

/// `36 unverified (36 %)`: of what applies.
pub(super) fn unverified(page: &Page<'_>) -> String {
    let open = page.rows(|row| row.status.is_undecided()).len();
    let share = (open * 100).checked_div(page.board.score.applicable as usize).unwrap_or(0);
    format!("{} unverified ({share} %)", count(open as u64))
}

fn facts(page: &Page<'_>) -> String {
    let board = page.board;
    let mut rows = Vec::new();
    let mut row = |name: &str, value: String| rows.push(vec![name.to_owned(), value]);
    if !board.title.is_empty() {
        row("Audit", plain(&board.title));
    }
    row("Day", page.today.to_string());
    row("Commit", commit(page));
    let checklists: Vec<String> = board.checklists.iter().map(|source| code(source)).collect();
    let ruler: String = board.ruler.chars().take(12).collect();
    row("Checklist", format!("{}, ruler {}", checklists.join(", "), code(&ruler)));
    row("Tool", format!("gonogo {}", env!("CARGO_PKG_VERSION")));
    let deciders = deciders(page);
    row("Decisions by", if deciders.is_empty() { "nobody yet".to_owned() } else { deciders });
    table(&["of this report", ""], &rows)
}

pub(super) fn commit(page: &Page<'_>) -> String {
    let tree = &page.board.tree;
    if !tree.git {
        return "none: this is not a git repository".to_owned();
    }
    let commit = tree.commit.as_ref().map_or("none yet".to_owned(), |commit| code(commit));
    let branch = tree.branch.as_ref().map(|branch| format!(" on {}", code(branch))).unwrap_or_default();
    let state = match tree.changed {
        0 => "clean".to_owned(),
        changed => format!("{} changed since", plural(changed, "file", "files")),
    };
    format!("{commit}{branch}, {state}")
}

/// Who decided how often, those who did most first.
pub(super) fn deciders(page: &Page<'_>) -> String {
    let mut people: BTreeMap<String, u64> = BTreeMap::new();
    for decision in page.board.rows.iter().flat_map(|row| &row.standing.story).chain(&page.board.words) {
        *people.entry(speaker(decision)).or_default() += 1;
    }
    let mut people: Vec<(String, u64)> = people.into_iter().collect();
    people.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let people: Vec<String> = people.into_iter().map(|(name, number)| format!("{name} ({})", count(number))).collect();
    people.join(", ")
}
