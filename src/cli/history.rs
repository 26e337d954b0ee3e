//! `history`: what the commits of a branch say.

use std::io::{self, Write};

use jiff::Timestamp;

use crate::cli::arguments::Global;
use crate::cli::commits::{History, Shape};
use crate::cli::looked::inquiry;
use crate::cli::output::Output;
use crate::cli::patience::with_progress;
use crate::cli::{ExitCode, OK, Refusal};
use crate::engine::progress::Reached;
use crate::report;
use crate::session::Settings;
use crate::session::past::Clock;

pub(super) fn run(history: &History, global: &Global, output: &Output) -> Result<ExitCode, Refusal> {
    let settings = Settings { only: history.only.clone(), ..global.settings(history.path.clone()) };
    let clock = global.at.map_or(Clock::Own, Clock::At);
    let inquiry = inquiry(&settings, history.own_checklist, clock)?;
    let plan = history.plan(global.at.unwrap_or_else(Timestamp::now));
    let found = with_progress(global.quiet, Reached::in_commits, |progress| inquiry.history(&plan, progress))?;
    let mut bytes = Vec::new();
    match history.format {
        Shape::Human => report::history::human(&found, &output.options(0), &mut bytes)?,
        Shape::Json => report::history::json(&found, &mut bytes)?,
    }
    io::stdout().lock().write_all(&bytes)?;
    inquiry.problems().iter().for_each(|problem| output.complain(&problem.to_string()));
    Ok(OK)
}
