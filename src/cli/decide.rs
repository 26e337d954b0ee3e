//! What a person says of an item, from the command line: the same rules as in the dashboard.

use std::path::PathBuf;

use crate::cli::arguments::Global;
use crate::cli::check::{answered, open};
use crate::cli::output::Output;
use crate::cli::{ExitCode, OK, Refusal};
use crate::session::Session;
use crate::session::message::Intent;

/// An intent and the tree that it is about.
#[derive(Debug)]
pub struct Said {
    pub intent: Intent,
    pub path: PathBuf,
}

pub(super) fn run(said: Said, global: &Global, output: &Output) -> Result<ExitCode, Refusal> {
    let settings = global.settings(said.path);
    let mut session = match &said.intent {
        Intent::Note { .. } | Intent::Assign { .. } | Intent::Retract { .. } => open(&settings, global.quiet)?,
        // What a program says of an item decides what a person can.
        intent => answered(&settings, global.quiet, Some(intent.item()))?,
    };
    let intent = whole_fingerprints(said.intent, &session)?;
    let (done, _) = session.decide(&intent)?;
    let id = intent.item();
    match session.board().rows.iter().find(|row| row.item.id == id) {
        Some(row) => output.say(&format!("{done}: now {}", row.status.word())),
        None => output.say(&done),
    }
    Ok(OK)
}

/// A fingerprint may be given by its beginning, if only one begins so.
fn whole_fingerprints(intent: Intent, session: &Session) -> Result<Intent, Refusal> {
    let Intent::Dismiss { item, fingerprints, reason } = intent else { return Ok(intent) };
    let row = session.board().rows.iter().find(|row| row.item.id == item);
    let known: Vec<&str> =
        row.iter().flat_map(|row| &row.outcome.evidence).map(|evidence| evidence.fingerprint.as_str()).collect();
    let whole = |given: &String| {
        if given.is_empty() {
            return Err(Refusal("which evidence? write the beginning of a fingerprint".to_owned()));
        }
        let matches: Vec<&&str> = known.iter().filter(|known| known.starts_with(given.as_str())).collect();
        match matches.as_slice() {
            [only] => Ok((**only).to_owned()),
            [] => Ok(given.clone()),
            _ => Err(Refusal(format!("{} fingerprints begin with {given}: write more of it", matches.len()))),
        }
    };
    let fingerprints = fingerprints.iter().map(whole).collect::<Result<_, _>>()?;
    Ok(Intent::Dismiss { item, fingerprints, reason })
}
