//! `git`: what the repository says of paths.

use jiff::{SignedDuration, Timestamp};

use crate::checklist::model::GitProbe;
use crate::probe::fact::{Facts, Hit, key_of};
use crate::probe::finding::{Gathered, files};
use crate::probe::outcome::{Answer, Evidence, Outcome};
use crate::tree::entry::Entry;
use crate::tree::glob::Globs;
use crate::tree::path::RelPath;
use crate::tree::source::GitFacts;

/// A git probe ready to run.
#[derive(Debug)]
pub enum Git {
    Tracked,
    Ignored(Vec<RelPath>),
    NeverCommitted(Globs),
    Newest { globs: Globs, within_days: u32 },
}

impl Git {
    /// # Errors
    /// A glob that is none.
    pub fn new(probe: &GitProbe) -> Result<Self, String> {
        Ok(match probe {
            GitProbe::Tracked(_) => Self::Tracked,
            GitProbe::Ignored(names) => Self::Ignored(names.iter().map(|name| RelPath::new(name)).collect()),
            GitProbe::NeverCommitted(globs) => Self::NeverCommitted(Globs::new(globs)?),
            GitProbe::Newest { paths, within_days } => {
                Self::Newest { globs: Globs::new(paths)?, within_days: *within_days }
            }
        })
    }

    /// Whether the answer hangs on the commits, and not on the tree as it is.
    #[must_use]
    pub fn walks_commits(&self) -> bool {
        matches!(self, Self::NeverCommitted(_) | Self::Newest { .. })
    }

    /// A file that git does not track is a hit.
    #[must_use]
    pub fn map(&self, entry: &Entry) -> Facts {
        let mut facts = Facts::default();
        if matches!(self, Self::Tracked) && !entry.tracked {
            facts.add(|| Hit { key: key_of(b"file"), ..Hit::default() });
        }
        facts
    }

    #[must_use]
    pub fn reduce(&self, gathered: &Gathered<'_>, git: Option<&dyn GitFacts>, at: Timestamp) -> Outcome {
        let Some(git) = git else {
            return Outcome::unknown("no git repository that can be read".to_owned());
        };
        let answer = match self {
            Self::Tracked => Ok(tracked(gathered)),
            Self::Ignored(names) => ignored(names, git),
            Self::NeverCommitted(globs) => never_committed(globs, git),
            Self::Newest { globs, within_days } => newest(globs, *within_days, git, at),
        };
        answer.unwrap_or_else(Outcome::unknown)
    }
}

fn tracked(gathered: &Gathered<'_>) -> Outcome {
    if let Some(outcome) = gathered.nothing_selected(Answer::Fail) {
        return outcome;
    }
    let found = gathered.noted.len();
    if found == 0 {
        return Outcome::new(Answer::Pass, format!("{} tracked", files(gathered.selected)), Vec::new());
    }
    let loose = gathered.noted.paths().take(Outcome::KEPT);
    let loose = loose.map(|path| Evidence::of_file(&path, "not tracked by git".to_owned())).collect();
    Outcome::with(Answer::Fail, format!("{} not tracked by git", files(found)), loose, found)
}

fn ignored(names: &[RelPath], git: &dyn GitFacts) -> Result<Outcome, String> {
    let ignored = git.are_ignored(names)?;
    let seen = names
        .iter()
        .zip(ignored)
        .filter(|(_, is_ignored)| !is_ignored)
        .map(|(name, _)| Evidence { message: format!("git would not ignore {name}"), ..Evidence::default() });
    let seen: Vec<Evidence> = seen.collect();
    Ok(match seen.first() {
        None => Outcome::new(Answer::Pass, format!("{} ignored", list(names)), Vec::new()),
        Some(first) => Outcome::new(Answer::Fail, first.message.clone(), seen),
    })
}

fn list(names: &[RelPath]) -> String {
    names.iter().map(RelPath::as_str).collect::<Vec<_>>().join(", ")
}

fn never_committed(globs: &Globs, git: &dyn GitFacts) -> Result<Outcome, String> {
    let committed = git.ever_committed(globs)?;
    let evidence: Vec<Evidence> = committed
        .iter()
        .map(|found| Evidence {
            path: Some(found.path.clone()),
            message: format!("in commit {} of {}", found.commit, day(found.at)),
            fingerprint: key_of(found.commit.as_bytes()).to_string(),
            ..Evidence::default()
        })
        .collect();
    Ok(match evidence.len() {
        0 => Outcome::new(Answer::Pass, "in no commit of any branch or tag".to_owned(), Vec::new()),
        count => Outcome::new(Answer::Fail, format!("{} in the history", files(count)), evidence),
    })
}

fn newest(globs: &Globs, within_days: u32, git: &dyn GitFacts, at: Timestamp) -> Result<Outcome, String> {
    let Some(newest) = git.newest(globs)? else {
        return Ok(Outcome::fails_for_lack_of("no commit changed such a file".to_owned()));
    };
    let age = at.duration_since(newest.at);
    let message = format!("last changed on {} in {}", day(newest.at), newest.commit);
    let evidence = vec![Evidence { path: Some(newest.path), message: message.clone(), ..Evidence::default() }];
    let fresh = age <= SignedDuration::from_hours(i64::from(within_days) * 24);
    Ok(Outcome::new(if fresh { Answer::Pass } else { Answer::Fail }, message, evidence))
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}
