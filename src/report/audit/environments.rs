//! How ready each place is where the system runs, by what the checklist requires there.

use super::page::{LINKS, Page, table};
use crate::readiness::board::EnvironmentRow;
use crate::readiness::status::Status;
use crate::report::escape::plain;
use crate::text::words::count;

pub(super) fn body(page: &Page<'_>) -> String {
    let rows: Vec<Vec<String>> = page.board.environments.iter().map(|environment| line(page, environment)).collect();
    table(&["environment", "status", ">ready", ">failed", ">undecided", ">waived", "missing"], &rows)
}

fn line(page: &Page<'_>, environment: &EnvironmentRow) -> Vec<String> {
    let EnvironmentRow { title, required, ready, missing, .. } = environment;
    let number = |wanted: fn(Status) -> bool| missing.iter().filter(|&&row| wanted(page.row(row).status)).count();
    let failed = number(|status| status == Status::Failed);
    let undecided = number(Status::is_undecided);
    let waived = number(|status| status == Status::Waived);
    let word = match (*required, failed, undecided, waived) {
        (0, ..) => "nothing applies",
        (_, 1.., _, _) => "not ready",
        (_, _, 1.., _) => "unverified",
        (_, _, _, 1..) => "ready on condition",
        _ => "ready",
    };
    let share = (ready * 100).checked_div(*required).unwrap_or(0);
    vec![
        plain(title),
        word.to_owned(),
        format!("{} of {} ({share} %)", count(*ready as u64), count(*required as u64)),
        count(failed as u64),
        count(undecided as u64),
        count(waived as u64),
        page.links(missing, LINKS),
    ]
}
