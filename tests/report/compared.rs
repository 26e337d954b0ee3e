//! The full audit of a tree on the disk, and what changed since a revision or a report that was kept.

use std::fs;

use super::audit::section;
use crate::world::World;

const CHECKLIST: &str = r#"title: Shop
categories:
  - { id: ops, title: Operations }
  - { id: dr, title: Recovery }
items:
  - id: ops.no-debug
    title: Debug is off
    why: Debug pages show secrets.
    fix: Turn it off.
    priority: P0
    effort: 5m
    probe: { text: { files: ["*.py"], forbid: 'DEBUG = True' } }
  - id: ops.readme
    title: There is a README
    why: Somebody has to start somewhere.
    fix: Write one.
    priority: P1
    effort: 30m
    probe: { exists: ["README.md"] }
  - id: ops.no-stray
    title: No stray file
    why: Nobody knows which one counts.
    fix: Delete it.
    priority: P2
    effort: 5m
    probe: { absent: ["**/*.orig"] }
  - id: dr.restore
    title: A restore was rehearsed
    why: A backup is worth what its restore is.
    fix: Rehearse it.
    priority: P0
    covers: ["restore.sh"]
    review_every: 90d
  - id: dr.owner
    title: Somebody owns the backup
    why: What everybody owns nobody does.
    fix: Name one.
    priority: P1
    waivable: true
"#;

fn world() -> World {
    World::new()
        .today("2026-01-06")
        .tree(&[
            ("settings.py", "import os\n\nDEBUG = True\nNAME = 'shop'\n"),
            ("restore.sh", "pg_restore dump\n"),
            ("a.py.orig", "x\n"),
        ])
        .checklist(CHECKLIST)
        .git()
}

/// The decisions and the repairs of an afternoon.
fn worked() -> World {
    let world = world();
    world.run(&["attest", "dr.restore", "--note", "took 14 minutes"]).succeeds();
    world.commit();
    world.edit("settings.py", "import os\n\nDEBUG = False\nNAME = 'shop'\n");
    world.edit("README.md", "# Shop\n");
    world.run(&["note", "ops.no-stray", "--note", "goes with the next merge"]).succeeds();
    world.run(&["waive", "dr.owner", "--reason", "hiring", "--expires", "2026-03-01"]).succeeds();
    world.edit("restore.sh", "pg_restore --clean dump\n").commit();
    world
}

fn since(world: &World, revision: &str) -> String {
    let run = world.run(&["export", "--report", "--since", revision]);
    run.succeeds();
    section(&run.stdout, "Changes").unwrap_or_else(|| panic!("{run:?}")).to_owned()
}

#[test]
fn the_whole_report_of_a_small_shop() {
    let world = worked();
    let text = world.run(&["export", "--report", "--since", "HEAD~1"]).succeeds().stdout.clone();
    let ruler = text.split("ruler `").nth(1).unwrap().split('`').next().unwrap();
    let text = text.replace(ruler, "RULER").replace(env!("CARGO_PKG_VERSION"), "VERSION");
    let commit = world.git_does(&["rev-parse", "HEAD"]);
    let before = world.git_does(&["rev-parse", "HEAD~1"]);
    insta::assert_snapshot!(text.replace(commit.trim(), "COMMIT").replace(before.trim(), "BEFORE"));
}

#[test]
fn what_changed_is_told_with_before_and_after() {
    let text = since(&worked(), "HEAD~1");
    assert!(text.contains("**Fixed or confirmed** (2):"), "{text}");
    assert!(text.contains("`ops.no-debug`: was failed (settings.py:3), is passed (none in 1 file)"), "{text}");
    assert!(text.contains("**Worse** (1):"), "the revision holds the attestation that is stale now: {text}");
    assert!(text.contains("[`dr.restore`](#dr.restore): was attested"), "{text}");
    assert!(text.contains("- [`ops.no-stray`](#ops.no-stray): 1 note"), "{text}");
    assert!(text.contains("Since `HEAD~1` (5 Jan 2026, commit `"), "{text}");
}

#[test]
fn a_revision_does_not_know_later_decisions() {
    let text = since(&worked(), "HEAD~2");
    assert!(!text.contains("was attested"), "{text}");
    assert!(!text.contains("**Worse**"), "{text}");
}

#[test]
fn an_unchanged_tree_says_so() {
    let text = since(&world(), "HEAD");
    assert!(text.contains("as it was.") && text.contains("No item has another status."), "{text}");
}

#[test]
fn a_report_that_was_kept_can_be_compared_with() {
    let world = world();
    let kept = world.root().parent().unwrap().join("kept.json");
    world.run(&["export", "--format", "json", "--output", kept.to_str().unwrap()]).succeeds();
    world.edit("README.md", "# Shop\n");
    let run = world.run(&["export", "--report", "--baseline", kept.to_str().unwrap()]);
    let text = section(&run.succeeds().stdout, "Changes").unwrap();
    assert!(text.contains("`ops.readme`: was failed"), "{text}");
    let measured = fs::read_to_string(&kept).unwrap().replace("\"ruler\": \"", "\"ruler\": \"0");
    fs::write(&kept, measured).unwrap();
    let run = world.run(&["export", "--report", "--baseline", kept.to_str().unwrap()]);
    let text = section(&run.succeeds().stdout, "Changes").unwrap();
    assert!(text.contains("measured with another ruler, so no score is compared"), "{text}");
    assert!(!run.stdout.contains("| since |"), "{}", run.stdout);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let world = world();
    world.run(&["export", "--report", "--since", "nowhere"]).refuses(2, "nowhere: ");
    world.run(&["export", "--since", "HEAD"]).refuses(2, "only the report compares with an earlier state");
    world.run(&["export", "--report", "--baseline", "settings.py"]).refuses(2, "settings.py: no report that can be");
    world.edit("old.json", "{\"version\": 9}");
    world
        .run(&["export", "--report", "--baseline", "old.json"])
        .refuses(2, "version 9 of the format, where 1 is known");
    let bare = World::new().tree(&[("a.py", "")]).checklist(CHECKLIST);
    bare.run(&["export", "--report", "--since", "HEAD"]).refuses(2, "there is no git repository here");
}

#[test]
fn what_a_person_finds_is_shown_in_its_lines_and_no_secret_with_it() {
    let world =
        World::new().tree(&[("settings.py", "a = 1\nSECRET = 'hunter2hunter2'\nnext_key = 'plain words here'\n")]);
    let world = world.checklist(
        "categories: [{ id: s, title: Secrets }]\nitems:\n  - { id: s.a, title: A, why: w, fix: f, priority: P0, probe: { text: { files: ['*.py'], forbid: \"SECRET = '\" } } }\n  - { id: s.b, title: B, why: w, fix: f, priority: P0, probe: { text: { files: ['*.py'], forbid: 'a = 1' } } }\n",
    );
    let text = world.run(&["export", "--report"]).succeeds().stdout.clone();
    assert!(!text.contains("hunter2"), "{text}");
    assert!(text.contains("> 2 | SECRET = 'hu••••••'\n```"), "its neighbours are not shown: {text}");
    assert!(text.contains("> 1 | a = 1\n  2 | SECRET = 'hu••••••'\n"), "{text}");
}

#[test]
fn a_command_is_run_for_the_tree_and_never_for_a_revision() {
    let script = "echo told; echo ran >> ../ran.txt; exit 1";
    let run = serde_json::to_string(&["sh", "-c", script]).unwrap();
    let world = World::new().tree(&[("a.py", "x\n")]).checklist(&format!(
        "categories: [{{ id: t, title: T }}]\nitems:\n  - {{ id: t.run, title: It runs, why: w, fix: f, priority: P0, probe: {{ command: {{ run: {run} }} }} }}\n"
    ));
    let world = world.git();
    world.run(&["trust", "--yes"]).succeeds();
    let text = world.run(&["export", "--report", "--since", "HEAD"]).succeeds().stdout.clone();
    assert_eq!(fs::read_to_string(world.root().join("../ran.txt")).unwrap(), "ran\n");
    assert!(section(&text, "Changes").unwrap().contains("was unknown (not run: "), "{text}");
    assert!(section(&text, "Gaps by priority").unwrap().contains("It printed last:\n\n```\ntold\n```"), "{text}");
    assert!(text.contains("- Commands: 1 item asked for one; only what a person approved was run"), "{text}");
}

#[test]
fn the_plan_names_the_paths_to_look_at() {
    let text = world().run(&["export", "--plan"]).succeeds().stdout.clone();
    assert!(text.contains("- [ ] P0 Debug is off `ops.no-debug`\n  - A probe decides, required from Pilot, to fix: 5m\n  - Look at: `*.py`"), "{text}");
    assert!(text.contains("  - Look at: `restore.sh`"), "what an answer is bound to: {text}");
}

/// A page that tells what is missing names it: it must not prove that it is there.
#[test]
fn a_report_in_the_tree_is_no_evidence_of_what_it_tells() {
    let world = World::new().tree(&[("README.md", "# Shop\n")]);
    let world = world.checklist(
        "categories: [{ id: d, title: D }]\nitems:\n  - { id: d.find, title: Backups are described, why: w, fix: describe the backup, priority: P0, probe: { text: { files: ['*.md'], find: backup } } }\n  - { id: d.forbid, title: No debug, why: w, fix: f, priority: P0, probe: { text: { files: ['*.md'], forbid: 'xoxb-' } } }\n  - { id: d.each, title: Each has a title, why: w, fix: f, priority: P0, probe: { text: { files: ['*.md'], find: 'Shop', each: true } } }\n  - { id: d.only, title: O, why: w, fix: f, priority: P0, no_files: not-applicable, probe: { text: { files: ['A*.md'], find: 'x' } } }\n",
    );
    let proven = || {
        let mut items = world.report()["items"].clone();
        items.as_array_mut().unwrap().retain(|item| item["id"] != "d.forbid");
        items
    };
    let before = proven();
    for arguments in [&["--report"][..], &["--plan"], &[]] {
        let export = [&["export", "--output", "AUDIT.md"], arguments].concat();
        world.run(&export).succeeds();
        assert_eq!(proven(), before, "{arguments:?}");
        assert_eq!(world.status("d.forbid").0, "passed");
    }
    world.run(&["export", "--report", "--output", "AUDIT.md"]).succeeds();
    let again = world.run(&["export", "--report"]).succeeds().stdout.clone();
    assert!(again.contains("1 report of this program, which proves nothing"), "{again}");
    assert!(!section(&again, "Documents").unwrap().contains("AUDIT.md"), "{again}");
    let kept = fs::read_to_string(world.root().join("AUDIT.md")).unwrap();
    world.edit("AUDIT.md", &format!("{kept}\nxoxb-\n"));
    assert_eq!(world.status("d.forbid").0, "failed", "its mark hides nothing that is forbidden");
    world.edit("AUDIT.md", "backup\n");
    assert_eq!(world.status("d.find").0, "passed", "a page of somebody's own is looked at");
}

#[test]
fn only_one_kind_of_report_is_written() {
    let world = world();
    world.run(&["export", "--report", "--plan"]).refuses(2, "cannot be used with");
    world.run(&["export", "--report", "--format", "json"]).refuses(2, "cannot be used with");
    let kept = world.root().join("AUDIT.md");
    world.run(&["export", "--report", "--output", "AUDIT.md"]).succeeds();
    let printed = world.run(&["export", "--format", "report"]).succeeds().stdout.clone();
    assert!(fs::read_to_string(kept).unwrap().contains("\n# Production readiness of tree\n"));
    assert!(printed.contains("\n# Production readiness of tree\n"));
}

/// What is confirmed one by one, what is counted, and what stands layer by layer.
#[test]
fn elements_numbers_and_layers_have_tables_of_their_own() {
    let world = World::new().tree(&[("routes.py", "get('/users')\nget('/orders')\n"), ("model.py", "x = 1\n")]).checklist(
        "categories: [{ id: d, title: D }]\nmetrics:\n  - { id: todo, title: Open ends, count: { files: '*.py', capture: 'TODO (\\w+)', in: any }, at_most: 1 }\nitems:\n  - { id: d.routes, title: Who may call what, why: w, fix: f, priority: P1, inventory: { files: routes.py, capture: \"get..(/[a-z]+)\" } }\n  - { id: d.layers, title: Orders are whole, why: w, fix: f, priority: P1, probe: { all: [ { exists: model.py, part: a model }, { exists: page.tsx, part: a page } ] } }\n",
    );
    world.run(&["attest", "d.routes", "--part", "/users", "--note", "checked"]).succeeds();
    let text = world.run(&["export", "--report"]).succeeds().stdout.clone();
    let inventories = section(&text, "Inventories").unwrap();
    assert!(inventories.contains("1 of 2 confirmed (50 %)"), "{inventories}");
    assert!(inventories.contains("| `/users` | `routes.py:1` | ● attested | Ana, 2 Jan 2026 |"), "{inventories}");
    assert!(inventories.contains("| `/orders` | `routes.py:2` | ○ open |"), "{inventories}");
    let metrics = section(&text, "Metrics").unwrap();
    assert!(metrics.contains("| Open ends | 0 | at most 1 | met |"), "{metrics}");
    let layers = section(&text, "Layers").unwrap();
    assert!(layers.contains("| a model | a page |"), "{layers}");
}
