//! What a board said at some commits of a branch, one after the other.

use crate::checklist::model::Tier;
use crate::readiness::board::{Board, Score, Verdict};
use crate::readiness::difference::{Difference, difference};
use crate::tree::line::Commit;

#[derive(Clone, Debug)]
pub struct History {
    /// The name of the root directory.
    pub root: String,
    /// What was walked: `HEAD`, a branch, a commit.
    pub from: String,
    /// Whether each commit was asked the checklist that it holds; else all of them that of today.
    pub is_own: bool,
    /// The newest first.
    pub steps: Vec<Step>,
    /// Whether there are older commits that nobody asked for.
    pub has_older: bool,
    /// Why there are no older ones, where the history goes on and is not here.
    pub ends: Option<String>,
    /// How many items hang on a command, which is never run for a commit.
    pub commands: usize,
}

#[derive(Clone, Debug)]
pub struct Step {
    pub commit: Commit,
    /// Or why it cannot be judged.
    pub measured: Result<Measured, String>,
}

#[derive(Clone, Debug)]
pub struct Measured {
    pub ruler: String,
    /// Measured with another ruler than the commit before: what is different may come from the checklist.
    pub has_new_ruler: bool,
    pub score: Score,
    pub tiers: Vec<Tier>,
    /// One per tier.
    pub verdicts: Vec<Verdict>,
    pub maturity: String,
    pub files: usize,
    /// What is other than in the commit that was looked at before; `None` for the first.
    pub difference: Option<Difference>,
}

impl Measured {
    #[must_use]
    pub fn of(board: &Board, before: Option<&Board>) -> Self {
        Self {
            ruler: board.ruler.clone(),
            has_new_ruler: before.is_some_and(|before| before.ruler != board.ruler),
            score: board.score,
            tiers: board.tiers.clone(),
            verdicts: board.verdicts.iter().map(|verdict| verdict.verdict).collect(),
            maturity: board.maturity.clone(),
            files: board.tree.files,
            difference: before.map(|before| difference(before, board)),
        }
    }
}

impl History {
    /// The tiers of the newest commit that could be judged.
    #[must_use]
    pub fn tiers(&self) -> &[Tier] {
        let newest = self.steps.iter().find_map(|step| step.measured.as_ref().ok());
        newest.map_or(&[], |measured| &measured.tiers)
    }

    /// Whether all of them were measured with one ruler.
    #[must_use]
    pub fn has_one_ruler(&self) -> bool {
        let mut rulers = self.steps.iter().filter_map(|step| Some(&step.measured.as_ref().ok()?.ruler));
        let first = rulers.next();
        rulers.all(|ruler| Some(ruler) == first)
    }
}
