//! A ledger that somebody else prepared.

#![cfg(unix)]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use gonogo::ledger::Ledger;
use gonogo::ledger::decision::Kind;
use gonogo::ledger::store::Store;
use tempfile::tempdir;

use super::{decision, names_below};

#[test]
fn files_that_are_no_decisions_are_named_and_take_no_other_down() {
    let root = tempdir().unwrap();
    let store = Store::open(root.path());
    let good = store.append(&decision("a", Kind::Attest, 1)).unwrap();
    let folder = root.path().join(".gonogo/ledger/a");
    let made = Command::new("mkfifo").arg(folder.join("fifo.yaml")).status().unwrap();
    assert!(made.success());
    symlink("loop.yaml", folder.join("loop.yaml")).unwrap();
    symlink("/dev/zero", folder.join("zero.yaml")).unwrap();
    fs::create_dir(folder.join("folder.yaml")).unwrap();
    fs::File::create(folder.join("giant.yaml")).unwrap().set_len(1 << 40).unwrap();
    fs::write(folder.join("binary.yaml"), b"gonogo: 1\nitem: \xff\xfe").unwrap();
    fs::write(folder.join("empty.yaml"), "").unwrap();
    fs::write(folder.join("key.yaml"), "gonogo: 1\nitem: a\nbye: me\n").unwrap();
    fs::write(folder.join("other.yml"), "").unwrap();
    fs::write(folder.join(OsStr::from_bytes(b"bad\xff\x1b.yaml")), "").unwrap();
    fs::write(folder.join(".hidden.yaml"), "no").unwrap();
    fs::write(folder.join(".Ab3.tmp"), "gonogo").unwrap();

    let files = store.load_item("a");
    assert_eq!(files.decisions, [good]);
    let expected = [
        ("bad\\xff\u{241b}.yaml", ":1:1: "),
        ("binary.yaml", ":2:7: not UTF-8"),
        ("empty.yaml", ":1:1: "),
        ("fifo.yaml", ": not a regular file"),
        ("folder.yaml", ": not a regular file"),
        ("giant.yaml", ":1:1: larger than 256 KB, which no decision is"),
        ("key.yaml", ":3:1: unknown key \"bye\", did you mean \"by\"?"),
        ("loop.yaml", ": a symbolic link, which is not followed"),
        ("other.yml", ": a decision's name ends in .yaml"),
        ("zero.yaml", ": a symbolic link, which is not followed"),
    ];
    assert_eq!(files.unreadable.len(), expected.len(), "{:#?}", files.unreadable);
    for ((name, what), found) in expected.iter().zip(&files.unreadable) {
        assert!(found.starts_with(&format!(".gonogo/ledger/a/{name}{what}")), "{found}");
    }
    let ledger = Ledger::new(store.load_all());
    assert_eq!(ledger.standing("a").unreadable, files.unreadable, "the item is told to be unknown");
}

#[test]
fn stray_names_in_the_ledger_are_told_and_a_readme_is_welcome() {
    let root = tempdir().unwrap();
    let folder = root.path().join(".gonogo/ledger");
    fs::create_dir_all(folder.join("UPPER")).unwrap();
    fs::create_dir_all(folder.join(".git")).unwrap();
    fs::create_dir_all(folder.join("empty")).unwrap();
    fs::write(folder.join("README.md"), "what this is").unwrap();
    fs::write(folder.join("lost.yaml"), "gonogo: 1").unwrap();
    let loaded = Store::open(root.path()).load_all();
    assert!(loaded.items.is_empty());
    assert_eq!(
        loaded.problems,
        [
            ".gonogo/ledger/UPPER: an item's id holds only a-z, 0-9, dots, dashes and underscores",
            ".gonogo/ledger/lost.yaml: lies beside the folders of the items, not in one",
        ]
    );
}

/// Nothing is read through it, nothing is made behind it.
fn assert_refused(root: &Path, outside: &Path) {
    let store = Store::open(root);
    let before = names_below(outside);
    let error = store.append(&decision("a", Kind::Attest, 1)).unwrap_err().to_string();
    assert!(error.contains("the ledger must lie in the tree itself"), "{error}");
    assert_eq!(names_below(outside), before);
    assert!(store.load_item("a").decisions.is_empty());
    assert!(store.load_all().items.values().all(|files| files.decisions.is_empty()));
}

#[test]
fn a_ledger_that_lies_elsewhere_is_refused() {
    let outside = tempdir().unwrap();
    Store::open(outside.path()).append(&decision("a", Kind::Attest, 1)).unwrap();
    let target = outside.path().join(".gonogo");

    let root = tempdir().unwrap();
    symlink(&target, root.path().join(".gonogo")).unwrap();
    assert_refused(root.path(), outside.path());
    assert_eq!(Store::open(root.path()).load_all().problems.len(), 1);

    let root = tempdir().unwrap();
    fs::create_dir(root.path().join(".gonogo")).unwrap();
    symlink(target.join("ledger"), root.path().join(".gonogo/ledger")).unwrap();
    assert_refused(root.path(), outside.path());
    assert_eq!(Store::open(root.path()).load_item("a").unreadable.len(), 1);

    let root = tempdir().unwrap();
    fs::create_dir_all(root.path().join(".gonogo/ledger")).unwrap();
    symlink(target.join("ledger/a"), root.path().join(".gonogo/ledger/a")).unwrap();
    assert_refused(root.path(), outside.path());
    assert_eq!(Store::open(root.path()).load_all().items["a"].unreadable.len(), 1);

    let root = tempdir().unwrap();
    let empty = tempdir().unwrap();
    symlink(empty.path(), root.path().join(".gonogo")).unwrap();
    assert_refused(root.path(), empty.path());
}

#[test]
fn a_ledger_linked_within_the_tree_is_as_good_as_any() {
    let root = tempdir().unwrap();
    fs::create_dir_all(root.path().join("ops/ledger")).unwrap();
    fs::create_dir(root.path().join(".gonogo")).unwrap();
    symlink("../ops/ledger", root.path().join(".gonogo/ledger")).unwrap();
    let store = Store::open(root.path());
    let recorded = store.append(&decision("a", Kind::Attest, 1)).unwrap();
    assert_eq!(store.load_all().items["a"].decisions, [recorded]);
}

#[test]
fn links_that_lead_nowhere_or_in_circles_are_told() {
    for target in ["nowhere", ".gonogo"] {
        let root = tempdir().unwrap();
        symlink(target, root.path().join(".gonogo")).unwrap();
        let store = Store::open(root.path());
        assert_eq!(store.load_all().problems.len(), 1, "{target}");
        assert!(store.append(&decision("a", Kind::Attest, 1)).is_err());
        assert_eq!(names_below(root.path()), [".gonogo"]);
    }
}

#[test]
fn a_file_in_the_way_is_named_with_what_was_tried() {
    for (place, way) in
        [(".gonogo", ".gonogo"), (".gonogo/ledger", ".gonogo/ledger"), (".gonogo/ledger/a", ".gonogo/ledger/a")]
    {
        let root = tempdir().unwrap();
        let path = root.path().join(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "in the way").unwrap();
        let store = Store::open(root.path());
        let error = store.append(&decision("a", Kind::Attest, 1)).unwrap_err().to_string();
        assert!(error.starts_with(&format!("cannot make the folder {way}: ")), "{error}");
        assert!(error.ends_with("; a file is in the way of the folder"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "in the way");
        assert!(!store.load_item("a").unreadable.is_empty());
    }
}
