//! What the engine keeps of one file.

use crate::tree::blob::BlobId;
use crate::tree::entry::{Entry, Kind};

#[derive(Clone, Debug)]
pub(super) struct File {
    pub entry: Entry,
    /// Of most files git's index says it all, and there are many files.
    known: Option<Box<Known>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Known {
    blob: Option<BlobId>,
    mapped: Option<BlobId>,
    doubted: bool,
}

impl File {
    pub fn new(entry: Entry, blob: Option<BlobId>, mapped: Option<BlobId>, doubted: bool) -> Self {
        let mut file = Self { entry, known: None };
        file.set(Known { blob, mapped, doubted });
        file
    }

    /// The id of its content: known once it was read, or from git's index.
    pub fn blob(&self) -> Option<BlobId> {
        self.known().blob
    }

    /// The content that all facts of this file were made of; `None` where that is not sure.
    pub fn mapped(&self) -> Option<BlobId> {
        self.known().mapped
    }

    /// Whether its stat does not vouch for its content.
    pub fn is_doubted(&self) -> bool {
        self.known().doubted
    }

    pub fn identify(&mut self, blob: BlobId) {
        self.set(Known { blob: Some(blob), ..self.known() });
    }

    /// Its facts are old.
    pub fn unmap(&mut self) {
        self.set(Known { mapped: None, ..self.known() });
    }

    pub fn doubt(&mut self) {
        self.set(Known { doubted: true, ..self.known() });
    }

    /// What could not be listed may be listable now, with the same stat.
    pub fn differs(&self, entry: &Entry) -> bool {
        self.is_doubted() || self.entry != *entry || matches!(entry.kind, Kind::Unlisted(_))
    }

    pub fn counts(&self) -> bool {
        matches!(self.entry.kind, Kind::File | Kind::Link(_)) && !self.entry.ignored
    }

    fn known(&self) -> Known {
        self.known.as_deref().copied().unwrap_or_else(|| self.by_git())
    }

    fn set(&mut self, known: Known) {
        self.known = (known != self.by_git()).then(|| Box::new(known));
    }

    fn by_git(&self) -> Known {
        Known { blob: self.entry.blob, mapped: self.entry.blob, doubted: false }
    }
}
