//! Arguments become settings, commands become calls, results become an exit code. One file per command.

mod arguments;
mod blame;
mod check;
mod commits;
mod config;
mod dashboard;
mod decide;
mod diff;
mod explain;
mod history;
mod interrupt;
mod lint;
mod looked;
mod output;
mod patience;
mod prove;
mod trust;

use std::path::Path;

use clap::{CommandFactory, Parser};

pub use crate::cli::arguments::{Arguments, Command};
use crate::cli::output::Output;
use crate::text::suggest::did_you_mean;

/// What a command ends with when nothing broke: the exit code of the process.
pub type ExitCode = u8;

/// 0 GO or done.
pub const OK: ExitCode = 0;
pub const NO_GO: ExitCode = 1;
/// Wrong usage, a wrong checklist, or something that could not be done.
pub const ERROR: ExitCode = 2;
pub const INCOMPLETE: ExitCode = 3;
pub const CONDITIONAL: ExitCode = 4;

/// A message for the person who typed the command. Printed in one place.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

impl From<String> for Refusal {
    fn from(message: String) -> Self {
        Self(message)
    }
}

impl From<crate::session::SessionError> for Refusal {
    fn from(error: crate::session::SessionError) -> Self {
        Self(error.to_string())
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self(format!("cannot write: {error}"))
    }
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    crate::tree::repository::read_as_git_does();
    let output = Output::new(&arguments.global);
    match run(arguments, &output) {
        Ok(code) => code,
        // A reader that had enough (`| head`) is no error of ours.
        Err(Refusal(message)) if message.contains("Broken pipe") => OK,
        Err(Refusal(message)) => {
            output.complain(&message);
            ERROR
        }
    }
}

/// A lone word that names no folder may have been meant as a command.
fn not_a_command(refusal: Refusal, path: &Path) -> Refusal {
    let command = Arguments::command();
    let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    match path.to_str() {
        Some(word) if !path.exists() => Refusal(format!("{}{}", refusal.0, did_you_mean(word, names))),
        _ => refusal,
    }
}

fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, Refusal> {
    let Arguments { command, path, global } = arguments;
    match command {
        None => dashboard::run(path.clone(), &global).map_err(|refusal| not_a_command(refusal, &path)),
        Some(Command::Check(check)) => check::check(&check, &global, output),
        Some(Command::Export(export)) => check::export(&export, &global, output),
        Some(Command::Diff(diff)) => diff::run(&diff, &global, output),
        Some(Command::Blame(blame)) => blame::run(&blame, &global, output),
        Some(Command::History(history)) => history::run(&history, &global, output),
        Some(Command::Explain { id, path }) => explain::run(&id, path, &global, output),
        Some(Command::Attest(attest)) => decide::run(attest.into_parts(), &global, output),
        Some(Command::Note(note)) => decide::run(note.into_parts(), &global, output),
        Some(Command::Waive(waive)) => decide::run(waive.into_parts(global.at), &global, output),
        Some(Command::Dismiss(dismiss)) => decide::run(dismiss.into_parts(), &global, output),
        Some(Command::NotApplicable(reason)) => decide::run(reason.into_parts(), &global, output),
        Some(Command::Assign(assign)) => decide::run(assign.into_parts(global.at), &global, output),
        Some(Command::Done(done)) => decide::run(done.into_parts(), &global, output),
        Some(Command::Retract(retract)) => decide::run(retract.into_parts(), &global, output),
        Some(Command::Lint { file }) => lint::run(file.as_deref(), &global, output),
        Some(Command::Test { file, mutate }) => prove::run(file.as_deref(), mutate, &global, output),
        Some(Command::Trust(trusting)) => trust::run(&trusting, &global, output),
        Some(Command::Schema) => {
            output.print(&(format!("{:#}", crate::checklist::schema::schema()) + "\n"))?;
            Ok(OK)
        }
        Some(Command::Init { path }) => {
            let root = path.unwrap_or_else(|| ".".into());
            let said = crate::session::run::init(&root)?;
            output.say(&said);
            Ok(OK)
        }
    }
}
