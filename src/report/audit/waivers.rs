//! What somebody accepted, until when, and what was accepted in vain.

use super::card::card;
use super::page::{Page, blocks, who};
use crate::ledger::decision::{Decision, Kind};
use crate::ledger::fold::Position;
use crate::readiness::board::Row;
use crate::readiness::status::Status;
use crate::report::escape::plain;
use crate::report::said::NOTE;
use crate::text::words::{day, one_line, plural};

pub(super) fn body(page: &Page<'_>) -> String {
    let cards = page.with(&[Status::Waived]).into_iter().map(|row| card(page, row));
    blocks(cards.chain([idle(page), dismissed(page)]).collect())
}

/// The waivers that stand and do not count: nothing fails any more, they are over, or do not cover what is found.
pub(super) fn idle_waivers<'a>(page: &Page<'a>) -> Vec<(usize, &'a Decision)> {
    let waivers = |row: usize| -> Vec<(usize, &'a Decision)> {
        match &page.row(row).standing.position {
            Position::Waived(waiver) => vec![(row, waiver)],
            Position::Disputed(decisions) => {
                decisions.iter().filter(|one| one.kind == Kind::Waive).map(|one| (row, one.as_ref())).collect()
            }
            _ => Vec::new(),
        }
    };
    page.rows(|row| row.status != Status::Waived).into_iter().flat_map(waivers).collect()
}

fn idle(page: &Page<'_>) -> String {
    let lines: Vec<String> = idle_waivers(page)
        .into_iter()
        .map(|(row, waiver)| {
            let until = waiver.expires.map(|last| format!(" until {}", day(last))).unwrap_or_default();
            let status = page.row(row).status.word();
            format!("- {}: {}{until}, yet it is {status}: {}", page.link(row), who(&waiver.by), note(page, waiver))
        })
        .collect();
    listed("Waivers that do not count", &lines)
}

fn dismissed(page: &Page<'_>) -> String {
    // What has a card says it there.
    let rows = page.rows(|row| !row.standing.dismissals.is_empty() && !super::page::has_card(row.status));
    let line = |row: usize| {
        let Row { standing, .. } = page.row(row);
        let said = standing.dismissals.iter().map(move |dismissal| {
            let places = plural(dismissal.evidence.len(), "place", "places");
            format!("- {}: {} dismissed {places}: {}", page.link(row), who(&dismissal.by), note(page, dismissal))
        });
        said.collect::<Vec<_>>()
    };
    listed("Findings that people dismissed", &rows.into_iter().flat_map(line).collect::<Vec<_>>())
}

fn note(page: &Page<'_>, decision: &Decision) -> String {
    plain(&page.cut(&one_line(&decision.note), NOTE))
}

fn listed(title: &str, lines: &[String]) -> String {
    if lines.is_empty() { String::new() } else { format!("**{title}:**\n\n{}", lines.join("\n")) }
}
