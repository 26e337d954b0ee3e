//! The files that the findings name, by what is to be done with them. Paths come from evidence alone.

use std::collections::{BTreeMap, BTreeSet};

use super::page::{LINKS, Page, and_more, blocks, table};
use crate::probe::outcome::Answer;
use crate::readiness::status::Status;
use crate::report::dossier::Look;
use crate::report::escape::{code, fenced};
use crate::text::visible::visible;
use crate::text::words::{count, plural};
use crate::tree::path::RelPath;

/// Rows of a table, lines of a file, names of one that is missing.
const ROWS: usize = 40;
const SPOTS: usize = 8;
const NAMES: usize = 3;

/// By path: the items that want something of it.
type ByPath = BTreeMap<RelPath, Vec<usize>>;

pub(super) fn body(page: &Page<'_>) -> String {
    let (mut delete, mut empty, mut fill) = (ByPath::new(), ByPath::new(), ByPath::new());
    let failed = page.with(&[Status::Failed]);
    for &row in &failed {
        for look in failing(page, row) {
            for path in &look.paths {
                let is_empty = page.dossier.files.get(path).is_some_and(|file| file.size == 0);
                let list = match (look.probe, is_empty) {
                    ("exists", _) => &mut fill,
                    (_, true) => &mut empty,
                    _ => &mut delete,
                };
                list.entry(path.clone()).or_default().push(row);
            }
        }
    }
    let done: BTreeSet<&RelPath> = delete.keys().chain(empty.keys()).chain(fill.keys()).collect();
    blocks(vec![
        section("Delete or move", table(&["path", "why", ">bytes", "git"], &listed(page, &delete))),
        script(page, &delete),
        section("Create", create(page, &failed)),
        section("Fill, for it is there and empty", table(&["path", "why", ">bytes", "git"], &listed(page, &fill))),
        section("Fill or delete", table(&["path", "why", ">bytes", "git"], &listed(page, &empty))),
        section("Change", change(page, &failed, &done)),
    ])
}

fn section(title: &str, body: String) -> String {
    if body.is_empty() { body } else { format!("### {title}\n\n{body}") }
}

/// The probes of an item that fail as they stand.
fn failing<'a>(page: &Page<'a>, row: usize) -> impl Iterator<Item = &'a Look> {
    let looks = page.dossier.looks.get(row).map_or(&[][..], Vec::as_slice);
    looks.iter().filter(|look| look.is_asked && look.answer == Answer::Fail)
}

fn listed(page: &Page<'_>, files: &ByPath) -> Vec<Vec<String>> {
    let line = |(path, rows): (&RelPath, &Vec<usize>)| {
        let facts = page.dossier.files.get(path);
        let size = facts.map_or_else(String::new, |file| count(file.size));
        let git = match facts.map(|file| file.tracked) {
            _ if !page.board.tree.git => "",
            Some(true) => "tracked",
            Some(false) => "not tracked",
            None => "",
        };
        vec![code(path.as_str()), page.links(rows, LINKS), size, git.to_owned()]
    };
    capped(files.iter().map(line), files.len(), 4)
}

/// The first rows, and one that counts the others.
fn capped(rows: impl Iterator<Item = Vec<String>>, total: usize, width: usize) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = rows.take(ROWS).collect();
    if total > ROWS {
        let mut more = vec![String::new(); width];
        more[0] = format!("and {} more", count((total - ROWS) as u64));
        rows.push(more);
    }
    rows
}

/// The same as lines for a shell, to be read before they are run. A name that a shell or an eye could take for another
/// is left out.
fn script(page: &Page<'_>, delete: &ByPath) -> String {
    if delete.is_empty() {
        return String::new();
    }
    let is_plain = |path: &&RelPath| visible(path.as_str()) == path.as_str() && !path.as_str().contains("\\x");
    let plain: Vec<&RelPath> = delete.keys().filter(is_plain).collect();
    let line = |path: &&RelPath| {
        let is_tracked = page.dossier.files.get(*path).is_some_and(|file| file.tracked);
        let command = if is_tracked { "git rm" } else { "rm" };
        format!("{command} -- '{}'", path.as_str().replace('\'', "'\\''"))
    };
    let mut lines = vec!["# Nothing of this was run. Read each line, and move what you want to keep.".to_owned()];
    lines.extend(plain.iter().take(ROWS).map(line));
    let left = delete.len() - plain.len().min(ROWS);
    if left > 0 {
        lines.push(format!("# {} more are not written here.", count(left as u64)));
    }
    fenced("sh", &lines)
}

/// What was looked for by name and is not there; where the checklist names the file that the fix makes, that one.
fn create(page: &Page<'_>, failed: &[usize]) -> String {
    let mut rows = Vec::new();
    for &row in failed {
        let item = &page.row(row).item;
        let names: Vec<String> = if item.plan.creates.is_empty() {
            let missing = failing(page, row).filter(|look| look.probe == "exists" && look.files == 0);
            let globs = missing.flat_map(|look| &look.globs).filter(|glob| !glob.starts_with('!'));
            globs.map(|glob| code(glob)).collect()
        } else {
            item.plan.creates.iter().map(|path| code(path)).collect()
        };
        if !names.is_empty() {
            let rule = if item.plan.creates.is_empty() && names.len() > 1 { "one like " } else { "" };
            rows.push(vec![item.priority.to_string(), format!("{rule}{}", and_more(&names, NAMES)), page.link(row)]);
        }
    }
    let total = rows.len();
    table(&["", "file", "for"], &capped(rows.into_iter(), total, 3))
}

fn change(page: &Page<'_>, failed: &[usize], done: &BTreeSet<&RelPath>) -> String {
    let mut files: BTreeMap<&RelPath, (BTreeSet<u32>, Vec<usize>)> = BTreeMap::new();
    for &row in failed {
        for evidence in &page.row(row).outcome.evidence {
            let Some(path) = evidence.path.as_ref().filter(|path| !done.contains(path)) else { continue };
            let (lines, rows) = files.entry(path).or_default();
            lines.extend((evidence.line > 0).then_some(evidence.line));
            if rows.last() != Some(&row) {
                rows.push(row);
            }
        }
    }
    let mut files: Vec<_> = files.into_iter().collect();
    // What the most items want something of comes first.
    files.sort_by_key(|(_, (_, rows))| std::cmp::Reverse(rows.len()));
    let total = files.len();
    let line = |(path, (lines, rows)): (&RelPath, (BTreeSet<u32>, Vec<usize>))| {
        let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        vec![code(path.as_str()), and_more(&lines, SPOTS), page.links(&rows, LINKS)]
    };
    let shown = table(&["path", "lines", "for"], &capped(files.into_iter().map(line), total, 3));
    if shown.is_empty() { shown } else { format!("{}:\n\n{shown}", plural(total, "file", "files")) }
}
