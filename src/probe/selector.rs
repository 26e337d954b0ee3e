//! Which probes look at which file. A glob is asked in two halves: once per folder about the folders that it names, and
//! about the name, which is short.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use indexmap::{IndexMap, IndexSet};

use crate::probe::known::Known;
use crate::probe::name_globs::NameGlobs;
use crate::probe::path_globs::PathGlobs;
use crate::tree::entry::{Entry, Kind};
use crate::tree::glob::has_plain_classes;
use crate::tree::path::RelPath;

/// The selections of all leaves, by number. Globs were checked when their checklist was read; they are compiled when a
/// path is first asked about, because a tree that did not change asks about none.
#[derive(Debug, Default)]
pub struct Selector {
    /// Globs that cannot be halved see the whole path.
    paths: Table,
    names: Names,
    folders: Table,
    /// What globs ask of the folder and the name. For each name, the rules that ask for it; those that ask for none.
    by_name: Vec<Vec<Rule>>,
    any_name: Vec<Rule>,
    /// What globs ask of the whole path, in the order of the table.
    by_path: Vec<Roles>,
    by_folder: Known<RelPath, Arc<Vec<usize>>>,
    alike: Known<Alike, Selected>,
    /// Each set of leaves, once.
    chosen: Known<Arc<[usize]>, Arc<[usize]>>,
    leaves: Vec<Scope>,
    /// The checklists themselves.
    own: BTreeSet<RelPath>,
}

/// All that globs tell of a file: those that match its whole path, what it lies in, and its name. A tree has few kinds of
/// files, and many of each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Alike {
    paths: Vec<usize>,
    folder: Arc<Vec<usize>>,
    names: Vec<usize>,
    /// Only `scope: all` sees it, even if nobody skips it.
    aside: bool,
}

/// What becomes of all files that are alike.
#[derive(Clone, Debug)]
struct Selected {
    leaves: Arc<[usize]>,
    /// The set `skip` names them.
    skipped: bool,
}

/// Different globs, by number.
#[derive(Debug, Default)]
struct Table {
    globs: IndexSet<String>,
    made: OnceLock<PathGlobs>,
}

/// Different globs of names, by number.
#[derive(Debug, Default)]
struct Names {
    globs: IndexSet<String>,
    made: OnceLock<NameGlobs>,
}

/// One glob, whose name part stands elsewhere.
#[derive(Debug)]
struct Rule {
    folder: Option<usize>,
    roles: Roles,
}

#[derive(Debug, Default)]
struct Roles {
    adds: Vec<usize>,
    takes: Vec<usize>,
}

#[derive(Debug)]
struct Scope {
    /// Also what git ignores and what is skipped.
    all: bool,
    /// For each glob that adds: where it can match.
    reach: Vec<Reach>,
}

/// The part of a glob before its first wildcard, whole directories only.
#[derive(Debug)]
struct Reach {
    directory: RelPath,
    /// Whether directories below that one are within reach, too.
    deep: bool,
}

impl Selector {
    /// `leaves` are the globs of each leaf and whether its scope is everything. A glob that is none selects nothing.
    #[must_use]
    pub fn new<'a>(
        leaves: impl Iterator<Item = (&'a [String], bool)>,
        skip: &[String],
        own: BTreeSet<RelPath>,
    ) -> Self {
        let mut selector = Self { own, ..Self::default() };
        let mut roles: IndexMap<&str, Roles> = IndexMap::new();
        for (number, (globs, all)) in leaves.enumerate() {
            globs.iter().for_each(|glob| enter(&mut roles, glob, number));
            selector.leaves.push(Scope { all, reach: reaches(globs).collect() });
        }
        // What is skipped is looked up as what one more leaf selects.
        skip.iter().for_each(|glob| enter(&mut roles, glob, selector.leaves.len()));
        roles.into_iter().for_each(|(glob, roles)| selector.add(glob, roles));
        selector
    }

    fn add(&mut self, glob: &str, roles: Roles) {
        let (folder, name) = match halves(glob) {
            Some(halves) => halves,
            None => {
                self.paths.number(glob);
                return self.by_path.push(roles);
            }
        };
        let rule = Rule { folder: folder.map(|folder| self.folders.number(&folder)), roles };
        let Some(name) = name else { return self.any_name.push(rule) };
        let name = self.names.globs.insert_full(name.to_owned()).0;
        self.by_name.resize_with(self.names.globs.len(), Vec::new);
        self.by_name[name].push(rule);
    }

    /// The leaves that select this file, in order. Two entries that differ in content alone give the same, and the same
    /// leaves are one allocation as a rule.
    #[must_use]
    pub fn select(&self, path: &RelPath, entry: &Entry) -> Arc<[usize]> {
        if !matches!(entry.kind, Kind::File | Kind::Link(Some(_))) {
            return Arc::default();
        }
        self.selected(path, self.is_aside(path, entry)).leaves
    }

    fn selected(&self, path: &RelPath, aside: bool) -> Selected {
        let made = self.names.made.get_or_init(|| NameGlobs::new(self.names.globs.iter().map(String::as_str)));
        let alike = Alike {
            paths: self.paths.matches(path.as_str()),
            folder: self.matching_folder(path.parent()),
            names: made.matches(path.name()),
            aside,
        };
        self.alike.get_or_make(alike, |alike| self.selecting(alike))
    }

    fn selecting(&self, file: &Alike) -> Selected {
        let names = file.names.iter().flat_map(|name| &self.by_name[*name]);
        let is_near = |rule: &&Rule| rule.folder.is_none_or(|wanted| file.folder.binary_search(&wanted).is_ok());
        let rules = self.any_name.iter().chain(names).filter(is_near).map(|rule| &rule.roles);
        let roles: Vec<&Roles> = file.paths.iter().map(|glob| &self.by_path[*glob]).chain(rules).collect();
        let taken: BTreeSet<usize> = roles.iter().flat_map(|roles| &roles.takes).copied().collect();
        let added: BTreeSet<usize> = roles.iter().flat_map(|roles| &roles.adds).copied().collect();
        let mut chosen = &added - &taken;
        let skipped = chosen.remove(&self.leaves.len());
        let sees = |leaf: &usize| self.leaves[*leaf].all || !(skipped || file.aside);
        let leaves = chosen.into_iter().filter(sees).collect();
        Selected { leaves: self.chosen.get_or_make(leaves, Arc::clone), skipped }
    }

    /// The globs that match what lies in this folder, whatever it is called.
    fn matching_folder(&self, folder: RelPath) -> Arc<Vec<usize>> {
        self.by_folder.get_or_make(folder, |folder| Arc::new(self.folders.matches(folder.join(b"x").as_str())))
    }

    /// Whether only `scope: all` sees this file, even if nobody skips it.
    fn is_aside(&self, path: &RelPath, entry: &Entry) -> bool {
        entry.ignored || path.as_str().starts_with(".gonogo/") || self.own.contains(path)
    }

    /// Whether the set `skip` names it.
    #[must_use]
    pub fn is_skipped(&self, path: &RelPath) -> bool {
        self.selected(path, false).skipped
    }

    /// Whether a file below `directory` could be selected by this leaf, as far as the globs tell.
    #[must_use]
    pub fn may_select_below(&self, leaf: usize, directory: &RelPath) -> bool {
        let within = |reach: &Reach| {
            reach.directory.starts_with(directory) || (reach.deep && directory.starts_with(&reach.directory))
        };
        self.leaves[leaf].reach.iter().any(within)
    }
}

impl Table {
    fn number(&mut self, glob: &str) -> usize {
        self.globs.insert_full(glob.to_owned()).0
    }

    /// The globs that match, each once, in order.
    fn matches(&self, text: &str) -> Vec<usize> {
        self.made.get_or_init(|| PathGlobs::new(self.globs.iter().map(String::as_str))).matches(text)
    }
}

/// The directories below the root that these globs name, each with whether they look below it, too.
pub(super) fn directories(globs: &[String]) -> impl Iterator<Item = (RelPath, bool)> {
    reaches(globs).filter(|reach| !reach.directory.as_str().is_empty()).map(|reach| (reach.directory, reach.deep))
}

/// Where each glob that adds can match.
fn reaches(globs: &[String]) -> impl Iterator<Item = Reach> {
    globs.iter().filter(|glob| !glob.starts_with('!')).map(|glob| Reach::of(glob))
}

/// Notes what a glob is to a leaf.
fn enter<'g>(roles: &mut IndexMap<&'g str, Roles>, glob: &'g str, leaf: usize) {
    match glob.strip_prefix('!') {
        Some(glob) => roles.entry(glob).or_default().takes.push(leaf),
        None => roles.entry(glob).or_default().adds.push(leaf),
    }
}

/// What a glob asks of the folder, as a glob for anything that lies in it, and of the name. `None` where it cannot be
/// told apart.
fn halves(glob: &str) -> Option<(Option<String>, Option<&str>)> {
    let glob = glob.trim_start_matches("./");
    if glob.contains('\\') || !has_plain_classes(glob) {
        // A class of characters might hold the `/`.
        return None;
    }
    if glob.ends_with("/**") || glob.ends_with('/') {
        return Some((Some(glob.to_owned()), None));
    }
    let mut depth = 0_i32;
    let last = glob.bytes().enumerate().filter(|(_, byte)| {
        depth += i32::from(*byte == b'{') - i32::from(*byte == b'}');
        *byte == b'/' && depth == 0
    });
    let (folder, name) = glob.split_at(last.last().map_or(0, |(at, _)| at + 1));
    if name.is_empty() || name.contains('/') || name.contains("**") {
        return None;
    }
    let folder = if folder == "**/" { None } else { Some(format!("{folder}*")) };
    Some((folder, Some(name)))
}

impl Reach {
    fn of(glob: &str) -> Self {
        let glob = glob.trim_start_matches("./");
        let fixed = glob.split(['*', '?', '[', '{']).next().unwrap_or_default();
        let directory = fixed.rsplit_once('/').map_or("", |(directory, _)| directory);
        let rest = glob[directory.len()..].trim_start_matches('/');
        Self { directory: RelPath::new(directory), deep: rest.contains('/') || rest.contains("**") }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tree::entry::Stamp;
    use crate::tree::glob::compile;

    fn file() -> Entry {
        Entry { kind: Kind::File, size: 1, stamp: Stamp::default(), tracked: true, ignored: false, blob: None }
    }

    #[test]
    fn skipped_and_ignored_files_are_for_scope_all_only() {
        let leaves = [vec!["**/*.py".to_owned(), "!tests/**".to_owned()], vec!["**/*.py".to_owned()]];
        let selector = Selector::new(
            leaves.iter().enumerate().map(|(n, globs)| (globs.as_slice(), n == 1)),
            &["vendor/**".to_owned()],
            BTreeSet::from(["gonogo.py".into()]),
        );
        assert_eq!(*selector.select(&"a.py".into(), &file()), [0, 1]);
        assert_eq!(*selector.select(&"tests/a.py".into(), &file()), [1]);
        assert_eq!(*selector.select(&"vendor/a.py".into(), &file()), [1]);
        assert_eq!(*selector.select(&"gonogo.py".into(), &file()), [1]);
        let ignored = Entry { ignored: true, tracked: false, ..file() };
        assert_eq!(*selector.select(&"a.py".into(), &ignored), [1]);
        assert!(selector.select(&"a.rs".into(), &file()).is_empty());
        assert!(selector.is_skipped(&"vendor/a.py".into()) && !selector.is_skipped(&"a.py".into()));
    }

    #[test]
    fn a_directory_that_cannot_be_listed_matters_to_those_who_could_look_into_it() {
        let leaves = [vec!["ops/**/*.sh".to_owned()], vec!["**/*.py".to_owned()], vec!["a.txt".to_owned()]];
        let selector = Selector::new(leaves.iter().map(|globs| (globs.as_slice(), false)), &[], BTreeSet::new());
        let matters: Vec<usize> = (0..3).filter(|leaf| selector.may_select_below(*leaf, &"ops/x".into())).collect();
        assert_eq!(matters, [0, 1]);
        assert!(!selector.may_select_below(0, &"src".into()));
    }

    #[test]
    fn a_glob_of_a_whole_folder_is_asked_about_the_folder() {
        let globs = ["a/**", "**/x/**", "b/", "{c,d}/*/**", "**"].map(|glob| vec![glob.to_owned()]);
        let selector = Selector::new(globs.iter().map(|globs| (globs.as_slice(), false)), &[], BTreeSet::new());
        for path in ["a", "a/y", "a/q/r", "x", "x/x", "x/y", "q/x", "q/x/z", "b", "b/z", "c/z", "d/e/f", "c/e/f/g"] {
            let expected: Vec<usize> = (0..globs.len())
                .filter(|leaf| compile(&globs[*leaf][0]).unwrap().compile_matcher().is_match(path))
                .collect();
            assert_eq!(*selector.select(&path.into(), &file()), expected, "{path}");
        }
    }

    proptest! {
        #[test]
        fn a_glob_in_halves_matches_what_it_matches_in_one(
            globs in prop::collection::vec(
                r"(\./)?((\*\*|a|\*|\{a,b\}|\{,a/\}b|\{\*\*/,\}b|a\*|[ab]{1,2}|\[ab\])/){0,3}(\*\*|a|\*|\{a,b\}|\*\.\{a,b\}|\{a,\*b\}\{,\.\*\}|a\{,/\*\*/\*\}|a\*\*|\?b|\*\[ab\]|\{a,\*\[b-\]\}b|\[!a\]b|a\[\.-9\]|)",
                1..4,
            ),
            path in "[ab.]{1,3}(/[ab.]{1,3}){0,3}",
        ) {
            let leaves: Vec<Vec<String>> = globs.iter().map(|glob| vec![glob.clone()]).collect();
            let selector = Selector::new(leaves.iter().map(|globs| (globs.as_slice(), false)), &[], BTreeSet::new());
            let path = RelPath::new(&path);
            let matches = |glob: &String| compile(glob).is_ok_and(|glob| glob.compile_matcher().is_match(path.as_str()));
            let expected: Vec<usize> = (0..globs.len()).filter(|leaf| matches(&globs[*leaf])).collect();
            prop_assert_eq!(selector.select(&path, &file()).to_vec(), expected, "{:?} {}", globs, path);
        }
    }

    #[test]
    fn what_is_no_glob_keeps_no_other_from_its_files() {
        let globs = [["a["], ["*.py"], ["b["], ["*.rs"]].map(|glob| glob.map(str::to_owned).to_vec());
        let selector = Selector::new(globs.iter().map(|globs| (globs.as_slice(), false)), &[], BTreeSet::new());
        assert_eq!(*selector.select(&"x.py".into(), &file()), [1]);
        assert_eq!(*selector.select(&"x.rs".into(), &file()), [3]);
    }
}
