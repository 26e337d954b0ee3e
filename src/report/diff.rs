//! What is different between two states: for a terminal, and as JSON.

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::readiness::board::{Board, Score, Verdict};
use crate::readiness::difference::{Change, Difference, Direction};
use crate::readiness::status::Status;
use crate::report::format::Options;
use crate::report::history::ChangeReport;
use crate::report::json::Tool;
use crate::report::paint::{BOLD, MUTED, Paint, pad};
use crate::report::pretty;
use crate::text::words::{count, day, day_of, one_line, plural};
use crate::tree::path::RelPath;

const INDENT: usize = 13;
/// How many of the files behind a flip are named.
const FILES: usize = 4;

/// Two boards and what they are called.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
    pub from: &'a str,
    /// `None` for the files as they are.
    pub to: Option<&'a str>,
    pub before: &'a Board,
    pub after: &'a Board,
    pub difference: &'a Difference,
}

/// For a terminal.
///
/// # Errors
/// Those of the writer.
pub fn human(comparison: &Comparison<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let Comparison { before, after, difference, .. } = comparison;
    let page = Page { paint: Paint::new(options) };
    let title =
        format!("{}: {} to {}", after.tree.root, state(before, Some(comparison.from)), state(after, comparison.to));
    writeln!(out, "{}\n", page.paint.styled(BOLD, &page.paint.text(&title, 0)))?;
    page.scores(before, after, out)?;
    let groups =
        [("Better", Direction::Better), ("Worse", Direction::Worse), ("Otherwise different", Direction::Other)];
    for (heading, way) in groups {
        let flips: Vec<&Change> = difference.flips.iter().filter(|flip| flip.direction() == way).collect();
        page.heading(heading, flips.len(), out)?;
        flips.into_iter().try_for_each(|flip| page.flip(flip, out))?;
    }
    page.items("New items", &difference.appeared, after, out)?;
    page.items("No longer asked", &difference.gone, before, out)?;
    if difference.is_empty() {
        writeln!(out, "\nNo item has another status.")?;
    }
    Ok(())
}

/// `main~2 (3f9c2e1ab, as of 12 Nov 2026)`, `the files as they are (3f9c2e1ab and 2 files changed)`.
fn state(board: &Board, name: Option<&str>) -> String {
    let commit: String = board.tree.commit.iter().flat_map(|commit| commit.chars().take(9)).collect();
    match (name, board.tree.changed) {
        (Some(name), _) => format!("{name} ({commit}, as of {})", day(day_of(board.at))),
        (None, 0) => format!("the files as they are ({commit}, nothing changed)"),
        (None, changed) => format!("the files as they are ({commit}, {} changed)", plural(changed, "file", "files")),
    }
}

struct Page {
    paint: Paint,
}

impl Page {
    fn arrow(&self) -> &'static str {
        if self.paint.ascii { "->" } else { "→" }
    }

    fn scores(&self, before: &Board, after: &Board, out: &mut dyn Write) -> io::Result<()> {
        let name = |id: &str| self.paint.text(id, 0);
        let label = after.tiers.iter().map(|tier| name(&tier.id).width()).max().unwrap_or(0).max("score".len());
        let (was, is) = (self.paint.score(before.score), self.paint.score(after.score));
        let both = if was == is { format!("{is}, as before") } else { format!("{was} {} {is}", self.arrow()) };
        writeln!(out, "  {}  {both}", pad("score", label))?;
        for verdict in &after.verdicts {
            let Some(tier) = after.tiers.get(verdict.tier) else { continue };
            let word = self.paint.verdict(verdict.verdict, 0);
            let both = match verdict_of(before, &tier.id) {
                Some(was) if was == verdict.verdict => format!("{word}, as before"),
                Some(was) => format!("{} {} {word}", self.paint.verdict(was, 0), self.arrow()),
                None => word,
            };
            writeln!(out, "  {}  {both}", pad(&name(&tier.id), label))?;
        }
        if before.ruler != after.ruler {
            let why = "measured with another checklist: scores do not compare, and a change may come from it";
            writeln!(out, "  {}", self.paint.styled(MUTED, &self.paint.text(why, 2)))?;
        }
        Ok(())
    }

    fn heading(&self, heading: &str, number: usize, out: &mut dyn Write) -> io::Result<()> {
        if number == 0 {
            return Ok(());
        }
        writeln!(out, "\n{}", self.paint.styled(BOLD, &format!("{heading} ({})", count(number as u64))))
    }

    fn flip(&self, flip: &Change, out: &mut dyn Write) -> io::Result<()> {
        let (from, to) = (self.paint.glyph(flip.from), self.paint.glyph(flip.to));
        let arrow = self.arrow();
        let title = self.paint.text(&flip.title, INDENT);
        let lead = format!("  {from} {} {to}  {}", self.paint.styled(MUTED, arrow), flip.priority);
        writeln!(out, "{lead}{:1$}{2}", "", INDENT - 9 - arrow.width(), self.paint.styled(BOLD, &title))?;
        writeln!(out, "{:INDENT$}{}", "", self.paint.styled(MUTED, &self.paint.text(&flip.item, INDENT)))?;
        for (word, status, reason) in [("was", flip.from, &flip.was), ("is ", flip.to, &flip.is)] {
            writeln!(out, "{:INDENT$}{}", "", self.paint.text(&told(word, status, reason), INDENT))?;
        }
        if !flip.files.is_empty() {
            writeln!(out, "{:INDENT$}{}", "", self.paint.text(&format!("by  {}", files(&flip.files)), INDENT))?;
        }
        Ok(())
    }

    fn items(&self, heading: &str, ids: &[String], board: &Board, out: &mut dyn Write) -> io::Result<()> {
        self.heading(heading, ids.len(), out)?;
        for row in board.rows.iter().filter(|row| ids.contains(&row.item.id)) {
            let title = self.paint.text(&row.item.title, 9 + row.item.id.width() + 2);
            let id = self.paint.styled(MUTED, &self.paint.text(&row.item.id, 9));
            writeln!(out, "  {} {}  {title}  {id}", self.paint.glyph(row.status), row.item.priority)?;
        }
        Ok(())
    }
}

fn told(word: &str, status: Status, reason: &str) -> String {
    match one_line(reason) {
        reason if reason.is_empty() => format!("{word} {}", status.word()),
        reason => format!("{word} {}: {reason}", status.word()),
    }
}

/// `a.py, b.py and 3 more`.
pub(super) fn files(files: &[RelPath]) -> String {
    let named: Vec<&str> = files.iter().take(FILES).map(RelPath::as_str).collect();
    match files.len().saturating_sub(FILES) {
        0 => named.join(", "),
        more => format!("{} and {} more", named.join(", "), count(more as u64)),
    }
}

fn verdict_of(board: &Board, tier: &str) -> Option<Verdict> {
    let number = board.tiers.iter().position(|known| known.id == tier)?;
    board.verdicts.iter().find(|verdict| verdict.tier == number).map(|verdict| verdict.verdict)
}

/// For programs.
///
/// # Errors
/// Those of the writer.
pub fn json(comparison: &Comparison<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Comparison { from, to, before, after, difference } = comparison;
    let verdicts = after.verdicts.iter().filter_map(|verdict| {
        let tier = after.tiers.get(verdict.tier)?;
        Some(VerdictReport { tier: &tier.id, from: verdict_of(before, &tier.id), to: verdict.verdict })
    });
    let report = Report {
        version: 1,
        tool: Tool::THIS,
        root: &after.tree.root,
        from: StateReport::of(before, Some(from)),
        to: StateReport::of(after, *to),
        verdicts: verdicts.collect(),
        changes: difference.flips.iter().map(ChangeReport::of).collect(),
        appeared: &difference.appeared,
        gone: &difference.gone,
    };
    pretty::write(&report, out)
}

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    tool: Tool,
    root: &'a str,
    from: StateReport<'a>,
    to: StateReport<'a>,
    verdicts: Vec<VerdictReport<'a>>,
    changes: Vec<ChangeReport<'a>>,
    appeared: &'a [String],
    gone: &'a [String],
}

#[derive(Serialize)]
struct StateReport<'a> {
    /// As it was asked for; `null` for the files as they are.
    name: Option<&'a str>,
    commit: Option<&'a str>,
    dirty: bool,
    at: Timestamp,
    ruler: &'a str,
    score: Score,
    maturity: &'a str,
}

impl<'a> StateReport<'a> {
    fn of(board: &'a Board, name: Option<&'a str>) -> Self {
        let Board { tree, at, ruler, score, maturity, .. } = board;
        Self { name, commit: tree.commit.as_deref(), dirty: tree.changed > 0, at: *at, ruler, score: *score, maturity }
    }
}

#[derive(Serialize)]
struct VerdictReport<'a> {
    tier: &'a str,
    /// `null` where the earlier state had no such tier.
    from: Option<Verdict>,
    to: Verdict,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_line_are_not_lost() {
        let paths: Vec<RelPath> = ["a", "b", "c", "d", "e"].map(RelPath::new).into();
        assert_eq!(files(&paths), "a, b, c, d and 1 more");
        assert_eq!(files(&paths[..1]), "a");
    }
}
