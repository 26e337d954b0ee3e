//! Where people and probes, or two people, say different things.

use super::page::{Page, who};
use crate::ledger::decision::{Decision, Kind};
use crate::ledger::fold::Position;
use crate::readiness::board::Row;
use crate::readiness::status::Status;
use crate::text::words::{day, day_of};

pub(super) fn body(page: &Page<'_>) -> String {
    let lines: Vec<String> =
        page.rows(|row| !contradiction(row).is_empty()).into_iter().map(|row| line(page, row)).collect();
    lines.join("\n")
}

/// The decisions that contradict each other or what the probe found.
fn contradiction(row: &Row) -> Vec<&Decision> {
    match &row.standing.position {
        Position::Attested(said) | Position::NotApplicable(said) if row.status == Status::Failed => vec![said],
        Position::Disputed(said) => said.iter().map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    }
}

fn line(page: &Page<'_>, row: usize) -> String {
    let said: Vec<String> = contradiction(page.row(row))
        .into_iter()
        .map(|said| {
            let verb = match said.kind {
                Kind::Waive => "waived it",
                Kind::NotApplicable => "said that it does not apply",
                _ => "attested it",
            };
            format!("{} {verb} on {}", who(&said.by), day(day_of(said.at)))
        })
        .collect();
    let probe =
        if page.row(row).fails() { "; the probe fails, and that counts" } else { "; nothing counts until they agree" };
    format!("- {}: {}{probe}", page.link(row), said.join(", "))
}
