//! What keeps a prepared file from keeping the XML parser busy: its time grows with the square of the
//! attributes of one element, and with the namespaces times the elements.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;

use crate::document::lines::LineIndex;
use crate::document::problem::{MAX_DEPTH, ParseProblem};

const MAX_ATTRIBUTES: usize = 256;
const MAX_NAMESPACES: usize = 5000;

/// The text with a document type that defines nothing blanked out, or why it is not parsed at all.
pub(super) fn bearable<'a>(text: &'a str, lines: &LineIndex<'_>) -> Result<Cow<'a, str>, ParseProblem> {
    if memmem::find_iter(text.as_bytes(), "xmlns").nth(MAX_NAMESPACES).is_some() {
        return Err(ParseProblem::at(lines, 0, format!("this declares more than {MAX_NAMESPACES} namespaces")));
    }
    let mut scan = Scan { text, at: 0, depth: 0 };
    let mut doctype = None;
    while let Some(tag) = scan.next_tag() {
        let refused = |message: String| Err(ParseProblem::at(lines, tag.range.start, message));
        match tag.kind {
            TagKind::Doctype if scan.depth == 0 && doctype.is_none() => {
                if tag.brackets {
                    return refused("the document type defines entities, which are never expanded".to_owned());
                }
                doctype = Some(tag.range);
            }
            _ if tag.values > MAX_ATTRIBUTES => {
                return refused(format!("an element has more than {MAX_ATTRIBUTES} attributes"));
            }
            _ if scan.depth > MAX_DEPTH => return refused(format!("this is nested more than {MAX_DEPTH} deep")),
            _ => {}
        }
    }
    Ok(doctype.map_or(Cow::Borrowed(text), |range| Cow::Owned(blanked(text, range))))
}

/// Byte for byte, so that every place stays what it was.
fn blanked(text: &str, range: Range<usize>) -> String {
    let blanks: String = text[range.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    format!("{}{blanks}{}", &text[..range.start], &text[range.end..])
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TagKind {
    Doctype,
    Element,
}

struct Tag {
    kind: TagKind,
    range: Range<usize>,
    /// Quoted values in it.
    values: usize,
    /// Whether a `[` stands outside of them.
    brackets: bool,
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Scan<'_> {
    /// The next tag that opens, closes or is a document type; comments and the like are passed over.
    fn next_tag(&mut self) -> Option<Tag> {
        let bytes = self.text.as_bytes();
        loop {
            let start = self.at + memchr::memchr(b'<', bytes.get(self.at..)?)?;
            let rest = &bytes[start..];
            let passed = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];
            if let Some((open, close)) = passed.iter().find(|(open, _)| rest.starts_with(open.as_bytes())) {
                self.at = start + open.len();
                self.at += memmem::find(&bytes[self.at..], close.as_bytes())? + close.len();
                continue;
            }
            return Some(self.tag(start));
        }
    }

    fn tag(&mut self, start: usize) -> Tag {
        let bytes = self.text.as_bytes();
        let (mut values, mut brackets) = (0, false);
        let mut at = start + 1;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'>' => break,
                b'[' => brackets = true,
                quote @ (b'"' | b'\'') => {
                    values += 1;
                    at += 1 + memchr::memchr(*quote, &bytes[at + 1..]).unwrap_or(bytes.len() - at - 1);
                }
                _ => {}
            }
            at += 1;
        }
        self.at = (at + 1).min(bytes.len());
        let kind = if bytes[start..].starts_with(b"<!DOCTYPE") { TagKind::Doctype } else { TagKind::Element };
        match bytes.get(start + 1) {
            Some(b'/') => self.depth = self.depth.saturating_sub(1),
            Some(b'!') => {}
            _ if bytes.get(at.wrapping_sub(1)) == Some(&b'/') => {}
            _ => self.depth += 1,
        }
        Tag { kind, range: start..self.at, values, brackets }
    }
}
