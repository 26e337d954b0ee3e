//! What all sections share: rows by their standing, links to their cards, and how things are said.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::ledger::decision::Decision;
use crate::readiness::board::{Board, Row, Score};
use crate::readiness::glyph::glyph;
use crate::readiness::status::Status;
use crate::report::dossier::Dossier;
use crate::report::escape::{code, plain};
use crate::report::format::Options;
use crate::text::visible::visible;
use crate::text::words::{count, day_of, duration, person};

/// How many links stand in a sentence before it says how many more there are.
pub(super) const LINKS: usize = 12;

pub(in crate::report) struct Page<'a> {
    pub(in crate::report) dossier: &'a Dossier<'a>,
    pub(in crate::report) board: &'a Board,
    pub(in crate::report) today: Date,
    pub(in crate::report) ascii: bool,
    /// By row: the name of the place where its card stands.
    anchors: Vec<String>,
}

impl<'a> Page<'a> {
    pub(in crate::report) fn new(dossier: &'a Dossier<'a>, options: &Options) -> Self {
        let board = dossier.board;
        Self { dossier, board, today: day_of(board.at), ascii: options.ascii, anchors: anchors(board) }
    }

    /// The rows that `wanted` takes, by priority and then as the checklist has them.
    pub(in crate::report) fn rows(&self, wanted: impl Fn(&Row) -> bool) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.board.rows.len()).filter(|&row| wanted(&self.board.rows[row])).collect();
        rows.sort_by_key(|&row| self.board.rows[row].item.priority);
        rows
    }

    pub(in crate::report) fn with(&self, statuses: &[Status]) -> Vec<usize> {
        self.rows(|row| statuses.contains(&row.status))
    }

    pub(in crate::report) fn row(&self, row: usize) -> &'a Row {
        &self.board.rows[row]
    }

    /// The place that links lead to, in front of a card.
    pub(in crate::report) fn anchor(&self, row: usize) -> String {
        format!("<a id=\"{}\"></a>", self.anchors[row])
    }

    /// The id of an item, as a link where it has a card.
    pub(in crate::report) fn link(&self, row: usize) -> String {
        let Row { item, status, .. } = self.row(row);
        let id = code(&item.id);
        if has_card(*status) { format!("[{id}](#{})", self.anchors[row]) } else { id }
    }

    /// `a, b and 3 more`.
    pub(in crate::report) fn links(&self, rows: &[usize], most: usize) -> String {
        let links: Vec<String> = rows.iter().map(|&row| self.link(row)).collect();
        and_more(&links, most)
    }

    /// The rows with these ids, as far as they are asked.
    pub(in crate::report) fn named(&self, ids: &[String]) -> Vec<usize> {
        let row = |id: &String| self.board.rows.iter().position(|row| row.item.id == *id);
        ids.iter().filter_map(row).collect()
    }

    /// The rows that must be ready before this one, and are not.
    pub(in crate::report) fn waits_for(&self, row: usize) -> Vec<usize> {
        self.named(&self.row(row).work.blocked_by)
    }

    pub(in crate::report) fn tier(&self, tier: usize) -> String {
        plain(self.board.tiers.get(tier).map_or("", |tier| &tier.title))
    }

    /// The glyph, and always the word: lost glyphs do no harm.
    pub(in crate::report) fn mark(&self, status: Status) -> String {
        format!("{} {}", plain(glyph(status, self.ascii)), status.word())
    }

    pub(in crate::report) fn dot(&self) -> &'static str {
        if self.ascii { " - " } else { " · " }
    }

    pub(in crate::report) fn score(&self, score: Score) -> String {
        let dash = if self.ascii { "-" } else { "–" };
        match score {
            Score { low, high, .. } if low == high => low.to_string(),
            Score { low, high, .. } => format!("{low}{dash}{high}"),
        }
    }

    /// The first `most` characters, harmless.
    pub(in crate::report) fn clip(&self, text: &str, most: usize) -> String {
        plain(&self.cut(text, most))
    }

    pub(in crate::report) fn cut(&self, text: &str, most: usize) -> String {
        if text.chars().count() <= most {
            return text.to_owned();
        }
        let dots = if self.ascii { "..." } else { "…" };
        text.chars().take(most).collect::<String>() + dots
    }
}

/// Ids as names of places; two that would be one are told apart.
fn anchors(board: &Board) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let free = |row: &Row| {
        let keep = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' };
        let name: String = row.item.id.chars().take(120).map(keep).collect();
        let mut free = name.clone();
        let mut number = 1;
        while !taken.insert(free.clone()) {
            number += 1;
            free = format!("{name}-{number}");
        }
        free
    };
    board.rows.iter().map(free).collect()
}

/// What is ready or does not apply is told in one line, and needs no card.
pub(crate) fn has_card(status: Status) -> bool {
    !status.is_ready() && status != Status::NotApplicable
}

/// What stands in the way and is no question: these have cards under their priority.
pub(in crate::report) const GAPS: [Status; 4] = [Status::Failed, Status::Unknown, Status::Disputed, Status::Stale];

/// `a, b and 3 more`.
pub(in crate::report) fn and_more(words: &[String], most: usize) -> String {
    match words.len().checked_sub(most) {
        None | Some(0) => words.join(", "),
        Some(more) => format!("{} and {} more", words[..most].join(", "), count(more as u64)),
    }
}

/// A number of minutes, or that nobody estimated it.
pub(in crate::report) fn effort(minutes: u32) -> String {
    if minutes == 0 { "no estimate".to_owned() } else { duration(minutes) }
}

/// Paragraphs, those without words left out.
pub(in crate::report) fn blocks(blocks: Vec<String>) -> String {
    let said: Vec<String> = blocks.into_iter().filter(|block| !block.is_empty()).collect();
    said.join("\n\n")
}

/// A table of cells that are Markdown already; a head that begins with `>` stands over numbers. A column in which
/// nothing stands is left out.
pub(in crate::report) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let is_said = |column: &usize| rows.iter().any(|row| row.get(*column).is_some_and(|cell| !cell.is_empty()));
    let columns: Vec<usize> = (0..head.len()).filter(is_said).collect();
    let line = |cell: &dyn Fn(usize) -> String| {
        let cells: Vec<String> = columns.iter().map(|&column| cell(column)).collect();
        format!("| {} |", cells.join(" | "))
    };
    let titles = line(&|column| head[column].trim_start_matches('>').to_owned());
    let rule = line(&|column| if head[column].starts_with('>') { "---:" } else { "---" }.to_owned());
    let rows = rows.iter().map(|row| line(&|column| row.get(column).map_or_else(String::new, |cell| in_cell(cell))));
    [titles, rule].into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

/// Even in a code span a bar would begin the next cell.
fn in_cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut escaped = false;
    for c in text.chars() {
        if c == '|' && !escaped {
            out.push('\\');
        }
        escaped = c == '\\' && !escaped;
        out.push(c);
    }
    out
}

/// Who decided, and whether that was a machine.
pub(in crate::report) fn speaker(decision: &Decision) -> String {
    let name = who(&decision.by);
    if decision.actor.is_person() { name } else { format!("{name} (a machine)") }
}

/// Who said something, in words that mean nothing else.
pub(in crate::report) fn who(by: &str) -> String {
    plain(&visible(person(by)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_stays_in_its_cell() {
        let shown = table(&["path", ">lines"], &[vec![code("a|b"), plain("c|d")]]);
        assert_eq!(shown, "| path | lines |\n| --- | ---: |\n| `a\\|b` | c\\|d |");
    }

    #[test]
    fn long_lists_say_how_many_more() {
        let words = ["a", "b", "c"].map(str::to_owned);
        assert_eq!((and_more(&words, 3), and_more(&words, 1)), ("a, b, c".to_owned(), "a and 2 more".to_owned()));
    }
}
