//! Repositories that lack something, and names that stand for no commit.

use std::fs;
use std::process::Command;

use super::history::shop;
use crate::world::World;

/// A clone of the shop, made as these arguments say.
fn clone(of: &World, arguments: &[&str]) -> World {
    let copy = World::new().today("2026-01-09");
    let from = format!("file://{}", of.root().display());
    copy.git_does(&[&["clone", "-q"], arguments, &[&from, "."]].concat());
    copy
}

#[test]
fn a_shallow_clone_tells_where_its_history_ends() {
    let copy = clone(&shop(), &["--depth", "2"]);
    let run = copy.run(&["history"]);
    assert!(run.succeeds().stdout.contains("2 commits of main"), "{run:?}");
    assert!(
        run.stdout.contains("shallow clone: older commits are not here (git fetch --unshallow brings them)"),
        "{run:?}"
    );
    let json = copy.run(&["history", "--format", "json"]).json();
    assert_eq!((&json["complete"], json["commits"].as_array().unwrap().len()), (&false.into(), 2));
    copy.run(&["check", "--rev", "HEAD~2"]).refuses(2, "HEAD~2: not in this shallow clone (git fetch --unshallow");
    let text = copy.run(&["blame", "t.readme"]).succeeds().stdout.clone();
    assert!(
        text.contains("passed in every commit since") && text.contains("no older one was looked at: shallow clone"),
        "{text}"
    );
    assert_eq!(copy.run(&["diff", "HEAD~1", "HEAD"]).code, 1);
}

#[test]
fn a_partial_clone_does_not_guess_what_it_lacks() {
    let world = shop();
    world.edit("empty.py", "").commit_on("2026-01-07", "Empty");
    world.git_does(&["config", "uploadpack.allowFilter", "true"]);
    let copy = clone(&world, &["--filter=blob:none"]);
    let run = copy.run(&["check", "--rev", "HEAD~3", "--format", "json"]);
    let report = run.json();
    let status =
        |id: &str| report["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap()["status"].clone();
    assert_eq!(run.code, 3, "{run:?}");
    assert_eq!(status("t.debug"), "unknown");
    let problem = report["problems"][0]["message"].as_str().unwrap();
    assert!(
        problem.starts_with("the content of this file is not in this clone (a partial one); git worktree add"),
        "{problem}"
    );
    // A name is known without its content, and that it is not empty is too.
    let report = copy.run(&["check", "--rev", "HEAD~1", "--format", "json"]).json();
    let readme = report["items"].as_array().unwrap().iter().find(|item| item["id"] == "t.readme").unwrap();
    assert_eq!(readme["status"], "passed");
    let bare = clone(&world, &["--filter=tree:0"]);
    bare.run(&["check", "--rev", "HEAD~3"])
        .refuses(2, "HEAD~3: cannot be looked at, its directories are not in this clone");
    let text = bare.run(&["history"]).succeeds().stdout.clone();
    assert!(text.contains("cannot be judged: ") && text.contains("NO-GO"), "{text}");
}

#[test]
fn a_name_that_stands_for_no_commit_is_told_with_what_would_be_right() {
    let world = shop();
    world.git_does(&["tag", "-a", "-m", "v1", "v1", "HEAD~1"]);
    world.git_does(&["tag", "light", "HEAD~2"]);
    world.git_does(&["tag", "tree-tag", "HEAD^{tree}"]);
    let code = |spec: &str| world.run(&["check", "--rev", spec]).code;
    assert_eq!([code("v1"), code("light"), code("HEAD^{/Debug}"), code("main@{0}")], [0, 0, 0, 1]);
    let refuses = |spec: &str, words: &str| {
        world.run(&["check", &format!("--rev={spec}")]).refuses(2, words);
        world.run(&["export", &format!("--rev={spec}")]).refuses(2, words);
        world.run(&["history", &format!("--rev={spec}")]).refuses(2, words);
        world.run(&["blame", "t.debug", &format!("--rev={spec}")]).refuses(2, words);
        if !spec.starts_with('-') {
            world.run(&["diff", spec, "HEAD"]).refuses(2, words);
        }
    };
    refuses("HEAD^{tree}", "HEAD^{tree}: is a directory; name a commit");
    refuses("tree-tag", "tree-tag: is a directory; name a commit");
    refuses("HEAD:a.py", "HEAD:a.py: is a file; name a commit");
    refuses("nothing", "nothing: no such commit; name it by its id, a branch, a tag, or as HEAD~2");
    refuses("--all", "--all: no such commit");
    refuses("-1", "-1: no such commit");
    refuses("HEAD~99", "HEAD~99: no such commit");
    refuses("", ": no such commit");
    world.run(&["check", "--rev", "HEAD~1..HEAD"]).refuses(2, "HEAD~1..HEAD: a range of commits; name one");
    world
        .run(&["check", "--rev", "HEAD", "--own-checklist", "--checklist", "gonogo.yaml"])
        .refuses(2, "leave --checklist out");
    world.run(&["check", "--own-checklist"]).refuses(2, "--rev");
}

#[test]
fn without_a_commit_or_a_repository_there_is_one_clear_message() {
    let unborn = World::new().tree(&[("a.py", "x\n")]).checklist("title: T\ncategories: [{ id: t, title: T }]\nitems:\n  - { id: t.a, title: A, why: w, fix: f, priority: P0, probe: { exists: a.py } }\n");
    for arguments in [&["check", "--rev", "HEAD"][..], &["history"], &["diff", "HEAD"], &["blame", "t.a"]] {
        unborn.run(arguments).refuses(2, "there is no git repository here, and so no commits");
    }
    unborn.git_does(&["init", "-q"]);
    for arguments in [&["check", "--rev", "HEAD"][..], &["history"], &["diff", "HEAD"], &["blame", "t.a"]] {
        unborn.run(arguments).refuses(2, "HEAD: there is no commit yet");
    }
}

#[test]
fn a_repository_of_another_form_is_told_as_what_it_is() {
    let world = World::new().tree(&[("a.py", "x\n")]).checklist("title: T\ncategories: [{ id: t, title: T }]\nitems:\n  - { id: t.a, title: A, why: w, fix: f, priority: P0, probe: { exists: a.py } }\n");
    let made = Command::new("git").args(["init", "-q", "--object-format=sha256"]).current_dir(world.root()).status();
    if !made.is_ok_and(|status| status.success()) {
        return; // A git from before there was such a form.
    }
    world.commit();
    world.run(&["check", "--rev", "HEAD"]).refuses(2, "commits cannot be looked at: git is left out: ");
    world.run(&["check", "--rev", "HEAD"]).refuses(2, "sha256");
}

#[test]
fn a_submodule_is_a_border_in_a_commit_as_it_is_on_the_disk() {
    let inner = shop();
    let world = World::new().tree(&[("a.py", "x\n")]).checklist("title: T\ncategories: [{ id: t, title: T }]\nitems:\n  - { id: t.a, title: A, why: w, fix: f, priority: P0, probe: { text: { files: ['**/*.py'], forbid: 'debug = 1' } } }\n");
    let world = world.git();
    world.git_does(&["submodule", "add", "-q", inner.root().to_str().unwrap(), "vendored"]);
    world.commit();
    let (tree, commit) = (world.report(), world.run(&["check", "--rev", "HEAD", "--format", "json"]).json());
    assert_eq!(tree["items"], commit["items"]);
    assert_eq!((&tree["items"][0]["status"], &tree["tree"]["files"]), (&"passed".into(), &commit["tree"]["files"]));
    world.git_does(&["rm", "-q", "--cached", "vendored"]);
    fs::remove_dir_all(world.root().join("vendored")).unwrap();
    world.edit("vendored/b.py", "debug = 1\n").commit();
    let json = world.run(&["history", "--format", "json"]).json();
    assert_eq!(json["commits"][0]["changes"][0]["files"], serde_json::json!(["vendored/b.py"]), "{json}");
}

#[test]
fn a_folder_of_a_repository_has_a_history_of_its_own() {
    let world = World::new().tree(&[("other/x.py", "debug = 1\n")]).today("2026-01-09").git();
    world.edit("app/a.py", "debug = 1\n").edit("app/gonogo.yaml", "gonogo: 1\ntitle: T\ncategories: [{ id: t, title: T }]\nitems:\n  - { id: t.a, title: A, why: w, fix: f, priority: P0, probe: { text: { files: ['**/*.py'], forbid: 'debug = 1' } } }\n");
    world.commit_on("2026-01-06", "An app");
    world.edit("app/a.py", "debug = 0\n").commit_on("2026-01-07", "Better");
    let json = world.run(&["history", "app", "--format", "json"]).json();
    let verdicts: Vec<&str> = json["commits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|commit| commit["verdicts"][0]["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(verdicts, ["go", "no-go", "go"], "there was nothing to find before there was an app");
    assert_eq!(json["commits"][2]["files"], 0);
    assert_eq!(json["commits"][0]["changes"][0]["files"], serde_json::json!(["a.py"]));
}

#[test]
fn every_format_is_written_of_a_commit() {
    let world = shop();
    world.edit("a.py", "debug = 2\n");
    for format in gonogo::report::format::ALL {
        let run = world.run(&["export", "--rev", "HEAD~3", "--format", format.name]);
        assert!(run.code == 0 && !run.stdout.is_empty(), "{run:?}");
        assert!(format.name == "plan" || run.stdout.contains("a.py"), "{run:?}");
    }
    let text = world.run(&["export", "--rev", "HEAD~3", "--report"]).succeeds().stdout.clone();
    assert!(text.contains("> 1 | debug = 1"), "the lines of that commit: {text}");
    let id = world.git_does(&["rev-parse", "HEAD~3"]);
    assert!(text.contains(id.trim()), "{text}");
    let text = world.run(&["export", "--rev", "HEAD", "--report", "--since", "HEAD~1"]).succeeds().stdout.clone();
    assert!(text.contains("**Worse** (1)"), "{text}");
}
