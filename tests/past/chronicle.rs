//! A random history: edits, links, ignore rules, decisions, checklists and merges, each commit an hour after the last.

use std::cell::Cell;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use gonogo::engine::progress::Progress;
use gonogo::ledger::decision::WaiverKind;
use gonogo::session::Session;
use gonogo::session::message::Intent;
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::select;

use crate::world::{World, checklist, remove, write};

const FILES: [&str; 9] =
    ["a.py", "b.py", "src/a.py", "src/b.py", "src/deep/c.yaml", "Dockerfile", ".env", "docs/run.md", "conf/team.yaml"];
const TEXTS: [&str; 7] = [
    "",
    "debug = 1\n",
    "debug = 2\n",
    "secure = 1\n# debug = 1\n",
    "a: [1, 2]\n",
    "a: [1, 2\n",
    "env('A')\nenv('B')\n",
];
const IGNORES: [&str; 4] = ["", "build/\n", ".env\nbuild\n", "src/*.py\n!src/a.py\n"];

pub(super) const ITEMS: [(&str, &str); 15] = [
    ("t.exists", "probe: { exists: ['src/*.py'] }"),
    ("t.absent", "probe: { absent: { files: ['.env', '**/*.yaml'], tracked: true } }"),
    ("t.empty", "probe: { absent: { files: ['**/*.py'], size: empty } }"),
    ("t.find", "probe: { text: { files: ['**/*.py'], find: secure } }"),
    ("t.each", "probe: { text: { files: ['**/*.py'], find: '=', each: true } }"),
    ("t.forbid", "probe: { text: { files: ['**/*.py', '!b.py'], forbid: debug, in: code } }"),
    ("t.query", "probe: { query: { files: ['**/*.yaml'], select: '$.a[*]', every: '^[12]$' } }"),
    (
        "t.sets",
        "probe: { compare: { left: { files: ['**/*.py'], capture: \"env\\\\('(\\\\w)\" }, right: { files: ['docs/**'], capture: '(\\w) =' }, expect: subset } }",
    ),
    ("t.tracked", "probe: { git: { tracked: ['src/a.py'] } }"),
    ("t.ignored", "probe: { git: { ignored: ['build/', '.env', 'src/new.py'] } }"),
    ("t.never", "probe: { git: { never_committed: ['.env', '**/*.yaml'] } }"),
    ("t.newest", "probe: { git: { newest: ['docs/**', 'Dockerfile'], within: 1d } }"),
    (
        "t.both",
        "when: { exists: Dockerfile }, covers: ['src/**'], probe: { any: [{ exists: a.py }, { ask: Really? }] }",
    ),
    ("t.ask", "covers: ['src/**', 'Dockerfile'], review_every: 1d"),
    ("t.each-one", "inventory: { files: ['**/*.py'], capture: \"env\\\\('(\\\\w)\" }, title: 'Each variable is known'"),
];

const TEAM: &str = "gonogo: 1\nitems:\n  - { id: t.team, title: Team, why: w, fix: f, priority: P0, tier: pilot, probe: { exists: conf/team.yaml } }\n";

/// Checklists that the tree holds one after the other; the last one cannot be used.
pub(super) fn written(number: usize) -> String {
    let items = |range: std::ops::Range<usize>, priority: &str| {
        let item = |(id, rest): &(&str, &str)| {
            let title = if rest.contains("title:") { "" } else { "title: T, " };
            format!("  - {{ id: {id}, {title}why: w, fix: f, priority: {priority}, tier: pilot, {rest} }}\n")
        };
        format!("items:\n{}", ITEMS[range].iter().map(item).collect::<String>())
    };
    let head = "title: T\ncategories: [{ id: t, title: T }]\ntiers: [{ id: pilot, title: Pilot, gate: P1 }]\n";
    checklist(&match number {
        0 => format!("{head}{}", items(0..15, "P0")),
        1 => format!("{head}extends: [./conf/team.yaml]\n{}", items(0..9, "P1")),
        2 => format!("{head}sets: {{ skip: ['src/**'] }}\n{}", items(3..15, "P0")),
        3 => format!("{head}{}", items(0..15, "P7")),
        _ => "items: [".to_owned(),
    })
}

#[derive(Clone, Debug)]
pub(super) enum Edit {
    Write(&'static str, &'static str),
    Remove(&'static str),
    Link(&'static str, &'static str),
    Ignore(&'static str),
    Checklist(usize),
    Decide(usize, &'static str),
    Clutter(&'static str),
    /// Works on another branch from here on, or on the first one again.
    Switch,
    Merge,
}

pub(super) fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        10 => (select(&FILES), select(&TEXTS)).prop_map(|(path, text)| Edit::Write(path, text)),
        1 => Just(Edit::Write("conf/team.yaml", TEAM)),
        3 => select(&FILES).prop_map(Edit::Remove),
        1 => select(&["src", "docs", "conf"]).prop_map(Edit::Remove),
        2 => (select(&FILES), select(&["a.py", "src/a.py", "deep/c.yaml", "../a.py", "nowhere", "src"]))
            .prop_map(|(path, to)| Edit::Link(path, to)),
        1 => select(&IGNORES).prop_map(Edit::Ignore),
        2 => (0..5_usize).prop_map(Edit::Checklist),
        3 => (0..ITEMS.len(), select(&["attest", "waive", "note", "dismiss", "retract"]))
            .prop_map(|(item, what)| Edit::Decide(item, what)),
        1 => select(&["t.ask/broken.yaml", "loose.yaml", "README.md", "t.find/note.txt", "UPPER/a.yaml", "t.never/.a.yaml"])
            .prop_map(Edit::Clutter),
        2 => Just(Edit::Switch),
        2 => Just(Edit::Merge),
    ]
}

pub(super) struct Chronicle {
    pub(super) world: World,
    hours: Cell<i64>,
    is_away: Cell<bool>,
}

impl Chronicle {
    pub(super) fn of(edits: &[Edit]) -> Self {
        let world = World::new().today("2026-03-01").tree(&[
            ("a.py", "debug = 1\n"),
            ("src/a.py", "secure = 1\n# debug = 1\nenv('A')\n"),
            ("src/deep/c.yaml", "a: [1, 2]\n"),
            ("conf/team.yaml", TEAM),
            (".gitignore", "build/\n"),
        ]);
        world.edit("gonogo.yaml", &written(0));
        let chronicle = Self { world, hours: Cell::new(0), is_away: Cell::new(false) };
        chronicle.git(&["init", "-q", "-b", "main"]);
        chronicle.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
        chronicle.commit();
        chronicle.git(&["branch", "side"]);
        for edit in edits {
            chronicle.carry_out(edit);
            chronicle.commit();
        }
        if chronicle.is_away.get() {
            chronicle.git(&["switch", "-q", "-f", "main"]);
        }
        chronicle
    }

    /// Every commit of every branch, the oldest first.
    pub(super) fn commits(&self) -> Vec<String> {
        let all = self.world.git_does(&["rev-list", "--all", "--reverse", "--topo-order"]);
        all.lines().map(str::to_owned).collect()
    }

    fn commit(&self) {
        self.hours.set(self.hours.get() + 7);
        // What nobody may add, because a rule ignores it, stays out.
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "work"]);
    }

    /// Answers whether git did it.
    fn git(&self, arguments: &[&str]) -> bool {
        let mut git = Command::new("git");
        git.args(arguments).current_dir(self.world.root());
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{who}_NAME"), "Ana").env(format!("GIT_{who}_EMAIL"), "ana@example.org");
            git.env(format!("GIT_{who}_DATE"), self.now().to_string());
        }
        git.output().unwrap().status.success()
    }

    fn now(&self) -> Timestamp {
        let start: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
        start + jiff::SignedDuration::from_hours(self.hours.get())
    }

    fn carry_out(&self, edit: &Edit) {
        let full = |path: &str| self.world.root().join(path);
        match edit {
            Edit::Write(path, text) => write(&full(path), text),
            Edit::Ignore(text) => write(&full(".gitignore"), text),
            Edit::Checklist(number) => write(&full("gonogo.yaml"), &written(*number)),
            Edit::Clutter(name) => write(&full(&format!(".gonogo/ledger/{name}")), "nothing: real\n"),
            Edit::Remove(path) => remove(&full(path)),
            Edit::Link(path, target) => {
                remove(&full(path));
                drop(fs::create_dir_all(full(path).parent().unwrap()));
                drop(symlink(target, full(path)));
            }
            Edit::Decide(item, what) => self.decide(ITEMS[*item].0, what),
            Edit::Switch => {
                let to = if self.is_away.get() { "main" } else { "side" };
                self.git(&["switch", "-q", "-f", to]);
                self.is_away.set(!self.is_away.get());
            }
            Edit::Merge => {
                let other = if self.is_away.get() { "main" } else { "side" };
                if !self.git(&["merge", "-q", "--no-ff", "-X", "theirs", "-m", "merge", other]) {
                    self.git(&["merge", "--abort"]);
                }
            }
        }
    }

    fn decide(&self, item: &str, what: &str) {
        let settings = gonogo::session::Settings { at: Some(self.now()), ..self.world.settings() };
        // A checklist that cannot be used asks nobody anything.
        let Ok(mut session) = Session::open(&settings, &Progress::default()) else { return };
        let item = item.to_owned();
        let reason = "because".to_owned();
        let row = session.board().rows.iter().find(|row| row.item.id == item);
        let evidence = row.into_iter().flat_map(|row| &row.outcome.evidence);
        let part = row.and_then(|row| row.outcome.elements.first()).map(|element| element.name.clone());
        let intent = match what {
            "attest" => Intent::Attest { note: reason, item, choice: None, part },
            "waive" => {
                Intent::Waive { item, reason, expires: "2026-02-03".parse().unwrap(), kind: WaiverKind::Accepted }
            }
            "note" => Intent::Note { item, text: reason },
            "dismiss" => {
                let fingerprints = evidence.map(|evidence| evidence.fingerprint.clone()).take(1).collect();
                Intent::Dismiss { item, fingerprints, reason }
            }
            _ => Intent::Retract { item, part: None },
        };
        // What the rules refuse is not said.
        drop(session.decide(&intent));
    }
}
