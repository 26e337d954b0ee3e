//! What a person said about an item, as it stands in its file.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::tree::blob::BlobId;
use crate::tree::path::RelPath;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Attest,
    Retract,
    Note,
    Waive,
    Dismiss,
    NotApplicable,
    Assign,
}

/// One decision. Its name is `<UTC time>-<random>`, the stem of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub name: String,
    pub item: String,
    pub kind: Kind,
    pub by: String,
    pub at: Timestamp,
    pub commit: Option<String>,
    pub dirty: bool,
    /// The note, the reason, or (for `assign`) empty.
    pub note: String,
    /// `assign` only.
    pub to: Option<String>,
    pub item_hash: String,
    pub covers: BTreeMap<RelPath, BlobId>,
    /// Fingerprints: what a dismissal or a waiver is about.
    pub evidence: Vec<String>,
    /// `waive` only: the last day on which it counts.
    pub expires: Option<Date>,
    /// Names of the decisions that this one answers.
    pub supersedes: Vec<String>,
}
