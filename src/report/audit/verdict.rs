//! What each tier says and why, by which rule, and how mature that makes the system.

use super::page::{LINKS, Page, blocks, effort, table};
use crate::ledger::fold::Position;
use crate::readiness::board::{TierVerdict, Verdict};
use crate::report::escape::plain;
use crate::text::words::{count, day, plural};

/// Below the first tier.
const FIRST: &str = "prototype";

pub(super) fn body(page: &Page<'_>) -> String {
    let board = page.board;
    if board.verdicts.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = board.verdicts.iter().map(|verdict| row(page, verdict)).collect();
    let head = ["tier", "verdict", ">failing", ">undecided", ">waived", ">effort to GO"];
    let reasons: Vec<String> = board.verdicts.iter().filter_map(|verdict| reasons(page, verdict)).collect();
    blocks(vec![table(&head, &rows), reasons.join("\n"), rule(page), maturity(page)])
}

fn row(page: &Page<'_>, verdict: &TierVerdict) -> Vec<String> {
    let [failing, undecided, waived] =
        [&verdict.failing, &verdict.undecided, &verdict.waived].map(|rows| count(rows.len() as u64));
    let unknown = verdict.path.iter().filter(|step| step.effort_minutes == 0).count();
    let sum = match (verdict.effort_minutes, unknown) {
        (0, 0) => String::new(),
        (0, _) => effort(0),
        (minutes, 0) => effort(minutes),
        (minutes, some) => format!("{} and {} without an estimate", effort(minutes), count(some as u64)),
    };
    vec![page.tier(verdict.tier), format!("**{}**", verdict.verdict.word()), failing, undecided, waived, sum]
}

/// What stops a tier beyond what stops those before it.
fn reasons(page: &Page<'_>, verdict: &TierVerdict) -> Option<String> {
    let before = verdict.tier.checked_sub(1).and_then(|tier| page.board.verdicts.get(tier));
    let new = |rows: &[usize], earlier: Option<&Vec<usize>>| -> Vec<usize> {
        let mut new: Vec<usize> =
            rows.iter().copied().filter(|row| earlier.is_none_or(|earlier| !earlier.contains(row))).collect();
        new.sort_by_key(|&row| page.row(row).item.priority);
        new
    };
    let failing = new(&verdict.failing, before.map(|tier| &tier.failing));
    let undecided = new(&verdict.undecided, before.map(|tier| &tier.undecided));
    let waived = new(&verdict.waived, before.map(|tier| &tier.waived));
    let part = |what: &str, rows: &[usize]| (!rows.is_empty()).then(|| format!("{what} {}", page.links(rows, LINKS)));
    let conditions = (!waived.is_empty()).then(|| format!("waived {}", conditions(page, &waived)));
    let parts: Vec<String> =
        [part("failing", &failing), part("undecided", &undecided), conditions].into_iter().flatten().collect();
    let besides = if before.is_some_and(|tier| tier.verdict != Verdict::Go) {
        ", besides what stops the tier before"
    } else {
        ""
    };
    (!parts.is_empty()).then(|| format!("- **{}**{besides}: {}.", page.tier(verdict.tier), parts.join("; ")))
}

/// A GO on condition holds as long as its waivers do.
fn conditions(page: &Page<'_>, waived: &[usize]) -> String {
    let condition = |&row: &usize| match &page.row(row).standing.position {
        Position::Waived(waiver) => match waiver.expires {
            Some(last) => format!("{} until {}", page.link(row), day(last)),
            None => page.link(row),
        },
        _ => page.link(row),
    };
    super::page::and_more(&waived.iter().map(condition).collect::<Vec<_>>(), LINKS)
}

fn rule(page: &Page<'_>) -> String {
    let gates: Vec<String> = page
        .board
        .tiers
        .iter()
        .enumerate()
        .map(|(number, tier)| {
            let confirm = if tier.confirm { ", and a heuristic's yes must be confirmed" } else { "" };
            format!("{} down to {}{confirm}", page.tier(number), tier.gate)
        })
        .collect();
    format!(
        "Rule: a tier gates on the items that it or an earlier tier requires, down to its lowest priority ({}). It is \
         NO-GO if one of them failed; else INCOMPLETE if one is unknown, disputed, open or stale; else CONDITIONAL if one \
         is waived; else GO. No score overrides that.",
        gates.join("; ")
    )
}

/// The level that is met by its rule, and what keeps the next one away.
fn maturity(page: &Page<'_>) -> String {
    let board = page.board;
    let reached = board.verdicts.iter().rev().find(|verdict| verdict.verdict <= Verdict::Conditional);
    let ladder: Vec<String> =
        std::iter::once(FIRST.to_owned()).chain(board.tiers.iter().map(|tier| plain(&tier.title))).collect();
    let arrow = if page.ascii { " -> " } else { " → " };
    let met = match reached {
        None => format!("**{FIRST}**"),
        Some(verdict) => format!("**{}**, by its verdict {}", page.tier(verdict.tier), verdict.verdict.word()),
    };
    let next = board.verdicts.get(reached.map_or(0, |verdict| verdict.tier + 1));
    let next = next.map_or_else(|| " There is no higher level.".to_owned(), |next| unmet(page, next));
    format!("Maturity ({}): {met}.{next}", ladder.join(arrow))
}

fn unmet(page: &Page<'_>, next: &TierVerdict) -> String {
    let first = [(&next.failing, "no item fails"), (&next.undecided, "every item is decided")];
    let first = first.into_iter().find(|(rows, _)| !rows.is_empty());
    let needed = next.failing.len() + next.undecided.len();
    let tier = page.tier(next.tier);
    match first {
        Some((rows, rule)) => {
            let verb = if rows.len() == 1 { "breaks" } else { "break" };
            let broken = plural(rows.len(), "item", "items");
            format!(
                " To reach {tier}: {}. Its first unmet rule is that {rule}: {broken} {verb} it.",
                plural(needed, "item", "items")
            )
        }
        None => String::new(),
    }
}
