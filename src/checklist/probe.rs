//! Probes, from their shorthand to their full form.

use crate::checklist::context::{Context, Options, all};
use crate::checklist::fields::{self, ABSENT, EXISTS, GIT, LATER, PART, PROBE, QUERY, TEXT, VIEWS};
use crate::checklist::model::{
    GitProbe, Member, PathsProbe, Probe, QueryProbe, Selection, Size, TextProbe, View, Want,
};
use crate::checklist::names::Spelling;
use crate::checklist::report::{any_of, quoted};
use crate::document::kind::Kind;
use crate::document::node::{Node, Value};
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
            "git" => self.git(value).map(Probe::Git),
            "sarif" => self.sarif(value).map(Probe::Sarif),
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
                None if LATER.contains(&entry.key.as_str()) => {
                    let message = format!("the probe \"{}\" is not supported by this version of gonogo", entry.key);
                    self.wrong(entry.key_span, message);
                }
                None => {
                    let near = self.names.hint(&entry.key, names.iter().chain(LATER).copied());
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

    fn exists(&mut self, node: &Node) -> Option<PathsProbe> {
        if is_globs(node) {
            let files = Selection { globs: self.globs(node)?, all: false };
            return Some(PathsProbe { files, min: 1, size: Size::Nonempty, tracked: None });
        }
        let options = self.options(node, EXISTS, "\"exists\"")?;
        let files = self.selection(options);
        let min = self.optional(options, "min", 1, |cx, node| cx.count(node, 1, 1_000_000));
        let size = self.optional(options, "size", Size::Nonempty, |cx, node| cx.size(node, fields::SIZES));
        Some(PathsProbe { files: files?, min: min?, size: size?, tracked: None })
    }

    fn absent(&mut self, node: &Node) -> Option<PathsProbe> {
        if is_globs(node) {
            let files = Selection { globs: self.globs(node)?, all: false };
            return Some(PathsProbe { files, min: 1, size: Size::Any, tracked: None });
        }
        let options = self.options(node, ABSENT, "\"absent\"")?;
        let files = self.selection(options);
        let size = self.optional(options, "size", Size::Any, |cx, node| cx.size(node, fields::ABSENT_SIZES));
        let tracked = self.optional(options, "tracked", None, |cx, node| cx.flag(node).map(Some));
        Some(PathsProbe { files: files?, min: 1, size: size?, tracked: tracked? })
    }

    fn size(&mut self, node: &Node, words: &[&str]) -> Option<Size> {
        let at = self.word(node, "size", words)?;
        Some([Size::Any, Size::Empty, Size::Nonempty][at])
    }

    fn text_probe(&mut self, node: &Node) -> Option<TextProbe> {
        let options = self.options(node, TEXT, "\"text\"")?;
        let multiline = self.optional(options, "multiline", false, Context::flag);
        let spans = multiline.unwrap_or_default();
        let files = self.selection(options);
        let want = self.want(options, &["find", "forbid"]);
        let patterns = want.and_then(|(_, node)| self.line_patterns(node, spans));
        let unless = self.optional(options, "unless", None, |cx, node| cx.pattern(node, spans).map(Some));
        let within = self.optional(options, "within", 0, |cx, node| cx.count(node, 0, 1_000));
        let view = self.optional(options, "in", View::Code, |cx, node| {
            let at = cx.word(node, "part of a line", VIEWS)?;
            Some([View::Code, View::Comment, View::Any][at])
        });
        let each = self.optional(options, "each", false, Context::flag);
        if let (Some(within), None) = (options.get("within"), options.get("unless")) {
            self.wrong(within.span, "\"within\" says how near \"unless\" looks, and there is no \"unless\"");
            return None;
        }
        let (want, _) = want?;
        self.idle_each(options, want);
        Some(TextProbe {
            files: files?,
            want,
            patterns: patterns?,
            unless: unless?,
            within: within?,
            view: view?,
            each: each?,
            multiline: multiline?,
        })
    }

    /// A pattern that matches nothing at all matches every line, which is hardly ever meant.
    fn line_patterns(&mut self, node: &Node, multiline: bool) -> Option<Vec<String>> {
        let patterns = self.patterns(node, multiline)?;
        for pattern in &patterns {
            if self.matches_empty(pattern, multiline) {
                self.advise(node.span, format!("{} matches the empty text, so it matches every line", quoted(pattern)));
            }
        }
        Some(patterns)
    }

    fn query(&mut self, node: &Node) -> Option<QueryProbe> {
        let options = self.options(node, QUERY, "\"query\"")?;
        let files = self.selection(options);
        let kind = self.optional(options, "as", None, |cx, node| {
            let at = cx.word(node, "kind of document", &Kind::NAMES)?;
            Some(Some(Kind::NAMES[at].to_owned()))
        });
        let select = options.get("select").and_then(|node| self.json_path(node));
        let at_least = self.optional(options, "at_least", None, |cx, node| cx.bound(node).map(Some));
        let at_most = self.optional(options, "at_most", None, |cx, node| cx.bound(node).map(Some));
        let each = self.optional(options, "each", false, Context::flag);
        let modes = ["find", "forbid", "every"];
        let bounded = options.get("at_least").is_some() || options.get("at_most").is_some();
        let (want, patterns) = if bounded && options.present(&modes).is_empty() {
            (Want::Find, Some(Vec::new()))
        } else {
            let (want, node) = self.want(options, &modes)?;
            (want, self.patterns(node, false))
        };
        self.bounds_in_order(node, at_least.as_ref(), at_most.as_ref())?;
        self.idle_each(options, want);
        Some(QueryProbe {
            files: files?,
            kind: kind?,
            select: select?,
            want,
            patterns: patterns?,
            each: each?,
            at_least: at_least?,
            at_most: at_most?,
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

    fn git(&mut self, node: &Node) -> Option<GitProbe> {
        let options = self.options(node, GIT, "\"git\"")?;
        let modes = ["tracked", "ignored", "never_committed", "newest"];
        let (mode, value) = self.one_of(options, &modes)?;
        let within = options.get("within");
        if let (Some(within), false) = (within, mode == "newest") {
            self.wrong(within.span, "\"within\" goes with \"newest\" only");
            return None;
        }
        if mode == "newest" && within.is_none() {
            self.wrong(node.span, "\"newest\" needs \"within\", for example \"within: 90d\"");
            return None;
        }
        let paths = self.globs(value);
        match mode {
            "tracked" => paths.map(GitProbe::Tracked),
            "ignored" => self.plain_names(value, paths?).map(GitProbe::Ignored),
            "never_committed" => paths.map(GitProbe::NeverCommitted),
            _ => {
                let within_days = within.and_then(|node| self.days(node));
                Some(GitProbe::Newest { paths: paths?, within_days: within_days? })
            }
        }
    }

    /// Git says of a name whether it would ignore it; it says nothing of a pattern.
    fn plain_names(&mut self, node: &Node, names: Vec<String>) -> Option<Vec<String>> {
        match names.iter().find(|name| name.contains(['*', '?', '[', '{', '!'])) {
            None => Some(names),
            Some(name) => {
                let message =
                    format!("\"ignored\" asks about names, which {} is not; write the names out", quoted(name));
                self.wrong(node.span, message);
                None
            }
        }
    }

    fn selection(&mut self, options: Options<'_>) -> Option<Selection> {
        let globs = options.get("files").and_then(|node| self.globs(node));
        let all = self.optional(options, "scope", false, |cx, node| Some(cx.word(node, "scope", fields::SCOPES)? == 1));
        Some(Selection { globs: globs?, all: all? })
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
    pub(super) fn optional<'n, T>(
        &mut self,
        options: Options<'n>,
        key: &str,
        default: T,
        read: impl FnOnce(&mut Self, &'n Node) -> Option<T>,
    ) -> Option<T> {
        options.get(key).map_or(Some(default), |node| read(self, node))
    }
}

fn is_globs(node: &Node) -> bool {
    matches!(node.value, Value::String(_) | Value::List(_))
}
