//! The audit to come: the same checklist in its order, every item unanswered, with the paths to look at.

use std::io::{self, Write};

use crate::report::audit::page::{Page, and_more, effort};
use crate::report::audit::scope::kind;
use crate::report::dossier::Dossier;
use crate::report::escape::{code, plain};
use crate::report::format::Options;
use crate::text::ours::MARK;
use crate::text::words::{one_line, plural};

const GLOBS: usize = 6;

/// # Errors
/// Those of the writer.
pub fn print(dossier: &Dossier<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let page = Page::new(dossier, options);
    let board = page.board;
    writeln!(out, "{MARK}\n# Audit plan for {}\n", plain(&board.tree.root))?;
    let checklists: Vec<String> = board.checklists.iter().map(|source| code(source)).collect();
    let title = if board.title.is_empty() { String::new() } else { format!("{}, ", plain(&board.title)) };
    let items = plural(board.rows.len(), "item", "items");
    writeln!(out, "{title}{items} of {}. No answer stands here: each is to be found.", checklists.join(", "))?;
    let steps = board.categories.iter().filter(|category| !category.rows.is_empty());
    for (category, number) in steps.zip(1..) {
        writeln!(out, "\n## {number}. {}\n", plain(&category.category.title))?;
        let about = one_line(&category.category.about);
        if !about.is_empty() {
            writeln!(out, "{}\n", plain(&about))?;
        }
        category.rows.iter().try_for_each(|&row| step(&page, row, out))?;
    }
    Ok(())
}

fn step(page: &Page<'_>, row: usize, out: &mut dyn Write) -> io::Result<()> {
    let item = &page.row(row).item;
    writeln!(out, "- [ ] {} {} {}", item.priority, plain(&item.title), code(&item.id))?;
    writeln!(
        out,
        "  - {}, required from {}, to fix: {}",
        how(kind(item)),
        page.tier(item.tier),
        effort(item.effort_minutes)
    )?;
    if item.question() != item.title {
        writeln!(out, "  - Question: {}", plain(&one_line(item.question())))?;
    }
    let paths = paths(page, row);
    if paths.is_empty() { Ok(()) } else { writeln!(out, "  - Look at: {}", and_more(&paths, GLOBS)) }
}

fn how(kind: &str) -> &'static str {
    match kind {
        "automatic" => "A probe decides",
        "heuristic" => "A probe finds, a person confirms",
        _ => "A person answers",
    }
}

/// What its probes select, and what an answer is bound to.
fn paths(page: &Page<'_>, row: usize) -> Vec<String> {
    let asked = page.dossier.looks.get(row).into_iter().flatten().filter(|look| look.is_asked);
    let globs = asked.flat_map(|look| &look.globs).chain(&page.row(row).item.covers);
    let mut paths: Vec<String> = Vec::new();
    for glob in globs.filter(|glob| !glob.starts_with('!')) {
        let shown = code(glob);
        if !paths.contains(&shown) {
            paths.push(shown);
        }
    }
    paths
}
