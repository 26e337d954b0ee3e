//! What is wrong with the checklist and the ledger themselves.

use super::page::Page;
use super::waivers::idle_waivers;
use crate::report::escape::plain;
use crate::text::words::one_line;

pub(super) fn body(page: &Page<'_>) -> String {
    // A waiver in vain stands among the accepted risks.
    let told: Vec<String> =
        idle_waivers(page).into_iter().map(|(_, waiver)| format!("/{}.yaml", waiver.name)).collect();
    let problems = page.board.problems.iter().filter(|problem| !told.iter().any(|name| problem.path.ends_with(name)));
    problems.map(|problem| format!("- {}", plain(&one_line(&problem.to_string())))).collect::<Vec<_>>().join("\n")
}
