//! The verdict once more, what would change it, and what to do first.

use super::actions::{plan, to_do};
use super::header::aimed;
use super::page::{Page, blocks, effort};
use crate::readiness::board::{TierVerdict, Verdict};
use crate::report::escape::plain;
use crate::text::words::{count, plural};

const NEXT: usize = 3;

pub(super) fn body(page: &Page<'_>) -> String {
    let Some(verdict) = aimed(page) else { return String::new() };
    blocks(vec![closing(page, verdict), next(page, verdict)])
}

fn closing(page: &Page<'_>, verdict: &TierVerdict) -> String {
    let tier = page.tier(verdict.tier);
    if verdict.verdict == Verdict::Go {
        return format!("{tier} is GO, and there is no higher tier.");
    }
    let people = verdict.path.iter().filter(|step| step.needs_person).count();
    let unknown = verdict.path.iter().filter(|step| step.effort_minutes == 0).count();
    let mut text = format!(
        "{tier} is {}. It takes {} to make it GO",
        verdict.verdict.word(),
        plural(verdict.path.len(), "step", "steps")
    );
    text += &match people {
        0 => String::new(),
        1 if verdict.path.len() == 1 => ", for a person".to_owned(),
        all if all == verdict.path.len() => ", all for people".to_owned(),
        some => format!(", {} of them for people", count(some as u64)),
    };
    text += &match (verdict.effort_minutes, unknown) {
        (0, _) => "; nobody estimated how long".to_owned(),
        (minutes, 0) => format!("; about {} in all", effort(minutes)),
        (minutes, some) => format!("; about {} and {} without an estimate", effort(minutes), count(some as u64)),
    };
    text + "."
}

/// The first steps on the way to the tier that is aimed at.
fn next(page: &Page<'_>, verdict: &TierVerdict) -> String {
    let blocking: Vec<usize> = verdict.path.iter().map(|step| step.row).collect();
    let plan = plan(page);
    let first = plan.iter().copied().filter(|row| blocking.contains(row));
    let rest = plan.iter().copied().filter(|row| !blocking.contains(row));
    let lines: Vec<String> = first
        .chain(rest)
        .take(NEXT)
        .zip(1..)
        .map(|(row, number)| {
            let item = &page.row(row).item;
            format!("{number}. {}: {} {}", to_do(page.row(row).status), plain(&item.title), page.link(row))
        })
        .collect();
    if lines.is_empty() { String::new() } else { format!("Next:\n\n{}", lines.join("\n")) }
}
