//! Which checklist a session works with, and how it is read.

use std::path::Path;

use crate::checklist::keep::{self, Kept};
use crate::checklist::merge::{self, Entry, Loader, Read};
use crate::checklist::model::{Checklist, Problem};
use crate::engine::snapshot::maker;
use crate::ledger::cache::{Cache, Part};
use crate::session::SessionError;
use crate::text::suggest::did_you_mean;
use crate::tree::disk;
use crate::tree::entry::Listing;
use crate::tree::path::RelPath;
use crate::tree::revision::Revision;
use crate::tree::source::Source;
use crate::tree::working::WorkingTree;

/// What is taken where nobody names one and the tree has none.
pub const BUILT_IN: &str = "enterprise";
/// Where a tree keeps its own, the first that exists.
const OWN: [&str; 2] = ["gonogo.yaml", ".gonogo/checklist.yaml"];
/// A checklist is written by people; what is larger is none.
const SIZE_CAP: u64 = 1 << 20;

/// A checklist that was read.
#[derive(Debug)]
pub(super) struct Understood {
    pub(super) checklist: Checklist,
    /// Everything that is wrong with it.
    pub(super) problems: Vec<Problem>,
    /// The hash of what it was read from.
    pub(super) texts: String,
    /// What a program called what it asks; nothing where none was made of it.
    pub(super) names: Vec<u8>,
}

/// Where the checklist comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    Builtin(String),
    File(RelPath),
}

impl Choice {
    /// # Errors
    /// A name that stands for no checklist of this tree.
    pub fn of(tree: &WorkingTree, given: Option<&str>) -> Result<Self, SessionError> {
        match given {
            Some(given) => match given.strip_prefix("builtin:") {
                Some(name) => Ok(Self::Builtin(name.to_owned())),
                None => file_in(tree, given).map(Self::File).map_err(SessionError::Checklist),
            },
            None => {
                let own = OWN.iter().map(|name| RelPath::new(name)).find(|path| is_there(&path.under(tree.root())));
                Ok(own.map_or_else(|| Self::Builtin(BUILT_IN.to_owned()), Self::File))
            }
        }
    }

    /// The one that a commit holds, else the one that a tree without its own has.
    #[must_use]
    pub fn in_revision(revision: &Revision) -> Self {
        let Listing { entries, directories, .. } = revision.listing();
        let is_there = |path: &RelPath| entries.contains_key(path) || directories.contains(path);
        let own = OWN.iter().map(|name| RelPath::new(name)).find(is_there);
        own.map_or_else(|| Self::Builtin(BUILT_IN.to_owned()), Self::File)
    }

    /// Whether this file may be one that a tree calls its own.
    #[must_use]
    pub fn is_own(path: &RelPath) -> bool {
        OWN.contains(&path.as_str())
    }

    /// The checklist and everything that is wrong with it.
    ///
    /// # Errors
    /// There is no checklist at all: every problem in lines.
    pub fn load(&self, loader: &dyn Loader, only: &[String]) -> Result<(Checklist, Vec<Problem>), SessionError> {
        let Understood { mut checklist, problems, .. } = self.understood(loader)?;
        keep_only(&mut checklist, only).map_err(SessionError::Checklist)?;
        Ok((checklist, problems))
    }

    /// As it stands in the files, without cases.
    pub(super) fn understood(&self, loader: &dyn Loader) -> Result<Understood, SessionError> {
        let Read { checklist, problems, texts } = merge::read(&self.entry(), loader);
        if checklist.items.is_empty() && !problems.is_empty() {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            return Err(SessionError::Checklist(lines.join("\n")));
        }
        Ok(Understood { checklist, problems, texts, names: Vec::new() })
    }

    /// The same as it was understood before, where the files are still the same.
    pub(super) fn kept(&self, loader: &dyn Loader, cache: &Cache) -> Option<Understood> {
        let Kept { checklist, texts, names } = keep::unpack(&cache.load(Part::Checklist)?.head, &maker(), loader)?;
        Some(Understood { checklist, problems: Vec::new(), texts, names })
    }

    /// The same, whatever is left of it.
    #[must_use]
    pub fn read(&self, tree: &WorkingTree) -> (Checklist, Vec<Problem>) {
        let Read { checklist, problems, .. } = merge::read(&self.entry(), &Files { root: tree.root() });
        (checklist, problems)
    }

    #[must_use]
    pub fn entry(&self) -> Entry {
        match self {
            Self::Builtin(name) => Entry::Builtin(name.clone()),
            Self::File(path) => Entry::File(path.to_string()),
        }
    }
}

/// Whether anything has this name. A dead link and a folder that may not be entered count: that the tree's own
/// checklist cannot be read is a problem to show, and no reason to take another.
fn is_there(path: &Path) -> bool {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    path.symlink_metadata().map_or_else(|error| !matches!(error.kind(), NotFound | NotADirectory), |_| true)
}

/// Leaves the items with these ids and of these categories; all of them where nothing is named.
pub(super) fn keep_only(checklist: &mut Checklist, only: &[String]) -> Result<(), String> {
    if only.is_empty() {
        return Ok(());
    }
    let ids = || checklist.items.iter().map(|item| item.id.as_str());
    let categories = || checklist.categories.iter().map(|category| category.id.as_str());
    if let Some(unknown) = only.iter().find(|name| !ids().chain(categories()).any(|known| known == name.as_str())) {
        let hint = did_you_mean(unknown, ids().chain(categories()));
        return Err(format!("no item and no category \"{unknown}\" in this checklist{hint}"));
    }
    checklist.items.retain(|item| only.contains(&item.id) || only.contains(&item.category));
    checklist.categories.retain(|category| checklist.items.iter().any(|item| item.category == category.id));
    // A score of some items is no score of all.
    checklist.measure();
    Ok(())
}

fn file_in(tree: &WorkingTree, given: &str) -> Result<RelPath, String> {
    let unreadable = |error: std::io::Error| format!("{given}: cannot be read: {}", disk::reason(&error));
    let full =
        Path::new(given).canonicalize().or_else(|error| tree.root().join(given).canonicalize().map_err(|_| error));
    let full = full.map_err(unreadable)?;
    RelPath::within(tree.root(), &full).filter(|path| !path.as_str().is_empty()).ok_or_else(|| {
        format!(
            "{given}: this checklist lies outside the tree {}: copy it in, or extend it there",
            tree.root().display()
        )
    })
}

/// Reads checklists from a commit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Committed<'a>(pub(super) &'a Revision);

impl Loader for Committed<'_> {
    fn load(&self, path: &str) -> Result<String, String> {
        let path = RelPath::new(path);
        let size = self.0.listing().entries.get(&path).map_or(0, |entry| entry.size);
        if size > SIZE_CAP {
            return Err(format!("it has {size} bytes, more than the {SIZE_CAP} that are read"));
        }
        let content = self.0.read(&path)?;
        String::from_utf8(content.bytes)
            .map_err(|error| format!("it is no UTF-8 from byte {} on", error.utf8_error().valid_up_to()))
    }
}

/// Reads checklists below a root.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    pub root: &'a Path,
}

impl Loader for Files<'_> {
    fn load(&self, path: &str) -> Result<String, String> {
        let full = RelPath::new(path).under(self.root);
        let real = full.canonicalize().map_err(|error| disk::reason(&error))?;
        if !real.starts_with(self.root) {
            return Err("it leads out of the tree".to_owned());
        }
        // Whoever asks names the file, the way it was asked for.
        let named = format!("{}: cannot be read: ", real.display());
        disk::read_text(&real, SIZE_CAP).map_err(|error| error.strip_prefix(&named).unwrap_or(&error).to_owned())
    }
}
