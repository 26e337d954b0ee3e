//! Killed at any moment, eight at once, or without room: nothing acknowledged is lost or torn.
//!
//! Each test runs itself again as a process of its own, told by an environment variable what to be.

#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use gonogo::ledger::decision::{Decision, Kind};
use gonogo::ledger::name::new_name;
use gonogo::ledger::store::Store;
use tempfile::tempdir;

use super::{decision, moment, names_below};

const ROOT: &str = "GONOGO_TEST_LEDGER_ROOT";

/// The root to write into, if this is a process that a test started.
fn told_to_write() -> Option<PathBuf> {
    env::var_os(ROOT).map(PathBuf::from)
}

fn this_test_again(test: &str, root: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", &format!("ledger::crash::{test}"), "--nocapture"]).env(ROOT, root);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Long enough to fill several pages, so that half of one would show.
fn text_of(number: u64) -> String {
    format!("{number} ").repeat(4_000)
}

/// One line on standard output, in one write: the test harness shares that pipe.
fn tell(line: &str) {
    std::io::stdout().write_all(format!("\nack {line}\n").as_bytes()).unwrap();
    std::io::stdout().flush().unwrap();
}

/// What a process told, to the last whole line.
fn told(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    let mut out = BufReader::new(child.stdout.take().unwrap());
    std::iter::from_fn(move || {
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        line.ends_with('\n').then_some(line)
    })
    .filter_map(|line| line.trim_end().strip_prefix("ack ").map(str::to_owned))
}

fn write_on_and_on(root: &Path) {
    let store = Store::open(root);
    for number in 0.. {
        let item = ["a", "b", "c"][number as usize % 3];
        let at = moment(number as i64);
        let note = text_of(number);
        let recorded =
            store.append(&Decision { name: new_name(at), note, ..decision(item, Kind::Note, number as i64) });
        tell(&format!("{number} {}", recorded.unwrap().name));
    }
}

#[test]
fn a_process_killed_at_any_moment_loses_and_tears_nothing_it_acknowledged() {
    if let Some(root) = told_to_write() {
        return write_on_and_on(&root);
    }
    let root = tempdir().unwrap();
    let mut acknowledged: BTreeMap<String, u64> = BTreeMap::new();
    for round in 0..40_u64 {
        let test = "a_process_killed_at_any_moment_loses_and_tears_nothing_it_acknowledged";
        let mut child = this_test_again(test, root.path()).spawn().unwrap();
        let mut lines = told(&mut child);
        let first = lines.next();
        let wait = RandomState::new().hash_one(round) % 8_000;
        std::thread::sleep(Duration::from_micros(wait));
        child.kill().unwrap();
        child.wait().unwrap();
        for line in first.into_iter().chain(lines) {
            let (number, name) = line.split_once(' ').unwrap();
            acknowledged.insert(name.to_owned(), number.parse().unwrap());
        }
    }
    assert!(acknowledged.len() >= 40, "every process got to its first decision");

    let loaded = Store::open(root.path()).load_all();
    assert_eq!(loaded.problems, [""; 0]);
    let mut found = BTreeMap::new();
    for files in loaded.items.values() {
        assert_eq!(files.unreadable, [""; 0]);
        found.extend(files.decisions.iter().map(|decision| (decision.name.clone(), decision.note.clone())));
    }
    for (name, number) in &acknowledged {
        assert_eq!(found.get(name), Some(&text_of(*number)), "{name}");
    }
}

#[test]
fn eight_processes_that_all_want_the_same_name_lose_nothing() {
    const EACH: usize = 20;
    const NAME: &str = "20261121T204107.123Z-00000000";
    if let Some(root) = told_to_write() {
        let wanted = Decision { name: NAME.to_owned(), note: text_of(7), ..decision("a", Kind::Note, 1) };
        (0..EACH).for_each(|_| tell(&Store::open(&root).append(&wanted).unwrap().name));
        return;
    }
    let root = tempdir().unwrap();
    let test = "eight_processes_that_all_want_the_same_name_lose_nothing";
    let mut children: Vec<Child> = (0..8).map(|_| this_test_again(test, root.path()).spawn().unwrap()).collect();
    let acknowledged: Vec<String> = children.iter_mut().flat_map(told).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(acknowledged.len(), 8 * EACH);

    let files = Store::open(root.path()).load_item("a");
    assert_eq!(files.unreadable, [""; 0]);
    let found: BTreeSet<&str> = files.decisions.iter().map(|decision| decision.name.as_str()).collect();
    assert_eq!(found, acknowledged.iter().map(String::as_str).collect());
    assert_eq!(found.len(), 8 * EACH, "each under a name of its own");
    assert!(files.decisions.iter().all(|decision| decision.note == text_of(7)));
}

#[test]
fn without_room_nothing_is_recorded_and_the_file_is_named() {
    if let Some(root) = told_to_write() {
        let result = Store::open(&root).append(&decision("a", Kind::Attest, 1));
        return tell(&result.map_or_else(|error| error.to_string(), |recorded| recorded.name.clone()));
    }
    let root = tempdir().unwrap();
    let inner = this_test_again("without_room_nothing_is_recorded_and_the_file_is_named", root.path());
    let mut shell = Command::new("sh");
    // Files may grow to nothing here, which fails like a full disk does.
    shell.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""]).arg(inner.get_program()).args(inner.get_args());
    let mut child = shell.env(ROOT, root.path()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let told: Vec<String> = told(&mut child).collect();
    assert!(child.wait().unwrap().success());
    let [error] = told.as_slice() else { panic!("one answer, not {told:?}") };
    assert!(error.starts_with("cannot write .gonogo/ledger/a/"), "{error}");
    assert!(error.ends_with("; make room and decide again"), "{error}");
    assert_eq!(names_below(root.path()), [".gonogo", ".gonogo/ledger", ".gonogo/ledger/a"]);
    assert_eq!(Store::open(root.path()).load_all(), Default::default());
}
