//! The arguments of the commands that look at commits.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::session::history::{Every, Plan};
use crate::tree::line::Until;

#[derive(Debug, Args)]
pub struct Diff {
    /// The earlier state: a commit, or two of them as A..B
    pub from: String,
    /// The later commit [default: the files as they are]
    pub to: Option<String>,
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// The tier that decides the exit code [default: the first]
    #[arg(long)]
    pub tier: Option<String>,
    /// Ask each side the checklist that it holds, instead of the one of today
    #[arg(long)]
    pub own_checklist: bool,
    /// Ask only these items or categories
    #[arg(long, value_delimiter = ',', value_name = "IDS|CATEGORIES")]
    pub only: Vec<String>,
    /// How to print it
    #[arg(long, default_value = "human")]
    pub format: Shape,
    /// Exit with 1 where an item got worse and with 0 where none did, whatever the verdict
    #[arg(long, conflicts_with_all = ["tier", "exit_zero"])]
    pub if_worse: bool,
    /// Exit with 0 whatever the verdict of the later state
    #[arg(long)]
    pub exit_zero: bool,
}

#[derive(Debug, Args)]
pub struct Blame {
    pub id: String,
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Begin with this commit instead of the files as they are
    #[arg(long, value_name = "REV")]
    pub rev: Option<String>,
    /// How to print it
    #[arg(long, default_value = "human")]
    pub format: Shape,
}

#[derive(Debug, Args)]
pub struct History {
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Begin with this commit and walk back along first parents
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub rev: String,
    /// End there: at a day (2026-11-21), so long ago (90d), or with a commit
    #[arg(long, value_name = "DATE|REV")]
    pub since: Option<String>,
    /// Look at one of so many commits, or at most at one in this time: 10, 12h, 7d, 2w
    #[arg(long, value_name = "N|TIME", value_parser = every, default_value = "1")]
    pub every: Every,
    /// Look at so many commits at most, the newest ones; 0 for all
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub max: usize,
    /// Ask each commit the checklist that it holds, instead of the one of today
    #[arg(long)]
    pub own_checklist: bool,
    /// Ask only these items or categories
    #[arg(long, value_delimiter = ',', value_name = "IDS|CATEGORIES")]
    pub only: Vec<String>,
    /// How to print it
    #[arg(long, default_value = "human")]
    pub format: Shape,
}

/// What is printed where there is no report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shape {
    /// For a terminal
    Human,
    /// For programs
    Json,
}

impl History {
    /// Which commits are meant, as of `now`.
    #[must_use]
    pub fn plan(&self, now: Timestamp) -> Plan {
        let until = match self.since.as_deref() {
            None => Until::Root,
            Some(since) => moment_of(since, now).map_or_else(|| Until::Commit(since.to_owned()), Until::Day),
        };
        let most = if self.max == 0 { usize::MAX } else { self.max };
        Plan { from: self.rev.clone(), until, every: self.every, most }
    }
}

/// The beginning of a day, a moment, or so long before `now`.
fn moment_of(text: &str, now: Timestamp) -> Option<Timestamp> {
    let day = text.parse::<Date>().ok().and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC).ok());
    let ago = || now.checked_sub(span(text)?).ok();
    day.map(|day| day.timestamp()).or_else(|| text.parse().ok()).or_else(ago)
}

/// `12h`, `7d`, `2w`.
fn span(text: &str) -> Option<Duration> {
    let hours = [("h", 1), ("d", 24), ("w", 7 * 24)];
    let (number, hours) = hours.iter().find_map(|(unit, hours)| Some((text.strip_suffix(unit)?, hours)))?;
    let number: u32 = number.parse().ok().filter(|number| (1..=100_000).contains(number))?;
    Some(Duration::from_secs(u64::from(number) * hours * 3600))
}

fn every(text: &str) -> Result<Every, String> {
    let commits = text.parse().ok().filter(|commits: &usize| *commits > 0).map(Every::Commits);
    commits
        .or_else(|| span(text).map(Every::Span))
        .ok_or_else(|| "write a number of commits such as 10, or a time such as 12h, 7d or 2w".to_owned())
}
