//! `check` and `export` as somebody's pipeline sees them.

use serde_json::{Value, json};

use crate::world::{World, item_of};

const ONE: &str = "
tiers: [{ id: pilot, title: Pilot, gate: P0 }, { id: full, title: Full, gate: P1 }]
categories: [{ id: a, title: A }, { id: b, title: B }]
items:
  - { id: a.readme, title: A readme, why: w, fix: f, priority: P0, tier: pilot, probe: { exists: README.md } }
  - { id: b.licence, title: A licence, why: w, fix: f, priority: P1, tier: full, effort: 5m, probe: { exists: LICENSE } }
";
const ASKS: &str = "
tiers: [{ id: pilot, title: Pilot, gate: P0 }]
categories: [{ id: a, title: A }]
items:
  - { id: a.asked, title: Somebody looked, why: w, fix: f, priority: P0, tier: pilot }
";

fn shop() -> World {
    World::new().tree(&[("README.md", "hello\n")]).checklist(ONE)
}

#[test]
fn the_exit_code_is_the_verdict_of_the_tier() {
    let world = shop();
    assert_eq!(world.run(&["check"]).code, 0, "GO for the first tier");
    assert_eq!(world.run(&["check", "--tier", "full"]).code, 1, "NO-GO");
    assert_eq!(World::new().checklist(ASKS).run(&["check"]).code, 3, "INCOMPLETE");
    world.run(&["waive", "b.licence", "--reason", "soon", "--expires", "2026-02-01"]).succeeds();
    assert_eq!(world.run(&["check", "--tier", "full"]).code, 4, "CONDITIONAL");
    assert_eq!(world.run(&["check", "--tier", "pilot"]).code, 0, "the other tier does not ask for it");
}

#[test]
fn exit_zero_forgives_verdicts_but_no_errors() {
    let world = shop();
    assert_eq!(world.run(&["check", "--tier", "full", "--exit-zero"]).code, 0);
    assert_eq!(World::new().checklist(ASKS).run(&["check", "--exit-zero"]).code, 0);
    world.run(&["check", "--exit-zero", "--tier", "ful"]).refuses(2, "did you mean \"full\"");
    world.edit("gonogo.yaml", "gonogo: 1\nitems: 3\n");
    assert_eq!(world.run(&["check", "--exit-zero"]).code, 2);
}

#[test]
fn what_is_typed_wrongly_ends_with_2_and_a_suggestion() {
    let world = shop();
    world.run(&["check", "--format", "jsn"]).refuses(2, "json");
    world.run(&["check", "nowhere"]).refuses(2, "nowhere");
    world.run(&["check", "--checklist", "none.yaml"]).refuses(2, "none.yaml");
    world.run(&["check", "--checklist", "builtin:enterprize"]).refuses(2, "enterprise");
    world.run(&["check", "--only", "a.readm"]).refuses(2, "did you mean \"a.readme\"");
    world.run(&["explain", "a.readm"]).refuses(2, "did you mean \"a.readme\"");
}

#[test]
fn every_problem_of_a_checklist_is_told_and_the_items_that_are_right_are_still_judged() {
    let world = shop();
    world.append("gonogo.yaml", "  - { id: a.wrong, tittle: T, why: w, fix: f, priority: P9 }\n");
    let run = world.run(&["check", "--format", "json"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("gonogo.yaml:8:") && run.stderr.contains("title") && run.stderr.contains("P9"),
        "{run:?}"
    );
    let report = run.json();
    assert_eq!(item_of(&report, "a.readme")["status"], "passed");
    assert_eq!(item_of(&report, "a.wrong")["status"], "unknown");
}

#[test]
fn only_asks_what_was_named_by_item_or_category() {
    let world = shop();
    let ids = |only: &str| -> Vec<String> {
        let report = world.run(&["check", "--only", only, "--format", "json"]).json();
        report["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("a.readme"), ["a.readme"]);
    assert_eq!(ids("b"), ["b.licence"]);
    assert_eq!(ids("b,a.readme"), ["a.readme", "b.licence"], "in the order of the checklist");
    assert_eq!(world.run(&["check", "--only", "a", "--tier", "full"]).code, 0, "what was not asked does not decide");
    assert_eq!(world.run(&["check", "--only", "b", "--tier", "full"]).code, 1);
}

#[test]
fn a_score_of_some_items_is_measured_with_another_ruler() {
    let world = shop();
    let ruler = |arguments: &[&str]| world.run(arguments).json()["ruler"].clone();
    assert_ne!(ruler(&["check", "--format", "json"]), ruler(&["check", "--format", "json", "--only", "a"]));
}

#[test]
fn decisions_about_items_that_are_not_asked_just_now_are_no_strays() {
    let world = shop();
    world.run(&["note", "b.licence", "--note", "asked the lawyers"]).succeeds();
    let report = world.run(&["check", "--only", "a", "--format", "json"]).json();
    assert_eq!(report["problems"], json!([]));
}

#[test]
fn output_writes_the_file_and_leaves_standard_output_alone() {
    let world = shop();
    let run = world.run(&["check", "--format", "json", "--output", "out.json", "--tier", "full"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    let written = std::fs::read_to_string(world.root().join("out.json")).unwrap();
    let report: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(report["version"], 1);
    world.run(&["check", "--output", "no/such/folder.json"]).refuses(2, "folder.json");
}

/// The value with a word for its type in the place of each leaf; of a list, the shapes that occur in it.
fn shape(value: &Value) -> Value {
    match value {
        Value::Null => json!("null"),
        Value::Bool(_) => json!("bool"),
        Value::Number(_) => json!("number"),
        Value::String(_) => json!("text"),
        Value::Array(list) => {
            let mut shapes: Vec<Value> = Vec::new();
            for shape in list.iter().map(shape) {
                if !shapes.contains(&shape) {
                    shapes.push(shape);
                }
            }
            Value::Array(shapes)
        }
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), shape(value))).collect(),
    }
}

#[test]
fn the_report_for_programs_has_the_promised_shape() {
    const SHOP: &str = "
tiers: [{ id: pilot, title: Pilot, gate: P0 }]
categories: [{ id: ci, title: CI }]
items:
  - id: ci.pinned
    title: Pinned
    why: w
    fix: f
    priority: P0
    tier: pilot
    effort: 30m
    probe: { text: { files: ci.yml, forbid: '@v1' } }
";
    let world = World::new().checklist(SHOP).tree(&[("ci.yml", "uses: a/b@v1\n")]).git();
    world.run(&["note", "ci.pinned", "--note", "looked at it"]).succeeds();
    let mut report = world.report();
    let statuses = report["categories"][0]["statuses"].take();
    assert_eq!(statuses, json!({ "failed": 1 }));
    let place = json!({ "path": "text", "line": "number", "column": "number", "end_line": "number",
        "end_column": "number", "excerpt": "text", "message": "text", "fingerprint": "text" });
    let decision = json!({ "decision": "text", "by": "text", "at": "text", "note": "text" });
    let score = json!({ "low": "number", "high": "number" });
    assert_eq!(
        shape(&report),
        json!({
            "version": "number",
            "tool": { "name": "text", "version": "text" }, "ruler": "text", "at": "text",
            "tree": { "root": "text", "commit": "text", "branch": "text", "dirty": "bool", "files": "number" },
            "checklists": ["text"],
            "maturity": "text", "score": score,
            "verdicts": [{ "tier": "text", "verdict": "text", "failing": ["text"], "undecided": [], "waived": [],
                "effort_minutes": "number" }],
            "categories": [{ "id": "text", "title": "text", "score": score, "statuses": "null" }],
            "items": [{ "id": "text", "category": "text", "title": "text", "priority": "text", "tier": "text",
                "phase": "text", "confidence": "text", "status": "text", "outcome": "text", "reason": "text",
                "effort_minutes": "number", "fix": "text", "progress": "text", "evidence": [place], "decisions": [decision] }],
            "problems": [],
            "stats": { "files_listed": "number", "files_read": "number", "bytes_read": "number",
                "files_from_cache": "number", "probes_run": "number", "elapsed_ms": "number" },
        })
    );
    assert_eq!(report["verdicts"][0]["verdict"], "no-go");
    assert_eq!(report["items"][0]["outcome"], "fail");
    assert_eq!(report["items"][0]["evidence"][0]["line"], 1);
    assert_eq!(report["tree"]["dirty"], true, "the note is not committed");
}

#[test]
fn a_tree_without_git_says_null_for_what_git_would_know() {
    let tree = &shop().report()["tree"];
    assert_eq!((&tree["commit"], &tree["branch"], &tree["dirty"]), (&Value::Null, &Value::Null, &json!(false)));
}

#[test]
fn two_snapshots_of_one_state_are_the_same_bytes() {
    let world = shop().git();
    let first = world.run_at("2026-01-02T03:04:05Z", &["export"]);
    let second = world.run_at("2026-01-02T23:00:00Z", &["export"]);
    assert_eq!(first.succeeds().stdout, second.succeeds().stdout, "it shows the day only");
    assert!(first.stdout.contains("2026-01-02"));
    let later = world.run_at("2026-01-03", &["export"]);
    assert_ne!(first.stdout, later.stdout);
    world.run(&["export", "--output", "out.md"]).succeeds();
    assert_eq!(
        std::fs::read_to_string(world.root().join("out.md")).unwrap(),
        first.stdout,
        "what is asked is the same"
    );
}

#[test]
fn the_clock_is_the_one_that_was_given() {
    let report = shop().today("2026-11-21").report();
    assert_eq!(report["at"], "2026-11-21T23:59:59Z");
    shop().today("21.11.2026").run(&["check"]).refuses(2, "2026-11-21");
}

#[test]
fn a_secret_does_not_leave_by_any_format() {
    // Drawn by lot, with check digits that are right, and never one word here.
    const SECRET: &str = concat!("ghp", "_StZsxnTSWsbCBpWUedoB6SJ95Ypuie", "0AKxrk");
    let world = World::new().tree(&[("settings.py", &format!("TOKEN = \"{SECRET}\"\n"))]);
    for format in ["human", "json", "markdown"] {
        let run = world.run(&["check", "--format", format]);
        assert!(run.stdout.contains("settings.py"), "{format} shows where it is");
        assert!(!run.stdout.contains(SECRET) && !run.stderr.contains(SECRET), "{format}");
    }
}

#[test]
fn the_cost_is_said_on_demand_and_beside_the_result() {
    let run = shop().run(&["check", "--verbose", "--exit-zero", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let listed = report["stats"]["files_listed"].as_u64().unwrap();
    assert!(run.stderr.contains(&format!("of {listed} files read, ")), "{}", run.stderr);
    shop().run(&["check", "-v", "-q"]).refuses(2, "cannot be used with");
}
