//! What each file is asked now.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::probe::known::Known;
use crate::probe::program::Program;
use crate::probe::questions::Questions;
use crate::tree::entry::Entry;
use crate::tree::path::RelPath;

/// Which leaves are asked, of all that a program has.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Not these: as a rule nothing is known of them, because no item that asks them applies.
    waiting: BTreeSet<usize>,
    /// By the leaves that select a file.
    kinds: Known<Selecting, Arc<Questions>>,
}

/// Leaves as a selector gives them: there are hundreds of them, and where they stand is enough to tell them apart. Should
/// the same ones stand in two places, the same is asked twice.
#[derive(Debug)]
struct Selecting(Arc<[usize]>);

impl PartialEq for Selecting {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Selecting {}

impl Hash for Selecting {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_ptr().hash(state);
    }
}

impl Asked {
    pub(super) fn without(waiting: BTreeSet<usize>) -> Self {
        Self { waiting, kinds: Known::default() }
    }

    pub(super) fn waiting(&self) -> &BTreeSet<usize> {
        &self.waiting
    }

    /// These do not wait any more.
    pub(super) fn wake(&mut self, woken: &BTreeSet<usize>) {
        *self = Self::without(self.waiting.difference(woken).copied().collect());
    }

    /// What a file is asked by the leaves that do not wait.
    pub(super) fn of(&self, program: &Program, path: &RelPath, entry: &Entry) -> Arc<Questions> {
        let selecting = Selecting(program.selector().select(path, entry));
        self.kinds.get_or_make(selecting, |Selecting(selecting)| {
            let asked = selecting.iter().filter(|leaf| !self.waiting.contains(leaf));
            Arc::new(program.questions(asked.copied().collect()))
        })
    }
}
