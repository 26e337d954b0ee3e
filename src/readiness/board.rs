//! What everything together means, as of one moment: the value that reports print and screens draw.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::checklist::model::{Category, Item, Problem, Tier};
use crate::checklist::plan::Phase;
use crate::ledger::decision::Decision;
use crate::ledger::fold::Standing;
use crate::probe::outcome::{Answer, Outcome};
use crate::readiness::inventory::ElementState;
use crate::readiness::metric::MetricRow;
use crate::readiness::status::Status;
use crate::readiness::work::Work;

#[derive(Clone, Debug)]
pub struct Board {
    pub at: Timestamp,
    pub title: String,
    pub checklists: Vec<String>,
    pub ruler: String,
    pub tree: TreeInfo,
    pub tiers: Vec<Tier>,
    pub phases: Vec<Phase>,
    /// In the order of the checklist.
    pub rows: Vec<Row>,
    pub categories: Vec<CategoryRow>,
    pub score: Score,
    /// One per tier, in order.
    pub verdicts: Vec<TierVerdict>,
    /// The id of the highest tier that is GO or CONDITIONAL, else `prototype`.
    pub maturity: String,
    pub environments: Vec<EnvironmentRow>,
    pub metrics: Vec<MetricRow>,
    /// What people write into the report of the whole: notes, oldest first.
    pub words: Vec<Arc<Decision>>,
    pub disabled: Vec<String>,
    pub problems: Vec<Problem>,
    pub stats: Stats,
}

/// What was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeInfo {
    /// The name of the root directory.
    pub root: String,
    /// `None` without git, and in a repository without a commit.
    pub commit: Option<String>,
    /// `None` without git or when HEAD is detached.
    pub branch: Option<String>,
    pub git: bool,
    /// How many files differ from the commit (untracked ones count).
    pub changed: usize,
    pub files: usize,
}

/// One item on the board.
#[derive(Clone, Debug)]
pub struct Row {
    pub item: Arc<Item>,
    pub status: Status,
    pub outcome: Arc<Outcome>,
    pub standing: Arc<Standing>,
    /// Why the status is what it is, in one line: the probe's reason, `2 files changed since 12 Nov`, `waived until …`.
    pub reason: String,
    /// For `stale`: the covered files that changed, appeared or went away.
    pub moved: Vec<crate::tree::path::RelPath>,
    pub work: Work,
    /// What people confirm one by one.
    pub inventory: Vec<ElementState>,
}

impl Row {
    /// Whether the machine's no stands: what people dismissed is none, and a word does not change it.
    #[must_use]
    pub fn fails(&self) -> bool {
        let stands = matches!(self.status, Status::Failed | Status::Waived | Status::NotApplicable);
        stands && self.outcome.answer == Answer::Fail
    }

    /// What it counts as in a score. A failure whose ground is missing is not proven, and no failure of its own.
    #[must_use]
    pub fn counts_as(&self) -> Status {
        if self.work.is_excused { Status::Unknown } else { self.status }
    }
}

#[derive(Clone, Debug)]
pub struct CategoryRow {
    pub category: Category,
    /// Indexes into [`Board::rows`].
    pub rows: Vec<usize>,
    pub score: Score,
}

/// Where the system runs, and how much of what it requires is ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentRow {
    pub id: String,
    pub title: String,
    /// What applies of what is required; waived and unproven ones are among them.
    pub required: usize,
    pub ready: usize,
    /// Indexes into [`Board::rows`] of those that are not ready.
    pub missing: Vec<usize>,
}

/// Per cent, both rounded down: `low` counts what is unproven as 0, `high` as 1.
/// 0–0 with `applicable` 0 means that nothing here applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    pub low: u32,
    pub high: u32,
    #[serde(skip)]
    pub applicable: u32,
    #[serde(skip)]
    pub not_applicable: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Go,
    Conditional,
    Incomplete,
    NoGo,
}

/// A tier's verdict and what stands behind it. Lists hold indexes into [`Board::rows`].
#[derive(Clone, Debug)]
pub struct TierVerdict {
    pub tier: usize,
    pub verdict: Verdict,
    pub failing: Vec<usize>,
    pub undecided: Vec<usize>,
    pub waived: Vec<usize>,
    /// The shortest way to GO: what blocks, the cheapest first; first what a machine can see fixed.
    pub path: Vec<Step>,
    pub effort_minutes: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub row: usize,
    /// Whether a person must speak; else a change of the files is enough.
    pub needs_person: bool,
    pub effort_minutes: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    pub files_listed: u64,
    pub files_read: u64,
    pub bytes_read: u64,
    pub files_from_cache: u64,
    pub probes_run: u64,
    pub elapsed_ms: u64,
}
