//! What the engine keeps of one leaf.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::engine::judged::Judged;
use crate::probe::command::Ran;
use crate::probe::fact::Facts;
use crate::probe::noted::Noted;
use crate::probe::sides::Related;
use crate::probe::standing::Standing;
use crate::probe::sums::Sums;
use crate::tree::blob::BlobId;
use crate::tree::path::RelPath;

/// What is to be noted of some files; `None` for nothing any more.
pub(super) type Notes = Vec<(RelPath, Option<Box<Facts>>)>;

/// The facts of one leaf over the whole tree. Files that only count are only counted.
#[derive(Debug, Default)]
pub(super) struct LeafState {
    pub selected: usize,
    pub noted: Noted,
    pub sums: Sums,
    /// Selected files that this program wrote itself: they prove nothing.
    pub ours: BTreeSet<RelPath>,
    /// `None` when the facts moved since the last reduction.
    pub outcome: Option<Judged>,
    /// For a source of elements that was related more than once: where each of them stands.
    pub standing: Option<Standing>,
    /// For a `compare`, with the `standing` of its sources: which elements break it.
    pub related: Option<Related>,
    /// For `covers`, also those of commands: the ids of the selected files, as far as they were asked for.
    pub ids: Arc<BTreeMap<RelPath, BlobId>>,
    /// Files whose id may be another than in `ids`.
    pub touched: BTreeSet<RelPath>,
    /// All of them may be.
    pub all_touched: bool,
    /// For a command: what became of it, and the files that it was run on.
    pub ran: Option<Ran>,
    pub ran_on: Option<Arc<BTreeMap<RelPath, BlobId>>>,
}

impl LeafState {
    /// How many files it looks at.
    pub fn looked_at(&self) -> usize {
        self.selected.saturating_sub(self.ours.len())
    }

    /// Takes some files into the selection, and others out of it.
    pub fn count(&mut self, came: usize, went: usize) {
        self.outcome = None;
        self.selected = (self.selected + came).saturating_sub(went);
    }

    /// Replaces what is noted of these files; nothing moves where it is the same.
    pub fn note(&mut self, notes: Notes) {
        let Self { noted, sums, ours, outcome, standing, .. } = self;
        let told = notes.into_iter().map(|(path, facts)| {
            let is_ours = facts.as_ref().is_some_and(|facts| facts.is_ours);
            if if is_ours { ours.insert(path.clone()) } else { ours.remove(&path) } {
                *outcome = None;
            }
            (path, facts.filter(|_| !is_ours))
        });
        let told = told.collect();
        noted.change(told, |path, before, now| {
            *outcome = None;
            sums.change(path, before, now);
            if let Some(standing) = standing {
                standing.change(path, before, now);
            }
        });
    }

    /// The same facts for another engine, to be judged anew. No command is run there.
    pub fn fork(&self) -> Self {
        Self {
            selected: self.selected,
            noted: self.noted.fork(),
            sums: self.sums.clone(),
            ours: self.ours.clone(),
            ids: Arc::clone(&self.ids),
            touched: self.touched.clone(),
            all_touched: self.all_touched,
            ..Self::default()
        }
    }

    /// The same facts, to be judged anew.
    pub fn reconsidered(self) -> Self {
        Self { outcome: None, standing: None, related: None, ..self }
    }
}
