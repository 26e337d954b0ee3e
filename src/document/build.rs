//! The handful of nodes that the hand-written readers make.

use std::collections::HashMap;
use std::ops::Range;

use crate::document::lines::LineIndex;
use crate::document::node::{Entry, Node, Span, Value};

/// A map in the making. Of a key that stands twice the last value counts, as it does for the programs
/// that read these formats.
#[derive(Default)]
pub(super) struct MapBuilder {
    entries: Vec<Entry>,
    places: HashMap<String, usize>,
}

impl MapBuilder {
    pub(super) fn put(&mut self, key: impl Into<String>, key_span: Span, value: Node) {
        let entry = Entry { key: key.into(), key_span, value };
        match self.places.get(&entry.key) {
            Some(place) => self.entries[*place] = entry,
            None => {
                self.places.insert(entry.key.clone(), self.entries.len());
                self.entries.push(entry);
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes what another map holds; it comes later, so it counts.
    pub(super) fn absorb(&mut self, other: Self) {
        for entry in other.entries {
            self.put(entry.key, entry.key_span, entry.value);
        }
    }

    pub(super) fn finish(self, span: Span) -> Node {
        Node { span, value: Value::Map(self.entries) }
    }
}

pub(super) fn string(lines: &LineIndex<'_>, range: Range<usize>, text: impl Into<String>) -> Node {
    Node { span: lines.span(range), value: Value::String(text.into()) }
}

/// The lines of a text with the byte where each starts; line ends are cut, `\r` too.
pub(super) fn physical_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        let line = line.strip_suffix('\n').unwrap_or(line);
        (at, line.strip_suffix('\r').unwrap_or(line))
    })
}

/// The part without blanks around it, and the byte where it starts.
pub(super) fn trimmed(start: usize, text: &str) -> (usize, &str) {
    let inner = text.trim_start();
    (start + text.len() - inner.len(), inner.trim_end())
}
