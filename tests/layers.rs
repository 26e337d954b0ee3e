//! The map in `src/lib.rs` is true: who may know whom, and who may touch what.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the bottom up, with those that each may know besides itself. `tree` and `checklist` stand side by
/// side: a checklist is text that a tree holds, and only its paths are spelled as the tree spells them.
const ROOMS: [(&str, &[&str]); 14] = [
    ("text", &[]),
    ("document", &["text"]),
    ("tree", &["text"]),
    ("checklist", &["text", "document", "tree"]),
    ("probe", &["text", "document", "tree", "checklist"]),
    ("engine", &["tree", "checklist", "probe"]),
    ("cases", &["tree", "checklist", "probe", "engine"]),
    ("ledger", &["text", "tree"]),
    ("readiness", &["text", "tree", "checklist", "probe", "ledger"]),
    ("report", &["text", "tree", "checklist", "probe", "ledger", "readiness"]),
    ("session", &["text", "tree", "checklist", "probe", "engine", "ledger", "readiness", "report"]),
    ("tui", &["text", "document", "tree", "checklist", "probe", "engine", "ledger", "readiness", "report", "session"]),
    (
        "cli",
        &[
            "text",
            "document",
            "tree",
            "checklist",
            "probe",
            "engine",
            "cases",
            "ledger",
            "readiness",
            "report",
            "session",
            "tui",
        ],
    ),
    ("lib", &[]),
];

/// What only some rooms may name: words of the code, and the rooms or files.
const SECRETS: [(&[&str], &[&str]); 7] = [
    (&["std::fs", "fs::read", "fs::write", "File::open", "OpenOptions"], &["tree/", "ledger/"]),
    (&["ratatui", "crossterm"], &["tui/"]),
    (&["tokio"], &["tui/", "tree/watch.rs"]),
    (&["git2"], &["tree/"]),
    (&["process::Command", "process::{Command", "process::{Child"], &["tree/", "tui/"]),
    (&["notify::"], &["tree/"]),
    (&["Timestamp::now", "SystemTime::now", "Zoned::now"], &["session/", "cli/", "tui/"]),
];

const LINES: usize = 450;

struct Source {
    /// `tree/walk.rs`.
    name: String,
    text: String,
}

impl Source {
    fn room(&self) -> &str {
        self.name.split(['/', '.']).next().unwrap()
    }

    /// What is built: no comments, no literals of more than one line, and nothing from the tests at the end of the file on.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
        lines.take_while(|(_, line)| *line != "#[cfg(test)]").filter(|(_, line)| !line.starts_with("//"))
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    let mut ahead = vec![root.clone()];
    while let Some(dir) = ahead.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                ahead.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                all.push(Source { name, text: fs::read_to_string(&path).unwrap() });
            }
        }
    }
    assert!(all.len() > 100, "the walk finds the sources");
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// The rooms that a line names: `use crate::room`, `crate::room::…`, `use crate::{room, …}`.
fn rooms_in(line: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, start) in line.match_indices("crate::") {
        let rest = &line[at + start.len()..];
        let names = rest.strip_prefix('{').map_or(rest, |rest| rest.split('}').next().unwrap_or(rest));
        let names: Vec<&str> = if rest.starts_with('{') { names.split(',').collect() } else { vec![names] };
        for name in names {
            let name: String = name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            rooms.push(name);
        }
    }
    rooms
}

#[test]
fn rooms_are_found_however_they_are_named() {
    assert_eq!(rooms_in("use crate::tree::path::RelPath;"), ["tree"]);
    assert_eq!(rooms_in("let a = crate::text::visible(crate::tree::x());"), ["text", "tree"]);
    assert_eq!(rooms_in("use crate::{cli::A, tui};"), ["cli", "tui"]);
    assert!(rooms_in("use std::fs;").is_empty());
}

#[test]
fn every_room_knows_only_those_below_it() {
    let table: BTreeMap<&str, &[&str]> = ROOMS.into_iter().collect();
    for source in sources().iter().filter(|source| source.room() != "main") {
        let room = source.room();
        let known = table.get(room).unwrap_or_else(|| panic!("{}: no such room in the table", source.name));
        for (number, line) in source.code() {
            for named in rooms_in(line) {
                let fine = named == room || known.contains(&named.as_str());
                assert!(fine, "{}:{number}: {room} must not know {named}: {line}", source.name);
            }
        }
    }
}

#[test]
fn the_table_itself_goes_one_way() {
    for (at, (room, known)) in ROOMS.iter().enumerate() {
        for name in *known {
            let below = ROOMS[..at].iter().any(|(earlier, _)| earlier == name);
            assert!(below, "{room} knows {name}, which does not stand below it");
        }
    }
}

#[test]
fn the_map_in_the_crate_lists_the_rooms_in_this_order() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let map: String = text.lines().skip_while(|line| !line.contains("Imports go one way")).take(3).collect();
    let places: Vec<Option<usize>> =
        ROOMS.iter().map(|(room, _)| map.find(&format!("[`{room}`]"))).take(ROOMS.len() - 1).collect();
    assert!(places.iter().all(Option::is_some), "every room stands on the map: {places:?}");
    assert!(places.is_sorted(), "in the order of the table: {places:?}");
}

#[test]
fn only_those_who_may_touch_disk_terminal_git_and_clock() {
    for source in sources() {
        for (number, line) in source.code() {
            for (words, rooms) in SECRETS {
                let allowed = rooms.iter().any(|room| source.name.starts_with(room));
                let named = words.iter().find(|word| line.contains(**word));
                if let Some(word) = named.filter(|_| !allowed) {
                    panic!("{}:{number}: {word} belongs to {rooms:?}: {line}", source.name);
                }
            }
        }
    }
}

#[test]
fn no_file_is_too_long_to_read() {
    for source in sources() {
        let lines = source.text.lines().count();
        assert!(lines <= LINES, "{} has {lines} lines", source.name);
    }
}
