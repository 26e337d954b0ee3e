//! Brings a listing up to date with what a watcher told, at the price of what it told.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::AtomicU64;

use crate::tree::entry::{Entry, Listing};
use crate::tree::path::{RelPath, at_and_below};
use crate::tree::walk;
use crate::tree::working::WorkingTree;

/// What turned out to be different.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Entries that are new, gone, or have another stat or other flags.
    pub paths: BTreeSet<RelPath>,
    /// Directories that were walked and are worth a watch; most of them may have one.
    pub directories: BTreeSet<RelPath>,
}

impl WorkingTree {
    /// Looks again at the places that were told, files or directories, there or gone. An edited ignore file costs its
    /// directory. Links follow their targets.
    pub fn refresh(&self, listing: &mut Listing, told: &BTreeSet<RelPath>) -> Moved {
        let mut moved = Moved::default();
        let around = self.around();
        for place in outermost(told) {
            let now = self.relist_in(&around, &place, &AtomicU64::new(0));
            replace(listing, &place, now, &mut moved);
        }
        if !moved.paths.is_empty() {
            self.follow_links(listing, &mut moved);
        }
        moved
    }

    fn follow_links(&self, listing: &mut Listing, moved: &mut Moved) {
        for path in &listing.links {
            let Some(entry) = listing.entries.get_mut(path) else { continue };
            let data = fs::symlink_metadata(path.under(self.root()));
            let now = data.ok().and_then(|data| walk::describe(self.root(), path, &data));
            if let Some(now) = now.map(|now| Entry { tracked: entry.tracked, ignored: entry.ignored, ..now })
                && now != *entry
            {
                *entry = now;
                moved.paths.insert(path.clone());
            }
        }
    }
}

/// The places without those that lie below another one.
fn outermost(told: &BTreeSet<RelPath>) -> BTreeSet<RelPath> {
    let speaks_of_neighbours = |path: &&RelPath| matches!(path.name(), ".gitignore" | ".gitattributes");
    let places: BTreeSet<RelPath> =
        told.iter().cloned().chain(told.iter().filter(speaks_of_neighbours).map(RelPath::parent)).collect();
    let covered = |path: &RelPath| {
        let mut dir = path.clone();
        while !dir.as_str().is_empty() {
            dir = dir.parent();
            if places.contains(&dir) {
                return true;
            }
        }
        false
    };
    places.iter().filter(|path| !covered(path)).cloned().collect()
}

/// Puts `now` in the place of everything at and below `place`.
fn replace(listing: &mut Listing, place: &RelPath, now: Listing, moved: &mut Moved) {
    let before: Vec<RelPath> = listing.entries.at_and_below(place).map(|(path, _)| path.clone()).collect();
    let directories: Vec<RelPath> = at_and_below(&listing.directories, place).cloned().collect();
    for dir in &directories {
        listing.directories.remove(dir);
    }
    for path in before {
        if now.entries.get(&path) != listing.entries.get(&path) {
            moved.paths.insert(path.clone());
        }
        listing.links.remove(&path);
        if !now.entries.contains_key(&path) {
            listing.entries.remove(&path);
        }
    }
    moved.directories.extend(now.directories.iter().cloned());
    listing.directories.extend(now.directories);
    listing.links.extend(now.links);
    for (path, entry) in now.entries {
        if listing.entries.get(&path) != Some(&entry) {
            moved.paths.insert(path.clone());
            listing.entries.insert(path, entry);
        }
    }
}
