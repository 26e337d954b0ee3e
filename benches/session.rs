//! How long a start takes, a start on what was kept, and a save, on repositories that are made here from a seed:
//! `cargo bench`, or with 100,000 files too `GONOGO_BENCH_LARGE=1 cargo bench`. Read the figures as ratios of one run;
//! machines and hours differ. `GONOGO_BENCH_TREE=FOLDER:FILES cargo bench` writes such a repository and ends: that is
//! what `benches/whole.sh` measures whole commands on.
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop")]

mod seeded;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

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
    match std::env::var("GONOGO_BENCH_TREE") {
        Ok(wanted) => {
            let (folder, files) = wanted.rsplit_once(':').unwrap();
            fs::create_dir_all(folder).unwrap();
            seeded::write(Path::new(folder), files.parse().unwrap());
        }
        Err(_) => divan::main(),
    }
}

/// Everything is listed, read and judged.
#[divan::bench(args = sizes(), sample_count = 5)]
fn start(bencher: Bencher<'_, '_>, files: usize) {
    let tree = tree(files);
    bencher.bench(|| Session::open(&settings(tree.path(), None), &Progress::default()).unwrap());
}

/// Everything is listed, and nothing is another than what was kept.
#[divan::bench(args = sizes(), sample_count = 5)]
fn start_on_what_was_kept(bencher: Bencher<'_, '_>, files: usize) {
    let (tree, cache) = (tree(files), tempfile::tempdir().unwrap());
    let settings = settings(tree.path(), Some(cache.path().to_path_buf()));
    // Files as young as the start that reads them are doubted by the next one.
    std::thread::sleep(std::time::Duration::from_millis(50));
    Session::open(&settings, &Progress::default()).unwrap().keep_facts();
    bencher.bench(|| Session::open(&settings, &Progress::default()).unwrap());
    assert_eq!(Session::open(&settings, &Progress::default()).unwrap().board().stats.files_read, 0);
}

/// One file is saved; the figure must be the same whatever the size of the tree.
#[divan::bench(args = sizes(), sample_count = 50)]
fn save(bencher: Bencher<'_, '_>, files: usize) {
    let tree = tree(files);
    let mut session = Session::open(&settings(tree.path(), None), &Progress::default()).unwrap();
    let saved = RelPath::new("area0/part0.py");
    let told = BTreeSet::from([saved.clone()]);
    let mut count = 0;
    bencher
        .with_inputs(|| {
            count += 1;
            fs::write(saved.under(tree.path()), seeded::module(1_000_000 + count)).unwrap();
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

fn settings(path: &Path, cache: Option<PathBuf>) -> Settings {
    Settings {
        path: path.to_path_buf(),
        checklist: None,
        author: None,
        actor: Actor::Person,
        at: None,
        only: Vec::new(),
        data: None,
        cache,
    }
}

fn tree(files: usize) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    seeded::write(root.path(), files);
    root
}
