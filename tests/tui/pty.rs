//! The real program loop in a real terminal, with a session that only knows one board.

use std::io::{Read, Write};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gonogo::engine::progress::Reached;
use gonogo::readiness::status::Status;
use gonogo::session::message::{Flip, Notice, Request};
use gonogo::tree::path::RelPath;
use gonogo::tui;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use tokio::sync::mpsc::UnboundedSender;

use super::{board, stage};

const ON_STAGE: &str = "GONOGO_TEST_STAGE";

/// What the tests below start in a terminal of its own. Without that terminal there is nothing to show,
/// and then the dashboard must say so.
#[test]
fn the_dashboard_on_stage() {
    let theme = std::env::var(ON_STAGE);
    let settings = tui::settings::Settings {
        theme: theme.clone().unwrap_or_default(),
        ascii: std::env::var_os("GONOGO_TEST_ASCII").is_some(),
        root: std::env::temp_dir(),
        ..stage::settings()
    };
    if theme.is_ok() {
        tui::run(settings, session).unwrap();
        println!("the dashboard has ended");
    }
}

fn session(notices: UnboundedSender<Notice>) -> tui::Ask {
    let (requests, inbox) = mpsc::channel();
    std::thread::spawn(move || {
        let mut now = board::board();
        for done in [812, 3_412] {
            let _ = notices.send(Notice::Progress(Reached { done, total: 5_325, ..Reached::default() }));
            std::thread::sleep(Duration::from_millis(150));
        }
        let _ = notices.send(Notice::Board { board: Arc::new(now.clone()), flips: Vec::new() });
        for request in inbox {
            let notice = match request {
                Request::Stop => return,
                Request::Peek { path, line, around } => {
                    let text = |n: u32| format!("    line_{n}: str = \"of {path}\"");
                    let lines = (line.saturating_sub(around).max(1)..=line + around).map(|n| (n, text(n))).collect();
                    Notice::Peek { path, line, lines }
                }
                Request::Drift { item } => {
                    Notice::Drift { item, text: "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n".to_owned() }
                }
                Request::Rescan => {
                    let id = "ci.actions-pinned-by-sha";
                    now = board::with(&now, id, Status::Passed);
                    let flip = Flip {
                        item: id.to_owned(),
                        from: Status::Failed,
                        to: Status::Passed,
                        cause: Some(RelPath::new(".github/workflows/ci.yml")),
                        at: "2026-11-21T20:41:07Z".parse().unwrap(),
                    };
                    Notice::Board { board: Arc::new(now.clone()), flips: vec![flip] }
                }
                Request::Decide(_) => {
                    Notice::Done(Err("the ledger cannot be written: read-only file system".to_owned()))
                }
                other => Notice::Done(Ok(format!("{other:?}"))),
            };
            if notices.send(notice).is_err() {
                return;
            }
        }
    });
    Box::new(move |request| requests.send(request).is_ok())
}

/// A terminal with the dashboard in it.
pub(super) struct Pty {
    child: Box<dyn portable_pty::Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    seen: Arc<Mutex<Vec<u8>>>,
    master: Box<dyn portable_pty::MasterPty + Send>,
    /// How the terminal was before anybody touched it.
    modes: String,
}

impl Pty {
    fn start() -> Self {
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        command.args(["--exact", "tui::pty::the_dashboard_on_stage", "--nocapture"]);
        command.env(ON_STAGE, "terminal");
        command.env("TERM", "xterm-256color");
        command.env("EDITOR", "true");
        for unset in ["NO_COLOR", "VISUAL", "TMUX", "COLORTERM"] {
            command.env_remove(unset);
        }
        Self::of(command)
    }

    pub(super) fn of(command: CommandBuilder) -> Self {
        let pair =
            native_pty_system().openpty(PtySize { rows: 36, cols: 120, pixel_width: 0, pixel_height: 0 }).unwrap();
        let modes = format!("{:?}", pair.master.get_termios());
        let child = pair.slave.spawn_command(command).unwrap();
        let writer = pair.master.take_writer().unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&seen);
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(n @ 1..) = reader.read(&mut chunk) {
                sink.lock().unwrap().extend_from_slice(&chunk[..n]);
            }
        });
        Self { child, writer, seen, master: pair.master, modes }
    }

    pub(super) fn text(&self) -> String {
        let [rows, columns] = [36, 120].map(|n| std::num::NonZero::new(n).unwrap());
        let mut screen = vt100::Parser::new(rows, columns, 0);
        screen.process(&self.seen.lock().unwrap());
        screen.screen().contents()
    }

    pub(super) fn raw(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap()).into_owned()
    }

    pub(super) fn bytes(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    #[track_caller]
    pub(super) fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let patience = Instant::now() + Duration::from_secs(120);
        while !holds(self) {
            assert!(Instant::now() < patience, "waited in vain until {what}; the screen:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until nothing has been written for a moment, and answers how much there is.
    pub(super) fn quiet(&self) -> usize {
        let mut before = self.bytes();
        loop {
            std::thread::sleep(Duration::from_millis(400));
            let now = self.bytes();
            if now == before {
                return now;
            }
            before = now;
        }
    }

    pub(super) fn press(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    pub(super) fn signal(&self, signal: &str) {
        let pid = self.child.process_id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    #[track_caller]
    fn ends(self) -> String {
        self.until("it has ended", |pty| pty.raw().contains("the dashboard has ended"));
        self.after_the_end()
    }

    /// Waits for the end of a program that does not outlive Ctrl-C.
    pub(super) fn ends_by_signal(mut self) -> bool {
        self.child.wait().unwrap().signal().is_some()
    }

    /// Waits for the end, after which the terminal must be as it was.
    #[track_caller]
    pub(super) fn after_the_end(mut self) -> String {
        assert!(self.child.wait().unwrap().success(), "{}", self.text());
        assert_eq!(format!("{:?}", self.master.get_termios()), self.modes);
        // What the program wrote last may still be on its way to us.
        self.until("every mode that was switched on is off again", |pty| {
            let raw = pty.raw();
            let modes = [("\x1b[?1049h", "\x1b[?1049l"), ("\x1b[?2004h", "\x1b[?2004l"), ("\x1b[?25l", "\x1b[?25h")];
            modes.iter().all(|(on, off)| raw.rfind(off) > raw.rfind(on))
        });
        self.raw()
    }
}

#[test]
fn quitting_leaves_the_terminal_as_it_was() {
    let mut pty = Pty::start();
    pty.until("the board is there", |pty| pty.text().contains("PILOT IS NO-GO"));
    pty.press("q");
    pty.ends();
}

#[test]
fn a_termination_leaves_the_terminal_as_it_was() {
    for signal in ["-TERM", "-HUP", "-INT"] {
        let pty = Pty::start();
        pty.until("the board is there", |pty| pty.text().contains("PILOT IS NO-GO"));
        pty.signal(signal);
        pty.ends();
    }
}

#[test]
fn nothing_is_written_at_rest_and_every_frame_is_synchronised() {
    let mut pty = Pty::start();
    pty.until("the board is there", |pty| pty.text().contains("PILOT IS NO-GO"));
    let before = pty.quiet();
    // Keys that mean nothing change nothing.
    pty.press("%");
    assert_eq!(pty.quiet(), before);
    pty.press("j");
    pty.until("the selection moved", |pty| pty.bytes() > before);
    let moved = pty.quiet() - before;
    assert!(moved < 2_048, "one key took {moved} bytes");
    pty.press("q");
    let raw = pty.ends();
    assert!(raw.matches("\x1b[?2026h").count() >= 2);
}

#[test]
fn stopped_and_continued_it_draws_everything_again() {
    let mut pty = Pty::start();
    pty.until("the board is there", |pty| pty.text().contains("PILOT IS NO-GO"));
    pty.press("\x1a");
    pty.until("the terminal is given back", |pty| pty.raw().contains("\x1b[?1049l"));
    let before = pty.quiet();
    pty.signal("-CONT");
    pty.until("the board is back", |pty| pty.bytes() > before && pty.text().contains("PILOT IS NO-GO"));
    pty.press("q");
    pty.ends();
}

#[test]
fn the_editor_gets_the_terminal_and_gives_it_back() {
    let mut pty = Pty::start();
    pty.until("the board is there", |pty| pty.text().contains("PILOT IS NO-GO"));
    pty.press("e");
    pty.until("the editor is back", |pty| pty.text().contains("back from true"));
    pty.press("R");
    pty.until("keys still arrive", |pty| pty.text().contains("after .github/workflows/ci.yml"));
    pty.press("q");
    pty.ends();
}
