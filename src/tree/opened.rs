//! Repositories of the library that somebody opened and nobody uses now. To open one reads every configuration file and
//! costs more than most questions.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::tree::repository::Repository;

/// More than ask at once as a rule.
const MOST: usize = 4;

#[derive(Default)]
pub(super) struct Opened(Mutex<Idle>);

#[derive(Default)]
struct Idle {
    repositories: Vec<git2::Repository>,
    /// How often all were let go of: what was lent before must not come back.
    age: u64,
}

impl Opened {
    pub(super) fn with(repository: Option<git2::Repository>) -> Self {
        Self(Mutex::new(Idle { repositories: repository.into_iter().collect(), age: 0 }))
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Repository {
    /// Asks one that is open. It notices new commits, refs and lines of its configuration by itself.
    pub(super) fn ask<T>(&self, question: impl FnOnce(&git2::Repository) -> Result<T, String>) -> Result<T, String> {
        let (idle, age) = {
            let mut idle = self.opened.idle();
            (idle.repositories.pop(), idle.age)
        };
        let repository = match idle {
            Some(repository) => repository,
            None => self.open()?,
        };
        let answer = question(&repository);
        let mut idle = self.opened.idle();
        if idle.age == age && idle.repositories.len() < MOST {
            idle.repositories.push(repository);
        }
        answer
    }

    /// Lets go of all of them: it may have been made anew, with other files for its configuration.
    pub(super) fn reopen(&self) {
        let mut idle = self.opened.idle();
        idle.age += 1;
        idle.repositories.clear();
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opened")
    }
}
