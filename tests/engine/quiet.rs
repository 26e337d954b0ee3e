//! What moves an answer without a save of the file that it is about: refs, days, rights, attributes, another checklist.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use gonogo::engine::Engine;
use gonogo::engine::progress::Progress;
use gonogo::probe::program::Program;
use gonogo::session::{Choice, Session};
use gonogo::tree::memory::MemoryTree;
use gonogo::tree::path::RelPath;
use gonogo::tree::source::{Content, GitFacts, Source};
use gonogo::tree::working::WorkingTree;
use jiff::{SignedDuration, Timestamp};

use crate::world::{World, checklist, row};

const HEAD: &str =
    "title: T\ncategories: [{ id: t, title: T }]\ntiers: [{ id: pilot, title: Pilot, gate: P0 }]\nitems:\n";

fn item(id: &str, rest: &str) -> String {
    format!("  - {{ id: {id}, title: T, why: w, fix: f, priority: P0, tier: pilot, {rest} }}\n")
}

fn status<'a>(session: &'a Session, id: &str) -> &'a str {
    row(session.board(), id).status.word()
}

#[test]
fn a_branch_that_appears_elsewhere_is_history_too() {
    let never = item("t.never", "probe: { git: { never_committed: ['**/.env'] } }");
    let world = World::new().checklist(&format!("{HEAD}{never}")).tree(&[("a.py", "x\n")]).git();
    let mut session = world.session();
    assert_eq!(status(&session, "t.never"), "passed");
    let blob = world.git_does(&["hash-object", "-w", "a.py"]);
    world.git_does(&["update-index", "--add", "--cacheinfo", &format!("100644,{},.env", blob.trim())]);
    let tree = world.git_does(&["write-tree"]);
    world.git_does(&["reset", "-q"]);
    let commit = world.git_does(&["commit-tree", "-m", "elsewhere", tree.trim()]);
    session.git_changed(&Progress::default());
    assert_eq!(status(&session, "t.never"), "passed", "no ref leads there");
    world.git_does(&["branch", "elsewhere", commit.trim()]);
    session.git_changed(&Progress::default());
    assert_eq!(status(&session, "t.never"), "failed");
    assert_eq!(session.board().stats.probes_run, 1);
}

/// What a source says of its one file, and when its newest commit was.
struct Told(Mutex<Result<&'static str, String>>);

impl Source for Told {
    fn read(&self, _: &RelPath) -> Result<Content, String> {
        self.0.lock().unwrap().clone().map(|text| Content {
            bytes: text.as_bytes().to_vec(),
            cut_from: None,
            stamp: None,
        })
    }

    fn git(&self) -> Option<&dyn GitFacts> {
        Some(self)
    }
}

impl GitFacts for Told {
    fn is_ignored(&self, _: &RelPath) -> Result<bool, String> {
        Ok(false)
    }

    fn head(&self) -> Result<Option<String>, String> {
        Ok(None)
    }

    fn unlike_head(&self, _: &BTreeSet<RelPath>) -> Result<BTreeSet<RelPath>, String> {
        Ok(BTreeSet::new())
    }

    fn ever_committed(&self, _: &gonogo::tree::glob::Globs) -> Result<Vec<gonogo::tree::source::Committed>, String> {
        Ok(Vec::new())
    }

    fn newest(&self, _: &gonogo::tree::glob::Globs) -> Result<Option<gonogo::tree::source::Committed>, String> {
        let at = Timestamp::UNIX_EPOCH;
        Ok(Some(gonogo::tree::source::Committed { path: "a.py".into(), commit: "3f9c2e1".into(), at }))
    }
}

struct Followed {
    world: World,
    source: Arc<Told>,
    listing: gonogo::tree::entry::Listing,
    engine: Engine,
}

impl Followed {
    fn new(items: &str, text: Result<&'static str, String>) -> Self {
        let world = World::new().checklist(&format!("{HEAD}{items}"));
        let source = Arc::new(Told(Mutex::new(text)));
        let mut listing = MemoryTree::new(&[("a.py".to_owned(), "x".to_owned())]).listing().clone();
        listing.entries.values_mut().for_each(|entry| entry.blob = None);
        let (checklist, program) = asked(&world);
        let shared: Arc<dyn Source> = Arc::<Told>::clone(&source);
        let at = Timestamp::UNIX_EPOCH;
        let engine = Engine::start(checklist, program, shared, &listing, at, &Progress::default());
        Self { world, source, listing, engine }
    }

    fn says(&self, text: Result<&'static str, String>) {
        *self.source.0.lock().unwrap() = text;
    }

    /// A watcher tells of the file, whose stat is what it was.
    fn told(&mut self) -> &str {
        let file = RelPath::new("a.py");
        let changes = vec![(file.clone(), self.listing.entries.get(&file).cloned())];
        self.engine.doubt([&file].into_iter());
        self.engine.apply(changes, Timestamp::UNIX_EPOCH, &Progress::default());
        &self.engine.outcomes()[0].reason
    }

    fn adopts(&mut self, items: &str) {
        self.world.edit("gonogo.yaml", &checklist(&format!("{HEAD}{items}")));
        let (checklist, program) = asked(&self.world);
        self.engine.adopt(checklist, program, Timestamp::UNIX_EPOCH, &Progress::default());
    }
}

fn asked(world: &World) -> (Arc<gonogo::checklist::model::Checklist>, Arc<Program>) {
    let (tree, _) = WorkingTree::open(world.root()).unwrap();
    let (checklist, problems) = Choice::of(&tree, None).unwrap().read(&tree);
    assert_eq!(problems, []);
    let program = Arc::new(Program::new(&checklist).unwrap());
    (Arc::new(checklist), program)
}

fn forbids_debug() -> String {
    item("t.debug", "probe: { text: { files: '*.py', forbid: debug } }, covers: ['*.py']")
}

#[test]
fn a_day_makes_the_newest_commit_older() {
    let newest = item("t.newest", "probe: { git: { newest: ['*.py'], within: 30d } }");
    let mut followed = Followed::new(&newest, Ok("x"));
    let after = |days: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * days);
    assert_eq!(followed.engine.day_passed(after(30)), [] as [usize; 0]);
    assert_eq!(followed.engine.day_passed(after(31)), [0]);
}

#[test]
fn a_file_that_can_be_read_again_is_looked_at_whoever_named_its_content_meanwhile() {
    let mut followed = Followed::new(&forbids_debug(), Err("cannot be read: no right".to_owned()));
    assert_eq!(followed.engine.outcomes()[0].reason, "a.py: cannot be read: no right");
    followed.says(Ok("x"));
    assert_eq!(followed.engine.covered(0).len(), 1, "a decision needs the id of the content");
    assert_eq!(followed.told(), "none in 1 file");
    let before = followed.engine.covered(0);
    followed.told();
    assert!(Arc::ptr_eq(&before, &followed.engine.covered(0)), "the same content is the same value, however many");
    followed.says(Ok("y"));
    followed.told();
    assert_ne!(before, followed.engine.covered(0));
}

#[test]
fn a_write_that_a_new_checklist_saw_first_is_seen_by_all_probes() {
    let mut followed = Followed::new(&forbids_debug(), Ok("x"));
    followed.says(Ok("debug"));
    followed.adopts(&format!("{}{}", forbids_debug(), item("t.other", "probe: { text: { files: '*.py', find: x } }")));
    assert_eq!(followed.told(), "a.py:1");
}

#[test]
fn attributes_above_a_place_hold_for_what_is_told_of_it() {
    let world = World::new().tree(&[(".gitattributes", "*.txt text eol=crlf\n"), ("src/a.txt", "a\n")]).git();
    std::thread::sleep(std::time::Duration::from_millis(20));
    world.git_does(&["status"]);
    let (tree, _) = WorkingTree::open(world.root()).unwrap();
    let whole = tree.list(&std::sync::atomic::AtomicU64::new(0));
    let mut listing = whole.clone();
    let moved = tree.refresh(&mut listing, &BTreeSet::from([RelPath::new("src")]));
    assert_eq!(moved.paths, BTreeSet::new());
    assert_eq!(listing.entries, whole.entries);
}

#[test]
fn a_tracked_file_that_comes_back_to_an_ignored_directory_is_heard_of() {
    let world = World::new().tree(&[("src/deep/c.yaml", "a: 1\n")]).git();
    world.edit(".gitignore", "src/\n").remove("src/deep/c.yaml");
    let (tree, _) = WorkingTree::open(world.root()).unwrap();
    let directories = || tree.list(&std::sync::atomic::AtomicU64::new(0)).directories;
    assert!(directories().contains(&RelPath::new("src/deep")));
    std::fs::remove_dir(world.root().join("src/deep")).unwrap();
    assert!(directories().contains(&RelPath::new("src")));
}

#[test]
fn a_program_that_holds_a_nul_byte_is_not_passed_over_in_silence_and_a_picture_is() {
    let items = item("t.py", "probe: { text: { files: '**/*.py', forbid: debug } }")
        + &item("t.any", "probe: { text: { files: ['**/*', '!a.py'], forbid: debug } }")
        + &item("t.query", "probe: { query: { files: '*.dat', as: yaml, select: $.a, forbid: debug } }");
    let world = World::new().checklist(&format!("{HEAD}{items}")).tree(&[
        ("a.py", "\0debug\n"),
        ("b.py", "x\n"),
        ("logo.png", "\u{89}PNG\0debug"),
        ("a.dat", "\0a: debug\n"),
    ]);
    let mut session = world.session();
    let reason = |session: &Session, id: &str| row(session.board(), id).reason.clone();
    assert_eq!(status(&session, "t.py"), "unknown");
    assert_eq!(reason(&session, "t.py"), "a.py: a binary file (it holds NUL bytes): not looked at");
    assert_eq!(status(&session, "t.any"), "passed");
    assert_eq!(status(&session, "t.query"), "unknown");
    world.edit("b.py", "debug\n");
    session.paths_changed(&BTreeSet::from([RelPath::new("b.py")]), &Progress::default());
    assert_eq!(status(&session, "t.py"), "failed", "what was found decides");
}
