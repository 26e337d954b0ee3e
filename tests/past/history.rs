//! `gonogo history`: score and verdict over the commits of a branch.

use serde_json::Value;

use crate::world::World;

const HEAD: &str = "title: Shop\ncategories: [{ id: t, title: T }]\ntiers: [{ id: pilot, title: Pilot, gate: P0 }, { id: full, title: Full, gate: P1 }]\n";

fn item(id: &str, priority: &str, rest: &str) -> String {
    format!("  - {{ id: {id}, title: 'About {id}', why: w, fix: f, priority: {priority}, {rest} }}\n")
}

fn debug() -> String {
    item("t.debug", "P0", "tier: pilot, probe: { text: { files: ['**/*.py'], forbid: 'debug = 1' } }")
}

fn readme() -> String {
    item("t.readme", "P1", "tier: full, probe: { exists: README.md }")
}

/// Four commits: red, repaired, a README, and red again.
pub(super) fn shop() -> World {
    let world = World::new().today("2026-01-09").tree(&[("a.py", "debug = 1\n"), ("b.py", "x\n")]);
    world.edit("gonogo.yaml", &format!("gonogo: 1\n{HEAD}items:\n{}{}", debug(), readme()));
    world.git_does(&["init", "-q", "-b", "main"]);
    world.commit_on("2026-01-01", "As it was");
    world.edit("a.py", "debug = 0\n").commit_on("2026-01-02", "Debug is off");
    world.edit("README.md", "# Shop\n").commit_on("2026-01-05", "A README");
    world.edit("b.py", "debug = 1\n").commit_on("2026-01-06", "Look closer");
    world
}

fn commits(report: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let commits = report["commits"].as_array().unwrap().iter();
    commits
        .map(|commit| {
            let verdicts: Vec<String> =
                commit["verdicts"].as_array().unwrap().iter().map(|verdict| word(&verdict["verdict"])).collect();
            format!("{} {} {}", word(&commit["subject"]), commit["score"]["low"], verdicts.join(" "))
        })
        .collect()
}

#[test]
fn each_commit_has_its_score_and_its_verdicts_the_newest_first() {
    let report = shop().run(&["history", "--format", "json"]).succeeds().json();
    assert_eq!(
        commits(&report),
        ["Look closer 33 no-go no-go", "A README 100 go go", "Debug is off 66 go no-go", "As it was 0 no-go no-go"]
    );
    let newest = &report["commits"][0];
    assert_eq!(newest["changes"][0]["id"], "t.debug");
    assert_eq!(newest["changes"][0]["direction"], "worse");
    assert_eq!(newest["changes"][0]["files"], serde_json::json!(["b.py"]));
    assert_eq!((&newest["author"], &newest["at"]), (&"Ana".into(), &"2026-01-06T12:00:00Z".into()));
    assert_eq!(report["commits"][3]["changes"], serde_json::json!([]), "nothing is known of what was before");
    assert_eq!(report["complete"], true);
}

#[test]
fn the_table_and_the_plot() {
    let world = shop();
    let run = world.run(&["history", "--ascii"]);
    let mut text = run.succeeds().stdout.clone();
    for (name, id) in [("4TH", "HEAD"), ("3RD", "HEAD~1"), ("2ND", "HEAD~2"), ("1ST", "HEAD~3")] {
        text = text.replace(&world.git_does(&["rev-parse", id])[..9], &format!("COMMIT{name}"));
    }
    let ruler = text.split("ruler ").nth(1).unwrap().split(':').next().unwrap().to_owned();
    assert!(text.is_ascii());
    insta::assert_snapshot!(text.replace(&ruler, "RULER"));
}

#[test]
fn fewer_commits_are_looked_at_where_fewer_are_asked_for() {
    let world = shop();
    let told = |arguments: &[&str]| {
        let run = world.run(&[&["history", "--format", "json"], arguments].concat());
        let report = run.succeeds().json();
        let subjects = report["commits"].as_array().unwrap().iter();
        let subjects: Vec<String> = subjects.map(|commit| commit["subject"].as_str().unwrap().to_owned()).collect();
        (subjects.join(", "), report["complete"] == true)
    };
    assert_eq!(told(&["--max", "2"]), ("Look closer, A README".into(), false));
    assert!(told(&["--max", "0"]).1);
    assert_eq!(told(&["--every", "2"]), ("Look closer, Debug is off".into(), true));
    assert_eq!(told(&["--every", "2d"]), ("Look closer, Debug is off".into(), true));
    assert_eq!(told(&["--since", "2026-01-05"]).0, "Look closer, A README");
    assert_eq!(told(&["--since", "5d"]).0, "Look closer, A README");
    assert_eq!(told(&["--since", "HEAD~2"]).0, "Look closer, A README, Debug is off");
    assert_eq!(told(&["--rev", "HEAD~2"]).0, "Debug is off, As it was");
    world.run(&["history", "--since", "nowhere"]).refuses(2, "nowhere: no such commit");
    world.run(&["history", "--every", "0"]).refuses(2, "write a number of commits");
}

#[test]
fn a_change_of_the_checklist_is_not_taken_for_one_of_the_code() {
    let world = shop();
    let harder = item("t.runbook", "P0", "tier: pilot, probe: { exists: RUNBOOK.md }");
    world.edit("gonogo.yaml", &format!("gonogo: 1\n{HEAD}items:\n{}{}{harder}", debug(), readme()));
    world.commit_on("2026-01-07", "Ask for a runbook");
    let today = world.run(&["history", "--format", "json"]).succeeds().json();
    let rulers = |report: &Value| -> Vec<bool> {
        report["commits"].as_array().unwrap().iter().map(|commit| commit["ruler_changed"] == true).collect()
    };
    assert_eq!(rulers(&today), [false; 5], "all are asked the checklist of today");
    assert_eq!(today["commits"][2]["score"]["low"], 60, "the runbook was missing then, too");
    let own = world.run(&["history", "--own-checklist", "--format", "json"]).succeeds().json();
    assert_eq!(rulers(&own), [true, false, false, false, false]);
    assert_eq!(own["commits"][0]["appeared"], serde_json::json!(["t.runbook"]));
    assert_eq!(own["commits"][2]["score"]["low"], 100);
    let text = world.run(&["history", "--own-checklist"]).succeeds().stdout.clone();
    assert!(text.contains("across a change of it scores do not compare"), "{text}");
    assert!(text.contains("the checklist is another from here on"), "{text}");
    assert!(text.contains("^ another checklist"), "{text}");
    let text = world.run(&["history"]).succeeds().stdout.clone();
    assert!(text.contains("all of them are asked the checklist of today") && !text.contains("another"), "{text}");
}

#[test]
fn a_commit_whose_checklist_cannot_be_used_is_told_and_the_others_are_judged() {
    let world = shop();
    let good = std::fs::read_to_string(world.root().join("gonogo.yaml")).unwrap();
    world.edit("gonogo.yaml", "gonogo: 1\nitems: [").commit_on("2026-01-07", "Broken");
    world.edit("gonogo.yaml", &good).commit_on("2026-01-08", "Whole again");
    let report = world.run(&["history", "--own-checklist", "--format", "json"]).succeeds().json();
    let broken = &report["commits"][1];
    assert!(broken["error"].as_str().unwrap().contains("gonogo.yaml:"), "{broken}");
    assert_eq!((&broken["score"], &report["commits"][0]["score"]["low"]), (&Value::Null, &33.into()));
    let text = world.run(&["history", "--own-checklist"]).succeeds().stdout.clone();
    assert!(text.contains("2026-01-07  cannot be judged: "), "{text}");
}

#[test]
fn a_waiver_counts_on_the_days_on_which_it_did() {
    let world = shop();
    world.edit("gonogo.yaml", &format!("gonogo: 1\n{HEAD}items:\n{}", debug().replace(" }\n", ", waivable: true }\n")));
    world
        .run_at("2026-01-06T13:00:00Z", &["waive", "t.debug", "--reason", "soon", "--expires", "2026-01-07"])
        .succeeds();
    world.commit_on("2026-01-07", "Waived");
    world.edit("c.py", "").commit_on("2026-01-08", "The day after");
    let report = world.run_at("2026-01-08", &["history", "--format", "json", "--max", "2"]).json();
    assert_eq!(report["commits"][0]["verdicts"][0]["verdict"], "no-go", "--at is the clock of all");
    // Without `--at` each is judged as of its own day.
    let inquiry = gonogo::session::Session::open(
        &gonogo::session::Settings { at: None, ..world.settings() },
        &gonogo::engine::progress::Progress::default(),
    );
    let inquiry = inquiry.unwrap().inquiry();
    let words = |spec: &str| inquiry.at(spec, &gonogo::engine::progress::Progress::default()).unwrap().board();
    let words = |spec: &str| words(spec).verdicts[0].verdict.word();
    assert_eq!((words("HEAD"), words("HEAD~1"), words("HEAD~2")), ("NO-GO", "CONDITIONAL", "NO-GO"));
}

#[test]
fn a_command_is_never_run_for_a_commit() {
    let world = World::new().tree(&[("a.py", "x\n")]).checklist(&format!(
        "{HEAD}items:\n{}",
        item("t.run", "P0", "tier: pilot, probe: { command: { run: [sh, -c, 'echo ran >> ../ran.txt'] } }")
    ));
    let world = world.git();
    world.run(&["trust", "--yes"]).succeeds();
    let text = world.run(&["history"]).succeeds().stdout.clone();
    assert!(text.contains("1 item hangs on a command, which is never run for a commit: unknown"), "{text}");
    world.run(&["check", "--rev", "HEAD", "--own-checklist"]);
    world.run(&["blame", "t.run"]).refuses(2, "t.run hangs on a command");
    assert!(!world.root().join("../ran.txt").exists());
}

#[test]
fn merges_are_one_step_and_what_they_bring_is_theirs() {
    let world = shop();
    world.git_does(&["switch", "-q", "-c", "side", "HEAD~1"]);
    world.edit("c.py", "debug = 1\n").commit_on("2026-01-06", "On the side");
    world.git_does(&["switch", "-q", "main"]);
    world.git_does(&["merge", "-q", "--no-ff", "-m", "Merge side", "side"]);
    let report = world.run(&["history", "--format", "json"]).succeeds().json();
    let subjects: Vec<&str> =
        report["commits"].as_array().unwrap().iter().map(|commit| commit["subject"].as_str().unwrap()).collect();
    assert_eq!(subjects, ["Merge side", "Look closer", "A README", "Debug is off", "As it was"]);
    assert_eq!(report["commits"][0]["changes"], serde_json::json!([]), "red before, red now");
}

#[test]
fn hostile_subjects_do_not_reach_the_terminal() {
    let world = shop();
    world.edit("c", "").commit_on("2026-01-07", "\u{1b}[31mred\u{202e}");
    for arguments in [&["history"][..], &["history", "--format", "json"], &["blame", "t.debug"], &["diff", "HEAD~1"]] {
        let run = world.run(arguments);
        assert!(!run.stdout.contains(['\u{1b}', '\u{202e}']), "{run:?}");
    }
}

#[test]
fn a_long_branch_is_walked_in_shares_and_says_the_same() {
    let world = shop();
    let good = std::fs::read_to_string(world.root().join("gonogo.yaml")).unwrap();
    for number in 0..96_u32 {
        // Around the places where one share ends and the next begins, red and green and what cannot be judged.
        let text = if number.is_multiple_of(3) { "debug = 1\n" } else { "debug = 0\n" };
        let checklist = if number % 7 == 5 { "gonogo: 1\nitems: [" } else { &good };
        world.edit("b.py", text).edit("gonogo.yaml", checklist).edit("n", &number.to_string());
        world.commit_on("2026-01-07", &number.to_string());
    }
    let quiet = gonogo::engine::progress::Progress::default();
    let prepared = gonogo::session::Prepared::new(world.settings()).unwrap();
    let clock = gonogo::session::past::Clock::Own;
    let inquiry = gonogo::session::past::Inquiry::new(&prepared, gonogo::session::past::Ruler::Own, clock).unwrap();
    let plan = gonogo::session::history::Plan {
        from: "HEAD".into(),
        until: gonogo::tree::line::Until::Root,
        every: gonogo::session::history::Every::Commits(1),
        most: usize::MAX,
    };
    let told = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        format!("{:#?}", pool.install(|| inquiry.history(&plan, &quiet)).unwrap())
    };
    let alone = told(1);
    assert_eq!(
        alone.matches("difference: Some").count(),
        99 - 13,
        "each is compared, but the first and the broken ones"
    );
    for threads in [2, 3, 8] {
        assert!(told(threads) == alone, "{threads} threads");
    }
}
