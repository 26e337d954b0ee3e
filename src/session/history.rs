//! What the commits of a branch say, one after the other: each costs what it changed.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rayon::prelude::*;

use crate::checklist::model::Checklist;
use crate::engine::progress::Progress;
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

/// How many threads walk at once at most: each holds a whole tree.
const AT_ONCE: usize = 8;
/// Fewer commits than this are walked by one.
const SHARE: usize = 40;

/// What somebody gets who stopped waiting.
pub const STOPPED: &str = "stopped before it was done";

impl Inquiry {
    /// Looks at the commits of a branch along first parents. `progress` counts commits, and is asked whether somebody
    /// still waits.
    ///
    /// # Errors
    /// One line: there is no such commit, or nobody waits any more.
    pub fn history(&self, plan: &Plan, progress: &Progress) -> Result<History, String> {
        let (mut chosen, line) = self.choose(plan)?;
        chosen.reverse();
        progress.expect(chosen.len() as u64);
        // Each share begins anew, which has to pay.
        let share = chosen.len().div_ceil(rayon::current_num_threads().clamp(1, AT_ONCE)).max(SHARE);
        let starts: Vec<usize> = (0..chosen.len()).step_by(share).collect();
        let pasts = self.pasts(&chosen, starts.len(), progress);
        let walk = |(start, past)| self.walk(past, &chosen, start..(start + share).min(chosen.len()), progress);
        let walked: Vec<Walked> = starts.into_par_iter().zip(pasts).map(walk).collect::<Result<_, String>>()?;
        let newest = walked.iter().rev().find_map(|walked| walked.last.clone());
        let commands =
            |checklist: &Checklist| checklist.items.iter().filter(|item| !item.commands().is_empty()).count();
        let (root, commands) = newest.map(|(root, checklist)| (root, commands(&checklist))).unwrap_or_default();
        let mut steps: Vec<Step> = walked.into_iter().flat_map(|walked| walked.steps).collect();
        steps.reverse();
        let (has_older, ends) = (line.has_older, line.line.ends);
        let from = self.called(&plan.from);
        Ok(History { root, from, is_own: self.is_own(), steps, has_older, ends, commands })
    }

    /// For each share where to begin: what the first commit holds is looked at once. Where that cannot be judged each
    /// share finds its own beginning.
    fn pasts(&self, chosen: &[Commit], shares: usize, progress: &Progress) -> Vec<Option<Past>> {
        let first = chosen.first().filter(|_| shares > 1 && !progress.is_cancelled());
        let first = first.and_then(|first| self.at(&first.id, &progress.within()).ok());
        let forks: Vec<Option<Past>> = (1..shares).map(|_| first.as_ref().map(Past::fork)).collect();
        std::iter::once(first).chain(forks).collect()
    }

    /// Walks some of the commits, which stand with the oldest first, and compares the first of them with the nearest
    /// before it that can be judged.
    fn walk(
        &self,
        mut past: Option<Past>,
        commits: &[Commit],
        share: Range<usize>,
        progress: &Progress,
    ) -> Result<Walked, String> {
        let mut walked = Walked::default();
        let mut before = None;
        for earlier in commits[..share.start].iter().rev() {
            refuse_stopped(progress)?;
            if let Ok(past) = self.step(&mut past, &earlier.id, progress) {
                before = Some(past.board());
                break;
            }
        }
        for commit in &commits[share] {
            refuse_stopped(progress)?;
            let measured = self.step(&mut past, &commit.id, progress).map(|past| {
                let board = past.board();
                let mut measured = Measured::of(&board, before.as_ref());
                if let (Some(difference), Some(before)) = (&mut measured.difference, &before) {
                    behind::name_files(difference, before, &board, past.moved(), &past.engine);
                }
                walked.last = Some((board.tree.root.clone(), Arc::clone(&past.checklist)));
                before = Some(board);
                measured
            });
            walked.steps.push(Step { commit: commit.clone(), measured });
            progress.advance();
        }
        Ok(walked)
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

/// A share of the commits, the oldest first.
#[derive(Default)]
struct Walked {
    steps: Vec<Step>,
    /// The root and the checklist of the newest that could be judged.
    last: Option<(String, Arc<Checklist>)>,
}

fn refuse_stopped(progress: &Progress) -> Result<(), String> {
    if progress.is_cancelled() { Err(STOPPED.to_owned()) } else { Ok(()) }
}

/// The line of commits that some were chosen from.
struct Chosen {
    line: Line,
    has_older: bool,
}

fn signed(span: Duration) -> SignedDuration {
    SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX)
}
