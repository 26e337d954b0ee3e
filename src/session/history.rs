//! What the commits of a branch say, one after the other: each costs what it changed.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::engine::progress::Progress;
use crate::readiness::board::Board;
use crate::readiness::history::{History, Measured, Step};
use crate::session::behind;
use crate::session::past::{Inquiry, Past};
use crate::tree::line::{Commit, Line, Until};

/// Which commits are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Where the walk begins: `HEAD`, a branch, a commit.
    pub from: String,
    pub until: Until,
    pub every: Every,
    /// How many at most.
    pub most: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// One of so many commits.
    Commits(usize),
    /// At most one in this time.
    Span(Duration),
}

/// What somebody gets who stopped waiting.
pub const STOPPED: &str = "stopped before it was done";

impl Inquiry {
    /// Looks at the commits of a branch along first parents. `progress` counts commits, and is asked whether somebody
    /// still waits.
    ///
    /// # Errors
    /// One line: there is no such commit, or nobody waits any more.
    pub fn history(&self, plan: &Plan, progress: &Progress) -> Result<History, String> {
        let (chosen, line) = self.choose(plan)?;
        progress.expect(chosen.len() as u64);
        let mut steps = Vec::with_capacity(chosen.len());
        let mut past: Option<Past> = None;
        let mut before: Option<Board> = None;
        let mut root = String::new();
        let mut commands = 0;
        for commit in chosen.into_iter().rev() {
            if progress.is_cancelled() {
                return Err(STOPPED.to_owned());
            }
            let measured = self.step(&mut past, &commit.id, progress).map(|past| {
                let board = past.board();
                let mut measured = Measured::of(&board, before.as_ref());
                if let (Some(difference), Some(before)) = (&mut measured.difference, &before) {
                    behind::name_files(difference, before, &board, past.moved(), &past.engine);
                }
                root.clone_from(&board.tree.root);
                commands = past.checklist.items.iter().filter(|item| !item.commands().is_empty()).count();
                before = Some(board);
                measured
            });
            steps.push(Step { commit, measured });
            progress.advance();
        }
        steps.reverse();
        let (has_older, ends) = (line.has_older, line.line.ends);
        let from = self.called(&plan.from);
        Ok(History { root, from, is_own: self.is_own(), steps, has_older, ends, commands })
    }

    /// A branch is named where it is the one that is checked out.
    fn called(&self, from: &str) -> String {
        let head = self.repository().ok().and_then(|repository| repository.head().ok()?.branch);
        head.filter(|_| from == "HEAD").unwrap_or_else(|| from.to_owned())
    }

    /// Goes to a commit from the one before, or begins with it.
    fn step<'p>(&self, past: &'p mut Option<Past>, id: &str, progress: &Progress) -> Result<&'p mut Past, String> {
        let quiet = progress.within();
        match past {
            Some(past) => past.move_to(id, &quiet).map(|()| past),
            none => Ok(none.insert(self.at(id, &quiet)?)),
        }
    }

    fn choose(&self, plan: &Plan) -> Result<(Vec<Commit>, Chosen), String> {
        let (mut kept, mut count, mut has_older): (BTreeSet<usize>, usize, bool) = (BTreeSet::new(), 0, false);
        let mut last: Option<Timestamp> = None;
        let line = self.repository()?.line(&plan.from, &plan.until, &mut |commit| {
            let is_due = match plan.every {
                Every::Commits(every) => count.is_multiple_of(every.max(1)),
                Every::Span(span) => last.is_none_or(|last| last.duration_since(commit.at) >= signed(span)),
            };
            if is_due && kept.len() == plan.most {
                has_older = true;
                return false;
            }
            if is_due {
                kept.insert(count);
                last = Some(commit.at);
            }
            count += 1;
            true
        })?;
        let chosen = line.commits.iter().enumerate().filter(|(at, _)| kept.contains(at));
        Ok((chosen.map(|(_, commit)| commit.clone()).collect(), Chosen { line, has_older }))
    }
}

/// The line of commits that some were chosen from.
struct Chosen {
    line: Line,
    has_older: bool,
}

fn signed(span: Duration) -> SignedDuration {
    SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX)
}
