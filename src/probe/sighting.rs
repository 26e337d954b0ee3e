//! Where an element stands, and what of its line people may see. A file may be one line of megabytes that holds
//! thousands of elements, so nothing here looks at a whole line for one of them.

use std::ops::Range;

use crate::document::node::Span;
use crate::probe::fact::{Hit, HitKey};
use crate::probe::piece::{Piece, Pieces};
use crate::probe::view::Views;
use crate::text::decode::lossy;
use crate::text::redact::{covered, redact};
use crate::text::visible::clip;

/// How much of a name is shown.
const SHOWN: usize = 80;

/// The last place that was counted out: the next one on the same line is counted from there. In a document also what
/// surrounds its places.
#[derive(Debug, Default)]
pub(super) struct Cursor {
    /// Where its line starts in the file, or the number of its line.
    line: usize,
    /// How far into the line it is, in bytes and in characters.
    bytes: usize,
    characters: usize,
    pieces: Pieces,
}

impl Cursor {
    /// The characters before byte `bytes` of this line.
    fn characters(&mut self, line: usize, text: &[u8], bytes: usize) -> usize {
        if self.line != line || self.bytes > bytes {
            (self.line, self.bytes, self.characters) = (line, 0, 0);
        }
        self.characters += lossy(&text[self.bytes..bytes]).chars().count();
        self.bytes = bytes;
        self.characters
    }

    /// The byte at which the line has so many characters behind it.
    fn bytes(&mut self, line: usize, text: &str, characters: usize) -> usize {
        if self.line != line || self.characters > characters {
            (self.line, self.bytes, self.characters) = (line, 0, 0);
        }
        let rest = text.get(self.bytes..).unwrap_or_default();
        let ahead = rest.char_indices().nth(characters - self.characters).map_or(rest.len(), |(at, _)| at);
        self.bytes += ahead;
        self.characters = characters;
        self.bytes
    }
}

/// An element of a line of text.
pub(super) fn in_text(views: &Views<'_>, range: Range<usize>, cursor: &mut Cursor) -> Hit {
    let (start, line) = views.raw_line(range.start);
    let inside = range.start - start..(range.end - start).min(line.len());
    let (number, _) = views.position(start);
    let column = cursor.characters(start, line, inside.start) as u32 + 1;
    let length = lossy(&line[inside.clone()]).chars().count() as u32;
    let name = lossy(&views.whole()[range]).trim().to_owned();
    let (excerpt, message) = seen(&views.piece(start, line, &inside), line, &inside, &name);
    let (end_line, end_column) = (number, column + length);
    Hit { line: number, column, end_line, end_column, excerpt, message, key: HitKey::default() }
}

/// An element of a document. `lines` are those of the file.
pub(super) fn in_document(span: Span, name: &str, lines: &[&str], cursor: &mut Cursor) -> Hit {
    let at = (span.line.saturating_sub(1) as usize).min(lines.len());
    let line = lines.get(at).copied().unwrap_or_default();
    let start = cursor.bytes(span.line as usize, line, span.column.saturating_sub(1) as usize);
    let above = lines[..at].iter().rev().copied();
    let (line, inside) = (line.as_bytes(), start..start + name.len());
    let piece = cursor.pieces.around(span.line as usize, line, &inside, above);
    let (excerpt, message) = seen(&piece, line, &inside, name);
    let Span { line, column, end_line, end_column } = span;
    Hit { line, column, end_line, end_column, excerpt, message, key: HitKey::default() }
}

/// A name without a line around it.
pub(super) fn alone(name: &str) -> String {
    clip(&redact(name, 0..name.len()), SHOWN).into_owned()
}

/// The line as it may be shown, and the name: what its line covers is no name but a secret.
fn seen(piece: &Piece, line: &[u8], inside: &Range<usize>, name: &str) -> (String, String) {
    let place = piece.place(line, inside);
    let excerpt = piece.redacted(place.clone());
    let is_covered = piece.near(place).contains(name) && !excerpt.contains(name);
    let shown = alone(name);
    let shown = if is_covered && shown == clip(name, SHOWN) { covered(name) } else { shown };
    (excerpt, shown)
}
