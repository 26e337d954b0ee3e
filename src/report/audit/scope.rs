//! What the audit looked at and how, so that its silence can be judged too.

use std::collections::BTreeMap;

use super::header::commit;
use super::page::{Page, and_more, blocks};
use crate::checklist::model::{Confidence, Item, Probe};
use crate::readiness::status::Status;
use crate::report::escape::{code, plain};
use crate::text::words::{count, plural};

const IDS: usize = 20;

pub(super) fn body(page: &Page<'_>) -> String {
    if page.board.rows.is_empty() {
        return String::new();
    }
    let mut lines = vec![
        format!("- Tree: {}, {}", code(&page.board.tree.root), files(page)),
        format!("- Cut-off: commit {}", commit(page)),
        format!("- Checks: {}", kinds(page)),
    ];
    lines.extend(probes(page));
    lines.push(format!("- Commands: {}", commands(page)));
    lines.push("- Nothing of the tree was changed: the audit reads, and records decisions in its ledger.".to_owned());
    lines.extend(areas(page));
    lines.extend(disabled(page));
    lines.extend(skipped(page));
    blocks(vec![lines.join("\n"), blind(page)])
}

fn files(page: &Page<'_>) -> String {
    let (scope, listed) = (&page.dossier.scope, page.board.tree.files);
    let listed = plural(listed, "file", "files");
    if page.dossier.looks.is_empty() {
        return listed;
    }
    let [read, ignored, skipped] = [scope.read, scope.ignored, scope.skipped].map(|number| count(number as u64));
    let ours = match scope.ours {
        0 => String::new(),
        some => format!(
            "; {} of this program, which {} nothing",
            plural(some, "report", "reports"),
            if some == 1 { "proves" } else { "prove" }
        ),
    };
    format!(
        "{listed} listed, {read} of them read; set aside: {ignored} that git ignores and {skipped} vendored, generated or \
         made for tests{ours}"
    )
}

/// How many are decided by whom.
fn kinds(page: &Page<'_>) -> String {
    let [mut automatic, mut heuristic, mut manual] = [0_u64; 3];
    for row in &page.board.rows {
        match kind(&row.item) {
            "automatic" => automatic += 1,
            "heuristic" => heuristic += 1,
            _ => manual += 1,
        }
    }
    format!(
        "{} automatic (a probe decides), {} heuristic (a probe finds, a person confirms), {} manual (a person answers)",
        count(automatic),
        count(heuristic),
        count(manual)
    )
}

/// How an item is decided.
pub(in crate::report) fn kind(item: &Item) -> &'static str {
    match &item.probe {
        None => "manual",
        Some(probe) if asks(probe) => "manual",
        Some(_) if item.confidence == Confidence::Heuristic => "heuristic",
        Some(_) => "automatic",
    }
}

fn asks(probe: &Probe) -> bool {
    match probe {
        Probe::Ask(_) => true,
        Probe::All(members) | Probe::Any(members) => members.iter().any(|member| asks(&member.probe)),
        Probe::Not(member) => asks(member),
        _ => false,
    }
}

fn probes(page: &Page<'_>) -> Option<String> {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for look in page.dossier.looks.iter().flatten() {
        *kinds.entry(look.probe).or_default() += 1;
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, number)| format!("{kind} {}", count(*number))).collect();
    (!kinds.is_empty()).then(|| format!("- Probes: {}", kinds.join(", ")))
}

fn commands(page: &Page<'_>) -> String {
    let items = page.board.rows.iter().filter(|row| !row.item.commands().is_empty()).count();
    match items {
        0 => "none is asked for".to_owned(),
        some => format!("{} asked for one; only what a person approved was run", plural(some, "item", "items")),
    }
}

fn areas(page: &Page<'_>) -> Option<String> {
    let shown = page.board.categories.iter().filter(|category| !category.rows.is_empty());
    let areas: Vec<String> =
        shown.map(|area| format!("{} {}", plain(&area.category.title), count(area.rows.len() as u64))).collect();
    (!areas.is_empty()).then(|| format!("- Areas, with their items: {}", areas.join(", ")))
}

fn disabled(page: &Page<'_>) -> Option<String> {
    let ids: Vec<String> = page.board.disabled.iter().map(|id| code(id)).collect();
    (!ids.is_empty())
        .then(|| format!("- Dropped by the checklist ({}): {}", count(ids.len() as u64), and_more(&ids, IDS)))
}

fn skipped(page: &Page<'_>) -> Option<String> {
    let globs: Vec<String> = page.dossier.scope.skip.iter().map(|glob| code(glob)).collect();
    (!globs.is_empty()).then(|| format!("- Set aside by name, unless a probe says otherwise: {}", globs.join(", ")))
}

/// What could not be looked at at all.
fn blind(page: &Page<'_>) -> String {
    let unknown = page.with(&[Status::Unknown]);
    if unknown.is_empty() {
        return String::new();
    }
    format!("Could not be looked at: {}.", page.links(&unknown, IDS))
}
