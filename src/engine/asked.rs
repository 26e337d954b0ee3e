//! What each file is asked now.

use std::collections::BTreeSet;
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
    kinds: Known<Arc<[usize]>, Arc<Questions>>,
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
        let selecting = program.selector().select(path, entry);
        self.kinds.get_or_make(selecting, |selecting| {
            let asked = selecting.iter().filter(|leaf| !self.waiting.contains(leaf));
            Arc::new(program.questions(asked.copied().collect()))
        })
    }
}
