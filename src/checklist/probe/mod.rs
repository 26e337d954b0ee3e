//! Probes, from their shorthand to their full form.

mod compare;
mod faults;
mod git;
mod paths;
mod query;
mod text;

use crate::checklist::context::{Context, Options, all};
use crate::checklist::fields::{self, PART, PROBE, VIEWS};
use crate::checklist::model::{Member, Probe, Selection, View, Want};
use crate::checklist::names::Spelling;
use crate::checklist::report::{any_of, quoted};
use crate::document::kind::Kind;
use crate::document::node::Node;
use crate::document::select::Query;

/// How deep `all`, `any` and `not` may nest.
const DEEPEST: u32 = 32;

impl Context<'_> {
    pub(super) fn probe(&mut self, node: &Node) -> Option<Probe> {
        self.probe_at(node, 1, false)
    }

    fn probe_at(&mut self, node: &Node, depth: u32, is_member: bool) -> Option<Probe> {
        if depth > DEEPEST {
            self.wrong(node.span, format!("probes nest more than {DEEPEST} deep"));
            return None;
        }
        let (key, value) = self.probe_key(node, is_member)?;
        match key {
            "exists" => self.exists(value).map(Probe::Exists),
            "absent" => self.absent(value).map(Probe::Absent),
            "text" => self.text_probe(value).map(Probe::Text),
            "query" => self.query(value).map(Probe::Query),
            "encoding" => self.encoding(value).map(Probe::Encoding),
            "names" => self.names_probe(value).map(Probe::Names),
            "compare" => self.compare(value).map(Probe::Compare),
            "git" => self.git(value).map(Probe::Git),
            "sarif" => self.sarif(value).map(Probe::Sarif),
            "command" => self.command(value).map(Probe::Command),
            "ask" => self.filled(value).map(Probe::Ask),
            "not" => self.probe_at(value, depth + 1, false).map(|member| Probe::Not(Box::new(member))),
            "all" => self.members(value, depth).map(Probe::All),
            _ => self.members(value, depth).map(Probe::Any),
        }
    }

    /// A probe is a mapping with exactly one key that is known; one of several may have a name beside it.
    fn probe_key<'n>(&mut self, node: &'n Node, is_member: bool) -> Option<(&'static str, &'n Node)> {
        let names: Vec<&'static str> = fields::names(PROBE).collect();
        let Some(entries) = node.entries() else {
            return self.expected(node, &format!("a probe ({})", any_of(&names)));
        };
        let before = self.report.problems.len();
        let mut known = Vec::new();
        for entry in entries {
            match names.iter().find(|name| **name == entry.key) {
                Some(name) => known.push((*name, &entry.value)),
                None if is_member && entry.key == PART.name => {}
                None => {
                    let near = self.names.hint(&entry.key, names.iter().copied());
                    let hint = if near.is_empty() { format!("; {} is one", any_of(&names)) } else { near };
                    self.wrong(entry.key_span, format!("unknown probe {}{hint}", quoted(&entry.key)));
                }
            }
        }
        match known.as_slice() {
            _ if self.report.problems.len() > before => None,
            [one] => Some(*one),
            [] => {
                self.wrong(node.span, format!("the probe is empty; {} is one", any_of(&names)));
                None
            }
            [first, second, ..] => {
                let message = format!(
                    "a probe has one key, found \"{}\" and \"{}\"; join them with \"all\" or \"any\"",
                    first.0, second.0
                );
                self.wrong(node.span, message);
                None
            }
        }
    }

    fn members(&mut self, node: &Node, depth: u32) -> Option<Vec<Member>> {
        match node.items() {
            None => self.expected(node, "a list of probes"),
            Some([]) => {
                self.wrong(node.span, "expected at least one probe, found an empty list");
                None
            }
            Some(items) => all(items.iter().map(|item| self.member(item, depth))),
        }
    }

    fn member(&mut self, node: &Node, depth: u32) -> Option<Member> {
        let part = node.get(PART.name).map_or(Some(None), |name| self.filled(name).map(Some));
        let probe = self.probe_at(node, depth + 1, true);
        Some(Member { probe: probe?, part: part? })
    }

    fn view(&mut self, options: Options<'_>) -> Option<View> {
        self.optional(options, "in", View::Code, |cx, node| {
            let at = cx.word(node, "part of a line", VIEWS)?;
            Some([View::Code, View::Comment, View::Any][at])
        })
    }

    fn document_kind(&mut self, options: Options<'_>) -> Option<Option<String>> {
        self.optional(options, "as", None, |cx, node| {
            let at = cx.word(node, "kind of document", &Kind::NAMES)?;
            Some(Some(Kind::NAMES[at].to_owned()))
        })
    }

    fn json_path(&mut self, node: &Node) -> Option<String> {
        let text = self.words(node)?;
        let filled = self.names.fill(text, Spelling::Prose);
        let path = self.checked(node.span, filled)?;
        let parsed = Query::new(&path);
        self.checked(node.span, parsed.map_err(|error| format!("{} is no JSONPath: {error}", quoted(&path))))?;
        Some(path)
    }

    fn bounds_in_order(
        &mut self,
        node: &Node,
        at_least: Option<&Option<String>>,
        at_most: Option<&Option<String>>,
    ) -> Option<()> {
        let number = |bound: Option<&Option<String>>| bound?.as_ref()?.parse::<f64>().ok();
        if let (Some(least), Some(most)) = (number(at_least), number(at_most))
            && least > most
        {
            self.wrong(node.span, format!("no number is at least {least} and at most {most}"));
            return None;
        }
        Some(())
    }

    fn selection(&mut self, options: Options<'_>) -> Option<Selection> {
        let globs = options.get("files").and_then(|node| self.globs(node));
        let all = self.scope(options);
        Some(Selection { globs: globs?, all: all? })
    }

    /// Whether the scope is everything.
    fn scope(&mut self, options: Options<'_>) -> Option<bool> {
        self.optional(options, "scope", false, |cx, node| Some(cx.word(node, "scope", fields::SCOPES)? == 1))
    }

    fn want<'n>(&mut self, options: Options<'n>, modes: &[&'static str]) -> Option<(Want, &'n Node)> {
        let (mode, node) = self.one_of(options, modes)?;
        let want = match mode {
            "find" => Want::Find,
            "forbid" => Want::Forbid,
            _ => Want::Every,
        };
        Some((want, node))
    }

    /// Exactly one of the keys, which contradict each other.
    fn one_of<'n>(&mut self, options: Options<'n>, keys: &[&'static str]) -> Option<(&'static str, &'n Node)> {
        match options.present(keys).as_slice() {
            [one] => Some(*one),
            [] => {
                self.wrong(options.node.span, format!("needs one of {}", any_of(keys)));
                None
            }
            [first, second, ..] => {
                let message = format!("\"{}\" and \"{}\" contradict each other; keep one", first.0, second.0);
                self.wrong(second.1.span, message);
                None
            }
        }
    }

    fn idle_each(&mut self, options: Options<'_>, want: Want) {
        if let (Some(each), Want::Forbid) = (options.get("each"), want) {
            self.advise(each.span, "\"each\" changes nothing here: \"forbid\" already holds for every file");
        }
    }

    /// The default where the key is not written; `None` where it is written wrongly.
    pub(in crate::checklist) fn optional<'n, T>(
        &mut self,
        options: Options<'n>,
        key: &str,
        default: T,
        read: impl FnOnce(&mut Self, &'n Node) -> Option<T>,
    ) -> Option<T> {
        options.get(key).map_or(Some(default), |node| read(self, node))
    }
}
