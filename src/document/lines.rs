//! From byte offsets to lines and columns, in little more than constant time.

use std::ops::Range;

use crate::document::node::Span;

/// Characters are counted once per stretch of this many bytes, so that a file of one long line
/// does not cost its square.
const STRETCH: usize = 64;

#[derive(Debug)]
pub struct LineIndex<'a> {
    text: &'a str,
    /// Where each line starts.
    starts: Vec<usize>,
    /// How many characters stand before each stretch.
    counts: Vec<usize>,
}

impl<'a> LineIndex<'a> {
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        let mut total = 0;
        let mut counts = vec![0];
        for stretch in text.as_bytes().chunks(STRETCH) {
            total += characters(stretch);
            counts.push(total);
        }
        Self { text, starts, counts }
    }

    /// Line and column of a byte, both from 1. An offset beyond the end means the end.
    #[must_use]
    pub fn place(&self, offset: usize) -> (u32, u32) {
        let offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let column = self.characters_before(offset) - self.characters_before(self.starts[line - 1]) + 1;
        (small(line), small(column))
    }

    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        let (line, column) = self.place(range.start);
        let (end_line, end_column) = self.place(range.end.max(range.start));
        Span { line, column, end_line, end_column }
    }

    fn characters_before(&self, offset: usize) -> usize {
        let stretch = offset / STRETCH;
        self.counts[stretch] + characters(&self.text.as_bytes()[stretch * STRETCH..offset])
    }
}

/// Bytes that start a character: all but the continuations of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let lines = LineIndex::new("é=1\r\n漢字: x\n");
        assert_eq!(lines.place(0), (1, 1));
        assert_eq!(lines.place(2), (1, 2));
        assert_eq!(lines.place(6), (2, 1));
        assert_eq!(lines.place(12), (2, 3));
        assert_eq!(lines.place(999), (3, 1));
    }

    proptest! {
        #[test]
        fn a_place_is_what_counting_by_hand_gives(text in "[aé漢\n]{0,900}", pick in 0usize..900) {
            let offset = text.char_indices().map(|(at, _)| at).nth(pick).unwrap_or(text.len());
            let before = &text[..offset];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
            prop_assert_eq!(LineIndex::new(&text).place(offset), (line as u32, column as u32));
        }
    }
}
