//! What only people can tell: questions without an answer, and a heuristic's yes that nobody confirmed.

use super::card::plan_lines;
use super::page::{Page, and_more, effort};
use crate::readiness::status::Status;
use crate::report::escape::{code, plain};
use crate::report::places::{adds, places};
use crate::report::said::{NOTE, said};
use crate::text::words::{count, one_line};

const PLACES: usize = 3;

pub(super) fn unanswered(page: &Page<'_>) -> String {
    lines(page, Status::Open, |page, row| {
        let item = &page.row(row).item;
        let mut parts = Vec::new();
        if item.question() != item.title {
            parts.push(plain(&one_line(item.question())));
        }
        parts.push(plain(&one_line(&item.why)));
        if !item.options.is_empty() {
            let options: Vec<String> = item.options.iter().map(|option| plain(&one_line(option))).collect();
            parts.push(format!("To decide: {}", options.join(" or ")));
        }
        if !item.fix.trim().is_empty() {
            let effort = effort(item.effort_minutes);
            parts.push(format!("If the answer is no ({effort}): {}", plain(&one_line(&item.fix))));
        }
        parts.extend(plan_lines(page, row));
        parts
    })
}

pub(super) fn to_confirm(page: &Page<'_>) -> String {
    let lines = lines(page, Status::Likely, |page, row| vec![seen(page, row)]);
    if lines.is_empty() {
        return lines;
    }
    format!("A heuristic says yes to these. Look at the places, then confirm or dismiss each.\n\n{lines}")
}

fn lines(page: &Page<'_>, status: Status, parts: fn(&Page<'_>, usize) -> Vec<String>) -> String {
    let line = |row: usize| {
        let item = &page.row(row).item;
        let tier = page.tier(item.tier);
        let (anchor, title, id) = (page.anchor(row), plain(&item.title), code(&item.id));
        let head = format!("- {anchor}**{} {title}** {id}, required from {tier}", item.priority);
        let said = said(&page.row(row).standing, page.today).map(|line| plain(&line));
        let below = parts(page, row).into_iter().chain(said).filter(|part| !part.is_empty());
        std::iter::once(head).chain(below.map(|part| format!("  - {part}"))).collect::<Vec<_>>().join("\n")
    };
    page.with(&[status]).into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Why it is likely, and where somebody can look.
fn seen(page: &Page<'_>, row: usize) -> String {
    let row = page.row(row);
    let (first, more) = places(row, PLACES);
    let named: Vec<String> = first
        .iter()
        .filter(|evidence| evidence.path.is_some() && adds(evidence, row))
        .map(|evidence| code(&evidence.place()))
        .collect();
    let is_named = first.iter().any(|evidence| row.reason == evidence.place());
    let reason = if is_named { String::new() } else { page.clip(&row.reason, NOTE) };
    let named = match more {
        0 => and_more(&named, PLACES),
        more => format!("{} and {} more", named.join(", "), count(more as u64)),
    };
    match (reason.is_empty(), named.is_empty()) {
        (false, false) => format!("{reason}: {named}"),
        _ => reason + &named,
    }
}
