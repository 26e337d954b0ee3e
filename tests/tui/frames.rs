//! What reaches the terminal, in bytes.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use gonogo::readiness::status::Status;
use gonogo::tui::frame::FrameBackend;
use gonogo::tui::theme::Depth;
use gonogo::tui::view;
use ratatui::Terminal;
use ratatui::layout::Size;

use super::board;
use super::stage::{Stage, settings};

/// Remembers each write by itself.
#[derive(Clone, Default)]
struct Writes(Rc<RefCell<Vec<Vec<u8>>>>);

impl Write for Writes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Screen {
    terminal: Terminal<FrameBackend<Writes>>,
    writes: Writes,
}

impl Screen {
    fn new() -> Self {
        let writes = Writes::default();
        let backend = FrameBackend::new(writes.clone(), Depth::True, || Ok(Size::new(120, 36)));
        Self { terminal: Terminal::new(backend).unwrap(), writes }
    }

    /// The writes that a frame took.
    fn draw(&mut self, stage: &Stage) -> Vec<Vec<u8>> {
        let draw = |frame: &mut ratatui::Frame<'_>| {
            if let Some(cursor) = view::draw(&stage.state, frame.buffer_mut()) {
                frame.set_cursor_position(cursor);
            }
        };
        self.terminal.draw(draw).unwrap();
        self.terminal.backend_mut().commit().unwrap();
        self.writes.0.take()
    }
}

#[test]
fn a_frame_is_one_synchronised_write() {
    let frame = Screen::new().draw(&Stage::new());
    assert_eq!(frame.len(), 1);
    assert!(frame[0].starts_with(b"\x1b[?2026h") && frame[0].ends_with(b"\x1b[?2026l"));
}

#[test]
fn a_frame_without_a_difference_is_no_write() {
    let mut screen = Screen::new();
    for stage in [Stage::new(), Stage::new().keys("n text:why")] {
        assert_eq!(screen.draw(&stage).len(), 1);
        assert!(screen.draw(&stage).is_empty());
    }
}

#[test]
fn what_the_bytes_paint_is_what_was_drawn() {
    let mut screen = Screen::new();
    let [rows, columns] = [36, 120].map(|n| std::num::NonZero::new(n).unwrap());
    let mut terminal = vt100::Parser::new(rows, columns, 0);
    let mut stage = Stage::new();
    for keys in
        ["", "j", "j ]", "<tab> j", "w text:because", "<esc> ?", "<esc> : text:the", "<esc> / text:sec", "<esc> p"]
    {
        stage = stage.keys(keys);
        for write in screen.draw(&stage) {
            terminal.process(&write);
        }
        let seen: Vec<String> = terminal.screen().rows(0, 120).map(|row| row.trim_end().to_owned()).collect();
        assert_eq!(seen.join("\n"), stage.frame(), "after {keys}");
    }
}

#[test]
fn one_key_takes_less_than_two_kilobytes_in_every_theme() {
    for theme in ["terminal", "mono", "gruvbox-dark", "solarized-light"] {
        let mut screen = Screen::new();
        let mut stage = Stage::of(gonogo::tui::settings::Settings { theme: theme.to_owned(), ..settings() });
        stage = stage.board(board::board(), Vec::new());
        screen.draw(&stage);
        for key in ["j", "j", "k", "]", "<tab>", "<tab>", "<tab>", "t"] {
            stage = stage.keys(key);
            let bytes: usize = screen.draw(&stage).iter().map(Vec::len).sum();
            assert!(bytes < 2_048, "{key} took {bytes} bytes under {theme}");
        }
    }
}

#[test]
fn a_flip_paints_its_row_and_not_the_screen() {
    let mut screen = Screen::new();
    let mut stage = Stage::new();
    screen.draw(&stage);
    let board = board::with(&board::board(), "database.question-3", Status::Attested);
    stage = stage.board(board, Vec::new());
    let bytes: usize = screen.draw(&stage).iter().map(Vec::len).sum();
    assert!((1..3_000).contains(&bytes), "{bytes} bytes");
}
