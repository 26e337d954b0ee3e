//! The work that is not done.

use std::collections::BTreeSet;
use std::fs::{File, FileTimes};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use gonogo::engine::Engine;
use gonogo::engine::progress::Progress;
use gonogo::probe::program::Program;
use gonogo::readiness::board::Stats;
use gonogo::session::{Choice, Session};
use gonogo::tree::entry::Listing;
use gonogo::tree::memory::MemoryTree;
use gonogo::tree::path::RelPath;
use gonogo::tree::source::{Content, GitFacts, Source};
use gonogo::tree::working::WorkingTree;
use jiff::Timestamp;

use crate::world::{World, checklist, row};

const ITEMS: &str = "
categories: [{ id: t, title: T }]
tiers: [{ id: pilot, title: Pilot, gate: P0 }]
items:
  - { id: t.python, title: T, why: w, fix: f, priority: P0, tier: pilot, probe: { text: { files: '**/*.py', forbid: debug } } }
  - { id: t.python-too, title: T, why: w, fix: f, priority: P0, tier: pilot, probe: { text: { files: 'src/*.py', forbid: todo } } }
  - { id: t.docs, title: T, why: w, fix: f, priority: P0, tier: pilot, probe: { text: { files: '**/*.md', find: install } } }
  - { id: t.ci, title: T, why: w, fix: f, priority: P0, tier: pilot, probe: { query: { files: '*.yml', select: $.a, forbid: x } } }
";

/// A tree of so many files, followed.
fn world(files: usize) -> (World, Session) {
    let world = World::new().checklist(ITEMS).tree(&[
        ("src/a.py", "x = 1\n"),
        ("README.md", "install\n"),
        ("ci.yml", "a: y\n"),
        ("notes.txt", "nobody asks\n"),
    ]);
    for number in 0..files {
        world.edit(&format!("src/many/{number}.py"), "y = 2\n");
    }
    let session = world.session();
    (world, session)
}

fn told(session: &mut Session, paths: &[&str]) -> Stats {
    let paths: BTreeSet<RelPath> = paths.iter().map(|path| RelPath::new(path)).collect();
    session.paths_changed(&paths, &Progress::default());
    Stats { elapsed_ms: 0, ..session.board().stats }
}

#[test]
fn a_save_reads_one_file_and_asks_the_probes_whose_answer_may_be_another() {
    let (world, mut session) = world(20);
    world.edit("src/a.py", "debug\n");
    let stats = told(&mut session, &["src/a.py"]);
    assert_eq!((stats.files_read, stats.bytes_read), (1, 6));
    assert_eq!(stats.probes_run, 1, "the other probe of this file finds as little as before");
    assert_eq!(row(session.board(), "t.python").outcome.evidence.len(), 1);
}

#[test]
fn a_touch_reads_and_maps_nothing_anew() {
    let (world, mut session) = world(20);
    let file = File::options().write(true).open(world.root().join("src/a.py")).unwrap();
    file.set_times(FileTimes::new().set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1))).unwrap();
    let stats = told(&mut session, &["src/a.py"]);
    assert_eq!((stats.files_read, stats.probes_run), (1, 0), "read, because only its hash can tell");
}

#[test]
fn a_file_that_nobody_asks_for_is_not_read() {
    let (world, mut session) = world(20);
    world.edit("notes.txt", "something else\n");
    let stats = told(&mut session, &["notes.txt"]);
    assert_eq!((stats.files_read, stats.bytes_read, stats.probes_run), (0, 0, 0));
}

#[test]
fn a_new_file_and_one_that_went_away_cost_no_more_than_themselves() {
    let (world, mut session) = world(20);
    world.edit("src/new.py", "x\n");
    let stats = told(&mut session, &["src/new.py"]);
    assert_eq!((stats.files_read, stats.probes_run), (1, 2));
    world.remove("src/new.py");
    let stats = told(&mut session, &["src/new.py"]);
    assert_eq!((stats.files_read, stats.probes_run), (0, 2));
}

/// Files that all hold the same, and whose stat never moves.
#[derive(Default)]
struct Still {
    text: Mutex<&'static str>,
    /// What was read.
    read: Mutex<Vec<String>>,
}

impl Source for Still {
    fn read(&self, path: &RelPath) -> Result<Content, String> {
        self.read.lock().unwrap().push(path.as_str().to_owned());
        Ok(Content { bytes: self.text.lock().unwrap().as_bytes().to_vec(), cut_from: None, stamp: None })
    }

    fn git(&self) -> Option<&dyn GitFacts> {
        None
    }
}

impl Still {
    /// What asks these files the items above.
    fn asked(self: &Arc<Self>, listing: &Listing) -> Engine {
        let (world, _) = world(0);
        let (tree, _) = WorkingTree::open(world.root()).unwrap();
        let checklist = Arc::new(Choice::of(&tree, None).unwrap().read(&tree).0);
        let program = Arc::new(Program::new(&checklist).unwrap());
        let source: Arc<dyn Source> = Arc::<Self>::clone(self);
        Engine::start(checklist, program, source, listing, Timestamp::UNIX_EPOCH, &Progress::default())
    }
}

#[test]
fn a_second_write_in_the_same_tick_of_the_clock_is_seen_by_whoever_is_told() {
    let listing = MemoryTree::new(&[("src/a.py".to_owned(), "x".to_owned())]).listing().clone();
    let file = RelPath::new("src/a.py");
    let same = || vec![(file.clone(), Some(listing.entries[&file].clone()))];
    let still = Arc::new(Still { text: Mutex::new("fixed"), ..Still::default() });
    let mut engine = still.asked(&listing);
    let progress = Progress::default();

    *still.text.lock().unwrap() = "debug";
    assert_eq!(engine.apply(same(), Timestamp::UNIX_EPOCH, &progress), [] as [usize; 0], "the stat is believed");
    assert_eq!(engine.work().files_read, 0);
    engine.doubt([&file].into_iter());
    assert_eq!(engine.apply(same(), Timestamp::UNIX_EPOCH, &progress), [0], "unless somebody was told of a write");
    assert_eq!(engine.work().files_read, 1);
    engine.apply(same(), Timestamp::UNIX_EPOCH, &progress);
    assert_eq!(engine.work().files_read, 0, "it was looked at, and is believed again");
}

#[test]
fn what_gets_ready_for_the_next_save_looks_at_the_file_that_was_written_last_and_changes_nothing() {
    let names = ["src/a.py", "src/b.py", "src/big.py", "src/c.py"];
    let mut listing = MemoryTree::new(&names.map(|name| (name.to_owned(), "x".to_owned()))).listing().clone();
    for (name, modified_ns, size) in [("src/a.py", 1, 9), ("src/b.py", 3, 9), ("src/big.py", 4, 9 << 20)] {
        let entry = listing.entries.get_mut(&RelPath::new(name)).unwrap();
        (entry.stamp.modified_ns, entry.size) = (modified_ns, size);
    }
    let still = Arc::new(Still { text: Mutex::new("debug todo"), ..Still::default() });
    let engine = still.asked(&listing);
    let (outcomes, work) = (engine.outcomes().to_vec(), engine.work());
    still.read.lock().unwrap().clear();
    engine.get_ready();
    assert_eq!(*still.read.lock().unwrap(), ["src/b.py"], "a large one would keep others waiting");
    assert_eq!((engine.outcomes(), engine.work()), (outcomes.as_slice(), work));
}

#[test]
fn a_name_told_without_a_change_is_read_and_nothing_more() {
    let (_world, mut session) = world(20);
    let stats = told(&mut session, &["src/a.py"]);
    assert_eq!((stats.files_read, stats.probes_run), (1, 0));
}

#[test]
fn an_edit_of_one_item_reads_only_what_that_item_selects() {
    let (world, mut session) = world(20);
    world.edit("gonogo.yaml", &checklist(&ITEMS.replace("find: install", "find: usage")));
    let stats = told(&mut session, &["gonogo.yaml"]);
    assert_eq!(stats.files_read, 1, "the one document");
    assert_eq!(row(session.board(), "t.docs").status.word(), "failed");
}

#[test]
fn new_words_of_an_item_read_nothing() {
    let (world, mut session) = world(20);
    world.edit("gonogo.yaml", &checklist(&ITEMS.replace("why: w", "why: because")));
    assert_eq!(told(&mut session, &["gonogo.yaml"]).files_read, 0);
    assert_eq!(row(session.board(), "t.docs").item.why, "because");
}

#[test]
fn a_large_tree_costs_no_more_work_than_a_small_one() {
    let work = |files| {
        let (world, mut session) = world(files);
        world.edit("src/a.py", "debug\n");
        let saved = Stats { files_listed: 0, ..told(&mut session, &["src/a.py"]) };
        world.edit("gonogo.yaml", &checklist(&ITEMS.replace("find: install", "find: usage")));
        let reloaded = Stats { files_listed: 0, ..told(&mut session, &["gonogo.yaml"]) };
        (saved, reloaded)
    };
    assert_eq!(work(20), work(2000));
}

#[test]
fn a_comparison_is_judged_again_when_a_side_moved_and_reads_that_file_alone() {
    let world = World::new()
        .checklist(
            "categories: [{ id: t, title: T }]\ntiers: [{ id: pilot, title: Pilot, gate: P0 }]\nitems:\n  - { id: t.t, \
             title: T, why: w, fix: f, priority: P0, probe: { compare: { left: { files: '*.py', capture: '^use (.*)' }, \
             right: { paths: '*.lib', capture: '(.*).lib' }, expect: subset } } }\n",
        )
        .tree(&[("a.py", "use one\n"), ("b.py", "use one\n"), ("one.lib", "")]);
    let mut session = world.session();
    let status = |session: &Session| row(session.board(), "t.t").status.word();
    assert_eq!(status(&session), "passed");
    world.edit("b.py", "use one\n# a word\n");
    let stats = told(&mut session, &["b.py"]);
    assert_eq!((stats.files_read, stats.probes_run), (1, 0), "the elements are where they were");
    world.edit("b.py", "use two\n");
    let stats = told(&mut session, &["b.py"]);
    assert_eq!((stats.files_read, stats.probes_run, status(&session)), (1, 2, "failed"));
    world.edit("two.lib", "");
    let stats = told(&mut session, &["two.lib"]);
    assert_eq!((stats.files_read, stats.probes_run, status(&session)), (0, 2, "passed"));
    world.remove("one.lib");
    told(&mut session, &["one.lib"]);
    assert_eq!(status(&session), "failed");
}

#[test]
fn what_an_item_compares_is_not_looked_for_before_the_item_applies() {
    let world = World::new()
        .checklist(
            "categories: [{ id: t, title: T }]\ntiers: [{ id: pilot, title: Pilot, gate: P0 }]\nitems:\n  - { id: t.t, \
             title: T, why: w, fix: f, priority: P0, when: { exists: app.txt }, probe: { compare: { left: { files: '*.py', \
             capture: '^use (.*)' }, right: { paths: '*.lib', capture: '(.*).lib' }, expect: subset } } }\n",
        )
        .tree(&[("a.py", "use one\n"), ("b.py", "use two\n"), ("one.lib", "")]);
    let mut session = world.session();
    let status = |session: &Session| row(session.board(), "t.t").status.word();
    assert_eq!((session.board().stats.files_read, status(&session)), (0, "not-applicable"));
    world.edit("b.py", "use three\n");
    assert_eq!(told(&mut session, &["b.py"]).files_read, 0);
    world.edit("app.txt", "x\n");
    assert_eq!((told(&mut session, &["app.txt"]).files_read, status(&session)), (2, "failed"));
    world.edit("b.py", "use one\n");
    assert_eq!((told(&mut session, &["b.py"]).files_read, status(&session)), (1, "passed"));
    world.remove("app.txt");
    told(&mut session, &["app.txt"]);
    assert_eq!(status(&session), "not-applicable");
}
