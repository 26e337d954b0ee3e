//! From what the engine found and what people said to what a board is made of.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use crate::checklist::model::{Checklist, Item, Problem};
use crate::engine::Engine;
use crate::ledger::decision::Decision;
use crate::ledger::fold::{Position, Standing};
use crate::ledger::freshness;
use crate::ledger::{Ledger, REPORT};
use crate::readiness::assemble::Entry;
use crate::readiness::freshness::Freshness;
use crate::session::inventory;
use crate::text::words;
use crate::tree::blob::BlobId;
use crate::tree::path::RelPath;

/// Remembers how the covered files stood to each decision: thousands of files are compared only when one of them
/// changed.
#[derive(Debug, Default)]
pub(super) struct Judge(HashMap<String, Compared>);

#[derive(Debug)]
struct Compared {
    decision: String,
    covered: Arc<BTreeMap<RelPath, BlobId>>,
    moved: Vec<RelPath>,
}

impl Judge {
    /// Each item with what is known of it, in the order of the checklist. Nothing is read but the covered files of
    /// standing decisions.
    pub(super) fn entries(
        &mut self,
        engine: &mut Engine,
        checklist: &Checklist,
        ledger: &Ledger,
        at: Timestamp,
    ) -> Vec<Entry> {
        let outcomes = engine.outcomes().to_vec();
        let entries = checklist.items.iter().zip(outcomes).enumerate().map(|(number, (item, outcome))| {
            let standing = ledger.standing(&item.id);
            let freshness = self.freshness(engine, number, item, &standing, at);
            let elements = inventory::elements(engine, number, item, &outcome, &standing, at);
            Entry { item: Arc::clone(item), outcome, standing, freshness, elements }
        });
        entries.collect()
    }

    fn freshness(
        &mut self,
        engine: &mut Engine,
        number: usize,
        item: &Item,
        standing: &Standing,
        at: Timestamp,
    ) -> Freshness {
        let (Position::Attested(decision) | Position::NotApplicable(decision)) = &standing.position else {
            return Freshness::Fresh;
        };
        let moved = self.moved(engine, number, decision);
        judged(decision, item, moved, at)
    }

    /// What moved since somebody decided.
    fn moved(&mut self, engine: &mut Engine, number: usize, decision: &Decision) -> Vec<RelPath> {
        let covered = engine.covered(number);
        if let Some(known) = self
            .0
            .get(&decision.item)
            .filter(|known| known.decision == decision.name && Arc::ptr_eq(&known.covered, &covered))
        {
            return known.moved.clone();
        }
        let moved = freshness::moved(&decision.covers, &covered);
        let compared = Compared { decision: decision.name.clone(), covered, moved: moved.clone() };
        self.0.insert(decision.item.clone(), compared);
        moved
    }
}

/// What somebody's word on an item is worth when these of the covered files moved.
fn judged(decision: &Decision, item: &Item, moved: Vec<RelPath>, at: Timestamp) -> Freshness {
    let found = freshness::freshness(decision, &item.hash, moved, item.review_every_days, at);
    match &found {
        freshness::Freshness::Fresh { .. } => Freshness::Fresh,
        freshness::Freshness::Stale { moved, .. } => {
            let why = found.words(decision, words::day_of(at));
            Freshness::Stale { why, moved: moved.clone() }
        }
    }
}

/// What is wrong with the ledger, and decisions that no item asks for: a renamed item must not lose its story unseen.
/// Where only some items are asked, the others are none.
pub(super) fn ledger_problems(checklist: &Checklist, ledger: &Ledger, is_narrowed: bool) -> Vec<Problem> {
    let at = |path: String, message: String| Problem { path, line: 0, column: 0, message };
    let loose = ledger.problems().iter().map(|message| at(".gonogo/ledger".to_owned(), message.clone()));
    let mut problems: Vec<Problem> = loose.collect();
    if !is_narrowed {
        let asked: BTreeSet<&str> = checklist.items.iter().map(|item| item.id.as_str()).collect();
        let strays = ledger.items().map(|(item, _)| item).filter(|item| !asked.contains(item) && *item != REPORT);
        let strays = strays.filter(|item| !checklist.disabled.iter().any(|disabled| disabled == item));
        let message = "decisions about an item that the checklist does not have";
        problems.extend(strays.map(|item| at(format!(".gonogo/ledger/{item}"), message.to_owned())));
    }
    let unreadable = ledger.standing(REPORT).unreadable.clone();
    problems.extend(unreadable.into_iter().map(|message| at(format!(".gonogo/ledger/{REPORT}"), message)));
    problems
}
