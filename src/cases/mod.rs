//! What proves the probes: small trees with the answer that they must get, and mutations of each probe
//! that some case must notice.

pub mod mutation;

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::checklist::model::{Case, Checklist, Expect, Item};
use crate::engine::Engine;
use crate::engine::commands::News;
use crate::engine::progress::Progress;
use crate::probe::command::Ran;
use crate::probe::outcome::{Answer, Outcome};
use crate::probe::program::Program;
use crate::probe::workshop::Workshop;
use crate::tree::memory::MemoryTree;
use crate::tree::process::How;

/// A case that did not come out as it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub item: String,
    /// `gonogo.yaml:31:9`.
    pub place: String,
    pub expected: String,
    pub found: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: expected {}, found {}", self.place, self.item, self.expected, self.found)
    }
}

/// What running cases came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub run: usize,
    pub failures: Vec<Failure>,
}

/// Runs every case of every item.
#[must_use]
pub fn run(checklist: &Checklist) -> Tally {
    let mut tally = Tally::default();
    for item in &checklist.items {
        tally.run += item.cases.len();
        tally.failures.extend(failures(checklist, item));
    }
    tally
}

/// The cases of one item that do not come out.
#[must_use]
pub fn failures(checklist: &Checklist, item: &Arc<Item>) -> Vec<Failure> {
    Trial::new(checklist, item).failures(item).collect()
}

/// The cases of one item with their trees, to be tried on it and on its mutations.
struct Trial<'c> {
    checklist: &'c Checklist,
    cases: Vec<(&'c Case, Arc<MemoryTree>)>,
    shop: Arc<Workshop>,
}

impl<'c> Trial<'c> {
    fn new(checklist: &'c Checklist, item: &'c Item) -> Self {
        let tree = |case: &Case| Arc::new(MemoryTree::new(&case.files).with_tracked(&case.tracked));
        let cases = item.cases.iter().map(|case| (case, tree(case))).collect();
        Self { checklist, cases, shop: Arc::default() }
    }

    /// The cases that do not come out for this item, each when it is asked for.
    fn failures<'t>(&'t self, item: &'t Arc<Item>) -> Box<dyn Iterator<Item = Failure> + 't> {
        // Nothing is compiled for whom no case asks.
        if self.cases.is_empty() {
            return Box::new(std::iter::empty());
        }
        let alone = Arc::new(Checklist {
            items: vec![Arc::clone(item)],
            skip: self.checklist.skip.clone(),
            tiers: self.checklist.tiers.clone(),
            ..Checklist::default()
        });
        match Program::made_in(&self.shop, &alone) {
            Ok(program) => {
                let program = Arc::new(program);
                let fails = move |(case, tree): &(&Case, Arc<MemoryTree>)| fails(&alone, &program, item, case, tree);
                Box::new(self.cases.iter().filter_map(fails))
            }
            Err(why) => {
                let (item, place) = (item.id.clone(), item.place.clone());
                let expected = "a probe that can run".to_owned();
                Box::new(std::iter::once(Failure { item, place, expected, found: why }))
            }
        }
    }
}

fn fails(
    alone: &Arc<Checklist>,
    program: &Arc<Program>,
    item: &Item,
    case: &Case,
    tree: &Arc<MemoryTree>,
) -> Option<Failure> {
    let mut engine = Engine::start(
        Arc::clone(alone),
        Arc::clone(program),
        Arc::<MemoryTree>::clone(tree),
        tree.listing(),
        Timestamp::UNIX_EPOCH,
        &Progress::default(),
    );
    if let Some(status) = case.exit.and_then(|status| i32::try_from(status).ok()) {
        let ended = |key| News { key, ran: Ran::Ended(How::Status(status), Vec::new()), on: None };
        let news = engine.commands().into_iter().map(|asked| ended(asked.key)).collect();
        engine.take_news(news, Timestamp::UNIX_EPOCH);
    }
    let outcome = &engine.outcomes()[0];
    let answered = outcome.answer == answer(case.expect);
    let placed = case.at.as_ref().is_none_or(|at| is_at(outcome, at));
    if answered && placed {
        return None;
    }
    let at = case.at.as_ref().map(|at| format!(" at {at}")).unwrap_or_default();
    Some(Failure {
        item: item.id.clone(),
        place: case.place.clone(),
        expected: format!("{}{at}", answer(case.expect).word()),
        found: describe(outcome),
    })
}

fn answer(expect: Expect) -> Answer {
    match expect {
        Expect::Pass => Answer::Pass,
        Expect::Fail => Answer::Fail,
        Expect::NotApplicable => Answer::NotApplicable,
        Expect::Unknown => Answer::Unknown,
    }
}

/// `path`, `path:line` or `path:line:column`.
fn is_at(outcome: &Outcome, at: &str) -> bool {
    outcome.evidence.iter().any(|evidence| {
        let place = evidence.place();
        let exact = format!("{place}:{}", evidence.column);
        evidence.path.as_ref().is_some_and(|path| path.as_str() == at) || place == at || exact == at
    })
}

fn describe(outcome: &Outcome) -> String {
    let places: Vec<String> =
        outcome.evidence.iter().map(|evidence| evidence.place()).filter(|place| !place.is_empty()).take(3).collect();
    let mut words = outcome.answer.word().to_owned();
    if !outcome.reason.is_empty() {
        words.push_str(&format!(" ({})", outcome.reason));
    }
    if !places.is_empty() {
        words.push_str(&format!(" at {}", places.join(", ")));
    }
    words
}
