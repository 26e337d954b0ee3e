//! Ledgers that cannot be read, cannot be written, or hold anything but decisions.

use std::fs;
use std::os::unix::fs::symlink;

use crate::hostile::{ASK, FORBID, Place, set_mode};

fn attested() -> Place {
    let place = Place::asking(&[FORBID, ASK]);
    place.run(&["attest", "a.q", "--note", "seen"]).ends_with(0);
    place.run(&["check"]).ends_with(0);
    place
}

fn decision(place: &Place) -> String {
    let folder = place.at(".gonogo/ledger/a.q");
    let names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 1);
    format!(".gonogo/ledger/a.q/{}", names[0].to_string_lossy())
}

#[test]
fn what_cannot_be_read_of_the_ledger_is_never_a_go() {
    let place = attested();
    for (path, before) in
        [(".gonogo/ledger".to_owned(), 0o755), (".gonogo/ledger/a.q".to_owned(), 0o755), (decision(&place), 0o644)]
    {
        set_mode(&place.at(&path), 0);
        place.run_as_nobody(&["check"]).ends_with(3).says("? P0  Q").says("a decision cannot be read");
        set_mode(&place.at(&path), before);
    }
    place.run(&["check"]).ends_with(0);
}

#[test]
fn an_unreadable_ledger_leaves_no_item_as_it_seems() {
    let outside = Place::new();
    let place = Place::asking(&[
        ASK,
        "id: a.e, title: E, why: w, fix: f, priority: P0, tier: pilot, probe: {exists: ['a.txt']}",
    ]);
    fs::create_dir(place.at(".gonogo")).unwrap();
    symlink(outside.path(), place.at(".gonogo/ledger")).unwrap();
    place.run(&["check"]).ends_with(3).says("2 unknown").says("a link that leads elsewhere");
    place.run(&["attest", "a.q"]).ends_with(2).says("must lie in the tree itself");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    let blocked = Place::asking(&[ASK]).file(".gonogo", "x");
    blocked.run(&["check"]).ends_with(3);
    blocked.run(&["attest", "a.q"]).ends_with(2).says("a file is in the way");
}

#[test]
fn a_decision_that_cannot_be_written_is_refused_aloud() {
    let place = attested();
    for folder in [".gonogo/ledger", ".gonogo/ledger/a.q"] {
        set_mode(&place.at(folder), 0o555);
    }
    for item in ["a.q", "a.x"] {
        place.run_as_nobody(&["note", item, "--note", "n"]).ends_with(2).says("may you write there?");
    }
    for folder in [".gonogo/ledger", ".gonogo/ledger/a.q"] {
        set_mode(&place.at(folder), 0o755);
    }
    let full = "trap '' XFSZ; ulimit -f 1; $GONOGO note a.x --note $(printf 'n%.0s' $(seq 5000))";
    place.shell(full).ends_with(2).says("make room and decide again");
    assert!(!place.run(&["explain", "a.x"]).out.contains("note"), "half a decision counts");
    place.run(&["check"]).ends_with(0);
}

#[test]
fn garbage_in_the_ledger_is_named_and_makes_its_item_unknown() {
    let place = attested().file(".gonogo/ledger/a.q/20270101T000000.000Z-deadbeef.yaml", "x: [".repeat(100));
    place.run(&["check"]).ends_with(3).says("20270101T000000.000Z-deadbeef.yaml:2:");
    let large = format!("gonogo: 1\nnote: \"{}\"\n", "x".repeat(10_000_000));
    let place = attested().file(".gonogo/ledger/a.x/20270101T000000.000Z-deadbeef.yaml", large);
    place.run(&["check"]).ends_with(3).says("larger than 256 KB");
    let place = attested().file(".gonogo/ledger/a.gone/20270101T000000.000Z-deadbeef.yaml", b"\xff\x1b[31m");
    place.run(&["check"]).says("an item that the checklist does not have");
    let place = attested();
    let fifo = place.at(".gonogo/ledger/a.q/20270101T000000.000Z-deadbeef.yaml");
    rustix::fs::mknodat(rustix::fs::CWD, fifo, rustix::fs::FileType::Fifo, 0o644.into(), 0).unwrap();
    place.run(&["check"]).ends_with(3).says("not a regular file");
}

#[test]
fn what_people_said_commands_no_terminal() {
    let place = attested();
    let path = decision(&place);
    let said = fs::read_to_string(place.at(&path)).unwrap();
    let sly = said
        .replace("note: seen", "note: \"\\e[31m\\a\"")
        .replace("by: Ana", "by: \"\\e[1m")
        .replace(".org>", ".org>\"");
    let place = place.file(&path, sly);
    place.run(&["explain", "a.q"]).ends_with(0).says("␛[1m").says("␛[31m");
    for format in ["human", "markdown", "json"] {
        place.run(&["check", "--format", format]);
    }
}
