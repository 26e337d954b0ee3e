//! The findings in a few sentences, then the most that works and that is missing.

use super::header::{aimed, unverified};
use super::page::{GAPS, Page, blocks, speaker};
use crate::readiness::board::{Row, Verdict};
use crate::readiness::status::Status;
use crate::report::escape::{code, plain};
use crate::text::words::{count, day, day_of, one_line, plural};

/// How many of each a reader takes in.
const MOST: usize = 7;

pub(super) fn body(page: &Page<'_>) -> String {
    if page.board.rows.is_empty() {
        return String::new();
    }
    let works = page.rows(|row| row.status.is_ready());
    let missing = page.with(&GAPS);
    blocks(vec![
        sentences(page),
        words(page),
        list(page, "What works", &works, "under the production checklist"),
        list(page, "What is missing", &missing, "under the gaps"),
    ])
}

fn sentences(page: &Page<'_>) -> String {
    let board = page.board;
    let number = |wanted: fn(&Row) -> bool| count(page.rows(wanted).len() as u64);
    let mut text = format!(
        "{} items apply: {} ready, {} failed, {} waived, {}; {} do not apply.",
        count(u64::from(board.score.applicable)),
        number(|row| row.status.is_ready()),
        number(|row| row.status == Status::Failed),
        number(|row| row.status == Status::Waived),
        unverified(page),
        count(u64::from(board.score.not_applicable)),
    );
    if let Some(verdict) = aimed(page) {
        let tier = page.tier(verdict.tier);
        text += &match verdict.verdict {
            Verdict::NoGo => {
                format!(" {tier} is stopped by {}.", plural(verdict.failing.len(), "failed item", "failed items"))
            }
            Verdict::Incomplete => {
                format!(" Nothing that {tier} requires failed, but {} undecided.", are(verdict.undecided.len()))
            }
            Verdict::Conditional => format!(" {tier} may go on condition: {} waived.", are(verdict.waived.len())),
            Verdict::Go => format!(" Nothing stops {tier}, the highest tier."),
        };
    }
    text + " (Generated from the findings.)"
}

/// What people wrote into the report, as they wrote it.
fn words(page: &Page<'_>) -> String {
    let said = page.board.words.iter().map(|word| {
        let on = day(day_of(word.at));
        format!("**Note by {}, {on}:** {}", speaker(word), plain(&one_line(&word.note)))
    });
    said.collect::<Vec<_>>().join("\n\n")
}

fn are(number: usize) -> String {
    let verb = if number == 1 { "is" } else { "are" };
    format!("{} {verb}", plural(number, "item", "items"))
}

fn list(page: &Page<'_>, title: &str, rows: &[usize], rest: &str) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let line = |&row: &usize| {
        let Row { item, .. } = page.row(row);
        let id = if page.row(row).status.is_ready() { code(&item.id) } else { page.link(row) };
        format!("- {} {} {id}", item.priority, plain(&item.title))
    };
    let mut lines: Vec<String> = rows.iter().take(MOST).map(line).collect();
    if rows.len() > MOST {
        lines.push(format!("- and {} more {rest}", count((rows.len() - MOST) as u64)));
    }
    format!("**{title}** ({}):\n\n{}", count(rows.len() as u64), lines.join("\n"))
}
