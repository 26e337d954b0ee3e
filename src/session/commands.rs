//! Which command runs now: approved, wanted, and not run on the files as they are; one at a time.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::engine::commands::{Asked, Covered, News};
use crate::ledger::trust::Approval;
use crate::probe::command::Ran;
use crate::probe::key::Key;
use crate::session::message::Flip;
use crate::session::{Session, Update};
use crate::tree::process::{self, Ended, How};

const UNTRUSTED: &str = "not trusted: gonogo trust shows and approves it";
/// A command that keeps changing what it covers would run for ever.
const TRIES: u32 = 3;

/// A command to run now.
#[derive(Clone, Debug)]
pub struct Job {
    pub key: Key,
    run: Vec<String>,
    root: PathBuf,
    timeout: Duration,
    on: Covered,
}

/// What is to be done about commands.
#[derive(Debug, Default)]
pub struct Turn {
    pub next: Option<Job>,
    /// Whether the one that runs is still asked for.
    pub keeps: bool,
    /// What flipped, where the board is another now.
    pub flips: Option<Vec<Flip>>,
}

impl Job {
    /// Runs it to its end.
    #[must_use]
    pub fn run(&self, stop: &AtomicBool) -> Ended {
        process::run(&self.run, &self.root, self.timeout, stop)
    }

    /// As somebody would type it.
    #[must_use]
    pub fn name(&self) -> String {
        self.run.join(" ")
    }
}

impl Session {
    /// Says of each command how it stands, and which one runs next. `running` is the key of the one that runs now.
    pub fn turn(&mut self, running: Option<Key>) -> Turn {
        self.turn_of(None, running)
    }

    /// The same for the commands of one item, if one is named.
    fn turn_of(&mut self, item: Option<&str>, running: Option<Key>) -> Turn {
        let began = Instant::now();
        let mut asked = self.engine.commands();
        asked.retain(|command| item.is_none_or(|item| command.items.iter().any(|id| id == item)));
        let mut turn = Turn::default();
        if asked.is_empty() {
            return turn;
        }
        let approvals = self.trust.approvals();
        let mut news = Vec::new();
        for command in asked {
            let allowed = approvals.as_ref().map_err(Clone::clone).and_then(|all| self.allows(all, &command));
            let Asked { key, items: _, run, timeout, covers, is_due } = command;
            match allowed {
                Err(why) => news.push(News { key, ran: Ran::Not(why), on: None }),
                Ok(()) if running == Some(key) => turn.keeps = true,
                Ok(()) if !is_due => {}
                Ok(()) if running.is_none() && turn.next.is_none() => {
                    news.push(News { key, ran: Ran::Running, on: None });
                    let root = self.tree.root().to_path_buf();
                    turn.next = Some(Job { key, run, root, timeout, on: covers });
                }
                Ok(()) => news.push(News { key, ran: Ran::Not("waits for its turn to run".to_owned()), on: None }),
            }
        }
        if !self.engine.take_news(news, self.now()).is_empty() {
            turn.flips = Some(self.redraw(&BTreeSet::new(), began));
        }
        turn
    }

    /// The exact words and time, of the exact checklists.
    fn allows(&self, approvals: &[Approval], command: &Asked) -> Result<(), String> {
        let is_it = |approval: &Approval| {
            approval.run == command.run
                && approval.timeout_seconds == command.timeout.as_secs()
                && !approval.digest.is_empty()
                && approval.digest == self.checklist.digest
        };
        approvals.iter().any(is_it).then_some(()).ok_or_else(|| UNTRUSTED.to_owned())
    }

    /// Takes in how a command ended. Where the files that it covers changed meanwhile, it runs again.
    pub fn command_ended(&mut self, job: Job, ended: &Ended) -> Update {
        let began = Instant::now();
        let now = self.engine.commands().into_iter().find(|asked| asked.key == job.key);
        let Some(now) = now else { return Update::default() };
        let news = if ended.how == How::Stopped {
            News { key: job.key, ran: Ran::Not("was stopped before it ended".to_owned()), on: None }
        } else if *now.covers == *job.on {
            self.tries.remove(&job.key);
            News { key: job.key, ran: Ran::of(ended), on: Some(job.on) }
        } else {
            let tries = self.tries.entry(job.key).or_default();
            *tries += 1;
            let why = "the files that it covers changed while it ran";
            if *tries < TRIES {
                News { key: job.key, ran: Ran::Not(why.to_owned()), on: None }
            } else {
                *tries = 0;
                let why = format!("{why}, {TRIES} times");
                News { key: job.key, ran: Ran::Not(why), on: Some(now.covers) }
            }
        };
        self.engine.take_news(vec![news], self.now());
        Update { flips: self.redraw(&BTreeSet::new(), began), ..Update::default() }
    }

    /// Runs all commands that are due, or those of one item, one after the other, until `stop` is set. `tell` hears
    /// which.
    pub fn run_commands(&mut self, item: Option<&str>, stop: &AtomicBool, tell: &mut dyn FnMut(&str)) {
        let (began, before) = (Instant::now(), self.board.stats.elapsed_ms);
        while let Some(job) = self.turn_of(item, None).next {
            tell(&job.name());
            let ended = job.run(stop);
            self.command_ended(job, &ended);
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
        self.rebuild(before + began.elapsed().as_millis() as u64);
    }

    /// Somebody wants every command to run again.
    pub fn run_again(&mut self) {
        self.engine.forget_commands();
    }
}
