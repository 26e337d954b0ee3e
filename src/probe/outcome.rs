//! What a probe found.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::checklist::model::NoFiles;
use crate::tree::path::RelPath;

/// The answer of a machine, before people and dates come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    Pass,
    Fail,
    NotApplicable,
    Unknown,
}

impl Answer {
    /// As checklists and reports write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotApplicable => "not-applicable",
            Self::Unknown => "unknown",
        }
    }
}

impl From<NoFiles> for Answer {
    fn from(said: NoFiles) -> Self {
        match said {
            NoFiles::Fail => Self::Fail,
            NoFiles::NotApplicable => Self::NotApplicable,
            NoFiles::Unknown => Self::Unknown,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub answer: Answer,
    /// One line: why this answer. Never empty unless the answer is a plain pass.
    pub reason: String,
    /// At most [`Outcome::KEPT`], by path and line; for a fail, what is wrong; for a pass, what proves it.
    pub evidence: Vec<Evidence>,
    /// How many there were before the cut.
    pub found: usize,
    /// True for a question that only a person can answer (`ask`, or no probe at all).
    pub asks: bool,
    /// What the other members of a combinator leave open where this answer did without them: the answer that is left
    /// when somebody dismisses every place that it rests on.
    pub beneath: Option<Box<Outcome>>,
    /// The members of the item's own `all` or `any`, each with what came of it.
    pub parts: Vec<Part>,
    /// What a person confirms one by one.
    pub elements: Vec<Element>,
}

/// One of an inventory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Element {
    pub name: String,
    /// In the first of its files; zero where the whole file is meant.
    pub line: u32,
    /// Empty for one that stands in the checklist.
    pub files: BTreeSet<RelPath>,
}

/// One half of what an item asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub name: String,
    pub answer: Answer,
    pub reason: String,
}

impl Outcome {
    pub const KEPT: usize = 200;

    /// How many parts hold, of how many that apply. `None` where all of them say the same.
    #[must_use]
    pub fn partly(&self) -> Option<(usize, usize)> {
        let applying = self.parts.iter().filter(|part| part.answer != Answer::NotApplicable).count();
        let holding = self.parts.iter().filter(|part| part.answer == Answer::Pass).count();
        (0 < holding && holding < applying).then_some((holding, applying))
    }
}

/// A place, or where there is none (a file that is missing) a few words.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    pub path: Option<RelPath>,
    /// Zero where the whole file is meant.
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
    /// One line of the file with secrets redacted; may still hold control characters.
    pub excerpt: String,
    pub message: String,
    /// Item, path, normalised text and its occurrence: stays the same when lines move.
    pub fingerprint: String,
}

impl Evidence {
    /// `path:line`, `path`, or nothing.
    #[must_use]
    pub fn place(&self) -> String {
        match (&self.path, self.line) {
            (None, _) => String::new(),
            (Some(path), 0) => path.to_string(),
            (Some(path), line) => format!("{path}:{line}"),
        }
    }
}
