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
    /// Somebody says that the work is done. Nothing passes by that; it is there to be verified.
    Done,
}

/// What a waiver means to do about what it accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaiverKind {
    /// The risk is taken.
    #[default]
    Accepted,
    /// It blocks nothing, and somebody keeps an eye on it.
    Watched,
    /// Another measure stands in for it.
    Workaround,
    /// What is there now will be replaced.
    Temporary,
}

impl WaiverKind {
    pub const ALL: [Self; 4] = [Self::Accepted, Self::Watched, Self::Workaround, Self::Temporary];
    pub const WORDS: [&str; 4] = ["accepted", "watched", "workaround", "temporary"];

    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }
}

/// Who speaks. A machine may look and report; to answer for it takes a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    #[default]
    Person,
    Machine,
}

impl Actor {
    #[must_use]
    pub fn is_person(&self) -> bool {
        *self == Self::Person
    }
}

/// One decision. Its name is `<UTC time>-<random>`, the stem of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub name: String,
    pub item: String,
    pub kind: Kind,
    pub by: String,
    pub actor: Actor,
    pub at: Timestamp,
    pub commit: Option<String>,
    pub dirty: bool,
    /// The note, the reason, or (for `assign`) empty.
    pub note: String,
    /// `assign` only.
    pub to: Option<String>,
    /// `assign` only: the day by which it is to be ready.
    pub due: Option<Date>,
    /// The element of the item's inventory that it is about; else it is about the whole item.
    pub part: Option<String>,
    /// `attest` only: what was chosen of the item's options.
    pub choice: Option<String>,
    /// `not-applicable` only: what is to be done instead.
    pub follow_up: Option<String>,
    /// `waive` only.
    pub waiver: Option<WaiverKind>,
    pub item_hash: String,
    pub covers: BTreeMap<RelPath, BlobId>,
    /// Fingerprints: what a dismissal or a waiver is about.
    pub evidence: Vec<String>,
    /// `waive` only: the last day on which it counts.
    pub expires: Option<Date>,
    /// Names of the decisions that this one answers.
    pub supersedes: Vec<String>,
}
