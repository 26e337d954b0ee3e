//! Any history of edits, told as a watcher tells it, ends on the board that a fresh start gives.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use gonogo::engine::progress::Progress;
use gonogo::ledger::decision::WaiverKind;
use gonogo::readiness::board::{Board, Row};
use gonogo::session::message::Intent;
use gonogo::session::{Session, Settings};
use gonogo::tree::path::RelPath;
use proptest::prelude::*;
use proptest::sample::select;

use crate::world::{World, checklist, remove, write};

const FILES: [&str; 9] =
    ["a.py", "b.py", "src/a.py", "src/b.py", "src/deep/c.yaml", "Dockerfile", ".env", "build/x.py", "conf/team.yaml"];
const PLACES: [&str; 14] = [
    "a.py",
    "b.py",
    "src/a.py",
    "src/b.py",
    "src/deep/c.yaml",
    "Dockerfile",
    ".env",
    "build/x.py",
    "conf/team.yaml",
    "src",
    "src/deep",
    "build",
    "conf",
    "new",
];
/// Two of each length, so that a change may keep the size.
const TEXTS: [&str; 8] = [
    "",
    "debug = 1\n",
    "debug = 2\n",
    "secure = 1\n# debug = 1\n",
    "secure = 2\n# debug = 2\n",
    "a: [1, 2]\n",
    "a: [1, 2\n",
    "FROM x\n",
];
const IGNORES: [&str; 6] = ["", "build/\n", "*.py\n", ".env\nbuild\n", "src/\n", "*\n!*.py\n!src\n"];
const IGNORE_FILES: [&str; 3] = [".gitignore", "src/.gitignore", "new/.gitignore"];

const TEAM: &str = "gonogo: 1\nitems:\n  - { id: t.team, title: Team, why: w, fix: f, priority: P0, tier: pilot, probe: { exists: conf/team.yaml } }\n";
const HEAD: &str = "title: T\ncategories: [{ id: t, title: T }]\ntiers: [{ id: pilot, title: Pilot, gate: P1 }]\n\
    metrics: [{ id: settings, title: Settings, count: { files: '**/*.py', capture: '^(\\w+) =' }, at_most: 1 }]\n";

/// Items that between them ask in every way.
const ITEMS: [(&str, &str); 18] = [
    ("t.exists", "probe: { exists: ['src/*.py'] }"),
    ("t.two", "probe: { exists: { files: ['**/*.py'], min: 3, size: any } }"),
    ("t.absent", "probe: { absent: { files: ['.env', '**/*.yaml'], tracked: true } }"),
    ("t.empty", "probe: { absent: { files: ['**/*.py'], size: empty } }"),
    ("t.find", "probe: { text: { files: ['**/*.py'], find: secure } }"),
    ("t.each", "probe: { text: { files: ['**/*.py'], find: '=', each: true } }"),
    ("t.forbid", "probe: { text: { files: ['**/*.py', '!b.py'], forbid: debug, in: code } }"),
    ("t.unless", "probe: { text: { files: ['*.py'], forbid: '1', unless: secure, within: 1 } }"),
    ("t.all", "probe: { text: { files: ['**/*.py'], scope: all, forbid: debug } }"),
    ("t.query", "probe: { query: { files: ['**/*.yaml'], select: '$.a[*]', every: '^[12]$' } }"),
    ("t.tracked", "probe: { git: { tracked: ['src/a.py'] } }"),
    ("t.ignored", "probe: { git: { ignored: ['build/', '.env'] } }"),
    ("t.never", "probe: { git: { never_committed: ['.env', '**/*.yaml'] } }"),
    (
        "t.both",
        "when: { exists: Dockerfile }, covers: ['src/**'], probe: { any: [{ exists: a.py }, { ask: Really? }] }",
    ),
    ("t.ask", "covers: ['src/**', 'Dockerfile']"),
    (
        "t.compare",
        "when: { exists: Dockerfile }, probe: { compare: { left: { files: ['**/*.py'], capture: '^(\\w+) =' }, \
         right: { files: ['**/*.yaml'], capture: '(\\w+):' }, expect: subset } }",
    ),
    ("t.each-one", "inventory: { files: ['**/*.py'], capture: '^(\\w+) =' }"),
    (
        "t.parts",
        "probe: { all: [{ exists: a.py, part: a program }, { text: { files: ['**/*.py'], forbid: debug }, part: a quiet one }, \
         { git: { tracked: ['a.py'] } }] }",
    ),
];

fn items(range: std::ops::Range<usize>, priority: &str) -> String {
    let mut yaml = String::from("items:\n");
    for (id, rest) in &ITEMS[range] {
        yaml += &format!("  - {{ id: {id}, title: T, why: w, fix: f, priority: {priority}, tier: pilot, {rest} }}\n");
    }
    yaml
}

fn written(number: usize) -> String {
    checklist(&match number {
        0 => format!("{HEAD}{}", items(0..18, "P0")),
        1 => format!("{}{}", HEAD.replace("title: T", "title: Another"), items(0..18, "P0")),
        5 => format!("{HEAD}{}", items(3..18, "P1")),
        2 => format!("{HEAD}extends: [./conf/team.yaml]\n{}", items(0..9, "P0")),
        3 => format!("{HEAD}sets: {{ skip: ['src/**'] }}\n{}", items(0..18, "P0")),
        _ => format!("{HEAD}{}", items(0..18, "P7")),
    })
}

#[derive(Clone, Debug)]
enum Edit {
    Write(&'static str, &'static str),
    Remove(&'static str),
    Rename(&'static str, &'static str),
    Chmod(&'static str, u32),
    Mkdir(&'static str),
    Link(&'static str, &'static str),
    Ignore(&'static str, &'static str),
    Add(&'static str),
    Untrack(&'static str),
    Commit,
    Switch(&'static str),
    Checklist(usize),
    Team(bool),
    Decide(usize, &'static str),
    Undo,
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        8 => (select(&FILES), select(&TEXTS)).prop_map(|(path, text)| Edit::Write(path, text)),
        3 => select(&PLACES).prop_map(Edit::Remove),
        3 => (select(&PLACES), select(&PLACES)).prop_map(|(from, to)| Edit::Rename(from, to)),
        1 => (select(&FILES), select(&[0o644, 0o755])).prop_map(|(path, mode)| Edit::Chmod(path, mode)),
        1 => select(&PLACES).prop_map(Edit::Mkdir),
        2 => (select(&FILES), select(&["a.py", "src/a.py", "../a.py", "nowhere", "src", "/etc/hostname"]))
            .prop_map(|(path, to)| Edit::Link(path, to)),
        3 => (select(&IGNORE_FILES), select(&IGNORES)).prop_map(|(path, text)| Edit::Ignore(path, text)),
        2 => select(&PLACES).prop_map(Edit::Add),
        2 => select(&PLACES).prop_map(Edit::Untrack),
        2 => Just(Edit::Commit),
        1 => select(&["main", "other"]).prop_map(Edit::Switch),
        2 => (0..6_usize).prop_map(Edit::Checklist),
        1 => any::<bool>().prop_map(Edit::Team),
        2 => (0..15_usize, select(&["attest", "waive", "note", "drop", "dismiss", "retract"]))
            .prop_map(|(item, what)| Edit::Decide(item, what)),
        1 => Just(Edit::Undo),
    ]
}

/// What a place was before an edit; where it is another afterwards, the watcher tells.
type Seen = BTreeMap<RelPath, (u64, u64, u32, i128, i128, Option<PathBuf>)>;

struct Followed {
    world: World,
    session: Session,
    told: BTreeSet<RelPath>,
    git: bool,
}

impl Followed {
    fn new() -> Self {
        let world = World::new().tree(&[
            ("a.py", "debug = 1\n"),
            ("src/a.py", "secure = 1\n# debug = 1\n"),
            ("src/deep/c.yaml", "a: [1, 2]\n"),
            ("build/x.py", "debug = 1\n"),
            ("conf/team.yaml", TEAM),
            (".gitignore", "build/\n"),
        ]);
        world.edit("gonogo.yaml", &written(0));
        let world = world.git();
        world.git_does(&["branch", "other"]);
        let session = world.session();
        Self { world, session, told: BTreeSet::new(), git: false }
    }

    /// Does it, and notes what a watcher on the directories that are watched now would tell.
    fn edit(&mut self, edit: &Edit) {
        let before = (self.seen(), self.seen_git());
        self.carry_out(edit);
        let after = (self.seen(), self.seen_git());
        let places: BTreeSet<&RelPath> = before.0.keys().chain(after.0.keys()).collect();
        let moved = places.into_iter().filter(|path| before.0.get(*path) != after.0.get(*path));
        let watched = self.session.directories();
        let told = moved.filter(|path| watched.contains(&path.parent()));
        self.told.extend(told.cloned());
        self.git |= before.1 != after.1;
        // Events are not lost when a clock stands still: the name is told though the stat is the same.
        if let Edit::Write(path, _) | Edit::Ignore(path, _) = edit {
            let path = RelPath::new(path);
            self.told.extend(Some(path).filter(|path| watched.contains(&path.parent())));
        }
    }

    fn carry_out(&mut self, edit: &Edit) {
        let root = self.world.root().clone();
        let git = |arguments: &[&str]| {
            let mut git = std::process::Command::new("git");
            git.args(arguments)
                .current_dir(&root)
                .env("GIT_CONFIG_GLOBAL", "/dev/null")
                .env("GIT_CONFIG_NOSYSTEM", "1");
            for who in ["AUTHOR", "COMMITTER"] {
                git.env(format!("GIT_{who}_NAME"), "Ana").env(format!("GIT_{who}_EMAIL"), "ana@example.org");
            }
            // What git refuses leaves the tree as it was.
            git.output().unwrap();
        };
        let full = |path: &str| root.join(path);
        // What cannot be done in this tree is an edit that changes nothing.
        match edit {
            Edit::Write(path, text) | Edit::Ignore(path, text) => write(&full(path), text),
            Edit::Checklist(number) => write(&full("gonogo.yaml"), &written(*number)),
            Edit::Team(there) => write(&full("conf/team.yaml"), if *there { TEAM } else { "gonogo: 1\n" }),
            Edit::Remove(path) => remove(&full(path)),
            Edit::Rename(from, to) => drop(fs::rename(full(from), full(to))),
            Edit::Chmod(path, mode) => drop(fs::set_permissions(full(path), fs::Permissions::from_mode(*mode))),
            Edit::Mkdir(path) => drop(fs::create_dir_all(full(path))),
            Edit::Link(path, target) => {
                if full(path).symlink_metadata().is_ok_and(|data| !data.is_dir()) {
                    remove(&full(path));
                }
                drop(symlink(target, full(path)));
            }
            Edit::Add(path) => git(&["add", "-f", path]),
            Edit::Untrack(path) => git(&["rm", "-r", "-q", "--cached", "-f", path]),
            Edit::Commit => {
                git(&["add", "-A"]);
                git(&["commit", "-q", "--allow-empty", "-m", "work"]);
            }
            Edit::Switch(branch) => git(&["switch", "-q", "-f", branch]),
            Edit::Decide(item, what) => self.decide(ITEMS[*item].0, what),
            Edit::Undo => drop(self.session.undo()),
        }
    }

    fn decide(&mut self, item: &str, what: &str) {
        let item = item.to_owned();
        let reason = "because".to_owned();
        let row = self.session.board().rows.iter().find(|row| row.item.id == item);
        let evidence = row.into_iter().flat_map(|row| &row.outcome.evidence);
        let intent = match what {
            "attest" => Intent::Attest { note: reason, item, choice: None, part: None },
            "waive" => {
                Intent::Waive { item, reason, expires: "2026-06-01".parse().unwrap(), kind: WaiverKind::Accepted }
            }
            "note" => Intent::Note { item, text: reason },
            "drop" => Intent::NotApplicable { item, reason, follow_up: String::new() },
            "dismiss" => {
                let fingerprints = evidence.map(|evidence| evidence.fingerprint.clone()).take(1).collect();
                Intent::Dismiss { item, fingerprints, reason }
            }
            _ => Intent::Retract { item, part: None },
        };
        drop(self.session.decide(&intent));
    }

    /// Git's word comes first, as it does from the watcher.
    fn settle(&mut self) {
        let told = std::mem::take(&mut self.told);
        if std::mem::take(&mut self.git) {
            self.session.git_changed(&Progress::default());
        }
        if !told.is_empty() {
            self.session.paths_changed(&told, &Progress::default());
        }
    }

    fn agrees_with_a_fresh_start(&self) -> Result<(), TestCaseError> {
        let fresh = Session::open(&self.world.settings(), &Progress::default());
        // A checklist that is written wrongly leaves the last good one in force; a start has none.
        let Some(fresh) = fresh.ok().filter(|fresh| fresh.checklist_problems().is_empty()) else { return Ok(()) };
        prop_assert_eq!(told_of(self.session.board()), told_of(fresh.board()));
        // One watch too many costs nothing; one too few is deaf.
        let deaf: Vec<&RelPath> = fresh.directories().difference(self.session.directories()).collect();
        prop_assert_eq!(deaf, Vec::<&RelPath>::new());
        self.agrees_with_a_start_on_what_was_kept(&fresh)
    }

    /// What was kept is that of the time before this one: another tree, perhaps another checklist.
    fn agrees_with_a_start_on_what_was_kept(&self, fresh: &Session) -> Result<(), TestCaseError> {
        let cache = Some(self.world.root().with_extension("cache"));
        let settings = Settings { cache, ..self.world.settings() };
        let mut resumed = Session::open(&settings, &Progress::default()).unwrap();
        prop_assert_eq!(told_of(resumed.board()), told_of(fresh.board()));
        resumed.keep_facts();
        Ok(())
    }

    fn seen(&self) -> Seen {
        let mut seen = Seen::new();
        look(self.world.root(), &RelPath::new(""), &mut seen);
        seen
    }

    fn seen_git(&self) -> Seen {
        let mut seen = Seen::new();
        let git = self.world.root().join(".git");
        look(&git.join("refs"), &RelPath::new("refs"), &mut seen);
        for name in ["HEAD", "index", "packed-refs", "config"] {
            note(&git.join(name), RelPath::new(name), &mut seen);
        }
        seen
    }
}

fn look(dir: &Path, path: &RelPath, seen: &mut Seen) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.file_name() == ".git" {
            continue;
        }
        let below = path.join(entry.file_name().as_encoded_bytes());
        note(&entry.path(), below.clone(), seen);
        if entry.file_type().unwrap().is_dir() {
            look(&entry.path(), &below, seen);
        }
    }
}

fn note(full: &Path, path: RelPath, seen: &mut Seen) {
    let Ok(data) = full.symlink_metadata() else { return };
    // A name that comes or goes in a directory is told by its own name.
    let times = if data.is_dir() {
        (0, 0)
    } else {
        (nanos(data.mtime(), data.mtime_nsec()), nanos(data.ctime(), data.ctime_nsec()))
    };
    let size = if data.is_dir() { 0 } else { data.size() };
    seen.insert(path, (data.ino(), size, data.mode(), times.0, times.1, fs::read_link(full).ok()));
}

fn nanos(seconds: i64, nanoseconds: i64) -> i128 {
    i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds)
}

/// Everything on a board but what it cost, in lines that a difference can be seen in.
fn told_of(board: &Board) -> Vec<String> {
    let mut lines = vec![
        format!("{} {:?} {} {}", board.title, board.checklists, board.ruler, board.maturity),
        format!("{:?}", board.tree),
        format!("{:?} {:?}", board.score, board.disabled),
    ];
    lines.extend(board.verdicts.iter().map(|verdict| format!("{verdict:?}")));
    lines.extend(board.categories.iter().map(|category| format!("{category:?}")));
    lines.extend(board.metrics.iter().map(|metric| format!("{metric:?}")));
    lines.extend(board.problems.iter().map(|problem| format!("{problem:?}")));
    lines.extend(board.rows.iter().map(|row| {
        let story: Vec<&str> = row.standing.story.iter().map(|decision| decision.name.as_str()).collect();
        let Row { item, status, reason, moved, outcome, inventory, .. } = row;
        format!("{} {status:?} {reason:?} {moved:?} {outcome:?} {inventory:?} {story:?}", item.id)
    }));
    lines
}

fn follow(history: &[(Edit, bool)]) -> Result<(), TestCaseError> {
    let mut followed = Followed::new();
    for (edit, settles) in history {
        followed.edit(edit);
        if *settles {
            followed.settle();
            followed.agrees_with_a_fresh_start()?;
        }
    }
    followed.settle();
    followed.agrees_with_a_fresh_start()
}

/// `PROPTEST_CASES` asks for a longer run.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(40)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 1000, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn a_tree_that_was_followed_says_the_same_as_one_just_opened(
        history in prop::collection::vec((edit(), prop::bool::weighted(0.6)), 1..14),
    ) {
        follow(&history)?;
    }
}

#[test]
fn every_item_of_these_tests_asks_what_it_means_to() {
    let followed = Followed::new();
    assert_eq!(followed.session.checklist_problems(), []);
    assert_eq!(followed.session.board().rows.len(), ITEMS.len());
}

#[test]
fn a_file_that_is_ignored_is_no_change_once_git_lets_go_of_it() {
    follow(&[(Edit::Add("build/x.py"), true), (Edit::Untrack("build/x.py"), true)]).unwrap();
}
