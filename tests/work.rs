//! How the work on items goes: what waits for what, by when, what is said to be done, and who says so.

use rstest::rstest;
use serde_json::{Value, json};

use crate::world::{BEN, World};

/// A checklist of these items over a tree of one file.
fn world(items: &[&str]) -> World {
    world_with("", items)
}

fn world_with(head: &str, items: &[&str]) -> World {
    let items: String = items.iter().map(|item| format!("- {{title: T, why: w, fix: f, {item}}}\n")).collect();
    World::new().tree(&[("a.py", "x = 1\n")]).checklist(&format!("{head}categories: [{{id: t}}]\nitems:\n{items}"))
}

fn report(world: &World) -> Value {
    let run = world.run(&["check", "--format", "json", "--exit-zero"]);
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", run.stdout, run.stderr))
}

fn item(report: &Value, id: &str) -> Value {
    let items = report["items"].as_array().unwrap();
    items.iter().find(|item| item["id"] == id).unwrap_or_else(|| panic!("no {id}")).clone()
}

fn said(world: &World, arguments: &[&str]) -> String {
    let run = world.run(arguments);
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stderr
}

fn refused(world: &World, arguments: &[&str]) -> String {
    let run = world.run(arguments);
    assert_eq!(run.code, 2, "{}", run.stdout);
    run.stderr
}

const BACKUP: &str = "id: t.backup, priority: P0, probe: {exists: backup.sh}";
const RESTORE: &str = "id: t.restore, priority: P0, needs: [t.backup], probe: {exists: restore.sh}";

#[test]
fn what_fails_for_lack_of_its_ground_is_no_failure_of_its_own() {
    let world = world(&[RESTORE, BACKUP, "id: t.file, priority: P0, probe: {exists: a.py}"]);
    let found = report(&world);
    assert_eq!(item(&found, "t.restore")["status"], "failed", "blocked is a mark, not a status");
    assert_eq!(item(&found, "t.restore")["blocked_by"], json!(["t.backup"]));
    let pilot = &found["verdicts"][0];
    assert_eq!((&pilot["verdict"], &pilot["failing"]), (&json!("no-go"), &json!(["t.backup"])));
    assert_eq!(pilot["undecided"], json!(["t.restore"]));
    assert_eq!(found["score"], json!({"low": 33, "high": 66}), "it is unproven: 0 at the low end, 1 at the high one");

    world.edit("backup.sh", "pg_dump\n");
    let found = report(&world);
    assert_eq!(found["verdicts"][0]["failing"], json!(["t.restore"]), "the ground is there: it is a failure now");
    assert_eq!(found["score"], json!({"low": 66, "high": 66}));
    assert_eq!(item(&found, "t.restore").get("blocked_by"), None);
}

#[test]
fn the_path_to_go_lays_the_ground_first_and_says_what_waits() {
    let world = world(&[&format!("{RESTORE}, effort: 5m"), &format!("{BACKUP}, effort: 4h")]);
    let shown = world.run(&["check"]).stdout;
    let path = &shown[shown.find("Path to GO").unwrap()..];
    assert!(path.find("t.backup").unwrap() < path.find("t.restore").unwrap(), "{path}");
    assert!(path.contains("t.restore, after t.backup"), "{path}");
    assert!(shown.contains("blocked by t.backup"), "{shown}");
}

#[rstest]
#[case::gates_nothing("P3", "t.backup gates no tier that t.restore gates: its failure excuses nothing")]
#[case::comes_later("P1", "pilot is not stopped by it")]
fn a_ground_that_does_not_stop_the_tier_excuses_nothing(#[case] priority: &str, #[case] why: &str) {
    let ground = BACKUP.replace("P0", priority);
    let found = report(&world(&[RESTORE, &ground]));
    assert_eq!(found["verdicts"][0]["verdict"], "no-go", "{why}");
    assert_eq!(found["verdicts"][0]["failing"], json!(["t.restore"]), "{why}");
    assert_eq!(found["score"]["high"], 0, "{why}");
    assert_eq!(item(&found, "t.restore")["blocked_by"], json!(["t.backup"]), "it is shown as blocked all the same");
}

#[test]
fn a_waived_ground_blocks_and_excuses_nothing() {
    let world = world(&[RESTORE, BACKUP]);
    said(&world, &["waive", "t.backup", "--reason", "managed", "--expires", "30d"]);
    let found = report(&world);
    assert_eq!(found["verdicts"][0]["failing"], json!(["t.restore"]));
    assert_eq!(item(&found, "t.restore")["blocked_by"], json!(["t.backup"]));
}

#[test]
fn a_chain_of_grounds_leaves_one_failure_that_counts() {
    let third = "id: t.third, priority: P0, needs: [t.restore], probe: {exists: third.sh}";
    let found = report(&world(&[third, RESTORE, BACKUP]));
    assert_eq!(found["verdicts"][0]["failing"], json!(["t.backup"]));
    assert_eq!(found["verdicts"][0]["verdict"], "no-go");
    assert_eq!(item(&found, "t.third")["blocked_by"], json!(["t.restore"]));
}

#[test]
fn a_hunch_is_ground_enough_where_nobody_has_to_confirm() {
    let hunch = "id: t.backup, priority: P0, confidence: heuristic, probe: {exists: a.py}";
    assert_eq!(item(&report(&world(&[RESTORE, hunch])), "t.restore").get("blocked_by"), None);
    let tiers = "tiers: [{id: strict, gate: P0, confirm: true}]\n";
    assert_eq!(item(&report(&world_with(tiers, &[RESTORE, hunch])), "t.restore")["blocked_by"], json!(["t.backup"]));
}

#[test]
fn what_is_ready_is_not_blocked() {
    let world = world(&[RESTORE, BACKUP]);
    world.edit("restore.sh", "pg_restore\n");
    assert_eq!(item(&report(&world), "t.restore").get("blocked_by"), None);
}

#[rstest]
#[case("2026-01-01", "overdue")]
#[case("2026-01-02", "today")]
#[case("2026-01-04", "week")]
#[case("2026-01-05", "month")]
#[case("2026-01-31", "month")]
#[case("2026-02-01", "later")]
fn a_due_day_falls_into_a_window(#[case] due: &str, #[case] window: &str) {
    // The day of the world is Friday, 2 January 2026.
    let found = report(&world(&[&format!("{BACKUP}, due: {due}")]));
    assert_eq!((&item(&found, "t.backup")["due"], &item(&found, "t.backup")["window"]), (&json!(due), &json!(window)));
}

#[test]
fn an_assignment_moves_the_due_day_and_names_the_owner() {
    let world = world(&[&format!("{BACKUP}, due: 2026-01-01")]);
    assert_eq!(said(&world, &["assign", "t.backup", "--to", "Ben", "--due", "14d"]), "assigned t.backup: now failed\n");
    let backup = item(&report(&world), "t.backup");
    assert_eq!(
        (&backup["due"], &backup["owner"], &backup["progress"]),
        (&json!("2026-01-16"), &json!("Ben"), &json!("planned"))
    );
    world.edit("backup.sh", "pg_dump\n");
    let backup = item(&report(&world), "t.backup");
    assert_eq!((backup.get("window"), &backup["progress"]), (None, &json!("verified")), "what is ready is not due");
}

#[test]
fn what_is_said_to_be_done_is_not_ready() {
    let world = world(&[BACKUP]);
    assert!(said(&world, &["done", "t.backup", "--note", "dumps run"]).contains("not verified"), "it says so");
    let backup = item(&report(&world), "t.backup");
    assert_eq!((&backup["status"], &backup["progress"]), (&json!("failed"), &json!("done")));
    assert!(world.run(&["check"]).stdout.contains("Ana says it is done, which nobody verified, on 2 Jan: dumps run"));
    said(&world, &["assign", "t.backup", "--to", "Ben"]);
    assert_eq!(item(&report(&world), "t.backup")["progress"], "planned", "a new plan is not done");
    world.edit("backup.sh", "pg_dump\n");
    assert!(refused(&world, &["done", "t.backup"]).contains("more than done"));
}

const PARTS: &str = "id: t.both, priority: P0, probe: {all: [{exists: a.py, part: the program}, {exists: b.py, part: its test}, {absent: c.py}]}";

#[test]
fn an_item_that_holds_in_part_says_which_part() {
    let world = world(&[PARTS]);
    let both = item(&report(&world), "t.both");
    assert_eq!(both["status"], "failed", "nothing partial is a pass");
    assert!(both["reason"].as_str().unwrap().starts_with("2 of 3 hold; "), "{both}");
    let parts: Vec<(&str, &str)> = both["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| (part["part"].as_str().unwrap(), part["outcome"].as_str().unwrap()))
        .collect();
    assert_eq!(parts, [("the program", "pass"), ("its test", "fail"), ("absent c.py", "pass")]);
    let shown = world.run(&["check"]).stdout;
    assert!(shown.contains("fails: its test (no file like b.py)") && shown.contains("holds: the program"), "{shown}");
    let told = world.run(&["explain", "t.both"]).stdout;
    assert!(told.contains("Parts\n  pass            the program"), "{told}");
    world.edit("b.py", "x = 1\n");
    assert_eq!(item(&report(&world), "t.both")["status"], "passed");
}

#[test]
fn a_decision_to_take_is_taken_by_a_choice() {
    let world = world(&["id: t.choice, priority: P0, options: [keep the server, drop the server]"]);
    assert!(
        refused(&world, &["attest", "t.choice"]).contains("choose one of \"keep the server\", \"drop the server\"")
    );
    let wrong = refused(&world, &["attest", "t.choice", "--choose", "keep the sever"]);
    assert!(wrong.contains("did you mean \"keep the server\"?"), "{wrong}");
    said(&world, &["attest", "t.choice", "--choose", "drop the server"]);
    let choice = item(&report(&world), "t.choice");
    assert_eq!((&choice["status"], &choice["decisions"][0]["choice"]), (&json!("attested"), &json!("drop the server")));
    assert!(choice["reason"].as_str().unwrap().starts_with("drop the server: attested by Ana"), "{choice}");
    let plain = world_with("", &["id: t.plain, priority: P0"]);
    assert!(refused(&plain, &["attest", "t.plain", "--choose", "x"]).contains("no options"));
}

#[test]
fn a_waiver_says_what_it_means_to_do() {
    let world = world(&[BACKUP]);
    said(&world, &["waive", "t.backup", "--reason", "small", "--expires", "30d", "--kind", "watched"]);
    let backup = item(&report(&world), "t.backup");
    assert_eq!(backup["decisions"][0]["kind"], "watched");
    assert_eq!(backup["reason"], "waived 30 days more as watched, Ana: small");
}

#[test]
fn what_does_not_apply_may_leave_a_duty() {
    let world = world(&[BACKUP]);
    said(
        &world,
        &["not-applicable", "t.backup", "--reason", "no data", "--follow-up", "ask again with the first customer"],
    );
    let backup = item(&report(&world), "t.backup");
    assert_eq!(backup["decisions"][0]["follow_up"], "ask again with the first customer");
    assert!(backup["reason"].as_str().unwrap().ends_with("instead: ask again with the first customer"), "{backup}");
}

#[test]
fn a_machine_reports_and_never_answers_for_it() {
    let world = world(&["id: t.asked, priority: P0", BACKUP]);
    said(&world, &["attest", "t.asked", "--machine", "--note", "the job is green"]);
    let asked = item(&report(&world), "t.asked");
    assert_eq!((&asked["status"], &asked["decisions"][0]["actor"]), (&json!("likely"), &json!("machine")));
    for decision in [
        &["waive", "t.backup", "--reason", "x", "--expires", "9d"][..],
        &["not-applicable", "t.backup", "--reason", "x"],
    ] {
        let arguments: Vec<&str> = decision.iter().copied().chain(["--machine"]).collect();
        assert!(refused(&world, &arguments).contains("a person does"));
    }
    said(&world, &["attest", "t.asked"]);
    assert_eq!(item(&report(&world), "t.asked")["status"], "attested", "a person confirms it");
    let late = refused(&world, &["attest", "t.asked", "--machine", "--note", "again"]);
    assert!(late.contains("a person has decided here"), "{late}");
}

#[test]
fn a_waiver_that_a_machine_wrote_by_hand_does_not_count() {
    let world = world(&[BACKUP]);
    let waiver = "gonogo: 1\nitem: t.backup\ndecision: waive\nby: bot\nactor: machine\nat: 2026-01-01T00:00:00Z\ndirty: false\nnote: x\nexpires: 2026-06-01\n";
    world.edit(".gonogo/ledger/t.backup/20260101T000000.000Z-aaaaaaaa.yaml", waiver);
    assert_eq!(item(&report(&world), "t.backup")["status"], "failed");
    world.edit(".gonogo/ledger/t.backup/20260101T000000.000Z-aaaaaaaa.yaml", &waiver.replace("actor: machine\n", ""));
    assert_eq!(item(&report(&world), "t.backup")["status"], "waived");
}

#[test]
fn people_write_into_the_report_of_the_whole() {
    let world = world(&[BACKUP]).author(BEN);
    assert_eq!(said(&world, &["note", "report", "--note", "Audited in one day."]), "noted on the report\n");
    let found = report(&world);
    assert_eq!(found["words"][0]["note"], "Audited in one day.");
    assert_eq!(found["problems"], json!([]), "it is no decision about an item that is gone");
    assert!(refused(&world, &["attest", "report"]).contains("takes notes only"));
    let clash = world_with("", &["id: report, category: t, priority: P0"]);
    assert!(clash.run(&["lint"]).stdout.contains("is the name of the report itself"));
}

#[test]
fn an_environment_counts_what_it_requires() {
    let head = "environments: [{id: staging, title: Staging, requires: [t]}, {id: live, requires: ['tier:pilot', t.backup]}]\n";
    let found = report(&world_with(head, &[BACKUP, "id: t.file, priority: P2, probe: {exists: a.py}"]));
    assert_eq!(
        found["environments"],
        json!([
            {"id": "staging", "title": "Staging", "required": 2, "ready": 1, "missing": ["t.backup"]},
            {"id": "live", "title": "live", "required": 1, "ready": 0, "missing": ["t.backup"]},
        ])
    );
}

#[test]
fn an_item_tells_its_plan() {
    let plan = "id: t.alert, priority: P1, caused_by: [t.backup], verify: make drill, creates: [docs/drill.md], snippet: {language: sh, text: 'pg_dump'}, probe: {exists: x}";
    let world = world(&[RESTORE, BACKUP, plan]);
    let told = world.run(&["explain", "t.alert"]).stdout;
    for line in [
        "Cause   t.backup",
        "Phase   Hardening",
        "Remedy (sh)\n  pg_dump",
        "Creates docs/drill.md",
        "Verify  make drill",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    let told = world.run(&["explain", "t.backup"]).stdout;
    assert!(told.contains("Opens   t.restore") && told.contains("Effects t.alert"), "{told}");
}

const ENDPOINTS: &str = "id: t.endpoints, priority: P0, inventory: {files: routes.py, capture: 'route\\(\"(/\\w+)\"'}";

fn routes(names: &[&str]) -> String {
    names.iter().map(|name| format!("@route(\"/{name}\")\n")).collect()
}

fn marks(item: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    item["inventory"].as_array().unwrap().iter().map(|one| (text(&one["name"]), text(&one["status"]))).collect()
}

#[test]
fn an_inventory_is_confirmed_element_by_element() {
    let world = world(&[ENDPOINTS]);
    world.edit("routes.py", &routes(&["users", "orders"]));
    let endpoints = item(&report(&world), "t.endpoints");
    assert_eq!((&endpoints["status"], &endpoints["reason"]), (&json!("open"), &json!("0 of 2 confirmed")));
    let whole = refused(&world, &["attest", "t.endpoints"]);
    assert!(whole.contains("one by one (--part NAME); left: /users, /orders"), "{whole}");
    let wrong = refused(&world, &["attest", "t.endpoints", "--part", "/user"]);
    assert!(wrong.contains("has no element \"/user\", did you mean \"/users\"?"), "{wrong}");

    assert_eq!(
        said(&world, &["attest", "t.endpoints", "--part", "/users"]),
        "attested /users of t.endpoints: now open\n"
    );
    let endpoints = item(&report(&world), "t.endpoints");
    assert_eq!(endpoints["reason"], "1 of 2 confirmed");
    assert_eq!(marks(&endpoints), [("/users".into(), "attested".into()), ("/orders".into(), "open".into())]);
    assert_eq!(
        (&endpoints["inventory"][0]["by"], &endpoints["inventory"][0]["place"]),
        (&json!("Ana <ana@example.org>"), &json!("routes.py:1"))
    );
    assert!(refused(&world, &["attest", "t.endpoints", "--part", "/users"]).contains("confirmed already"));
    said(&world, &["attest", "t.endpoints", "--part", "/orders"]);
    assert_eq!(item(&report(&world), "t.endpoints")["status"], "attested");
    let told = world.run(&["explain", "t.endpoints"]).stdout;
    assert!(told.contains("Inventory\n  attested  /users  routes.py:1  Ana"), "{told}");

    said(&world, &["retract", "t.endpoints", "--part", "/users"]);
    let endpoints = item(&report(&world), "t.endpoints");
    assert_eq!(marks(&endpoints), [("/users".into(), "open".into()), ("/orders".into(), "attested".into())]);
}

#[test]
fn a_new_element_opens_an_inventory_again_and_one_that_is_gone_does_not_matter() {
    // What the item covers is another file, so that a new route leaves the words on the others as they are.
    let world = world(&[&format!("{ENDPOINTS}, covers: [access.md]")]);
    world.edit("access.md", "everybody\n").edit("routes.py", &routes(&["users", "orders"]));
    for part in ["/users", "/orders"] {
        said(&world, &["attest", "t.endpoints", "--part", part]);
    }
    world.edit("routes.py", &routes(&["orders", "users", "admin"]));
    let endpoints = item(&report(&world), "t.endpoints");
    assert_eq!((&endpoints["status"], &endpoints["reason"]), (&json!("open"), &json!("2 of 3 confirmed")));
    world.edit("routes.py", &routes(&["orders"]));
    assert_eq!(item(&report(&world), "t.endpoints")["status"], "attested");
    world.edit("access.md", "nobody\n");
    let endpoints = item(&report(&world), "t.endpoints");
    assert_eq!((&endpoints["status"], &endpoints["reason"]), (&json!("stale"), &json!("0 of 1 confirmed, 1 stale")));
}

#[test]
fn a_word_on_an_element_is_bound_to_the_files_that_it_stands_in() {
    let world = world(&[&ENDPOINTS.replace("routes.py", "'*.py'")]);
    world.edit("users.py", &routes(&["users"])).edit("orders.py", &routes(&["orders"]));
    for part in ["/users", "/orders"] {
        said(&world, &["attest", "t.endpoints", "--part", part]);
    }
    world.append("users.py", "x = 1\n");
    let endpoints = item(&report(&world), "t.endpoints");
    assert_eq!(marks(&endpoints), [("/orders".into(), "attested".into()), ("/users".into(), "stale".into())]);
}

#[test]
fn an_inventory_that_nobody_knows_whole_is_no_pass() {
    let world = world(&[ENDPOINTS]);
    let none = item(&report(&world), "t.endpoints");
    assert_eq!(
        (&none["status"], &none["reason"]),
        (&json!("not-applicable"), &json!("no element to confirm in routes.py"))
    );
    world.edit("routes.py", "\0binary\n");
    assert_eq!(item(&report(&world), "t.endpoints")["status"], "unknown");
    let world = world_with("", &[&format!("{ENDPOINTS}, no_files: fail")]);
    assert_eq!(item(&report(&world), "t.endpoints")["status"], "failed");
}

#[test]
fn a_machine_ticks_no_element_off() {
    let world = world(&[ENDPOINTS]);
    world.edit("routes.py", &routes(&["users"]));
    said(&world, &["attest", "t.endpoints", "--part", "/users", "--machine"]);
    let endpoints = item(&report(&world), "t.endpoints");
    assert_eq!((&endpoints["status"], marks(&endpoints)), (&json!("likely"), vec![("/users".into(), "likely".into())]));
}

#[test]
fn an_inventory_stands_beside_a_probe() {
    let world = world(&[&format!("{ENDPOINTS}, probe: {{exists: access.md}}")]);
    world.edit("routes.py", &routes(&["users"]));
    assert_eq!(item(&report(&world), "t.endpoints")["status"], "failed");
    world.edit("access.md", "everybody\n");
    assert_eq!(item(&report(&world), "t.endpoints")["status"], "open");
    said(&world, &["attest", "t.endpoints", "--part", "/users"]);
    assert_eq!(item(&report(&world), "t.endpoints")["status"], "attested");
}

#[test]
fn a_metric_is_measured_against_its_target() {
    let head = "metrics:\n\
                - {id: todo, title: Open ends, count: {files: '*.py', capture: 'TODO (\\w+)', in: comment}, at_most: 1}\n\
                - {id: coverage, value: {files: coverage.json, select: $.total}, at_least: 80}\n\
                - {id: files, count: {paths: '*.py'}}\n";
    let world = world_with(head, &[BACKUP]);
    world.edit("b.py", "# TODO one\n# TODO two\n").edit("coverage.json", "{\"total\": 81.5}\n");
    let found = report(&world);
    assert_eq!(
        found["metrics"],
        json!([
            {"id": "todo", "title": "Open ends", "now": 2.0, "at_most": "1", "target": "missed"},
            {"id": "coverage", "title": "coverage", "now": 81.5, "at_least": "80", "target": "met"},
            {"id": "files", "title": "files", "now": 2.0, "target": "none"},
        ])
    );
    world.edit("coverage.json", "{\"total\": \n");
    let coverage = &report(&world)["metrics"][1];
    assert_eq!((&coverage["now"], &coverage["target"]), (&json!(null), &json!("unknown")), "{coverage}");
    let problems = world_with("metrics: [{id: x, cuont: {paths: a}}, {id: y}]\n", &[BACKUP]).run(&["lint"]).stdout;
    assert!(problems.contains("unknown key \"cuont\" in a metric, did you mean \"count\"?"), "{problems}");
    assert!(problems.contains("metric \"y\" needs \"count\" or \"value\""), "{problems}");
}
