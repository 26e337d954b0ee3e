//! A board to look at, without a tree behind it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gonogo::checklist::model::{Category, Confidence, Item, Priority, Tier};
use gonogo::checklist::plan::{Phase, Plan};
use gonogo::ledger::decision::{Actor, Decision, Kind};
use gonogo::ledger::fold::{Position, Standing};
use gonogo::probe::outcome::{Answer, Evidence, Outcome};
use gonogo::readiness::board::{Board, CategoryRow, Row, Score, Stats, Step, TierVerdict, TreeInfo, Verdict};
use gonogo::readiness::status::Status;
use gonogo::readiness::work::Work;
use gonogo::tree::path::RelPath;
use jiff::Timestamp;

use Priority::{P0, P1, P2};
use Status::{Attested, Disputed, Failed, Likely, NotApplicable, Open, Passed, Stale, Unknown, Waived};

/// Category, items: id, title, status, priority, tier, minutes, place, reason.
type Line = (&'static str, &'static str, Status, Priority, usize, u32, &'static str, &'static str);

const SECRETS: &[Line] = &[
    (
        "secrets.none-in-code",
        "No password, key or token is written in code",
        Failed,
        P0,
        0,
        30,
        "src/pay/client.py:12",
        "2 places",
    ),
    (
        "secrets.no-default-prod-secrets",
        "Critical production secrets have no default",
        Failed,
        P0,
        0,
        5,
        "backend/settings.py:41",
        "a default that ships",
    ),
    ("secrets.rotation", "Keys are rotated on a schedule", Open, P1, 0, 60, "", "nobody has answered"),
    (
        "secrets.template-complete",
        "The template lists every variable the code reads",
        Stale,
        P1,
        0,
        15,
        "",
        "2 files changed since 12 Nov",
    ),
    (
        "secrets.managed-store",
        "Secrets come from a managed store",
        Likely,
        P1,
        1,
        240,
        "ops/vault.tf:3",
        "looks like it",
    ),
    (
        "secrets.key-rotation",
        "API keys can be rotated without downtime",
        Waived,
        P2,
        1,
        480,
        "",
        "waived 24 days more, Ben",
    ),
    ("secrets.env-ignored", "Real environment files are ignored by git", Passed, P0, 0, 5, ".gitignore:4", ""),
    ("secrets.ignore-keys", "Ignore rules cover key files", Passed, P1, 0, 5, ".gitignore:7", ""),
    ("secrets.public-build", "No secret in public build variables", NotApplicable, P1, 1, 0, "", "no web client"),
];

const CI: &[Line] = &[
    (
        "ci.actions-pinned-by-sha",
        "Third-party actions are pinned to a commit",
        Failed,
        P1,
        1,
        30,
        ".github/workflows/ci.yml:12",
        "actions/checkout@v4 is a tag",
    ),
    ("ci.tests-run", "Tests run on every change", Passed, P0, 0, 30, ".github/workflows/ci.yml:8", ""),
    ("ci.review-required", "Nothing reaches main without a review", Attested, P1, 1, 10, "", "Ana, 12 Nov"),
    (
        "ci.sbom",
        "Every release has a bill of materials",
        Unknown,
        P2,
        2,
        120,
        "release.yml:3",
        "release.yml does not parse: line 3",
    ),
    ("ci.signed", "Releases are signed", Disputed, P2, 2, 120, "", "Ana says yes, Ben says no"),
];

const MORE: &[(&str, &str, u32, u32)] = &[
    ("security", "Security", 38, 61),
    ("database", "Database", 50, 62),
    ("auth", "Authentication", 25, 60),
    ("observability", "Observability", 61, 73),
    ("recovery", "Recovery", 12, 40),
    ("deployment", "Deployment", 48, 60),
    ("testing", "Testing", 40, 66),
    ("hygiene", "Hygiene", 92, 97),
];

pub const AT: &str = "2026-11-21T20:40:00Z";

pub fn board() -> Board {
    let mut rows: Vec<Row> = Vec::new();
    let mut categories = Vec::new();
    let named = [("secrets", "Secrets", 22, 55, SECRETS), ("ci", "CI and supply chain", 75, 85, CI)];
    for (id, title, low, high, lines) in named {
        let from = rows.len();
        rows.extend(lines.iter().map(row));
        categories.push(category(id, title, low, high, (from..rows.len()).collect()));
    }
    for (at, (id, title, low, high)) in MORE.iter().enumerate() {
        let from = rows.len();
        for (i, status) in [Passed, Passed, Open, Attested].into_iter().enumerate() {
            let mut row = row(&("x", "y", status, [P1, P2][i % 2], (at + i) % 3, 20, "", "nobody has answered"));
            let item = Arc::make_mut(&mut row.item);
            item.id = format!("{id}.question-{}", i + 1);
            item.category = (*id).to_owned();
            item.title = format!("{title}: question {} of the review is answered", i + 1);
            rows.push(row);
        }
        categories.push(category(id, title, *low, *high, (from..rows.len()).collect()));
    }
    decorate(&mut rows);
    let mut board = Board {
        at: AT.parse().unwrap(),
        title: "Acme shop".to_owned(),
        checklists: vec!["builtin:enterprise".to_owned(), "gonogo.yaml".to_owned()],
        ruler: "91c2".to_owned(),
        tree: TreeInfo {
            root: "acme-shop".to_owned(),
            commit: Some("3f9c2e1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".to_owned()),
            branch: Some("main".to_owned()),
            git: true,
            changed: 4,
            files: 5325,
        },
        phases: Phase::defaults(),
        tiers: [
            ("pilot", "Pilot", P0, false),
            ("standard", "Standard", P1, false),
            ("enterprise", "Enterprise", P2, true),
        ]
        .map(|(id, title, gate, confirm)| Tier { id: id.to_owned(), title: title.to_owned(), gate, confirm })
        .into(),
        rows,
        categories,
        score: Score { low: 41, high: 63, applicable: 45, not_applicable: 1 },
        verdicts: Vec::new(),
        maturity: "prototype".to_owned(),
        environments: Vec::new(),
        metrics: Vec::new(),
        words: Vec::new(),
        disabled: Vec::new(),
        problems: Vec::new(),
        stats: Stats::default(),
    };
    judge(&mut board);
    board
}

/// The same board with one item in another state.
pub fn with(board: &Board, id: &str, status: Status) -> Board {
    let mut board = board.clone();
    let row = board.rows.iter_mut().find(|row| row.item.id == id).unwrap();
    row.status = status;
    if status == Passed {
        row.outcome = Arc::new(Outcome { answer: Answer::Pass, ..(*row.outcome).clone() });
        row.reason = String::new();
    }
    judge(&mut board);
    board
}

pub fn judge(board: &mut Board) {
    let tiers = 0..board.tiers.len();
    board.verdicts = tiers.map(|tier| verdict(board, tier)).collect();
}

fn verdict(board: &Board, tier: usize) -> TierVerdict {
    // The lowest gate is put one priority down here, so that the board has something of everything.
    let gate = board.tiers[tier].gate.max(P1);
    let gated = |status: fn(Status) -> bool| -> Vec<usize> {
        let rows = board.rows.iter().enumerate();
        rows.filter(|(_, row)| row.item.tier <= tier && row.item.priority <= gate && status(row.status))
            .filter(|(_, row)| row.item.category == "secrets" || row.item.category == "ci")
            .map(|(i, _)| i)
            .collect()
    };
    let (failing, undecided, waived) = (gated(|s| s == Failed), gated(Status::is_undecided), gated(|s| s == Waived));
    let verdict = match (failing.is_empty(), undecided.is_empty(), waived.is_empty()) {
        (false, _, _) => Verdict::NoGo,
        (_, false, _) => Verdict::Incomplete,
        (_, _, false) => Verdict::Conditional,
        _ => Verdict::Go,
    };
    let step = |row: &usize| Step {
        row: *row,
        needs_person: board.rows[*row].status != Failed,
        effort_minutes: board.rows[*row].item.effort_minutes,
    };
    let mut path: Vec<Step> = failing.iter().chain(&undecided).map(step).collect();
    path.sort_by_key(|step| (step.needs_person, step.effort_minutes));
    let effort_minutes = path.iter().map(|step| step.effort_minutes).sum();
    TierVerdict { tier, verdict, failing, undecided, waived, path, effort_minutes }
}

fn category(id: &str, title: &str, low: u32, high: u32, rows: Vec<usize>) -> CategoryRow {
    let category = Category { id: id.to_owned(), title: title.to_owned(), about: String::new() };
    CategoryRow { category, score: Score { low, high, applicable: rows.len() as u32, not_applicable: 0 }, rows }
}

fn row(line: &Line) -> Row {
    let (id, title, status, priority, tier, minutes, place, reason) = *line;
    let answer = match status {
        Failed => Answer::Fail,
        Passed | Likely => Answer::Pass,
        NotApplicable => Answer::NotApplicable,
        _ => Answer::Unknown,
    };
    let evidence: Vec<Evidence> = (!place.is_empty()).then(|| evidence(place, id)).into_iter().collect();
    let found = evidence.len();
    let asks = matches!(status, Open | Attested | Stale | Disputed);
    let outcome = Outcome {
        answer,
        reason: reason.to_owned(),
        evidence,
        found,
        asks,
        beneath: None,
        parts: Vec::new(),
        elements: Vec::new(),
    };
    let item = Item {
        id: id.to_owned(),
        category: id.split('.').next().unwrap().to_owned(),
        title: title.to_owned(),
        why: "A default that ships is a password that everyone knows.".to_owned(),
        fix: "Make the field required: no default, fail at start when it is missing.".to_owned(),
        refs: vec!["CWE-798".to_owned()],
        priority,
        tier,
        phase: 0,
        effort_minutes: minutes,
        confidence: if status == Likely { Confidence::Heuristic } else { Confidence::Certain },
        when: None,
        probe: None,
        no_files: None,
        covers: Vec::new(),
        options: Vec::new(),
        inventory: Vec::new(),
        plan: Plan::default(),
        review_every_days: None,
        waivable: id != "secrets.none-in-code",
        cases: Vec::new(),
        place: "gonogo.yaml:31:5".to_owned(),
        broken: None,
        hash: "91c2".to_owned(),
    };
    Row {
        item: Arc::new(item),
        status,
        outcome: Arc::new(outcome),
        standing: Arc::new(Standing::default()),
        reason: reason.to_owned(),
        moved: Vec::new(),
        work: Work::default(),
        inventory: Vec::new(),
    }
}

fn evidence(place: &str, id: &str) -> Evidence {
    let (path, line) = place.split_once(':').unwrap();
    Evidence {
        path: Some(RelPath::new(path)),
        line: line.parse().unwrap(),
        column: 5,
        excerpt: "    secret_key: str = \"ch••••••\"".to_owned(),
        fingerprint: format!("{id}-{line}"),
        ..Evidence::default()
    }
}

pub fn decision(kind: Kind, by: &str, note: &str) -> Arc<Decision> {
    Arc::new(Decision {
        name: "20261112T090000Z-0001".to_owned(),
        item: String::new(),
        kind,
        by: by.to_owned(),
        at: "2026-11-12T09:00:00Z".parse::<Timestamp>().unwrap(),
        commit: None,
        dirty: false,
        note: note.to_owned(),
        to: None,
        due: None,
        part: None,
        choice: None,
        follow_up: None,
        waiver: None,
        actor: Actor::Person,
        item_hash: String::new(),
        covers: BTreeMap::new(),
        evidence: Vec::new(),
        expires: (kind == Kind::Waive).then(|| "2026-12-15".parse().unwrap()),
        supersedes: Vec::new(),
    })
}

fn decorate(rows: &mut [Row]) {
    let mut find = |id: &str, change: &dyn Fn(&mut Row)| change(rows.iter_mut().find(|row| row.item.id == id).unwrap());
    find("secrets.no-default-prod-secrets", &|row| {
        let outcome = Arc::make_mut(&mut row.outcome);
        outcome.evidence.push(evidence("deploy/compose.prod.yml:17", "compose"));
        outcome.found = 2;
        row.standing = Arc::new(Standing {
            notes: vec![decision(Kind::Note, "Ana Ruiz <ana@example.org>", "will go with the vault change")],
            ..Standing::default()
        });
    });
    find("secrets.key-rotation", &|row| {
        let waiver = decision(Kind::Waive, "Ben <ben@example.org>", "the vendor ships it in January");
        row.standing = Arc::new(Standing { position: Position::Waived(waiver), ..Standing::default() });
    });
    find("secrets.template-complete", &|row| {
        let attested = decision(Kind::Attest, "Ana Ruiz <ana@example.org>", "");
        row.standing = Arc::new(Standing {
            position: Position::Attested(attested),
            retracted: BTreeSet::new(),
            ..Standing::default()
        });
        row.moved = vec![RelPath::new(".env.example"), RelPath::new("src/config.py")];
    });
}
