//! A snapshot to keep with the code. One state is always the same bytes: the day, never the time.

use std::io::{self, Write};

use jiff::civil::Date;

use crate::ledger::decision::Kind;
use crate::ledger::fold::Position;
use crate::readiness::board::{Board, Row, TierVerdict};
use crate::readiness::status::Status;
use crate::report::escape::{code, plain};
use crate::report::format::Options;
use crate::report::places::{are_telling, places, reason};
use crate::report::said::{NOTE, said};
use crate::report::said::{after, told};
use crate::text::ours::MARK;
use crate::text::visible::clip;
use crate::text::words::{count, day, day_of, duration, one_line, person, plural};

const PLACES: usize = 5;

/// # Errors
/// Those of the writer.
pub fn print(board: &Board, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{MARK}\n# Readiness of {}\n", plain(&board.tree.root))?;
    if !board.title.is_empty() {
        writeln!(out, "Checklist: {}.\n", plain(&board.title))?;
    }
    verdicts(board, out)?;
    for category in board.categories.iter().filter(|category| !category.rows.is_empty()) {
        let score = score_words(category.score.low, category.score.high, category.score.applicable);
        writeln!(out, "\n## {} ({score})\n", plain(&category.category.title))?;
        for row in category.rows.iter().filter_map(|&row| board.rows.get(row)) {
            item(row, day_of(board.at), out)?;
        }
    }
    // A page without an aim of its own aims at the first tier that is left to reach.
    let ahead = board.verdicts.iter().skip(options.tier).find(|verdict| !verdict.path.is_empty());
    if let Some(verdict) = ahead {
        path(board, verdict, out)?;
    }
    waivers(board, out)?;
    problems(board, out)?;
    looked_at(board, out)
}

fn verdicts(board: &Board, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| tier | verdict | failing | undecided | waived | effort |")?;
    writeln!(out, "| --- | --- | ---: | ---: | ---: | ---: |")?;
    for verdict in &board.verdicts {
        let tier = board.tiers.get(verdict.tier).map_or("", |tier| &tier.title);
        let numbers = [verdict.failing.len(), verdict.undecided.len(), verdict.waived.len()];
        let [failing, undecided, waived] = numbers.map(|number| count(number as u64));
        let effort = duration(verdict.effort_minutes);
        writeln!(
            out,
            "| {} | **{}** | {failing} | {undecided} | {waived} | {effort} |",
            plain(tier),
            verdict.verdict.word(),
        )?;
    }
    let score = score_words(board.score.low, board.score.high, board.score.applicable);
    let away = board.score.not_applicable as usize;
    writeln!(
        out,
        "\nScore {score}, maturity {}, {} not applicable.",
        plain(&board.maturity),
        plural(away, "item", "items")
    )
}

fn score_words(low: u32, high: u32, applicable: u32) -> String {
    match (applicable, low == high) {
        (0, _) => "nothing applies".to_owned(),
        (_, true) => low.to_string(),
        (_, false) => format!("{low}–{high}"),
    }
}

fn item(row: &Row, today: Date, out: &mut dyn Write) -> io::Result<()> {
    // What does not apply has no box: there is nothing to tick, and a page counts its empty boxes as left to do.
    let tick = match row.status {
        Status::NotApplicable => "",
        status if status.is_ready() => "[x] ",
        _ => "[ ] ",
    };
    let (word, item) = (row.status.word(), &row.item);
    writeln!(out, "- {tick}**{word}** {} {} {}", item.priority, plain(&item.title), code(&item.id))?;
    if let Some(reason) = reason(row) {
        writeln!(out, "  - {}", plain(&clip(reason, NOTE)))?;
    }
    if are_telling(row) {
        let (shown, more) = places(row, PLACES);
        for evidence in shown.iter().filter(|evidence| evidence.path.is_some()) {
            writeln!(out, "  - {}", code(&evidence.place()))?;
        }
        if more > 0 {
            writeln!(out, "  - and {} more", count(more as u64))?;
        }
    }
    if matches!(row.status, Status::Failed | Status::Open) && !item.fix.trim().is_empty() {
        writeln!(out, "  - Fix: {}", plain(&one_line(&item.fix)))?;
    }
    for line in told(row, today) {
        writeln!(out, "  - {}", plain(&line))?;
    }
    said(&row.standing, today).try_for_each(|line| writeln!(out, "  - {}", plain(&line)))
}

fn path(board: &Board, verdict: &TierVerdict, out: &mut dyn Write) -> io::Result<()> {
    let Some(tier) = board.tiers.get(verdict.tier).filter(|_| !verdict.path.is_empty()) else { return Ok(()) };
    writeln!(out, "\n## Path to GO for {}\n", plain(&tier.title))?;
    for (number, step) in (1..).zip(&verdict.path) {
        let Some(row) = board.rows.get(step.row) else { continue };
        let effort = match step.effort_minutes {
            0 => "effort unknown".to_owned(),
            minutes => duration(minutes),
        };
        let person = if step.needs_person { ", needs a person" } else { "" };
        writeln!(
            out,
            "{number}. {} {}: {effort}{person}{}",
            plain(&row.item.title),
            code(&row.item.id),
            plain(&after(row))
        )?;
    }
    Ok(())
}

/// Every waiver that somebody gave, whether or not it still counts.
fn waivers(board: &Board, out: &mut dyn Write) -> io::Result<()> {
    let standing = |row: &Row| match &row.standing.position {
        Position::Waived(waiver) => vec![waiver.clone()],
        Position::Disputed(decisions) => decisions.clone(),
        _ => Vec::new(),
    };
    let waivers: Vec<_> = board
        .rows
        .iter()
        .flat_map(|row| standing(row).into_iter().map(move |decision| (row, decision)))
        .filter(|(_, decision)| decision.kind == Kind::Waive)
        .collect();
    if waivers.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## Waivers\n\n| item | until | by | reason | status |\n| --- | --- | --- | --- | --- |")?;
    for (row, waiver) in waivers {
        let until = waiver.expires.map(day).unwrap_or_default();
        let note = one_line(&waiver.note);
        let cells = [&row.item.id, &until, person(&waiver.by), &clip(&note, NOTE), row.status.word()];
        writeln!(out, "| {} |", cells.map(plain).join(" | "))?;
    }
    Ok(())
}

fn problems(board: &Board, out: &mut dyn Write) -> io::Result<()> {
    if board.problems.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## Problems\n")?;
    board.problems.iter().try_for_each(|problem| writeln!(out, "- {}", plain(&one_line(&problem.to_string()))))
}

fn looked_at(board: &Board, out: &mut dyn Write) -> io::Result<()> {
    let tree = &board.tree;
    let commit = tree.commit.as_ref().map_or("none".to_owned(), |commit| code(commit));
    let branch = tree.branch.as_ref().map(|branch| format!(" on {}", code(branch))).unwrap_or_default();
    let state = match (tree.git, tree.changed) {
        (false, _) => ", not a git repository".to_owned(),
        (true, 0) => ", clean".to_owned(),
        (true, changed) => format!(", {} changed", plural(changed, "file", "files")),
    };
    let checklists: Vec<String> = board.checklists.iter().map(|source| code(source)).collect();
    writeln!(out, "\n## What was looked at\n")?;
    writeln!(out, "- Tree: {}, {}", code(&tree.root), plural(tree.files, "file", "files"))?;
    writeln!(out, "- Commit: {commit}{branch}{state}")?;
    writeln!(out, "- Checklists: {}", checklists.join(", "))?;
    if !board.disabled.is_empty() {
        let ids: Vec<String> = board.disabled.iter().map(|id| code(id)).collect();
        writeln!(out, "- Disabled: {}", ids.join(", "))?;
    }
    writeln!(out, "- Ruler: {}", code(&board.ruler))?;
    writeln!(out, "- Day: {}", day_of(board.at))?;
    writeln!(out, "- Tool: gonogo {}", env!("CARGO_PKG_VERSION"))
}
