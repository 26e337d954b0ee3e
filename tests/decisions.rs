//! What people say of items: what can be said, what it does, and for how long.

use serde_json::Value;

use gonogo::session::message::Intent;

use crate::world::{ANA, BEN, World, item_of, row};

const CHECKLIST: &str = r"
tiers: [{ id: pilot, title: Pilot, gate: P0 }]
categories: [{ id: t, title: T }]
items:
  - { id: t.asked, title: The restore was rehearsed, why: w, fix: f, priority: P0, tier: pilot, covers: ['ops/**'], review_every: 30d }
  - { id: t.debug, title: No debug output, why: w, fix: f, priority: P0, tier: pilot, probe: { text: { files: '*.py', forbid: 'debug\(\w+\)' } } }
  - { id: t.firm, title: No eval, why: w, fix: f, priority: P0, tier: pilot, waivable: false, probe: { text: { files: '*.py', forbid: 'eval' } } }
  - { id: t.hunch, title: Errors are handled, why: w, fix: f, priority: P0, tier: pilot, confidence: heuristic, probe: { text: { files: '*.py', find: 'except' } } }
  - { id: t.licence, title: A licence, why: w, fix: f, priority: P0, tier: pilot, probe: { exists: LICENSE } }
";

fn shop() -> World {
    World::new().checklist(CHECKLIST).tree(&[
        ("a.py", "x = 1\ndebug(x)\n"),
        ("b.py", "try: eval(y)\nexcept: pass\n"),
        ("ops/restore.sh", "restore\n"),
    ])
}

fn status(world: &World, item: &str) -> String {
    world.status(item).0
}

fn fingerprints(world: &World, item: &str) -> Vec<String> {
    let report = world.report();
    let evidence = item_of(&report, item)["evidence"].as_array().unwrap().clone();
    evidence.iter().map(|evidence| evidence["fingerprint"].as_str().unwrap().to_owned()).collect()
}

fn stories(world: &World, item: &str) -> Vec<(String, String)> {
    let report = world.report();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let decisions = item_of(&report, item)["decisions"].as_array().unwrap().clone();
    decisions.iter().map(|decision| (text(&decision["decision"]), text(&decision["note"]))).collect()
}

#[test]
fn an_answer_stands_until_a_covered_file_changes_and_again_when_it_is_given_again() {
    let world = shop();
    assert_eq!(status(&world, "t.asked"), "open");
    let run = world.run(&["attest", "t.asked", "--note", "14 minutes"]);
    assert!(run.succeeds().stderr.contains("attested t.asked: now attested"), "{run:?}");
    assert_eq!(world.status("t.asked").1, "attested by Ana on 2 Jan: 14 minutes");
    world.edit("README.md", "not covered\n");
    assert_eq!(status(&world, "t.asked"), "attested");
    world.edit("ops/restore.sh", "restore --fast\n");
    let (stale, why) = world.status("t.asked");
    assert_eq!(stale, "stale");
    assert!(why.contains("changed"), "{why}");
    world.run(&["attest", "t.asked"]).succeeds();
    assert_eq!(status(&world, "t.asked"), "attested");
    world.edit("ops/new.sh", "x\n");
    assert_eq!(status(&world, "t.asked"), "stale", "a file that came is a change of what is covered");
    world.remove("ops/new.sh");
    assert_eq!(status(&world, "t.asked"), "attested", "and is none when it went again");
}

#[test]
fn an_answer_stands_until_the_question_is_another_but_not_for_a_better_reason() {
    let world = shop();
    world.run(&["attest", "t.asked"]).succeeds();
    let text = std::fs::read_to_string(world.root().join("gonogo.yaml")).unwrap();
    world.edit("gonogo.yaml", &text.replace("rehearsed, why: w", "rehearsed, why: because"));
    assert_eq!(status(&world, "t.asked"), "attested");
    world.edit("gonogo.yaml", &text.replace("was rehearsed", "takes ten minutes"));
    assert_eq!(status(&world, "t.asked"), "stale");
}

#[test]
fn an_answer_is_due_again_when_its_time_is_over() {
    let world = shop();
    world.run(&["attest", "t.asked"]).succeeds();
    assert_eq!(world.status_at("2026-01-31", "t.asked").0, "attested");
    assert_eq!(world.status_at("2026-02-02", "t.asked").0, "stale");
}

#[test]
fn a_hunch_is_confirmed_by_a_person() {
    let world = shop();
    assert_eq!(status(&world, "t.hunch"), "likely");
    world.run(&["attest", "t.hunch"]).succeeds();
    assert_eq!(status(&world, "t.hunch"), "attested");
}

#[test]
fn nobody_attests_against_a_probe() {
    let world = shop();
    world.run(&["attest", "t.debug"]).refuses(2, "waive it, or dismiss the evidence");
    world.run(&["attest", "t.licence"]).refuses(2, "waive it");
    assert!(!world.root().join(".gonogo").exists(), "nothing was written");
    world.edit("a.py", "x = 1\n");
    world.run(&["attest", "t.debug"]).refuses(2, "it passes: nothing to confirm");
}

#[test]
fn a_waiver_needs_a_reason_a_day_to_come_and_something_to_waive() {
    let world = shop();
    let waive =
        |item: &str, reason: &str, expires: &str| world.run(&["waive", item, "--reason", reason, "--expires", expires]);
    world.run(&["waive", "t.debug", "--reason", "r"]).refuses(2, "--expires");
    world.run(&["waive", "t.debug", "--expires", "2026-02-01"]).refuses(2, "--reason");
    waive("t.debug", "  ", "2026-02-01").refuses(2, "a waiver needs a reason");
    waive("t.debug", "r", "2026-01-01").refuses(2, "2026-01-01 is past");
    waive("t.debug", "r", "soon").refuses(2, "2027-02-28");
    waive("t.firm", "r", "2026-02-01").refuses(2, "t.firm cannot be waived");
    waive("t.hunch", "r", "2026-02-01").refuses(2, "nothing to waive");
    waive("t.debug", "r", "30d").succeeds();
    assert_eq!(status(&world, "t.debug"), "waived");
}

#[test]
fn a_waiver_ends_with_its_last_day() {
    let world = shop();
    world.run(&["waive", "t.debug", "--reason", "r", "--expires", "2026-01-10"]).succeeds();
    assert_eq!(world.status_at("2026-01-10", "t.debug").0, "waived");
    let (status, why) = world.status_at("2026-01-11", "t.debug");
    assert_eq!(status, "failed");
    assert!(why.contains("waiver expired on 10 Jan"), "{why}");
}

#[test]
fn what_is_attested_is_not_attested_again_by_a_slip_of_the_finger() {
    let world = shop();
    world.run(&["attest", "t.asked"]).succeeds();
    world.run(&["attest", "t.asked"]).refuses(2, "it is attested already");
    world.run(&["attest", "t.asked", "--note", "rehearsed again, with the new dump"]).succeeds();
    assert_eq!(stories(&world, "t.asked").len(), 2);
}

#[test]
fn a_waiver_of_more_places_than_can_be_named_is_about_the_whole_item() {
    let world = shop();
    world.edit("a.py", &"debug(x)\n".repeat(300));
    let run = world.run(&["waive", "t.debug", "--reason", "goes with the rewrite", "--expires", "30d"]);
    assert!(run.succeeds().stderr.contains("all its 300 places, and any that are new"), "{}", run.stderr);
    assert_eq!(status(&world, "t.debug"), "waived");
    world.append("a.py", "debug(y)\n");
    assert_eq!(status(&world, "t.debug"), "waived");
}

#[test]
fn a_waiver_does_not_cover_what_came_after_it() {
    let world = shop();
    world.run(&["waive", "t.debug", "--reason", "r", "--expires", "2026-02-01"]).succeeds();
    world.edit("c.py", "debug(z)\n");
    let (status, why) = world.status("t.debug");
    assert_eq!(status, "failed");
    assert!(why.contains("1 place is not covered by the waiver of Ana"), "{why}");
}

#[test]
fn a_dismissal_is_bound_to_what_was_dismissed() {
    let world = shop();
    let all = fingerprints(&world, "t.debug");
    world.run(&["dismiss", "t.debug", "--evidence", &all[0][..8], "--reason", "a name"]).succeeds();
    assert_eq!(status(&world, "t.debug"), "passed");
    world.edit("a.py", "\n\n\nx = 1\n    debug(x)\n");
    assert_eq!(status(&world, "t.debug"), "passed", "it moved, and is the same");
    world.edit("a.py", "x = 1; debug(y)\n");
    let (status, why) = world.status("t.debug");
    assert_eq!(status, "failed", "another text is another match");
    assert!(!why.is_empty());
}

#[test]
fn another_match_on_the_dismissed_line_is_new() {
    let world = shop();
    let all = fingerprints(&world, "t.debug");
    world.run(&["dismiss", "t.debug", "--evidence", &all[0], "--reason", "a name"]).succeeds();
    world.edit("a.py", "x = 1\ndebug(x)\ndebug(x)\n");
    assert_eq!(status(&world, "t.debug"), "failed", "the same text once more");
    world.edit("a.py", "x = 1\ndebug(x); debug(secret)\n");
    assert_eq!(status(&world, "t.debug"), "failed", "more on the same line");
}

#[test]
fn a_dismissal_that_matches_nothing_any_more_is_told() {
    let world = shop();
    let all = fingerprints(&world, "t.debug");
    world.run(&["dismiss", "t.debug", "--evidence", &all[0], "--reason", "a name"]).succeeds();
    world.edit("a.py", "x = 1\n");
    let problems = world.report()["problems"].to_string();
    assert!(problems.contains("t.debug"), "{problems}");
}

#[test]
fn what_is_not_there_cannot_be_dismissed() {
    let world = shop();
    world.run(&["dismiss", "t.debug", "--evidence", "ffffffff", "--reason", "r"]).refuses(2, "ffffffff");
    let debug = fingerprints(&world, "t.debug");
    world.run(&["dismiss", "t.firm", "--evidence", &debug[0], "--reason", "r"]).refuses(2, "in t.firm");
    world
        .run(&["dismiss", "t.debug", "--evidence", &debug[0], "--reason", ""])
        .refuses(2, "a dismissal needs a reason");
    world.run(&["dismiss", "t.debug", "--evidence", "", "--reason", "r"]).refuses(2, "fingerprint");
    world.run(&["dismiss", "t.asked", "--evidence", &debug[0], "--reason", "r"]).refuses(2, "no evidence against it");
    let missing = fingerprints(&world, "t.licence");
    world.run(&["dismiss", "t.licence", "--evidence", &missing[0], "--reason", "r"]).refuses(2, "cannot be dismissed");
}

#[test]
fn not_applicable_answers_an_absence_but_not_a_place() {
    let world = shop();
    world.run(&["not-applicable", "t.debug", "--reason", "r"]).refuses(2, "it fails at places");
    world.run(&["not-applicable", "t.licence", "--reason", " "]).refuses(2, "needs a reason");
    world.run(&["not-applicable", "t.licence", "--reason", "internal"]).succeeds();
    assert_eq!(status(&world, "t.licence"), "not-applicable");
}

#[test]
fn a_word_can_be_taken_back_but_no_word_cannot() {
    let world = shop();
    world.run(&["retract", "t.asked"]).refuses(2, "nobody has said anything of t.asked");
    world.run(&["attest", "t.asked"]).succeeds();
    world.run(&["retract", "t.asked"]).succeeds();
    assert_eq!(status(&world, "t.asked"), "open");
    assert_eq!(stories(&world, "t.asked").len(), 2, "what was said stays told");
    world.run(&["retract", "t.asked"]).refuses(2, "nobody has said anything of t.asked");
}

#[test]
fn notes_and_assignments_are_told_and_change_no_status() {
    let world = shop();
    world.run(&["note", "t.asked", "--note", "on Monday"]).succeeds();
    world.run(&["assign", "t.asked", "--to", "Ben"]).succeeds();
    world.run(&["note", "t.asked", "--note", ""]).refuses(2, "a note needs words");
    world.run(&["assign", "t.asked", "--to", ""]).refuses(2, "assign to whom?");
    assert_eq!(status(&world, "t.asked"), "open");
    let report = world.report();
    assert_eq!(item_of(&report, "t.asked")["decisions"][1]["to"], "Ben");
    assert_eq!(stories(&world, "t.asked")[0], ("note".to_owned(), "on Monday".to_owned()));
}

#[test]
fn somebody_must_sign() {
    let world = shop().nobody();
    world.run(&["attest", "t.asked"]).refuses(2, "GONOGO_AUTHOR");
    let signed = world.run(&["attest", "t.asked", "--author", BEN]);
    assert_eq!(signed.code, 0, "{signed:?}");
    let repository = shop().nobody().git();
    repository.git_does(&["config", "user.name", "Cleo"]);
    repository.git_does(&["config", "user.email", "cleo@example.org"]);
    repository.run(&["attest", "t.asked"]).succeeds();
    let report = repository.report();
    assert_eq!(item_of(&report, "t.asked")["decisions"][0]["by"], "Cleo <cleo@example.org>");
}

#[test]
fn every_command_suggests_the_item_that_was_meant() {
    let world = shop();
    let commands: [&[&str]; 7] = [
        &["attest", "t.askd"],
        &["note", "t.askd", "--note", "n"],
        &["waive", "t.askd", "--reason", "r", "--expires", "9d"],
        &["dismiss", "t.askd", "--evidence", "f", "--reason", "r"],
        &["not-applicable", "t.askd", "--reason", "r"],
        &["assign", "t.askd", "--to", "b"],
        &["retract", "t.askd"],
    ];
    for command in commands {
        world.run(command).refuses(2, "no item \"t.askd\" in this checklist, did you mean \"t.asked\"");
    }
}

#[test]
fn a_person_against_the_machine_is_shown_and_loses() {
    let world = shop();
    world.edit("a.py", "x = 1\n");
    world.edit("b.py", "except\n");
    world.run(&["attest", "t.hunch"]).succeeds();
    world.edit("b.py", "nothing\n");
    let (status, why) = world.status("t.hunch");
    assert_eq!(status, "failed");
    assert!(why.contains("Ana attested it on 2 Jan"), "{why}");
}

#[test]
fn two_who_could_not_see_each_other_disagree() {
    let world = shop().git();
    world.git_does(&["branch", "other"]);
    world.run(&["attest", "t.asked"]).succeeds();
    world.commit();
    world.git_does(&["switch", "-q", "other"]);
    let ben = world.author(BEN);
    ben.run(&["not-applicable", "t.asked", "--reason", "no data"]).succeeds();
    ben.commit();
    ben.git_does(&["merge", "-q", "main", "-m", "both"]);
    let (status, why) = ben.status("t.asked");
    assert_eq!(status, "disputed");
    assert!(why.contains("Ana attested") && why.contains("Ben said not-applicable"), "{why}");
    ben.run(&["attest", "t.asked"]).succeeds();
    assert_eq!(ben.status("t.asked").0, "attested", "whoever sees both may settle it");
}

#[test]
fn steps_back_and_forth_survive_a_restart_and_are_ones_own() {
    let world = shop();
    let attest = Intent::Attest { item: "t.asked".into(), note: String::new(), choice: None, part: None };
    world.session().decide(&attest).unwrap();
    let word = |world: &World| row(world.session().board(), "t.asked").status.word();
    assert_eq!(word(&world), "attested");
    let ben = world.author(BEN);
    assert!(ben.session().undo().unwrap_err().contains("nothing to undo"));
    let ana = ben.author(ANA);
    let (said, update) = ana.session().undo().unwrap();
    assert_eq!((said.as_str(), update.flips.len()), ("undone: t.asked", 1));
    assert_eq!(word(&ana), "open");
    ana.session().redo().unwrap();
    assert_eq!(word(&ana), "attested");
    assert!(ana.session().redo().unwrap_err().contains("nothing to redo"));
    ana.session().undo().unwrap();
    ana.session().decide(&Intent::Note { item: "t.debug".into(), text: "went on".into() }).unwrap();
    assert!(ana.session().redo().is_err(), "who goes on leaves behind what was undone");
}

#[test]
fn explain_tells_all_that_is_known() {
    let world = shop();
    world.run(&["note", "t.debug", "--note", "soon gone"]).succeeds();
    let run = world.run(&["explain", "t.debug"]);
    let text = &run.succeeds().stdout;
    let fingerprint = &fingerprints(&world, "t.debug")[0];
    for words in [
        "No debug output\n",
        "t.debug · P0 · needed from pilot",
        "Status  failed",
        "Why     w\n",
        "Fix     f\n",
        "From    gonogo.yaml:",
        "  probe:\n    text:\n      files: '*.py'\n      forbid: debug\\(\\w+\\)\n",
        "a.py:2",
        fingerprint,
        "2026-01-02  Ana <ana@example.org>  note: soon gone",
    ] {
        assert!(text.contains(words), "no \"{words}\" in\n{text}");
    }
    let asked = world.run(&["explain", "t.asked"]);
    assert!(asked.stdout.contains("a person answers: The restore was rehearsed"), "{asked:?}");
    assert!(asked.stdout.contains("nobody has said anything"), "{asked:?}");
}

#[test]
fn what_was_decided_says_who_when_and_on_what() {
    let world = shop().git();
    world.run(&["attest", "t.asked"]).succeeds();
    let dir = world.root().join(".gonogo/ledger/t.asked");
    let file = std::fs::read_dir(dir).unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(file).unwrap();
    let commit = world.git_does(&["rev-parse", "HEAD"]);
    let blob = world.git_does(&["hash-object", "ops/restore.sh"]);
    for words in ["decision: attest", "by: Ana <ana@example.org>", "at: 2026-01-02T", commit.trim(), blob.trim()] {
        assert!(text.contains(words), "no \"{words}\" in\n{text}");
    }
}

/// An item that two probes and a person answer together.
fn mixed(probe: &str) -> World {
    let item = format!("  - {{ id: t.mixed, title: T, why: w, fix: f, priority: P0, tier: pilot, {probe} }}\n");
    World::new().checklist(&format!("{CHECKLIST}{item}")).tree(&[("a.py", "debug(x)\n")])
}

#[test]
fn a_dismissal_answers_no_question_that_stands_beside_the_place() {
    let forbid = r"{ text: { files: '*.py', forbid: 'debug\(\w+\)' } }";
    let world = mixed(&format!("probe: {{ all: [{forbid}, {{ ask: Was it rehearsed? }}] }}"));
    assert_eq!(status(&world, "t.mixed"), "failed");
    let fingerprint = fingerprints(&world, "t.mixed").remove(0);
    world.run(&["dismiss", "t.mixed", "--evidence", &fingerprint, "--reason", "an example"]).succeeds();
    assert_eq!(status(&world, "t.mixed"), "open");
    world.run(&["attest", "t.mixed"]).succeeds();
    assert_eq!(status(&world, "t.mixed"), "attested");
}

#[test]
fn a_place_that_two_probes_found_is_dismissed_once() {
    let forbid = |view: &str| format!(r"{{ text: {{ files: '*.py', forbid: 'debug\(\w+\)', in: {view} }} }}");
    let world = mixed(&format!("probe: {{ all: [{}, {}] }}", forbid("code"), forbid("any")));
    let fingerprint = fingerprints(&world, "t.mixed").remove(0);
    world.run(&["dismiss", "t.mixed", "--evidence", &fingerprint, "--reason", "an example"]).succeeds();
    assert_eq!(status(&world, "t.mixed"), "passed");
}

#[test]
fn a_condition_that_only_a_person_knows_leaves_the_item_open() {
    let world = mixed("when: { ask: Do you take cards? }, probe: { exists: LICENSE }");
    assert_eq!(status(&world, "t.mixed"), "open");
}

#[test]
fn nobody_attests_what_fails_behind_a_not_applicable() {
    let world = shop();
    world.run(&["not-applicable", "t.licence", "--reason", "in house only"]).succeeds();
    world.run(&["attest", "t.licence"]).refuses(2, "the probe fails");
    assert_eq!(status(&world, "t.licence"), "not-applicable");
}
