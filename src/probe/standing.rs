//! Where the elements of one source stand, kept beside its facts and changed by what moved: to relate them again costs
//! that, and not the whole tree.

use std::collections::HashMap;

use crate::probe::fact::{Facts, HitKey};
use crate::probe::noted::Noted;
use crate::tree::path::RelPath;

/// The files of each element, in their order.
#[derive(Debug, Default)]
pub struct Standing {
    files: HashMap<HitKey, Vec<RelPath>>,
    /// Those that came to a file or left one since all was [settled](Self::settle), and whether they stood anywhere then.
    moved: HashMap<HitKey, bool>,
}

impl Standing {
    #[must_use]
    pub fn new(noted: &Noted) -> Self {
        let mut files: HashMap<HitKey, Vec<RelPath>> = HashMap::new();
        for (path, facts) in noted.iter() {
            for name in names(&facts) {
                files.entry(name).or_insert_with(|| Vec::with_capacity(1)).push(path.clone());
            }
        }
        Self { files, moved: HashMap::new() }
    }

    /// Takes in that something else is found in a file than before.
    pub fn change(&mut self, path: &RelPath, before: Option<&Facts>, now: Option<&Facts>) {
        let sorted = |facts: Option<&Facts>| {
            let mut all: Vec<HitKey> = facts.into_iter().flat_map(names).collect();
            all.sort_unstable();
            all
        };
        let (before, now) = (sorted(before), sorted(now));
        for name in before.iter().filter(|name| now.binary_search(name).is_err()) {
            self.take_out(*name, path);
        }
        for name in now.iter().filter(|name| before.binary_search(name).is_err()) {
            self.put_in(*name, path);
        }
    }

    fn take_out(&mut self, name: HitKey, path: &RelPath) {
        let Some(files) = self.files.get_mut(&name) else { return };
        if let Ok(at) = files.binary_search(path) {
            self.moved.entry(name).or_insert(true);
            files.remove(at);
        }
        if files.is_empty() {
            self.files.remove(&name);
        }
    }

    fn put_in(&mut self, name: HitKey, path: &RelPath) {
        let files = self.files.entry(name).or_default();
        if let Err(at) = files.binary_search(path) {
            self.moved.entry(name).or_insert(!files.is_empty());
            files.insert(at, path.clone());
        }
    }

    /// Whoever relates these elements knows them all as they are.
    pub fn settle(&mut self) {
        self.moved.clear();
    }

    pub(super) fn all(&self) -> impl Iterator<Item = HitKey> {
        self.files.keys().copied()
    }

    pub(super) fn moved(&self) -> impl Iterator<Item = HitKey> {
        self.moved.keys().copied()
    }

    pub(super) fn files(&self, name: HitKey) -> &[RelPath] {
        self.files.get(&name).map_or(&[], Vec::as_slice)
    }

    pub(super) fn stands(&self, name: HitKey) -> bool {
        self.files.contains_key(&name)
    }

    /// Whether it stood anywhere when all was settled.
    pub(super) fn stood(&self, name: HitKey) -> bool {
        self.moved.get(&name).copied().unwrap_or_else(|| self.stands(name))
    }
}

pub(super) fn names(facts: &Facts) -> impl Iterator<Item = HitKey> {
    facts.hits.iter().map(|hit| hit.key)
}
