//! How many there are of each priority and standing. Counts are computed, never typed.

use super::page::{Page, effort, table};
use crate::checklist::model::Priority;
use crate::readiness::board::Row;
use crate::readiness::status::Status;
use crate::text::words::count;

pub(super) fn body(page: &Page<'_>) -> String {
    if page.board.rows.is_empty() {
        return String::new();
    }
    let head = [
        ">priority",
        ">failed",
        ">undecided",
        ">waived",
        ">ready",
        ">not applicable",
        ">effort of the failed",
        ">without an estimate",
    ];
    let mut rows: Vec<Vec<String>> = Priority::ALL
        .into_iter()
        .map(|priority| line(page, priority.to_string(), &|row| row.item.priority == priority))
        .collect();
    rows.push(line(page, "**all**".to_owned(), &|_| true));
    table(&head, &rows)
}

fn line(page: &Page<'_>, name: String, of: &dyn Fn(&Row) -> bool) -> Vec<String> {
    let number = |wanted: fn(&Row) -> bool| count(page.rows(|row| of(row) && wanted(row)).len() as u64);
    let failed = page.rows(|row| of(row) && row.status == Status::Failed);
    let minutes = sum(page, &failed);
    let unknown = failed.iter().filter(|&&row| page.row(row).item.effort_minutes == 0).count();
    vec![
        name,
        count(failed.len() as u64),
        number(|row| row.status.is_undecided()),
        number(|row| row.status == Status::Waived),
        number(|row| row.status.is_ready()),
        number(|row| row.status == Status::NotApplicable),
        if minutes == 0 { String::new() } else { effort(minutes) },
        count(unknown as u64),
    ]
}

/// The minutes that somebody estimated.
pub(super) fn sum(page: &Page<'_>, rows: &[usize]) -> u32 {
    rows.iter().fold(0, |sum: u32, &row| sum.saturating_add(page.row(row).item.effort_minutes))
}
