//! Long work of a command in a terminal: somebody is told how far it is, and may stop it.

use std::fs;
use std::path::Path;

use portable_pty::CommandBuilder;

use super::pty::Pty;
use crate::place::Place;

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(directory).into_iter().flatten().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            names.extend(self::names(&entry.path()));
        } else {
            names.push(entry.path().display().to_string());
        }
    }
    names.sort();
    names
}

#[test]
fn ctrl_c_ends_a_check_that_takes_long_and_nothing_is_left_behind() {
    let place = Place::new();
    let text = "password = read(\"password\", os.environ)\n".repeat(5_000);
    for number in 0..100 {
        place.write(&format!("src/part{number}.py"), &text);
    }
    let before = names(&place.root);
    let cache = place.root.with_file_name("cache");
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_gonogo"));
    command.arg("check");
    command.cwd(&place.root);
    command.env("XDG_CACHE_HOME", &cache);
    let mut pty = Pty::of(command);
    pty.until("files and bytes are told", |pty| pty.text().contains("of 100 files, "));
    assert!(pty.text().contains(" of 20 MB"), "{}", pty.text());
    pty.press("\u{3}");
    assert!(pty.ends_by_signal(), "as whoever pressed the key expects");
    assert_eq!(names(&place.root), before);
    let kept = names(&cache);
    assert!(kept.iter().all(|name| name.ends_with(".checklist")), "nothing half done: {kept:?}");
}
