//! What git says of a tree: HEAD, changes, ignoring, history, and commits as trees.

use std::fs;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use gonogo::tree::blob::BlobId;
use gonogo::tree::entry::Kind;
use gonogo::tree::memory::MemoryTree;
use gonogo::tree::path::RelPath;
use gonogo::tree::source::Source;
use gonogo::tree::working::WorkingTree;

use crate::place::{Asks, Place, flags, globs, names, path};
use crate::tree::assert_like_git;

#[test]
fn git_vouches_for_contents_only_while_nobody_touched_them() {
    let place = Place::repository();
    place.write("a", "one\n").write("dir/b", "two\n").write("empty", "").write("lf/c", "three\r\n");
    place.write("lf/.gitattributes", "* text=auto\n");
    // A file written in the same moment as the index is not vouched for.
    std::thread::sleep(Duration::from_millis(50));
    place.commit("one");
    let listing = place.list();
    for (name, text) in [("a", "one\n"), ("dir/b", "two\n"), ("empty", "")] {
        assert_eq!(listing.entries[&path(name)].blob, Some(BlobId::of(text.as_bytes())), "{name}");
        assert_eq!(place.open().stat(&path(name)).as_ref(), listing.entries.get(&path(name)));
    }
    assert_eq!(listing.entries[&path("lf/c")].blob, None, "git stores other bytes than the file's");
    place.write("a", "ONE\n");
    assert_eq!(place.list().entries[&path("a")].blob, None, "same size, other content");
    fs::write(place.root.join(".git/info/attributes"), "*.txt filter=lfs\n").unwrap();
    assert_eq!(place.list().entries[&path("dir/b")].blob, None);
}

#[test]
fn an_index_that_the_library_cannot_read_is_listed_by_the_program() {
    let place = Place::repository();
    place.write("a", "").write("b", "").commit("one");
    place.git(&["update-index", "--split-index"]);
    place.write("c", "");
    assert_like_git(&place, "split index");
    assert!(place.list().entries[&path("a")].tracked);
}

#[test]
fn head_says_commit_and_branch_in_every_state() {
    let place = Place::repository();
    let head = || place.open().repository().unwrap().head().unwrap();
    assert_eq!((head().commit, head().branch), (None, Some("main".into())));
    assert_eq!(place.open().git().unwrap().ever_committed(&globs("**")), Ok(Vec::new()));
    assert_eq!(place.open().git().unwrap().newest(&globs("**")), Ok(None));
    place.write("a", "1").commit("one");
    let id = place.git(&["rev-parse", "HEAD"]).trim().to_owned();
    assert_eq!((head().commit, head().branch), (Some(id.clone()), Some("main".into())));
    place.git(&["checkout", "-q", "-b", "feature/x"]);
    assert_eq!(head().branch, Some("feature/x".into()));
    place.git(&["checkout", "-q", "--detach"]);
    assert_eq!((head().commit, head().branch), (Some(id), None));
}

#[test]
fn changes_are_counted_as_git_counts_them_and_the_index_is_left_alone() {
    let place = Place::repository();
    place.write("a", "1").write("b", "1").write("c", "1").write(".gitignore", "*.log\n").commit("one");
    place.write("a", "2").write("new/x", "").write("new/y", "").write("z.log", "");
    fs::remove_file(place.root.join("b")).unwrap();
    let index = place.root.join(".git/index");
    let before = fs::read(&index).unwrap();
    let count = place.open().repository().unwrap().changed().unwrap().len();
    assert_eq!(fs::read(&index).unwrap(), before);
    assert_eq!(count, place.git(&["status", "--porcelain", "-uall"]).lines().count());
    assert_eq!(count, 4);
}

#[test]
fn a_repository_that_cannot_be_read_is_a_warning_and_the_files_are_still_listed() {
    let place = Place::repository();
    place.write("a", "");
    fs::write(place.root.join(".git/config"), "[core\nbroken").unwrap();
    let (tree, warnings) = WorkingTree::open(&place.root).unwrap();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].starts_with("git is left out: "), "{warnings:?}");
    assert!(tree.git().is_none());
    assert_eq!(names(&tree.list(&AtomicU64::new(0))), ["a"]);
}

#[cfg(unix)]
#[test]
fn a_repository_of_somebody_else_is_left_out_with_a_way_to_trust_it() {
    let place = Place::repository();
    place.write("a", "");
    let given_away =
        [".git", ""].iter().all(|name| std::os::unix::fs::chown(place.root.join(name), Some(12_345), None).is_ok());
    let (tree, warnings) = WorkingTree::open(&place.root).unwrap();
    assert_eq!(names(&tree.list(&AtomicU64::new(0))), ["a"]);
    if given_away {
        assert!(tree.git().is_none());
        assert!(warnings[0].contains("git config --global --add safe.directory"), "{warnings:?}");
    } else {
        // Only the superuser can give a file away; for anybody else this is their own repository.
        assert!(tree.git().is_some() && warnings.is_empty(), "{warnings:?}");
    }
}

#[test]
fn tracked_files_that_are_not_checked_out_are_a_warning() {
    let place = Place::repository();
    place.write("a", "").write("b", "").commit("one");
    place.git(&["update-index", "--skip-worktree", "b"]);
    fs::remove_file(place.root.join("b")).unwrap();
    let (tree, _) = WorkingTree::open(&place.root).unwrap();
    assert_eq!(tree.caveat().unwrap(), "1 tracked file is not checked out (sparse checkout): nobody looks at it");
    assert_eq!(names(&tree.list(&AtomicU64::new(0))), ["a"]);
}

#[test]
fn ignoring_is_asked_of_names_that_do_not_exist_and_answered_as_git_does() {
    let place = Place::repository();
    place.write(".gitignore", ".env\n.env.*\n!.env.example\nlogs/\n").write("forced.log", "").write(".env.forced", "");
    place.git(&["add", "-f", ".env.forced"]);
    let tree = place.open();
    for name in [".env", ".env.local", ".env.example", "logs/x", "logs/", "logs", "app/.env", ".env.forced", "README"] {
        let git = !place.git_in(&place.root, &["check-ignore", "--stdin"], name.as_bytes()).is_empty();
        assert_eq!(tree.git().unwrap().is_ignored(&path(name)), Ok(git), "{name}");
    }
}

#[test]
fn history_remembers_what_was_deleted_on_any_branch() {
    let place = Place::repository();
    place.write("keys/prod.pem", "x").write("a", "1").commit("one");
    let first = place.git(&["rev-parse", "--short=7", "HEAD"]).trim().to_owned();
    place.git(&["rm", "-q", "keys/prod.pem"]);
    place.commit("two");
    place.git(&["checkout", "-q", "--orphan", "side"]);
    place.write("side.pem", "x").commit("side");
    place.git(&["checkout", "-q", "main"]);
    let tree = place.open();
    let pem = globs("**/*.pem");
    let found = tree.git().unwrap().ever_committed(&pem).unwrap();
    assert_eq!(found.iter().map(|found| found.path.as_str()).collect::<Vec<_>>(), ["keys/prod.pem", "side.pem"]);
    assert_eq!(found[0].commit, first);
    place.write("late.pem", "x").commit("three");
    assert_eq!(tree.git().unwrap().ever_committed(&pem).unwrap().len(), 3, "a new commit is seen");
}

#[test]
fn the_newest_change_of_a_path_is_the_one_that_git_log_names() {
    let place = Place::repository();
    place.write("docs/run.md", "1").write("src/a", "1").commit("one");
    place.write("docs/run.md", "2").commit("two");
    place.write("src/a", "2").commit("three");
    for name in ["docs/run.md", "src/a"] {
        let found = place.open().git().unwrap().newest(&globs(name)).unwrap().unwrap();
        let log = place.git(&["log", "-1", "--format=%h %ct", "--abbrev=7", "--", name]);
        assert_eq!(format!("{} {}", found.commit, found.at.as_second()), log.trim(), "{name}");
        assert_eq!(found.path, path(name));
    }
    assert_eq!(place.open().git().unwrap().newest(&globs("none")), Ok(None));
}

#[cfg(unix)]
#[test]
fn a_commit_is_looked_at_like_the_tree_it_was() {
    use std::os::unix::fs::symlink;
    let place = Place::repository();
    place.write(".gitignore", "*.log\n").write("app/a.rs", "one").write("app/dir/b", "two").write("gone", "x");
    symlink("dir/b", place.root.join("app/good")).unwrap();
    symlink("../../outside", place.root.join("app/bad")).unwrap();
    symlink("loop", place.root.join("app/loop")).unwrap();
    place.commit("one");
    let before = place.open();
    let then = before.list(&AtomicU64::new(0));
    fs::remove_file(place.root.join("gone")).unwrap();
    place.write("app/a.rs", "three").write("new", "y").commit("two");

    let old = before.repository().unwrap().revision("HEAD~1").unwrap();
    assert_eq!(flags(old.listing()), flags(&then));
    assert_eq!(old.listing().directories, then.directories);
    for (name, entry) in &then.entries {
        let found = &old.listing().entries[name];
        assert_eq!(
            (&found.kind, found.size),
            (&entry.kind, if entry.kind == Kind::Link(None) { 0 } else { entry.size })
        );
    }
    assert_eq!(old.read(&path("app/a.rs")).unwrap().bytes, b"one");
    assert_eq!(old.read(&path("app/good")).unwrap().bytes, b"two");
    assert!(old.read(&path("new")).is_err() && old.read(&path("app/bad")).is_err());
    assert!(old.is_ignored_by_git(&path("x.log")) && !old.is_ignored_by_git(&path("gone")));
    let facts = old.git().unwrap();
    assert!(facts.ever_committed(&globs("new")).unwrap().is_empty(), "the future is not seen");
    assert_eq!(facts.newest(&globs("app/a.rs")).unwrap().unwrap().commit, old.commit()[..7]);
    let refused = before.repository().unwrap().revision("no-such").unwrap_err();
    assert!(refused.starts_with("no-such: "), "{refused}");
}

#[test]
fn a_shallow_clone_does_not_pretend_to_know_the_past() {
    let place = Place::repository();
    place.write("a", "1").commit("one");
    place.write("b", "1").commit("two");
    let copy = Place::new();
    let from = format!("file://{}", place.root.display());
    copy.git(&["clone", "-q", "--depth", "1", &from, "."]);
    let tree = copy.open();
    let facts = tree.git().unwrap();
    assert!(facts.ever_committed(&globs("**")).unwrap_err().starts_with("shallow clone: "));
    assert!(facts.newest(&globs("a")).unwrap_err().starts_with("shallow clone: "));
}

#[test]
fn a_case_in_memory_answers_like_a_repository_on_disk() {
    let files = [
        (".gitignore", "*.log\n/build/\n"),
        ("a.log", ""),
        ("src/.gitignore", "!a.log\n"),
        ("src/a.log", "x"),
        ("build/out", "x"),
        ("build/kept", "x"),
        ("main.rs", "fn main() {}"),
    ];
    let place = Place::repository();
    for (name, text) in files {
        place.write(name, text);
    }
    place.git(&["add", "-f", "build/kept"]);
    place.commit("one");
    fs::create_dir(place.root.join("empty")).unwrap();
    let mut given: Vec<(String, String)> = files.map(|(name, text)| (name.into(), text.into())).into();
    given.push(("empty/".into(), String::new()));
    let memory = MemoryTree::new(&given).with_tracked(&["build/kept"]);
    let disk = place.open();
    assert_eq!(flags(memory.listing()), flags(&disk.list(&AtomicU64::new(0))));
    assert!(memory.listing().directories.contains(&path("empty")));
    for name in ["x.log", "src/x.log", "src/a.log", "build", "build/", "build/new", "deep/down/x.log", "main.rs"] {
        let asked = path(name);
        assert_eq!(memory.is_ignored_by_git(&asked), disk.is_ignored_by_git(&asked), "{name}");
    }
    let ever = |tree: &dyn Source| -> Vec<RelPath> {
        tree.git().unwrap().ever_committed(&globs("**")).unwrap().into_iter().map(|found| found.path).collect()
    };
    assert_eq!(ever(&memory), ever(&disk));
    assert_eq!(memory.read(&path("main.rs")).unwrap().bytes, b"fn main() {}");
}
