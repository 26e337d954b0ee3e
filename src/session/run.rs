//! A session on a thread of its own, for a screen that must never wait.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::checklist::starter;
use crate::engine::progress::Progress;
use crate::probe::key::Key;
use crate::report::format::{self, Options};
use crate::session::commands::Job;
use crate::session::lookback::Looking;
use crate::session::message::{LookBack, Notice, Request};
use crate::session::{Prepared, Session, Settings, Update};
use crate::tree::disk;
use crate::tree::path::RelPath;
use crate::tree::process::Ended;
use crate::tree::watch::{Change, Watcher};

/// How often progress is told while there is any.
const TELL_EVERY: Duration = Duration::from_millis(60);

/// The other end of a running session. It stops when told to, or when this is dropped: what was decided before is
/// written, what is being looked at is left.
#[derive(Debug)]
pub struct Handle {
    inbox: Sender<Inbox>,
    thread: Option<JoinHandle<()>>,
    current: Current,
}

/// The evaluation that is under way, and whether anybody waits for it and those that come.
#[derive(Debug, Default)]
struct Evaluation {
    progress: Arc<Progress>,
    is_over: bool,
}

type Current = Arc<Mutex<Evaluation>>;

/// Told from the session's thread.
type Tell = Arc<dyn Fn(Notice) + Send + Sync>;

enum Inbox {
    Request(Request),
    Change(Change),
    /// A command, and how it ended.
    Ended(Job, Ended),
}

/// The command that runs now. Nobody is left running when this is dropped.
#[derive(Debug)]
struct Running {
    key: Key,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    fn start(job: Job, inbox: Sender<Inbox>) -> Self {
        let (key, stop) = (job.key, Arc::new(AtomicBool::new(false)));
        let told = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let ended = job.run(&told);
            drop(inbox.send(Inbox::Ended(job, ended)));
        });
        Self { key, stop, thread: Some(thread) }
    }

    fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Handle {
    /// Asks for something, and answers whether the session is still there to hear it.
    pub fn send(&self, request: Request) -> bool {
        self.inbox.send(Inbox::Request(request)).is_ok()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.send(Request::Stop);
        self.current.lock().unwrap_or_else(PoisonError::into_inner).end();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Evaluation {
    fn begin(&mut self) -> Arc<Progress> {
        self.progress = Arc::default();
        if self.is_over {
            self.progress.cancel();
        }
        Arc::clone(&self.progress)
    }

    /// What was asked for before is still answered, but nothing more is looked at.
    fn end(&mut self) {
        self.is_over = true;
        self.progress.cancel();
    }
}

/// Starts a session. `tell` is called from its thread.
#[must_use]
pub fn start(prepared: Prepared, tell: impl Fn(Notice) + Send + Sync + 'static) -> Handle {
    let (inbox, letters) = channel();
    let changes = inbox.clone();
    let current = Current::default();
    let evaluation = Arc::clone(&current);
    let settings = prepared.settings.clone();
    let thread = thread::spawn(move || {
        let tell: Tell = Arc::new(tell);
        match with_progress(&tell, &evaluation, |progress| Session::start(prepared, progress)) {
            Ok(session) => Worker::new(session, settings, tell, evaluation, changes).run(&letters),
            Err(error) => tell(Notice::Failed(error.to_string())),
        }
    });
    Handle { inbox, thread: Some(thread), current }
}

/// Runs `work` and tells how far it is, from time to time.
fn with_progress<T>(tell: &Tell, current: &Current, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = &*current.lock().unwrap_or_else(PoisonError::into_inner).begin();
    let show = |reached| tell(Notice::Progress(reached));
    progress.tell_while(TELL_EVERY, TELL_EVERY, show, work)
}

struct Worker {
    session: Session,
    settings: Settings,
    tell: Tell,
    evaluation: Current,
    watcher: Watcher,
    changes: Sender<Inbox>,
    running: Option<Running>,
    looking: HashMap<LookBack, Looking>,
}

impl Worker {
    fn new(session: Session, settings: Settings, tell: Tell, evaluation: Current, changes: Sender<Inbox>) -> Self {
        tell(Notice::Board { board: Arc::clone(session.board()), flips: Vec::new() });
        let watcher = watch(&session, changes.clone());
        let mut worker =
            Self { session, settings, tell, evaluation, watcher, changes, running: None, looking: HashMap::new() };
        worker.mind_commands();
        worker.session.keep_facts();
        worker.session.get_ready();
        worker
    }

    fn run(mut self, letters: &Receiver<Inbox>) {
        let mut ahead = None;
        loop {
            let letter = ahead.take().map_or_else(|| letters.recv_timeout(self.session.until_tomorrow()), Ok);
            match letter {
                Ok(Inbox::Request(Request::Stop)) | Err(RecvTimeoutError::Disconnected) => {
                    return self.session.keep_facts();
                }
                Ok(Inbox::Request(request)) => self.answer(request),
                Ok(Inbox::Change(Change::Paths(mut paths))) => {
                    ahead = add_later(&mut paths, letters);
                    self.follow(Change::Paths(paths));
                }
                Ok(Inbox::Change(change)) => self.follow(change),
                Ok(Inbox::Ended(job, ended)) => {
                    self.running = None;
                    let update = self.session.command_ended(job, &ended);
                    self.pass_on(update);
                }
                Err(RecvTimeoutError::Timeout) => {
                    let update = self.session.new_day();
                    self.pass_on(update);
                }
            }
        }
    }

    fn say(&self, notice: Notice) {
        (self.tell)(notice);
    }

    fn follow(&mut self, change: Change) {
        if change == Change::Rescan && self.session.repository_moved() {
            return self.open_again();
        }
        let Self { session, tell, evaluation, .. } = self;
        let update = match change {
            Change::State(state) => return self.say(Notice::Watch(state)),
            // A handful of files is done before anybody could read a number.
            Change::Paths(paths) if paths.len() < 64 => session.paths_changed(&paths, &Progress::default()),
            Change::Paths(paths) => with_progress(tell, evaluation, |told| session.paths_changed(&paths, told)),
            Change::Git => with_progress(tell, evaluation, |told| session.git_changed(told)),
            Change::Rescan => with_progress(tell, evaluation, |told| session.rescan(told)),
        };
        self.pass_on(update);
    }

    /// A repository that came or went changes what every file is: nothing of before is worth keeping.
    fn open_again(&mut self) {
        let again = |progress: &Progress| Session::open(&self.settings, progress);
        match with_progress(&self.tell, &self.evaluation, again) {
            Ok(session) => {
                let before = Arc::clone(self.session.board());
                self.watcher = watch(&session, self.changes.clone());
                self.session = session;
                let flips = self.session.flips_since(&before, &BTreeSet::new());
                self.pass_on(Update { flips, ..Update::default() });
            }
            Err(error) => self.say(Notice::Message(error.to_string())),
        }
    }

    fn pass_on(&mut self, update: Update) {
        self.watcher.add(&update.directories);
        self.say(Notice::Board { board: Arc::clone(self.session.board()), flips: update.flips });
        if let Some(message) = update.message {
            self.say(Notice::Message(message));
        }
        self.mind_commands();
    }

    /// Starts the command whose turn it is; one that nobody asks for any more is stopped.
    fn mind_commands(&mut self) {
        let turn = self.session.turn(self.running.as_ref().map(|running| running.key));
        if let Some(running) = self.running.as_ref().filter(|_| !turn.keeps) {
            running.stop();
        }
        if let Some(flips) = turn.flips {
            self.say(Notice::Board { board: Arc::clone(self.session.board()), flips });
        }
        if let Some(job) = turn.next {
            self.running = Some(Running::start(job, self.changes.clone()));
        }
    }

    fn answer(&mut self, request: Request) {
        match request {
            Request::Decide(intent) => {
                let decided = self.session.decide(&intent);
                self.finish(decided);
            }
            Request::Undo => {
                let undone = self.session.undo();
                self.finish(undone);
            }
            Request::Redo => {
                let redone = self.session.redo();
                self.finish(redone);
            }
            Request::Export { format, to } => {
                let done = self.export(&format, &to);
                self.say(Notice::Done(done));
            }
            Request::Peek { path, line, around } => {
                let lines = self.session.peek(&path, line, around);
                self.say(Notice::Peek { path, line, lines });
            }
            Request::Drift { item } => {
                let text = self.session.drift(&item).unwrap_or_else(|why| why);
                self.say(Notice::Drift { item, text });
            }
            Request::LookBack(what) => {
                let tell = Arc::clone(&self.tell);
                // What was looked for before is left first.
                self.looking.remove(&what);
                let looking = Looking::start(what, self.session.inquiry(), move |notice| tell(notice));
                self.looking.insert(what, looking);
            }
            Request::StopLooking => drop(self.looking.remove(&LookBack::History)),
            Request::Rescan => {
                self.session.run_again();
                self.follow(Change::Rescan);
            }
            Request::Pause(paused) => self.watcher.pause(paused),
            // The file that appears speaks for itself; only a refusal needs words.
            Request::Init => self.say(Notice::Message(init(self.session.tree().root()).unwrap_or_else(|why| why))),
            Request::Stop => {}
        }
    }

    fn finish(&mut self, result: Result<(String, Update), String>) {
        match result {
            Ok((said, update)) => {
                self.pass_on(update);
                self.say(Notice::Done(Ok(said)));
            }
            Err(why) => self.say(Notice::Done(Err(why))),
        }
    }

    fn export(&mut self, format: &str, to: &Path) -> Result<String, String> {
        let format = format::named(format)?;
        let mut bytes = Vec::new();
        self.session.print(format, &Options::default(), None, &mut bytes).map_err(|error| error.to_string())?;
        let path = self.session.tree().root().join(to);
        disk::write_replace(&path, &bytes)?;
        Ok(format!("exported {} to {}", format.name, to.display()))
    }
}

/// Adds the places that were told of meanwhile: whoever is behind looks at them together, and draws once. Gives what came
/// after them.
fn add_later(paths: &mut BTreeSet<RelPath>, letters: &Receiver<Inbox>) -> Option<Inbox> {
    loop {
        match letters.try_recv().ok()? {
            Inbox::Change(Change::Paths(more)) => paths.extend(more),
            other => return Some(other),
        }
    }
}

fn watch(session: &Session, changes: Sender<Inbox>) -> Watcher {
    let git = session.tree().repository().map(|repository| repository.watched()).unwrap_or_default();
    let deliver = move |change| changes.send(Inbox::Change(change)).is_ok();
    Watcher::start(session.tree().root(), session.directories().clone(), git, deliver)
}

/// Writes a first checklist for this tree; one that is there is left alone.
///
/// # Errors
/// There is one already, or it cannot be written.
pub fn init(root: &Path) -> Result<String, String> {
    let path = RelPath::new("gonogo.yaml");
    disk::write_new(&path.under(root), starter::STARTER.as_bytes())?;
    Ok(format!("wrote {path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_that_wait_are_looked_at_together_and_nothing_is_overtaken() {
        let (inbox, letters) = channel();
        let paths = |names: &[&str]| names.iter().map(|name| RelPath::new(name)).collect::<BTreeSet<_>>();
        for change in [Change::Paths(paths(&["b"])), Change::Git, Change::Paths(paths(&["c"]))] {
            inbox.send(Inbox::Change(change)).unwrap();
        }
        let mut told = paths(&["a"]);
        assert!(matches!(add_later(&mut told, &letters), Some(Inbox::Change(Change::Git))));
        assert_eq!(told, paths(&["a", "b"]));
        assert!(add_later(&mut told, &letters).is_none());
        assert_eq!(told, paths(&["a", "b", "c"]));
    }
}
