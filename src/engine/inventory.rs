//! What was looked at, for reports that must say so.

use std::collections::BTreeSet;

use crate::engine::Engine;
use crate::engine::judged::Judged;
use crate::probe::outcome::Answer;
use crate::probe::program::{Expression, Rule};
use crate::tree::entry::{Entry, Kind};
use crate::tree::path::RelPath;

/// How many files that could not be looked at, or fill a selection in vain, are named.
const NAMED: usize = 20;

/// One probe of an item, and what it selects.
#[derive(Clone, Debug)]
pub struct Looked<'a> {
    pub probe: &'static str,
    pub globs: &'a [String],
    /// `scope: all`.
    pub all: bool,
    pub files: usize,
    pub answer: Answer,
    /// Whether the item hangs on it as it stands: not as a condition, and not turned round by a `not`.
    pub is_asked: bool,
    /// The whole files that it fails for.
    pub paths: Vec<RelPath>,
    /// Selected files that could not be looked at, and why.
    pub unread: Vec<(RelPath, String)>,
}

/// How many files there are of each sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Whose content some probe asks for.
    pub read: usize,
    pub ignored: usize,
    pub skipped: usize,
    /// Written by this program: they prove nothing.
    pub ours: usize,
}

impl Engine {
    #[must_use]
    pub fn tally(&self) -> Tally {
        let ours: BTreeSet<&RelPath> = self.leaves.iter().flat_map(|leaf| &leaf.ours).collect();
        let mut tally = Tally { ours: ours.len(), ..Tally::default() };
        for (path, file) in &self.files {
            let (Kind::File | Kind::Link(Some(_))) = file.entry.kind else { continue };
            let chosen = self.program.selector().select(path, &file.entry);
            tally.read += usize::from(chosen.iter().any(|leaf| self.program.leaves[*leaf].rule.reads_content()));
            if file.entry.ignored {
                tally.ignored += 1;
            } else if self.program.selector().is_skipped(path) {
                tally.skipped += 1;
            }
        }
        tally
    }

    /// Every name in the tree with its stat.
    pub fn entries(&self) -> impl Iterator<Item = (&RelPath, &Entry)> {
        self.files.iter().map(|(path, file)| (path, &file.entry))
    }

    #[must_use]
    pub fn entry(&self, path: &RelPath) -> Option<&Entry> {
        self.files.get(path).map(|file| &file.entry)
    }

    /// Whether only `scope: all` sees this file by its name.
    #[must_use]
    pub fn is_skipped(&self, path: &RelPath) -> bool {
        self.program.selector().is_skipped(path)
    }

    /// What the probes of an item look at, each once.
    #[must_use]
    pub fn looked(&self, item: usize) -> Vec<Looked<'_>> {
        let program = &self.program.items[item];
        let mut leaves = Vec::new();
        program.probe.iter().for_each(|probe| collect(probe, true, &mut leaves));
        program.when.iter().for_each(|when| collect(when, false, &mut leaves));
        let mut seen = BTreeSet::new();
        leaves.retain(|(leaf, _)| seen.insert(*leaf));
        let sources = |(leaf, is_asked): (usize, bool)| {
            // What relates several selections has none of its own.
            let sources = self.program.leaves[leaf].rule.sources();
            let own = sources.is_empty().then_some(leaf);
            own.into_iter().chain(sources.iter().copied()).map(move |source| self.looked_by(source, is_asked))
        };
        leaves.into_iter().flat_map(sources).collect()
    }

    fn looked_by(&self, number: usize, is_asked: bool) -> Looked<'_> {
        let (leaf, state) = (&self.program.leaves[number], &self.leaves[number]);
        let outcome = state.outcome.as_ref().map(Judged::get);
        let answer = outcome.map_or(Answer::Unknown, |outcome| outcome.answer);
        let paths = match (&leaf.rule, answer) {
            (Rule::Absent(_), Answer::Fail) => {
                let places = outcome.into_iter().flat_map(|outcome| &outcome.evidence);
                places.filter_map(|evidence| evidence.path.clone()).collect()
            }
            (Rule::Exists(_), Answer::Fail) if state.selected > 0 => self.in_vain(number),
            _ => Vec::new(),
        };
        let troubled = state.sums.troubled.iter();
        let troubled = troubled.filter_map(|path| Some((path.clone(), state.noted.get(path)?.trouble?.message)));
        Looked {
            probe: leaf.rule.name(),
            globs: &leaf.selection.globs,
            all: leaf.selection.all,
            files: state.looked_at(),
            answer,
            is_asked,
            paths,
            unread: troubled.take(NAMED).collect(),
        }
    }

    /// The empty files that a leaf selects, where it wants some that are not.
    fn in_vain(&self, leaf: usize) -> Vec<RelPath> {
        let selects = |path: &RelPath, entry: &Entry| {
            entry.size == 0 && self.program.selector().select(path, entry).binary_search(&leaf).is_ok()
        };
        let files = self.entries().filter(|(path, entry)| selects(path, entry));
        files.map(|(path, _)| path.clone()).take(NAMED).collect()
    }
}

fn collect(expression: &Expression, is_asked: bool, leaves: &mut Vec<(usize, bool)>) {
    match expression {
        Expression::All(members) | Expression::Any(members) => {
            members.iter().for_each(|member| collect(member, is_asked, leaves));
        }
        Expression::Not(member) => collect(member, false, leaves),
        Expression::Leaf(leaf) => leaves.push((*leaf, is_asked)),
        Expression::Ask => {}
    }
}
