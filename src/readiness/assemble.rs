//! From what was asked, found and said to a board.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use crate::checklist::model::{Category, Checklist, Item, Problem};
use crate::checklist::plan::{Environment, Requirement};
use crate::ledger::decision::Decision;
use crate::ledger::fold::Standing;
use crate::probe::outcome::Outcome;
use crate::readiness::board::{Board, CategoryRow, EnvironmentRow, Row, Score, Stats, TreeInfo, Verdict};
use crate::readiness::freshness::Freshness;
use crate::readiness::inventory::ElementState;
use crate::readiness::metric::MetricRow;
use crate::readiness::ruling::{Input, Unused, ruling};
use crate::readiness::score::score;
use crate::readiness::status::Status;
use crate::readiness::verdict::{gate, maturity, rests_on_something, verdicts};
use crate::readiness::work;
use crate::text::words;

/// One item with everything that is known of it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub item: Arc<Item>,
    pub outcome: Arc<Outcome>,
    pub standing: Arc<Standing>,
    pub freshness: Freshness,
    pub elements: Vec<ElementState>,
}

#[derive(Clone, Debug)]
pub struct Inputs<'a> {
    pub at: Timestamp,
    pub checklist: &'a Checklist,
    /// In the order of the checklist.
    pub entries: Vec<Entry>,
    pub metrics: Vec<MetricRow>,
    /// The notes on the report as a whole.
    pub words: Vec<Arc<Decision>>,
    pub tree: TreeInfo,
    /// What the checklist and the ledger complain of.
    pub problems: Vec<Problem>,
    pub stats: Stats,
}

#[must_use]
pub fn board(inputs: Inputs<'_>) -> Board {
    let checklist = inputs.checklist;
    let mut problems = inputs.problems;
    let mut rows = Vec::with_capacity(inputs.entries.len());
    for entry in inputs.entries {
        let (row, unused) = row(entry, inputs.at);
        problems.extend(unused.iter().map(unused_problem));
        rows.push(row);
    }
    work::block(&mut rows, &checklist.tiers);
    let categories = categories(&checklist.categories, &rows);
    let verdicts = verdicts(&rows, &checklist.tiers);
    let hollow = verdicts
        .iter()
        .filter(|verdict| verdict.verdict == Verdict::Go && !rests_on_something(&rows, &checklist.tiers, verdict.tier));
    problems.extend(hollow.filter_map(|verdict| checklist.tiers.get(verdict.tier)).map(|tier| Problem {
        path: checklist.sources.last().cloned().unwrap_or_default(),
        line: 0,
        column: 0,
        message: format!("no item that applies can stop the tier \"{}\": its GO says nothing", tier.id),
    }));
    Board {
        at: inputs.at,
        title: checklist.title.clone(),
        checklists: checklist.sources.clone(),
        ruler: checklist.ruler.clone(),
        tree: inputs.tree,
        tiers: checklist.tiers.clone(),
        phases: checklist.phases.clone(),
        score: score_of(&rows),
        categories,
        maturity: maturity(&verdicts, &checklist.tiers),
        verdicts,
        environments: environments(checklist, &rows),
        metrics: inputs.metrics,
        words: inputs.words,
        rows,
        disabled: checklist.disabled.clone(),
        problems,
        stats: inputs.stats,
    }
}

fn row(entry: Entry, at: Timestamp) -> (Row, Vec<Unused>) {
    let Entry { item, outcome, standing, freshness, elements } = entry;
    let ruling = ruling(&Input {
        item: &item,
        outcome: &outcome,
        standing: &standing,
        freshness: &freshness,
        elements: &elements,
        at,
    });
    let work = work::work(&item, &standing, ruling.status, words::day_of(at));
    let row = Row {
        item,
        status: ruling.status,
        outcome,
        standing,
        reason: ruling.reason,
        moved: ruling.moved,
        work,
        inventory: elements,
    };
    (row, ruling.unused)
}

fn unused_problem(unused: &Unused) -> Problem {
    let path = format!(".gonogo/ledger/{}/{}.yaml", unused.decision.item, unused.decision.name);
    Problem { path, line: 0, column: 0, message: unused.message.clone() }
}

/// Every category of the checklist, then those that only an item names.
fn categories(listed: &[Category], rows: &[Row]) -> Vec<CategoryRow> {
    let mut seen: BTreeSet<&str> = listed.iter().map(|category| category.id.as_str()).collect();
    let unlisted: Vec<Category> = rows
        .iter()
        .map(|row| row.item.category.as_str())
        .filter(|id| seen.insert(id))
        .map(|id| Category { id: id.to_owned(), title: id.to_owned(), about: String::new() })
        .collect();
    let mut members: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, row) in rows.iter().enumerate() {
        members.entry(&row.item.category).or_default().push(index);
    }
    let category_row = |category: Category| {
        let members = members.remove(category.id.as_str()).unwrap_or_default();
        let score = score_of(members.iter().map(|&index| &rows[index]));
        CategoryRow { category, rows: members, score }
    };
    listed.iter().cloned().chain(unlisted).map(category_row).collect()
}

fn environments(checklist: &Checklist, rows: &[Row]) -> Vec<EnvironmentRow> {
    let asks = |requirement: &Requirement, item: &Item| match requirement {
        Requirement::Item(id) => item.id == *id,
        Requirement::Category(id) => item.category == *id,
        Requirement::Tier(tier) => gate(item, &checklist.tiers, *tier).is_some(),
    };
    let environment = |environment: &Environment| {
        let requires = |row: &Row| environment.requires.iter().any(|requirement| asks(requirement, &row.item));
        let applies = |row: &Row| row.status != Status::NotApplicable && requires(row);
        let (ready, missing): (Vec<usize>, Vec<usize>) =
            (0..rows.len()).filter(|at| applies(&rows[*at])).partition(|at| rows[*at].status.is_ready());
        EnvironmentRow {
            id: environment.id.clone(),
            title: environment.title.clone(),
            required: ready.len() + missing.len(),
            ready: ready.len(),
            missing,
        }
    };
    checklist.environments.iter().map(environment).collect()
}

fn score_of<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Score {
    score(rows.into_iter().map(|row| (row.item.priority, row.counts_as())))
}
