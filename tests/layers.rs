//! Imports go one way. The order stands in src/lib.rs, where people read it.

use std::fs;
use std::path::{Path, PathBuf};

/// Each source file with the code in it, without its unit tests.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut directories = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
                found.push((path.strip_prefix(&root).unwrap().to_path_buf(), code));
            }
        }
    }
    assert!(found.len() > 100, "{}", found.len());
    found
}

fn room(path: &Path) -> String {
    path.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The rooms, from the bottom, as the guide at the top of the library names them.
fn order() -> Vec<String> {
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let (_, line) = guide.split_once("Imports go one way, from the bottom:").unwrap();
    let line = line.split("\n\n").next().unwrap();
    line.split("[`").skip(1).map(|rest| rest.split('`').next().unwrap().to_owned()).collect()
}

#[test]
fn no_room_imports_from_one_above_it() {
    let order = order();
    let place = |room: &str| order.iter().position(|known| known == room);
    for (path, code) in sources() {
        let Some(own) = place(&room(&path)) else {
            assert!(["main", "lib"].contains(&room(&path).as_str()), "src/lib.rs does not name {}", path.display());
            continue;
        };
        for used in code.split("crate::").skip(1) {
            let used = used.split(|c: char| !c.is_ascii_lowercase() && c != '_').next().unwrap();
            let Some(used_place) = place(used) else { continue };
            assert!(used_place <= own, "{} uses {used}, which lies above it", path.display());
        }
    }
}

#[test]
fn the_disk_the_terminal_and_the_clock_are_touched_in_few_rooms() {
    let allowed: [(&[&str], &[&str]); 3] = [
        (&["std::fs", "fs::read", "fs::write", "File::open"], &["tree", "ledger"]),
        (&["ratatui", "crossterm", "tokio::"], &["tui"]),
        (&["Timestamp::now", "SystemTime::now", "Zoned::now"], &["session", "tui", "cli"]),
    ];
    for (path, code) in sources() {
        let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for (words, rooms) in allowed {
            let touches = words.iter().find(|word| code.contains(**word));
            assert!(touches.is_none() || rooms.contains(&room(&path).as_str()), "{} uses {touches:?}", path.display());
        }
    }
}
