//! Which probes look at which file: every glob of a checklist, asked once per path.

use std::collections::BTreeSet;

use globset::{GlobSet, GlobSetBuilder};
use indexmap::IndexMap;

use crate::tree::entry::{Entry, Kind};
use crate::tree::glob::{Globs, compile};
use crate::tree::path::RelPath;

/// The selections of all leaves, by number.
#[derive(Debug, Default)]
pub struct Selector {
    /// Globs that see the whole path.
    paths: Table,
    /// Those of the form `**/name`, which need to see the name alone: many more globs are, and a name is short.
    names: Table,
    leaves: Vec<Scope>,
    skip: Option<Globs>,
    /// The checklists themselves.
    own: BTreeSet<RelPath>,
}

#[derive(Debug, Default)]
struct Table {
    globs: GlobSet,
    /// For each glob: the leaves that it adds the path to, and those that it takes it from.
    roles: Vec<Roles>,
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
    /// `leaves` are the globs of each leaf and whether its scope is everything.
    ///
    /// # Errors
    /// A glob that is none.
    pub fn new<'a>(
        leaves: impl Iterator<Item = (&'a [String], bool)>,
        skip: &[String],
        own: BTreeSet<RelPath>,
    ) -> Result<Self, String> {
        let (mut paths, mut names): (IndexMap<&str, Roles>, IndexMap<&str, Roles>) = Default::default();
        let mut scopes = Vec::new();
        for (number, (globs, all)) in leaves.enumerate() {
            let mut reach = Vec::new();
            for glob in globs {
                match glob.strip_prefix('!') {
                    Some(glob) => roles_of(glob, &mut paths, &mut names).takes.push(number),
                    None => {
                        roles_of(glob, &mut paths, &mut names).adds.push(number);
                        reach.push(Reach::of(glob));
                    }
                }
            }
            scopes.push(Scope { all, reach });
        }
        let skip = if skip.is_empty() { None } else { Some(Globs::new(skip)?) };
        Ok(Self { paths: Table::new(paths)?, names: Table::new(names)?, leaves: scopes, skip, own })
    }

    /// The leaves that select this file, in order. Two entries that differ in content alone give the same.
    #[must_use]
    pub fn select(&self, path: &RelPath, entry: &Entry) -> Vec<usize> {
        if !matches!(entry.kind, Kind::File | Kind::Link(Some(_))) {
            return Vec::new();
        }
        let mut chosen = Vec::new();
        let mut dropped = Vec::new();
        for (table, text) in [(&self.paths, path.as_str()), (&self.names, path.name())] {
            for glob in table.globs.matches(text) {
                chosen.extend_from_slice(&table.roles[glob].adds);
                dropped.extend_from_slice(&table.roles[glob].takes);
            }
        }
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
        self.skip.as_ref().is_some_and(|skip| skip.matches_path(path))
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
    fn new(roles: IndexMap<&str, Roles>) -> Result<Self, String> {
        let mut builder = GlobSetBuilder::new();
        for glob in roles.keys() {
            builder.add(compile(glob)?);
        }
        let globs = builder.build().map_err(|error| error.to_string())?;
        Ok(Self { globs, roles: roles.into_values().collect() })
    }
}

/// The directories below the root that these globs name, each with whether they look below it, too.
pub(super) fn directories(globs: &[String]) -> impl Iterator<Item = (RelPath, bool)> {
    let adding = globs.iter().filter(|glob| !glob.starts_with('!')).map(|glob| Reach::of(glob));
    adding.filter(|reach| !reach.directory.as_str().is_empty()).map(|reach| (reach.directory, reach.deep))
}

fn roles_of<'m, 'g>(
    glob: &'g str,
    paths: &'m mut IndexMap<&'g str, Roles>,
    names: &'m mut IndexMap<&'g str, Roles>,
) -> &'m mut Roles {
    match name_alone(glob) {
        Some(name) => names.entry(name).or_default(),
        None => paths.entry(glob).or_default(),
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
        )
        .unwrap();
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
        let selector =
            Selector::new(leaves.iter().map(|globs| (globs.as_slice(), false)), &[], BTreeSet::new()).unwrap();
        let matters: Vec<usize> = (0..3).filter(|leaf| selector.may_select_below(*leaf, &"ops/x".into())).collect();
        assert_eq!(matters, [0, 1]);
        assert!(!selector.may_select_below(0, &"src".into()));
    }
}
