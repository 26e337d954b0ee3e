//! `compare` and where its elements come from, as they are written.

use std::collections::BTreeMap;

use crate::checklist::context::{Context, Options, all};
use crate::checklist::fields::{COMPARE, FOLDS, RELATIONS, SOURCE};
use crate::checklist::model::Selection;
use crate::checklist::names::Spelling;
use crate::checklist::sets::{Calling, CompareProbe, Relation, SetSource, Take};
use crate::document::node::Node;

impl Context<'_> {
    pub(super) fn compare(&mut self, node: &Node) -> Option<CompareProbe> {
        let options = self.options(node, COMPARE, "\"compare\"")?;
        let left = options.get("left").and_then(|node| self.sources(node));
        let right = options.get("right").and_then(|node| self.sources(node));
        let expect = options.get("expect").and_then(|node| self.word(node, "relation", RELATIONS));
        let at_most = self.optional(options, "at_most", 0, |cx, node| cx.count(node, 0, 1_000_000));
        let folds = self
            .optional(options, "fold", vec![false; FOLDS.len()], |cx, node| cx.some_words(node, "way to fold", FOLDS));
        let rename = self.optional(options, "rename", BTreeMap::new(), Context::renames);
        let (folds, rename) = (folds?, rename?);
        Some(CompareProbe {
            left: left?,
            right: right?,
            expect: [Relation::Subset, Relation::Equal, Relation::Disjoint][expect?],
            at_most: at_most?,
            calling: Calling { fold_case: folds[0], fold_separators: folds[1], rename },
        })
    }

    fn renames(&mut self, node: &Node) -> Option<BTreeMap<String, String>> {
        let Some(entries) = node.entries() else { return self.expected(node, "a mapping of names to names") };
        let pairs = entries.iter().map(|entry| Some((entry.key.clone(), self.filled(&entry.value)?)));
        Some(all(pairs)?.into_iter().collect())
    }

    /// One source, or a list of them.
    pub(in crate::checklist) fn sources(&mut self, node: &Node) -> Option<Vec<SetSource>> {
        match node.items() {
            None => Some(vec![self.source(node)?]),
            Some([]) => {
                self.wrong(node.span, "expected at least one source, found an empty list");
                None
            }
            Some(items) => all(items.iter().map(|item| self.source(item))),
        }
    }

    pub(in crate::checklist) fn source(&mut self, node: &Node) -> Option<SetSource> {
        let options = self.options(node, SOURCE, "a source")?;
        let (from, value) = self.one_of(options, &["files", "paths", "words"])?;
        self.fitting(options, from)?;
        let capture = self.optional(options, "capture", Vec::new(), |cx, node| cx.patterns(node, false));
        let unless = self.optional(options, "unless", None, |cx, node| cx.pattern(node, false).map(Some));
        let (files, take) = match from {
            "files" => (self.selection(options), self.taken(options)),
            "paths" => (self.paths(options, value), Some(Take::Paths)),
            _ => (Some(Selection::default()), self.listed(value).map(Take::Words)),
        };
        Some(SetSource { files: files?, take: take?, capture: capture?, unless: unless? })
    }

    /// What says nothing beside this kind of source is a mistake.
    fn fitting(&mut self, options: Options<'_>, from: &str) -> Option<()> {
        let (idle, documents): (&[&'static str], _) = match from {
            "files" => (&[], options.present(&["select", "keys"])),
            "paths" => (&["select", "keys", "as", "in"], Vec::new()),
            _ => (&["scope", "select", "keys", "as", "in", "capture"], Vec::new()),
        };
        if let Some((key, node)) = options.present(idle).first() {
            self.wrong(node.span, format!("\"{key}\" says nothing beside \"{from}\""));
            return None;
        }
        if from != "files" {
            return Some(());
        }
        match (documents.as_slice(), options.get("capture"), options.get("in"), options.get("as")) {
            ([], None, _, _) => {
                self.wrong(options.node.span, "needs \"capture\", \"select\" or \"keys\" beside \"files\"");
                None
            }
            ([(document, _), ..], _, Some(view), _) => {
                self.wrong(view.span, format!("\"in\" says nothing beside \"{document}\", which sees no lines"));
                None
            }
            ([], _, _, Some(kind)) => {
                self.wrong(kind.span, "\"as\" goes with \"select\" and \"keys\" only");
                None
            }
            _ => Some(()),
        }
    }

    fn taken(&mut self, options: Options<'_>) -> Option<Take> {
        if options.present(&["select", "keys"]).is_empty() {
            return self.view(options).map(Take::Lines);
        }
        let (mode, node) = self.one_of(options, &["select", "keys"])?;
        let kind = self.document_kind(options);
        let select = self.json_path(node);
        let (kind, select) = (kind?, select?);
        Some(if mode == "select" { Take::Nodes { kind, select } } else { Take::Keys { kind, select } })
    }

    fn paths(&mut self, options: Options<'_>, globs: &Node) -> Option<Selection> {
        let (globs, all) = (self.globs(globs), self.scope(options));
        Some(Selection { globs: globs?, all: all? })
    }

    /// Words, or a variable that holds some.
    fn listed(&mut self, node: &Node) -> Option<Vec<String>> {
        let list = node.items().unwrap_or(std::slice::from_ref(node));
        if list.is_empty() {
            self.wrong(node.span, "expected at least one word, found an empty list");
            return None;
        }
        let mut words = Vec::new();
        for item in list {
            let text = self.words(item)?;
            let filled = self.names.fill(text, Spelling::Prose);
            let filled = self.checked(item.span, filled)?;
            match self.names.many(text) {
                Some(many) => words.extend_from_slice(many),
                None => words.push(filled),
            }
        }
        Some(words)
    }
}
