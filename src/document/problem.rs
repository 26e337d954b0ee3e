//! What parsing gives: values *and* what was wrong.

use crate::document::lines::LineIndex;
use crate::document::node::Node;

/// How deep a document may nest. Real ones stay under thirty; every walk over a tree may recurse.
pub const MAX_DEPTH: usize = 100;

/// How many bytes of text are parsed at all.
pub const MAX_TEXT: usize = 16 << 20;

/// The documents of one file, and the first thing wrong with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// Those that stand before the problem, where there is one.
    pub documents: Vec<Node>,
    pub problem: Option<ParseProblem>,
}

/// Lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseProblem {
    pub line: u32,
    pub column: u32,
    pub message: String,
}

impl Parsed {
    pub(crate) fn one(document: Node) -> Self {
        Self { documents: vec![document], problem: None }
    }

    pub(crate) fn failed(problem: ParseProblem) -> Self {
        Self { documents: Vec::new(), problem: Some(problem) }
    }
}

impl ParseProblem {
    pub(crate) fn at(lines: &LineIndex<'_>, offset: usize, message: impl Into<String>) -> Self {
        let (line, column) = lines.place(offset);
        Self { line, column, message: message.into() }
    }

    /// `Some` where a text is too large to be looked at.
    pub(crate) fn too_large(text: &str) -> Option<Self> {
        let message = || format!("the file is larger than the {} MB that are parsed", MAX_TEXT >> 20);
        (text.len() > MAX_TEXT).then(|| Self { line: 1, column: 1, message: message() })
    }
}

/// The text without a byte order mark, which is no character of the first line.
pub(crate) fn without_bom(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}
