//! What is known while fields are read, and the reading of every simple shape.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use indexmap::IndexSet;

use crate::checklist::duration;
use crate::checklist::fields::{self, Field};
use crate::checklist::model::{Category, Problem, Tier};
use crate::checklist::names::{Names, Spelling};
use crate::checklist::pattern;
use crate::checklist::plan::Phase;
use crate::checklist::report::{Place, Report, any_of, found, quoted};
use crate::document::node::{Node, Span, Value};

/// Far more than anybody writes; each one takes time to check.
const MOST_PATTERNS: usize = 5_000;

pub(super) struct Context<'a> {
    pub(super) names: &'a Names,
    pub(super) tiers: &'a [Tier],
    pub(super) categories: &'a [Category],
    pub(super) phases: &'a [Phase],
    /// Of every item, also of those that are dropped.
    pub(super) ids: &'a [&'a str],
    /// The file whose field is being read.
    pub(super) path: Rc<str>,
    pub(super) report: Report,
    pub(super) used_sets: BTreeSet<String>,
    /// Patterns that stand in a built-in are right.
    pub(super) trusts_built_ins: bool,
    /// Patterns that are right, and whether they match the empty text. Anchors and variables
    /// repeat patterns; each is checked once.
    compiled: HashMap<(String, bool), bool>,
}

impl<'a> Context<'a> {
    pub(super) fn new(names: &'a Names, tiers: &'a [Tier], categories: &'a [Category]) -> Self {
        Self {
            names,
            tiers,
            categories,
            phases: &[],
            ids: &[],
            path: Rc::from(""),
            report: Report::default(),
            used_sets: BTreeSet::new(),
            trusts_built_ins: false,
            compiled: HashMap::new(),
        }
    }

    fn place(&self, span: Span) -> Place {
        Place { path: Rc::clone(&self.path), span }
    }

    pub(super) fn wrong(&mut self, span: Span, message: impl Into<String>) {
        let problem: Problem = self.place(span).problem(message);
        self.report.problems.push(problem);
    }

    pub(super) fn advise(&mut self, span: Span, message: impl Into<String>) {
        let problem = self.place(span).problem(message);
        self.report.advice.push(problem);
    }

    /// Reports the problem and goes on without a value.
    pub(super) fn checked<T>(&mut self, span: Span, result: Result<T, String>) -> Option<T> {
        result.map_err(|message| self.wrong(span, message)).ok()
    }

    pub(super) fn expected<T>(&mut self, node: &Node, what: &str) -> Option<T> {
        self.wrong(node.span, format!("expected {what}, found {}", found(node)));
        None
    }

    pub(super) fn text<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        match &node.value {
            Value::String(text) => Some(text),
            Value::Bool(_) | Value::Number(_) => {
                self.wrong(node.span, format!("expected text, found {}; put it in quotes", found(node)));
                None
            }
            _ => self.expected(node, "text"),
        }
    }

    /// Text that says something.
    pub(super) fn words<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        let text = self.text(node)?;
        if text.trim().is_empty() {
            self.wrong(node.span, "expected text, found an empty one");
            return None;
        }
        Some(text)
    }

    /// Text in which every variable must be known.
    pub(super) fn filled(&mut self, node: &Node) -> Option<String> {
        let text = self.words(node)?;
        let filled = self.names.fill(text, Spelling::Prose);
        self.checked(node.span, filled)
    }

    pub(super) fn texts(&mut self, node: &Node) -> Option<Vec<String>> {
        let Some(items) = node.items() else { return self.expected(node, "a list of texts") };
        all(items.iter().map(|item| self.words(item).map(str::to_owned)))
    }

    pub(super) fn flag(&mut self, node: &Node) -> Option<bool> {
        match node.value {
            Value::Bool(yes) => Some(yes),
            _ => self.expected(node, "true or false"),
        }
    }

    /// A number as it is written, or by its variable.
    fn number(&mut self, node: &Node, what: &str) -> Option<String> {
        let text = match &node.value {
            Value::Number(text) => return Some(text.clone()),
            Value::String(text) if text.contains("${") => text,
            _ => return self.expected(node, what),
        };
        let filled = self.names.fill(text, Spelling::Prose);
        self.checked(node.span, filled)
    }

    pub(super) fn count(&mut self, node: &Node, least: u32, most: u32) -> Option<u32> {
        let what = format!("a whole number from {least} to {most}");
        let text = self.number(node, &what)?;
        let count = text.parse().ok().filter(|count| (least..=most).contains(count));
        if count.is_none() {
            self.wrong(node.span, format!("expected {what}, found {}", quoted(&text)));
        }
        count
    }

    pub(super) fn bound(&mut self, node: &Node) -> Option<String> {
        let text = self.number(node, "a number")?;
        if text.parse::<f64>().is_ok_and(f64::is_finite) {
            return Some(text);
        }
        self.wrong(node.span, format!("expected a number, found {}", quoted(&text)));
        None
    }

    /// One of a few words; gives its index.
    pub(super) fn word(&mut self, node: &Node, what: &str, words: &[&str]) -> Option<usize> {
        let Some(text) = node.as_str() else {
            return self.expected(node, &any_of(words));
        };
        let at = words.iter().position(|word| *word == text);
        if at.is_none() {
            let near = self.names.hint(text, words.iter().copied());
            let hint = if near.is_empty() { format!("; {} is meant", any_of(words)) } else { near };
            self.wrong(node.span, format!("unknown {what} {}{hint}", quoted(text)));
        }
        at
    }

    /// One or several of a few words; gives which of them are there.
    pub(super) fn some_words(&mut self, node: &Node, what: &str, words: &[&str]) -> Option<Vec<bool>> {
        let list = node.items().unwrap_or(std::slice::from_ref(node));
        if list.is_empty() {
            self.wrong(node.span, format!("expected {}, found an empty list", any_of(words)));
            return None;
        }
        let places = all(list.iter().map(|item| self.word(item, what, words)))?;
        Some((0..words.len()).map(|at| places.contains(&at)).collect())
    }

    pub(super) fn effort(&mut self, node: &Node) -> Option<u32> {
        self.duration(node, duration::effort_minutes, "30m, 2h, 1d or 2h-4h")
    }

    pub(super) fn days(&mut self, node: &Node) -> Option<u32> {
        self.duration(node, duration::days, "30d or 12w")
    }

    pub(super) fn seconds(&mut self, node: &Node) -> Option<u32> {
        self.duration(node, duration::seconds, "30s or 5m")
    }

    fn duration(&mut self, node: &Node, read: fn(&str) -> Option<u32>, like: &str) -> Option<u32> {
        let Some(text) = node.as_str() else {
            return self.expected(node, &format!("a duration like {like}"));
        };
        let value = read(text);
        if value.is_none() {
            self.wrong(node.span, format!("{} is no duration; write one like {like}", quoted(text)));
        }
        value
    }

    /// Globs with sets and variables put in. Something must be selected.
    pub(super) fn globs(&mut self, node: &Node) -> Option<Vec<String>> {
        let single = std::slice::from_ref(node);
        let list = match &node.value {
            Value::List(items) => items.as_slice(),
            Value::String(_) => single,
            _ => return self.expected(node, "a glob or a list of globs"),
        };
        let before = self.report.problems.len();
        let mut globs = IndexSet::new();
        for entry in list {
            let Some(text) = entry.as_str() else {
                self.wrong(entry.span, format!("expected a glob, found {}", found(entry)));
                continue;
            };
            if let Some(name) = text.trim_start_matches('!').strip_prefix('$') {
                self.used_sets.insert(name.to_owned());
            }
            let put_in = self.names.globs(text, &mut globs);
            self.checked(entry.span, put_in);
        }
        if self.report.problems.len() > before {
            return None;
        }
        if !globs.iter().any(|glob| !glob.starts_with('!')) {
            let message = if globs.is_empty() { "no glob" } else { "only exclusions" };
            self.wrong(node.span, format!("{message}: nothing would ever be selected"));
            return None;
        }
        Some(globs.into_iter().collect())
    }

    pub(super) fn pattern(&mut self, node: &Node, multiline: bool) -> Option<String> {
        let text = self.text(node)?;
        let filled = self.names.fill(text, Spelling::Regex);
        let key = (self.checked(node.span, filled)?, multiline);
        let is_trusted = self.trusts_built_ins && self.place(node.span).is_built_in();
        if !is_trusted && !self.compiled.contains_key(&key) {
            if self.compiled.len() >= MOST_PATTERNS {
                self.wrong(node.span, format!("the whole checklist has more than {MOST_PATTERNS} patterns"));
                return None;
            }
            let named = |error| format!("{} is no pattern: {error}", quoted(&key.0));
            let empty = self.checked(node.span, pattern::check(&key.0, multiline).map_err(named))?;
            self.compiled.insert(key.clone(), empty);
        }
        Some(key.0)
    }

    /// Whether a pattern that was read matches the empty text.
    pub(super) fn matches_empty(&self, pattern: &str, multiline: bool) -> bool {
        self.compiled.get(&(pattern.to_owned(), multiline)).copied().unwrap_or_default()
    }

    pub(super) fn patterns(&mut self, node: &Node, multiline: bool) -> Option<Vec<String>> {
        match node.items() {
            None if node.as_str().is_some() => Some(vec![self.pattern(node, multiline)?]),
            None => self.expected(node, "a pattern or a list of patterns"),
            Some([]) => {
                self.wrong(node.span, "expected at least one pattern, found an empty list");
                None
            }
            Some(items) => all(items.iter().map(|item| self.pattern(item, multiline))),
        }
    }

    /// A mapping whose keys stand in `table`: nothing unknown, nothing twice, nothing missing.
    pub(super) fn options<'n>(&mut self, node: &'n Node, table: &[Field], what: &str) -> Option<Options<'n>> {
        let Some(entries) = node.entries() else {
            let names: Vec<&str> = fields::names(table).collect();
            return self.expected(node, &format!("a mapping with {}", names.join(", ")));
        };
        let before = self.report.problems.len();
        for entry in entries.iter().filter(|entry| fields::names(table).all(|name| name != entry.key)) {
            let hint = self.names.hint(&entry.key, fields::names(table));
            self.wrong(entry.key_span, format!("unknown key {} in {what}{hint}", quoted(&entry.key)));
        }
        for field in table.iter().filter(|field| field.required && node.get(field.name).is_none()) {
            self.wrong(node.span, format!("{what} needs \"{}\"", field.name));
        }
        (self.report.problems.len() == before).then_some(Options { node })
    }
}

/// A mapping that has been checked against its table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options<'n> {
    pub(super) node: &'n Node,
}

impl<'n> Options<'n> {
    pub(super) fn get(&self, key: &str) -> Option<&'n Node> {
        self.node.get(key)
    }

    /// Those of `keys` that are written.
    pub(super) fn present(&self, keys: &[&'static str]) -> Vec<(&'static str, &'n Node)> {
        keys.iter().filter_map(|key| Some((*key, self.get(key)?))).collect()
    }
}

/// Reads to the end, so that every problem is reported, and only then gives up.
pub(super) fn all<T>(values: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    let values: Vec<Option<T>> = values.collect();
    values.into_iter().collect()
}
