//! How an item is worked through: what comes first, by when, what it takes, and how one sees that it is done.
//! Nothing of it changes what was asked, so that no word of a person goes stale when a plan moves.

use std::collections::{BTreeMap, btree_map};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::checklist::context::{Context, all};
use crate::checklist::fields::SNIPPET;
use crate::checklist::model::{Item, Problem};
use crate::checklist::report::quoted;
use crate::document::node::{Entry, Node};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Ids of the items that must be ready first.
    pub needs: Vec<String>,
    /// Ids of the items whose trouble makes this one's.
    pub caused_by: Vec<String>,
    pub due: Option<Date>,
    pub snippet: Option<Snippet>,
    /// A command that a person may run to see whether it holds; never run from here.
    pub verify: Option<String>,
    /// Paths of the files that the fix makes.
    pub creates: Vec<String>,
}

/// A remedy to copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    pub language: String,
    pub text: String,
}

/// A stretch of the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    pub id: String,
    pub title: String,
    /// The time box, in days of the calendar.
    pub box_days: Option<u32>,
}

impl Phase {
    /// The phases of a checklist that names none. An item may name these in any checklist.
    pub const DEFAULT: [(&str, &str); 3] =
        [("safety", "Safety"), ("hardening", "Hardening"), ("enterprise", "Enterprise")];

    #[must_use]
    pub fn defaults() -> Vec<Self> {
        let phase =
            |(id, title): &(&str, &str)| Self { id: (*id).to_owned(), title: (*title).to_owned(), box_days: None };
        Self::DEFAULT.iter().map(phase).collect()
    }
}

/// Where a system runs, and what must hold there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    pub id: String,
    pub title: String,
    pub requires: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Requirement {
    Item(String),
    Category(String),
    /// Whatever can stop this tier: an index into the checklist's tiers.
    Tier(usize),
}

impl Plan {
    /// Takes in a field that belongs to a plan. False where `key` is none.
    pub(super) fn set(&mut self, id: &str, entry: &Entry, cx: &mut Context<'_>) -> bool {
        let node = &entry.value;
        match entry.key.as_str() {
            "needs" => self.needs = cx.item_ids(node, id, "needs").unwrap_or_default(),
            "caused_by" => self.caused_by = cx.item_ids(node, id, "is caused by").unwrap_or_default(),
            "due" => self.due = cx.date(node),
            "snippet" => self.snippet = cx.snippet(node),
            "verify" => self.verify = cx.filled(node),
            "creates" => self.creates = cx.new_paths(node).unwrap_or_default(),
            _ => return false,
        }
        true
    }
}

impl Context<'_> {
    /// Ids of other items of the checklist.
    fn item_ids(&mut self, node: &Node, own: &str, verb: &str) -> Option<Vec<String>> {
        let Some(entries) = node.items() else { return self.expected(node, "a list of items' ids") };
        all(entries.iter().map(|entry| {
            let id = self.words(entry)?;
            let wrong = if id == own {
                Some(format!("item {} {verb} itself", quoted(id)))
            } else if self.ids.contains(&id) {
                None
            } else {
                let others = self.ids.iter().copied().filter(|other| *other != own);
                Some(format!("unknown item {}{}", quoted(id), self.names.hint(id, others)))
            };
            self.checked(entry.span, wrong.map_or(Ok(id.to_owned()), Err))
        }))
    }

    fn date(&mut self, node: &Node) -> Option<Date> {
        let text = node.as_str();
        let date = text.and_then(|text| text.parse().ok());
        if date.is_none() {
            return self.expected(node, "a day such as 2027-02-28");
        }
        date
    }

    fn snippet(&mut self, node: &Node) -> Option<Snippet> {
        let options = self.options(node, SNIPPET, "\"snippet\"")?;
        let language = options.get("language").map_or(Some(""), |node| self.words(node));
        let text = options.get("text").and_then(|node| self.words(node));
        Some(Snippet { language: language?.to_owned(), text: text?.to_owned() })
    }

    /// Paths of files that need not exist.
    fn new_paths(&mut self, node: &Node) -> Option<Vec<String>> {
        let paths = self.texts(node)?;
        let is_outside = |path: &&String| path.starts_with('/') || path.split('/').any(|part| part == "..");
        if let Some(outside) = paths.iter().find(is_outside) {
            self.wrong(node.span, format!("{} is no path inside the tree", quoted(outside)));
            return None;
        }
        Some(paths)
    }

    /// What a person is to choose from: two answers at least, each once.
    pub(super) fn choices(&mut self, node: &Node) -> Option<Vec<String>> {
        let texts = self.texts(node)?;
        let twice = texts.iter().enumerate().find(|(at, text)| texts[..*at].contains(text));
        if let Some((_, text)) = twice {
            self.wrong(node.span, format!("the option {} stands twice", quoted(text)));
            return None;
        }
        if texts.len() < 2 {
            self.wrong(node.span, "a decision needs two options at least");
            return None;
        }
        Some(texts)
    }
}

/// How many circles are written out: looking for each takes time, and nobody reads more.
const MOST_WAYS: usize = 100;

/// Items that need each other in a circle would wait for ever, and each would excuse the other: they are broken.
pub(super) fn break_circles(
    items: &mut [Arc<Item>],
    problem: impl Fn(&Item, String) -> Option<Problem>,
) -> Vec<Problem> {
    let circles = circles(items);
    let mut problems = Vec::new();
    for (at, way) in circles {
        let message = format!("items need each other in a circle: {way}");
        if let Some(problem) = problem(&items[at], message) {
            let item = Arc::make_mut(&mut items[at]);
            item.broken.get_or_insert_with(|| problem.to_string());
            problems.push(problem);
        }
    }
    problems
}

/// Every item that needs itself by a detour, with the way back to it.
fn circles(items: &[Arc<Item>]) -> Vec<(usize, String)> {
    let places: BTreeMap<&str, usize> = items.iter().enumerate().map(|(at, item)| (item.id.as_str(), at)).collect();
    let needs = |at: usize| items[at].plan.needs.iter().filter_map(|id| places.get(id.as_str()).copied());
    let knotted = knotted(items.len(), &needs);
    let named = knotted.iter().take(MOST_WAYS).filter_map(|start| Some((*start, way_back(*start, &needs, items)?)));
    let unnamed = knotted.iter().skip(MOST_WAYS).map(|at| (*at, "one of many".to_owned()));
    named.chain(unnamed).collect()
}

/// What is left once everything is taken away that waits for nothing, and again, until nothing more goes.
fn knotted<I: Iterator<Item = usize>>(count: usize, needs: &impl Fn(usize) -> I) -> Vec<usize> {
    let mut waits: Vec<usize> = (0..count).map(|at| needs(at).count()).collect();
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); count];
    (0..count).for_each(|at| needs(at).for_each(|needed| needed_by[needed].push(at)));
    let mut free: Vec<usize> = (0..count).filter(|at| waits[*at] == 0).collect();
    while let Some(at) = free.pop() {
        for &waiting in &needed_by[at] {
            waits[waiting] -= 1;
            if waits[waiting] == 0 {
                free.push(waiting);
            }
        }
    }
    (0..count).filter(|at| waits[*at] > 0).collect()
}

/// The way from an item over what it needs back to itself. `None` for one that only waits for a circle of others.
fn way_back<I: Iterator<Item = usize>>(
    start: usize,
    needs: &impl Fn(usize) -> I,
    items: &[Arc<Item>],
) -> Option<String> {
    let mut came_from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut queue = vec![start];
    while let Some(at) = queue.pop() {
        for next in needs(at) {
            if next == start {
                return Some(way(start, at, &came_from, items));
            }
            if let btree_map::Entry::Vacant(free) = came_from.entry(next) {
                free.insert(at);
                queue.push(next);
            }
        }
    }
    None
}

/// `a → b → a`; of a very long one its ends.
fn way(start: usize, last: usize, came_from: &BTreeMap<usize, usize>, items: &[Arc<Item>]) -> String {
    let mut back = vec![start];
    let mut at = last;
    while at != start {
        back.push(at);
        at = came_from.get(&at).copied().unwrap_or(start);
    }
    back.push(start);
    let names: Vec<&str> = back.iter().rev().map(|at| items[*at].id.as_str()).collect();
    match names.as_slice() {
        [first, second, .., last] if names.len() > 8 => format!("{first} → {second} → … → {last}"),
        names => names.join(" → "),
    }
}
