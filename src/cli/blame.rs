//! `blame`: which commit turned an item to what it is.

use std::io::{self, Write};

use crate::cli::arguments::Global;
use crate::cli::check::open;
use crate::cli::commits::{Blame, Shape};
use crate::cli::looked::inquiry;
use crate::cli::output::Output;
use crate::cli::patience::with_progress;
use crate::cli::{ExitCode, OK, Refusal};
use crate::engine::progress::Reached;
use crate::report;
use crate::session::Settings;
use crate::session::past::Clock;

pub(super) fn run(blame: &Blame, global: &Global, output: &Output) -> Result<ExitCode, Refusal> {
    let settings = Settings { only: vec![blame.id.clone()], ..global.settings(blame.path.clone()) };
    let found = match &blame.rev {
        Some(spec) => {
            let inquiry = inquiry(&settings, false, Clock::Own)?;
            with_progress(global.quiet, Reached::in_commits, |progress| inquiry.blame(spec, progress))?
        }
        None => {
            let session = open(&settings, global.quiet)?;
            with_progress(global.quiet, Reached::in_commits, |progress| session.blame(progress))?
        }
    };
    let mut bytes = Vec::new();
    match blame.format {
        Shape::Human => report::blame::human(&found, &output.options(0), &mut bytes)?,
        Shape::Json => report::blame::json(&found, &mut bytes)?,
    }
    io::stdout().lock().write_all(&bytes)?;
    Ok(OK)
}
