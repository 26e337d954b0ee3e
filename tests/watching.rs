//! What the watcher tells while somebody works in a tree.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use gonogo::tree::path::RelPath;
use gonogo::tree::repository::GitPaths;
use gonogo::tree::watch::{Change, WatchState, Watcher};
use gonogo::tree::working::WorkingTree;

use crate::place::Place;

/// Long enough for the slowest machine; a test that passes never waits for it.
const AT_MOST: Duration = Duration::from_secs(30);
/// How long nothing must happen to be called nothing.
const SILENCE: Duration = Duration::from_millis(250);

struct Watched {
    tree: WorkingTree,
    watcher: Watcher,
    changes: Receiver<Change>,
}

impl Watched {
    /// A watcher that has said that it is live and asked for its first listing.
    fn new(place: &Place) -> Self {
        let tree = place.open();
        let listing = tree.list(&AtomicU64::new(0));
        let (sender, changes) = channel();
        let git = tree.repository().map_or_else(GitPaths::default, |repository| repository.watched());
        let watcher = Watcher::start(tree.root(), listing.directories, git, move |change| sender.send(change).is_ok());
        let watched = Self { tree, watcher, changes };
        assert_eq!(watched.next(), Change::State(WatchState::Live));
        assert_eq!(watched.next(), Change::Rescan);
        watched
    }

    fn next(&self) -> Change {
        self.changes.recv_timeout(AT_MOST).expect("something is told")
    }

    /// Waits until `name` was told of, doing what a listener does: created directories are walked and watched.
    fn until(&mut self, name: &str) {
        let mut told = BTreeSet::new();
        while !told.contains(&RelPath::new(name)) {
            match self.next() {
                Change::Paths(paths) => {
                    for path in paths {
                        let below = self.tree.relist(&path, &AtomicU64::new(0));
                        self.watcher.add(&below.directories);
                        told.extend(below.entries.into_keys());
                        told.insert(path);
                    }
                }
                other => panic!("{other:?} instead of {name}"),
            }
        }
    }

    fn hears_nothing(&self) {
        assert_eq!(self.changes.recv_timeout(SILENCE).ok(), None);
    }
}

#[test]
fn a_save_is_told_by_its_name_however_the_editor_does_it() {
    let place = Place::new();
    place.write("src/a.rs", "1");
    let mut watched = Watched::new(&place);
    place.write("src/a.rs", "2");
    watched.until("src/a.rs");
    place.write("src/a.rs.tmp", "3");
    fs::rename(place.root.join("src/a.rs.tmp"), place.root.join("src/a.rs")).unwrap();
    watched.until("src/a.rs");
    fs::remove_file(place.root.join("src/a.rs")).unwrap();
    watched.until("src/a.rs");
}

#[test]
fn a_file_in_directories_made_a_moment_before_is_not_missed() {
    let place = Place::new();
    let mut watched = Watched::new(&place);
    for round in 0..20 {
        let name = format!("{round}/a/b/c/file");
        place.write(&name, "x");
        watched.until(&name);
        // It is watched by now: what happens later is told too.
        place.write(&name, "y");
        watched.until(&name);
    }
}

#[test]
fn a_directory_that_moved_is_told_by_its_new_name() {
    let place = Place::new();
    place.write("old/x", "1");
    let mut watched = Watched::new(&place);
    fs::rename(place.root.join("old"), place.root.join("new")).unwrap();
    watched.until("new/x");
    while watched.changes.recv_timeout(SILENCE).is_ok() {}
    place.write("new/x", "2");
    assert_eq!(watched.next(), Change::Paths(BTreeSet::from([RelPath::new("new/x")])));
}

#[test]
fn reading_and_listing_are_no_changes() {
    let place = Place::repository();
    place.write("a", "1").write("dir/b", "1").commit("one");
    let watched = Watched::new(&place);
    fs::read(place.root.join("dir/b")).unwrap();
    assert_eq!(watched.tree.list(&AtomicU64::new(0)).entries.len(), 2);
    watched.tree.repository().unwrap().changed().unwrap();
    watched.hears_nothing();
}

#[test]
fn a_repository_that_is_made_slowly_is_told_of_once_it_is_one() {
    for (name, told) in [("", Change::Rescan), ("sub", Change::Paths(BTreeSet::from([RelPath::new("sub")])))] {
        let place = Place::new();
        place.write("sub/a", "1");
        let watched = Watched::new(&place);
        let git = place.root.join(name).join(".git");
        fs::create_dir(&git).unwrap();
        assert_eq!(watched.next(), told);
        watched.hears_nothing();
        fs::create_dir(git.join("objects")).unwrap();
        fs::create_dir(git.join("refs")).unwrap();
        fs::write(git.join("HEAD.lock"), "ref: refs/heads/main\n").unwrap();
        while watched.changes.recv_timeout(SILENCE).is_ok() {}
        fs::rename(git.join("HEAD.lock"), git.join("HEAD")).unwrap();
        assert_eq!(watched.next(), told);
        fs::write(git.join("config"), "").unwrap();
        watched.hears_nothing();
    }
}

#[test]
fn what_is_ignored_costs_no_watch() {
    let place = Place::repository();
    place.write(".gitignore", "target/\n").write("target/debug/x", "1");
    let watched = Watched::new(&place);
    place.write("target/debug/x", "2").write("target/debug/y", "2");
    watched.hears_nothing();
}

#[test]
fn a_commit_and_a_change_of_branch_are_gits_word() {
    let place = Place::repository();
    place.write("a", "1").commit("one");
    let watched = Watched::new(&place);
    for command in [
        &["branch", "group/side"][..],
        &["checkout", "-q", "group/side"],
        &["commit", "-q", "--allow-empty", "-m", "x"],
    ] {
        place.git(command);
        assert_eq!(watched.next(), Change::Git, "{command:?}");
        while watched.changes.recv_timeout(SILENCE).is_ok() {}
    }
}

#[test]
fn a_repository_that_appears_makes_everything_new() {
    let place = Place::new();
    place.write("a", "1");
    let watched = Watched::new(&place);
    place.git(&["init", "-q"]);
    assert_eq!(watched.next(), Change::Rescan);
}

#[test]
fn a_worktree_hears_of_the_repository_it_belongs_to() {
    let place = Place::repository();
    place.write("a", "1").commit("one");
    place.git(&["worktree", "add", "-q", "../beside", "-b", "side"]);
    let (tree, _) = WorkingTree::open(&place.root.join("../beside")).unwrap();
    let watched = tree.repository().unwrap().watched();
    assert_eq!(watched.directories, [place.root.join(".git/worktrees/beside"), place.root.join(".git")]);
    assert!(watched.refs.contains(&place.root.join(".git/refs")));
}

#[test]
fn a_pause_is_silent_and_ends_with_a_rescan() {
    let place = Place::new();
    place.write("a", "1");
    let mut watched = Watched::new(&place);
    watched.watcher.pause(true);
    assert_eq!(watched.next(), Change::State(WatchState::Paused));
    place.write("a", "2");
    watched.hears_nothing();
    watched.watcher.pause(false);
    assert_eq!(watched.next(), Change::State(WatchState::Live));
    assert_eq!(watched.next(), Change::Rescan);
}

#[test]
fn a_flood_becomes_one_rescan_or_all_its_names_and_nothing_is_lost() {
    let place = Place::new();
    place.write("dir/x", "1");
    let watched = Watched::new(&place);
    let names: BTreeSet<RelPath> = (0..2000).map(|n| RelPath::new(&format!("dir/{n}"))).collect();
    for name in &names {
        fs::write(name.under(&place.root), "x").unwrap();
    }
    let mut told = BTreeSet::new();
    while !names.is_subset(&told) {
        match watched.next() {
            Change::Paths(paths) => told.extend(paths),
            Change::Rescan => return,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn the_watcher_ends_when_it_is_dropped() {
    let place = Place::new();
    let Watched { watcher, changes, .. } = Watched::new(&place);
    drop(watcher);
    // The channel closes when the last thread that could tell something is gone.
    assert_eq!(changes.recv_timeout(AT_MOST), Err(std::sync::mpsc::RecvTimeoutError::Disconnected));
}
