//! The card of an item: what it means, what was found and where, what to do, and what people said. Printed once.

use std::collections::BTreeSet;

use super::actions::due;
use super::page::{LINKS, Page, and_more, blocks, effort};
use super::risks::owner;
use crate::checklist::model::Priority;
use crate::ledger::fold::Position;
use crate::probe::outcome::Evidence;
use crate::readiness::board::Row;
use crate::readiness::status::Status;
use crate::report::dossier::Dossier;
use crate::report::escape::{code, fenced, plain};
use crate::report::places::{adds, are_telling, places, reason};
use crate::report::said::{NOTE, part, said};
use crate::text::words::{count, day, one_line};

/// How many places are shown with their lines, for what weighs most and for the rest.
const EXCERPTS: usize = 3;
const FEW_EXCERPTS: usize = 1;
/// How many places are looked at in all; the rest is counted.
const PLACES: usize = 8;
/// Lines around a place, and the most of one excerpt.
pub(crate) const AROUND: u32 = 2;
const LINES: usize = 10;
/// Characters of a line of code.
const WIDTH: usize = 160;

pub(super) fn card(page: &Page<'_>, row: usize) -> String {
    let at = page.row(row);
    let item = &at.item;
    let mut lines: Vec<String> = plan_lines(page, row);
    lines.extend(said(&at.standing, page.today).map(|line| plain(&line)));
    if !item.refs.is_empty() {
        let refs: Vec<String> = item.refs.iter().map(|reference| plain(reference)).collect();
        lines.push(format!("References: {}", refs.join(", ")));
    }
    blocks(vec![
        format!("{}\n\n#### {} {}", page.anchor(row), item.priority, plain(&item.title)),
        facts(page, row),
        labelled("Impact", &item.why),
        found(page, row),
        evidence(page, at),
        action(at),
        remedy(at),
        lines.into_iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n"),
    ])
}

fn facts(page: &Page<'_>, row: usize) -> String {
    let Row { item, status, .. } = page.row(row);
    let about = if item.effort_minutes == 0 { "" } else { "about " };
    let mut parts = vec![
        format!("**{}**", page.mark(*status)),
        code(&item.id),
        format!("required from {}", page.tier(item.tier)),
        format!("{about}{}", effort(item.effort_minutes)),
    ];
    parts.extend(owner(page, row).map(|owner| format!("owner {owner}")));
    parts.extend(due(page, row).map(|due| format!("due {}", day(due))));
    if let (Status::Waived, Position::Waived(waiver)) = (status, &page.row(row).standing.position) {
        parts.push(waiver.waiver.unwrap_or_default().word().to_owned());
        parts.extend(waiver.expires.map(|last| format!("until {}", day(last))));
    }
    parts.join(page.dot())
}

/// What comes first, what it comes from, what is to be chosen, and how one sees that it is done.
pub(super) fn plan_lines(page: &Page<'_>, row: usize) -> Vec<String> {
    let item = &page.row(row).item;
    let mut lines = Vec::new();
    lines.extend(parts(page.row(row)));
    let waits = page.waits_for(row);
    if !waits.is_empty() {
        lines.push(format!("Waits for: {}", page.links(&waits, LINKS)));
    }
    let causes = page.named(&item.plan.caused_by);
    if !causes.is_empty() {
        lines.push(format!("Comes from: {}", page.links(&causes, LINKS)));
    }
    if !item.options.is_empty() && page.row(row).status != Status::Open {
        let options: Vec<String> = item.options.iter().map(|option| plain(&one_line(option))).collect();
        lines.push(format!("To decide: {}", options.join(" or ")));
    }
    if let Some(command) = &item.plan.verify {
        lines.push(format!("To verify, by hand: {}", code(&one_line(command))));
    }
    lines
}

/// Which half holds, where only the other one does not.
fn parts(row: &Row) -> Vec<String> {
    if row.outcome.partly().is_none() {
        return Vec::new();
    }
    row.outcome.parts.iter().map(|half| plain(&part(half))).collect()
}

/// A remedy to copy.
fn remedy(row: &Row) -> String {
    let Some(snippet) = row.item.plan.snippet.as_ref().filter(|_| row.status == Status::Failed) else {
        return String::new();
    };
    let lines: Vec<String> = snippet.text.lines().map(str::to_owned).collect();
    format!("To copy (nothing of it was run):\n\n{}", fenced(&snippet.language, &lines))
}

fn labelled(label: &str, text: &str) -> String {
    let text = one_line(text);
    if text.is_empty() { text } else { format!("**{label}:** {}", plain(&text)) }
}

fn found(page: &Page<'_>, row: usize) -> String {
    let row = page.row(row);
    let label = match row.status {
        Status::Unknown => "Not verified",
        Status::Waived => "Accepted",
        Status::Stale | Status::Disputed => "Undecided",
        _ => "Reason",
    };
    reason(row).map_or_else(String::new, |reason| labelled(label, &page.cut(reason, NOTE)))
}

/// What would make it right. What is accepted or was once confirmed is not to be fixed first of all.
fn action(row: &Row) -> String {
    match row.status {
        Status::Waived => String::new(),
        Status::Stale => labelled("Action", "Look at what changed, and confirm it again."),
        Status::Disputed => labelled("Action", "Agree, and let one of you retract."),
        _ => labelled("Action", &row.item.fix),
    }
}

/// The first places with the lines around them, the next by name, the rest as a number.
fn evidence(page: &Page<'_>, row: &Row) -> String {
    if !are_telling(row) {
        return String::new();
    }
    let (first, more) = places(row, PLACES);
    let most = if row.item.priority <= Priority::P1 { EXCERPTS } else { FEW_EXCERPTS };
    let mut parts = Vec::new();
    let mut seen: Vec<(&Evidence, u32)> = Vec::new();
    let (mut named, mut words): (Vec<&Evidence>, Vec<String>) = (Vec::new(), Vec::new());
    for evidence in first.iter().filter(|evidence| adds(evidence, row)) {
        let is_seen = |(shown, last): &(&Evidence, u32)| {
            shown.path == evidence.path && (shown.line..=*last).contains(&evidence.line)
        };
        if evidence.path.is_none() {
            words.push(sought(page, &evidence.message));
            continue;
        }
        if evidence.line > 0 && seen.iter().any(is_seen) {
            continue;
        }
        let lines = lines(page.dossier, evidence);
        match lines.last().filter(|_| parts.len() < most) {
            Some((last, _)) => {
                seen.push((evidence, *last));
                parts.push(excerpt(page, row, evidence, &lines));
            }
            None => named.push(evidence),
        }
    }
    let named = names(page, &named);
    let named = match (named.is_empty(), more) {
        (_, 0) => and_more(&named, PLACES),
        (true, more) => format!("{} more places", count(more as u64)),
        (false, more) => format!("{} and {} more", named.join(", "), count(more as u64)),
    };
    let lead = if parts.is_empty() { "At" } else { "Also at" };
    parts.push(if named.is_empty() { named } else { format!("{lead} {named}.") });
    parts.push(words.join("\n"));
    parts.push(printed(row));
    blocks(parts)
}

/// The last lines of what a command printed.
fn printed(row: &Row) -> String {
    let is_printed = |evidence: &&Evidence| evidence.path.is_none() && evidence.message.is_empty();
    let lines: Vec<String> = row.outcome.evidence.iter().filter(is_printed).map(|line| line.excerpt.clone()).collect();
    let last = &lines[lines.len().saturating_sub(LINES)..];
    if last.is_empty() { String::new() } else { format!("It printed last:\n\n{}", fenced("", last)) }
}

/// What the probe says where it has no place to show.
fn sought(page: &Page<'_>, message: &str) -> String {
    let message = one_line(message);
    match message.strip_prefix("looked for ") {
        Some(pattern) => format!("- looked for {}", code(&page.cut(pattern, NOTE))),
        None => format!("- {}", page.clip(&message, NOTE)),
    }
}

/// Places by their names, each once; what is said of all of them alike is said behind the last.
fn names(page: &Page<'_>, places: &[&Evidence]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let places: Vec<&Evidence> =
        places.iter().copied().filter(|evidence| seen.insert((evidence.place(), &evidence.message))).collect();
    let is_alike = places.windows(2).all(|pair| pair[0].message == pair[1].message);
    let name = |(number, evidence): (usize, &&Evidence)| {
        let is_last = number + 1 == places.len();
        if is_alike && !is_last { code(&evidence.place()) } else { place(page, evidence) }
    };
    places.iter().enumerate().map(name).collect()
}

/// A place by its name, with what was said of it where it has no line.
fn place(page: &Page<'_>, evidence: &Evidence) -> String {
    let place = code(&evidence.place());
    let message = page.clip(&one_line(&evidence.message), NOTE);
    if message.is_empty() { place } else { format!("{place} ({message})") }
}

/// The lines around a place. The line itself is shown as the probe redacted it: it knows what it matched.
fn lines(dossier: &Dossier<'_>, evidence: &Evidence) -> Vec<(u32, String)> {
    let Some(path) = evidence.path.as_ref().filter(|_| evidence.line > 0) else { return Vec::new() };
    let around = dossier.excerpts.get(&(path.clone(), evidence.line));
    match around {
        Some(lines) if lines.iter().any(|(number, _)| *number == evidence.line) => lines.clone(),
        _ if evidence.excerpt.trim().is_empty() => Vec::new(),
        _ => vec![(evidence.line, evidence.excerpt.clone())],
    }
}

fn excerpt(page: &Page<'_>, row: &Row, evidence: &Evidence, lines: &[(u32, String)]) -> String {
    let found: Vec<&Evidence> = row.outcome.evidence.iter().filter(|other| other.path == evidence.path).collect();
    let marked: BTreeSet<u32> = found.iter().map(|evidence| evidence.line).collect();
    let width = lines.last().map_or(1, |(number, _)| number.to_string().len());
    let shown = |(number, text): &(u32, String)| {
        let own = found.iter().find(|other| other.line == *number && !other.excerpt.trim().is_empty());
        // The probe keeps a line without its indentation.
        let indent = &text[..text.len() - text.trim_start().len()];
        let text = own.map_or_else(|| text.clone(), |own| format!("{indent}{}", own.excerpt.trim_start()));
        let mark = if marked.contains(number) { '>' } else { ' ' };
        format!("{mark} {number:>width$} | {}", page.cut(text.trim_end(), WIDTH)).trim_end().to_owned()
    };
    let block: Vec<String> = lines.iter().take(LINES).map(shown).collect();
    let path = evidence.path.as_ref();
    let language = path.and_then(|path| path.extension()).map_or("", language);
    format!("{}:\n\n{}", place(page, evidence), fenced(language, &block))
}

/// The word by which renderers know a language; where it is the extension itself it is left to them.
fn language(extension: &str) -> &str {
    match extension {
        "py" => "python",
        "rb" => "ruby",
        "rs" => "rust",
        "kt" => "kotlin",
        "cs" => "csharp",
        "yml" | "yaml" => "yaml",
        "js" | "mjs" | "cjs" | "jsx" => "javascript",
        "ts" | "tsx" => "typescript",
        "sh" | "bash" => "sh",
        "go" | "java" | "php" | "sql" | "toml" | "json" | "xml" | "html" | "css" | "ini" | "tf" => extension,
        _ => "",
    }
}
