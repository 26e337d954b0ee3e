//! What people said.
//!
//! `wire` and `store` bring decisions from and to the disk, `fold` tells what stands of them, `freshness` whether it
//! still holds for the tree of today, and `undo` takes back and restores, across restarts.

pub mod cache;
pub mod committed;
pub mod decision;
mod files;
pub mod fold;
pub mod freshness;
mod guard;
pub mod name;
pub mod store;
pub mod trust;
pub mod undo;
pub mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::ledger::decision::{Actor, Decision, Kind};
use crate::ledger::fold::{Standing, fold, retractable, visible_of_part, visible_positions};
use crate::ledger::store::{ItemFiles, Loaded};

/// Not an item: the folder of what people say of the whole. A checklist refuses this id.
pub const REPORT: &str = "report";

/// All decisions, with what stands of them. Only items that changed are folded again.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    items: BTreeMap<String, Arc<Standing>>,
    problems: Vec<String>,
    nothing: Arc<Standing>,
}

impl Ledger {
    #[must_use]
    pub fn new(loaded: Loaded) -> Self {
        let mut ledger = Self::default();
        ledger.reload(loaded);
        ledger
    }

    #[must_use]
    pub fn standing(&self, item: &str) -> Arc<Standing> {
        Arc::clone(self.items.get(item).unwrap_or(&self.nothing))
    }

    /// Every item of which there is a decision, or a file that should be one, whether a checklist asks it or not.
    pub fn items(&self) -> impl Iterator<Item = (&str, &Arc<Standing>)> {
        self.items.iter().map(|(item, standing)| (item.as_str(), standing))
    }

    /// What is wrong with the ledger and belongs to no item.
    #[must_use]
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// Adds a decision. Answers whether it was new.
    pub fn insert(&mut self, decision: Arc<Decision>) -> bool {
        let standing = self.standing(&decision.item);
        if standing.story.iter().any(|known| known.name == decision.name) {
            return false;
        }
        let item = decision.item.clone();
        let mut decisions = standing.story.clone();
        decisions.push(decision);
        self.items.insert(item, Arc::new(fold(decisions, standing.unreadable.clone())));
        true
    }

    /// Takes what was read anew of one item. Answers whether anything is different.
    pub fn reload_item(&mut self, item: &str, files: ItemFiles) -> bool {
        let known = self.standing(item);
        let standing = fold(files.decisions, files.unreadable);
        if *known == standing {
            return false;
        }
        if standing == Standing::default() {
            self.items.remove(item);
        } else {
            self.items.insert(item.to_owned(), Arc::new(standing));
        }
        true
    }

    /// Takes what was read anew of all. Answers the items of which anything is different.
    pub fn reload(&mut self, loaded: Loaded) -> Vec<String> {
        let Loaded { items: mut found, unreadable, problems } = loaded;
        self.problems = problems;
        // Where no decision can be read, what seems undecided may be disputed or taken back.
        self.nothing = Arc::new(Standing { unreadable: unreadable.into_iter().collect(), ..Standing::default() });
        for known in self.items.keys() {
            found.entry(known.clone()).or_default();
        }
        let changed = |(item, files): (String, ItemFiles)| self.reload_item(&item, files).then_some(item);
        found.into_iter().filter_map(changed).collect()
    }

    /// A decision to fill in and record: named, dated, and answering what its author can see of the item.
    #[must_use]
    pub fn draft(&self, item: &str, kind: Kind, by: &str, now: Timestamp) -> Decision {
        let standing = self.standing(item);
        let supersedes = match kind {
            Kind::Attest | Kind::Waive | Kind::NotApplicable => visible_positions(&standing),
            Kind::Retract => retractable(&standing),
            // A new plan is not done, and what is done again is said again.
            Kind::Assign => names(standing.assigned.iter().chain(&standing.done)),
            Kind::Done => names(standing.done.iter()),
            Kind::Note | Kind::Dismiss => Vec::new(),
        };
        self.written_by(item, kind, by, now, supersedes)
    }

    /// As [`Ledger::draft`], about one element of the item's inventory.
    #[must_use]
    pub fn draft_of_part(&self, item: &str, part: &str, kind: Kind, by: &str, now: Timestamp) -> Decision {
        let supersedes = visible_of_part(&self.standing(item), part);
        Decision { part: Some(part.to_owned()), ..self.written_by(item, kind, by, now, supersedes) }
    }

    fn written_by(&self, item: &str, kind: Kind, by: &str, now: Timestamp, supersedes: Vec<String>) -> Decision {
        let at = self.free_moment(now);
        Decision {
            name: name::new_name(at),
            item: item.to_owned(),
            kind,
            by: by.to_owned(),
            actor: Actor::Person,
            at,
            commit: None,
            dirty: false,
            note: String::new(),
            to: None,
            due: None,
            part: None,
            choice: None,
            follow_up: None,
            waiver: None,
            item_hash: String::new(),
            covers: BTreeMap::new(),
            evidence: Vec::new(),
            expires: None,
            supersedes,
        }
    }

    /// The first millisecond from `now` on in which nothing was decided, so that "the newest" is one decision even
    /// where keys are fast or the clock is fixed.
    fn free_moment(&self, now: Timestamp) -> Timestamp {
        let mut free = now.as_millisecond();
        let decisions = self.items.values().flat_map(|standing| &standing.story);
        let later = decisions.map(|decision| decision.at.as_millisecond()).filter(|taken| *taken >= free);
        for taken in later.collect::<BTreeSet<i64>>() {
            if taken > free {
                break;
            }
            free += 1;
        }
        Timestamp::from_millisecond(free).unwrap_or(now)
    }
}

fn names<'a>(decisions: impl Iterator<Item = &'a Arc<Decision>>) -> Vec<String> {
    decisions.map(|decision| decision.name.clone()).collect()
}
