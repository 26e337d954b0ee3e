//! How far the work on an item is: what it waits for, who has it, by when, and whether it is planned, done or verified.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::checklist::model::{Item, Tier};
use crate::ledger::fold::Standing;
use crate::readiness::board::Row;
use crate::readiness::status::Status;
use crate::readiness::verdict::gate;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Ids of the needed items that are not ready. Empty where the item itself has nothing left to do.
    pub blocked_by: Vec<String>,
    /// It fails, and no tier counts that, because what it needs fails there already.
    pub is_excused: bool,
    /// The day in the last assignment, else in the checklist.
    pub due: Option<Date>,
    /// How near that day is, while there is something to do.
    pub window: Option<Window>,
    pub owner: Option<String>,
    pub progress: Progress,
}

/// When something is due, as of the day of the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Window {
    Overdue,
    Today,
    /// Until Sunday.
    Week,
    /// Until the last day of the month.
    Month,
    Later,
}

impl Window {
    pub const ALL: [Self; 5] = [Self::Overdue, Self::Today, Self::Week, Self::Month, Self::Later];

    #[must_use]
    pub fn of(due: Date, today: Date) -> Self {
        let left = i64::from(7 - today.weekday().to_monday_one_offset());
        let sunday = today.saturating_add(jiff::Span::new().days(left));
        if due < today {
            Self::Overdue
        } else if due == today {
            Self::Today
        } else if due <= sunday {
            Self::Week
        } else if due <= today.last_of_month() {
            Self::Month
        } else {
            Self::Later
        }
    }

    /// What a filter calls it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::Week => "week",
            Self::Month => "month",
            Self::Later => "later",
        }
    }

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::Week => "this week",
            Self::Month => "this month",
            Self::Later => "later",
        }
    }
}

/// Three things that look alike in a plan and are not: only what is verified is ready.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Progress {
    #[default]
    None,
    /// Somebody has it.
    Planned,
    /// Somebody says that it is done.
    Done,
    /// The files or a person prove it.
    Verified,
}

impl Progress {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Planned => "planned",
            Self::Done => "done",
            Self::Verified => "verified",
        }
    }
}

/// What can be said of one item alone.
#[must_use]
pub fn work(item: &Item, standing: &Standing, status: Status, today: Date) -> Work {
    let assigned = standing.assigned.as_ref();
    let due = assigned.and_then(|assigned| assigned.due).or(item.plan.due);
    Work {
        due,
        window: due.filter(|_| has_work_left(status)).map(|due| Window::of(due, today)),
        owner: assigned.and_then(|assigned| assigned.to.clone()),
        progress: progress(standing, status),
        ..Work::default()
    }
}

fn progress(standing: &Standing, status: Status) -> Progress {
    if status.is_ready() {
        Progress::Verified
    } else if standing.done.is_some() {
        Progress::Done
    } else if standing.assigned.is_some() {
        Progress::Planned
    } else {
        Progress::None
    }
}

fn has_work_left(status: Status) -> bool {
    status == Status::Failed || status.is_undecided()
}

/// Where the row of each item stands.
pub type Places<'r> = HashMap<&'r str, usize>;

#[must_use]
pub fn places(rows: &[Row]) -> Places<'_> {
    rows.iter().enumerate().map(|(at, row)| (row.item.id.as_str(), at)).collect()
}

/// Says of every row what it waits for, and which failures are none of their own.
pub fn block(rows: &mut [Row], tiers: &[Tier]) {
    let places = places(rows);
    let needs: Vec<Vec<usize>> = rows
        .iter()
        .map(|row| row.item.plan.needs.iter().filter_map(|id| places.get(id.as_str()).copied()).collect())
        .collect();
    let blocked: Vec<(Vec<String>, bool)> = (0..rows.len()).map(|at| blocked(at, rows, tiers, &needs[at])).collect();
    for (row, (blocked_by, is_excused)) in rows.iter_mut().zip(blocked) {
        (row.work.blocked_by, row.work.is_excused) = (blocked_by, is_excused);
    }
}

fn blocked(at: usize, rows: &[Row], tiers: &[Tier], needs: &[usize]) -> (Vec<String>, bool) {
    let row = &rows[at];
    if !has_work_left(row.status) {
        return (Vec::new(), false);
    }
    let confirm = gate(&row.item, tiers, row.item.tier).is_some_and(|gate| gate.confirm);
    let in_the_way = needs.iter().filter(|needed| !is_there(rows[**needed].status, confirm));
    let blocked_by = in_the_way.map(|needed| rows[*needed].item.id.clone()).collect();
    let excused_in = |tier| excuses(row, tier, tiers, needs.iter().map(|needed| &rows[*needed]));
    let mut gated = (0..tiers.len()).filter(|tier| gate(&row.item, tiers, *tier).is_some()).peekable();
    // What no tier counts is excused by any ground that is missing.
    let is_excused = match gated.peek() {
        Some(_) => gated.all(excused_in),
        None => row.status == Status::Failed && needs.iter().any(|needed| rows[*needed].status == Status::Failed),
    };
    (blocked_by, is_excused)
}

/// Whether what an item needs is there. A hunch is enough where nobody has to confirm.
fn is_there(status: Status, confirm: bool) -> bool {
    status.is_ready() || status == Status::NotApplicable || (status == Status::Likely && !confirm)
}

/// Whether a failure is none of its own in this tier: what it needs fails, and stops the tier already. A chain of such
/// failures ends at one that counts, because no item needs itself.
#[must_use]
pub fn excuses<'a>(row: &Row, tier: usize, tiers: &[Tier], mut needed: impl Iterator<Item = &'a Row>) -> bool {
    row.status == Status::Failed
        && needed.any(|needed| needed.status == Status::Failed && gate(&needed.item, tiers, tier).is_some())
}
