//! Sets of elements that are found across files, and how they relate.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::checklist::model::{Selection, View};

/// How two sets of elements relate.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CompareProbe {
    /// Each side is the union of its sources.
    pub left: Vec<SetSource>,
    pub right: Vec<SetSource>,
    pub expect: Relation,
    /// How many elements may break it.
    pub at_most: u32,
    pub calling: Calling,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    Subset,
    Equal,
    Disjoint,
}

/// What counts as the same name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Calling {
    pub fold_case: bool,
    /// `-`, `_` and `.` are one character.
    pub fold_separators: bool,
    /// What an element of the left is called on the right.
    pub rename: BTreeMap<String, String>,
}

/// Where elements come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SetSource {
    /// Empty for words.
    pub files: Selection,
    pub take: Take,
    /// The first group of each match is an element, without a group the whole match; without a pattern the whole text.
    pub capture: Vec<String>,
    /// Drops the elements that match.
    pub unless: Option<String>,
}

/// What of the files is an element, or holds some.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Take {
    Lines(View),
    /// The text of the selected nodes.
    Nodes {
        kind: Option<String>,
        select: String,
    },
    /// The member names of the selected objects.
    Keys {
        kind: Option<String>,
        select: String,
    },
    /// The paths.
    Paths,
    Words(Vec<String>),
}
