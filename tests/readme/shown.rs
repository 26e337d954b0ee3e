//! Blocks of a page, and a shop in which what they show is done.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::place::Place;

/// A fenced block.
#[derive(Clone, Debug)]
pub(super) struct Block {
    page: String,
    line: usize,
    pub(super) kind: String,
    pub(super) text: String,
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.page, self.line)
    }
}

pub(super) fn blocks(page: &str, text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut open = false;
    for (number, line) in (1..).zip(text.lines()) {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(kind) => {
                open = true;
                found.push(Block { page: page.into(), line: number, kind: kind.into(), text: String::new() });
            }
            None if open => found.last_mut().unwrap().text.push_str(&format!("{line}\n")),
            None => {}
        }
    }
    assert!(!open, "{page}: a block does not end");
    found
}

/// The example in a repository of its own, with the checklists beside it.
pub(super) struct Shop {
    place: Place,
    shop: PathBuf,
}

impl Shop {
    pub(super) fn new() -> Self {
        let place = Place::new();
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
        copy(&examples, &place.root);
        let shop = place.root.join("acme-shop");
        place.git_in(&shop, &["init", "-q", "-b", "main"], b"");
        place.git_in(&shop, &["add", "-A"], b"");
        place.git_in(&shop, &["commit", "-q", "-m", "As it was"], b"");
        Self { place, shop }
    }

    pub(super) fn root(&self) -> &Path {
        &self.shop
    }

    /// Types the lines behind `$` and compares what comes with what is shown. `…` stands for anything in its line,
    /// alone on a line for any lines.
    pub(super) fn replay(&self, block: &Block) {
        let mut lines = block.text.lines().peekable();
        while let Some(line) = lines.next() {
            let typed = line.strip_prefix("$ ").unwrap_or_else(|| panic!("{block}: no prompt: {line}"));
            let mut shown = Vec::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
                shown.push(line);
            }
            let came = self.run(typed);
            let came: Vec<&str> = came.lines().collect();
            assert!(is_shown(&shown, &came), "{block}: $ {typed}\n{}", came.join("\n"));
        }
    }

    pub(super) fn accepts_checklist(&self, block: &Block) {
        fs::write(self.shop.join("gonogo.yaml"), &block.text).unwrap();
        assert_eq!(self.run("gonogo lint"), "no problems\n", "{block}");
        let tested = self.run("gonogo test");
        assert!(tested.ends_with(" passed, 0 failed\n"), "{block}: {tested}");
    }

    /// Standard output, then standard error.
    fn run(&self, typed: &str) -> String {
        let program = Path::new(env!("CARGO_BIN_EXE_gonogo")).parent().unwrap();
        let path = std::env::join_paths(
            [program.to_path_buf()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
        );
        let mut shell = Command::new("sh");
        shell.args(["-c", typed]).current_dir(&self.shop).env_clear();
        shell.env("PATH", path.unwrap()).env("HOME", &self.place.root).env("GIT_CONFIG_NOSYSTEM", "1");
        shell.env("GONOGO_AUTHOR", "Ana Ruiz <ana@example.org>");
        let output = shell.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        String::from_utf8(text).unwrap()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap() {
            kind if kind.is_dir() && entry.file_name() == ".gonogo" => {}
            kind if kind.is_dir() => copy(&entry.path(), &target),
            _ => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

fn is_shown(shown: &[&str], came: &[&str]) -> bool {
    match (shown, came) {
        ([], came) => came.is_empty(),
        (["…", rest @ ..], came) => (0..=came.len()).any(|skipped| is_shown(rest, &came[skipped..])),
        ([line, shown @ ..], [first, came @ ..]) => is_line(line, first) && is_shown(shown, came),
        (_, []) => false,
    }
}

fn is_line(shown: &str, came: &str) -> bool {
    let Some((start, rest)) = shown.split_once('…') else { return shown == came };
    let Some(behind) = came.strip_prefix(start) else { return false };
    let cuts = behind.char_indices().map(|(at, _)| at).chain([behind.len()]);
    cuts.into_iter().any(|at| is_line(rest, &behind[at..]))
}

#[test]
fn dots_stand_for_anything_and_nothing_else_does() {
    assert!(is_shown(&["a", "…", "c"], &["a", "b", "b", "c"]));
    assert!(is_shown(&["…", "x… y"], &["x1 y"]));
    assert!(!is_shown(&["a", "…", "c"], &["a", "b"]));
    assert!(!is_shown(&["a"], &["a", "b"]));
    assert!(!is_line("a…z", "a z!"));
}
