//! One file, from text to parts: which sets, tiers and items it writes, each with its place.
//! What the fields of a part mean is settled after all files are merged.

use std::rc::Rc;

use indexmap::IndexMap;

use crate::checklist::RESERVED_ID;
use crate::checklist::fields::{self, TOP};
use crate::checklist::model::Problem;
use crate::checklist::report::{Place, found, quoted};
use crate::document::node::{Entry, Node, Span, Value};
use crate::document::problem::Parsed;
use crate::document::yaml;
use crate::text::suggest::{did_you_mean, nearest};

/// A checklist is written by people; what is larger is something else.
const MOST_BYTES: usize = 1 << 20;
const LONGEST_ID: usize = 100;

/// One file as written.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) path: Rc<str>,
    pub(super) title: Option<String>,
    pub(super) extends: Vec<(String, Span)>,
    pub(super) sets: Vec<Entry>,
    pub(super) vars: Vec<Entry>,
    pub(super) tiers: Vec<Part>,
    pub(super) categories: Vec<Part>,
    pub(super) phases: Vec<Part>,
    pub(super) environments: Vec<Part>,
    pub(super) metrics: Vec<Part>,
    pub(super) items: Vec<Part>,
}

/// A tier, a category, a phase, an environment, a metric or an item: an id and fields that nobody has looked into yet.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) id: String,
    pub(super) span: Span,
    pub(super) fields: Vec<Entry>,
    /// What makes the part as a whole doubtful: that it stands twice.
    pub(super) doubt: Option<Problem>,
}

/// The YAML of one file, or its length where that is too great. Most of the work, and no file needs another for it.
pub(super) fn parse(text: &str) -> Result<Parsed, usize> {
    if text.len() > MOST_BYTES { Err(text.len()) } else { Ok(yaml::parse(text)) }
}

pub(super) fn read(path: &str, parsed: Result<Parsed, usize>, problems: &mut Vec<Problem>) -> Raw {
    let mut reader = Reader { path: path.into(), problems };
    let mut raw = reader.empty();
    if let Some(root) = reader.document(parsed) {
        reader.top(&root, &mut raw);
    }
    raw
}

struct Reader<'a> {
    path: Rc<str>,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn empty(&self) -> Raw {
        Raw {
            path: Rc::clone(&self.path),
            title: None,
            extends: Vec::new(),
            sets: Vec::new(),
            vars: Vec::new(),
            tiers: Vec::new(),
            categories: Vec::new(),
            phases: Vec::new(),
            environments: Vec::new(),
            metrics: Vec::new(),
            items: Vec::new(),
        }
    }

    fn wrong(&mut self, span: Span, message: impl Into<String>) {
        let place = Place { path: Rc::clone(&self.path), span };
        self.problems.push(place.problem(message));
    }

    /// The single document of the file.
    fn document(&mut self, parsed: Result<Parsed, usize>) -> Option<Node> {
        let length = |length| format!("the file has {length} bytes; a checklist may have {MOST_BYTES}");
        let parsed = parsed.map_err(|bytes| self.wrong(Span::default(), length(bytes))).ok()?;
        if let Some(problem) = parsed.problem {
            let span = Span { line: problem.line, column: problem.column, ..Span::default() };
            self.wrong(span, format!("not valid YAML: {}", problem.message));
            return None;
        }
        let mut documents = parsed.documents.into_iter();
        let first = documents.next();
        if let Some(second) = documents.next() {
            self.wrong(second.span, "a second document; a checklist is one document");
        }
        if first.is_none() {
            self.wrong(Span::default(), "the file is empty; a checklist begins with \"gonogo: 1\"");
        }
        first
    }

    fn top(&mut self, root: &Node, raw: &mut Raw) {
        let Some(entries) = root.entries() else {
            let message = format!("expected a checklist that begins with \"gonogo: 1\", found {}", found(root));
            return self.wrong(root.span, message);
        };
        if !self.version(root) {
            return;
        }
        for entry in entries {
            let value = &entry.value;
            match entry.key.as_str() {
                "gonogo" => {}
                "title" => raw.title = self.text(value),
                "extends" => raw.extends = self.extends(value),
                "sets" => raw.sets = self.names(value, "globs"),
                "vars" => raw.vars = self.names(value, "numbers, words and lists"),
                "tiers" => raw.tiers = self.parts(value, "tier"),
                "categories" => raw.categories = self.parts(value, "category"),
                "phases" => raw.phases = self.parts(value, "phase"),
                "environments" => raw.environments = self.parts(value, "environment"),
                "metrics" => raw.metrics = self.parts(value, "metric"),
                "items" => raw.items = self.parts(value, "item"),
                key => {
                    let message = format!("unknown key {}{}", quoted(key), did_you_mean(key, fields::names(TOP)));
                    self.wrong(entry.key_span, message);
                }
            }
        }
    }

    /// False where the rest of the file is in a format that this version does not know.
    fn version(&mut self, root: &Node) -> bool {
        match root.get("gonogo") {
            None => {
                self.wrong(root.span, "the version is missing; write \"gonogo: 1\" first");
                true
            }
            Some(Node { value: Value::Number(number), .. }) if number == "1" => true,
            Some(node) => {
                let message = format!("version {} is not known; this gonogo reads \"gonogo: 1\"", quoted(&node.text()));
                self.wrong(node.span, message);
                false
            }
        }
    }

    fn text(&mut self, node: &Node) -> Option<String> {
        let text = node.as_str();
        if text.is_none() {
            self.wrong(node.span, format!("expected text, found {}", found(node)));
        }
        text.map(str::to_owned)
    }

    fn extends(&mut self, node: &Node) -> Vec<(String, Span)> {
        if let Some(one) = node.as_str() {
            return vec![(one.to_owned(), node.span)];
        }
        let Some(list) = node.items() else {
            self.wrong(node.span, format!("expected a list of checklists, found {}", found(node)));
            return Vec::new();
        };
        list.iter().filter_map(|node| Some((self.text(node)?, node.span))).collect()
    }

    /// A mapping whose keys are names of somebody's own choice.
    fn names(&mut self, node: &Node, of: &str) -> Vec<Entry> {
        let Some(entries) = node.entries() else {
            self.wrong(node.span, format!("expected names for {of}, found {}", found(node)));
            return Vec::new();
        };
        let (good, bad): (Vec<_>, Vec<_>) = entries.iter().cloned().partition(|entry| is_name(&entry.key));
        for entry in bad {
            let message = format!("{} is no name; letters, digits, \"_\" and \"-\" make one", quoted(&entry.key));
            self.wrong(entry.key_span, message);
        }
        good
    }

    fn parts(&mut self, node: &Node, what: &str) -> Vec<Part> {
        let Some(list) = node.items() else {
            self.wrong(node.span, format!("expected a list, each with an id, found {}", found(node)));
            return Vec::new();
        };
        let mut parts: IndexMap<String, Part> = IndexMap::new();
        for node in list {
            let Some(part) = self.part(node, what) else { continue };
            match parts.get_mut(&part.id) {
                None => {
                    parts.insert(part.id.clone(), part);
                }
                Some(first) => {
                    let (first_line, message) = (first.span.line, format!("{what} {}", quoted(&part.id)));
                    self.wrong(part.span, format!("{message} stands twice, first in line {first_line}"));
                    first.doubt = self.problems.last().cloned();
                }
            }
        }
        parts.into_values().collect()
    }

    /// Without an id that can be trusted as a file name there is nothing to hang the part on.
    fn part(&mut self, node: &Node, what: &str) -> Option<Part> {
        let Some(entries) = node.entries() else {
            self.wrong(node.span, format!("expected a mapping with an id, found {}", found(node)));
            return None;
        };
        let Some(id) = entries.iter().find(|entry| entry.key == "id") else {
            let mut keys = entries.iter().map(|entry| entry.key.as_str());
            let near = keys.find(|key| nearest(key, ["id"]).is_some());
            let hint = near.map(|key| format!(" ({} may be meant for it)", quoted(key))).unwrap_or_default();
            self.wrong(node.span, format!("the {what} has no id{hint}"));
            return None;
        };
        let text = self.text(&id.value)?;
        if !is_id(&text) {
            let message = format!(
                "{} is no id; lower-case letters and digits in parts joined by \".\" or \"-\", at most {LONGEST_ID} characters",
                quoted(&text)
            );
            self.wrong(id.value.span, message);
            return None;
        }
        if what == "item" && text == RESERVED_ID {
            let message = format!("{} is the name of the report itself; give the item another id", quoted(&text));
            self.wrong(id.value.span, message);
            return None;
        }
        Some(Part { id: text, span: id.value.span, fields: entries.to_vec(), doubt: None })
    }
}

/// Words joined by dots and dashes: what is safe as a directory of the ledger.
fn is_id(text: &str) -> bool {
    let word = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    };
    text.len() <= LONGEST_ID && text.split('.').all(word)
}

/// What `$name` and `${name}` can name.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.len() <= LONGEST_ID
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_safe_as_a_directory() {
        for good in ["a", "ci.actions-pinned", "a-b.c-d", "a1.b2.c3"] {
            assert!(is_id(good), "{good}");
        }
        let long = "a".repeat(101);
        for bad in ["", ".", "..", "a..b", "A", "a/b", "../a", "-a", "a-", "a.", ".a", "a b", "é", &long] {
            assert!(!is_id(bad), "{bad}");
        }
    }
}
