//! Which probes look at which file: every glob of a checklist, asked once per path.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use globset::{GlobSet, GlobSetBuilder};
use indexmap::IndexMap;

use crate::tree::entry::{Entry, Kind};
use crate::tree::glob::{Globs, compile};
use crate::tree::path::RelPath;

/// The selections of all leaves, by number. Globs were checked when their checklist was read; they are compiled when a
/// path is first asked about, because a tree that did not change asks about none.
#[derive(Debug, Default)]
pub struct Selector {
    /// Globs that see the whole path.
    paths: Table,
    /// Those of the form `**/name`, which need to see the name alone: many more globs are, and a name is short.
    names: Table,
    /// Those of the form `…/**`, which need to see the directory alone: its files share the answer.
    folders: Table,
    by_folder: RwLock<HashMap<RelPath, Arc<Vec<usize>>>>,
    leaves: Vec<Scope>,
    skip: Skip,
    /// The checklists themselves.
    own: BTreeSet<RelPath>,
}

#[derive(Debug, Default)]
struct Table {
    globs: Vec<String>,
    /// In parts, each with the number of its first glob: all of them in one as a rule.
    sets: OnceLock<Vec<(usize, GlobSet)>>,
    /// For each glob: the leaves that it adds the path to, and those that it takes it from.
    roles: Vec<Roles>,
}

#[derive(Debug, Default)]
struct Skip {
    globs: Vec<String>,
    compiled: OnceLock<Option<Globs>>,
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

/// The globs of all leaves while they are sorted.
#[derive(Default)]
struct Sorted<'g> {
    paths: IndexMap<&'g str, Roles>,
    names: IndexMap<&'g str, Roles>,
    folders: IndexMap<&'g str, Roles>,
}

impl Selector {
    /// `leaves` are the globs of each leaf and whether its scope is everything. A glob that is none selects nothing.
    #[must_use]
    pub fn new<'a>(
        leaves: impl Iterator<Item = (&'a [String], bool)>,
        skip: &[String],
        own: BTreeSet<RelPath>,
    ) -> Self {
        let mut sorted = Sorted::default();
        let mut scopes = Vec::new();
        for (number, (globs, all)) in leaves.enumerate() {
            let mut reach = Vec::new();
            for glob in globs {
                match glob.strip_prefix('!') {
                    Some(glob) => sorted.roles_of(glob).takes.push(number),
                    None => {
                        sorted.roles_of(glob).adds.push(number);
                        reach.push(Reach::of(glob));
                    }
                }
            }
            scopes.push(Scope { all, reach });
        }
        Self {
            paths: Table::new(sorted.paths),
            names: Table::new(sorted.names),
            folders: Table::new(sorted.folders),
            by_folder: RwLock::default(),
            leaves: scopes,
            skip: Skip { globs: skip.to_vec(), compiled: OnceLock::new() },
            own,
        }
    }

    /// The leaves that select this file, in order. Two entries that differ in content alone give the same.
    #[must_use]
    pub fn select(&self, path: &RelPath, entry: &Entry) -> Vec<usize> {
        if !matches!(entry.kind, Kind::File | Kind::Link(Some(_))) {
            return Vec::new();
        }
        let mut chosen = Vec::new();
        let mut dropped = Vec::new();
        let mut note = |roles: &Roles| {
            chosen.extend_from_slice(&roles.adds);
            dropped.extend_from_slice(&roles.takes);
        };
        for (table, text) in [(&self.paths, path.as_str()), (&self.names, path.name())] {
            table.matches(text).into_iter().for_each(|glob| note(&table.roles[glob]));
        }
        self.matching_folder(path.parent()).iter().for_each(|glob| note(&self.folders.roles[*glob]));
        if chosen.is_empty() {
            return chosen;
        }
        chosen.sort_unstable();
        chosen.dedup();
        dropped.sort_unstable();
        let aside = self.is_aside(path, entry);
        chosen.retain(|leaf| dropped.binary_search(leaf).is_err() && (!aside || self.leaves[*leaf].all));
        chosen
    }

    /// The globs of whole folders that match what lies in this one.
    fn matching_folder(&self, folder: RelPath) -> Arc<Vec<usize>> {
        let known = |known: &HashMap<RelPath, Arc<Vec<usize>>>| known.get(&folder).cloned();
        // What a thread that panicked left behind is whole: a value is put in at once.
        if let Some(globs) = known(&self.by_folder.read().unwrap_or_else(PoisonError::into_inner)) {
            return globs;
        }
        let globs = Arc::new(self.folders.matches(folder.join(b"x").as_str()));
        self.by_folder.write().unwrap_or_else(PoisonError::into_inner).insert(folder, Arc::clone(&globs));
        globs
    }

    /// Whether only `scope: all` sees this file.
    fn is_aside(&self, path: &RelPath, entry: &Entry) -> bool {
        (entry.ignored && !entry.tracked)
            || path.as_str().starts_with(".gonogo/")
            || self.own.contains(path)
            || self.is_skipped(path)
    }

    /// Whether the set `skip` names it.
    #[must_use]
    pub fn is_skipped(&self, path: &RelPath) -> bool {
        let compile = || (!self.skip.globs.is_empty()).then(|| Globs::new(&self.skip.globs).ok()).flatten();
        self.skip.compiled.get_or_init(compile).as_ref().is_some_and(|skip| skip.matches_path(path))
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
    fn new(roles: IndexMap<&str, Roles>) -> Self {
        let (globs, roles) = roles.into_iter().map(|(glob, roles)| (glob.to_owned(), roles)).unzip();
        Self { globs, sets: OnceLock::new(), roles }
    }

    fn matches(&self, text: &str) -> Vec<usize> {
        let sets = self.sets.get_or_init(|| {
            let mut sets = Vec::new();
            build(&self.globs, 0, &mut sets);
            sets
        });
        sets.iter().flat_map(|(first, set)| set.matches(text).into_iter().map(move |glob| first + glob)).collect()
    }
}

/// One set of all globs; where they are too many for one, or one of them is none, of each half.
fn build(globs: &[String], first: usize, sets: &mut Vec<(usize, GlobSet)>) {
    let one = || -> Result<GlobSet, String> {
        let mut builder = GlobSetBuilder::new();
        for glob in globs {
            builder.add(compile(glob)?);
        }
        builder.build().map_err(|error| error.to_string())
    };
    match one() {
        Ok(set) => sets.push((first, set)),
        _ if globs.len() > 1 => {
            let (left, right) = globs.split_at(globs.len() / 2);
            build(left, first, sets);
            build(right, first + left.len(), sets);
        }
        _ => {}
    }
}

/// The directories below the root that these globs name, each with whether they look below it, too.
pub(super) fn directories(globs: &[String]) -> impl Iterator<Item = (RelPath, bool)> {
    let adding = globs.iter().filter(|glob| !glob.starts_with('!')).map(|glob| Reach::of(glob));
    adding.filter(|reach| !reach.directory.as_str().is_empty()).map(|reach| (reach.directory, reach.deep))
}

impl<'g> Sorted<'g> {
    fn roles_of(&mut self, glob: &'g str) -> &mut Roles {
        match name_alone(glob) {
            Some(name) => self.names.entry(name).or_default(),
            None if glob.ends_with("/**") || glob.ends_with('/') => self.folders.entry(glob).or_default(),
            None => self.paths.entry(glob).or_default(),
        }
    }
}

/// What is left of a glob that says nothing of directories. A class of characters might hold the `/`.
fn name_alone(glob: &str) -> Option<&str> {
    let name = glob.trim_start_matches("./").strip_prefix("**/")?;
    (!name.is_empty() && !name.contains(['/', '[', '\\']) && !name.contains("**")).then_some(name)
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
    use super::*;
    use crate::tree::entry::Stamp;

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
        assert_eq!(selector.select(&"a.py".into(), &file()), [0, 1]);
        assert_eq!(selector.select(&"tests/a.py".into(), &file()), [1]);
        assert_eq!(selector.select(&"vendor/a.py".into(), &file()), [1]);
        assert_eq!(selector.select(&"gonogo.py".into(), &file()), [1]);
        let ignored = Entry { ignored: true, tracked: false, ..file() };
        assert_eq!(selector.select(&"a.py".into(), &ignored), [1]);
        let committed = Entry { ignored: true, ..file() };
        assert_eq!(selector.select(&"a.py".into(), &committed), [0, 1]);
        assert!(selector.select(&"a.rs".into(), &file()).is_empty());
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
            assert_eq!(selector.select(&path.into(), &file()), expected, "{path}");
        }
    }

    #[test]
    fn what_is_no_glob_keeps_no_other_from_its_files() {
        let globs = [["a["], ["*.py"], ["b["], ["*.rs"]].map(|glob| glob.map(str::to_owned).to_vec());
        let selector = Selector::new(globs.iter().map(|globs| (globs.as_slice(), false)), &[], BTreeSet::new());
        assert_eq!(selector.select(&"x.py".into(), &file()), [1]);
        assert_eq!(selector.select(&"x.rs".into(), &file()), [3]);
    }
}
