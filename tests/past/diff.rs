//! `gonogo diff` and `gonogo blame`.

use super::history::shop;
use crate::world::World;

#[test]
fn what_flipped_between_a_commit_and_the_files_as_they_are() {
    let world = shop();
    world.remove("README.md").edit("b.py", "debug = 0\n");
    let run = world.run(&["diff", "HEAD~1"]);
    assert_eq!(run.code, 0, "pilot is GO: {run:?}");
    let id = world.git_does(&["rev-parse", "HEAD~1"]);
    assert_eq!(
        run.stdout.replace(&id[..9], "COMMIT").replace(&world.git_does(&["rev-parse", "HEAD"])[..9], "HEAD"),
        "tree: HEAD~1 (COMMIT, as of 9 Jan 2026) to the files as they are (HEAD, 2 files changed)\n\n  \
         score  100 → 66\n  pilot  GO, as before\n  full   GO → NO-GO\n\nWorse (1)\n  \
         ✓ → ✗  P1   About t.readme\n             t.readme\n             \
         was passed: README.md\n             is  failed: no file like README.md\n             by  README.md\n"
    );
    let json = world.run(&["diff", "HEAD", "--format", "json"]).json();
    let change = |id: &str| {
        let changes = json["changes"].as_array().unwrap();
        changes.iter().find(|change| change["id"] == id).unwrap_or_else(|| panic!("{json}")).clone()
    };
    assert_eq!(change("t.debug")["direction"], "better");
    assert_eq!(change("t.debug")["files"], serde_json::json!(["b.py"]));
    assert_eq!((&json["to"]["dirty"], &json["to"]["name"]), (&true.into(), &serde_json::Value::Null));
    assert_eq!(json["verdicts"][1], serde_json::json!({"tier": "full", "from": "no-go", "to": "no-go"}));
}

#[test]
fn two_commits_are_named_in_any_way_that_people_name_them() {
    let world = shop();
    let told = |arguments: &[&str]| {
        let json = world.run(&[arguments, &["--format", "json"]].concat()).json();
        let changes = json["changes"].as_array().unwrap().iter();
        let ids: Vec<String> = changes.map(|change| change["id"].as_str().unwrap().to_owned()).collect();
        ids.join(" ")
    };
    for arguments in [
        &["diff", "HEAD~3", "HEAD~1"][..],
        &["diff", "HEAD~3..HEAD~1"],
        &["diff", "HEAD~3...HEAD~1"],
        &["diff", "HEAD~3", "HEAD~1", "."],
        &["diff", "HEAD~3..HEAD~1", "."],
    ] {
        assert_eq!(told(arguments), "t.debug t.readme", "{arguments:?}");
    }
    assert_eq!(told(&["diff", "HEAD~1", "HEAD~3"]), "t.debug t.readme", "backwards, too");
    assert_eq!(told(&["diff", "HEAD~3", "HEAD~1", "--only", "t.readme"]), "t.readme");
    assert_eq!(told(&["diff", "HEAD~2.."]), "t.debug t.readme");
    assert_eq!(told(&["diff", "HEAD"]), "", "nothing is changed");
    // A folder that is no commit is where to look.
    let above = world.root().parent().unwrap();
    let mut program = assert_cmd::Command::new(env!("CARGO_BIN_EXE_gonogo"));
    let output = program.current_dir(above).args(["diff", "HEAD~3", "tree"]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("tree: HEAD~3 ("), "{output:?}");
}

#[test]
fn the_exit_code_is_that_of_the_later_state_or_whether_it_got_worse() {
    let world = shop();
    let code = |arguments: &[&str]| world.run(&[&["diff"], arguments].concat()).code;
    assert_eq!(code(&["HEAD~1", "HEAD"]), 1);
    assert_eq!(code(&["HEAD~1", "HEAD", "--exit-zero"]), 0);
    assert_eq!(code(&["HEAD", "HEAD~1"]), 0);
    assert_eq!(code(&["HEAD", "HEAD~2", "--tier", "full"]), 1);
    assert_eq!(code(&["HEAD~1", "HEAD", "--if-worse"]), 1);
    assert_eq!(code(&["HEAD~3", "HEAD~2", "--if-worse"]), 0);
    assert_eq!(code(&["HEAD", "--if-worse"]), 0, "NO-GO, but not worse");
    world.run(&["diff", "HEAD", "--tier", "none"]).refuses(2, "no tier \"none\"");
    world.run(&["diff", "nowhere"]).refuses(2, "nowhere: no such commit");
}

#[test]
fn a_decision_is_named_as_what_is_behind_a_flip() {
    let world = shop();
    world.edit("gonogo.yaml", "gonogo: 1\ntitle: T\ncategories: [{ id: t, title: T }]\nitems:\n  - { id: t.ask, title: Ask, why: w, fix: f, priority: P0 }\n");
    world.run(&["attest", "t.ask"]).succeeds();
    world.commit_on("2026-01-07", "Said");
    let json = world.run(&["diff", "HEAD~1", "HEAD", "--format", "json"]).json();
    let files = json["changes"][0]["files"].as_array().unwrap();
    assert!(files.len() == 1 && files[0].as_str().unwrap().starts_with(".gonogo/ledger/t.ask/"), "{json}");
    assert_eq!(json["changes"][0]["direction"], "better");
}

#[test]
fn a_new_question_is_no_flip() {
    let world = shop();
    world.edit("gonogo.yaml", "gonogo: 1\ntitle: T\ncategories: [{ id: t, title: T }]\nitems:\n  - { id: t.new, title: New, why: w, fix: f, priority: P0, probe: { exists: b.py } }\n");
    let run = world.run(&["diff", "HEAD", "--own-checklist"]);
    assert!(run.stdout.contains("New items (1)\n  ✓ P0  New  t.new\n"), "{run:?}");
    assert!(run.stdout.contains("No longer asked (2)"), "{run:?}");
    assert!(run.stdout.contains("measured with another checklist"), "{run:?}");
    let run = world.run(&["diff", "HEAD"]);
    assert!(run.stdout.contains("No item has another status."), "the same question to both: {run:?}");
}

fn blamed(world: &World, arguments: &[&str]) -> (String, String, i64) {
    let json = world.run(&[&["blame", "--format", "json"], arguments].concat()).succeeds().json();
    let word = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    (word(&json["since"]), word(&json["commit"]["subject"]), json["commits"].as_i64().unwrap())
}

#[test]
fn blame_names_the_commit_of_the_last_flip_of_several() {
    let world = shop();
    world.edit("c", "").commit_on("2026-01-07", "Nothing of it");
    assert_eq!(blamed(&world, &["t.debug"]), ("commit".into(), "Look closer".into(), 3));
    assert_eq!(blamed(&world, &["t.debug", "--rev", "HEAD~2"]), ("commit".into(), "Debug is off".into(), 3));
    assert_eq!(blamed(&world, &["t.readme"]), ("commit".into(), "A README".into(), 4));
    let text = world.run(&["blame", "t.debug"]).succeeds().stdout.clone();
    assert!(text.starts_with("✗ P0  About t.debug\nt.debug\n\nfailed since "), "{text}");
    assert!(text.contains(" of 6 Jan 2026 by Ana\n  Look closer\n  was passed"), "{text}");
    assert!(text.contains("  by b.py\n\n  b.py:1  debug = 1\n"), "{text}");
    world.run(&["blame", "t.nothing"]).refuses(2, "no item and no category \"t.nothing\"");
    world.run(&["blame", "t"]).refuses(2, "t.debug and t.readme: name one item");
}

#[test]
fn blame_tells_what_was_always_so_from_what_is_not_committed() {
    let world = shop();
    world.git_does(&["reset", "-q", "--hard", "HEAD~3"]);
    assert_eq!(blamed(&world, &["t.debug"]), ("always".into(), "As it was".into(), 1));
    world.edit("a.py", "debug = 0\n");
    let json = world.run(&["blame", "t.debug", "--format", "json"]).json();
    assert_eq!((&json["since"], &json["change"]["files"]), (&"uncommitted".into(), &serde_json::json!(["a.py"])));
}

#[test]
fn blame_knows_when_only_time_passed() {
    let world = shop();
    world.edit("gonogo.yaml", "gonogo: 1\ntitle: T\ncategories: [{ id: t, title: T }]\nitems:\n  - { id: t.ask, title: Ask, why: w, fix: f, priority: P0, review_every: 30d }\n");
    world.run_at("2026-01-06T13:00:00Z", &["attest", "t.ask"]).succeeds();
    world.commit_on("2026-01-07", "Said");
    assert_eq!(blamed(&world, &["t.ask"]), ("commit".into(), "Said".into(), 2));
    let run = world.run_at("2026-03-01", &["blame", "t.ask"]);
    assert!(run.stdout.contains("stale because time passed: no commit turned it"), "{run:?}");
    assert!(run.stdout.contains("  was attested") && run.stdout.contains("review was due on"), "{run:?}");
}

#[test]
fn what_commits_themselves_say_is_blamed_on_the_right_one() {
    let world = shop();
    world.edit("gonogo.yaml", "gonogo: 1\ntitle: T\ncategories: [{ id: t, title: T }]\nitems:\n  - { id: t.key, title: Key, why: w, fix: f, priority: P0, probe: { git: { never_committed: ['*.pem'] } } }\n");
    world.edit("k.pem", "x").commit_on("2026-01-07", "A key");
    world.remove("k.pem").commit_on("2026-01-08", "No key");
    assert_eq!(blamed(&world, &["t.key"]), ("commit".into(), "A key".into(), 6));
}

#[test]
fn a_merge_is_named_with_the_way_into_it() {
    let world = shop();
    world.git_does(&["switch", "-q", "-c", "side", "HEAD~1"]);
    world.edit("c.py", "debug = 1\n").commit_on("2026-01-06", "On the side");
    world.git_does(&["switch", "-q", "main"]);
    world.git_does(&["reset", "-q", "--hard", "HEAD~1"]);
    world.git_does(&["merge", "-q", "--no-ff", "-m", "Merge side", "side"]);
    let text = world.run(&["blame", "t.debug"]).succeeds().stdout.clone();
    let side: String = world.git_does(&["rev-parse", "side"]).chars().take(9).collect();
    assert!(text.contains(&format!("a merge: gonogo blame t.debug --rev {side} looks into what was merged")), "{text}");
    assert_eq!(blamed(&world, &["t.debug", "--rev", &side]), ("commit".into(), "On the side".into(), 2));
}
