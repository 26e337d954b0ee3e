//! The terminal is somebody's: every mode that is switched on is switched off again, after quitting, an
//! error, a panic, a signal, and while an editor runs or the shell has the screen.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute};

/// Whether the screen is ours at this moment; the panic hook asks it.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// Leaves the terminal as it was when dropped.
#[derive(Debug)]
pub struct Guard {
    mouse: bool,
}

impl Guard {
    /// # Errors
    /// The terminal refuses: there is none, or it is gone.
    pub fn new(mouse: bool) -> io::Result<Self> {
        restore_after_panic();
        let guard = Self { mouse };
        guard.enter()?;
        Ok(guard)
    }

    /// # Errors
    /// As in `new`.
    pub fn enter(&self) -> io::Result<()> {
        enable_raw_mode()?;
        ENTERED.store(true, Ordering::SeqCst);
        execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)?;
        if self.mouse {
            execute!(io::stdout(), EnableMouseCapture)?;
        }
        Ok(())
    }

    pub fn leave(&self) {
        leave();
    }

    /// # Errors
    /// The terminal is gone.
    pub fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        if on { execute!(io::stdout(), EnableMouseCapture) } else { execute!(io::stdout(), DisableMouseCapture) }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        leave();
    }
}

/// Best effort and only once: the terminal may be gone already.
fn leave() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    // An unfinished frame would keep the terminal waiting.
    let _ = out.write_all(b"\x1b[?2026l\x1b[0m");
    let _ = execute!(out, DisableMouseCapture, DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = disable_raw_mode();
}

/// The report of a panic must not be written into the alternate screen, where it vanishes.
fn restore_after_panic() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            leave();
            before(info);
        }));
    });
}
