//! What failed and is soon fixed, the heaviest first.

use super::page::{Page, blocks, effort};
use crate::readiness::board::Row;
use crate::readiness::status::Status;
use crate::report::escape::plain;
use crate::text::words::count;

/// Minutes, and how they are called.
const GROUPS: [(u32, &str); 3] = [(5, "Five minutes"), (30, "Half an hour"), (120, "Two hours")];
const MOST: usize = 10;

pub(super) fn body(page: &Page<'_>) -> String {
    let mut above = 0;
    let mut groups = Vec::new();
    for (minutes, title) in GROUPS {
        let fits = |row: &Row| (above + 1..=minutes).contains(&row.item.effort_minutes);
        groups.push(group(page, title, &page.rows(|row| row.status == Status::Failed && fits(row))));
        above = minutes;
    }
    blocks(groups)
}

fn group(page: &Page<'_>, title: &str, rows: &[usize]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let line = |&row: &usize| {
        let item = &page.row(row).item;
        format!("- {} {} {}: {}", item.priority, plain(&item.title), page.link(row), effort(item.effort_minutes))
    };
    let mut lines: Vec<String> = rows.iter().take(MOST).map(line).collect();
    if rows.len() > MOST {
        lines.push(format!("- and {} more in the action plan", count((rows.len() - MOST) as u64)));
    }
    format!("**{title} or less** ({}):\n\n{}", count(rows.len() as u64), lines.join("\n"))
}
