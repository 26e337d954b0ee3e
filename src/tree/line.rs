//! The commits of a branch, one after the other: each the first parent of the one before.

use git2::Oid;
use jiff::Timestamp;

use crate::tree::history::missing;
use crate::tree::repository::{Repository, one_line};
use crate::tree::revision::find;

/// One commit, and what its author says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// In full.
    pub id: String,
    /// When it was committed.
    pub at: Timestamp,
    /// `Name <email>`, as the commit spells it.
    pub author: String,
    /// The first line of its message.
    pub subject: String,
    /// In full, the first one first.
    pub parents: Vec<String>,
}

/// Some of the commits of a branch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The newest first.
    pub commits: Vec<Commit>,
    /// Why there are no older ones, where the history goes on and is not here.
    pub ends: Option<String>,
}

/// Where a line is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Until {
    /// At the first commit.
    Root,
    /// Before the first commit that is older.
    Day(Timestamp),
    /// With this commit, or with the first one that it has behind it.
    Commit(String),
}

impl Repository {
    /// The commits from `spec` on back along first parents, while they are `wanted`.
    ///
    /// # Errors
    /// One line: there is no such commit, or one cannot be read.
    pub fn line(&self, spec: &str, until: &Until, wanted: &mut dyn FnMut(&Commit) -> bool) -> Result<Line, String> {
        let repository = self.open()?;
        let last = match until {
            Until::Commit(spec) => Some(find(&repository, spec)?.id()),
            _ => None,
        };
        let mut next = Some(find(&repository, spec)?.id());
        let mut line = Line::default();
        while let Some(id) = next {
            let found = match repository.find_commit(id) {
                Ok(found) => found,
                Err(error) if line.commits.is_empty() => return Err(missing(&error)),
                Err(error) => {
                    line.ends = Some(missing(&error));
                    break;
                }
            };
            let commit = read(&found);
            if matches!(until, Until::Day(day) if commit.at < *day) || !wanted(&commit) {
                break;
            }
            line.commits.push(commit);
            let is_behind = |last: Oid| last == id || repository.graph_descendant_of(last, id).unwrap_or(false);
            if last.is_some_and(is_behind) {
                break;
            }
            next = found.parent_ids().next();
            if next.is_none() && repository.is_shallow() {
                line.ends =
                    Some("shallow clone: older commits are not here (git fetch --unshallow brings them)".into());
            }
        }
        Ok(line)
    }

    /// One commit by its name.
    ///
    /// # Errors
    /// One line, where there is no such commit.
    pub fn commit(&self, spec: &str) -> Result<Commit, String> {
        Ok(read(&find(&self.open()?, spec)?))
    }

    /// The branch that others are merged into, as far as this clone knows: where the remote's HEAD leads, else `main`,
    /// `master` or `trunk`.
    #[must_use]
    pub fn default_branch(&self) -> Option<String> {
        let repository = self.open().ok()?;
        let remote = repository.find_reference("refs/remotes/origin/HEAD").ok();
        let remote = remote.and_then(|head| head.symbolic_target().ok().flatten().map(str::to_owned));
        let remote = remote.and_then(|name| name.strip_prefix("refs/remotes/").map(str::to_owned));
        let names = ["main", "master", "trunk"].into_iter().map(str::to_owned);
        remote.into_iter().chain(names).find(|name| find(&repository, name).is_ok())
    }

    /// The newest commit that both have behind them or are, in full.
    ///
    /// # Errors
    /// One line: there is no such commit, or they have none in common.
    pub fn merge_base(&self, one: &str, other: &str) -> Result<String, String> {
        let repository = self.open()?;
        let (first, second) = (find(&repository, one)?.id(), find(&repository, other)?.id());
        let base = repository.merge_base(first, second);
        base.map(|id| id.to_string()).map_err(|error| format!("{one} and {other}: {}", one_line(&error)))
    }
}

fn read(commit: &git2::Commit<'_>) -> Commit {
    let author = commit.author();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let message = text(commit.message_bytes());
    Commit {
        id: commit.id().to_string(),
        at: date(commit),
        author: format!("{} <{}>", text(author.name_bytes()), text(author.email_bytes())),
        subject: message.trim_start().lines().next().unwrap_or_default().trim_end().to_owned(),
        parents: commit.parent_ids().map(|id| id.to_string()).collect(),
    }
}

/// A date that no calendar has becomes the nearest one.
pub(super) fn date(commit: &git2::Commit<'_>) -> Timestamp {
    let seconds = commit.time().seconds();
    let end = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(seconds).unwrap_or(end)
}
