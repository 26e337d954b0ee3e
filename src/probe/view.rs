//! One file's text as patterns look at it: decoded, with continued shell lines folded, and with
//! comments (or everything else) blanked out. Offsets are the same in every view.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use memchr::{memchr, memchr_iter, memrchr};

use crate::checklist::model::View;
use crate::probe::piece::{Piece, Pieces};
use crate::text::comments;
use crate::text::decode::lossy;

/// How many lines above a match may hold the name of the secret on its line.
const ABOVE: usize = 40;
/// How much of a line above a match is looked at.
const LONGEST_ABOVE: usize = 1024;

/// The views of one text. What nobody asks for is never made.
#[derive(Debug)]
pub struct Views<'a> {
    raw: &'a [u8],
    path: &'a str,
    folded: Cow<'a, [u8]>,
    comments: OnceCell<Vec<Range<usize>>>,
    code: OnceCell<Cow<'a, [u8]>>,
    comment: OnceCell<Vec<u8>>,
    starts: OnceCell<Vec<usize>>,
    pieces: RefCell<Pieces>,
}

impl<'a> Views<'a> {
    #[must_use]
    pub fn new(path: &'a str, raw: &'a [u8]) -> Self {
        Self {
            raw,
            path,
            folded: fold(path, raw),
            comments: OnceCell::new(),
            code: OnceCell::new(),
            comment: OnceCell::new(),
            starts: OnceCell::new(),
            pieces: RefCell::default(),
        }
    }

    /// The whole text, continued lines folded.
    #[must_use]
    pub fn whole(&self) -> &[u8] {
        &self.folded
    }

    #[must_use]
    pub fn get(&self, view: View) -> &[u8] {
        match view {
            View::Any => &self.folded,
            View::Code => self.code.get_or_init(|| self.without_comments()),
            View::Comment => self.comment.get_or_init(|| self.comments_only()),
        }
    }

    /// The line around `offset` in the folded text, without its end.
    #[must_use]
    pub fn line_at(&self, offset: usize) -> Range<usize> {
        line_around(&self.folded, offset)
    }

    /// Where the line after the one that ends at `end` starts.
    #[must_use]
    pub fn next_line(&self, end: usize) -> Option<usize> {
        memchr(b'\n', &self.folded[end..]).map(|newline| end + newline + 1).filter(|next| *next < self.folded.len())
    }

    /// The line number, from 1, and the column in characters, from 1.
    #[must_use]
    pub fn position(&self, offset: usize) -> (u32, u32) {
        let starts = self.starts();
        let line = starts.partition_point(|start| *start <= offset);
        let start = starts[line - 1];
        let before = &self.raw[start..offset.min(self.raw.len())];
        (line as u32, lossy(before).chars().count() as u32 + 1)
    }

    /// Where each line of the file starts.
    fn starts(&self) -> &[usize] {
        self.starts
            .get_or_init(|| std::iter::once(0).chain(memchr_iter(b'\n', self.raw).map(|newline| newline + 1)).collect())
    }

    /// The line as it stands in the file, and where it starts.
    #[must_use]
    pub fn raw_line(&self, offset: usize) -> (usize, &'a [u8]) {
        let line = line_around(self.raw, offset);
        (line.start, &self.raw[line])
    }

    /// The lines before the one that starts at `start`, the nearest first; of an endless one its end. What stands there
    /// may tell that a line holds a secret.
    pub fn lines_above(&self, start: usize) -> impl Iterator<Item = &'a [u8]> {
        let starts = self.starts();
        let behind = starts.partition_point(|line| *line <= start);
        let lines = starts[..behind].windows(2).rev().take(ABOVE);
        lines.map(|ends| {
            let line = &self.raw[ends[0]..ends[1] - 1];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            &line[line.len().saturating_sub(LONGEST_ABOVE)..]
        })
    }

    /// What surrounds `matched`, a place in the line that starts at `start` in the file.
    pub(super) fn piece(&self, start: usize, line: &[u8], matched: &Range<usize>) -> Rc<Piece> {
        self.pieces.borrow_mut().around(start, line, matched, self.lines_above(start))
    }

    fn comment_ranges(&self) -> &[Range<usize>] {
        self.comments.get_or_init(|| match comments::language(self.path) {
            Some(language) => comments::mask(self.raw, language),
            None => Vec::new(),
        })
    }

    fn without_comments(&self) -> Cow<'a, [u8]> {
        let ranges = self.comment_ranges();
        if ranges.is_empty() {
            return self.folded.clone();
        }
        let mut text = self.folded.to_vec();
        for range in ranges {
            blank(&mut text[range.clone()]);
        }
        Cow::Owned(text)
    }

    fn comments_only(&self) -> Vec<u8> {
        let mut text = self.folded.to_vec();
        let mut from = 0;
        for range in self.comment_ranges() {
            blank(&mut text[from..range.start]);
            from = range.end;
        }
        blank(&mut text[from..]);
        text
    }
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes {
        // Without a branch, many bytes are done at once.
        *byte = if matches!(byte, b'\n' | b'\r') { *byte } else { b' ' };
    }
}

fn line_around(text: &[u8], offset: usize) -> Range<usize> {
    let offset = offset.min(text.len());
    let start = memrchr(b'\n', &text[..offset]).map_or(0, |newline| newline + 1);
    let end = memchr(b'\n', &text[offset..]).map_or(text.len(), |newline| offset + newline);
    let end = if end > start && text[end - 1] == b'\r' { end - 1 } else { end };
    start..end
}

/// Joins what a backslash continues, in files that hold shell: the pair becomes spaces.
fn fold<'a>(path: &str, raw: &'a [u8]) -> Cow<'a, [u8]> {
    let has_pair = || memchr_iter(b'\\', raw).any(|at| continues(raw, at).is_some());
    if !holds_shell(path) || !has_pair() {
        return Cow::Borrowed(raw);
    }
    let skipped = comments::language(path).map(|language| comments::mask(raw, language)).unwrap_or_default();
    let in_comment = |at: usize| {
        let next = skipped.partition_point(|range| range.end <= at);
        skipped.get(next).is_some_and(|range| range.contains(&at))
    };
    let mut text = raw.to_vec();
    for at in memchr_iter(b'\\', raw) {
        if let Some(end) = continues(raw, at).filter(|_| !in_comment(at)) {
            text[at..end].fill(b' ');
        }
    }
    Cow::Owned(text)
}

/// Where the line end that this backslash escapes is over.
fn continues(raw: &[u8], backslash: usize) -> Option<usize> {
    match raw.get(backslash + 1..)? {
        [b'\n', ..] => Some(backslash + 2),
        [b'\r', b'\n', ..] => Some(backslash + 3),
        _ => None,
    }
}

fn holds_shell(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    matches!(ending, "sh" | "bash" | "zsh" | "ksh" | "yml" | "yaml" | "mk" | "dockerfile")
        || name.starts_with("Dockerfile")
        || name.starts_with("Containerfile")
        || matches!(name, "Makefile" | "makefile" | "GNUmakefile" | "justfile" | "Justfile")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn continued_lines_are_one_line_with_the_places_of_the_file() {
        let raw = b"a\nRUN curl x \\\n  | sh\nb";
        let views = Views::new("Dockerfile", raw);
        let line = views.line_at(4);
        assert_eq!(&views.whole()[line], b"RUN curl x     | sh");
        assert_eq!(views.position(memchr(b'|', raw).unwrap()), (3, 3));
    }

    #[test]
    fn code_has_no_comments_and_comments_have_no_code() {
        let views = Views::new("a.py", b"x = 1  # y = 2\n");
        assert_eq!(views.get(View::Code), b"x = 1         \n");
        assert_eq!(views.get(View::Comment), b"       # y = 2\n");
        assert_eq!(views.get(View::Any), b"x = 1  # y = 2\n");
    }

    #[test]
    fn columns_count_characters_and_line_ends_may_be_windows() {
        let raw = "é = 1\r\nß = 2\r\n".as_bytes();
        let views = Views::new("a.txt", raw);
        assert_eq!(views.position(3), (1, 3));
        assert_eq!(&raw[views.line_at(9)], "ß = 2".as_bytes());
    }
}
