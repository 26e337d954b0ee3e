//! What differs from HEAD, told from a listing: what git tells, and what looking at everything would tell.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use gonogo::tree::entry::Listing;
use gonogo::tree::path::RelPath;
use gonogo::tree::repository::Repository;
use proptest::prelude::*;

use crate::place::Place;

/// By `git status`, which may not write its index: what it learns of a stat would hide what this must find out.
fn by_git(place: &Place) -> BTreeSet<String> {
    let arguments = ["--no-optional-locks", "status", "--porcelain", "-z", "-uall", "--no-renames"];
    let said = place.git(&arguments);
    said.split_terminator('\0').map(|line| line[3..].trim_end_matches('/').to_owned()).collect()
}

fn assert_as_git(place: &Place, what: &str) {
    let tree = place.open();
    let listing = tree.list(&Default::default());
    let repository = tree.repository().unwrap();
    let found = repository.changed_in(&listing);
    assert_eq!(found, repository.changed(), "{what}: by looking at everything");
    let found: BTreeSet<String> = found.unwrap().iter().map(ToString::to_string).collect();
    let told = by_git(place);
    assert_eq!(found, told, "{what}: by git");
    let mut places: BTreeSet<RelPath> = listing.entries.keys().chain(&listing.directories).cloned().collect();
    places.extend(NAMES.into_iter().chain(told.iter().map(String::as_str)).map(RelPath::new));
    assert_single_places(&listing, repository, &places, &told, what);
}

/// What is said of each place alone, by us and by looking at the place, is what git says of it among all of them.
fn assert_single_places(
    listing: &Listing,
    repository: &Repository,
    places: &BTreeSet<RelPath>,
    told: &BTreeSet<String>,
    what: &str,
) {
    for place in places.iter().filter(|place| !place.as_str().is_empty()) {
        let alone = BTreeSet::from([place.clone()]);
        let expected = told.iter().map(|path| RelPath::new(path)).filter(|path| path.starts_with(place));
        let expected = Ok(expected.collect());
        assert_eq!(repository.changed_among(&alone), expected, "{what}: by looking at {place} alone");
        assert_eq!(repository.changed_at(&alone, listing), expected, "{what}: of {place} alone");
    }
}

/// One thing that somebody may do to a repository.
#[derive(Clone, Debug)]
enum Step {
    Write(usize, usize),
    Append(usize),
    Touch(usize),
    Remove(usize),
    Rename(usize, usize),
    Link(usize),
    Executable(usize),
    Nested(usize),
    Ignore(usize),
    Attributes(usize),
    Git(usize, usize),
    /// The clock moves on, so that the index vouches for what is older.
    Wait,
}

const NAMES: [&str; 8] = ["a", "b.txt", "dir/c", "dir/sub/d", "dir-e/f", "x.log", "zürich", "dir/.hidden"];
const TEXTS: [&str; 4] = ["one\n", "two\n", "", "one\r\ntwo\r\n"];
const RULES: [&str; 4] = ["*.log\n", "dir/\n", "/a\n!dir/c\n", "sub\n"];
const ATTRIBUTES: [&str; 3] = ["* text=auto\n", "*.txt text\n", "* -text\n"];
const GIT: [&[&str]; 19] = [
    &["add", "-A"],
    &["add", "-A"],
    &["commit", "-q", "-a", "--allow-empty", "-m", "x"],
    &["commit", "-q", "--allow-empty", "-m", "x"],
    &["reset", "-q"],
    &["reset", "-q", "--hard"],
    &["reset", "-q", "--soft", "HEAD~1"],
    &["rm", "-q", "--cached", "-r", "--ignore-unmatch", "--", "?"],
    &["add", "-f", "-N", "--", "?"],
    &["add", "-f", "--", "?"],
    &["update-index", "--assume-unchanged", "--", "?"],
    &["update-index", "--skip-worktree", "--", "?"],
    &["update-index", "--chmod=+x", "--", "?"],
    &["update-index", "-q", "--refresh"],
    &["update-index", "--index-version", "4"],
    &["update-index", "--index-version", "2"],
    &["config", "core.fileMode", "false"],
    &["config", "core.autocrlf", "input"],
    &["read-tree", "HEAD"],
];

fn step() -> impl Strategy<Value = Step> {
    let name = || 0..NAMES.len();
    prop_oneof![
        4 => (name(), 0..TEXTS.len()).prop_map(|(name, text)| Step::Write(name, text)),
        1 => name().prop_map(Step::Append),
        1 => name().prop_map(Step::Touch),
        2 => name().prop_map(Step::Remove),
        1 => (name(), name()).prop_map(|(from, to)| Step::Rename(from, to)),
        1 => name().prop_map(Step::Link),
        1 => name().prop_map(Step::Executable),
        1 => name().prop_map(Step::Nested),
        1 => (0..RULES.len()).prop_map(Step::Ignore),
        1 => (0..ATTRIBUTES.len()).prop_map(Step::Attributes),
        8 => (0..GIT.len(), name()).prop_map(|(command, name)| Step::Git(command, name)),
        1 => Just(Step::Wait),
    ]
}

impl Step {
    /// What cannot be done now is not done.
    fn take(&self, place: &Place) {
        let at = |name: &usize| place.root.join(NAMES[*name]);
        match self {
            Self::Write(name, text) => put(&at(name), TEXTS[*text].as_bytes()),
            Self::Append(name) => {
                let before = fs::read(at(name)).unwrap_or_default();
                put(&at(name), &[before.as_slice(), b"more"].concat());
            }
            Self::Touch(name) => {
                if let Ok(text) = fs::read(at(name)) {
                    put(&at(name), &text);
                }
            }
            Self::Remove(name) => drop(fs::remove_file(at(name)).or_else(|_| fs::remove_dir_all(at(name)))),
            Self::Rename(from, to) => drop(fs::rename(at(from), at(to))),
            Self::Link(name) => {
                drop(fs::remove_file(at(name)));
                drop(fs::create_dir_all(at(name).parent().unwrap()));
                #[cfg(unix)]
                drop(std::os::unix::fs::symlink("b.txt", at(name)));
            }
            Self::Executable(name) => executable(&at(name)),
            Self::Nested(name) => {
                if fs::create_dir_all(at(name)).is_ok() {
                    place.git_in(&at(name), &["init", "-q"], b"");
                    put(&at(name).join("inside"), b"x");
                }
            }
            Self::Ignore(rules) => put(&place.root.join(".gitignore"), RULES[*rules].as_bytes()),
            Self::Attributes(of) => {
                put(&place.root.join(".gitattributes"), ATTRIBUTES[*of].as_bytes());
                // Of a file that has the stat which its index notes, git looks at the content within the same second only.
                (0..NAMES.len()).filter(|name| at(name).is_file()).for_each(|name| Self::Touch(name).take(place));
            }
            Self::Git(command, name) => {
                let words: Vec<&str> =
                    GIT[*command].iter().map(|word| if *word == "?" { NAMES[*name] } else { word }).collect();
                place.try_git(&words);
            }
            Self::Wait => std::thread::sleep(std::time::Duration::from_millis(25)),
        }
    }
}

fn put(path: &Path, bytes: &[u8]) {
    if fs::create_dir_all(path.parent().unwrap()).is_ok() {
        drop(fs::write(path, bytes));
    }
}

fn executable(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if let Ok(data) = fs::symlink_metadata(path)
            && data.is_file()
        {
            fs::set_permissions(path, fs::Permissions::from_mode(data.permissions().mode() ^ 0o111)).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_to_a_repository(steps in proptest::collection::vec(step(), 1..24)) {
        let place = Place::repository();
        place.write("a", "one\n").write("dir/c", "one\n").write("dir-e/f", "two\n").commit("one");
        for (number, step) in steps.iter().enumerate() {
            step.take(&place);
            if number % 4 == 3 {
                assert_as_git(&place, &format!("{:?}", &steps[..=number]));
            }
        }
        assert_as_git(&place, &format!("{steps:?}"));
    }
}

#[test]
fn a_tree_that_is_as_it_was_committed_has_no_changes_however_it_came_to_be() {
    let place = Place::repository();
    place.write("a", "one\n").write("dir/b", "two\n").write("dir/empty", "");
    assert_as_git(&place, "before the first commit");
    place.git(&["add", "a"]);
    assert_as_git(&place, "staged before the first commit");
    place.commit("one");
    assert_as_git(&place, "in the same moment");
    std::thread::sleep(std::time::Duration::from_millis(50));
    place.git(&["update-index", "--refresh"]);
    assert_as_git(&place, "a little later");
    place.write("a", "two\n");
    place.git(&["add", "a"]);
    place.write("a", "one\n");
    assert_as_git(&place, "staged and taken back");
}

#[test]
fn a_folder_of_a_repository_tells_of_itself_alone() {
    let place = Place::repository();
    place.write("app/a", "1").write("app-b/c", "1").write("other/d", "1").commit("one");
    place.write("app/a", "2").write("app-b/c", "2").write("other/d", "2").write("app/new", "");
    place.git(&["add", "other/d", "app/a"]);
    let (tree, _) = gonogo::tree::working::WorkingTree::open(&place.root.join("app")).unwrap();
    let found = tree.repository().unwrap().changed_in(&tree.list(&Default::default())).unwrap();
    assert_eq!(found.iter().map(|path| path.as_str()).collect::<Vec<_>>(), ["a", "new"]);
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_are_compared_as_all_others() {
    use std::os::unix::ffi::OsStrExt;
    let place = Place::repository();
    let at = |name: &[u8]| place.root.join(std::ffi::OsStr::from_bytes(name));
    // Git has the folder first: as they are spelled here, it comes last.
    for name in [&b"a\xff"[..], b"a\xff-", b"ab/\xfe/c"] {
        put(&at(name), b"one\n");
    }
    place.commit("one");
    std::thread::sleep(std::time::Duration::from_millis(50));
    place.git(&["update-index", "--refresh"]);
    let changed = || {
        let tree = place.open();
        let changed = tree.repository().unwrap().changed_in(&tree.list(&Default::default())).unwrap();
        changed.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(changed(), [""; 0]);
    // Of the folder git still knows the tree, of the root no longer.
    place.write("c", "two\n").git(&["add", "c"]);
    assert_eq!(changed(), ["c"]);
    place.commit("two");
    put(&at(b"ab/\xfe/c"), b"two\n");
    put(&at(b"ab/\xfe/d"), b"two\n");
    place.git(&["add", "-A"]);
    assert_eq!(changed(), [r"ab/\xfe/c", r"ab/\xfe/d"]);
}

#[test]
fn submodules_sparse_checkouts_and_conflicts_are_told_as_git_tells_them() {
    let lib = Place::repository();
    lib.write("lib.c", "1").commit("one");
    let place = Place::repository();
    place.git(&["submodule", "add", "-q", lib.root.to_str().unwrap(), "sub"]);
    place.write("main.c", "1").write("docs/a", "1").commit("one");
    assert_as_git(&place, "submodule");
    place.write("sub/lib.c", "2");
    assert_as_git(&place, "edited submodule");
    place.git(&["submodule", "deinit", "-f", "-q", "sub"]);
    assert_as_git(&place, "submodule that is not checked out");
    place.git(&["checkout", "-q", "-b", "side"]);
    place.write("main.c", "2").commit("two");
    place.git(&["checkout", "-q", "main"]);
    place.write("main.c", "3").commit("three");
    place.try_git(&["merge", "-q", "side"]);
    assert_as_git(&place, "conflict");
    place.git(&["reset", "-q", "--hard"]);
    place.git(&["sparse-checkout", "set", "--no-cone", "/main.c"]);
    assert_as_git(&place, "sparse checkout");
}

#[test]
fn of_what_is_assumed_to_be_unchanged_only_the_index_counts() {
    let place = Place::repository();
    place.write("a", "one\n").write("b", "one\n").commit("one");
    place.git(&["update-index", "--assume-unchanged", "a"]);
    place.write("a", "two\n").write("new", "one\n");
    assert_as_git(&place, "another text");
    place.git(&["add", "new"]);
    place.git(&["update-index", "--assume-unchanged", "new"]);
    assert_as_git(&place, "staged and new");
    fs::remove_file(place.root.join("a")).unwrap();
    fs::create_dir(place.root.join("a")).unwrap();
    place.git_in(&place.root.join("a"), &["init", "-q"], b"");
    assert_as_git(&place, "a repository in its place");
}
