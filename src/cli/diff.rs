//! `diff`: what is different between two commits, or a commit and the files as they are.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::checklist::model::Problem;
use crate::cli::arguments::Global;
use crate::cli::check::{answered, exit_code, tier};
use crate::cli::commits::{Diff, Shape};
use crate::cli::looked::inquiry;
use crate::cli::output::Output;
use crate::cli::patience::with_progress;
use crate::cli::{ERROR, ExitCode, NO_GO, OK, Refusal};
use crate::engine::progress::Reached;
use crate::readiness::difference::Direction;
use crate::report::{self, diff::Comparison};
use crate::session::Settings;
use crate::session::diff::Compared;
use crate::session::past::{Clock, Inquiry};
use crate::tree::working::WorkingTree;

/// What is compared, and where.
struct Sides {
    from: String,
    /// `None` for the files as they are.
    to: Option<String>,
    path: PathBuf,
}

pub(super) fn run(diff: &Diff, global: &Global, output: &Output) -> Result<ExitCode, Refusal> {
    let Sides { from, to, path } = sides(diff)?;
    let settings = Settings { only: diff.only.clone(), ..global.settings(path) };
    let inquiry = inquiry(&settings, diff.own_checklist, global.at.map_or(Clock::Own, Clock::At))?;
    // A name that stands for nothing is told before the tree is read.
    inquiry.repository()?.commit(&from)?;
    let (compared, problems) = compare(&from, to.as_deref(), &inquiry, &settings, global.quiet)?;
    let Compared { before, after, difference } = &compared;
    let number = tier(after, diff.tier.as_deref())?;
    let comparison = Comparison { from: &from, to: to.as_deref(), before, after, difference };
    let mut bytes = Vec::new();
    match diff.format {
        Shape::Human => report::diff::human(&comparison, &output.options(number), &mut bytes)?,
        Shape::Json => report::diff::json(&comparison, &mut bytes)?,
    }
    io::stdout().lock().write_all(&bytes)?;
    problems.iter().for_each(|problem| output.complain(&problem.to_string()));
    Ok(match exit_code(after, number) {
        _ if !problems.is_empty() => ERROR,
        _ if diff.if_worse && difference.count(Direction::Worse) > 0 => NO_GO,
        _ if diff.if_worse || diff.exit_zero => OK,
        code => code,
    })
}

fn compare(
    from: &str,
    to: Option<&str>,
    inquiry: &Inquiry,
    settings: &Settings,
    quiet: bool,
) -> Result<(Compared, Vec<Problem>), Refusal> {
    match to {
        Some(to) => {
            let compared = with_progress(quiet, Reached::in_files, |progress| inquiry.compare(from, to, progress))?;
            Ok((compared, inquiry.problems().to_vec()))
        }
        None => {
            let session = answered(settings, quiet, None)?;
            let compared =
                with_progress(quiet, Reached::in_files, |progress| session.compare(from, inquiry, progress))?;
            Ok((compared, session.checklist_problems().to_vec()))
        }
    }
}

fn sides(diff: &Diff) -> Result<Sides, Refusal> {
    let Diff { from, to, path, .. } = diff;
    let head = |name: &str| if name.is_empty() { "HEAD".to_owned() } else { name.to_owned() };
    if let Some((from, later)) = from.split_once("..") {
        // The second argument is then where to look.
        let path = to.as_ref().map_or_else(|| path.clone(), PathBuf::from);
        let (from, later, symmetric) = match later.strip_prefix('.') {
            Some(later) => (head(from), head(later), true),
            None => (head(from), head(later), false),
        };
        let from = if symmetric { base(&path, &from, &later)? } else { from };
        return Ok(Sides { from, to: Some(later), path });
    }
    match to {
        Some(to) if Path::new(to).is_dir() && path == Path::new(".") && !is_commit(to) => {
            Ok(Sides { from: from.clone(), to: None, path: to.into() })
        }
        to => Ok(Sides { from: from.clone(), to: to.clone(), path: path.clone() }),
    }
}

/// As `git diff A...B`: what B did since both were one.
fn base(path: &Path, one: &str, other: &str) -> Result<String, Refusal> {
    let (tree, warnings) = WorkingTree::open(path).map_err(|error| Refusal(error.to_string()))?;
    let nothing = || Refusal(warnings.first().cloned().unwrap_or_else(|| "there is no git repository here".to_owned()));
    Ok(tree.repository().ok_or_else(nothing)?.merge_base(one, other)?)
}

/// Whether this name of a folder is one of a commit, too.
fn is_commit(name: &str) -> bool {
    let here = WorkingTree::open(Path::new("."));
    here.is_ok_and(|(tree, _)| tree.repository().is_some_and(|repository| repository.commit(name).is_ok()))
}
