//! What leaves.

mod audit;
mod compared;
mod hostile;
mod snapshots;

use std::collections::BTreeSet;

use gonogo::readiness::board::Board;
use gonogo::report::dossier::Dossier;
use gonogo::report::format::{self, Options, named};
use serde_json::Value;

use crate::sample::*;

pub(crate) fn printed(board: &Board, format: &str, options: Options) -> String {
    let mut out = Vec::new();
    (named(format).unwrap().print)(&Dossier::from(board), &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// One item of every kind.
pub(crate) fn acme() -> Sample {
    use gonogo::checklist::model::Priority;
    use gonogo::ledger::decision::{Decision, Kind};
    let titled =
        |title: &'static str, entry: gonogo::readiness::assemble::Entry| entry.item(|item| item.title = title.into());
    let places = ["settings.py:41", "a.py:1", "a.py:2", "b.py:9", "c.py:3", "d.py:4", "e.py:5"];
    let note = Decision { note: "will go with the vault change".into(), ..decision(Kind::Note, "Ana") };
    Sample::new()
        .item(titled("Production secrets have no default", fail("secrets.no-default", &places)).says(note))
        .item(titled("Keys can be rotated", fail("secrets.rotated", &["k.py:7"])).says(waiver("Ben", "2026-12-15")))
        .item(titled("Real environment files are ignored by git", pass("secrets.env-ignored")))
        .item(
            titled("A restore has been rehearsed", ask("dr.restore"))
                .item(|item| item.effort_minutes = 0)
                .attested("Ana")
                .stale(),
        )
        .item(titled("A backup is taken every day", ask("dr.backup")).item(|item| item.effort_minutes = 65))
        .item(titled("Actions are pinned to a commit", fail("ci.pinned", &["ci.yml:12"])).item(|item| {
            (item.priority, item.tier) = (Priority::P1, 1);
        }))
        .item(titled("No secret in public build variables", not_applicable("ci.public")))
}

#[test]
fn every_format_is_registered_once_and_a_misspelt_name_is_guessed() {
    let names: BTreeSet<&str> = format::ALL.iter().map(|format| format.name).collect();
    assert_eq!(names.len(), format::ALL.len());
    assert_eq!(
        named("jsn").unwrap_err(),
        "no format \"jsn\", did you mean \"json\"? (human, json, markdown, report, plan)"
    );
}

/// The example of the documented format, with one of everything.
const DOCUMENTED: &str = r#"{ "version": 1,
  "tool": {"name": "gonogo", "version": "0.1.0"}, "ruler": "…", "at": "…",
  "tree": {"root": "acme", "commit": "…", "branch": "main", "dirty": true, "files": 812},
  "checklists": ["builtin:enterprise"],
  "maturity": "prototype", "score": {"low": 41, "high": 63},
  "verdicts": [{"tier": "pilot", "verdict": "no-go", "failing": ["…"], "undecided": ["…"], "waived": ["…"],
                "effort_minutes": 95}],
  "categories": [{"id": "ci", "title": "…", "score": {"low": 0, "high": 0}, "statuses": {"failed": 2}}],
  "items": [{"id": "ci.actions-pinned", "category": "ci", "title": "…", "priority": "P1", "tier": "standard",
             "phase": "hardening", "confidence": "certain", "status": "failed", "outcome": "fail", "reason": "…",
             "effort_minutes": 30, "fix": "…", "progress": "none",
             "evidence": [{"path": ".github/workflows/ci.yml", "line": 12, "column": 15, "end_line": 12,
                           "end_column": 34, "excerpt": "uses: a/b@v1", "message": "…", "fingerprint": "…"}],
             "decisions": [{"decision": "note", "by": "…", "at": "…", "note": "…"}]}],
  "problems": [{"path": "…", "line": 3, "message": "…"}],
  "stats": {"files_listed": 812, "files_read": 640, "bytes_read": 5123456, "files_from_cache": 0, "probes_run": 171,
            "elapsed_ms": 84} }"#;

/// Keys in their order, and kinds of values; of a list the first element.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), shape(value))).collect(),
        Value::Array(list) => list.iter().take(1).map(shape).collect(),
        Value::String(_) => "text".into(),
        Value::Number(_) => 0.into(),
        other => other.clone(),
    }
}

#[test]
fn json_has_the_documented_shape() {
    let mut sample = acme();
    sample.problems.push(gonogo::checklist::model::Problem {
        path: "gonogo.yaml".into(),
        line: 3,
        column: 1,
        message: "unknown key".into(),
    });
    let report: Value = serde_json::from_str(&printed(&sample.board(), "json", Options::default())).unwrap();
    let mut shape_of_report = shape(&report);
    // Which statuses a category has differs from board to board.
    let documented: Value = serde_json::from_str(DOCUMENTED).unwrap();
    let mut documented = shape(&documented);
    for value in [&mut shape_of_report, &mut documented] {
        value["categories"][0]["statuses"] = Value::Null;
    }
    assert_eq!(shape_of_report.to_string(), documented.to_string());
    assert_eq!(report["verdicts"][0]["verdict"], "no-go");
    assert_eq!(report["verdicts"][0]["failing"], serde_json::json!(["secrets.no-default"]));
    assert_eq!(report["verdicts"][0]["undecided"], serde_json::json!(["dr.restore", "dr.backup"]));
    assert_eq!(report["categories"][0]["statuses"], serde_json::json!({"failed": 1, "passed": 1, "waived": 1}));
    assert_eq!(report["items"][6]["status"], "not-applicable");
    assert_eq!(report["items"][1]["decisions"][0]["expires"], "2026-12-15");
}

#[test]
fn without_a_repository_there_is_no_commit_to_tell() {
    let mut sample = acme();
    sample.tree = gonogo::readiness::board::TreeInfo { root: "acme".into(), files: 3, ..Default::default() };
    let report: Value = serde_json::from_str(&printed(&sample.board(), "json", Options::default())).unwrap();
    assert_eq!(report["tree"]["commit"], Value::Null);
    assert_eq!(report["tree"]["dirty"], false);
    let human = printed(&sample.board(), "human", Options::default());
    assert!(human.contains("acme at no commit (not a git repository)"), "{human}");
}

#[test]
fn a_snapshot_of_one_day_is_the_same_bytes() {
    let morning = acme();
    let mut evening = morning.clone();
    evening.at = "2026-11-21T23:59:59Z".parse().unwrap();
    assert_eq!(
        printed(&morning.board(), "markdown", Options::default()),
        printed(&evening.board(), "markdown", Options::default())
    );
}

#[test]
fn colour_is_written_only_where_it_is_asked_for() {
    let board = acme().board();
    let plain = printed(&board, "human", Options { width: 80, ..Options::default() });
    let colored = printed(&board, "human", Options { width: 80, color: true, ..Options::default() });
    assert!(!plain.contains('\u{1b}') && colored.contains("\u{1b}[31m✗\u{1b}[0m"));
    assert_eq!(anstream::adapter::strip_str(&colored).to_string(), plain);
}

#[test]
fn in_ascii_everything_of_our_own_is_ascii() {
    let mut sample = acme();
    for entry in &mut sample.entries {
        *entry = entry.clone().outcome(|outcome| outcome.evidence.iter_mut().for_each(|e| e.excerpt = "x".into()));
    }
    let text = printed(&sample.board(), "human", Options { ascii: true, width: 60, ..Options::default() });
    assert!(text.is_ascii(), "{text}");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    use unicode_width::UnicodeWidthStr;
    let mut sample = acme();
    let long = "漢字 and a very long title that no terminal of this width could ever show in one line, ".repeat(3);
    sample.entries[0] = sample.entries[0].clone().item(|item| (item.title, item.fix) = (long.clone(), long.clone()));
    sample.checklist.title = long.clone();
    sample.checklist.categories[0].title = long;
    for width in [60, 80, 120] {
        let text = printed(&sample.board(), "human", Options { width, ..Options::default() });
        let wide: Vec<&str> = text.lines().filter(|line| line.width() > width).collect();
        assert!(wide.is_empty(), "{width}: {wide:#?}");
    }
}

#[test]
fn an_empty_board_is_printed_by_every_format() {
    let board = Sample::new().board();
    for format in format::ALL {
        assert!(!printed(&board, format.name, Options { tier: 99, width: 1, ..Options::default() }).is_empty());
    }
}

#[test]
fn a_place_is_said_once() {
    let said = |reason: &str, places: &[&str]| {
        let entry = fail("a.b", places).outcome(|outcome| outcome.reason = reason.into());
        let board = Sample::new().item(entry).board();
        ["human", "markdown"].map(|format| printed(&board, format, Options::default()).matches(reason).count())
    };
    assert_eq!(said("a.py:1", &["a.py:1"]), [1, 1], "the reason is the place");
    assert_eq!(said("2 places", &["a.py:1", "b.py:2"]), [0, 0], "the reason counts what stands below it");
    assert_eq!(said("b.py:2", &["a.py:1", "b.py:2"]), [2, 2], "the reason tells which place it is");
    assert_eq!(said("/x/ is not in 3 files", &[]), [1, 1]);
}

#[test]
fn words_without_a_place_do_not_repeat_the_reason() {
    let words = |outcome: &mut gonogo::probe::outcome::Outcome| {
        let message = outcome.reason.clone();
        outcome.evidence = vec![gonogo::probe::outcome::Evidence { message, ..Default::default() }];
    };
    let board = Sample::new().item(missing("a.b").outcome(words)).board();
    let reason = board.rows[0].reason.clone();
    for format in ["human", "markdown"] {
        assert_eq!(printed(&board, format, Options::default()).matches(&reason).count(), 1);
    }
}

#[test]
fn what_weighs_most_is_read_first() {
    let light = |item: &mut gonogo::checklist::model::Item| item.priority = gonogo::checklist::model::Priority::P1;
    let board = Sample::new().item(fail("a.light", &["a.py:1"]).item(light)).item(fail("b.heavy", &["b.py:1"])).board();
    let text = printed(&board, "human", Options { tier: 1, ..Options::default() });
    assert!(text.find("b.heavy").unwrap() < text.find("a.light").unwrap(), "{text}");
}

#[test]
fn behind_a_go_the_next_tier_is_named() {
    let later = |item: &mut gonogo::checklist::model::Item| {
        (item.priority, item.tier) = (gonogo::checklist::model::Priority::P1, 1);
    };
    let board = Sample::new().item(pass("a.now")).item(fail("a.later", &["a.py:1"]).item(later)).board();
    assert!(printed(&board, "human", Options::default()).contains("\nNext is standard: see --tier standard\n"));
    assert!(!printed(&board, "human", Options { tier: 1, ..Options::default() }).contains("Next is"));
    assert!(printed(&board, "markdown", Options::default()).contains("\n## Path to GO for Standard\n"));
}
