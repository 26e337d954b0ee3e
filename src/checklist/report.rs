//! Everything wrong with the files, in the words that a person gets to see.

use std::rc::Rc;

use crate::checklist::model::Problem;
use crate::checklist::sources::BUILTIN;
use crate::document::node::{Node, Span, Value};
use crate::text::visible::{clip, visible};

/// Where something was written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) path: Rc<str>,
    pub(super) span: Span,
}

impl Place {
    pub(super) fn is_built_in(&self) -> bool {
        self.path.starts_with(BUILTIN)
    }

    pub(super) fn problem(&self, message: impl Into<String>) -> Problem {
        Problem { path: self.path.to_string(), line: self.span.line, column: self.span.column, message: message.into() }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.span.line, self.span.column)
    }
}

/// What is wrong, and what would merely be better.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) problems: Vec<Problem>,
    pub(super) advice: Vec<Problem>,
}

/// A piece of a file inside a message: visible, and short.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", clip(&visible(text), 60))
}

/// The kind of a value, as the end of "expected …, found …".
pub(super) fn found(node: &Node) -> &'static str {
    match &node.value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::List(_) => "a list",
        Value::Map(_) => "a mapping",
    }
}

/// `a, b or c`.
pub(super) fn any_of(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
