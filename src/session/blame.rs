//! Which commit turned an item to what it is. An item may flip back and forth, so no commit is left out: from the last
//! one back, each at the price of what it changed, up to the first that says otherwise.

use std::sync::Arc;

use crate::engine::progress::Progress;
use crate::probe::program::{Program, Rule};
use crate::readiness::blame::{Blame, Since, appeared};
use crate::readiness::board::{Board, Row};
use crate::readiness::difference::{Change, difference};
use crate::session::history::STOPPED;
use crate::session::past::{Clock, Inquiry, Past};
use crate::session::{Session, behind};
use crate::tree::line::{Commit, Line, Until};

/// Two commits beside each other that say something else of an item.
struct Turn {
    /// By place in the line of commits.
    at: usize,
    change: Change,
    before: Row,
    now: Row,
}

impl Session {
    /// Since when the only item of this session is what it is. `progress` counts commits, and is asked whether somebody
    /// still waits.
    ///
    /// # Errors
    /// One line: the commits cannot be looked at, or say nothing of it.
    pub fn blame(&self, progress: &Progress) -> Result<Blame, String> {
        let inquiry = self.inquiry().as_of(Clock::Own);
        let item = one_item(&self.board)?;
        refuse_commands(item)?;
        let of = |since, commits| Blame {
            item: Arc::clone(&item.item),
            status: item.status,
            reason: item.reason.clone(),
            since,
            commits,
        };
        let then = inquiry.at("HEAD", &Progress::default())?.board();
        if one_item(&then)?.status != item.status {
            let now = inquiry.clone().as_of(Clock::At(self.board.at)).at("HEAD", &Progress::default())?.board();
            if one_item(&now)?.status == item.status {
                let commit = inquiry.repository()?.commit("HEAD")?;
                return Ok(of(Since::Time { commit, change: change(&then, &self.board)? }, 1));
            }
            let mut compared = self.compare("HEAD", &inquiry, &Progress::default())?;
            let change = compared.difference.flips.pop().ok_or("it is the same in the last commit")?;
            return Ok(of(Since::Uncommitted { change }, 1));
        }
        let (since, commits) = inquiry.since("HEAD", progress)?;
        Ok(of(since, commits))
    }
}

impl Inquiry {
    /// Since when the only item that is asked is what it was in a commit.
    ///
    /// # Errors
    /// One line: the commits cannot be looked at, or say nothing of it.
    pub fn blame(&self, spec: &str, progress: &Progress) -> Result<Blame, String> {
        let board = self.at(spec, &Progress::default())?.board();
        let row = one_item(&board)?;
        refuse_commands(row)?;
        let (since, commits) = self.since(spec, progress)?;
        Ok(Blame { item: Arc::clone(&row.item), status: row.status, reason: row.reason.clone(), since, commits })
    }

    fn since(&self, spec: &str, progress: &Progress) -> Result<(Since, usize), String> {
        let mut line = self.repository()?.line(spec, &Until::Root, &mut |_| true)?;
        progress.expect(line.commits.len() as u64);
        let (turn, looked) = match line.commits.first() {
            Some(first) => {
                let mut past = self.at(&first.id, &Progress::default())?;
                if walks_commits(past.program()) {
                    last_turn(self, &line, progress)?
                } else {
                    back(&mut past, &mut line, progress)?
                }
            }
            None => return Err("there is no commit yet".to_owned()),
        };
        let since = match turn {
            Some(Turn { at, change, before, now }) => {
                let evidence = appeared(&before, &now);
                Since::Turned { commit: line.commits.swap_remove(at), change, evidence }
            }
            None => {
                let commit: Commit = line.commits.swap_remove(looked - 1);
                Since::Always { commit, ends: line.ends }
            }
        };
        Ok((since, looked))
    }
}

/// From the newest commit back. What cannot be read ends the line.
fn back(past: &mut Past, line: &mut Line, progress: &Progress) -> Result<(Option<Turn>, usize), String> {
    let quiet = Progress::default();
    let mut now = past.board();
    progress.advance();
    for at in 1..line.commits.len() {
        if progress.is_cancelled() {
            return Err(STOPPED.to_owned());
        }
        if let Err(why) = past.move_to(&line.commits[at].id, &quiet) {
            line.ends = Some(why);
            return Ok((None, at));
        }
        progress.advance();
        let before = past.board();
        if one_item(&before)?.status != one_item(&now)?.status {
            return Ok((Some(turn(at - 1, &before, &now, past)?), at + 1));
        }
        now = before;
    }
    Ok((None, line.commits.len()))
}

/// From the oldest commit on: what the commits themselves say is carried forward only.
fn last_turn(inquiry: &Inquiry, line: &Line, progress: &Progress) -> Result<(Option<Turn>, usize), String> {
    let quiet = Progress::default();
    let mut ids = line.commits.iter().enumerate().rev();
    let mut past = match ids.next() {
        Some((_, oldest)) => inquiry.at(&oldest.id, &quiet)?,
        None => return Ok((None, 0)),
    };
    progress.advance();
    let (mut before, mut found) = (past.board(), None);
    for (at, commit) in ids {
        if progress.is_cancelled() {
            return Err(STOPPED.to_owned());
        }
        past.move_to(&commit.id, &quiet)?;
        progress.advance();
        let now = past.board();
        if one_item(&before)?.status != one_item(&now)?.status {
            found = Some(turn(at, &before, &now, &past)?);
        }
        before = now;
    }
    Ok((found, line.commits.len()))
}

/// `past` has just moved between the two.
fn turn(at: usize, before: &Board, now: &Board, past: &Past) -> Result<Turn, String> {
    let mut difference = difference(before, now);
    behind::name_files(&mut difference, before, now, past.moved(), &past.engine);
    let change = difference.flips.pop().ok_or("nothing turned")?;
    Ok(Turn { at, change, before: one_item(before)?.clone(), now: one_item(now)?.clone() })
}

fn change(before: &Board, now: &Board) -> Result<Change, String> {
    difference(before, now).flips.pop().ok_or_else(|| "it is the same in the last commit".to_owned())
}

fn one_item(board: &Board) -> Result<&Row, String> {
    match board.rows.as_slice() {
        [row] => Ok(row),
        rows => {
            let ids: Vec<&str> = rows.iter().map(|row| row.item.id.as_str()).take(3).collect();
            Err(format!("{}: name one item", ids.join(" and ")))
        }
    }
}

fn refuse_commands(row: &Row) -> Result<(), String> {
    if row.item.commands().is_empty() {
        return Ok(());
    }
    Err(format!("{} hangs on a command, which is never run for a commit: when it turned cannot be told", row.item.id))
}

fn walks_commits(program: &Program) -> bool {
    program.leaves.iter().any(|leaf| matches!(&leaf.rule, Rule::Git(git) if git.walks_commits()))
}
