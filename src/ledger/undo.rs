//! Undo and redo, across restarts: nothing is kept but the ledger. An undo is a retraction that says so in its note,
//! a redo a retraction of that; so their history is told like any other, and a person who looks into the files
//! sees what happened.

use std::sync::Arc;

use jiff::Timestamp;

use crate::ledger::Ledger;
use crate::ledger::decision::{Decision, Kind};

const UNDO: &str = "undo";
const REDO: &str = "redo";

/// The decision that takes back this author's newest one that was not taken back yet. `None` where there is none.
#[must_use]
pub fn undo(all: &Ledger, author: &str, now: Timestamp) -> Option<Decision> {
    let newest = said_by(all, author).filter(|said| !said.is_step() && !said.is_void).max_by_key(Said::age)?;
    Some(take_back(all, &newest, UNDO, now))
}

/// The decision that restores what this author's newest undo took back. `None` where nothing was undone, or where the
/// author went on from there: then what was undone is past.
#[must_use]
pub fn redo(all: &Ledger, author: &str, now: Timestamp) -> Option<Decision> {
    let newest = said_by(all, author).filter(|said| said.is_undo() && !said.is_void).max_by_key(Said::age)?;
    let went_on = said_by(all, author).any(|said| !said.is_step() && said.age() > newest.age());
    (!went_on).then(|| take_back(all, &newest, REDO, now))
}

fn take_back(all: &Ledger, said: &Said<'_>, note: &str, now: Timestamp) -> Decision {
    let author = &said.decision.by;
    Decision {
        note: note.to_owned(),
        supersedes: vec![said.decision.name.clone()],
        ..all.draft(&said.decision.item, Kind::Retract, author, now)
    }
}

/// One decision of the author, and whether it was taken back.
struct Said<'a> {
    decision: &'a Arc<Decision>,
    is_void: bool,
}

impl<'a> Said<'a> {
    fn age(&self) -> (Timestamp, &'a str) {
        self.decision.age()
    }

    fn is_undo(&self) -> bool {
        self.decision.kind == Kind::Retract && self.decision.note == UNDO
    }

    /// A step back or forth, as opposed to something that the author said of an item.
    fn is_step(&self) -> bool {
        self.is_undo() || (self.decision.kind == Kind::Retract && self.decision.note == REDO)
    }
}

fn said_by<'a>(all: &'a Ledger, author: &'a str) -> impl Iterator<Item = Said<'a>> {
    all.items().flat_map(move |(_, standing)| {
        let own = standing.story.iter().filter(move |decision| decision.by == author);
        own.map(|decision| Said { decision, is_void: standing.retracted.contains(&decision.name) })
    })
}
