//! `sarif`: what scanners report counts only while it is whole, fresh and about this tree.

use std::fs::{self, FileTimes};
use std::time::{Duration, SystemTime};

use gonogo::engine::progress::Progress;
use serde_json::{Value, json};

use crate::world::{World, item_of, row};

/// A checklist of one item, `t.scan`, with this probe.
fn asks(probe: &str) -> String {
    format!(
        "categories: [{{ id: t, title: T }}]
items:
  - {{ id: t.scan, title: Scanned, why: w, fix: f, priority: P0, probe: {{ sarif: {probe} }} }}
"
    )
}

fn report(run: &Value) -> String {
    json!({ "version": "2.1.0", "runs": [run] }).to_string()
}

fn result(level: &str, uri: &str, line: u32) -> Value {
    json!({
        "ruleId": "R1", "level": level, "message": { "text": "bad thing" },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri }, "region": { "startLine": line, "snippet": { "text": "eval(x)\n" } } } }]
    })
}

fn run_of(results: &[Value]) -> Value {
    json!({ "tool": { "driver": { "name": "Semgrep OSS" } }, "results": results })
}

fn answer(probe: &str, run: &Value) -> (String, String) {
    let world = World::new().tree(&[("src/a.py", "eval(x)\n"), ("out.sarif", &report(run))]).checklist(&asks(probe));
    world.status("t.scan")
}

fn status(probe: &str, run: &Value) -> String {
    answer(probe, run).0
}

const PLAIN: &str = "{ files: out.sarif }";

#[test]
fn results_are_counted_by_level_and_shown_where_they_are() {
    let two = run_of(&[result("error", "src/a.py", 1), result("warning", "src/a.py", 1)]);
    assert_eq!(answer(PLAIN, &two), ("failed".into(), "1 error".into()));
    assert_eq!(
        answer("{ files: out.sarif, at_most: { error: 1 } }", &two),
        ("passed".into(), "1 error, 1 warning in 1 file".into())
    );
    assert_eq!(
        answer("{ files: out.sarif, at_most: { warning: 0 } }", &two).1,
        "1 error; 1 warning",
        "whoever limits warnings wants no errors"
    );
    let world = World::new().tree(&[("src/a.py", "eval(x)\n"), ("out.sarif", &report(&two))]).checklist(&asks(PLAIN));
    let evidence = item_of(&world.report(), "t.scan")["evidence"][0].clone();
    assert_eq!((&evidence["path"], &evidence["line"]), (&json!("src/a.py"), &json!(1)));
    assert_eq!((&evidence["excerpt"], &evidence["message"]), (&json!("eval(x)"), &json!("R1: bad thing")));
}

#[test]
fn the_level_is_the_rules_where_the_result_has_none() {
    let mut run = run_of(&[result("error", "src/a.py", 1)]);
    run["results"][0].as_object_mut().unwrap().remove("level");
    assert_eq!(status(PLAIN, &run), "passed", "a warning, where nobody says anything");
    run["tool"]["driver"]["rules"] = json!([{ "id": "R1", "defaultConfiguration": { "level": "error" } }]);
    assert_eq!(status(PLAIN, &run), "failed");
    run["tool"]["driver"]["rules"] = json!([]);
    run["tool"]["extensions"] = json!([{ "rules": [{ "id": "R1", "defaultConfiguration": { "level": "error" } }] }]);
    run["results"][0]["rule"] = json!({ "index": 0, "toolComponent": { "index": 0 } });
    assert_eq!(status(PLAIN, &run), "failed", "also where an extension brings the rule");
    run["results"][0]["level"] = json!("catastrophe");
    assert_eq!(status(PLAIN, &run), "failed", "a level that nobody knows is the worst");
}

#[test]
fn what_was_taken_back_does_not_count() {
    let with = |key: &str, value: Value| {
        let mut run = run_of(&[result("error", "src/a.py", 1)]);
        run["results"][0][key] = value;
        status(PLAIN, &run)
    };
    assert_eq!(with("suppressions", json!([{ "kind": "inSource" }])), "passed");
    assert_eq!(with("suppressions", json!([{ "kind": "external", "status": "accepted" }])), "passed");
    assert_eq!(with("suppressions", json!([{ "kind": "external", "status": "rejected" }])), "failed");
    assert_eq!(with("suppressions", json!([{ "kind": "external", "status": "underReview" }])), "failed");
    assert_eq!(with("suppressions", json!([])), "failed");
    assert_eq!(with("kind", json!("pass")), "passed");
    assert_eq!(with("baselineState", json!("absent")), "passed");
    assert_eq!(with("baselineState", json!("unchanged")), "failed");
}

#[test]
fn a_run_that_failed_proves_nothing_but_what_it_found_counts() {
    let failed = |results: &[Value]| {
        let mut run = run_of(results);
        run["invocations"] = json!([{ "executionSuccessful": false }]);
        answer(PLAIN, &run)
    };
    let (status, reason) = failed(&[]);
    assert_eq!(status, "unknown");
    assert!(reason.contains("did not succeed"), "{reason}");
    assert_eq!(failed(&[result("error", "src/a.py", 1)]).0, "failed");
    let mut run = run_of(&[]);
    let notes = json!([{ "level": "error", "message": { "text": "out of memory" } }]);
    run["invocations"] = json!([{ "executionSuccessful": true, "toolExecutionNotifications": notes }]);
    let (status, reason) = answer(PLAIN, &run);
    assert!(status == "unknown" && reason.contains("out of memory"), "{status} {reason}");
    run["invocations"][0]["toolExecutionNotifications"][0]["level"] = json!("warning");
    assert_eq!(answer(PLAIN, &run).0, "passed");
    run.as_object_mut().unwrap().remove("results");
    assert_eq!(answer(PLAIN, &run).0, "unknown", "no list of results says that nobody looked");
}

#[test]
fn a_scanner_that_never_ran_has_not_passed() {
    let world = World::new().checklist(&asks(PLAIN));
    assert_eq!(world.status("t.scan").0, "failed");
    let (status, reason) = answer("{ files: out.sarif, tool: bandit }", &run_of(&[]));
    assert_eq!((status.as_str(), reason.as_str()), ("failed", "no run of bandit in 1 file, only of Semgrep OSS"));
    assert_eq!(answer("{ files: out.sarif, tool: semgrep oss }", &run_of(&[])).0, "passed");
    world.edit("out.sarif", "{ \"version\": \"2.1.0\", \"runs\": [] }");
    assert_eq!(world.status("t.scan").0, "failed");
}

#[test]
fn what_is_no_report_is_unknown_with_what_would_be_right() {
    for (text, words) in [
        ("", "out.sarif:1: is no SARIF report"),
        ("{\n  \"runs\": [}", "out.sarif:2"),
        ("{}", "\"version\": \"2.1.0\""),
        ("{\"version\": \"2.0.0\", \"runs\": []}", "is SARIF 2.0.0, and 2.1.0 is what is read"),
        ("{\"version\": \"2.1.0\"}", "no \"runs\""),
        ("{\"version\": \"2.1.0\", \"runs\": 3}", "invalid type"),
        (&"[".repeat(100_000), "is no SARIF report"),
        ("\0\0", "binary"),
    ] {
        let world = World::new().tree(&[("out.sarif", text)]).checklist(&asks(PLAIN));
        let (status, reason) = world.status("t.scan");
        assert!(status == "unknown" && reason.contains(words), "{status} {reason}");
    }
    let marked = format!("\u{feff}{}", report(&run_of(&[])));
    let world = World::new().tree(&[("out.sarif", &marked)]).checklist(&asks(PLAIN));
    assert_eq!(world.status("t.scan").0, "passed", "a byte order mark is no error");
}

#[test]
fn a_report_is_as_old_as_its_run_or_its_file() {
    let probe = "{ files: out.sarif, max_age: 7d }";
    let ended = |at: &str| {
        let mut run = run_of(&[]);
        run["invocations"] = json!([{ "executionSuccessful": true, "endTimeUtc": at }]);
        answer(probe, &run)
    };
    assert_eq!(ended("2025-12-30T10:00:00.123Z").0, "passed");
    let (status, reason) = ended("2025-12-01T10:00:00Z");
    assert_eq!(status, "unknown");
    assert!(reason.contains("2025-12-01") && reason.contains("7d"), "{reason}");

    let world = World::new().tree(&[("out.sarif", &report(&run_of(&[])))]).checklist(&asks(probe));
    let now = jiff::Timestamp::now().to_string();
    assert_eq!(world.status_at(&now, "t.scan").0, "passed");
    touch(&world, "out.sarif", -30);
    assert_eq!(world.status_at(&now, "t.scan").0, "unknown");
}

/// Written so many days from now.
fn touch(world: &World, path: &str, days: i64) {
    let by = Duration::from_secs(days.unsigned_abs() * 24 * 60 * 60);
    let now = SystemTime::now();
    let at = if days < 0 { now - by } else { now + by };
    let file = fs::File::options().append(true).open(world.root().join(path)).unwrap();
    file.set_times(FileTimes::new().set_modified(at)).unwrap();
}

#[test]
fn a_report_of_another_commit_is_outdated() {
    let world = World::new().tree(&[("src/a.py", "x\n"), (".gitignore", "out.sarif\n")]).checklist(&asks(PLAIN)).git();
    let head = world.git_does(&["rev-parse", "HEAD"]).trim().to_owned();
    let of = |revision: &str| {
        let mut run = run_of(&[]);
        run["versionControlProvenance"] = json!([{ "revisionId": revision }]);
        world.edit("out.sarif", &report(&run));
        world.status("t.scan")
    };
    assert_eq!(of(&head).0, "passed");
    assert_eq!(of(&head[..10]).0, "passed");
    let (status, reason) = of("0123456789012345678901234567890123456789");
    assert!(
        status == "unknown" && reason.contains("of commit 0123456789") && reason.contains("run it again"),
        "{reason}"
    );

    of(&head);
    let mut session = world.session();
    world.edit("src/a.py", "y\n").commit();
    session.git_changed(&Progress::default());
    assert_eq!(row(session.board(), "t.scan").status.word(), "unknown", "HEAD went on");
}

#[test]
fn a_file_that_changed_after_the_report_makes_it_outdated() {
    let run = run_of(&[result("warning", "src/a.py", 1)]);
    let tree =
        [("src/a.py", "x\n"), ("src/b.py", "x\n"), ("reports/out.sarif", &report(&run)), (".gitignore", "reports/\n")];
    let world = World::new().tree(&tree).checklist(&asks("{ files: reports/*.sarif }")).git();
    assert_eq!(world.status("t.scan").0, "passed", "a report in a directory that git ignores is seen");
    touch(&world, "reports/out.sarif", -1);
    touch(&world, "src/a.py", -2);
    let mut session = world.session();
    let status = |session: &gonogo::session::Session| row(session.board(), "t.scan").status.word();
    assert_eq!(status(&session), "passed");
    world.edit("src/b.py", "y\n");
    session.paths_changed(&["src/b.py".into()].into(), &Progress::default());
    assert_eq!(status(&session), "passed", "the report does not speak of it");
    world.edit("src/a.py", "y\n");
    session.paths_changed(&["src/a.py".into()].into(), &Progress::default());
    assert_eq!(status(&session), "unknown");
    let reason = row(session.board(), "t.scan").reason.clone();
    assert!(reason.contains("src/a.py changed after it was made"), "{reason}");

    world.edit("reports/out.sarif", &report(&run_of(&[])));
    session.paths_changed(&["reports/out.sarif".into()].into(), &Progress::default());
    assert_eq!(status(&session), "passed", "the scanner ran again");
}

#[test]
fn a_fresh_checkout_of_the_commit_that_was_scanned_changes_nothing() {
    let world = World::new().tree(&[("src/a.py", "x\n"), (".gitignore", "out.sarif\n")]).checklist(&asks(PLAIN)).git();
    let mut run = run_of(&[result("warning", "src/a.py", 1)]);
    let head = world.git_does(&["rev-parse", "HEAD"]).trim().to_owned();
    run["versionControlProvenance"] = json!([{ "revisionId": head }]);
    run["invocations"] = json!([{ "executionSuccessful": true, "endTimeUtc": "2026-01-01T00:00:00Z" }]);
    world.edit("out.sarif", &report(&run));
    assert_eq!(world.status("t.scan").0, "passed", "written later, but as it was committed");
    world.edit("src/a.py", "y\n");
    assert_eq!(world.status("t.scan").0, "unknown");
}

#[test]
fn files_are_found_by_whatever_way_a_report_names_them() {
    let world = World::new().tree(&[("src/a b.py", "x\n")]).checklist(&asks(PLAIN));
    let root = world.root().display().to_string();
    let found = |location: Value, bases: Value| {
        let mut run = run_of(&[result("error", "x", 3)]);
        run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] = location;
        run["originalUriBaseIds"] = bases;
        run["artifacts"] = json!([{ "location": { "uri": "src/a%20b.py" } }]);
        world.edit("out.sarif", &report(&run));
        let evidence = item_of(&world.report(), "t.scan")["evidence"][0].clone();
        (evidence["path"].clone(), evidence["line"].clone())
    };
    let there = (json!("src/a b.py"), json!(3));
    assert_eq!(found(json!({ "uri": format!("file://{root}/src/a%20b.py") }), json!({})), there);
    assert_eq!(found(json!({ "uri": "a%20b.py", "uriBaseId": "SRC" }), json!({ "SRC": { "uri": "src/" } })), there);
    let bases = json!({ "TOP": { "uri": "file:///somewhere/else/" } });
    assert_eq!(found(json!({ "uri": "src/a%20b.py", "uriBaseId": "TOP" }), bases), there);
    assert_eq!(found(json!({ "index": 0 }), json!(null)), there);
    let (path, _) = found(json!({ "uri": "../../etc/passwd" }), json!({}));
    assert!(path.is_null(), "{path}");
}

#[test]
fn a_result_keeps_its_fingerprint_when_lines_move_and_can_be_dismissed() {
    let world = World::new().tree(&[("src/a.py", "x\n")]).checklist(&asks(PLAIN));
    let print = |line: u32| {
        world.edit("out.sarif", &report(&run_of(&[result("error", "src/a.py", line)])));
        item_of(&world.report(), "t.scan")["evidence"][0]["fingerprint"].as_str().unwrap().to_owned()
    };
    let first = print(1);
    assert_eq!(print(40), first);
    world.run(&["dismiss", "t.scan", "--evidence", &first, "--reason", "a test"]).succeeds();
    assert_eq!(world.status("t.scan").0, "passed");
}

#[test]
fn a_secret_that_a_scanner_quotes_is_covered() {
    let mut run = run_of(&[result("error", "src/a.py", 1)]);
    let token = format!("ghp_{}", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8");
    run["results"][0]["locations"][0]["physicalLocation"]["region"]["snippet"] = json!({ "text": token });
    run["results"][0]["message"] = json!({ "text": format!("token={token}") });
    let world = World::new().tree(&[("src/a.py", "x\n"), ("out.sarif", &report(&run))]).checklist(&asks(PLAIN));
    let out = world.run(&["check", "--format", "json"]).stdout;
    assert!(!out.contains(&token) && out.contains("••••••"), "{out}");
}

#[test]
fn several_reports_count_together_and_a_fail_needs_no_more() {
    let tree = [
        ("r/a.sarif", report(&run_of(&[result("warning", "x", 1)]))),
        ("r/b.sarif", report(&run_of(&[result("warning", "x", 1)]))),
        ("r/c.sarif", "broken".to_owned()),
    ];
    let tree: Vec<(&str, &str)> = tree.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let at_most = |most: u32| format!("{{ files: r/*.sarif, at_most: {{ warning: {most} }} }}");
    assert_eq!(World::new().tree(&tree).checklist(&asks(&at_most(1))).status("t.scan").0, "failed");
    assert_eq!(World::new().tree(&tree).checklist(&asks(&at_most(2))).status("t.scan").0, "unknown", "one is broken");
    assert_eq!(World::new().tree(&tree[..2]).checklist(&asks(&at_most(2))).status("t.scan").0, "passed");
}

#[test]
fn its_cases_prove_it_and_its_parts_are_noticed_when_they_change() {
    let case = |word: &str, run: &Value| format!("      - {word}: {{ out.sarif: '{}' }}\n", report(run));
    let mut other = run_of(&[]);
    other["tool"]["driver"]["name"] = json!("bandit");
    let ended = |at: &str| json!([{ "executionSuccessful": true, "endTimeUtc": at }]);
    let (mut fresh, mut old) = (run_of(&[]), run_of(&[]));
    fresh["invocations"] = ended("1969-12-30T00:00:00Z");
    old["invocations"] = ended("1969-12-01T00:00:00Z");
    let mut worse = run_of(&[result("error", "a", 1)]);
    worse["invocations"] = fresh["invocations"].clone();
    let cases = case("pass", &fresh) + &case("fail", &worse) + &case("fail", &other) + &case("unknown", &old);
    let probe = "{ files: out.sarif, tool: semgrep oss, max_age: 7d }";
    let world = World::new().checklist(&format!(
        "{}    cases:\n{cases}",
        asks(probe).replace("- {", "-").replace(" } } }", " } }").replace(
            "- id: t.scan, title: Scanned, why: w, fix: f, priority: P0, probe",
            "- id: t.scan\n    title: Scanned\n    why: w\n    fix: f\n    priority: P0\n    probe",
        )
    ));
    let run = world.run(&["test", "--mutate"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("4 passed, 0 failed"), "{run:?}");
}

#[test]
fn what_is_written_wrongly_is_told_with_what_would_be_right() {
    for (probe, words) in [
        ("{ files: a, at_most: { eror: 0 } }", "did you mean \"error\""),
        ("{ files: a, at_most: 3 }", "expected a mapping with error, warning, note"),
        ("{ files: a, max_age: soon }", "is no duration"),
        ("{ at_most: { error: 0 } }", "needs \"files\""),
        ("{ files: a, scope: all }", "unknown key \"scope\""),
    ] {
        let run = World::new().checklist(&asks(probe)).run(&["lint"]);
        assert!(run.code == 2 && run.stdout.contains(words), "{probe}: {run:?}");
    }
}
