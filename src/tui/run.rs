//! The loop: waits for one event, updates, draws if it must, and waits again. No timer runs at rest.

use std::io::{self, Stdout};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crossterm::event::{Event as Input, EventStream};
use futures_util::StreamExt;
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::layout::Size;
use rustix::process::{Signal as Kill, kill_current_process_group};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;

use crate::session::message::{Notice, Request};
use crate::tui::event::{Effect, Event};
use crate::tui::frame::FrameBackend;
use crate::tui::settings::{Colour, Settings};
use crate::tui::state::State;
use crate::tui::terminal::Guard;
use crate::tui::theme::Depth;
use crate::tui::update::update;
use crate::tui::{clipboard, editor, view};

/// Long enough for a thread to wake up and end, too short to be felt.
const READER_ENDS: Duration = Duration::from_millis(20);

#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    #[error("the dashboard needs a terminal: {0} (`gonogo check` prints the same without one)")]
    NoTerminal(io::Error),
    #[error("the terminal cannot be written to: {0}")]
    Draw(io::Error),
    #[error("signals cannot be listened to: {0}")]
    Signals(io::Error),
    #[error("{0}")]
    NothingToShow(String),
}

/// How the session is asked; answers whether it still listens.
pub type Ask = Box<dyn Fn(Request) -> bool>;

/// Shows the dashboard until somebody quits. `connect` starts the session and is handed what it answers through.
///
/// # Errors
/// There is no terminal, or it went away.
pub fn run(settings: Settings, connect: impl FnOnce(UnboundedSender<Notice>) -> Ask) -> Result<(), TuiError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(TuiError::Signals)?;
    // Listened to before the screen is taken: a signal in between would leave the terminal as nobody wants it.
    let signals = {
        let _context = runtime.enter();
        Signals::new().map_err(TuiError::Signals)?
    };
    let guard = Guard::new(settings.mouse).map_err(TuiError::NoTerminal)?;
    let (notices, inbox) = unbounded_channel();
    let session = connect(notices);
    let answer = runtime.block_on(async {
        let mut dashboard = Dashboard::new(settings, signals, guard, session, inbox)?;
        dashboard.live().await
    });
    // The terminal is whole again here: the guard went with the dashboard.
    runtime.shutdown_background();
    answer
}

struct Dashboard {
    state: State,
    guard: Guard,
    screen: Terminal<FrameBackend<Stdout>>,
    session: Ask,
    inbox: UnboundedReceiver<Notice>,
    /// `None` while somebody else reads the keyboard.
    input: Option<EventStream>,
    signals: Signals,
    timer: Option<Instant>,
}

struct Signals {
    terminate: Signal,
    hang_up: Signal,
    interrupt: Signal,
    stop: Signal,
    resume: Signal,
}

enum Next {
    Go,
    Quit,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            stop: signal(SignalKind::from_raw(Kill::TSTP.as_raw()))?,
            resume: signal(SignalKind::from_raw(Kill::CONT.as_raw()))?,
        })
    }
}

impl Dashboard {
    fn new(
        mut settings: Settings,
        signals: Signals,
        guard: Guard,
        session: Ask,
        inbox: UnboundedReceiver<Notice>,
    ) -> Result<Self, TuiError> {
        let variable = |name: &str| std::env::var(name).ok();
        if !has_colour(settings.colour, variable) {
            "mono".clone_into(&mut settings.theme);
        }
        let size = || crossterm::terminal::size().map(|(width, height)| Size { width, height });
        let backend = FrameBackend::new(io::stdout(), depth(variable), size);
        let mut screen = Terminal::new(backend).map_err(TuiError::Draw)?;
        screen.clear().map_err(TuiError::Draw)?;
        let mut state = State::new(settings, TimeZone::system());
        let size = screen.size().map_err(TuiError::Draw)?;
        update(&mut state, Event::Resize(size.width, size.height));
        let input = Some(EventStream::new());
        Ok(Self { state, guard, screen, session, inbox, input, signals, timer: None })
    }

    async fn live(&mut self) -> Result<(), TuiError> {
        self.draw()?;
        loop {
            let next = self.wait().await?;
            if matches!(next, Next::Quit) {
                // Nobody may be listening any more, and then nobody needs to be stopped.
                (self.session)(Request::Stop);
                return Ok(());
            }
            self.draw()?;
        }
    }

    /// One event, and every notice that is already there: a burst is one frame.
    async fn wait(&mut self) -> Result<Next, TuiError> {
        let timer = self.timer;
        let input = self.input.get_or_insert_default();
        let event = tokio::select! {
            biased;
            _ = self.signals.terminate.recv() => return Ok(Next::Quit),
            _ = self.signals.hang_up.recv() => return Ok(Next::Quit),
            _ = self.signals.interrupt.recv() => return Ok(Next::Quit),
            _ = self.signals.stop.recv() => return self.suspend().await,
            _ = self.signals.resume.recv() => return self.come_back().map(|()| Next::Go),
            event = input.next() => match event {
                // The terminal is gone.
                None | Some(Err(_)) => return Ok(Next::Quit),
                Some(Ok(Input::Key(key))) => Event::Key(key),
                Some(Ok(Input::Mouse(mouse))) => Event::Mouse(mouse),
                Some(Ok(Input::Paste(text))) => Event::Paste(text),
                Some(Ok(Input::Resize(width, height))) => Event::Resize(width, height),
                Some(Ok(Input::FocusGained | Input::FocusLost)) => return Ok(Next::Go),
            },
            notice = self.inbox.recv(), if !self.state.session_ended => {
                notice.map_or(Event::SessionEnded, Event::Notice)
            }
            () = sleep_until(timer) => {
                self.timer = None;
                Event::Timer
            }
        };
        let mut effects = update(&mut self.state, event);
        while let Ok(notice) = self.inbox.try_recv() {
            effects.extend(update(&mut self.state, Event::Notice(notice)));
        }
        for effect in effects {
            if let Next::Quit = self.perform(effect).await? {
                return Ok(Next::Quit);
            }
        }
        Ok(Next::Go)
    }

    async fn perform(&mut self, effect: Effect) -> Result<Next, TuiError> {
        match effect {
            Effect::Quit => return Ok(Next::Quit),
            Effect::Fail(why) => return Err(TuiError::NothingToShow(why)),
            Effect::Suspend => return self.suspend().await,
            Effect::Send(request) => {
                if !(self.session)(request) && !self.state.session_ended {
                    update(&mut self.state, Event::SessionEnded);
                }
            }
            Effect::Timer(after) => self.timer = Some(Instant::now() + after),
            Effect::Mouse(on) => self.guard.set_mouse(on).map_err(TuiError::Draw)?,
            Effect::Redraw => self.redraw()?,
            Effect::Copy(text) => {
                let told = self.copy(&text);
                update(&mut self.state, Event::Told(told));
            }
            Effect::Edit { path, line } => {
                let file = path.under(&self.state.settings.root);
                let told = self.edit(&file, line).await?;
                update(&mut self.state, Event::Told(told));
            }
        }
        Ok(Next::Go)
    }

    /// The screen is drawn from the state; where nothing differs, nothing is written.
    fn draw(&mut self) -> Result<(), TuiError> {
        let state = &self.state;
        self.screen
            .draw(|frame| {
                if let Some(cursor) = view::draw(state, frame.buffer_mut()) {
                    frame.set_cursor_position(cursor);
                }
            })
            .map_err(TuiError::Draw)?;
        self.screen.backend_mut().commit().map_err(TuiError::Draw)?;
        Ok(())
    }

    fn redraw(&mut self) -> Result<(), TuiError> {
        self.screen.backend_mut().forget();
        self.screen.clear().map_err(TuiError::Draw)
    }

    /// Gives the terminal back and stops, as ctrl-z does everywhere; goes on at SIGCONT.
    async fn suspend(&mut self) -> Result<Next, TuiError> {
        self.stop_reading().await;
        self.guard.leave();
        // The whole job stops, so that the shell of a wrapper script gets the terminal too. SIGTSTP is
        // caught here, so it is the signal that nobody catches.
        if kill_current_process_group(Kill::STOP).is_ok() {
            // The stop may take effect a moment after the call; coming back before it would break the shell's screen.
            self.signals.resume.recv().await;
        }
        self.come_back()?;
        Ok(Next::Go)
    }

    fn come_back(&mut self) -> Result<(), TuiError> {
        self.guard.enter().map_err(TuiError::Draw)?;
        let size = self.screen.size().map_err(TuiError::Draw)?;
        update(&mut self.state, Event::Resize(size.width, size.height));
        self.redraw()
    }

    /// The stream's thread ends a moment after the stream is dropped; a key that comes in between would be lost.
    async fn stop_reading(&mut self) {
        self.input = None;
        tokio::time::sleep(READER_ENDS).await;
        // Dropping leaves a wake-up behind that would hide the first key after coming back. Looking takes it away;
        // a key that is found stays in the queue.
        let _ = crossterm::event::poll(Duration::ZERO);
    }

    /// Two readers of one keyboard lose keys: ours goes away before the editor comes.
    async fn edit(&mut self, file: &Path, line: u32) -> Result<Result<String, String>, TuiError> {
        let command = editor::command(self.state.settings.editor.as_deref(), |name| std::env::var(name).ok());
        let words = editor::arguments(&command, file, line);
        let Some((program, arguments)) = words.split_first() else {
            return Ok(Err("no editor is set: set VISUAL or EDITOR".to_owned()));
        };
        self.stop_reading().await;
        self.guard.leave();
        let status = Command::new(program).args(arguments).current_dir(&self.state.settings.root).status();
        self.come_back()?;
        let program = program.to_string_lossy();
        Ok(match status {
            Ok(status) if status.success() => Ok(format!("back from {program}")),
            Ok(status) => Err(format!("{program} ended with {status}")),
            Err(error) => Err(format!("cannot start the editor {program}: {error}; set VISUAL or EDITOR")),
        })
    }

    fn copy(&mut self, text: &str) -> Result<String, String> {
        let in_tmux = std::env::var_os("TMUX").is_some();
        if !(in_tmux && clipboard::through_tmux(text)) {
            let mut out = io::stdout();
            let sent = io::Write::write_all(&mut out, clipboard::osc52(text, in_tmux).as_bytes());
            sent.and_then(|()| io::Write::flush(&mut out)).map_err(|error| format!("cannot copy: {error}"))?;
        }
        Ok(format!("copied {text}"))
    }
}

async fn sleep_until(timer: Option<Instant>) {
    match timer {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

fn has_colour(setting: Colour, variable: impl Fn(&str) -> Option<String>) -> bool {
    match setting {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            variable("NO_COLOR").is_none_or(|value| value.is_empty()) && variable("TERM").as_deref() != Some("dumb")
        }
    }
}

fn depth(variable: impl Fn(&str) -> Option<String>) -> Depth {
    let said = variable("COLORTERM").unwrap_or_default();
    let direct = variable("TERM").is_some_and(|term| term.ends_with("-direct"));
    if direct || said == "truecolor" || said == "24bit" { Depth::True } else { Depth::Indexed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_color_and_dumb_terminals_are_heard_unless_somebody_insists() {
        let set = |name: &'static str, value: &'static str| move |n: &str| (n == name).then(|| value.to_owned());
        assert!(!has_colour(Colour::Auto, set("NO_COLOR", "1")));
        assert!(has_colour(Colour::Auto, set("NO_COLOR", "")));
        assert!(!has_colour(Colour::Auto, set("TERM", "dumb")));
        assert!(has_colour(Colour::Always, set("NO_COLOR", "1")));
        assert!(!has_colour(Colour::Never, |_| None));
        assert_eq!(depth(set("COLORTERM", "truecolor")), Depth::True);
        assert_eq!(depth(set("TERM", "xterm-256color")), Depth::Indexed);
    }
}
