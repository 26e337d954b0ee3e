//! What files of one kind are asked. A tree has few kinds of files and many of each: what a kind needs is sorted out once.

use std::sync::{Arc, OnceLock};

use crate::probe::matcher::Matcher;
use crate::probe::matchers::Matchers;
use crate::probe::program::{Leaf, Rule};

/// The leaves that look at such a file, by what they look at.
#[derive(Debug, Default)]
pub struct Questions {
    /// All of them, in order.
    pub leaves: Vec<usize>,
    /// Those that need no more than the name and the stat, and those that read.
    pub of_entry: Vec<usize>,
    pub of_content: Vec<usize>,
    /// Of those that read: which look for patterns in lines, which are about a document, and which do something else.
    pub(super) of_lines: Vec<usize>,
    pub(super) of_document: Vec<usize>,
    pub(super) of_bytes: Vec<usize>,
    /// Those that note a file in which they find nothing.
    pub(super) noting_all: Vec<usize>,
    /// Those that must know whenever such a file is another.
    pub covering: Vec<usize>,
    lines: OnceLock<Lines>,
}

/// How lines are looked at.
#[derive(Debug)]
pub(super) struct Lines {
    pub(super) matcher: Arc<Matcher>,
    /// For each pattern of the matcher: the place among `of_lines` of the leaf that it belongs to, if that is there.
    pub(super) wanted: Vec<Option<u32>>,
}

impl Questions {
    pub(super) fn new(leaves: Vec<usize>, all: &[Leaf]) -> Self {
        let which = |is: &dyn Fn(&Rule) -> bool| -> Vec<usize> {
            leaves.iter().copied().filter(|leaf| is(&all[*leaf].rule)).collect()
        };
        Self {
            of_entry: which(&|rule| !rule.reads_content()),
            of_content: which(&Rule::reads_content),
            of_lines: which(&|rule| rule.seeker().is_some()),
            of_document: which(&|rule| rule.reader().is_some()),
            of_bytes: which(&|rule| matches!(rule, Rule::Encoding(_) | Rule::Sarif(_))),
            noting_all: which(&|rule| rule.reads_content() && rule.notes_nothing()),
            covering: which(&|rule| matches!(rule, Rule::Covers | Rule::Command(_))),
            lines: OnceLock::new(),
            leaves,
        }
    }

    /// Whether nobody made ready so far what looks at its lines.
    pub(super) fn is_new(&self) -> bool {
        !self.of_lines.is_empty() && self.lines.get().is_none()
    }

    pub(super) fn lines(&self, matchers: &Matchers) -> &Lines {
        self.lines.get_or_init(|| {
            let matcher = matchers.of(&self.of_lines);
            let wanted = matcher.wanted(&self.of_lines);
            Lines { matcher, wanted }
        })
    }
}
