//! Many events, few messages: the first change after quiet goes out almost at once, only bursts are gathered.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::tree::path::RelPath;
use crate::tree::watch::{Change, WatchState};

/// An editor that saves does several things to a file; after this long without another it is done.
const QUIET: Duration = Duration::from_millis(5);
/// How long the first change after quiet waits for that.
const PATIENCE: Duration = Duration::from_millis(30);
/// How often a burst that does not end is told of.
const BURST: Duration = Duration::from_millis(100);
/// Beyond this many names a whole listing is cheaper.
const NAMES: usize = 4096;
/// How often a tree is listed again that tells nothing by itself.
pub(crate) const POLL: Duration = Duration::from_secs(2);

/// What the watcher's threads tell the one that gathers.
#[derive(Debug)]
pub(crate) enum Signal {
    Path(RelPath),
    Git,
    /// Events were lost, or may have been.
    Lost,
    /// Every directory that was asked for is watched.
    Ready,
    /// Events cannot be relied on, and why.
    Blind(String),
    Pause(bool),
    Stop,
}

/// Gathers signals until [`Signal::Stop`], or until `deliver` answers that nobody listens.
/// At rest this waits without a timer, except while it must `poll`.
pub(crate) fn run(signals: &Receiver<Signal>, poll: Duration, deliver: &mut dyn FnMut(Change) -> bool) {
    let mut gatherer = Gatherer::default();
    let mut last = None;
    loop {
        let signal = match gatherer.blind {
            Some(_) if !gatherer.paused => signals.recv_timeout(poll),
            _ => signals.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        let first = match signal {
            Ok(signal) => signal,
            Err(RecvTimeoutError::Timeout) => Signal::Lost,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let began = Instant::now();
        let after_quiet = last.is_none_or(|last| began.duration_since(last) > BURST);
        let until = began + if after_quiet { PATIENCE } else { BURST };
        let mut listening = gatherer.take(first);
        while listening && gatherer.has_changes() {
            let left = until.saturating_duration_since(Instant::now());
            match signals.recv_timeout(left.min(QUIET)) {
                Ok(signal) if left > Duration::ZERO => listening = gatherer.take(signal),
                Ok(signal) => {
                    listening = gatherer.take(signal);
                    break;
                }
                Err(_) => break,
            }
        }
        last = Some(Instant::now());
        if !listening || !gatherer.changes().into_iter().all(&mut *deliver) {
            return;
        }
    }
}

#[derive(Debug, Default)]
struct Gatherer {
    paths: BTreeSet<RelPath>,
    git: bool,
    lost: bool,
    states: Vec<WatchState>,
    paused: bool,
    blind: Option<String>,
}

impl Gatherer {
    /// False when it is time to stop.
    fn take(&mut self, signal: Signal) -> bool {
        match signal {
            Signal::Stop => return false,
            Signal::Pause(paused) if paused != self.paused => {
                self.paused = paused;
                self.states.push(self.state());
                // What happened during the pause was not written down.
                self.lost = true;
            }
            Signal::Pause(_) => {}
            Signal::Ready => {
                self.states.push(self.state());
                // Between the listing and the watch anything may have happened.
                self.lost = true;
            }
            Signal::Blind(why) => {
                if self.blind.is_none() {
                    self.blind = Some(why);
                    self.states.push(self.state());
                }
            }
            _ if self.paused => {}
            Signal::Path(path) => {
                self.paths.insert(path);
                self.lost |= self.paths.len() > NAMES;
            }
            Signal::Git => self.git = true,
            Signal::Lost => self.lost = true,
        }
        true
    }

    fn state(&self) -> WatchState {
        match &self.blind {
            _ if self.paused => WatchState::Paused,
            Some(why) => WatchState::Polling { seconds: POLL.as_secs(), why: why.clone() },
            None => WatchState::Live,
        }
    }

    fn has_changes(&self) -> bool {
        self.git || self.lost || !self.paths.is_empty() || !self.states.is_empty()
    }

    /// What to tell now. Git's word first: it changes how the paths are looked at.
    fn changes(&mut self) -> Vec<Change> {
        let mut out: Vec<Change> = self.states.drain(..).map(Change::State).collect();
        let paths = std::mem::take(&mut self.paths);
        let git = std::mem::take(&mut self.git);
        if git && !self.paused {
            out.push(Change::Git);
        }
        if std::mem::take(&mut self.lost) {
            out.extend((!self.paused).then_some(Change::Rescan));
        } else if !paths.is_empty() && !self.paused {
            out.push(Change::Paths(paths));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    /// Everything that comes out when all of `signals` are there before anybody listens.
    fn told(signals: Vec<Signal>) -> Vec<Change> {
        let (sender, receiver) = channel();
        signals.into_iter().for_each(|signal| sender.send(signal).unwrap());
        drop(sender);
        let mut out = Vec::new();
        run(&receiver, POLL, &mut |change| {
            out.push(change);
            true
        });
        out
    }

    fn paths(names: &[&str]) -> Change {
        Change::Paths(names.iter().map(|name| RelPath::new(name)).collect())
    }

    #[test]
    fn a_burst_is_one_message_with_each_name_once() {
        let signals = ["b", "a", "b"].map(|name| Signal::Path(name.into())).into();
        assert_eq!(told(signals), [paths(&["a", "b"])]);
    }

    #[test]
    fn gits_word_comes_before_the_paths() {
        assert_eq!(told(vec![Signal::Path("a".into()), Signal::Git]), [Change::Git, paths(&["a"])]);
    }

    #[test]
    fn lost_events_and_too_many_names_mean_a_rescan() {
        assert_eq!(told(vec![Signal::Path("a".into()), Signal::Lost]), [Change::Rescan]);
        let mut gatherer = Gatherer::default();
        assert!((0..=NAMES).all(|n| gatherer.take(Signal::Path(RelPath::new(&n.to_string())))));
        assert_eq!(gatherer.changes(), [Change::Rescan]);
    }

    #[test]
    fn a_pause_is_silent_and_its_end_looks_at_everything_again() {
        let signals = vec![Signal::Pause(true), Signal::Path("a".into()), Signal::Git, Signal::Pause(false)];
        let expected = [Change::State(WatchState::Paused), Change::State(WatchState::Live), Change::Rescan];
        assert_eq!(told(signals), expected);
    }

    #[test]
    fn blindness_is_said_once() {
        let signals = vec![Signal::Blind("limit".into()), Signal::Blind("limit".into())];
        assert_eq!(
            told(signals),
            [Change::State(WatchState::Polling { seconds: POLL.as_secs(), why: "limit".into() })]
        );
    }

    #[test]
    fn a_tree_that_tells_nothing_is_asked_again_and_again_but_not_in_a_pause() {
        let (sender, receiver) = channel();
        sender.send(Signal::Blind("silent".into())).unwrap();
        let mut rescans = 0;
        run(&receiver, Duration::from_millis(1), &mut |change| {
            rescans += usize::from(change == Change::Rescan);
            if rescans == 3 {
                sender.send(Signal::Pause(true)).unwrap();
                sender.send(Signal::Stop).unwrap();
            }
            true
        });
        assert_eq!(rescans, 3);
    }

    #[test]
    fn it_ends_when_nobody_listens() {
        let (sender, receiver) = channel();
        sender.send(Signal::Git).unwrap();
        run(&receiver, POLL, &mut |_| false);
        assert!(sender.send(Signal::Git).is_ok(), "the sender was still there: it ended by itself");
    }
}
