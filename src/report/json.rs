//! Everything, for programs. Fields are added, never renamed.

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::checklist::model::{Confidence, Priority, Problem};
use crate::ledger::decision::{Actor, Decision, Kind, WaiverKind};
use crate::probe::outcome::{Answer, Evidence, Part};
use crate::readiness::board::{Board, CategoryRow, EnvironmentRow, Row, Score, Stats, TierVerdict, TreeInfo, Verdict};
use crate::readiness::inventory::ElementState;
use crate::readiness::metric::{MetricRow, Target};
use crate::readiness::work::{Progress, Window};
use crate::report::format::Options;
use crate::report::pretty;

/// # Errors
/// Those of the writer.
pub fn print(board: &Board, _: &Options, out: &mut dyn Write) -> io::Result<()> {
    pretty::write(&Report::of(board), out)
}

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    tool: Tool,
    ruler: &'a str,
    at: Timestamp,
    tree: Tree<'a>,
    checklists: &'a [String],
    maturity: &'a str,
    score: Score,
    verdicts: Vec<TierReport<'a>>,
    categories: Vec<CategoryReport<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    environments: Vec<EnvironmentReport<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    metrics: Vec<MetricReport<'a>>,
    items: Vec<ItemReport<'a>>,
    /// What people say of the whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<DecisionReport<'a>>,
    problems: Vec<ProblemReport<'a>>,
    stats: Stats,
}

#[derive(Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    pub(super) const THIS: Self = Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
}

#[derive(Serialize)]
struct Tree<'a> {
    root: &'a str,
    commit: Option<&'a str>,
    branch: Option<&'a str>,
    dirty: bool,
    files: usize,
}

#[derive(Serialize)]
struct TierReport<'a> {
    tier: &'a str,
    verdict: Verdict,
    failing: Vec<&'a str>,
    undecided: Vec<&'a str>,
    waived: Vec<&'a str>,
    effort_minutes: u32,
}

#[derive(Serialize)]
struct CategoryReport<'a> {
    id: &'a str,
    title: &'a str,
    score: Score,
    statuses: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct EnvironmentReport<'a> {
    id: &'a str,
    title: &'a str,
    required: usize,
    ready: usize,
    missing: Vec<&'a str>,
}

#[derive(Serialize)]
struct MetricReport<'a> {
    id: &'a str,
    title: &'a str,
    now: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_least: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most: Option<&'a str>,
    target: Target,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'a str,
}

#[derive(Serialize)]
struct ElementReport<'a> {
    name: &'a str,
    place: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
}

#[derive(Serialize)]
struct PartReport<'a> {
    part: &'a str,
    outcome: Answer,
    reason: &'a str,
}

#[derive(Serialize)]
struct ItemReport<'a> {
    id: &'a str,
    category: &'a str,
    title: &'a str,
    priority: Priority,
    tier: &'a str,
    phase: &'a str,
    confidence: Confidence,
    status: &'static str,
    outcome: Answer,
    reason: &'a str,
    effort_minutes: u32,
    fix: &'a str,
    progress: Progress,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    blocked_by: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    caused_by: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<Window>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<PartReport<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inventory: Vec<ElementReport<'a>>,
    evidence: Vec<EvidenceReport<'a>>,
    decisions: Vec<DecisionReport<'a>>,
}

#[derive(Serialize)]
struct EvidenceReport<'a> {
    path: Option<&'a str>,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    excerpt: &'a str,
    message: &'a str,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct DecisionReport<'a> {
    decision: Kind,
    by: &'a str,
    at: Timestamp,
    note: &'a str,
    #[serde(skip_serializing_if = "Actor::is_person")]
    actor: Actor,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<WaiverKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    choice: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    follow_up: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<Date>,
    /// Whether a retraction that stands took it back.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    retracted: bool,
}

#[derive(Serialize)]
struct ProblemReport<'a> {
    path: &'a str,
    line: u32,
    message: &'a str,
}

impl<'a> Report<'a> {
    fn of(board: &'a Board) -> Self {
        Self {
            version: 1,
            tool: Tool::THIS,
            ruler: &board.ruler,
            at: board.at,
            tree: Tree::of(&board.tree),
            checklists: &board.checklists,
            maturity: &board.maturity,
            score: board.score,
            verdicts: board.verdicts.iter().map(|verdict| TierReport::of(verdict, board)).collect(),
            categories: board.categories.iter().map(|category| CategoryReport::of(category, board)).collect(),
            environments: board.environments.iter().map(|row| EnvironmentReport::of(row, board)).collect(),
            metrics: board.metrics.iter().map(MetricReport::of).collect(),
            items: board.rows.iter().map(|row| ItemReport::of(row, board)).collect(),
            words: board.words.iter().map(|word| DecisionReport::of(word, false)).collect(),
            problems: board.problems.iter().map(ProblemReport::of).collect(),
            stats: board.stats,
        }
    }
}

impl<'a> Tree<'a> {
    fn of(tree: &'a TreeInfo) -> Self {
        Self {
            root: &tree.root,
            commit: tree.commit.as_deref(),
            branch: tree.branch.as_deref(),
            dirty: tree.changed > 0,
            files: tree.files,
        }
    }
}

impl<'a> TierReport<'a> {
    fn of(verdict: &TierVerdict, board: &'a Board) -> Self {
        let ids = |rows: &[usize]| rows.iter().filter_map(|&row| Some(board.rows.get(row)?.item.id.as_str())).collect();
        Self {
            tier: tier_id(board, verdict.tier),
            verdict: verdict.verdict,
            failing: ids(&verdict.failing),
            undecided: ids(&verdict.undecided),
            waived: ids(&verdict.waived),
            effort_minutes: verdict.effort_minutes,
        }
    }
}

impl<'a> CategoryReport<'a> {
    fn of(row: &'a CategoryRow, board: &Board) -> Self {
        let mut statuses = BTreeMap::new();
        for row in row.rows.iter().filter_map(|&row| board.rows.get(row)) {
            *statuses.entry(row.status.word()).or_default() += 1;
        }
        Self { id: &row.category.id, title: &row.category.title, score: row.score, statuses }
    }
}

impl<'a> EnvironmentReport<'a> {
    fn of(row: &'a EnvironmentRow, board: &'a Board) -> Self {
        let EnvironmentRow { id, title, required, ready, missing } = row;
        let missing = missing.iter().filter_map(|&row| Some(board.rows.get(row)?.item.id.as_str())).collect();
        Self { id, title, required: *required, ready: *ready, missing }
    }
}

impl<'a> MetricReport<'a> {
    fn of(row: &'a MetricRow) -> Self {
        Self {
            id: &row.id,
            title: &row.title,
            now: row.now,
            at_least: row.at_least.as_deref(),
            at_most: row.at_most.as_deref(),
            target: row.target,
            reason: &row.reason,
        }
    }
}

impl<'a> ElementReport<'a> {
    fn of(element: &'a ElementState) -> Self {
        Self {
            name: &element.name,
            place: &element.place,
            status: element.status.word(),
            by: element.by.as_deref(),
            at: element.at,
        }
    }
}

impl<'a> PartReport<'a> {
    fn of(part: &'a Part) -> Self {
        Self { part: &part.name, outcome: part.answer, reason: &part.reason }
    }
}

impl<'a> ItemReport<'a> {
    fn of(row: &'a Row, board: &'a Board) -> Self {
        let item = &*row.item;
        let (standing, work) = (&row.standing, &row.work);
        Self {
            id: &item.id,
            category: &item.category,
            title: &item.title,
            priority: item.priority,
            tier: tier_id(board, item.tier),
            phase: board.phases.get(item.phase).map_or("", |phase| &phase.id),
            confidence: item.confidence,
            status: row.status.word(),
            outcome: row.outcome.answer,
            reason: &row.reason,
            effort_minutes: item.effort_minutes,
            fix: &item.fix,
            progress: work.progress,
            blocked_by: &work.blocked_by,
            caused_by: &item.plan.caused_by,
            due: work.due,
            window: work.window,
            owner: work.owner.as_deref(),
            parts: row.outcome.parts.iter().map(PartReport::of).collect(),
            inventory: row.inventory.iter().map(ElementReport::of).collect(),
            evidence: row.outcome.evidence.iter().map(EvidenceReport::of).collect(),
            decisions: standing
                .story
                .iter()
                .map(|decision| DecisionReport::of(decision, standing.retracted.contains(&decision.name)))
                .collect(),
        }
    }
}

impl<'a> EvidenceReport<'a> {
    fn of(evidence: &'a Evidence) -> Self {
        Self {
            path: evidence.path.as_ref().map(|path| path.as_str()),
            line: evidence.line,
            column: evidence.column,
            end_line: evidence.end_line,
            end_column: evidence.end_column,
            excerpt: &evidence.excerpt,
            message: &evidence.message,
            fingerprint: &evidence.fingerprint,
        }
    }
}

impl<'a> DecisionReport<'a> {
    fn of(decision: &'a Decision, retracted: bool) -> Self {
        Self {
            decision: decision.kind,
            by: &decision.by,
            at: decision.at,
            note: &decision.note,
            actor: decision.actor,
            kind: decision.waiver,
            choice: decision.choice.as_deref(),
            part: decision.part.as_deref(),
            due: decision.due,
            follow_up: decision.follow_up.as_deref(),
            to: decision.to.as_deref(),
            expires: decision.expires,
            retracted,
        }
    }
}

impl<'a> ProblemReport<'a> {
    fn of(problem: &'a Problem) -> Self {
        Self { path: &problem.path, line: problem.line, message: &problem.message }
    }
}

fn tier_id(board: &Board, tier: usize) -> &str {
    board.tiers.get(tier).map_or("", |tier| &tier.id)
}
