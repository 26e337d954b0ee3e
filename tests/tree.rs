//! What is listed and read, held against the `git` program.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicU64;

use gonogo::tree::disk;
use gonogo::tree::entry::{Entry, Kind, Listing};
use gonogo::tree::path::RelPath;
use gonogo::tree::refresh::Moved;
use gonogo::tree::source::{READ_CAP, Source};
use gonogo::tree::working::{TreeError, WorkingTree};

use crate::place::{Place, flags, names, path};

/// Every file below `dir` but git's own, and every directory with a `/` at its end.
fn on_disk(root: &Path, dir: &str, out: &mut Vec<String>) {
    for entry in fs::read_dir(root.join(dir)).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let below = if dir.is_empty() { name.clone() } else { format!("{dir}/{name}") };
        if name == ".git" {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            on_disk(root, &below, out);
            out.push(format!("{below}/"));
        } else {
            out.push(below);
        }
    }
}

/// What git says must be listed: path → (tracked, ignored).
fn by_git(place: &Place) -> BTreeMap<String, (bool, bool)> {
    let mut all = Vec::new();
    on_disk(&place.root, "", &mut all);
    let split =
        |text: String| text.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect::<BTreeSet<_>>();
    // Without the slash: with it, git takes a directory for something inside itself.
    let input = all.iter().map(|name| name.trim_end_matches('/')).collect::<Vec<_>>().join("\0");
    let ignored = split(place.git_in(&place.root, &["check-ignore", "--no-index", "-z", "--stdin"], input.as_bytes()));
    let tracked = split(place.git(&["ls-files", "-z"]));
    let mut out = BTreeMap::new();
    for file in all.iter().filter(|name| !name.ends_with('/')) {
        let below_ignored = file.match_indices('/').any(|(at, _)| ignored.contains(&file[..at]));
        if !below_ignored || tracked.contains(file) {
            let is_tracked = tracked.contains(file);
            // Of what it tracks git asks no rule.
            out.insert(file.clone(), (is_tracked, !is_tracked && ignored.contains(file)));
        }
    }
    let listed = split(place.git(&["ls-files", "-z", "-co", "--exclude-standard"]));
    let kept: BTreeSet<String> =
        out.iter().filter(|(_, flags)| flags.0 || !flags.1).map(|(name, _)| name.clone()).collect();
    assert_eq!(kept, listed, "the two ways to ask git agree");
    out
}

/// Also that one path alone, and one subtree alone, give the same as the whole.
pub(crate) fn assert_like_git(place: &Place, what: &str) {
    let tree = place.open();
    let listing = tree.list(&AtomicU64::new(0));
    assert_eq!(flags(&listing), by_git(place), "{what}");
    let mut all = Vec::new();
    on_disk(&place.root, "", &mut all);
    for name in all {
        let name = path(name.trim_end_matches('/'));
        assert_eq!(tree.stat(&name).as_ref(), listing.entries.get(&name), "{what}: stat of {name}");
    }
    for dir in &listing.directories {
        let part = tree.relist(dir, &AtomicU64::new(0));
        let whole: Vec<(&RelPath, &Entry)> = listing.entries.iter().filter(|(path, _)| path.starts_with(dir)).collect();
        assert_eq!(part.entries.iter().collect::<Vec<_>>(), whole, "{what}: {dir} alone");
    }
}

#[test]
fn a_listing_is_what_git_lists_with_nested_rules_and_negations() {
    let place = Place::repository();
    place
        .write(".gitignore", "*.log\n!keep.log\n/build/\nsecret\n**/deep/x\n")
        .write("a.log", "")
        .write("keep.log", "");
    place.write("build/out", "").write("src/build/in", "").write("src/.gitignore", "!a.log\nlocal/*\n!local/kept\n");
    place.write("src/a.log", "").write("src/local/x", "").write("src/local/kept", "").write("src/p/deep/x", "");
    place.write("secret/forced", "tracked all the same").write("secret/other", "").write("é ü.txt", "");
    place.git(&["add", "-f", "secret/forced", "src/local/x"]);
    place.write(".git/info/exclude", "excluded\n").write("excluded", "");
    assert_like_git(&place, "by hand");
    let listing = place.list();
    assert!(listing.directories.contains(&path("src/p/deep")) && !listing.directories.contains(&path("build")));
    assert!(listing.directories.contains(&path("secret")), "a tracked file in it is worth watching");
}

#[test]
fn a_listing_is_what_git_lists_in_trees_made_by_chance() {
    const DIRS: [&str; 6] = ["", "a", "a/b", "build", "src", "src/a"];
    const NAMES: [&str; 6] = ["x.log", "keep.log", "main.rs", ".env", "target", "b"];
    const RULES: [&str; 22] = [
        "*.log",
        "!keep.log",
        "/build",
        "build/",
        "a/b",
        "**/x.log",
        "a/**",
        "!a/b/",
        "*",
        "!*/",
        "src/*",
        "!src/main.rs",
        "target",
        "# no rule",
        "\\!x",
        "b/**/x.log",
        "x.*",
        "/a/*.rs",
        ".e?v",
        "[m-t]*",
        "src/**/b",
        "!/src/",
    ];
    let mut state = 20_261_121_u64;
    let mut dice = move |sides: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % sides
    };
    for round in 0..40 {
        let place = Place::repository();
        let mut rules = Vec::new();
        for dir in DIRS {
            for name in NAMES {
                // `a/b` is a directory.
                if dice(3) > 0 && !(dir == "a" && name == "b") {
                    place.write(format!("{dir}/{name}").trim_start_matches('/'), "x");
                    if dice(6) == 0 {
                        place.git(&["add", "-f", format!("{dir}/{name}").trim_start_matches('/')]);
                    }
                }
            }
            if dir.is_empty() || dice(3) == 0 {
                let text: String = (0..1 + dice(4)).map(|_| format!("{}\n", RULES[dice(RULES.len())])).collect();
                place.write(format!("{dir}/.gitignore").trim_start_matches('/'), &text);
                rules.push((dir, text));
            }
        }
        assert_like_git(&place, &format!("round {round}: {rules:?}"));
    }
}

#[test]
fn a_folder_of_a_repository_sees_the_rules_above_it_and_nothing_beside_it() {
    let place = Place::repository();
    place.write(".gitignore", "*.log\n/app/tmp\n").write("app/a.rs", "").write("app/a.log", "").write("app/tmp/x", "");
    place.write("other/b.rs", "").commit("one");
    place.write("other/c.rs", "").write("app/new.rs", "");
    let (tree, _) = WorkingTree::open(&place.root.join("app")).unwrap();
    let listing = tree.list(&AtomicU64::new(0));
    assert_eq!(names(&listing), ["a.log", "a.rs", "new.rs"]);
    assert!(
        listing.entries[&path("a.rs")].tracked
            && listing.entries[&path("a.log")].ignored
            && !listing.entries[&path("new.rs")].tracked
    );
    assert_eq!(tree.repository().unwrap().changed().unwrap().len(), 1);
    let ever = tree.git().unwrap().ever_committed(&crate::place::globs("**")).unwrap();
    assert_eq!(ever.iter().map(|found| found.path.as_str()).collect::<Vec<_>>(), ["a.rs"]);
}

#[test]
fn another_repository_inside_is_a_border_and_a_plain_folder_outside_git() {
    let place = Place::repository();
    let lib = Place::repository();
    lib.write("lib.c", "").commit("one");
    place.git(&["submodule", "add", "-q", lib.root.to_str().unwrap(), "sub"]);
    place.write("main.c", "").commit("one");
    place.git(&["worktree", "add", "-q", "wt", "-b", "side"]);
    place.git(&["init", "-q", "nested"]);
    place.write("nested/x", "").write("hollow/.git/note", "").write("hollow/y", "");
    let listing = place.list();
    assert_eq!(names(&listing), [".gitmodules", "hollow/y", "main.c", "nested", "sub", "wt"]);
    for (name, tracked) in [("nested", false), ("sub", true), ("wt", false)] {
        assert_eq!(
            (&listing.entries[&path(name)].kind, listing.entries[&path(name)].tracked),
            (&Kind::Repository, tracked)
        );
        assert_eq!(place.open().stat(&path(name)).as_ref(), listing.entries.get(&path(name)));
    }
    assert_eq!(place.open().stat(&path("sub/lib.c")), None);

    let outside = Place::new();
    outside.git(&["init", "-q", "one"]);
    outside.write("one/x", "").write(".gitignore", "skipped/\n").write("skipped/y", "");
    assert!(outside.open().git().is_none());
    assert_eq!(names(&outside.list()), [".gitignore", "one/x"]);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_named_and_never_opened() {
    use std::os::unix::fs::symlink;
    let place = Place::repository();
    place.write("real/file", "content");
    let at = |name: &str| place.root.join(name);
    assert!(Command::new("mkfifo").arg(at("fifo")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
    for (target, name) in [
        ("real/file", "good"),
        ("good", "twice"),
        ("folder/../real/file", "through"),
        ("real", "folder"),
        ("loop-b", "loop-a"),
        ("loop-a", "loop-b"),
        ("/etc/passwd", "absolute"),
        ("../../../../../../etc/passwd", "climbing"),
        ("nowhere", "dangling"),
        (".git/config", "into-git"),
        ("fifo", "to-fifo"),
    ] {
        symlink(target, at(name)).unwrap();
    }
    symlink(at("real/file"), at("absolute-inside")).unwrap();
    let tree = place.open();
    let listing = tree.list(&AtomicU64::new(0));
    let good = Kind::Link(Some(path("real/file")));
    for name in ["good", "twice", "through", "absolute-inside"] {
        assert_eq!(listing.entries[&path(name)].kind, good, "{name}");
        assert_eq!(listing.entries[&path(name)].size, 7);
        assert_eq!(tree.read(&path(name)).unwrap().bytes, b"content", "{name}");
    }
    for name in ["folder", "loop-a", "loop-b", "absolute", "climbing", "dangling", "into-git", "to-fifo"] {
        assert_eq!(listing.entries[&path(name)].kind, Kind::Link(None), "{name}");
        assert!(tree.read(&path(name)).is_err(), "{name}");
    }
    for name in ["fifo", "socket"] {
        assert_eq!(listing.entries[&path(name)].kind, Kind::Special, "{name}");
        assert!(tree.read(&path(name)).is_err(), "{name}");
    }
    assert_eq!(tree.stat(&path("folder/file")), None, "a name behind a link is not in the tree");
    assert!(tree.read(&path("folder/file")).is_ok(), "but it does not leave the tree");
    symlink("/etc", at("etc")).unwrap();
    assert_eq!(tree.read(&path("etc/passwd")).unwrap_err(), "cannot be read: it lies outside the tree");
}

#[cfg(unix)]
#[test]
fn a_directory_that_cannot_be_listed_is_said_to_be_unknown() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::repository();
    place.write("closed/x", "").write("open", "");
    let closed = place.root.join("closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let readable_all_the_same = fs::read_dir(&closed).is_ok();
    let listing = place.list();
    let alone = place.open().stat(&path("closed"));
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    if readable_all_the_same {
        // The superuser reads everything; then everything must be there.
        assert_eq!(names(&listing), ["closed/x", "open"]);
        assert_eq!(alone, None);
    } else {
        assert_eq!(names(&listing), ["closed", "open"]);
        assert_eq!(listing.entries[&path("closed")].kind, Kind::Unlisted("permission denied".into()));
        assert_eq!(alone.as_ref(), listing.entries.get(&path("closed")));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_listed_tracked_and_read() {
    use std::os::unix::ffi::OsStrExt;
    let place = Place::repository();
    fs::write(place.root.join(std::ffi::OsStr::from_bytes(b"caf\xe9.txt")), "x").unwrap();
    place.commit("one");
    let tree = place.open();
    let listing = tree.list(&AtomicU64::new(0));
    assert_eq!(names(&listing), ["caf\\xe9.txt"]);
    assert!(listing.entries[&path("caf\\xe9.txt")].tracked);
    assert_eq!(tree.read(&path("caf\\xe9.txt")).unwrap().bytes, b"x");
}

#[test]
fn only_the_beginning_of_an_endless_file_is_read_and_that_is_said() {
    let place = Place::new();
    let size = 10 << 30;
    fs::File::create(place.root.join("huge")).unwrap().set_len(size).unwrap();
    fs::write(place.root.join("full"), vec![b'x'; READ_CAP as usize]).unwrap();
    let tree = place.open();
    let content = tree.read(&path("huge")).unwrap();
    assert_eq!((content.bytes.len() as u64, content.cut_from), (READ_CAP, Some(size)));
    assert_eq!(tree.read(&path("full")).unwrap().cut_from, None);
}

#[test]
fn a_file_that_went_away_is_no_empty_file() {
    let place = Place::new();
    place.write("a", "x");
    let tree = place.open();
    fs::remove_file(place.root.join("a")).unwrap();
    assert_eq!(tree.read(&path("a")).unwrap_err(), "vanished while being read");
    assert_eq!(tree.stat(&path("a")), None);
}

#[test]
fn a_bare_repository_and_a_path_that_is_no_directory_are_told_apart() {
    let place = Place::repository();
    place.write("file", "");
    place.git(&["init", "-q", "--bare", "store.git"]);
    let open = |name: &str| WorkingTree::open(&place.root.join(name)).map(|_| ()).unwrap_err();
    assert!(matches!(open("store.git"), TreeError::InsideGit { .. }));
    assert!(matches!(open(".git"), TreeError::InsideGit { .. }));
    assert!(matches!(open("file"), TreeError::NotADirectory { .. }));
    let missing = open("missing").to_string();
    assert!(missing.ends_with("missing: cannot be opened: no such file or directory"), "{missing}");
}

#[cfg(unix)]
#[test]
fn a_refreshed_listing_is_the_one_that_a_new_walk_gives() {
    type Look = dyn Fn(&WorkingTree, &mut Listing, &BTreeSet<RelPath>) -> Moved;
    let by_parts = |most| move |tree: &WorkingTree, listing: &mut Listing, _: &_| tree.refresh_parts(listing, most);
    let told: &Look = &|tree, listing, told| tree.refresh(listing, told);
    let looks = [told, &by_parts(0), &by_parts(1), &by_parts(2), &by_parts(3), &by_parts(5), &by_parts(100)];
    looks.into_iter().for_each(follows);
}

#[cfg(unix)]
fn follows(look: &dyn Fn(&WorkingTree, &mut Listing, &BTreeSet<RelPath>) -> Moved) {
    use std::os::unix::fs::symlink;
    let place = Place::repository();
    place
        .write("a/x", "1")
        .write("a/y.log", "1")
        .write("a-b/z", "1")
        .write("b/c/d", "1")
        .write("h/i/tracked", "1")
        .write("top", "1")
        .commit("one");
    symlink("a/x", place.root.join("link")).unwrap();
    place.write("a/new.log", "1");
    let tree = place.open();
    let mut listing = tree.list(&AtomicU64::new(0));
    let mut step = |told: &[&str], expected: &[&str]| {
        let moved = look(&tree, &mut listing, &told.iter().map(|name| path(name)).collect());
        let fresh = tree.list(&AtomicU64::new(0));
        assert_eq!(listing.entries, fresh.entries, "{told:?}");
        assert_eq!(listing.directories, fresh.directories, "{told:?}");
        assert_eq!(listing.links, fresh.links, "{told:?}");
        assert_eq!(moved.paths.iter().map(RelPath::as_str).collect::<Vec<_>>(), expected, "{told:?}");
    };
    step(&["a/x", "top", "never/was"], &[]);
    place.write("a/x", "22");
    step(&["a/x"], &["a/x", "link"]);
    place.write("n/e/w", "1").write("n/e/x", "1");
    step(&["n"], &["n/e/w", "n/e/x"]);
    place.write("n/.gitignore", "e/\n");
    step(&["n/.gitignore"], &["n/.gitignore", "n/e/w", "n/e/x"]);
    place.write("a/.gitignore", "*.log\n");
    step(&["a/.gitignore"], &["a/.gitignore", "a/new.log"]);
    fs::rename(place.root.join("a"), place.root.join("z")).unwrap();
    let before = ["a/.gitignore", "a/new.log", "a/x", "a/y.log", "link"];
    step(&["a", "z"], &[&before[..], &["z/.gitignore", "z/new.log", "z/x", "z/y.log"]].concat());
    place.write("h/i/untracked", "1").write("h/other/untracked", "1");
    step(&["h"], &["h/i/untracked", "h/other/untracked"]);
    place.write("h/.gitignore", "i\n");
    step(&["h/.gitignore"], &["h/.gitignore", "h/i/untracked"]);
    fs::remove_dir_all(place.root.join("h/other")).unwrap();
    symlink("i", place.root.join("h/other")).unwrap();
    step(&["h/other"], &["h/other", "h/other/untracked"]);
    place.git(&["init", "-q", "b"]);
    step(&["b"], &["b"]);
    fs::remove_dir_all(place.root.join("b")).unwrap();
    step(&["b", "b/c", "b/c/d"], &["b", "b/c/d"]);
    fs::remove_file(place.root.join("top")).unwrap();
    place.write("top/inside", "1");
    step(&["top", "top/inside"], &["top", "top/inside"]);
}

#[test]
fn files_are_written_whole_and_never_by_accident() {
    let place = Place::new();
    let target = place.root.join("gonogo.yaml");
    disk::write_new(&target, b"one").unwrap();
    let refused = disk::write_new(&target, b"two").unwrap_err();
    assert!(refused.ends_with("gonogo.yaml: exists already and is left as it is"), "{refused}");
    assert_eq!(disk::read_text(&target, 10), Ok("one".into()));
    assert!(disk::read_text(&target, 2).unwrap_err().contains("3 bytes"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt, symlink};
        fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
        let link = place.root.join("link");
        symlink("gonogo.yaml", &link).unwrap();
        disk::write_replace(&link, b"three").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
    }
    disk::write_replace(&target, b"three").unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"three");
    assert!(disk::write_replace(&place.root, b"x").unwrap_err().contains("no regular file"));
    let left: Vec<_> = fs::read_dir(&place.root).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".gonogo-")), "{left:?}");
}
