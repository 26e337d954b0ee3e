//! Brings a listing up to date with what a watcher told, at the price of what it told.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::sync::atomic::AtomicU64;

use rayon::prelude::*;

use crate::tree::entry::{Entry, Listing};
use crate::tree::path::{RelPath, at_and_below};
use crate::tree::walk;
use crate::tree::working::{Around, WorkingTree};

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

    /// Looks again at everything, at one part of the tree after the other, of about so many entries at `most`: a second
    /// listing of all of it would take as much room as the first.
    pub fn refresh_parts(&self, listing: &mut Listing, most: usize) -> Moved {
        let (mut moved, around) = (Moved::default(), self.around());
        for part in self.parts(&around, listing, most) {
            let look = |place| (self.relist_in(&around, &place, &AtomicU64::new(0)), place);
            for (now, place) in part.into_par_iter().map(look).collect::<Vec<_>>() {
                replace(listing, &place, now, &mut moved);
            }
        }
        moved
    }

    /// Places that are all of the tree together, some at a time: as many as were `most` entries so far, or one.
    fn parts(&self, around: &Around<'_>, listing: &Listing, most: usize) -> Vec<Vec<RelPath>> {
        let (mut parts, mut room) = (Vec::<Vec<RelPath>>::new(), 0);
        self.cut(around, listing, RelPath::new(""), most, &mut |place, count| {
            match parts.last_mut() {
                Some(part) if count <= room => part.push(place),
                _ => {
                    parts.push(vec![place]);
                    room = most;
                }
            }
            room = room.saturating_sub(count.max(1));
        });
        parts
    }

    /// Gives a place that held no more entries than `most`, else what stands directly in it.
    fn cut(
        &self,
        around: &Around<'_>,
        listing: &Listing,
        place: RelPath,
        most: usize,
        give: &mut dyn FnMut(RelPath, usize),
    ) {
        let count = listing.entries.at_and_below(&place).count();
        match if count > most { self.inside(around, listing, &place) } else { None } {
            Some(inside) => inside.into_iter().for_each(|place| self.cut(around, listing, place, most, give)),
            None => give(place, count),
        }
    }

    /// What stands or stood directly in a directory that a walk enters; `None` where there is no such directory.
    fn inside(&self, around: &Around<'_>, listing: &Listing, dir: &RelPath) -> Option<BTreeSet<RelPath>> {
        let full = dir.under(self.root());
        let is_directory = fs::symlink_metadata(&full).is_ok_and(|data| data.is_dir());
        // What could not be listed has an entry of its own.
        if !is_directory || !around.enters(dir) || listing.entries.contains_key(dir) {
            return None;
        }
        let here: io::Result<Vec<OsString>> = fs::read_dir(full).ok()?.map(|entry| Ok(entry?.file_name())).collect();
        let here = here.ok()?.into_iter().map(|name| dir.join(name.as_encoded_bytes()));
        let below = listing.entries.at_and_below(dir).map(|(path, _)| path.as_str());
        let start = if dir.as_str().is_empty() { 0 } else { dir.as_str().len() + 1 };
        let child = |path: &'_ str| path[start..].find('/').map_or(path.len(), |end| start + end);
        let before: BTreeSet<&str> = below.map(|path| &path[..child(path)]).collect();
        Some(here.chain(before.into_iter().map(RelPath::new)).collect())
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
