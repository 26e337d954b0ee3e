//! How long a start takes, and a save, on repositories that are made here from a seed: `cargo bench`, or with 100,000
//! files too `GONOGO_BENCH_LARGE=1 cargo bench`. Read the figures as ratios of one run; machines and hours differ.
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use divan::Bencher;
use gonogo::engine::progress::Progress;
use gonogo::ledger::decision::Actor;
use gonogo::session::{Session, Settings};
use gonogo::tree::path::RelPath;

fn sizes() -> Vec<usize> {
    let large = std::env::var_os("GONOGO_BENCH_LARGE").map(|_| 100_000);
    [1_000, 10_000].into_iter().chain(large).collect()
}

fn main() {
    divan::main();
}

/// Everything is listed, read and judged.
#[divan::bench(args = sizes(), sample_count = 5)]
fn start(bencher: Bencher<'_, '_>, files: usize) {
    let tree = tree(files);
    bencher.bench(|| Session::open(&settings(tree.path()), &Progress::default()).unwrap());
}

/// One file is saved; the figure must be the same whatever the size of the tree.
#[divan::bench(args = sizes(), sample_count = 50)]
fn save(bencher: Bencher<'_, '_>, files: usize) {
    let tree = tree(files);
    let mut session = Session::open(&settings(tree.path()), &Progress::default()).unwrap();
    let saved = RelPath::new("area0/module0.py");
    let told = BTreeSet::from([saved.clone()]);
    let mut count = 0;
    bencher
        .with_inputs(|| {
            count += 1;
            fs::write(saved.under(tree.path()), format!("TOKEN_{count} = 1\n{}", text(count))).unwrap();
        })
        .bench_local_values(|()| session.paths_changed(&told, &Progress::default()));
    assert_eq!(session.board().stats.files_read, 1);
}

/// The same bytes without anything being asked of them: what the machine needs for reading alone.
#[divan::bench(args = sizes(), sample_count = 5)]
fn read_everything(bencher: Bencher<'_, '_>, files: usize) {
    let tree = tree(files);
    bencher.bench(|| read_below(tree.path()));
}

fn read_below(directory: &Path) -> u64 {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap());
    let entries: Vec<_> = entries.filter(|entry| entry.file_name() != ".git").collect();
    let size = |entry: fs::DirEntry| {
        if entry.file_type().unwrap().is_dir() {
            read_below(&entry.path())
        } else {
            fs::read(entry.path()).unwrap().len() as u64
        }
    };
    entries.into_iter().map(size).sum()
}

fn settings(path: &Path) -> Settings {
    Settings {
        path: path.to_path_buf(),
        checklist: None,
        author: None,
        actor: Actor::Person,
        at: None,
        only: Vec::new(),
        data: None,
    }
}

/// A tree with a realistic mix of kinds: code in four languages, workflows, compose files and prose.
fn tree(files: usize) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for number in 0..files {
        let (area, kind) = (number / 50, number % 10);
        let name = match kind {
            0..=3 => format!("area{area}/module{number}.py"),
            4 | 5 => format!("area{area}/part{number}.ts"),
            6 => format!("area{area}/main{number}.go"),
            7 => format!("area{area}/lib{number}.rs"),
            8 => format!("area{area}/notes{number}.md"),
            _ => format!("area{area}/deploy{number}.yaml"),
        };
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let content = if kind == 9 { "services: {web: {image: \"web:1.2.3\"}}\n".to_owned() } else { text(number) };
        fs::write(path, content).unwrap();
    }
    commit(root.path());
    root
}

/// What git says of a file that is saved is part of the answer, and must not cost more in a larger repository.
fn commit(root: &Path) {
    let repository = git2::Repository::init(root).unwrap();
    let mut index = repository.index().unwrap();
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
    index.write().unwrap();
    let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
    let author = git2::Signature::new("Ana", "ana@example.org", &git2::Time::new(1_700_000_000, 0)).unwrap();
    repository.commit(Some("HEAD"), &author, &author, "all", &tree, &[]).unwrap();
}

/// Lines that look like code, from a small generator with this seed.
fn text(seed: usize) -> String {
    const WORDS: [&str; 12] = [
        "request", "session", "value", "config", "user", "token", "return", "import", "self", "handler", "limit", "log",
    ];
    let mut state = seed as u64 + 1;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let mut out = String::new();
    for _ in 0..40 + next() % 160 {
        let line: Vec<&str> = (0..3 + next() % 6).map(|_| WORDS[next() % WORDS.len()]).collect();
        out.push_str(&format!("    {} = {}({})\n", line[0], line[1], line[2..].join(", ")));
    }
    out
}
