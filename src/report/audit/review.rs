//! When this page is out of date: the first day on which something lapses, and the condition that ends the wait.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::actions::{due, plan};
use super::header::aimed;
use super::page::{LINKS, Page, blocks};
use crate::ledger::fold::Position;
use crate::ledger::freshness::{Freshness, freshness};
use crate::readiness::board::Verdict;
use crate::readiness::status::Status;
use crate::text::words::{count, day, day_of, plural};

pub(super) fn body(page: &Page<'_>) -> String {
    blocks(vec![date(page), due_first(page), condition(page)])
}

fn date(page: &Page<'_>) -> String {
    let lapses = lapses(page);
    let Some((&first, rows)) = lapses.first_key_value() else { return String::new() };
    let later = lapses.len() - 1;
    let later = if later == 0 {
        String::new()
    } else {
        format!(" After that, {} on which something lapses.", plural(later, "more day", "more days"))
    };
    format!("On **{}**, when what was said of {} lapses.{later}", day(first), page.links(rows, LINKS))
}

/// By the day on which a waiver or a person's word stops to count.
fn lapses(page: &Page<'_>) -> BTreeMap<Date, Vec<usize>> {
    let mut lapses: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
    for row in page.rows(|row| matches!(row.status, Status::Waived | Status::Attested)) {
        let at = page.row(row);
        let end = match &at.standing.position {
            Position::Waived(waiver) => waiver.expires.and_then(|last| last.tomorrow().ok()),
            Position::Attested(said) => {
                let days = at.item.review_every_days;
                match freshness(said, &said.item_hash, Vec::new(), days, page.board.at) {
                    Freshness::Fresh { until } => until.map(day_of),
                    Freshness::Stale { .. } => None,
                }
            }
            _ => None,
        };
        if let Some(end) = end {
            lapses.entry(end).or_default().push(row);
        }
    }
    lapses
}

/// The first day to come on which something is due.
fn due_first(page: &Page<'_>) -> String {
    let mut days: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
    for row in plan(page) {
        if let Some(day) = due(page, row).filter(|day| *day >= page.today) {
            days.entry(day).or_default().push(row);
        }
    }
    let first = days.first_key_value();
    first.map_or_else(String::new, |(first, rows)| {
        format!("On **{}**, when {} falls due.", day(*first), page.links(rows, LINKS))
    })
}

fn condition(page: &Page<'_>) -> String {
    let Some(verdict) = aimed(page).filter(|verdict| verdict.verdict != Verdict::Go) else { return String::new() };
    let tier = page.tier(verdict.tier);
    let (failed, open, waived) = (verdict.failing.len(), verdict.undecided.len(), verdict.waived.len());
    let are = |number: usize, verb: &str| {
        let (verb, are) = if number == 1 { (format!("{verb}s"), "is") } else { (verb.to_owned(), "are") };
        let items = if number == 1 { "item".to_owned() } else { plural(number, "item", "items") };
        format!("the {items} that {verb} {tier} {are}")
    };
    match (failed, open) {
        (0, 0) => format!("As soon as {} fixed.", are(waived, "limit")),
        (0, open) => format!("As soon as {} decided.", are(open, "delay")),
        (failed, 0) => format!("As soon as {} fixed.", are(failed, "stop")),
        (failed, open) => format!("As soon as {} fixed and {} more decided.", are(failed, "stop"), count(open as u64)),
    }
}
