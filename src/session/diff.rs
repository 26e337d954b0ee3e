//! Two states of a tree, each judged as of its own day, and what is different.

use std::sync::Arc;

use crate::engine::progress::Progress;
use crate::readiness::board::Board;
use crate::readiness::difference::{Difference, difference};
use crate::session::past::{Inquiry, Moved};
use crate::session::{Session, behind};

/// Two boards, and what the later one says otherwise.
#[derive(Debug)]
pub struct Compared {
    pub before: Arc<Board>,
    pub after: Arc<Board>,
    pub difference: Difference,
}

impl Inquiry {
    /// Compares two commits.
    ///
    /// # Errors
    /// One line: one of them is no commit, or cannot be judged.
    pub fn compare(&self, from: &str, to: &str, progress: &Progress) -> Result<Compared, String> {
        let mut past = self.at(from, progress)?;
        let before = Arc::new(past.board());
        past.move_to(to, progress)?;
        let after = Arc::new(past.board());
        let mut difference = difference(&before, &after);
        behind::name_files(&mut difference, &before, &after, past.moved(), &past.engine);
        Ok(Compared { before, after, difference })
    }
}

impl Session {
    /// Compares a commit with the files as they are.
    ///
    /// # Errors
    /// One line: it is no commit, or cannot be judged.
    pub fn compare(&self, from: &str, inquiry: &Inquiry, progress: &Progress) -> Result<Compared, String> {
        let mut past = inquiry.at(from, progress)?;
        let before = Arc::new(past.board());
        let mut paths = past.revision.differing(self.head.commit.as_deref())?;
        paths.extend(self.changed.iter().cloned());
        let entries = &past.revision.listing().entries;
        let moved = paths.into_iter().map(|path| {
            let (before, now) = (entries.get(&path).cloned(), self.engine.entry(&path).cloned());
            Moved { path, before, now }
        });
        let moved: Vec<Moved> = moved.collect();
        let after = Arc::clone(&self.board);
        let mut difference = difference(&before, &after);
        behind::name_files(&mut difference, &before, &after, &moved, &self.engine);
        Ok(Compared { before, after, difference })
    }
}
