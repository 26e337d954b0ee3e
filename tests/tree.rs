//! What is listed, what is read, and what git says of it, held against the `git` program.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use gonogo::tree::blob::BlobId;
use gonogo::tree::disk;
use gonogo::tree::entry::{Entry, Kind, Listing};
use gonogo::tree::memory::MemoryTree;
use gonogo::tree::path::RelPath;
use gonogo::tree::source::{READ_CAP, Source};
use gonogo::tree::working::{TreeError, WorkingTree};

/// A directory that goes away with the test, and git without anybody's configuration.
pub(crate) struct Place {
    _home: tempfile::TempDir,
    pub(crate) root: PathBuf,
}

impl Place {
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let root = home.path().canonicalize().unwrap().join("tree");
        fs::create_dir(&root).unwrap();
        Self { _home: home, root }
    }

    pub(crate) fn repository() -> Self {
        let place = Self::new();
        place.git(&["init", "-q", "-b", "main"]);
        place
    }

    pub(crate) fn write(&self, path: &str, text: &str) -> &Self {
        let full = self.root.join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, text).unwrap();
        self
    }

    pub(crate) fn commit(&self, message: &str) -> &Self {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_in(&self.root, arguments, b"")
    }

    fn git_in(&self, dir: &Path, arguments: &[&str], input: &[u8]) -> String {
        let mut git = Command::new("git");
        git.args(["-c", "protocol.file.allow=always"]).args(arguments).current_dir(dir).env_clear();
        git.env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", self._home.path());
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{who}_NAME"), "Ana").env(format!("GIT_{who}_EMAIL"), "ana@example.org");
        }
        let mut child =
            git.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("git starts");
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        // `check-ignore` answers 1 when nothing is ignored.
        let fine = output.status.success() || arguments[0] == "check-ignore" && output.status.code() == Some(1);
        assert!(fine, "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn open(&self) -> WorkingTree {
        let (tree, warnings) = WorkingTree::open(&self.root).unwrap();
        assert_eq!(warnings, Vec::<String>::new());
        tree
    }

    fn list(&self) -> Listing {
        self.open().list(&AtomicU64::new(0))
    }
}

fn path(text: &str) -> RelPath {
    RelPath::new(text)
}

fn names(listing: &Listing) -> Vec<&str> {
    listing.entries.keys().map(RelPath::as_str).collect()
}

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
            out.insert(file.clone(), (tracked.contains(file), ignored.contains(file)));
        }
    }
    let listed = split(place.git(&["ls-files", "-z", "-co", "--exclude-standard"]));
    let kept: BTreeSet<String> =
        out.iter().filter(|(_, flags)| flags.0 || !flags.1).map(|(name, _)| name.clone()).collect();
    assert_eq!(kept, listed, "the two ways to ask git agree");
    out
}

fn flags(listing: &Listing) -> BTreeMap<String, (bool, bool)> {
    listing.entries.iter().map(|(path, entry)| (path.to_string(), (entry.tracked, entry.ignored))).collect()
}

/// Also that one path alone, and one subtree alone, give the same as the whole.
fn assert_like_git(place: &Place, what: &str) {
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
    assert_eq!(tree.repository().unwrap().changed_count(), Ok(1));
    let ever = tree.git().unwrap().ever_committed(&|_| true).unwrap();
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
fn git_vouches_for_contents_only_while_nobody_touched_them() {
    let place = Place::repository();
    place.write("a", "one\n").write("dir/b", "two\n").write("empty", "").write("lf/c", "three\r\n");
    place.write("lf/.gitattributes", "* text=auto\n");
    // A file written in the same moment as the index is not vouched for.
    std::thread::sleep(Duration::from_millis(50));
    place.commit("one");
    let listing = place.list();
    for (name, text) in [("a", "one\n"), ("dir/b", "two\n"), ("empty", "")] {
        assert_eq!(listing.entries[&path(name)].blob, Some(BlobId::of(text.as_bytes())), "{name}");
        assert_eq!(place.open().stat(&path(name)).as_ref(), listing.entries.get(&path(name)));
    }
    assert_eq!(listing.entries[&path("lf/c")].blob, None, "git stores other bytes than the file's");
    place.write("a", "ONE\n");
    assert_eq!(place.list().entries[&path("a")].blob, None, "same size, other content");
    fs::write(place.root.join(".git/info/attributes"), "*.txt filter=lfs\n").unwrap();
    assert_eq!(place.list().entries[&path("dir/b")].blob, None);
}

#[test]
fn an_index_that_the_library_cannot_read_is_listed_by_the_program() {
    let place = Place::repository();
    place.write("a", "").write("b", "").commit("one");
    place.git(&["update-index", "--split-index"]);
    place.write("c", "");
    assert_like_git(&place, "split index");
    assert!(place.list().entries[&path("a")].tracked);
}

#[test]
fn head_says_commit_and_branch_in_every_state() {
    let place = Place::repository();
    let head = || place.open().repository().unwrap().head().unwrap();
    assert_eq!((head().commit, head().branch), (None, Some("main".into())));
    assert_eq!(place.open().git().unwrap().ever_committed(&|_| true), Ok(Vec::new()));
    assert_eq!(place.open().git().unwrap().newest(&|_| true), Ok(None));
    place.write("a", "1").commit("one");
    let id = place.git(&["rev-parse", "HEAD"]).trim().to_owned();
    assert_eq!((head().commit, head().branch), (Some(id.clone()), Some("main".into())));
    place.git(&["checkout", "-q", "-b", "feature/x"]);
    assert_eq!(head().branch, Some("feature/x".into()));
    place.git(&["checkout", "-q", "--detach"]);
    assert_eq!((head().commit, head().branch), (Some(id), None));
}

#[test]
fn changes_are_counted_as_git_counts_them_and_the_index_is_left_alone() {
    let place = Place::repository();
    place.write("a", "1").write("b", "1").write("c", "1").write(".gitignore", "*.log\n").commit("one");
    place.write("a", "2").write("new/x", "").write("new/y", "").write("z.log", "");
    fs::remove_file(place.root.join("b")).unwrap();
    let index = place.root.join(".git/index");
    let before = fs::read(&index).unwrap();
    let count = place.open().repository().unwrap().changed_count().unwrap();
    assert_eq!(fs::read(&index).unwrap(), before);
    assert_eq!(count, place.git(&["status", "--porcelain", "-uall"]).lines().count());
    assert_eq!(count, 4);
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

#[test]
fn a_repository_that_cannot_be_read_is_a_warning_and_the_files_are_still_listed() {
    let place = Place::repository();
    place.write("a", "");
    fs::write(place.root.join(".git/config"), "[core\nbroken").unwrap();
    let (tree, warnings) = WorkingTree::open(&place.root).unwrap();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].starts_with("git is left out: "), "{warnings:?}");
    assert!(tree.git().is_none());
    assert_eq!(names(&tree.list(&AtomicU64::new(0))), ["a"]);
}

#[cfg(unix)]
#[test]
fn a_repository_of_somebody_else_is_left_out_with_a_way_to_trust_it() {
    let place = Place::repository();
    place.write("a", "");
    let given_away =
        [".git", ""].iter().all(|name| std::os::unix::fs::chown(place.root.join(name), Some(12_345), None).is_ok());
    let (tree, warnings) = WorkingTree::open(&place.root).unwrap();
    assert_eq!(names(&tree.list(&AtomicU64::new(0))), ["a"]);
    if given_away {
        assert!(tree.git().is_none());
        assert!(warnings[0].contains("git config --global --add safe.directory"), "{warnings:?}");
    } else {
        // Only the superuser can give a file away; for anybody else this is their own repository.
        assert!(tree.git().is_some() && warnings.is_empty(), "{warnings:?}");
    }
}

#[test]
fn tracked_files_that_are_not_checked_out_are_a_warning() {
    let place = Place::repository();
    place.write("a", "").write("b", "").commit("one");
    place.git(&["update-index", "--skip-worktree", "b"]);
    fs::remove_file(place.root.join("b")).unwrap();
    let (tree, warnings) = WorkingTree::open(&place.root).unwrap();
    assert_eq!(warnings, ["1 tracked file is not checked out (sparse checkout): nobody looks at it"]);
    assert_eq!(names(&tree.list(&AtomicU64::new(0))), ["a"]);
}

#[test]
fn ignoring_is_asked_of_names_that_do_not_exist_and_answered_as_git_does() {
    let place = Place::repository();
    place.write(".gitignore", ".env\n.env.*\n!.env.example\nlogs/\n").write("forced.log", "").write(".env.forced", "");
    place.git(&["add", "-f", ".env.forced"]);
    let tree = place.open();
    for name in [".env", ".env.local", ".env.example", "logs/x", "logs/", "logs", "app/.env", ".env.forced", "README"] {
        let git = !place.git_in(&place.root, &["check-ignore", "--stdin"], name.as_bytes()).is_empty();
        assert_eq!(tree.git().unwrap().is_ignored(&path(name)), Ok(git), "{name}");
    }
}

#[test]
fn history_remembers_what_was_deleted_on_any_branch() {
    let place = Place::repository();
    place.write("keys/prod.pem", "x").write("a", "1").commit("one");
    let first = place.git(&["rev-parse", "--short=7", "HEAD"]).trim().to_owned();
    place.git(&["rm", "-q", "keys/prod.pem"]);
    place.commit("two");
    place.git(&["checkout", "-q", "--orphan", "side"]);
    place.write("side.pem", "x").commit("side");
    place.git(&["checkout", "-q", "main"]);
    let tree = place.open();
    let pem = |name: &str| name.ends_with(".pem");
    let found = tree.git().unwrap().ever_committed(&pem).unwrap();
    assert_eq!(found.iter().map(|found| found.path.as_str()).collect::<Vec<_>>(), ["keys/prod.pem", "side.pem"]);
    assert_eq!(found[0].commit, first);
    place.write("late.pem", "x").commit("three");
    assert_eq!(tree.git().unwrap().ever_committed(&pem).unwrap().len(), 3, "a new commit is seen");
}

#[test]
fn the_newest_change_of_a_path_is_the_one_that_git_log_names() {
    let place = Place::repository();
    place.write("docs/run.md", "1").write("src/a", "1").commit("one");
    place.write("docs/run.md", "2").commit("two");
    place.write("src/a", "2").commit("three");
    for name in ["docs/run.md", "src/a"] {
        let found = place.open().git().unwrap().newest(&|path| path == name).unwrap().unwrap();
        let log = place.git(&["log", "-1", "--format=%h %ct", "--abbrev=7", "--", name]);
        assert_eq!(format!("{} {}", found.commit, found.at.as_second()), log.trim(), "{name}");
        assert_eq!(found.path, path(name));
    }
    assert_eq!(place.open().git().unwrap().newest(&|path| path == "none"), Ok(None));
}

#[cfg(unix)]
#[test]
fn a_refreshed_listing_is_the_one_that_a_new_walk_gives() {
    let place = Place::repository();
    place
        .write("a/x", "1")
        .write("a/y.log", "1")
        .write("a-b/z", "1")
        .write("b/c/d", "1")
        .write("top", "1")
        .commit("one");
    std::os::unix::fs::symlink("a/x", place.root.join("link")).unwrap();
    let tree = place.open();
    let mut listing = tree.list(&AtomicU64::new(0));
    let mut step = |told: &[&str], expected: &[&str]| {
        let moved = tree.refresh(&mut listing, &told.iter().map(|name| path(name)).collect());
        let fresh = tree.list(&AtomicU64::new(0));
        assert_eq!(listing.entries, fresh.entries, "{told:?}");
        assert_eq!(listing.directories, fresh.directories, "{told:?}");
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
    step(&["a/.gitignore"], &["a/.gitignore", "a/y.log"]);
    fs::rename(place.root.join("a"), place.root.join("z")).unwrap();
    step(&["a", "z"], &["a/.gitignore", "a/x", "a/y.log", "link", "z/.gitignore", "z/x", "z/y.log"]);
    place.git(&["init", "-q", "b"]);
    step(&["b"], &["b"]);
    fs::remove_dir_all(place.root.join("b")).unwrap();
    step(&["b", "b/c", "b/c/d"], &["b", "b/c/d"]);
    fs::remove_file(place.root.join("top")).unwrap();
    place.write("top/inside", "1");
    step(&["top", "top/inside"], &["top", "top/inside"]);
}

#[cfg(unix)]
#[test]
fn a_commit_is_looked_at_like_the_tree_it_was() {
    use std::os::unix::fs::symlink;
    let place = Place::repository();
    place.write(".gitignore", "*.log\n").write("app/a.rs", "one").write("app/dir/b", "two").write("gone", "x");
    symlink("dir/b", place.root.join("app/good")).unwrap();
    symlink("../../outside", place.root.join("app/bad")).unwrap();
    symlink("loop", place.root.join("app/loop")).unwrap();
    place.commit("one");
    let before = place.open();
    let then = before.list(&AtomicU64::new(0));
    fs::remove_file(place.root.join("gone")).unwrap();
    place.write("app/a.rs", "three").write("new", "y").commit("two");

    let old = before.repository().unwrap().revision("HEAD~1").unwrap();
    assert_eq!(flags(old.listing()), flags(&then));
    assert_eq!(old.listing().directories, then.directories);
    for (name, entry) in &then.entries {
        let found = &old.listing().entries[name];
        assert_eq!(
            (&found.kind, found.size),
            (&entry.kind, if entry.kind == Kind::Link(None) { 0 } else { entry.size })
        );
    }
    assert_eq!(old.read(&path("app/a.rs")).unwrap().bytes, b"one");
    assert_eq!(old.read(&path("app/good")).unwrap().bytes, b"two");
    assert!(old.read(&path("new")).is_err() && old.read(&path("app/bad")).is_err());
    assert!(old.is_ignored_by_git(&path("x.log")) && !old.is_ignored_by_git(&path("gone")));
    let facts = old.git().unwrap();
    assert!(facts.ever_committed(&|name| name == "new").unwrap().is_empty(), "the future is not seen");
    assert_eq!(facts.newest(&|name| name == "app/a.rs").unwrap().unwrap().commit, old.commit()[..7]);
    let refused = before.repository().unwrap().revision("no-such").unwrap_err();
    assert!(refused.starts_with("no-such: "), "{refused}");
}

#[test]
fn a_shallow_clone_does_not_pretend_to_know_the_past() {
    let place = Place::repository();
    place.write("a", "1").commit("one");
    place.write("b", "1").commit("two");
    let copy = Place::new();
    let from = format!("file://{}", place.root.display());
    copy.git(&["clone", "-q", "--depth", "1", &from, "."]);
    let tree = copy.open();
    let facts = tree.git().unwrap();
    assert!(facts.ever_committed(&|_| true).unwrap_err().starts_with("shallow clone: "));
    assert!(facts.newest(&|name| name == "a").unwrap_err().starts_with("shallow clone: "));
}

#[test]
fn a_case_in_memory_answers_like_a_repository_on_disk() {
    let files = [
        (".gitignore", "*.log\n/build/\n"),
        ("a.log", ""),
        ("src/.gitignore", "!a.log\n"),
        ("src/a.log", "x"),
        ("build/out", "x"),
        ("build/kept", "x"),
        ("main.rs", "fn main() {}"),
    ];
    let place = Place::repository();
    for (name, text) in files {
        place.write(name, text);
    }
    place.git(&["add", "-f", "build/kept"]);
    place.commit("one");
    fs::create_dir(place.root.join("empty")).unwrap();
    let mut given: Vec<(String, String)> = files.map(|(name, text)| (name.into(), text.into())).into();
    given.push(("empty/".into(), String::new()));
    let memory = MemoryTree::new(&given).with_tracked(&["build/kept"]);
    let disk = place.open();
    assert_eq!(flags(memory.listing()), flags(&disk.list(&AtomicU64::new(0))));
    assert!(memory.listing().directories.contains(&path("empty")));
    for name in ["x.log", "src/x.log", "src/a.log", "build", "build/", "build/new", "deep/down/x.log", "main.rs"] {
        let asked = path(name);
        assert_eq!(memory.is_ignored_by_git(&asked), disk.is_ignored_by_git(&asked), "{name}");
    }
    let ever = |tree: &dyn Source| -> Vec<RelPath> {
        tree.git().unwrap().ever_committed(&|_| true).unwrap().into_iter().map(|found| found.path).collect()
    };
    assert_eq!(ever(&memory), ever(&disk));
    assert_eq!(memory.read(&path("main.rs")).unwrap().bytes, b"fn main() {}");
}

trait Asks {
    fn is_ignored_by_git(&self, path: &RelPath) -> bool;
}

impl<S: Source> Asks for S {
    fn is_ignored_by_git(&self, path: &RelPath) -> bool {
        self.git().unwrap().is_ignored(path).unwrap()
    }
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
