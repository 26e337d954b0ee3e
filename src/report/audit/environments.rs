//! How ready each place is where the system runs, by what the checklist requires there.

use super::page::{LINKS, Page, has_card, table};
use crate::checklist::plan::{Environment, Requirement};
use crate::readiness::board::Row;
use crate::readiness::status::Status;
use crate::readiness::verdict::gate;
use crate::report::escape::plain;
use crate::text::words::count;

pub(super) fn body(page: &Page<'_>) -> String {
    let rows: Vec<Vec<String>> = page.dossier.environments.iter().map(|environment| line(page, environment)).collect();
    table(&["environment", "status", ">ready", ">failed", ">undecided", ">waived", "missing"], &rows)
}

fn line(page: &Page<'_>, environment: &Environment) -> Vec<String> {
    let required = page.rows(|row| {
        let is_required = environment.requires.iter().any(|requirement| requires(page, requirement, row));
        is_required && row.status != Status::NotApplicable
    });
    let number = |wanted: fn(Status) -> bool| required.iter().filter(|&&row| wanted(page.row(row).status)).count();
    let ready = number(Status::is_ready);
    let failed = number(|status| status == Status::Failed);
    let undecided = number(Status::is_undecided);
    let waived = number(|status| status == Status::Waived);
    let word = match (required.len(), failed, undecided, waived) {
        (0, ..) => "nothing applies",
        (_, 1.., _, _) => "not ready",
        (_, _, 1.., _) => "unverified",
        (_, _, _, 1..) => "ready on condition",
        _ => "ready",
    };
    let share = (ready * 100).checked_div(required.len()).unwrap_or(0);
    let missing: Vec<usize> = required.iter().copied().filter(|&row| has_card(page.row(row).status)).collect();
    vec![
        plain(&environment.title),
        word.to_owned(),
        format!("{} of {} ({share} %)", count(ready as u64), count(required.len() as u64)),
        count(failed as u64),
        count(undecided as u64),
        count(waived as u64),
        page.links(&missing, LINKS),
    ]
}

fn requires(page: &Page<'_>, requirement: &Requirement, row: &Row) -> bool {
    match requirement {
        Requirement::Item(id) => row.item.id == *id,
        Requirement::Category(id) => row.item.category == *id,
        Requirement::Tier(tier) => gate(&row.item, &page.board.tiers, *tier).is_some(),
    }
}
