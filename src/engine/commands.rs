//! Commands: asked here, run elsewhere, answered from outside.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::engine::Engine;
use crate::engine::progress::Progress;
use crate::probe::command::Ran;
use crate::probe::key::Key;
use crate::probe::program::{Expression, Rule};
use crate::tree::blob::BlobId;
use crate::tree::path::RelPath;

/// The files that a command covers, with their content's id.
pub type Covered = Arc<BTreeMap<RelPath, BlobId>>;

/// A command that some item wants answered.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Names it for as long as the checklist asks the same.
    pub key: Key,
    /// The ids of the items that hang on it.
    pub items: Vec<String>,
    pub run: Vec<String>,
    pub timeout: Duration,
    pub covers: Covered,
    /// Whether nobody ran it on the files as they are.
    pub is_due: bool,
}

/// What became of a command.
#[derive(Clone, Debug)]
pub struct News {
    pub key: Key,
    pub ran: Ran,
    /// The files as they were when it was started; `None` where it is still to be run.
    pub on: Option<Covered>,
}

impl Engine {
    /// The commands of all items that apply.
    pub fn commands(&mut self) -> Vec<Asked> {
        let mut asked = Vec::new();
        for leaf in 0..self.leaves.len() {
            let Rule::Command(command) = &self.program.leaves[leaf].rule else { continue };
            if !self.wants(leaf) {
                continue;
            }
            let (run, timeout) = (command.run.clone(), command.timeout);
            let key = self.program.leaves[leaf].key;
            let covers = self.covered_by(leaf);
            let is_due = self.leaves[leaf].ran_on.as_ref().is_none_or(|on| **on != *covers);
            let items = self.program.leaves[leaf].items.iter();
            let items = items.map(|item| self.checklist.items[*item].id.clone()).collect();
            asked.push(Asked { key, items, run, timeout, covers, is_due });
        }
        asked
    }

    /// Whether an item that hangs on it applies, or hangs on it to know whether it does.
    fn wants(&self, leaf: usize) -> bool {
        let is_condition =
            |item: usize| self.program.items[item].when.as_ref().is_some_and(|when| mentions(when, leaf));
        self.program.leaves[leaf].items.iter().any(|item| is_condition(*item) || self.applies(*item))
    }

    /// Takes in what became of commands and gives the items whose outcome is another now.
    pub fn take_news(&mut self, news: Vec<News>, at: Timestamp) -> Vec<usize> {
        for News { key, ran, on } in news {
            let Some(leaf) = self.program.leaves.iter().position(|leaf| leaf.key == key) else { continue };
            let state = &mut self.leaves[leaf];
            state.ran_on = on;
            if state.ran.as_ref() != Some(&ran) {
                state.ran = Some(ran);
                state.outcome = None;
            }
        }
        self.reduce(at, &Progress::default())
    }

    /// Makes every command due.
    pub fn forget_commands(&mut self) {
        self.leaves.iter_mut().for_each(|state| state.ran_on = None);
    }
}

fn mentions(expression: &Expression, leaf: usize) -> bool {
    match expression {
        Expression::All(members) | Expression::Any(members) => members.iter().any(|member| mentions(member, leaf)),
        Expression::Not(member) => mentions(member, leaf),
        Expression::Leaf(own) => *own == leaf,
        Expression::Ask => false,
    }
}
