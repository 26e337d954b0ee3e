//! Everything that is left to do, numbered once, by when it is wanted.

use jiff::civil::Date;

use super::page::{GAPS, LINKS, Page, blocks, effort, speaker, table};
use super::risks::owner;
use super::roadmap::letter;
use crate::checklist::model::Priority;
use crate::ledger::fold::Position;
use crate::readiness::status::Status;
use crate::readiness::work::Progress;
use crate::report::escape::plain;
use crate::text::words::{day, one_line};

/// A P0 that takes no longer than this is wanted today.
const TODAY: u32 = 120;

/// As the windows in which something is due.
const WINDOWS: [&str; 5] = ["Overdue", "Today", "This week", "This month", "Later"];

pub(super) fn body(page: &Page<'_>) -> String {
    let plan = plan(page);
    if plan.is_empty() {
        return instead(page);
    }
    let mut parts = vec![format!(
        "In the order of priority, then of effort, what others wait for first. Where nobody set a day, P0 is wanted this \
         week (today, if it takes {} or less), P1 this month, and the rest later. The effort of a question is what it takes \
         where the answer is no.",
        effort(TODAY)
    )];
    let has_days = plan.iter().any(|&row| due(page, row).is_some());
    let mut head = vec!["#", "", "item", "to do", ">effort", "phase", "owner", "state", "waits for"];
    if has_days {
        head.push("due");
    }
    let mut number = 0;
    for (window, title) in WINDOWS.into_iter().enumerate() {
        let rows = plan.iter().copied().filter(|&row| window_of(page, row) == window);
        let lines: Vec<Vec<String>> = rows
            .map(|row| {
                number += 1;
                let mut cells = line(page, row, number);
                cells.extend(has_days.then(|| due(page, row).map(day).unwrap_or_default()));
                cells
            })
            .collect();
        if !lines.is_empty() {
            parts.push(format!("### {title}"));
            parts.push(table(&head, &lines));
        }
    }
    parts.push(far_off(page, &plan));
    parts.push(instead(page));
    blocks(parts)
}

/// What is left to do, the next first. A heuristic's yes is not on it: that is a confirmation, not work.
pub(super) fn plan(page: &Page<'_>) -> Vec<usize> {
    let mut rows = page.rows(|row| GAPS.contains(&row.status) || row.status == Status::Open);
    rows.sort_by_key(|&row| {
        let item = &page.row(row).item;
        (window_of(page, row), item.priority, item.effort_minutes == 0, item.effort_minutes, row)
    });
    needed_first(page, &rows)
}

/// The same rows, each behind those that it waits for.
fn needed_first(page: &Page<'_>, rows: &[usize]) -> Vec<usize> {
    let mut placed: Vec<usize> = Vec::with_capacity(rows.len());
    let mut is_placed = vec![false; page.board.rows.len()];
    // A row comes up once to send its needs ahead, and once more to take its place.
    let mut ahead: Vec<(usize, bool)> = rows.iter().rev().map(|&row| (row, false)).collect();
    let mut is_open = vec![false; page.board.rows.len()];
    while let Some((row, is_ready)) = ahead.pop() {
        if is_placed[row] || (!is_ready && std::mem::replace(&mut is_open[row], true)) {
            continue;
        }
        if is_ready {
            is_placed[row] = true;
            placed.push(row);
            continue;
        }
        ahead.push((row, true));
        let needed = page.waits_for(row).into_iter().filter(|needed| rows.contains(needed));
        ahead.extend(needed.map(|needed| (needed, false)));
    }
    placed
}

/// The day by which an item is wanted, where somebody said.
pub(super) fn due(page: &Page<'_>, row: usize) -> Option<Date> {
    page.row(row).work.due
}

/// An index into the windows.
fn window_of(page: &Page<'_>, row: usize) -> usize {
    let item = &page.row(row).item;
    if let Some(window) = page.row(row).work.window {
        return window as usize;
    }
    match item.priority {
        Priority::P0 if (1..=TODAY).contains(&item.effort_minutes) => 1,
        Priority::P0 => 2,
        Priority::P1 => 3,
        Priority::P2 | Priority::P3 => 4,
    }
}

/// A day that does not fit the priority.
fn far_off(page: &Page<'_>, plan: &[usize]) -> String {
    let late: Vec<usize> = plan
        .iter()
        .copied()
        .filter(|&row| page.row(row).item.priority == Priority::P0 && window_of(page, row) == 4)
        .collect();
    if late.is_empty() { String::new() } else { format!("P0, yet due only later: {}.", page.links(&late, LINKS)) }
}

/// What is to be done instead of what was said not to apply.
fn instead(page: &Page<'_>) -> String {
    let follow_up = |row: usize| match (&page.row(row).standing.position, page.row(row).status) {
        (Position::NotApplicable(said), Status::NotApplicable) => {
            let text = plain(&one_line(said.follow_up.as_deref()?));
            Some(format!("- {}: {text} ({})", page.link(row), speaker(said)))
        }
        _ => None,
    };
    let lines: Vec<String> = (0..page.board.rows.len()).filter_map(follow_up).collect();
    if lines.is_empty() {
        return String::new();
    }
    format!("To do instead of what does not apply:\n\n{}", lines.join("\n"))
}

fn line(page: &Page<'_>, row: usize, number: usize) -> Vec<String> {
    let item = &page.row(row).item;
    vec![
        number.to_string(),
        item.priority.to_string(),
        format!("{} {}", plain(&item.title), page.link(row)),
        to_do(page.row(row).status).to_owned(),
        effort(item.effort_minutes),
        letter(item.phase),
        owner(page, row).unwrap_or_default(),
        match page.row(row).work.progress {
            Progress::None | Progress::Verified => String::new(),
            Progress::Planned => "planned".to_owned(),
            Progress::Done => "said to be done, not verified".to_owned(),
        },
        page.links(&page.waits_for(row), LINKS),
    ]
}

/// What a status asks for.
pub(super) fn to_do(status: Status) -> &'static str {
    match status {
        Status::Failed => "fix",
        Status::Unknown => "make it readable",
        Status::Disputed => "agree",
        Status::Stale => "look again",
        Status::Open => "answer",
        Status::Likely => "confirm",
        Status::Waived => "keep watch",
        Status::Passed | Status::Attested | Status::NotApplicable => "nothing",
    }
}
