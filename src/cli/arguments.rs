//! The command line, as `--help` tells it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::cli::commits::{Blame, Diff, History};
use crate::cli::config;
use crate::cli::decide::Said;
use crate::ledger::decision::{Actor, WaiverKind};
use crate::session::Settings;
use crate::session::message::Intent;
use crate::text::words::day_of;

const EXIT_CODES: &str = "\
Exit codes of `check`: 0 GO, 1 NO-GO, 2 usage or checklist error, 3 INCOMPLETE, 4 CONDITIONAL";

/// Tells whether a system may go live, while you fix it.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, after_help = EXIT_CODES, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The tree to look at
    #[arg(default_value = ".")]
    pub path: PathBuf,
    #[command(flatten)]
    pub global: Global,
}

#[derive(Clone, Debug, Args)]
pub struct Global {
    /// The checklist: a file in the tree, or `builtin:NAME` [default: gonogo.yaml, .gonogo/checklist.yaml, else
    /// builtin:enterprise]
    #[arg(long, global = true, value_name = "FILE")]
    pub checklist: Option<String>,
    /// Judge waivers and reviews as of this moment instead of now
    #[arg(long, global = true, value_name = "TIME", value_parser = moment)]
    pub at: Option<Timestamp>,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Draw with ASCII characters only
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Say only what was asked for
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Also say what it cost
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Look at everything anew, and keep nothing for the next start
    #[arg(long, global = true)]
    pub no_cache: bool,
    /// Who decides, as `Name <email>` [default: git's user]
    #[arg(long, global = true, env = "GONOGO_AUTHOR", value_name = "NAME", hide_env_values = true)]
    pub author: Option<String>,
    /// Who speaks: a machine's attestation counts as `likely` at most
    #[arg(
        long,
        global = true,
        env = "GONOGO_ACTOR",
        value_name = "ACTOR",
        default_value = "person",
        hide_env_values = true
    )]
    pub actor: Speaker,
    /// The same as --actor machine
    #[arg(long, global = true)]
    pub machine: bool,
    /// The dashboard's theme
    #[arg(long, global = true, env = "GONOGO_THEME", value_name = "THEME", hide_env_values = true)]
    pub theme: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Speaker {
    Person,
    Machine,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Evaluate once, print, and exit with the verdict
    Check(Check),
    /// Write a report to a file or to standard output
    Export(Export),
    /// Show what is different between two commits, or a commit and the files as they are
    Diff(Diff),
    /// Show which commit turned an item to what it is
    Blame(Blame),
    /// Show score and verdict over the commits of a branch
    History(History),
    /// Show one item: why, how it is probed, how to fix it, and its story
    Explain {
        id: String,
        #[arg(default_value = ".")]
        path: PathBuf,
    },
    /// Confirm an item
    Attest(Attest),
    /// Add a note to an item, or to the whole: `gonogo note report --note TEXT`
    Note(Note),
    /// Accept that an item fails, until a day
    Waive(Waive),
    /// Say that evidence is wrong
    Dismiss(Dismiss),
    /// Say that an item does not apply here
    NotApplicable(Reason),
    /// Give an item to somebody
    Assign(Assign),
    /// Say that the work on an item is done; it is not ready before that is verified
    Done(Done),
    /// Take back what was said of an item
    Retract(Retract),
    /// Check a checklist, and report every problem at once
    Lint {
        /// A checklist file, or `builtin:NAME` [default: the one that the tree uses]
        file: Option<String>,
    },
    /// Run the cases of a checklist
    Test {
        /// A checklist file, or `builtin:NAME` [default: the one that the tree uses]
        file: Option<String>,
        /// Also change each probe in one piece, and report what no case notices
        #[arg(long)]
        mutate: bool,
    },
    /// Show and approve the exact commands that a checklist runs
    Trust(Trusting),
    /// Print the JSON Schema of checklists, for editors
    Schema,
    /// Write a first gonogo.yaml
    Init { path: Option<PathBuf> },
}

#[derive(Debug, Args)]
pub struct Check {
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// The tier that decides the exit code [default: the first]
    #[arg(long)]
    pub tier: Option<String>,
    /// Look at this commit instead of the files as they are; nothing is checked out, and no command is run
    #[arg(long, value_name = "REV")]
    pub rev: Option<String>,
    /// Ask the checklist that the commit holds, instead of the one of today
    #[arg(long, requires = "rev")]
    pub own_checklist: bool,
    /// human, json, markdown, report or plan
    #[arg(long, default_value = "human")]
    pub format: String,
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Ask only these items or categories
    #[arg(long, value_delimiter = ',', value_name = "IDS|CATEGORIES")]
    pub only: Vec<String>,
    /// Exit with 0 whatever the verdict
    #[arg(long)]
    pub exit_zero: bool,
}

#[derive(Debug, Args)]
pub struct Trusting {
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Approve all of them without a question
    #[arg(long, conflicts_with = "revoke")]
    pub yes: bool,
    /// Take back every approval of this tree
    #[arg(long)]
    pub revoke: bool,
}

#[derive(Debug, Args)]
pub struct Export {
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// markdown, json, human, report or plan
    #[arg(long, default_value = "markdown")]
    pub format: String,
    /// Look at this commit instead of the files as they are; nothing is checked out, and no command is run
    #[arg(long, value_name = "REV")]
    pub rev: Option<String>,
    /// Ask the checklist that the commit holds, instead of the one of today
    #[arg(long, requires = "rev")]
    pub own_checklist: bool,
    /// The full audit, in Markdown
    #[arg(long, conflicts_with_all = ["format", "plan"])]
    pub report: bool,
    /// The audit to come: every item unanswered, with the paths to look at
    #[arg(long, conflicts_with = "format")]
    pub plan: bool,
    /// In the full audit: what changed since this revision
    #[arg(long, value_name = "REV", conflicts_with = "baseline")]
    pub since: Option<String>,
    /// In the full audit: what changed since this report (one that `--format json` wrote)
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Attest {
    pub id: String,
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// What convinced you
    #[arg(long, default_value = "")]
    pub note: String,
    /// Only this element of the item's inventory
    #[arg(long, value_name = "NAME")]
    pub part: Option<String>,
    /// Which of the item's options is taken
    #[arg(long, value_name = "OPTION")]
    pub choose: Option<String>,
}

#[derive(Debug, Args)]
pub struct Done {
    pub id: String,
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// What was done
    #[arg(long, default_value = "")]
    pub note: String,
}

#[derive(Debug, Args)]
pub struct Note {
    pub id: String,
    #[arg(default_value = ".")]
    pub path: PathBuf,
    #[arg(long)]
    pub note: String,
}

#[derive(Debug, Args)]
pub struct Waive {
    pub id: String,
    #[arg(default_value = ".")]
    pub path: PathBuf,
    #[arg(long)]
    pub reason: String,
    /// The last day on which it counts: a date, or a number of days such as 30d
    #[arg(long, value_parser = expiry)]
    pub expires: Expiry,
    /// What it means to do about it
    #[arg(long, value_name = "KIND", default_value = "accepted")]
    pub kind: Response,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Response {
    /// The risk is taken
    Accepted,
    /// It blocks nothing, and somebody keeps an eye on it
    Watched,
    /// Another measure stands in for it
    Workaround,
    /// What is there now will be replaced
    Temporary,
}

#[derive(Debug, Args)]
pub struct Dismiss {
    pub id: String,
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// The fingerprint, or its beginning, as `explain` and `--format json` show it
    #[arg(long, required = true, value_name = "FINGERPRINT")]
    pub evidence: Vec<String>,
    #[arg(long)]
    pub reason: String,
}

#[derive(Debug, Args)]
pub struct Reason {
    pub id: String,
    #[arg(default_value = ".")]
    pub path: PathBuf,
    #[arg(long)]
    pub reason: String,
    /// What is to be done instead
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub follow_up: String,
}

#[derive(Debug, Args)]
pub struct Assign {
    pub id: String,
    #[arg(default_value = ".")]
    pub path: PathBuf,
    #[arg(long)]
    pub to: String,
    /// The day by which it is to be ready: a date, or a number of days such as 14d
    #[arg(long, value_parser = expiry)]
    pub due: Option<Expiry>,
}

#[derive(Debug, Args)]
pub struct Retract {
    pub id: String,
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Only what stands of this element of the item's inventory
    #[arg(long, value_name = "NAME")]
    pub part: Option<String>,
}

/// A day, or so many days from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    On(Date),
    In { days: i32 },
}

impl Expiry {
    #[must_use]
    pub fn day(self, now: Timestamp) -> Date {
        let today = day_of(now);
        match self {
            Self::On(date) => date,
            Self::In { days } => today.saturating_add(jiff::Span::new().days(days)),
        }
    }
}

impl Global {
    #[must_use]
    pub fn settings(&self, path: PathBuf) -> Settings {
        let (checklist, author) = (self.checklist.clone(), self.author.clone());
        let is_machine = self.machine || self.actor == Speaker::Machine;
        let actor = if is_machine { Actor::Machine } else { Actor::Person };
        Settings {
            path,
            checklist,
            author,
            actor,
            at: self.at,
            only: Vec::new(),
            data: config::data_folder(),
            cache: config::cache_folder().filter(|_| !self.no_cache),
        }
    }
}

impl Attest {
    #[must_use]
    pub fn into_parts(self) -> Said {
        Said {
            intent: Intent::Attest { item: self.id, note: self.note, choice: self.choose, part: self.part },
            path: self.path,
        }
    }
}

impl Note {
    #[must_use]
    pub fn into_parts(self) -> Said {
        Said { intent: Intent::Note { item: self.id, text: self.note }, path: self.path }
    }
}

impl Waive {
    #[must_use]
    pub fn into_parts(self, at: Option<Timestamp>) -> Said {
        let expires = self.expires.day(at.unwrap_or_else(Timestamp::now));
        let kind = match self.kind {
            Response::Accepted => WaiverKind::Accepted,
            Response::Watched => WaiverKind::Watched,
            Response::Workaround => WaiverKind::Workaround,
            Response::Temporary => WaiverKind::Temporary,
        };
        Said { intent: Intent::Waive { item: self.id, reason: self.reason, expires, kind }, path: self.path }
    }
}

impl Dismiss {
    #[must_use]
    pub fn into_parts(self) -> Said {
        let intent = Intent::Dismiss { item: self.id, fingerprints: self.evidence, reason: self.reason };
        Said { intent, path: self.path }
    }
}

impl Reason {
    #[must_use]
    pub fn into_parts(self) -> Said {
        let intent = Intent::NotApplicable { item: self.id, reason: self.reason, follow_up: self.follow_up };
        Said { intent, path: self.path }
    }
}

impl Assign {
    #[must_use]
    pub fn into_parts(self, at: Option<Timestamp>) -> Said {
        let due = self.due.map(|due| due.day(at.unwrap_or_else(Timestamp::now)));
        Said { intent: Intent::Assign { item: self.id, to: self.to, due }, path: self.path }
    }
}

impl Done {
    #[must_use]
    pub fn into_parts(self) -> Said {
        Said { intent: Intent::Done { item: self.id, note: self.note }, path: self.path }
    }
}

impl Retract {
    #[must_use]
    pub fn into_parts(self) -> Said {
        Said { intent: Intent::Retract { item: self.id, part: self.part }, path: self.path }
    }
}

fn expiry(text: &str) -> Result<Expiry, String> {
    if let Some(days) = text.strip_suffix('d').and_then(|days| days.parse::<u16>().ok()) {
        return Ok(Expiry::In { days: i32::from(days) });
    }
    let wrong = |_| "write a date such as 2027-02-28, or a number of days such as 30d".to_owned();
    text.parse().map(Expiry::On).map_err(wrong)
}

/// A timestamp, or a day (its last second, so that what ends on that day still counts).
fn moment(text: &str) -> Result<Timestamp, String> {
    let end_of_day = |date: Date| {
        let zoned = date.at(23, 59, 59, 0).to_zoned(jiff::tz::TimeZone::UTC);
        zoned.map(|zoned| zoned.timestamp()).map_err(|error| error.to_string())
    };
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let date: Date = text
        .parse()
        .map_err(|_| "write a time such as 2026-11-21T20:00:00Z, or a day such as 2026-11-21".to_owned())?;
    end_of_day(date)
}
