//! One cell per status, so that none is told by colour alone: no emoji, no variation selectors.

use crate::readiness::board::Verdict;
use crate::readiness::status::Status;

/// The glyph of a status, from the Unicode or the ASCII set.
#[must_use]
pub fn glyph(status: Status, ascii: bool) -> &'static str {
    let (unicode, plain) = match status {
        Status::Passed => ("✓", "+"),
        Status::Attested => ("●", "@"),
        Status::Likely => ("◐", "~"),
        Status::Open => ("○", "o"),
        Status::Stale => ("↻", "s"),
        Status::Disputed => ("≠", "!"),
        Status::Waived => ("◇", "w"),
        Status::Failed => ("✗", "x"),
        Status::Unknown => ("?", "?"),
        Status::NotApplicable => ("–", "-"),
    };
    if ascii { plain } else { unicode }
}

/// The glyph of a verdict: that of the status which decides it.
#[must_use]
pub fn verdict_glyph(verdict: Verdict, ascii: bool) -> &'static str {
    let status = match verdict {
        Verdict::Go => Status::Passed,
        Verdict::Conditional => Status::Waived,
        Verdict::Incomplete => Status::Open,
        Verdict::NoGo => Status::Failed,
    };
    glyph(status, ascii)
}

/// The three cells of a bar: proven, undecided, not ready. Readable in one colour.
#[must_use]
pub fn bar_cells(ascii: bool) -> [char; 3] {
    if ascii { ['#', '=', '.'] } else { ['█', '▒', '░'] }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn every_glyph_is_one_cell_and_no_two_statuses_share_one() {
        for ascii in [false, true] {
            let glyphs: BTreeSet<&str> = Status::ALL.iter().map(|status| glyph(*status, ascii)).collect();
            assert_eq!(glyphs.len(), Status::ALL.len());
            assert!(glyphs.iter().all(|glyph| glyph.width() == 1 && (!ascii || glyph.is_ascii())));
        }
    }
}
