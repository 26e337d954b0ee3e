//! What surrounds a match, redacted. A line may hold thousands of matches, and a file may be one line of megabytes: the
//! secrets of a line, or of a part of a long one, are looked for once, not once for each match.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use crate::text::decode::lossy;
use crate::text::redact::{redact_known, secrets};

/// A line up to this long is one piece.
const WHOLE: usize = 1024;
/// A longer one is cut into parts of this length, each with what can matter to what it holds before and after it.
const PART: usize = 2048;
const BEFORE: usize = 1024;
const AFTER: usize = 3072;
const NEAR: usize = 32;

/// A line, or a part of a long one.
#[derive(Debug)]
pub(super) struct Piece {
    text: String,
    /// Where it stands in the line.
    range: Range<usize>,
    /// It ends before its line does.
    is_cut: bool,
    /// The line is UTF-8 here: a byte of it is a byte of the text.
    is_exact: bool,
    secrets: Vec<Range<usize>>,
}

/// Pieces of the lines of one file.
#[derive(Debug, Default)]
pub(super) struct Pieces(HashMap<(usize, usize), Rc<Piece>>);

impl Pieces {
    /// The piece around `matched`, a place in the line that `name` names; `above` are the lines before it, the nearest
    /// first.
    pub(super) fn around<A: AsRef<[u8]>>(
        &mut self,
        name: usize,
        line: &[u8],
        matched: &Range<usize>,
        above: impl Iterator<Item = A>,
    ) -> Rc<Piece> {
        if line.len() <= WHOLE {
            return Rc::clone(
                self.0.entry((name, 0)).or_insert_with(|| Rc::new(Piece::new(line, 0..line.len(), above))),
            );
        }
        let part = matched.start / PART;
        let start = inward(line, (part * PART).saturating_sub(BEFORE));
        let end = outward(line, part * PART + PART + AFTER);
        if matched.end > end {
            return Rc::new(Piece::new(line, start..outward(line, matched.end), above));
        }
        Rc::clone(self.0.entry((name, part)).or_insert_with(|| Rc::new(Piece::new(line, start..end, above))))
    }
}

impl Piece {
    fn new<A: AsRef<[u8]>>(line: &[u8], range: Range<usize>, above: impl Iterator<Item = A>) -> Self {
        let bytes = &line[range.clone()];
        let text = lossy(bytes);
        let (is_cut, is_exact) = (range.end < line.len(), matches!(text, Cow::Borrowed(_)));
        Self { secrets: secrets(above, &text), text: text.into_owned(), range, is_cut, is_exact }
    }

    /// Where a part of the line stands in the text.
    pub(super) fn place(&self, line: &[u8], matched: &Range<usize>) -> Range<usize> {
        let start = matched.start.clamp(self.range.start, self.range.end);
        let end = matched.end.clamp(start, self.range.end);
        let at = |place: usize| match self.is_exact {
            true => place - self.range.start,
            // Bytes that are no UTF-8 are replaced, and the match moves with them.
            false => lossy(&line[self.range.start..place]).len(),
        };
        at(start)..at(end)
    }

    /// The text of a place, and a little around it: quotes, say.
    pub(super) fn near(&self, place: Range<usize>) -> &str {
        let start = self.text.floor_char_boundary(place.start.saturating_sub(NEAR));
        let end = self.text.ceil_char_boundary((place.end + NEAR).min(self.text.len()));
        &self.text[start..end]
    }

    /// As it may be shown, with a match at this place of the text.
    pub(super) fn redacted(&self, matched: Range<usize>) -> String {
        let shown = redact_known(&self.secrets, &self.text, matched);
        let shown = shown.trim();
        let before = if self.range.start > 0 && !shown.starts_with('…') { "…" } else { "" };
        let after = if self.is_cut && !shown.ends_with('…') { "…" } else { "" };
        format!("{before}{shown}{after}")
    }
}

fn is_inside(line: &[u8], at: usize) -> bool {
    line.get(at).is_some_and(|byte| byte & 0xc0 == 0x80)
}

/// The next place from here on where a character begins.
fn inward(line: &[u8], at: usize) -> usize {
    // More such bytes in a row are no text.
    (at..at + 4).find(|at| !is_inside(line, *at)).unwrap_or(at).min(line.len())
}

fn outward(line: &[u8], at: usize) -> usize {
    inward(line, at.min(line.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::redact::redact;

    fn shown(line: &str, matched: Range<usize>) -> String {
        let piece = Pieces::default().around(0, line.as_bytes(), &matched, std::iter::empty::<&str>());
        piece.redacted(piece.place(line.as_bytes(), &matched))
    }

    #[test]
    fn a_line_looks_as_it_does_alone() {
        for line in ["password = \"hunter2\"", "  x = 1", "use q8Zk2LmX9vB4nT7wR1cY5 here", "é password: hunter2"] {
            assert_eq!(shown(line, 0..4), redact(line, 0..4).trim());
        }
    }

    #[test]
    fn a_secret_in_an_endless_line_is_covered_wherever_it_stands() {
        for before in [0, 900, 1500, 2040, 3000, 5000] {
            let line = format!("{}password=\"hunter2\"{}", "é;".repeat(before / 3), ";".repeat(20_000));
            let at = line.find("hunter2").unwrap();
            for matched in [at..at + 7, at - 9..at - 1] {
                let shown = shown(&line, matched);
                assert!(shown.contains("password=\"hu••••••\"") && shown.ends_with('…'), "{before}: {shown}");
                assert_eq!(shown.starts_with('…'), before > 0, "{before}: {shown}");
                assert!(shown.len() < 2048);
            }
        }
    }

    #[test]
    fn a_match_that_is_longer_than_a_part_and_bytes_that_are_no_text_are_shown() {
        let line = format!("{}{}", "a".repeat(3000), "b".repeat(9000));
        assert!(shown(&line, 3000..12_000).contains("bbb"));
        let line: Vec<u8> = [&[0xff; 2000][..], b"name", &[0xbf; 2000]].concat();
        let piece = Pieces::default().around(0, &line, &(2000..2004), std::iter::empty::<&str>());
        let place = piece.place(&line, &(2000..2004));
        assert_eq!(&piece.text[place.clone()], "name");
        assert!(piece.near(place).contains("name"));
    }

    #[test]
    fn what_is_asked_of_one_line_is_looked_for_once() {
        let mut pieces = Pieces::default();
        let line = "x".repeat(10_000);
        for at in 0..10_000 {
            pieces.around(7, line.as_bytes(), &(at..at + 1), std::iter::empty::<&str>());
        }
        assert_eq!(pieces.0.len(), 5);
    }
}
