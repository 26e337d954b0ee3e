//! Items that are asked layer by layer (a model, a route, a page, a test): which layer stands, phase by phase.

use super::page::{Page, table};
use crate::probe::outcome::{Answer, Part};
use crate::readiness::board::Row;
use crate::report::escape::plain;

pub(super) fn body(page: &Page<'_>) -> String {
    let mut rows = page.rows(|row| !row.outcome.parts.is_empty());
    rows.sort_by_key(|row| page.row(*row).item.phase);
    let lines: Vec<Vec<String>> = rows.into_iter().map(|row| line(page, row)).collect();
    table(&["phase", "item", "stands", "missing", "unknown"], &lines)
}

fn line(page: &Page<'_>, number: usize) -> Vec<String> {
    let Row { item, outcome, .. } = page.row(number);
    let named = |wanted: Answer| {
        let parts = outcome.parts.iter().filter(|part: &&Part| part.answer == wanted);
        parts.map(|part| plain(&part.name)).collect::<Vec<_>>().join(", ")
    };
    let phase = page.board.phases.get(item.phase).map(|phase| plain(&phase.title)).unwrap_or_default();
    let title = format!("{} {}", plain(&item.title), page.link(number));
    vec![phase, title, named(Answer::Pass), named(Answer::Fail), named(Answer::Unknown)]
}
