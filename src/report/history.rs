//! The history of a branch: a plot, a table, or JSON.

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::checklist::model::Priority;
use crate::readiness::board::{Score, Verdict};
use crate::readiness::difference::{Change, Difference, Direction};
use crate::readiness::history::{History, Measured, Step};
use crate::readiness::status::Status;
use crate::report::format::Options;
use crate::report::json::Tool;
use crate::report::paint::{BOLD, MUTED, Paint, pad};
use crate::report::plot::plot;
use crate::report::pretty;
use crate::text::words::{count, day_of, person, plural};
use crate::tree::line::Commit;
use crate::tree::path::RelPath;

/// The digits of a commit that people read.
const COMMIT: usize = 9;
const DATE: usize = "2026-11-21".len();
const SCORE: usize = "100–100".len();
const FLIPS: usize = 8;
/// What a cell of a verdict is at least as wide as.
const TIER: usize = "NO-GO".len();

/// For a terminal.
///
/// # Errors
/// Those of the writer.
pub fn human(history: &History, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint::new(options);
    let title = format!("{}: {} of {}", history.root, plural(history.steps.len(), "commit", "commits"), history.from);
    writeln!(out, "{}", paint.styled(BOLD, &paint.text(&title, 0)))?;
    writeln!(out, "{}\n", paint.text(&ruler(history), 0))?;
    let plot = plot(history, paint);
    plot.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
    if !plot.is_empty() {
        writeln!(out)?;
    }
    table(history, paint, out)?;
    remarks(history).iter().try_for_each(|line| writeln!(out, "{}", paint.styled(MUTED, &paint.text(line, 0))))
}

fn ruler(history: &History) -> String {
    let first = history.steps.iter().find_map(|step| step.measured.as_ref().ok());
    let ruler: String = first.map(|measured| measured.ruler.chars().take(12).collect()).unwrap_or_default();
    match (history.is_own, history.has_one_ruler()) {
        (false, _) => format!("ruler {ruler}: all of them are asked the checklist of today"),
        (true, true) => format!("ruler {ruler}: each is asked the checklist that it holds, and it never changed"),
        (true, false) => {
            "each is asked the checklist that it holds; across a change of it scores do not compare".to_owned()
        }
    }
}

fn table(history: &History, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let tiers: Vec<(String, usize)> = history
        .tiers()
        .iter()
        .enumerate()
        .map(|(number, tier)| {
            let name = paint.text(&tier.id, 0);
            let words = history.steps.iter().filter_map(|step| step.measured.as_ref().ok()?.verdicts.get(number));
            let widest = words.map(|verdict| verdict.word().width()).max().unwrap_or(0);
            let width = name.width().max(widest).max(TIER);
            (name, width)
        })
        .collect();
    let mut head = format!("  {}  {}  {}", pad("commit", COMMIT), pad("date", DATE), pad("score", SCORE));
    tiers.iter().for_each(|(name, width)| head += &format!("  {}", pad(name, *width)));
    head += &format!("  {}  subject", pad("changed", FLIPS));
    writeln!(out, "{}", paint.styled(MUTED, &paint.text(&head, 0)))?;
    for step in &history.steps {
        row(step, &tiers, paint, out)?;
    }
    Ok(())
}

fn row(step: &Step, tiers: &[(String, usize)], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let commit: String = step.commit.id.chars().take(COMMIT).collect();
    let lead = format!("  {commit}  {}", day_of(step.commit.at));
    let measured = match &step.measured {
        Ok(measured) => measured,
        Err(why) => {
            return writeln!(out, "{lead}  {}", paint.text(&format!("cannot be judged: {why}"), lead.width() + 2));
        }
    };
    let mut line = format!("{lead}  {}", pad(&paint.score(measured.score), SCORE));
    let mut used = lead.width() + 2 + SCORE;
    for (number, (_, width)) in tiers.iter().enumerate() {
        line += "  ";
        line += &measured.verdicts.get(number).map_or_else(|| " ".repeat(*width), |word| paint.verdict(*word, *width));
        used += 2 + width;
    }
    let flips = measured.difference.as_ref().map(flips).unwrap_or_default();
    line += &format!("  {}  ", pad(&flips, FLIPS));
    used += 2 + FLIPS.max(flips.width()) + 2;
    line += &paint.text(&step.commit.subject, used);
    writeln!(out, "{}", line.trim_end())?;
    if measured.has_new_ruler {
        let ruler: String = measured.ruler.chars().take(12).collect();
        let line =
            format!("  {} the checklist is another from here on: ruler {ruler}", if paint.ascii { "^" } else { "▲" });
        writeln!(out, "{}", paint.styled(MUTED, &paint.text(&line, 0)))?;
    }
    Ok(())
}

/// `+2 -1 ~3`: better, worse, otherwise different.
fn flips(difference: &Difference) -> String {
    let ways = [("+", Direction::Better), ("-", Direction::Worse), ("~", Direction::Other)];
    let counts = ways.map(|(sign, way)| (sign, difference.count(way)));
    let parts: Vec<String> =
        counts.into_iter().filter(|(_, n)| *n > 0).map(|(sign, n)| format!("{sign}{}", count(n as u64))).collect();
    parts.join(" ")
}

fn remarks(history: &History) -> Vec<String> {
    let mut lines = Vec::new();
    if history.has_older {
        lines.push("older commits were not asked for: --max N shows more, --max 0 all".to_owned());
    }
    lines.extend(history.ends.clone());
    if history.commands > 0 {
        let items = plural(history.commands, "item hangs", "items hang");
        lines.push(format!("{items} on a command, which is never run for a commit: unknown"));
    }
    if !lines.is_empty() {
        lines.insert(0, String::new());
    }
    lines
}

/// For programs.
///
/// # Errors
/// Those of the writer.
pub fn json(history: &History, out: &mut dyn Write) -> io::Result<()> {
    let report = Report {
        version: 1,
        tool: Tool::THIS,
        root: &history.root,
        from: &history.from,
        own_checklist: history.is_own,
        complete: !history.has_older && history.ends.is_none(),
        commits: history.steps.iter().map(commit).collect(),
    };
    pretty::write(&report, out)
}

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    tool: Tool,
    root: &'a str,
    from: &'a str,
    own_checklist: bool,
    /// Whether the first commit of the branch is among these.
    complete: bool,
    commits: Vec<CommitReport<'a>>,
}

/// What every report says of a commit.
#[derive(Serialize)]
pub(super) struct CommitHead<'a> {
    commit: &'a str,
    at: Timestamp,
    author: &'a str,
    subject: &'a str,
}

impl<'a> CommitHead<'a> {
    pub(super) fn of(commit: &'a Commit) -> Self {
        Self { commit: &commit.id, at: commit.at, author: person(&commit.author), subject: &commit.subject }
    }
}

#[derive(Serialize)]
struct CommitReport<'a> {
    #[serde(flatten)]
    head: CommitHead<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(flatten)]
    measured: Option<MeasuredReport<'a>>,
}

#[derive(Serialize)]
struct MeasuredReport<'a> {
    ruler: &'a str,
    ruler_changed: bool,
    score: Score,
    maturity: &'a str,
    verdicts: Vec<VerdictReport<'a>>,
    files: usize,
    changes: Vec<ChangeReport<'a>>,
    appeared: Vec<&'a str>,
    gone: Vec<&'a str>,
}

#[derive(Serialize)]
struct VerdictReport<'a> {
    tier: &'a str,
    verdict: Verdict,
}

/// An item whose status changed.
#[derive(Serialize)]
pub(super) struct ChangeReport<'a> {
    id: &'a str,
    title: &'a str,
    priority: Priority,
    direction: Direction,
    from: Status,
    to: Status,
    was: &'a str,
    is: &'a str,
    files: &'a [RelPath],
}

impl<'a> ChangeReport<'a> {
    pub(super) fn of(change: &'a Change) -> Self {
        let Change { item, title, priority, from, to, was, is, files } = change;
        let direction = change.direction();
        Self { id: item, title, priority: *priority, direction, from: *from, to: *to, was, is, files }
    }
}

fn commit(step: &Step) -> CommitReport<'_> {
    CommitReport {
        head: CommitHead::of(&step.commit),
        error: step.measured.as_ref().err().map(String::as_str),
        measured: step.measured.as_ref().ok().map(measured),
    }
}

fn measured(measured: &Measured) -> MeasuredReport<'_> {
    let Measured { ruler, has_new_ruler, score, tiers, verdicts, maturity, files, difference } = measured;
    let verdicts = tiers.iter().zip(verdicts);
    let ids = |ids: fn(&Difference) -> &[String]| -> Vec<&str> {
        difference.iter().flat_map(ids).map(String::as_str).collect()
    };
    MeasuredReport {
        ruler,
        ruler_changed: *has_new_ruler,
        score: *score,
        maturity,
        verdicts: verdicts.map(|(tier, verdict)| VerdictReport { tier: &tier.id, verdict: *verdict }).collect(),
        files: *files,
        changes: difference.iter().flat_map(|difference| &difference.flips).map(ChangeReport::of).collect(),
        appeared: ids(|difference| &difference.appeared),
        gone: ids(|difference| &difference.gone),
    }
}
