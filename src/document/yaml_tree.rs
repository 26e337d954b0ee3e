//! Builds trees from YAML's events without recursion, and counts what it builds: an alias of an
//! alias of an alias can ask for more memory than there is.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::document::lines::LineIndex;
use crate::document::node::{Entry, Node, Span, Value};
use crate::document::problem::{MAX_DEPTH, ParseProblem};
use crate::text::visible::clip;

/// How many nodes a file may have once its aliases stand for what they name.
const MAX_NODES: usize = 200_000;
/// How much text they may hold together.
const MAX_BYTES: usize = 16 << 20;

pub(super) struct Scalar {
    pub(super) text: String,
    /// Neither quoted nor a block: only these can be a number, a truth value or null.
    pub(super) plain: bool,
    /// Zero for none, as in the parser.
    pub(super) anchor: usize,
}

pub(super) struct Builder<'a> {
    lines: &'a LineIndex<'a>,
    documents: Vec<Node>,
    root: Option<Node>,
    open: Vec<Frame>,
    anchors: HashMap<usize, Anchored>,
    spent: Size,
}

/// A list or map whose end has not come yet.
struct Frame {
    anchor: usize,
    start: usize,
    span: Span,
    size: Size,
    depth: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map(OpenMap),
}

#[derive(Default)]
struct OpenMap {
    entries: Vec<Entry>,
    keys: HashSet<String>,
    /// A key that waits for its value.
    key: Option<Key>,
    merges: Vec<Node>,
}

struct Key {
    text: String,
    span: Span,
    is_merge: bool,
}

struct Anchored {
    node: Node,
    size: Size,
    depth: usize,
}

#[derive(Clone, Copy, Default)]
struct Size {
    nodes: usize,
    bytes: usize,
}

/// A finished node on its way into the list, map or document that holds it.
struct Finished {
    node: Node,
    start: usize,
    size: Size,
    depth: usize,
    /// A plain `<<`.
    is_merge: bool,
}

impl<'a> Builder<'a> {
    pub(super) fn new(lines: &'a LineIndex<'a>) -> Self {
        Self {
            lines,
            documents: Vec::new(),
            root: None,
            open: Vec::new(),
            anchors: HashMap::new(),
            spent: Size::default(),
        }
    }

    pub(super) fn into_documents(self) -> Vec<Node> {
        self.documents
    }

    pub(super) fn end_document(&mut self) {
        self.documents.extend(self.root.take());
        self.anchors.clear();
    }

    pub(super) fn scalar(&mut self, scalar: Scalar, range: Range<usize>) -> Result<(), ParseProblem> {
        let size = Size { nodes: 1, bytes: scalar.text.len() };
        self.spend(size, range.start)?;
        let is_merge = scalar.plain && scalar.text == "<<";
        let value = if scalar.plain { typed(scalar.text) } else { Value::String(scalar.text) };
        let node = Node { span: self.lines.span(range.clone()), value };
        let finished = Finished { node, start: range.start, size, depth: 0, is_merge };
        self.remember(scalar.anchor, &finished)?;
        self.place(finished)
    }

    pub(super) fn alias(&mut self, id: usize, range: Range<usize>) -> Result<(), ParseProblem> {
        let Some((size, depth)) = self.anchors.get(&id).map(|anchored| (anchored.size, anchored.depth)) else {
            return Err(self.problem(range.start, "this alias stands inside the value that it names"));
        };
        if self.open.len() + depth > MAX_DEPTH {
            return Err(self.problem(range.start, too_deep()));
        }
        // Paid before it is copied: the bill of a hostile file is never run up.
        self.spend(size, range.start)?;
        let Some(node) = self.anchors.get(&id).map(|anchored| anchored.node.clone()) else {
            return Ok(());
        };
        self.place(Finished { node, start: range.start, size, depth, is_merge: false })
    }

    pub(super) fn open_list(&mut self, anchor: usize, range: Range<usize>) -> Result<(), ParseProblem> {
        self.open(anchor, range, Content::List(Vec::new()))
    }

    pub(super) fn open_map(&mut self, anchor: usize, range: Range<usize>) -> Result<(), ParseProblem> {
        self.open(anchor, range, Content::Map(OpenMap::default()))
    }

    fn open(&mut self, anchor: usize, range: Range<usize>, content: Content) -> Result<(), ParseProblem> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.problem(range.start, too_deep()));
        }
        let size = Size { nodes: 1, bytes: 0 };
        self.spend(size, range.start)?;
        let start = range.start;
        let span = self.lines.span(range);
        self.open.push(Frame { anchor, start, span, size, depth: 1, content });
        Ok(())
    }

    pub(super) fn close(&mut self, range: Range<usize>) -> Result<(), ParseProblem> {
        let Some(Frame { anchor, start, mut span, size, depth, content }) = self.open.pop() else {
            return Ok(());
        };
        // A block ends where the next token starts, which may be pages below: it ends with its last child.
        let is_flow = !range.is_empty();
        let closing = self.lines.span(range);
        let value = match content {
            Content::List(items) => Value::List(items),
            Content::Map(map) => Value::Map(map.finish()),
        };
        let end = if is_flow { (closing.end_line, closing.end_column) } else { end_of_children(&value, span) };
        (span.end_line, span.end_column) = end;
        let finished = Finished { node: Node { span, value }, start, size, depth, is_merge: false };
        self.remember(anchor, &finished)?;
        self.place(finished)
    }

    fn place(&mut self, finished: Finished) -> Result<(), ParseProblem> {
        let Some(frame) = self.open.last_mut() else {
            self.root = Some(finished.node);
            return Ok(());
        };
        frame.size = frame.size.plus(finished.size);
        frame.depth = frame.depth.max(finished.depth + 1);
        let start = finished.start;
        let refused = match &mut frame.content {
            Content::List(items) => {
                items.push(finished.node);
                None
            }
            Content::Map(map) => map.place(finished).err(),
        };
        refused.map_or(Ok(()), |message| Err(self.problem(start, message)))
    }

    /// Keeps a copy for the aliases to come. The copy is paid for like any other.
    fn remember(&mut self, anchor: usize, finished: &Finished) -> Result<(), ParseProblem> {
        if anchor == 0 {
            return Ok(());
        }
        self.spend(finished.size, finished.start)?;
        let node = finished.node.clone();
        self.anchors.insert(anchor, Anchored { node, size: finished.size, depth: finished.depth });
        Ok(())
    }

    fn spend(&mut self, size: Size, offset: usize) -> Result<(), ParseProblem> {
        self.spent = self.spent.plus(size);
        if self.spent.is_allowed() {
            return Ok(());
        }
        let (thousands, mega) = (MAX_NODES / 1000, MAX_BYTES >> 20);
        let message = format!("with its aliases expanded this is more than {thousands},000 values or {mega} MB");
        Err(self.problem(offset, message))
    }

    fn problem(&self, offset: usize, message: impl Into<String>) -> ParseProblem {
        ParseProblem::at(self.lines, offset, message)
    }
}

impl OpenMap {
    /// A key, or the value of the key before it.
    fn place(&mut self, finished: Finished) -> Result<(), String> {
        let Some(key) = self.key.take() else {
            let text = finished.node.text();
            if !finished.is_merge && !self.keys.insert(text.clone()) {
                return Err(format!("the key \"{}\" stands twice in this map", clip(&text, 80)));
            }
            self.key = Some(Key { text, span: finished.node.span, is_merge: finished.is_merge });
            return Ok(());
        };
        if !key.is_merge {
            self.entries.push(Entry { key: key.text, key_span: key.span, value: finished.node });
            return Ok(());
        }
        match finished.node.value {
            Value::Map(_) => self.merges.push(finished.node),
            Value::List(items) if items.iter().all(|item| item.entries().is_some()) => self.merges.extend(items),
            _ => return Err("\"<<\" merges maps: its value must be a map or a list of maps".to_owned()),
        }
        Ok(())
    }

    /// Own keys win over merged ones, and of two merged ones the first wins.
    fn finish(mut self) -> Vec<Entry> {
        for merge in self.merges {
            if let Value::Map(merged) = merge.value {
                self.entries.extend(merged.into_iter().filter(|entry| self.keys.insert(entry.key.clone())));
            }
        }
        self.entries
    }
}

impl Size {
    fn plus(self, other: Self) -> Self {
        Self { nodes: self.nodes.saturating_add(other.nodes), bytes: self.bytes.saturating_add(other.bytes) }
    }

    fn is_allowed(self) -> bool {
        self.nodes <= MAX_NODES && self.bytes <= MAX_BYTES
    }
}

fn end_of_children(value: &Value, own: Span) -> (u32, u32) {
    let last = match value {
        Value::List(items) => items.last().map(|item| item.span),
        Value::Map(entries) => entries.last().map(|entry| entry.value.span),
        _ => None,
    };
    // What an alias or a merge brought stands elsewhere, maybe above.
    last.map_or((own.end_line, own.end_column), |last| (last.end_line, last.end_column))
        .max((own.end_line, own.end_column))
}

fn too_deep() -> String {
    format!("this is nested more than {MAX_DEPTH} deep")
}

/// A plain scalar by the core schema of YAML 1.2.
fn typed(text: String) -> Value {
    match text.as_str() {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if is_number(&text) => Value::Number(text),
        _ => Value::String(text),
    }
}

fn is_number(text: &str) -> bool {
    let all = |digits: &str, allowed: fn(&u8) -> bool| !digits.is_empty() && digits.as_bytes().iter().all(allowed);
    if let Some(digits) = text.strip_prefix("0x") {
        return all(digits, u8::is_ascii_hexdigit);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return all(digits, |digit| (b'0'..=b'7').contains(digit));
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |digits: &str| digits.is_empty() || all(digits, u8::is_ascii_digit);
    is_digits(whole)
        && is_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|digits| all(digits, u8::is_ascii_digit))
}
