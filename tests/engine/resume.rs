//! A second start looks only at what is another since the first.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use gonogo::engine::progress::Progress;
use gonogo::readiness::board::Stats;
use gonogo::session::{Session, Settings};

use crate::world::{World, checklist, row};

const ITEMS: &str = "
categories: [{ id: t, title: T }]
tiers: [{ id: pilot, title: Pilot, gate: P0 }]
items:
  - { id: t.python, title: T, why: w, fix: f, priority: P0, tier: pilot, probe: { text: { files: '**/*.py', forbid: debug } } }
  - { id: t.docs, title: T, why: w, fix: f, priority: P0, tier: pilot, probe: { text: { files: '**/*.md', find: install } } }
";

struct Kept {
    world: World,
}

impl Kept {
    /// Ten files that are older than the first start, which has been.
    fn new() -> Self {
        let world = World::new().checklist(ITEMS).tree(&[("README.md", "install\n"), ("notes.txt", "x\n")]);
        for number in 0..10 {
            world.edit(&format!("src/{number}.py"), "x = 1\n");
        }
        let kept = Self { world };
        std::thread::sleep(std::time::Duration::from_millis(50));
        kept.start().keep_facts();
        kept
    }

    fn folder(&self) -> PathBuf {
        self.world.root().with_extension("cache")
    }

    fn start(&self) -> Session {
        let settings = Settings { cache: Some(self.folder()), ..self.world.settings() };
        Session::open(&settings, &Progress::default()).unwrap()
    }

    fn file(&self) -> PathBuf {
        self.ending_in("facts")
    }

    fn ending_in(&self, wanted: &str) -> PathBuf {
        let folder = fs::read_dir(self.folder().join("trees")).unwrap().map(|entry| entry.unwrap().path());
        let mut files = folder.filter(|path| path.extension().is_some_and(|ending| ending == wanted));
        let file = files.next().unwrap();
        assert_eq!(files.next(), None, "one file for one tree");
        file
    }
}

fn work(session: &Session) -> (u64, u64) {
    let Stats { files_read, files_from_cache, .. } = session.board().stats;
    (files_read, files_from_cache)
}

fn status(session: &Session, id: &str) -> String {
    row(session.board(), id).status.word().to_owned()
}

#[test]
fn what_did_not_change_is_not_read() {
    let kept = Kept::new();
    let session = kept.start();
    assert_eq!(work(&session), (0, 11));
    assert_eq!((status(&session, "t.python"), status(&session, "t.docs")), ("passed".into(), "passed".into()));
}

#[test]
fn what_changed_is_read_and_what_went_is_gone() {
    let kept = Kept::new();
    kept.world.edit("src/3.py", "debug\n");
    let session = kept.start();
    assert_eq!((work(&session), status(&session, "t.python")), ((1, 10), "failed".into()));
    assert_eq!(row(session.board(), "t.python").outcome.evidence[0].place(), "src/3.py:1");
    kept.world.remove("src/3.py");
    let session = kept.start();
    assert_eq!((work(&session), status(&session, "t.python")), ((0, 11), "passed".into()));
}

#[test]
fn another_checklist_asks_what_is_new_in_it_and_nothing_else() {
    let kept = Kept::new();
    kept.world.edit("gonogo.yaml", &checklist(&ITEMS.replace("find: install", "find: usage")));
    let session = kept.start();
    assert_eq!((work(&session).0, status(&session, "t.docs")), (1, "failed".into()));
}

#[test]
fn the_checklist_that_was_kept_is_the_one_that_is_read() {
    let cases = "cases: [{ pass: { a.py: x } }]";
    let kept = Kept::new();
    kept.world
        .edit("gonogo.yaml", &checklist(&ITEMS.replace("forbid: debug } }", &format!("forbid: debug }} }}, {cases}"))));
    kept.start();
    let mut session = kept.start();
    let update = session.paths_changed(&BTreeSet::from(["gonogo.yaml".into()]), &Progress::default());
    assert_eq!((update.message, session.checklist_problems()), (None, &[][..]), "nothing was reloaded");
}

#[test]
fn a_file_written_while_it_was_looked_at_is_not_believed() {
    let kept = Kept::new();
    kept.world.edit("src/3.py", "x = 2\n");
    let mut session = kept.start();
    // Its stat is as young as the start that read it: another write could have left the same.
    session.keep_facts();
    assert_eq!(work(&kept.start()).0, 1);
}

fn with_byte_changed(whole: &[u8], at: usize) -> Vec<u8> {
    whole.iter().enumerate().map(|(here, byte)| if here == at { !*byte } else { *byte }).collect()
}

#[test]
fn what_is_damaged_is_looked_for_again_without_a_word() {
    let kept = Kept::new();
    let whole = fs::read(kept.file()).unwrap();
    let middle = whole.len() / 2;
    let (cut, longer) = (&whole[..whole.len() - 1], [&whole[..], b"x"].concat());
    let (lengths, table) = (with_byte_changed(&whole, 20), with_byte_changed(&whole, 100));
    for damaged in [&whole[..middle], cut, &longer, &lengths, &table, b"", b"gonogo facts 1\n"] {
        fs::write(kept.file(), damaged).unwrap();
        let mut session = kept.start();
        assert_eq!((work(&session), status(&session, "t.python")), ((11, 0), "passed".into()));
        assert_eq!(session.board().problems, []);
        session.keep_facts();
        assert_eq!(work(&kept.start()).0, 0, "and kept again");
    }
}

#[test]
fn what_patterns_need_is_kept_and_found_out_again_where_it_is_damaged() {
    let kept = Kept::new();
    let patterns = kept.ending_in("patterns");
    let whole = fs::read(&patterns).unwrap();
    kept.world.edit("src/3.py", "debug\n");
    for (on_disk, is_whole) in [(&whole[..], true), (&with_byte_changed(&whole, whole.len() - 1), false), (b"", false)]
    {
        fs::write(&patterns, on_disk).unwrap();
        let mut session = kept.start();
        assert_eq!((work(&session), status(&session, "t.python")), ((1, 10), "failed".into()));
        session.keep_facts();
        assert_eq!(fs::read(&patterns).unwrap() == on_disk, is_whole, "what is whole has nothing to learn");
    }
}

#[test]
fn facts_that_are_damaged_are_found_so_when_somebody_asks_for_them() {
    let kept = Kept::new();
    let whole = fs::read(kept.file()).unwrap();
    // The file ends with what the documents taught.
    fs::write(kept.file(), with_byte_changed(&whole, whole.len() - 1)).unwrap();
    let session = kept.start();
    assert_eq!((work(&session), status(&session, "t.docs")), ((0, 11), "passed".into()), "nobody asked");
    kept.world.edit("docs/more.md", "to install\n");
    std::thread::sleep(std::time::Duration::from_millis(50));
    let mut session = kept.start();
    let places = |session: &Session| {
        let evidence = &row(session.board(), "t.docs").outcome.evidence;
        evidence.iter().map(|evidence| evidence.place()).collect::<Vec<_>>()
    };
    assert_eq!(places(&session), ["README.md:1", "docs/more.md:1"]);
    assert_eq!(session.board().problems, []);
    session.keep_facts();
    let session = kept.start();
    assert_eq!((work(&session).0, places(&session)), (0, vec!["README.md:1".to_owned(), "docs/more.md:1".to_owned()]));
}

#[test]
fn a_part_of_the_checklist_uses_what_is_kept_and_leaves_it() {
    let kept = Kept::new();
    let before = fs::read(kept.file()).unwrap();
    let settings = Settings { cache: Some(kept.folder()), only: vec!["t.docs".to_owned()], ..kept.world.settings() };
    let mut session = Session::open(&settings, &Progress::default()).unwrap();
    assert_eq!(work(&session).0, 0);
    session.keep_facts();
    assert_eq!(fs::read(kept.file()).unwrap(), before);
}

#[test]
fn several_starts_at_once_leave_whole_facts() {
    let kept = Kept::new();
    fs::remove_file(kept.file()).unwrap();
    let home = kept.world.root().parent().unwrap().to_path_buf();
    let start = |_| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_gonogo"));
        program.args(["check", "--quiet", "--exit-zero"]).current_dir(kept.world.root());
        program.env("HOME", &home).env_remove("XDG_CACHE_HOME").stdout(std::process::Stdio::null()).spawn().unwrap()
    };
    for mut child in (0..6).map(start).collect::<Vec<_>>() {
        child.wait().unwrap();
    }
    let said = Command::new(env!("CARGO_BIN_EXE_gonogo"))
        .args(["check", "--verbose", "--exit-zero"])
        .current_dir(kept.world.root())
        .env("HOME", &home)
        .env_remove("XDG_CACHE_HOME")
        .output()
        .unwrap();
    let said = String::from_utf8(said.stderr).unwrap();
    assert!(said.contains("0 of 13 files read, 11 known from before"), "{said}");
}

#[test]
fn what_rests_on_a_file_that_is_not_there_yet_is_kept_and_looked_at_when_it_comes() {
    let item = "probe: { query: { files: compose.yml, select: '$.services.*.restart', every: always, each: true } }";
    let head = "categories: [{ id: t, title: T }]\ntiers: [{ id: pilot, title: Pilot, gate: P0 }]\nitems:\n";
    let yaml = format!("{head}  - {{ id: t.r, title: T, why: w, fix: f, priority: P0, tier: pilot, {item} }}\n");
    let heir = "services:\n  web:\n    extends: { file: common.yml, service: app }\n";
    let world = World::new().checklist(&yaml).tree(&[("compose.yml", heir)]);
    std::thread::sleep(std::time::Duration::from_millis(50));
    let kept = Kept { world };
    kept.start().keep_facts();
    let session = kept.start();
    assert_eq!((work(&session), status(&session, "t.r")), ((0, 1), "unknown".into()));
    kept.world.edit("common.yml", "services:\n  app: { restart: always }\n");
    assert_eq!(status(&kept.start(), "t.r"), "passed");
}

#[test]
fn an_item_is_judged_again_where_it_asks_in_another_way() {
    let kept = Kept::new();
    let parts = "probe: { all: [ { text: { files: '**/*.md', find: install }, part: PART }, { exists: none } ] }";
    let named = |name: &str| {
        checklist(&ITEMS.replace("probe: { text: { files: '**/*.md', find: install } }", &parts.replace("PART", name)))
    };
    let part = |session: &Session| row(session.board(), "t.docs").outcome.parts[0].name.clone();
    kept.world.edit("gonogo.yaml", &named("a manual"));
    let mut session = kept.start();
    assert_eq!(part(&session), "a manual");
    session.keep_facts();
    kept.world.edit("gonogo.yaml", &named("a guide"));
    assert_eq!((part(&kept.start()), part(&kept.start())), ("a guide".to_owned(), "a guide".to_owned()));
}
