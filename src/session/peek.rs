//! A look into files for the detail panel: the lines around a place, and what changed since somebody attested.

use similar::TextDiff;

use crate::ledger::fold::Position;
use crate::session::Session;
use crate::text::decode::decode;
use crate::text::redact::redact_below;
use crate::tree::path::RelPath;
use crate::tree::source::Source;

/// Differences longer than this are for another tool.
const DRIFT_LINES: usize = 2000;

impl Session {
    /// The lines around `line`, with their numbers, secrets redacted.
    #[must_use]
    pub fn peek(&self, path: &RelPath, line: u32, around: u32) -> Vec<(u32, String)> {
        lines_around(&*self.tree, path, line, around)
    }

    /// What changed in the covered files since the standing attestation, as a unified difference.
    ///
    /// # Errors
    /// There is nothing to compare with.
    pub fn drift(&self, item: &str) -> Result<String, String> {
        let standing = self.standing(item);
        let (Position::Attested(decision) | Position::NotApplicable(decision)) = &standing.position else {
            return Err(format!("nobody attested {item}"));
        };
        let row = self.board.rows.iter().find(|row| row.item.id == item);
        let mut text = String::new();
        for path in row.into_iter().flat_map(|row| &row.moved) {
            let old = decision.covers.get(path);
            let before = match old.map(|blob| (blob, self.tree.repository().and_then(|git| git.blob(*blob)))) {
                None => String::new(),
                Some((_, Some(bytes))) => words(&bytes),
                Some((blob, None)) => {
                    text.push_str(&format!("{path}: what was attested ({blob}) was never committed\n"));
                    continue;
                }
            };
            let now = self.text(path).unwrap_or_default();
            let difference = TextDiff::from_lines(&before, &now);
            text.push_str(&unified(path, &difference));
        }
        if row.is_some_and(|row| row.item.hash != decision.item_hash) {
            text.insert_str(0, "The question, its probe or what it covers is another since then.\n");
        }
        let cut: Vec<&str> = text.lines().take(DRIFT_LINES).collect();
        Ok(if cut.is_empty() { "nothing changed".to_owned() } else { cut.join("\n") })
    }

    fn text(&self, path: &RelPath) -> Result<String, String> {
        self.tree.read(path).map(|content| words(&content.bytes))
    }
}

/// The lines of a file around one of them, with their numbers, secrets redacted; none where it cannot be read.
pub(super) fn lines_around(source: &dyn Source, path: &RelPath, line: u32, around: u32) -> Vec<(u32, String)> {
    let Ok(content) = source.read(path) else { return Vec::new() };
    let text = words(&content.bytes);
    let first = line.saturating_sub(around).max(1);
    let lines: Vec<&str> = text.lines().collect();
    let wanted = (first as usize - 1..lines.len()).take(2 * around as usize + 1);
    wanted.map(|index| (index as u32 + 1, shown(&lines, index, index + 1 == line as usize))).collect()
}

/// A line of a file with its secrets covered; their names may stand in lines above it. What stands in one that was
/// `found` may be a secret for no other reason than that.
fn shown(lines: &[&str], index: usize, found: bool) -> String {
    let above = lines[..index].iter().rev().map(|line| line.trim_end_matches(['\r', '\n']));
    let line = lines[index].trim_end_matches(['\r', '\n']);
    redact_below(above, line, 0..if found { line.len() } else { 0 })
}

/// Each line is covered by what stands above it in its file, which a difference may leave out.
fn unified(path: &RelPath, difference: &TextDiff<'_, '_, str>) -> String {
    let old: Vec<&str> = (0..difference.old_len()).map(|index| &difference.old_lookup()[index]).collect();
    let new: Vec<&str> = (0..difference.new_len()).map(|index| &difference.new_lookup()[index]).collect();
    let mut text = String::new();
    for hunk in difference.unified_diff().context_radius(3).iter_hunks() {
        if text.is_empty() {
            text = format!("--- {path}\n+++ {path}\n");
        }
        text.push_str(&format!("{}\n", hunk.header()));
        for change in hunk.iter_changes() {
            let line = match (change.old_index(), change.new_index()) {
                (_, Some(index)) => shown(&new, index, false),
                (Some(index), None) => shown(&old, index, false),
                (None, None) => continue,
            };
            text.push_str(&format!("{}{line}\n", change.tag()));
        }
    }
    text
}

fn words(bytes: &[u8]) -> String {
    decode(bytes).map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default()
}
