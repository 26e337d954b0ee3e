//! Since when an item is what it is: for a terminal, and as JSON.

use std::io::{self, Write};

use serde::Serialize;

use crate::checklist::model::Priority;
use crate::probe::outcome::Evidence;
use crate::readiness::blame::{Blame, Since};
use crate::readiness::difference::Change;
use crate::readiness::status::Status;
use crate::report::diff::files;
use crate::report::format::Options;
use crate::report::history::{ChangeReport, CommitHead};
use crate::report::json::Tool;
use crate::report::paint::{BOLD, MUTED, Paint};
use crate::report::pretty;
use crate::text::words::{day, day_of, one_line, person, plural};
use crate::tree::line::Commit;

/// How many places are shown.
const PLACES: usize = 10;

/// For a terminal.
///
/// # Errors
/// Those of the writer.
pub fn human(blame: &Blame, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint::new(options);
    let title = paint.text(&blame.item.title, 7);
    writeln!(out, "{} {}  {}", paint.glyph(blame.status), blame.item.priority, paint.styled(BOLD, &title))?;
    let lines = lines(blame);
    writeln!(out, "{}\n", paint.styled(MUTED, &paint.text(&blame.item.id, 0)))?;
    lines.iter().try_for_each(|line| writeln!(out, "{}", paint.text(line, 0)))
}

fn lines(blame: &Blame) -> Vec<String> {
    let word = blame.status.word();
    let mut lines = Vec::new();
    match &blame.since {
        Since::Turned { commit, change, evidence } => {
            lines.push(format!("{word} since {}", named(commit)));
            lines.push(format!("  {}", commit.subject));
            lines.extend(turned(change));
            if commit.parents.len() > 1 {
                let other: String = commit.parents[1].chars().take(9).collect();
                let id = &blame.item.id;
                lines.push(format!("  a merge: gonogo blame {id} --rev {other} looks into what was merged"));
            }
            lines.extend(places(evidence));
        }
        Since::Always { commit, ends } => {
            lines.push(format!("{word} in every commit since {}", named(commit)));
            lines.push(format!("  {}", commit.subject));
            lines.push(told("is", blame.status, &blame.reason));
            match ends {
                Some(why) => lines.push(format!("  no older one was looked at: {why}")),
                None => lines.push("  the first one there is".to_owned()),
            }
        }
        Since::Uncommitted { change } => {
            lines.push(format!("{word} by what is not committed yet"));
            lines.extend(turned(change));
        }
        Since::Time { commit, change } => {
            lines.push(format!("{word} because time passed: no commit turned it"));
            lines.push(format!("  the last one is {}", named(commit)));
            lines.extend(turned(change));
        }
    }
    lines.push(String::new());
    lines.push(format!("{} looked at", plural(blame.commits, "commit", "commits")));
    lines
}

/// `3f9c2e1ab of 12 Nov 2026 by Ana Ruiz`.
fn named(commit: &Commit) -> String {
    let id: String = commit.id.chars().take(9).collect();
    format!("{id} of {} by {}", day(day_of(commit.at)), person(&commit.author))
}

fn turned(change: &Change) -> Vec<String> {
    let mut lines = vec![told("was", change.from, &change.was), told("is", change.to, &change.is)];
    if !change.files.is_empty() {
        lines.push(format!("  by {}", files(&change.files)));
    }
    lines
}

fn told(word: &str, status: Status, reason: &str) -> String {
    let reason = one_line(reason);
    let why = if reason.is_empty() { reason } else { format!(": {reason}") };
    format!("  {word} {}{why}", status.word())
}

fn places(evidence: &[Evidence]) -> Vec<String> {
    let line = |evidence: &Evidence| {
        let words = [evidence.place(), evidence.excerpt.trim().to_owned(), evidence.message.clone()];
        let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
        format!("  {}", words.join("  "))
    };
    let mut lines: Vec<String> = evidence.iter().take(PLACES).map(line).collect();
    if evidence.len() > PLACES {
        lines.push(format!("  and {} more", evidence.len() - PLACES));
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
pub fn json(blame: &Blame, out: &mut dyn Write) -> io::Result<()> {
    let (kind, commit, change, evidence, ends) = match &blame.since {
        Since::Turned { commit, change, evidence } => ("commit", Some(commit), Some(change), evidence.as_slice(), None),
        Since::Always { commit, ends } => ("always", Some(commit), None, &[][..], ends.as_deref()),
        Since::Uncommitted { change } => ("uncommitted", None, Some(change), &[][..], None),
        Since::Time { commit, change } => ("time", Some(commit), Some(change), &[][..], None),
    };
    let report = Report {
        version: 1,
        tool: Tool::THIS,
        id: &blame.item.id,
        title: &blame.item.title,
        priority: blame.item.priority,
        status: blame.status,
        reason: &blame.reason,
        since: kind,
        commit: commit.map(CommitReport::of),
        change: change.map(ChangeReport::of),
        evidence: evidence.iter().map(PlaceReport::of).collect(),
        ends,
        commits: blame.commits,
    };
    pretty::write(&report, out)
}

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    tool: Tool,
    id: &'a str,
    title: &'a str,
    priority: Priority,
    status: Status,
    reason: &'a str,
    /// `commit`, `always`, `uncommitted` or `time`.
    since: &'static str,
    commit: Option<CommitReport<'a>>,
    change: Option<ChangeReport<'a>>,
    evidence: Vec<PlaceReport<'a>>,
    /// Why no older commit was looked at, where there are some.
    ends: Option<&'a str>,
    commits: usize,
}

#[derive(Serialize)]
struct CommitReport<'a> {
    #[serde(flatten)]
    head: CommitHead<'a>,
    parents: &'a [String],
}

impl<'a> CommitReport<'a> {
    fn of(commit: &'a Commit) -> Self {
        Self { head: CommitHead::of(commit), parents: &commit.parents }
    }
}

#[derive(Serialize)]
struct PlaceReport<'a> {
    path: Option<&'a str>,
    line: u32,
    excerpt: &'a str,
    message: &'a str,
    fingerprint: &'a str,
}

impl<'a> PlaceReport<'a> {
    fn of(evidence: &'a Evidence) -> Self {
        let path = evidence.path.as_ref().map(crate::tree::path::RelPath::as_str);
        let Evidence { line, excerpt, message, fingerprint, .. } = evidence;
        Self { path, line: *line, excerpt, message, fingerprint }
    }
}
