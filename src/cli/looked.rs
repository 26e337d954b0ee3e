//! What a report is about: the files as they are, or a commit.

use std::io::{self, Write};
use std::sync::Arc;

use jiff::Timestamp;

use crate::checklist::model::Problem;
use crate::cli::Refusal;
use crate::cli::patience::with_progress;
use crate::engine::progress::{Progress, Reached};
use crate::readiness::board::Board;
use crate::report::earlier::Earlier;
use crate::report::format::{Format, Options};
use crate::session::past::{Clock, Inquiry, Past, Ruler};
use crate::session::{Prepared, Session, Settings};

#[derive(Debug)]
pub(super) enum Looked {
    Tree(Box<Session>),
    Commit { past: Box<Past>, board: Arc<Board>, inquiry: Inquiry },
}

impl Looked {
    /// A commit, judged as a checkout of it would be judged now.
    pub(super) fn at(spec: &str, own_checklist: bool, settings: &Settings, quiet: bool) -> Result<Self, Refusal> {
        let clock = Clock::At(settings.at.unwrap_or_else(Timestamp::now));
        let inquiry = inquiry(settings, own_checklist, clock)?;
        let mut past = with_progress(quiet, Reached::in_files, |progress| inquiry.at(spec, progress))?;
        let board = Arc::new(past.board());
        Ok(Self::Commit { past: Box::new(past), board, inquiry })
    }

    pub(super) fn board(&self) -> &Arc<Board> {
        match self {
            Self::Tree(session) => session.board(),
            Self::Commit { board, .. } => board,
        }
    }

    /// Keeps what is known of the tree for the next start.
    pub(super) fn keep_facts(&mut self) {
        if let Self::Tree(session) = self {
            session.keep_facts();
        }
    }

    /// The process ends soon, and takes back at once what it would take long to let go of piece by piece.
    pub(super) fn leave_to_the_system(self) {
        std::mem::forget(self);
    }

    pub(super) fn checklist_problems(&self) -> &[Problem] {
        match self {
            Self::Tree(session) => session.checklist_problems(),
            Self::Commit { past, .. } => past.checklist_problems(),
        }
    }

    /// The same questions to another commit, as of its own day.
    pub(super) fn board_at(&self, spec: &str) -> Result<Board, String> {
        let inquiry = match self {
            Self::Tree(session) => session.inquiry(),
            Self::Commit { inquiry, .. } => inquiry.clone(),
        };
        Ok(inquiry.as_of(Clock::Own).at(spec, &Progress::default())?.board())
    }

    pub(super) fn print(
        &mut self,
        format: &Format,
        options: &Options,
        earlier: Option<Earlier>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self {
            Self::Tree(session) => session.print(format, options, earlier, out),
            Self::Commit { past, board, .. } => past.print(board, format, options, earlier, out),
        }
    }
}

/// What commits are asked.
pub(super) fn inquiry(settings: &Settings, own_checklist: bool, clock: Clock) -> Result<Inquiry, Refusal> {
    if own_checklist && settings.checklist.is_some() {
        let why = "--own-checklist asks what each commit holds: leave --checklist out";
        return Err(Refusal(why.to_owned()));
    }
    let ruler = if own_checklist { Ruler::Own } else { Ruler::Today };
    Ok(Inquiry::new(&Prepared::new(settings.clone())?, ruler, clock)?)
}
