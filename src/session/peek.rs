//! A look into files for the detail panel: the lines around a place, and what changed since somebody attested.

use similar::TextDiff;

use crate::ledger::fold::Position;
use crate::session::Session;
use crate::text::decode::decode;
use crate::text::redact::redact_line;
use crate::tree::path::RelPath;
use crate::tree::source::Source;

/// Differences longer than this are for another tool.
const DRIFT_LINES: usize = 2000;

impl Session {
    /// The lines around `line`, with their numbers, secrets redacted.
    #[must_use]
    pub fn peek(&self, path: &RelPath, line: u32, around: u32) -> Vec<(u32, String)> {
        let Ok(text) = self.text(path) else { return Vec::new() };
        let first = line.saturating_sub(around).max(1);
        let wanted = text.lines().enumerate().skip(first as usize - 1).take(2 * around as usize + 1);
        wanted.map(|(index, text)| (index as u32 + 1, redact_line(text))).collect()
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
            let unified = difference.unified_diff().context_radius(3).header(path.as_str(), path.as_str()).to_string();
            text.extend(unified.lines().map(|line| redact_line(line) + "\n"));
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

fn words(bytes: &[u8]) -> String {
    decode(bytes).map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default()
}
