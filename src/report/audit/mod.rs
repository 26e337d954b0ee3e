//! The whole audit as one page of Markdown. Every sentence comes from evidence or from a decision; nothing is said
//! twice: the card of an item is printed once, and lists link to it. One state is always the same bytes.

mod actions;
mod areas;
mod card;
mod changes;
mod checklist;
mod conclusion;
mod contradictions;
mod counts;
mod documents;
mod environments;
mod files;
mod gaps;
mod header;
mod inventories;
mod layers;
mod legend;
mod looked;
mod metrics;
pub(super) mod page;
mod problems;
mod questions;
mod quick_wins;
mod review;
mod risks;
mod roadmap;
pub(super) mod scope;
mod signature;
mod summary;
mod verdict;
mod waivers;

use std::io::{self, Write};

use crate::report::dossier::Dossier;
use crate::report::format::Options;
use page::Page;

pub(crate) use card::AROUND;
pub(crate) use page::has_card;

/// One part of the page. What has nothing to say is left out, and the page tells why.
struct Section {
    title: &'static str,
    body: fn(&Page<'_>) -> String,
    nothing: &'static str,
}

const fn section(title: &'static str, body: fn(&Page<'_>) -> String, nothing: &'static str) -> Section {
    Section { title, body, nothing }
}

/// In the order in which an owner reads with profit: what it means, what to do, what stands behind it.
const SECTIONS: &[Section] = &[
    section("Executive summary", summary::body, "nothing was asked"),
    section("Verdict", verdict::body, "the checklist has no tier"),
    section("Changes", changes::body, "no earlier state was given to compare with"),
    section("Scores by area", areas::body, "no item applies"),
    section("Counts by priority", counts::body, "nothing was asked"),
    section("Risk register", risks::body, "nothing that applies is open"),
    section("Quick wins", quick_wins::body, "no failed item takes two hours or less"),
    section("Action plan", actions::body, "nothing is left to do"),
    section("Roadmap", roadmap::body, "nothing is left to do"),
    section("Files to touch", files::body, "no finding names a file to delete, create, fill or change"),
    section("Layers", layers::body, "no item names its halves"),
    section("Inventories", inventories::body, "nothing is confirmed one by one"),
    section("Metrics", metrics::body, "the checklist counts nothing"),
    section("Environments", environments::body, "the checklist names no environment"),
    section("Gaps by priority", gaps::body, "nothing failed, and nothing is unknown, disputed or stale"),
    section("Accepted risks", waivers::body, "nobody waived or dismissed anything"),
    section("What nobody has answered", questions::unanswered, "every question has an answer"),
    section("To confirm", questions::to_confirm, "no heuristic waits for a confirmation"),
    section("Contradictions", contradictions::body, "no person contradicts a probe or another person"),
    section("Production checklist", checklist::body, "nothing was asked"),
    section("Next review", review::body, "nothing lapses, and nothing is left to do"),
    section("Conclusion", conclusion::body, "the checklist has no tier"),
    section("Scope and method", scope::body, "nothing was asked"),
    section("Problems", problems::body, "checklist and ledger could be read without complaint"),
    section("Documents", documents::body, "no document was found"),
    section("What was looked at", looked::body, "no probe selects files"),
    section("Legend", legend::body, ""),
    section("Sign-off", signature::body, ""),
];

/// # Errors
/// Those of the writer.
pub fn print(dossier: &Dossier<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let page = Page::new(dossier, options);
    let bodies: Vec<(&Section, String)> = SECTIONS.iter().map(|section| (section, (section.body)(&page))).collect();
    let (said, unsaid): (Vec<_>, Vec<_>) = bodies.iter().partition(|(_, body)| !body.is_empty());
    writeln!(out, "{}", header::text(&page))?;
    writeln!(out, "\n{}", contents(&page, &said, &unsaid))?;
    said.into_iter().try_for_each(|(section, body)| writeln!(out, "\n## {}\n\n{body}", section.title))
}

fn contents(page: &Page<'_>, said: &[&(&Section, String)], unsaid: &[&(&Section, String)]) -> String {
    let link = |title: &str| format!("[{title}](#{})", title.to_lowercase().replace(' ', "-"));
    let links: Vec<String> = said.iter().map(|(section, _)| link(section.title)).collect();
    let mut text = format!("Contents: {}.", links.join(page.dot()));
    if !unsaid.is_empty() {
        let words: Vec<String> =
            unsaid.iter().map(|(section, _)| format!("{} ({})", section.title, section.nothing)).collect();
        text += &format!("\n\nLeft out, for there is nothing to say: {}.", words.join("; "));
    }
    text
}
