//! Results go to standard output, everything else to standard error.

use std::io::{self, IsTerminal, Write};

use crate::cli::arguments::{Color, Global};
use crate::report::format::Options;
use crate::text::visible::visible;

/// Where a command prints, and how.
#[derive(Debug)]
pub struct Output {
    color: bool,
    color_errors: bool,
    ascii: bool,
    quiet: bool,
}

impl Output {
    #[must_use]
    pub fn new(global: &Global) -> Self {
        let (ascii, quiet) = (global.ascii, global.quiet);
        let color_errors = wants_color(global.color, io::stderr().is_terminal());
        Self { color: wants_color(global.color, io::stdout().is_terminal()), color_errors, ascii, quiet }
    }

    /// How a report to standard output is to look, aimed at a tier.
    #[must_use]
    pub fn options(&self, tier: usize) -> Options {
        Options { tier, color: self.color, ascii: self.ascii, width: width() }
    }

    /// The same for a file.
    #[must_use]
    pub fn file_options(&self, tier: usize) -> Options {
        Options { tier, color: false, ascii: self.ascii, width: 0 }
    }

    /// # Errors
    /// Standard output cannot be written.
    pub fn print(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    /// A line beside the result, unless only the result is wanted.
    pub fn say(&self, message: &str) {
        if !self.quiet {
            self.write_error(message);
        }
    }

    /// What went wrong, always.
    pub fn complain(&self, message: &str) {
        for (number, line) in message.lines().enumerate() {
            let line = visible(line);
            let (red, plain) = if self.color_errors { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
            if number == 0 {
                self.write_line(&format!("{red}gonogo:{plain} {line}"));
            } else {
                self.write_line(&line);
            }
        }
    }

    fn write_error(&self, message: &str) {
        message.lines().for_each(|line| self.write_line(&visible(line)));
    }

    /// Nobody can be told that standard error is closed.
    fn write_line(&self, line: &str) {
        drop(writeln!(io::stderr().lock(), "{line}"));
    }
}

fn wants_color(color: Color, is_terminal: bool) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_terminal && !is_set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}

/// The cells of a line of the terminal behind standard output; 0 where it is none.
fn width() -> usize {
    if !io::stdout().is_terminal() {
        return 0;
    }
    rustix::termios::tcgetwinsize(io::stdout()).map_or(0, |size| usize::from(size.ws_col))
}
