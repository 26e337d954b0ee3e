//! `command`: a program that a person approved ends with the status that is asked for.

use std::time::Duration;

use crate::checklist::model::CommandProbe;
use crate::probe::outcome::{Answer, Evidence, Outcome};
use crate::text::redact::redact_below;
use crate::text::visible::{clip, visible};
use crate::tree::process::{Ended, How};

/// How many lines of what it printed are shown.
const LINES: usize = 20;
const LONGEST: usize = 300;

/// A command ready to run. Nothing here runs it.
#[derive(Debug)]
pub struct Command {
    pub run: Vec<String>,
    pub timeout: Duration,
    exit: u32,
}

/// What is known of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ran {
    /// Not now, and why.
    Not(String),
    Running,
    /// How it ended, and its last lines.
    Ended(How, Vec<String>),
}

impl Ran {
    /// Secrets are covered here, before anybody keeps what was printed.
    #[must_use]
    pub fn of(ended: &Ended) -> Self {
        let text = String::from_utf8_lossy(&ended.output);
        let mut lines: Vec<&str> = text.lines().map(|line| line.rsplit('\r').next().unwrap_or(line)).collect();
        // The first line of what is left may have lost its beginning, and with it the name of a secret.
        if ended.cut && !lines.is_empty() {
            lines.remove(0);
        }
        let worth: Vec<usize> = (0..lines.len()).filter(|at| !lines[*at].trim().is_empty()).collect();
        let last = worth.iter().skip(worth.len().saturating_sub(LINES)).map(|at| {
            let line = redact_below(lines[..*at].iter().rev().copied(), lines[*at], 0..0);
            clip(&visible(line.trim_end()), LONGEST).into_owned()
        });
        Self::Ended(ended.how.clone(), last.collect())
    }
}

impl Command {
    #[must_use]
    pub fn new(probe: &CommandProbe) -> Self {
        let timeout = Duration::from_secs(u64::from(probe.timeout_seconds));
        Self { run: probe.run.clone(), timeout, exit: probe.exit }
    }

    #[must_use]
    pub fn reduce(&self, ran: Option<&Ran>) -> Outcome {
        let Some(ran) = ran else {
            return Outcome::unknown("not run: gonogo check and the dashboard run what was approved".to_owned());
        };
        let (how, lines) = match ran {
            Ran::Not(why) => return Outcome::unknown(why.clone()),
            Ran::Running => return Outcome::unknown(format!("running {} …", self.name())),
            Ran::Ended(how, lines) => (how, lines),
        };
        let (answer, reason) = match how {
            How::Status(status) if u32::try_from(*status) == Ok(self.exit) => {
                (Answer::Pass, format!("{} ended with {status}", self.name()))
            }
            How::Status(status) => {
                (Answer::Fail, format!("{} ended with {status}, and {} is asked for", self.name(), self.exit))
            }
            How::Signal(signal) => (Answer::Unknown, format!("{} was ended by signal {signal}", self.name())),
            How::TimedOut => {
                (Answer::Unknown, format!("{} did not end within {}s", self.name(), self.timeout.as_secs()))
            }
            How::Stopped => (Answer::Unknown, format!("{} was stopped", self.name())),
            How::NotStarted(why) => (Answer::Unknown, format!("{} does not start: {why}", self.name())),
        };
        let first = Evidence { message: reason.clone(), ..Evidence::default() };
        let printed = lines.iter().map(|line| Evidence { excerpt: line.clone(), ..Evidence::default() });
        Outcome::new(answer, reason, std::iter::once(first).chain(printed).collect())
    }

    /// As somebody would type it, cut to what a line can hold.
    fn name(&self) -> String {
        clip(&visible(&self.run.join(" ")), 60).into_owned()
    }
}
