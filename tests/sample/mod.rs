//! A small board in a few words: `Sample::new().item(ask("dr.restore")).board()`.

use std::sync::Arc;

use gonogo::checklist::model::{Category, Checklist, Confidence, Item, Priority, Problem, Size, Tier};
use gonogo::checklist::model::{PathsProbe, Probe, Selection};
use gonogo::checklist::plan::{Phase, Plan};
use gonogo::ledger::decision::{Actor, Decision, Kind};
use gonogo::ledger::fold::{Position, Standing};
use gonogo::probe::outcome::{Answer, Evidence, Outcome};
use gonogo::readiness::assemble::{Entry, Inputs, board};
use gonogo::readiness::board::{Board, Row, Stats, TreeInfo};
use gonogo::readiness::freshness::Freshness;
use gonogo::tree::path::RelPath;
use jiff::Timestamp;

#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) checklist: Checklist,
    pub(crate) entries: Vec<Entry>,
    pub(crate) tree: TreeInfo,
    pub(crate) problems: Vec<Problem>,
    pub(crate) at: Timestamp,
}

impl Sample {
    pub(crate) fn new() -> Self {
        let tier = |id: &str, title: &str, gate, confirm| Tier { id: id.into(), title: title.into(), gate, confirm };
        let category = |id: &str, title: &str| Category { id: id.into(), title: title.into(), about: String::new() };
        Self {
            checklist: Checklist {
                title: "Acme shop".into(),
                sources: vec!["builtin:enterprise".into()],
                phases: Phase::defaults(),
                tiers: vec![
                    tier("pilot", "Pilot", Priority::P0, false),
                    tier("standard", "Standard", Priority::P1, false),
                    tier("enterprise", "Enterprise", Priority::P2, true),
                ],
                categories: vec![category("secrets", "Secrets"), category("dr", "Recovery"), category("ci", "CI")],
                ruler: "9f86d081884c7d659a2feaa0".into(),
                ..Checklist::default()
            },
            entries: Vec::new(),
            tree: TreeInfo {
                root: "acme".into(),
                commit: Some("3f9c2e1a".into()),
                branch: Some("main".into()),
                git: true,
                changed: 4,
                files: 812,
            },
            problems: Vec::new(),
            at: "2026-11-21T20:41:07Z".parse().unwrap(),
        }
    }

    pub(crate) fn item(mut self, entry: Entry) -> Self {
        self.entries.push(entry);
        self
    }

    pub(crate) fn board(&self) -> Board {
        board(Inputs {
            at: self.at,
            checklist: &self.checklist,
            entries: self.entries.clone(),
            metrics: Vec::new(),
            words: Vec::new(),
            tree: self.tree.clone(),
            problems: self.problems.clone(),
            stats: Stats { files_listed: 812, files_read: 640, probes_run: 9, elapsed_ms: 84, ..Stats::default() },
        })
    }

    /// The only row of a board with this one item.
    pub(crate) fn row(entry: Entry) -> Row {
        Self::new().item(entry).board().rows.remove(0)
    }
}

pub(crate) fn item(id: &str) -> Item {
    let files = Selection { globs: vec!["**".into()], all: false };
    Item {
        id: id.into(),
        category: id.split('.').next().unwrap().into(),
        title: format!("The title of {id}"),
        why: "Because.".into(),
        fix: "Do what is right.".into(),
        refs: Vec::new(),
        priority: Priority::P0,
        tier: 0,
        phase: 0,
        effort_minutes: 30,
        confidence: Confidence::Certain,
        when: None,
        probe: Some(Probe::Exists(PathsProbe { files, min: 1, size: Size::Nonempty, tracked: None })),
        no_files: None,
        covers: Vec::new(),
        options: Vec::new(),
        inventory: Vec::new(),
        plan: Plan::default(),
        review_every_days: None,
        waivable: true,
        cases: Vec::new(),
        place: "gonogo.yaml:3:5".into(),
        broken: None,
        hash: "91c2".into(),
    }
}

fn entry(id: &str, answer: Answer, reason: &str) -> Entry {
    let outcome = Outcome {
        answer,
        reason: reason.into(),
        evidence: Vec::new(),
        found: 0,
        asks: false,
        beneath: None,
        parts: Vec::new(),
        elements: Vec::new(),
    };
    Entry {
        item: Arc::new(item(id)),
        outcome: Arc::new(outcome),
        standing: Arc::default(),
        freshness: Freshness::Fresh,
        elements: Vec::new(),
    }
}

pub(crate) fn pass(id: &str) -> Entry {
    entry(id, Answer::Pass, "")
}

pub(crate) fn unknown(id: &str) -> Entry {
    entry(id, Answer::Unknown, "values.yaml does not parse")
}

pub(crate) fn not_applicable(id: &str) -> Entry {
    entry(id, Answer::NotApplicable, "no web client")
}

pub(crate) fn ask(id: &str) -> Entry {
    entry(id, Answer::Unknown, "").outcome(|outcome| outcome.asks = true)
}

/// Fails for what is missing: no place in a file.
pub(crate) fn missing(id: &str) -> Entry {
    entry(id, Answer::Fail, "no SECURITY.md")
}

/// Fails at these `path:line`s; the fingerprint of each is the place itself.
pub(crate) fn fail(id: &str, places: &[&str]) -> Entry {
    entry(id, Answer::Fail, "found what must not be").outcome(|outcome| {
        outcome.evidence = places.iter().map(|place| evidence(place)).collect();
        outcome.found = places.len();
    })
}

pub(crate) fn evidence(place: &str) -> Evidence {
    let (path, line) = place.rsplit_once(':').unwrap();
    Evidence {
        path: Some(RelPath::new(path)),
        line: line.parse().unwrap(),
        column: 1,
        excerpt: "secret_key = \"ch••••••\"".into(),
        fingerprint: place.into(),
        ..Evidence::default()
    }
}

pub(crate) fn decision(kind: Kind, by: &str) -> Decision {
    Decision {
        name: "20261112T080000Z-k3".into(),
        item: "secrets.a".into(),
        kind,
        by: format!("{by} <{by}@example.org>"),
        at: "2026-11-12T08:00:00Z".parse().unwrap(),
        commit: None,
        dirty: false,
        note: String::new(),
        to: None,
        due: None,
        part: None,
        choice: None,
        follow_up: None,
        waiver: None,
        actor: Actor::Person,
        item_hash: "91c2".into(),
        covers: Default::default(),
        evidence: Vec::new(),
        expires: None,
        supersedes: Vec::new(),
    }
}

pub(crate) fn waiver(by: &str, expires: &str) -> Decision {
    Decision {
        note: "vault comes in December".into(),
        expires: Some(expires.parse().unwrap()),
        ..decision(Kind::Waive, by)
    }
}

pub(crate) fn dismissal(by: &str, places: &[&str]) -> Decision {
    let evidence = places.iter().map(|place| (*place).into()).collect();
    Decision { evidence, note: "a test key".into(), ..decision(Kind::Dismiss, by) }
}

pub(crate) trait Change: Sized {
    fn item(self, change: impl FnOnce(&mut Item)) -> Self;
    fn outcome(self, change: impl FnOnce(&mut Outcome)) -> Self;
    fn standing(self, change: impl FnOnce(&mut Standing)) -> Self;
    fn stale(self) -> Self;

    fn heuristic(self) -> Self {
        self.item(|item| item.confidence = Confidence::Heuristic)
    }

    fn attested(self, by: &str) -> Self {
        self.says(decision(Kind::Attest, by))
    }

    /// The position that this decision alone makes.
    fn says(self, decision: Decision) -> Self {
        let decision = Arc::new(decision);
        self.standing(|standing| {
            standing.story.push(decision.clone());
            match decision.kind {
                Kind::Attest => standing.position = Position::Attested(decision),
                Kind::Waive => standing.position = Position::Waived(decision),
                Kind::NotApplicable => standing.position = Position::NotApplicable(decision),
                Kind::Dismiss => standing.dismissals.push(decision),
                Kind::Note => standing.notes.push(decision),
                Kind::Assign => standing.assigned = Some(decision),
                Kind::Done => standing.done = Some(decision),
                Kind::Retract => standing.position = Position::None,
            }
        })
    }

    fn disputed(self, one: Decision, other: Decision) -> Self {
        self.standing(|standing| standing.position = Position::Disputed(vec![one.into(), other.into()]))
    }
}

impl Change for Entry {
    fn item(mut self, change: impl FnOnce(&mut Item)) -> Self {
        change(Arc::make_mut(&mut self.item));
        self
    }

    fn outcome(mut self, change: impl FnOnce(&mut Outcome)) -> Self {
        change(Arc::make_mut(&mut self.outcome));
        self
    }

    fn standing(mut self, change: impl FnOnce(&mut Standing)) -> Self {
        change(Arc::make_mut(&mut self.standing));
        self
    }

    fn stale(mut self) -> Self {
        let why = "1 file changed since 12 Nov 2026".to_owned();
        self.freshness = Freshness::Stale { why, moved: vec!["ops/restore.sh".into()] };
        self
    }
}
