//! Repositories that are broken, foreign or sly.

use std::fs;
use std::process::Command;

use crate::hostile::{ASK, FORBID, Place, TRACKED, run, set_mode};

fn repository() -> Place {
    Place::asking(&[TRACKED]).committed()
}

#[test]
fn no_commit_a_loose_head_and_a_bare_repository_are_told_apart() {
    let empty = Place::asking(&[TRACKED]);
    empty.run(&["check"]).ends_with(3).says("no git repository");
    empty.git(&["init", "-q"]);
    empty.run(&["check"]).ends_with(1).says("no commit");
    let loose = repository();
    loose.git(&["checkout", "-q", "--detach"]);
    loose.run(&["check"]).ends_with(0).says("clean");
    loose.run(&["check", ".git"]).ends_with(2).says("holds git's own files");
    let bare = Place::new();
    bare.git(&["init", "-q", "--bare", "b.git"]);
    bare.run(&["check", "b.git"]).ends_with(2).says("holds git's own files");
}

#[test]
fn a_repository_of_somebody_else_is_left_out_and_said_so() {
    if !rustix::process::getuid().is_root() {
        return; // Only root can give a folder away.
    }
    let place = repository();
    let mut give = Command::new("chown");
    give.args(["-R", "12345"]).arg(place.path());
    run(give).ends_with(0);
    let ran = place.run(&["check"]).ends_with(3).says("belongs to somebody else").says("safe.directory");
    ran.says("? P0  G");
}

#[test]
fn what_git_cannot_say_is_unknown_and_never_a_wrong_word() {
    let lost = Place::asking(&[TRACKED]).file(".git", "gitdir: /nowhere/x\n");
    lost.run(&["check"]).ends_with(3).says("leads to no repository").says("? P0  G");
    let index = repository().file(".git/index", b"DIRC\0\0\0\x02garbage".repeat(10));
    index.run(&["check"]).ends_with(3).says("index cannot be read").says("? P0  G");
    let head = repository().file(".git/HEAD", "garbage");
    head.run(&["check"]).says("git's word is missing");
    let config = repository().file(".git/config", "[broken\n");
    config.run(&["check"]).ends_with(3).says("failed to parse config file");
    let objects = repository();
    fs::remove_dir_all(objects.at(".git/objects")).unwrap();
    fs::create_dir(objects.at(".git/objects")).unwrap();
    objects.run(&["check"]).says("git's word is missing");
}

#[test]
fn a_key_file_is_not_called_untracked_where_git_cannot_be_asked() {
    let absent = "id: a.k, title: K, why: w, fix: f, priority: P0, tier: pilot, \
                  probe: {absent: {files: ['*.pem'], tracked: true}}";
    let place = Place::asking(&[absent]).file("key.pem", "x").committed();
    place.run(&["check"]).ends_with(1);
    let place = place.file(".git/index", "garbage");
    place.run(&["check"]).ends_with(3).says("tells what is tracked");
}

#[test]
fn nothing_that_a_repository_names_is_ever_executed() {
    let place = Place::asking(&[TRACKED, FORBID, ASK]).committed();
    let canary = place.at("canary");
    let script = place.at(".git/evil.sh");
    fs::write(&script, format!("#!/bin/sh\ntouch {}\ncat\n", canary.display())).unwrap();
    set_mode(&script, 0o755);
    let evil = script.to_str().unwrap();
    // A form of the index that the library does not know: the git program has to be asked.
    place.git(&["update-index", "--split-index"]);
    let shell = format!("!{evil}");
    let remote = format!("ext::{evil}");
    for (name, value) in [
        ("core.fsmonitor", evil),
        ("core.pager", evil),
        ("core.hooksPath", place.at(".git/hooks").to_str().unwrap()),
        ("core.sshCommand", evil),
        ("core.editor", evil),
        ("core.askPass", evil),
        ("core.gitProxy", evil),
        ("core.alternateRefsCommand", evil),
        ("filter.x.clean", evil),
        ("filter.x.smudge", evil),
        ("filter.x.process", evil),
        ("filter.x.required", "true"),
        ("diff.x.textconv", evil),
        ("diff.external", evil),
        ("alias.ls-files", &shell),
        ("alias.status", &shell),
        ("credential.helper", &shell),
        ("gpg.program", evil),
        ("remote.origin.url", &remote),
        ("remote.origin.promisor", "true"),
        ("protocol.ext.allow", "always"),
    ] {
        fs::OpenOptions::new()
            .append(true)
            .open(place.at(".git/config"))
            .and_then(|mut file| {
                use std::io::Write;
                let (section, key) = name.rsplit_once('.').unwrap();
                let section = match section.split_once('.') {
                    Some((section, sub)) => format!("{section} \"{sub}\""),
                    None => section.to_owned(),
                };
                writeln!(file, "[{section}]\n\t{key} = \"{value}\"")
            })
            .unwrap();
    }
    for hook in ["post-index-change", "reference-transaction", "post-checkout", "pre-commit", "fsmonitor-watchman"] {
        fs::copy(&script, place.at(".git/hooks").join(hook)).unwrap();
    }
    let place = place.file(".gitattributes", "* filter=x diff=x\n").file("a.txt", "changed\n");
    for arguments in [&["check"][..], &["export"], &["explain", "a.g"], &["attest", "a.q"], &["lint"], &["test"]] {
        place.run(arguments);
        assert!(!canary.exists(), "{arguments:?} ran what the repository named");
    }
    // The canary does sing where git itself is asked.
    let mut git = Command::new("git");
    drop(git.args(["status"]).current_dir(place.path()).output());
    assert!(canary.exists());
}
