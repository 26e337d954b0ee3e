//! Directories that are looked into although git ignores them, because somebody asks for what builds leave there.

use crate::tree::path::RelPath;

/// Some directories, each with whether all that lies below it counts, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beyond(pub Vec<(RelPath, bool)>);

impl Beyond {
    /// Whether one of them is this directory, lies below it, or holds it.
    pub(crate) fn leads_to(&self, dir: &RelPath) -> bool {
        self.0.iter().any(|(wanted, _)| wanted.starts_with(dir)) || self.holds(dir)
    }

    /// Whether the files of this directory count.
    pub(crate) fn holds(&self, dir: &RelPath) -> bool {
        self.0.iter().any(|(wanted, deep)| wanted == dir || (*deep && dir.starts_with(wanted)))
    }
}
